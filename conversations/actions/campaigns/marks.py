"""What recipients did, on their lines: opened, clicked, answered, left, complained, came back.

The first time counts. Each returns whether it was one. What an unknown one did settles him: he got it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from conversations.left_out import REFUSED
from conversations.models import Message, Recipient

LATELY = timedelta(days=30)  # after which an answer, or that somebody left, is no campaign's doing
State = Recipient.State
GOT = (State.SENDING, State.SENT, State.DELIVERED, State.UNKNOWN)


def opened(recipient_id: UUID, at: datetime) -> bool:
    """A person looked at it."""
    return _mark(Recipient.objects.filter(pk=recipient_id), "opened_at", at)


def clicked(recipient_id: UUID, at: datetime) -> bool:
    """A person followed a link; he has opened it too."""
    opened(recipient_id, at)
    return _mark(Recipient.objects.filter(pk=recipient_id), "clicked_at", at)


def opted_out(customer_id: UUID, at: datetime, recipient_id: UUID | None = None) -> bool:
    """He wants no more of this: on the line of the mail it came from, else of the last he got."""
    return _mark(_of(customer_id, at, recipient_id), "opted_out_at", at)


def complained(recipient_id: UUID, at: datetime) -> bool:
    """He reported it as spam."""
    return _mark(Recipient.objects.filter(pk=recipient_id), "complained_at", at)


def bounced(recipient_id: UUID, at: datetime, reason: str = "") -> bool:
    """It came back, and will never arrive."""
    rows = Recipient.objects.filter(pk=recipient_id)
    is_first = _mark(rows, "bounced_at", at)
    rows.exclude(state=State.LEFT_OUT).update(state=State.FAILED, reason=REFUSED, detail=reason[:300])
    return is_first


def wished(customer_id: UUID, at: datetime) -> bool:
    """He asked for a person, after he got it."""
    return _mark(_of(customer_id, at), "wished_at", at)


def hear(message: Message, recipient_id: UUID | None) -> None:
    """A message of a customer who got a campaign lately is an answer to it, wherever he wrote it.

    Then nothing automatic goes to him for a while (gate.ANSWERED).
    """
    if recipient_id and not message.data.get("automatic"):
        _mark(Recipient.objects.filter(pk=recipient_id), "replied_at", message.created_at)


def by_message_id(own_id: str) -> Recipient | None:
    """Whose mail carries a Message-ID, given without angle brackets."""
    found: Recipient | None = Recipient.objects.filter(provider_id=own_id).first() if own_id else None
    return found


def _of(customer_id: UUID, at: datetime, recipient_id: UUID | None = None) -> QuerySet[Recipient]:
    """The line of what he got last, or the one that is named."""
    if recipient_id:
        return Recipient.objects.filter(pk=recipient_id, customer_id=customer_id)  # type: ignore[no-any-return]
    got = Recipient.objects.filter(customer_id=customer_id, sent_at__gt=at - LATELY, sent_at__lte=at)
    last = got.order_by("-sent_at").values_list("pk", flat=True).first()
    return Recipient.objects.filter(pk=last) if last else Recipient.objects.none()  # type: ignore[no-any-return]


def _mark(rows: QuerySet[Recipient], name: str, at: datetime) -> bool:
    first = bool(rows.filter(**{name: None}).update(**{name: at}))
    if first and name != "bounced_at":
        rows.filter(state=State.UNKNOWN).update(state=State.DELIVERED, reason="", detail="")
    return first
