"""Files for vendors that fetch what they send on: one address opens one file, for a day.

The address holds a signed token: nobody can guess one, change one or list what there is.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations.models import Attachment, Message
from tenants import doors
from tenants.kit.problems import problem
from tenants.scoping import tenant_scope

SALT = "puente.media-out"
LIFETIME = 24 * 3600  # seconds
GONE = "This file is no longer here."


def address_of(attachment: Attachment, channel_id: UUID) -> str:
    """Where a vendor fetches a file, from now on for a day."""
    token = signing.dumps([channel_id.hex, attachment.pk.hex], salt=SALT)
    return settings.BASE_URL + reverse("channels:media-out", args=[token])


@require_safe
def open_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file as it was sent. Whatever is wrong with the token, there is nothing here."""
    try:
        channel_id, attachment_id = map(UUID, signing.loads(token, salt=SALT, max_age=LIFETIME))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return problem(404, GONE)
    door = doors.by_channel(channel_id)
    if door is None:
        return problem(404, GONE)
    with tenant_scope(door.tenant_id):
        attachment = Attachment.objects.filter(
            pk=attachment_id, state=Attachment.State.HERE, message__in=Message.objects.on(channel_id)
        ).first()
        if attachment is None:
            return problem(404, GONE)
        try:
            content = attachment.file.open()
        except (OSError, ValueError):  # ValueError: a file that never came
            return problem(404, GONE)
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
