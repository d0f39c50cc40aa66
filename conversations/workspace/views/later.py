"""Answers that go out later: planned in the composer, shown above it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations import queries
from conversations.actions import scheduled
from conversations.actions.content import CannotSend
from conversations.models import Conversation, ScheduledReply
from conversations.workspace import later
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.kit.text import clean
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest


def plan(request: BusinessRequest, conversation: Conversation, **reply: Any) -> None:
    """Keep what the composer holds for the moment it names in `send_at`. Raises `Refused`."""
    choice = request.POST.get("send_at", "")
    if choice == "own":
        choice = request.POST.get("send_at_own", "")
    moment = later.moment_of(choice, request.tenant)
    if moment is None:
        raise CannotSend(_("Choose a day and an hour."), "send_at")
    scheduled.schedule(conversation=conversation, send_at=moment, **reply)


def _acting(act: Callable[[BusinessRequest, ScheduledReply], str]) -> Callable[..., HttpResponse]:
    """A view that acts on one planned answer and goes back to its conversation; `act` says what was done."""

    @requires(Permission.CONVERSATIONS_WRITE)
    @require_POST
    def view(request: BusinessRequest, reply_id: UUID) -> HttpResponse:
        visible = ScheduledReply.objects.filter(conversation__in=queries.visible_to(request.actor))
        reply = get_or_404(visible.select_related("conversation"), reply_id)
        try:
            messages.success(request, act(request, reply))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return panes.back_to(request, reply.conversation)

    view.__name__, view.__doc__ = act.__name__, act.__doc__
    return view


@_acting
def sending(request: BusinessRequest, reply: ScheduledReply) -> str:
    """Do not wait any longer."""
    scheduled.send_now(reply=reply, by=request.actor)
    return _("Sent.")


@_acting
def changing(request: BusinessRequest, reply: ScheduledReply) -> str:
    """Another time, another text."""
    moment = later.moment_of(request.POST.get("send_at", ""), request.tenant)
    if moment is None:
        raise CannotSend(_("Choose a day and an hour."), "send_at")
    text = clean(request.POST.get("text", ""))
    scheduled.change(reply=reply, send_at=moment, text=text, by=request.actor)
    return _("Changed.")


@_acting
def cancelling(request: BusinessRequest, reply: ScheduledReply) -> str:
    """Take it back into the draft."""
    had_files = reply.files.exists()
    scheduled.cancel(reply=reply, by=request.actor)
    if had_files:
        return _("Taken back: the text is in your draft. Attach its files again.")
    return _("Taken back: the text is in your draft.")
