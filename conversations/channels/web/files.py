"""Files for visitors: a signed address that opens one attachment of one channel, for a while."""

from uuid import UUID

from django.core import signing
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from conversations.models import Attachment, Channel, Message
from tenants import doors
from tenants.kit.problems import problem
from tenants.scoping import tenant_scope

SALT = "puente.web.file"
LIFETIME = 7 * 24 * 3600  # seconds


def file_token(attachment_id: UUID) -> str:
    """What stands in the address of a file."""
    return signing.dumps(attachment_id.hex, salt=SALT)


def open_file(request: HttpRequest, channel_id: UUID, token: str) -> HttpResponseBase:
    """The file as a download, never shown by our own origin."""
    door = doors.by_channel(channel_id)
    try:
        attachment_id = UUID(signing.loads(token, salt=SALT, max_age=LIFETIME))
    except (signing.BadSignature, ValueError, TypeError):
        attachment_id = None
    if door is None or attachment_id is None:
        return problem(404, "This file is no longer here.")
    with tenant_scope(door.tenant_id):
        if not Channel.objects.active().filter(pk=channel_id).exists():
            return problem(404, "This file is no longer here.")
        attachment = Attachment.objects.filter(
            pk=attachment_id, state=Attachment.State.HERE, message__in=Message.objects.on(channel_id)
        ).first()
        if attachment is None:
            return problem(404, "This file is no longer here.")
        response = FileResponse(attachment.file.open(), as_attachment=True, filename=attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
