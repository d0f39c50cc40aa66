"""Settings of what conversations bring: canned replies and channels."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import canned
from conversations.actions.canned_replies import delete_canned_reply, restore_canned_reply, save_canned_reply
from conversations.actions.channels import reset_token, update_channel
from conversations.models import CannedReply, Channel
from conversations.reasons import shown
from conversations.workspace import facts
from conversations.workspace.channel_forms import CHANNEL_FORMS
from conversations.workspace.forms import CannedReplyForm
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def canned_replies(request: BusinessRequest) -> HttpResponse:
    """All of them."""
    return render(request, "conversations/canned_replies.html", {"replies": CannedReply.objects.all()})


@requires(Permission.LABELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def canned_reply_new(request: BusinessRequest) -> HttpResponse:
    """A new one."""
    return _canned_form(request, CannedReply())


@requires(Permission.LABELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def canned_reply(request: BusinessRequest, reply_id: UUID) -> HttpResponse:
    """Change one."""
    return _canned_form(request, get_or_404(CannedReply.objects.all(), reply_id))


def _canned_form(request: BusinessRequest, reply: CannedReply) -> HttpResponse:
    is_new = reply._state.adding
    form = CannedReplyForm(request.POST or None, instance=reply)
    if request.method == "POST" and form.is_valid():
        save_canned_reply(reply=form.save(commit=False), by=request.actor)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "conversations:canned-replies"))
    context = {"form": form, "reply": None if is_new else reply, "names": canned.NAMES.items()}
    return render(request, "conversations/canned_reply.html", context, status=422 if form.is_bound else 200)


@requires(Permission.LABELS_WRITE)
@require_POST
def canned_reply_removal(request: BusinessRequest, reply_id: UUID) -> HttpResponse:
    """Remove one; for a while it can be brought back."""
    kept = delete_canned_reply(reply=get_or_404(CannedReply.objects.all(), reply_id), by=request.actor)
    key, response = undo.keep("canned", kept), redirect(burl(request, "conversations:canned-replies"))
    if not key:
        messages.success(request, _("Removed."))
        return response
    url = burl(request, "conversations:canned-reply-restoration")
    return undo.offer(request, response, undo.Undo(_("Removed."), url, {"undo": key}))


@requires(Permission.LABELS_WRITE)
@require_POST
def canned_reply_restoration(request: BusinessRequest) -> HttpResponse:
    """A reply that was removed a moment ago comes back."""
    response = redirect(burl(request, "conversations:canned-replies"))
    return undo.bring_back(
        request, response, "canned", lambda kept: restore_canned_reply(kept=kept, by=request.actor)
    )


@requires(Permission.CHANNELS_READ)
@require_safe
def channels(request: BusinessRequest) -> HttpResponse:
    """The ways customers write on."""
    rows = [
        {
            "channel": channel,
            "icon": facts.channel_icon(channel.kind),
            "title": facts.channel_title(channel.kind),
            "problem": shown(channel.problem),
            "has_page": channel.kind in CHANNEL_FORMS,
        }
        for channel in Channel.objects.all()
    ]
    return render(request, "conversations/channels.html", {"rows": rows})


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """One channel: what it is called, where it stands, how it greets."""
    found = get_or_404(Channel.objects.filter(kind__in=CHANNEL_FORMS), channel_id)
    form = CHANNEL_FORMS[found.kind](request.POST or None, channel=found)
    if request.method == "POST" and form.is_valid():
        update_channel(channel=found, by=request.actor, **form.changes())
        messages.success(request, _("Saved."))
        return redirect(burl(request, "conversations:channel", found.pk))
    status = 422 if form.is_bound else 200
    return render(
        request, "conversations/channel.html", _channel_context(found) | {"form": form}, status=status
    )


@requires(Permission.CHANNELS_WRITE)
@require_POST
@never_cache
def channel_token(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """A new token for the channel's webhook, shown this once."""
    found = get_or_404(Channel.objects.filter(kind="email"), channel_id)
    token = reset_token(channel=found, by=request.actor)
    form = CHANNEL_FORMS[found.kind](None, channel=found)
    return render(
        request, "conversations/channel.html", _channel_context(found) | {"form": form, "token": token}
    )


def _channel_context(found: Channel) -> dict[str, object]:
    return {
        "channel": found,
        "icon": facts.channel_icon(found.kind),
        "kind_title": facts.channel_title(found.kind),
        "snippet": f'<script src="{settings.BASE_URL}/widget.js" data-channel="{found.pk}" async></script>',
        "hook": f"{settings.BASE_URL}/hooks/email/{found.pk}/",
    }
