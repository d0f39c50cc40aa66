"""What came with messages: files, mail as it was formatted, and pictures from elsewhere."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from conversations import queries
from conversations.actions.media import retry
from conversations.channels.email.markup import rewrite_images
from conversations.models import Attachment, Message
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.kit import http
from tenants.kit.filetypes import HEAD, PICTURES, kind_of
from tenants.kit.serving import FILE_CSP, serve
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

SALT = "conversations.remote-image"
IMAGE_SECONDS = 5
IMAGE_BYTES = 5_000_000
LINK_AGE = 24 * 3_600  # seconds a signed address works
FRAME_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.UNSAFE_INLINE],
    "sandbox": "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
}


def _visible(request: BusinessRequest, attachment_id: UUID) -> Attachment:
    visible = Attachment.objects.filter(message__conversation__in=queries.visible_to(request.actor))
    found: Attachment = get_or_404(visible, attachment_id)
    return found


@requires(Permission.CONVERSATIONS_READ)
@require_safe
@csp_override(FILE_CSP)
@cache_control(private=True, max_age=86_400)
def attachment(request: BusinessRequest, attachment_id: UUID) -> Any:
    """A file: pictures, sounds and films are shown, unless `?download=1`; everything else is saved."""
    found = _visible(request, attachment_id)
    return _served(request, found, found.file, "file")


@requires(Permission.CONVERSATIONS_READ)
@require_safe
@csp_override(FILE_CSP)
@cache_control(private=True, max_age=86_400)
def thumbnail(request: BusinessRequest, attachment_id: UUID) -> Any:
    """A picture made small."""
    found = _visible(request, attachment_id)
    return _served(request, found, found.thumbnail, "small")


def _served(request: BusinessRequest, found: Attachment, file: Any, what: str) -> Any:
    if found.state != Attachment.State.HERE or not file:
        raise Http404
    download = bool(request.GET.get("download"))
    try:
        return serve(request, file, name=found.name, etag=f"{found.pk.hex}-{what}", download=download)
    except FileNotFoundError:
        raise Http404 from None


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def retrying(request: BusinessRequest, attachment_id: UUID) -> HttpResponse:
    """Fetch again what was given up."""
    found = _visible(request, attachment_id)
    conversation = queries.conversation_or_404(found.message.conversation_id, request.actor)
    try:
        retry(attachment=found, by=request.actor)
    except Refused as refusal:
        if request.htmx:
            return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refusal))
        return panes.back_to(request, conversation)
    if request.htmx:
        after = uuid_or_none(request.POST.get("after"))
        return panes.updates_response(request, conversation, after, [found.message_id])
    messages.success(request, _("It is being fetched again."))
    return panes.back_to(request, conversation)


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
    kind = kind_of(answer.body[:HEAD])
    if answer.status != 200 or kind not in PICTURES:
        raise Http404
    response = HttpResponse(answer.body, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response
