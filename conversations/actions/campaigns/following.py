"""A recipient on a vendor's channel follows his message's delivery: what outbox and vendor say of it."""

from typing import Any

from django.utils import timezone

from conversations.left_out import CANCELLED, REFUSED, UNKNOWN
from conversations.models import Delivery, Recipient

State, Status = Recipient.State, Delivery.Status
GONE = (Status.SENT, Status.DELIVERED, Status.READ)


def follow(delivery: Delivery) -> None:
    """Say on the recipient's line what became of his message; nothing for what is no campaign's."""
    if delivery.priority != Delivery.Priority.CAMPAIGN:
        return
    mine = Recipient.objects.filter(message_id=delivery.message_id)
    now = timezone.now()
    fields: dict[str, Any] = {"reason": "", "detail": "", "lease_until": None}
    if delivery.status in GONE:
        mine.filter(sent_at=None).update(sent_at=now)
        fields["state"] = State.SENT if delivery.status == Status.SENT else State.DELIVERED
        if delivery.status == Status.READ:
            mine.filter(opened_at=None).update(opened_at=now)
    elif delivery.status == Status.FAILED:
        fields |= {"state": State.FAILED, "reason": REFUSED, "detail": delivery.reason}
    elif delivery.status == Status.UNKNOWN:
        fields |= {"state": State.UNKNOWN, "reason": UNKNOWN}
        mine.filter(sent_at=None).update(sent_at=now)
    elif delivery.status == Status.DISCARDED:
        fields |= {"state": State.LEFT_OUT, "reason": CANCELLED}
    else:
        fields["state"] = State.SENDING
    mine.update(**fields)
