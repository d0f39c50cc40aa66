"""A recipient on a vendor's channel follows his message's delivery: what outbox and vendor say of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from conversations.left_out import BY_HAND, REFUSED, UNKNOWN
from conversations.models import Delivery, Recipient

State, Status = Recipient.State, Delivery.Status
OF = "campaign"  # in a message's `data`: of which campaign it is
GONE = (Status.SENT, Status.DELIVERED, Status.READ)


def follow(delivery: Delivery) -> None:
    """Say on the recipient's line what became of his message; nothing for what is no campaign's."""
    if delivery.priority != Delivery.Priority.CAMPAIGN and OF not in delivery.message.data:
        return
    _follow(Recipient.objects.filter(message_id=delivery.message_id), delivery.status, delivery.reason)


def follow_all(deliveries: QuerySet[Delivery]) -> None:
    """The same for many to whom the same happened; a few statements for however many."""
    first = deliveries.values_list("status", flat=True).first()
    if first:
        _follow(Recipient.objects.filter(message__in=deliveries.values("message")), first, "")


def _follow(mine: QuerySet[Recipient], status: str, reason: str) -> None:
    now = timezone.now()
    fields: dict[str, Any] = {"reason": "", "detail": "", "lease_until": None}
    if status in GONE:
        mine.filter(sent_at=None).update(sent_at=now)
        fields["state"] = State.SENT if status == Status.SENT else State.DELIVERED
        if status == Status.READ:
            mine.filter(opened_at=None).update(opened_at=now)
    elif status == Status.FAILED:
        fields |= {"state": State.FAILED, "reason": REFUSED, "detail": reason}
    elif status == Status.UNKNOWN:
        fields |= {"state": State.UNKNOWN, "reason": UNKNOWN}
        mine.filter(sent_at=None).update(sent_at=now)
    elif status == Status.DISCARDED:
        fields |= {"state": State.LEFT_OUT, "reason": BY_HAND}
    else:
        fields |= {"state": State.SENDING, "calling_at": now}
    mine.update(**fields)
