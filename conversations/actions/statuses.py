"""What vendors and mail servers say of messages we sent."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.actions.campaigns.following import follow
from conversations.actions.episodes import wake
from conversations.actions.messages import add_event, announce, lock
from conversations.actions.release import may_answer
from conversations.actions.threads import reference_hash
from conversations.channels.base import InboundStatus
from conversations.models import Channel, Conversation, Delivery, Message, ThreadReference
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Tenant

Status = Delivery.Status
RANK: dict[str, int] = {
    Status.PENDING: 0,
    Status.SENDING: 0,
    Status.UNKNOWN: 0,
    Status.SENT: 1,
    Status.DELIVERED: 2,
    Status.READ: 3,
}
DELAYED = "delayed"  # the other server is still trying
REFUSED = gettext_noop("The recipient's server refused the message.")


def apply_status(*, channel: Channel, item: InboundStatus) -> Message | None:
    """Settle a delivery by the vendor's word; returns its message, None when it is none of ours.

    Words arrive late and out of order: a status never goes back, but failure is always believed.
    """
    delivery = _find(channel, item)
    if delivery is None:
        return None
    message = delivery.message
    if item.status == Status.FAILED:
        _fail(delivery, item)
    elif item.status == DELAYED:
        _tell_delay(delivery, item)
    elif RANK.get(item.status, 0) > RANK.get(delivery.status, 99):
        delivery.status, delivery.reason = item.status, ""
        delivery.settled_at = timezone.now()
        delivery.save(update_fields=["status", "reason", "settled_at"])
        follow(delivery)
        announce(message.conversation, message)
    return message


def _find(channel: Channel, item: InboundStatus) -> Delivery | None:
    mine = _locked().filter(channel=channel)
    if item.delivery_id:
        return _named(mine.filter(pk=item.delivery_id).first(), item)
    if item.delivery_id and (echoed := mine.filter(pk=item.delivery_id).first()):
        return echoed
    if item.message_reference:
        found = mine.filter(provider_id=item.message_reference).first()
        return found or _last_in_thread(channel, item)
    return mine.filter(provider_id=item.provider_id).first()


def _named(delivery: Delivery | None, item: InboundStatus) -> Delivery | None:
    """A delivery that the vendor names by our own reference; its word may come before the call's answer."""
    if delivery and not delivery.provider_id:
        delivery.provider_id = item.provider_id[:255]
        delivery.save(update_fields=["provider_id"])
    return delivery


def _locked() -> QuerySet[Delivery]:
    """Deliveries with what they carry; one word at a time is believed."""
    return Delivery.objects.select_related("message__conversation").select_for_update(of=("self",))


def _last_in_thread(channel: Channel, item: InboundStatus) -> Delivery | None:
    """A report that names only an earlier mail of the thread speaks of the last one sent in it."""
    known = ThreadReference.objects.filter(
        channel=channel, reference=reference_hash(item.message_reference)
    ).first()
    if known is None:
        return None
    here = "message__came_by_id" if known.conversation.is_merged else "message__conversation_id"
    sent = _locked().filter(**{here: known.conversation_id}, channel=channel)
    return sent.order_by("-id").first()


def _fail(delivery: Delivery, item: InboundStatus) -> None:
    if delivery.status == Status.FAILED:
        return
    delivery.status = Status.FAILED
    delivery.reason = one_line(item.reason or REFUSED, 300)
    delivery.details = item.details
    delivery.settled_at = timezone.now()
    delivery.save(update_fields=["status", "reason", "details", "settled_at"])
    follow(delivery)
    tell_failure(delivery, address=item.address, details=item.details)


def _tell_delay(delivery: Delivery, item: InboundStatus) -> None:
    """Say in the conversation that a message is not there yet; nobody has to do anything."""
    if delivery.status != Status.FAILED:
        conversation = lock(delivery.message.conversation_id)
        reason = one_line(item.reason, 300)
        add_event(conversation, "delivery_delayed", Actor.system(), reason=reason, address=item.address)


def tell_failure(delivery: Delivery, *, address: str = "", details: dict[str, Any] | None = None) -> None:
    """Say in the conversation that a message did not arrive; a failed answer waits for someone again."""
    message = delivery.message
    conversation = lock(message.conversation_id)
    reopened = False
    if message.author_kind != Message.Author.SYSTEM and conversation.status != Conversation.Status.OPEN:
        reopened = conversation.is_closed
        wake(conversation, tenant=Tenant.objects.get(), at=timezone.now())
        if reopened and message.author and may_answer(message.author):
            conversation.assignee = message.author
        conversation.save()
    said = {"reason": delivery.reason, "address": address, **(details or {})}
    add_event(conversation, "delivery_failed", Actor.system(), **said)
    if reopened:
        to = conversation.assignee.name if conversation.assignee else ""
        add_event(conversation, "reopened_undelivered", Actor.system(), to=to)
        audit.record(
            "conversation.reopened", target=conversation, by=Actor.system(), reason="delivery_failed"
        )
