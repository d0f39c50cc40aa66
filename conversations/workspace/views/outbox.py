"""What waits to go out, taken out of the outbox: one message, or all of a channel that cannot send."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conversations import queries
from conversations.actions.outbox import discard, discard_waiting, restore_discarded, waiting_on
from conversations.models import Channel, Delivery
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.kit.undo import Undo, offer
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


def waiting_card(channel: Channel) -> dict[str, Any]:
    """How many messages wait for a channel that cannot send; nothing for one that can."""
    if channel.is_active and not channel.problem:
        return {}
    most = queries.MOST_COUNTED
    count = len(waiting_on(channel).values_list("pk")[:most])
    return {"waiting": f"{most - 1}+" if count >= most else str(count), "waiting_count": count}


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def discarding(request: BusinessRequest, delivery_id: UUID) -> HttpResponse:
    """Do not send a message that still waits. It says so itself, and can be sent after all."""
    visible = Delivery.objects.filter(message__conversation__in=queries.visible_to(request.actor))
    delivery = get_or_404(visible.select_related("message"), delivery_id)
    done = discard(delivery=delivery, by=request.actor)
    conversation = queries.conversation_or_404(delivery.message.conversation_id, request.actor)
    if request.htmx:
        after = uuid_or_none(request.POST.get("after"))
        return panes.updates_response(request, conversation, after, [delivery.message_id])
    if done:
        messages.success(request, _("Discarded. It was not sent."))
    else:
        messages.info(request, _("It no longer waits."))
    return panes.back_to(request, conversation)


@requires(Permission.CHANNELS_WRITE)
@require_POST
def channel_discarding(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Send none of what waits for a channel; one may take it back."""
    channel = get_or_404(Channel.objects.all(), channel_id)
    response = redirect(burl(request, "conversations:channel", channel.pk))
    at = discard_waiting(channel=channel, by=request.actor)
    if at is None:
        messages.info(request, _("Nothing waits any more."))
        return response
    undo = burl(request, "conversations:channel-restoring", channel.pk)
    return offer(
        request, response, Undo(_("Discarded. Nothing of it was sent."), undo, {"at": at.isoformat()})
    )


@requires(Permission.CHANNELS_WRITE)
@require_POST
def channel_restoring(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Take that back."""
    channel = get_or_404(Channel.objects.all(), channel_id)
    at = _moment(request.POST.get("at", ""))
    count = restore_discarded(channel=channel, at=at, by=request.actor) if at else 0
    if count:
        again = ngettext("%(count)s message waits again.", "%(count)s messages wait again.", count)
        messages.success(request, again % {"count": count})
    else:
        messages.info(request, _("It is too late to undo this."))
    return redirect(burl(request, "conversations:channel", channel.pk))


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
