"""What got stuck: events that could not be read, messages that did not arrive."""

from uuid import UUID

from django.contrib import messages
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import queries
from conversations.actions.inbound import replay
from conversations.actions.outbox import resend
from conversations.models import Delivery, InboundEvent
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGE = 30
SHOWN = 50
SOURCE_LIMIT = 200_000  # bytes of a raw event shown


@requires(Permission.INBOUND_READ)
@require_safe
def parked(request: BusinessRequest) -> HttpResponse:
    """Parked events, and apart from them messages that failed or of which nobody knows."""
    events = (
        InboundEvent.objects.parked().select_related("channel").defer("body").annotate(size=Length("body"))
    )
    try:
        page = cursors.page(events, ordering=("-id",), limit=PAGE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        page = cursors.page(events, ordering=("-id",), limit=PAGE)
    troubled = {
        status: queries.troubled_deliveries(request.actor, status)
        for status in (Delivery.Status.UNKNOWN, Delivery.Status.FAILED)
    }
    context = {
        "page": page,
        "parked_count": _count(InboundEvent.objects.parked()),
        "unknown": list(troubled[Delivery.Status.UNKNOWN][:SHOWN]),
        "unknown_count": _count(troubled[Delivery.Status.UNKNOWN]),
        "failed": list(troubled[Delivery.Status.FAILED][:SHOWN]),
        "failed_count": _count(troubled[Delivery.Status.FAILED]),
    }
    return render(request, "conversations/parked.html", context)


def _count(rows: object) -> str:
    most = queries.MOST_COUNTED
    count = len(rows.order_by().values_list("pk")[:most])  # type: ignore[attr-defined]
    return f"{most - 1}+" if count >= most else str(count)


@requires(Permission.INBOUND_READ)
@require_safe
def parked_event(request: BusinessRequest, event_id: UUID) -> HttpResponse:
    """One event: why it was set aside, and its source as it came."""
    event = get_or_404(InboundEvent.objects.select_related("channel"), event_id)
    body = bytes(event.body)
    context = {
        "event": event,
        "source": body[:SOURCE_LIMIT].decode("utf-8", "replace").replace("\x00", "␀"),
        "is_cut": len(body) > SOURCE_LIMIT,
        "size": len(body),
    }
    return render(request, "conversations/parked_event.html", context)


@requires(Permission.INBOUND_WRITE)
@require_POST
def replaying(request: BusinessRequest, event_id: UUID) -> HttpResponse:
    """Read a parked event again."""
    event = get_or_404(InboundEvent.objects.defer("body"), event_id)
    if replay(event=event, by=request.actor):
        messages.success(request, _("It is being read again."))
    else:
        messages.info(request, _("It is no longer parked."))
    return redirect(burl(request, "conversations:parked"))


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def resending(request: BusinessRequest, delivery_id: UUID) -> HttpResponse:
    """Send again what failed, or what may not have arrived."""
    visible = Delivery.objects.filter(message__conversation__in=queries.visible_to(request.actor))
    delivery = get_or_404(visible.select_related("message__conversation"), delivery_id)
    again = resend(delivery=delivery, by=request.actor)
    conversation = queries.conversation_or_404(delivery.message.conversation_id, request.actor)
    if request.htmx:
        after = uuid_or_none(request.POST.get("after"))
        return panes.updates_response(request, conversation, after, [delivery.message_id])
    if again:
        messages.success(request, _("It is on its way again."))
    else:
        messages.info(request, _("There was nothing to send again."))
    if request.POST.get("next") == "parked":
        return redirect(burl(request, "conversations:parked"))
    return panes.back_to(request, conversation)
