"""What came with messages: files, mail as it was formatted, and pictures from elsewhere."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from conversations import queries
from conversations.channels.email.markup import rewrite_images
from conversations.models import Attachment, Message
from conversations.workspace.feed import RASTER
from tenants.decorators import get_or_404, requires
from tenants.kit import http
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

SALT = "conversations.remote-image"
IMAGE_SECONDS = 5
IMAGE_BYTES = 5_000_000
LINK_AGE = 24 * 3_600  # seconds a signed address works
MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
FRAME_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.UNSAFE_INLINE],
    "sandbox": "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
}
FILE_CSP: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}


@requires(Permission.CONVERSATIONS_READ)
@require_safe
@csp_override(FILE_CSP)
@cache_control(private=True, max_age=86_400)
def attachment(request: BusinessRequest, attachment_id: UUID) -> Any:
    """A file, to be saved; pictures of the common kinds are shown, unless `?download=1`."""
    here = Attachment.objects.filter(state=Attachment.State.HERE)
    visible = here.filter(message__conversation__in=queries.visible_to(request.actor))
    found = get_or_404(visible, attachment_id)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    head = content.read(12)
    content.seek(0)
    shown = found.content_type in RASTER and picture_type(head) == found.content_type
    response = FileResponse(
        content,
        as_attachment=not shown or bool(request.GET.get("download")),
        filename=found.name,
        content_type=found.content_type if shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def picture_type(head: bytes) -> str:
    """The type of a picture by its first bytes, "" for anything else."""
    kind = next((name for magic, name in MAGIC.items() if head.startswith(magic)), "")
    return "" if kind == "image/webp" and head[8:12] != b"WEBP" else kind


@requires(Permission.CONVERSATIONS_READ)
@require_safe
@xframe_options_sameorigin
@csp_override(FRAME_CSP)
def message_html(request: BusinessRequest, message_id: UUID) -> HttpResponse:
    """A mail as its sender formatted it, for a sandboxed frame. Remote pictures only with `?images=1`."""
    visible = Message.objects.filter(conversation__in=queries.visible_to(request.actor))
    message = get_or_404(visible.exclude(html=""), message_id)
    inline = {file.content_id: file.pk for file in message.attachments.all() if file.content_id}
    wanted, blocked = bool(request.GET.get("images")), 0

    def local(content_id: str) -> str | None:
        return burl(request, "conversations:attachment", inline[content_id]) if content_id in inline else None

    def remote(url: str) -> str | None:
        nonlocal blocked
        blocked += 1
        return proxied(request, url) if wanted else None

    html = rewrite_images(message.html, inline=local, remote=remote)
    context = {"html": html, "blocked": 0 if wanted else blocked}
    return render(request, "conversations/message_frame.html", context)


def proxied(request: BusinessRequest, url: str) -> str:
    """Our own address for a picture elsewhere, valid in this business for a day."""
    token = signing.dumps({"u": url, "t": str(request.tenant.pk)}, salt=SALT, compress=True)
    return f"{burl(request, 'conversations:image')}?u={token}"


@requires(Permission.CONVERSATIONS_READ)
@require_safe
@csp_override(FILE_CSP)
@cache_control(private=True, max_age=86_400)
def image(request: BusinessRequest) -> HttpResponse:
    """A picture of a mail, fetched for the reader, so that its sender learns nothing about him."""
    try:
        token = signing.loads(request.GET.get("u", ""), salt=SALT, max_age=LINK_AGE)
    except signing.BadSignature:
        raise Http404 from None
    if token["t"] != str(request.tenant.pk):
        raise Http404
    try:
        answer = http.get(token["u"], seconds=IMAGE_SECONDS, max_bytes=IMAGE_BYTES, redirects=3)
    except http.HttpError:
        raise Http404 from None
    kind = picture_type(answer.body[:12])
    if answer.status != 200 or not kind:
        raise Http404
    response = HttpResponse(answer.body, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response
