"""The way out of a mail. GET changes nothing: mail scanners follow every link (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conversations.actions import notifications
from conversations.actions.notification_mails import read_token
from tenants.kit.ratelimit import address_of, allow
from tenants.models import Membership, Tenant
from tenants.scoping import tenant_scope


@never_cache
@csrf_exempt  # the signed link is the authority; no cookie is asked for
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and when it is posted send no more mails of this kind to this member."""
    if not allow("unsubscribe", address_of(request), limit=60, seconds=60):
        return render(request, "429.html", status=429)
    found = read_token(token)
    if found is None:
        return render(request, "conversations/unsubscribe.html", {"known": False}, status=404)
    tenant_id, membership_id, kind = found
    with tenant_scope(tenant_id):
        member = Membership.objects.filter(pk=membership_id).first()
        tenant = Tenant.objects.filter(pk=tenant_id).first()
        if member is None or tenant is None:
            return render(request, "conversations/unsubscribe.html", {"known": False}, status=404)
        done = request.method == "POST"
        if done:
            notifications.unsubscribe(membership=member, kind=kind)
        context = {"known": True, "done": done, "kind": kind, "business": tenant.name, "slug": tenant.slug}
        with translation.override(member.user.language or tenant.language):
            return render(request, "conversations/unsubscribe.html", context)
