"""Settings: canned replies."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import canned
from conversations.actions.canned_replies import delete_canned_reply, restore_canned_reply, save_canned_reply
from conversations.models import CannedReply
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
