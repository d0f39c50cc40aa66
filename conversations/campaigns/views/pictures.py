"""The pictures of mails: whoever got the mail may see them, nobody else knows their address."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from conversations.models import MessageTemplateFile
from conversations.personalising.pictures import is_secret
from tenants import doors
from tenants.kit.serving import FILE_CSP, serve
from tenants.scoping import tenant_scope


@require_safe
@csp_override(FILE_CSP)
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request: HttpRequest, shop: str, picture_id: UUID, secret: str) -> HttpResponseBase:
    """One. Whatever is wrong with the address, there is nothing here."""
    door = doors.by_slug(shop)
    if door is None or not is_secret(door.tenant_id, picture_id, secret):
        raise Http404
    with tenant_scope(door.tenant_id):
        found = MessageTemplateFile.objects.filter(pk=picture_id, width__gt=0).first()
        if found is None:
            raise Http404
        try:
            response = serve(request, found.file, name=found.name, etag=found.pk.hex)
        except FileNotFoundError:
            raise Http404 from None
    response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
