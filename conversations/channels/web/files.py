"""Files for visitors: a signed address that opens one attachment of one channel, for a while."""

from uuid import UUID

from django.core import signing
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from conversations.channels.entrance import find
from conversations.channels.web.door import is_chat, may_carry, with_cors
from conversations.models import Attachment, Message
from tenants.kit.problems import problem
from tenants.scoping import tenant_scope

SALT = "puente.web.file"
LIFETIME = 7 * 24 * 3600  # seconds
GONE = "This file is no longer here."


def file_token(attachment_id: UUID) -> str:
    """What stands in the address of a file."""
    return signing.dumps(attachment_id.hex, salt=SALT)


def open_file(request: HttpRequest, channel_id: UUID, token: str) -> HttpResponseBase:
    """The file as a download, never shown by our own origin; with `?small` the small picture of it."""
    entrance = find(channel_id)
    try:
        attachment_id = UUID(signing.loads(token, salt=SALT, max_age=LIFETIME))
    except (signing.BadSignature, ValueError, TypeError):
        attachment_id = None
    if not is_chat(entrance) or attachment_id is None:
        return problem(404, GONE)
    with tenant_scope(entrance.tenant_id):
        attachment = Attachment.objects.filter(
            pk=attachment_id, state=Attachment.State.HERE, message__in=Message.objects.on(channel_id)
        ).first()
        file = attachment and (attachment.thumbnail if "small" in request.GET else attachment.file)
        try:
            content = file.open() if file else None
        except OSError:
            content = None
    if attachment is None or content is None:
        return problem(404, GONE)
    response = FileResponse(content, as_attachment=True, filename=attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if may_carry(request, entrance.settings):
        with_cors(request, response)
    return response
