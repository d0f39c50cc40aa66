"""What recipients did, on their lines: opened, clicked, answered, left, complained, came back.

The first time counts. Each returns whether it was one. What an unknown one did settles him: he got it.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from conversations.bot import wishes
from conversations.left_out import REFUSED
from conversations.models import Message, Pause, Recipient
from crm.consent_texts import language_of
from tenants.queries import own

if TYPE_CHECKING:
    from conversations.said_lately import Lately

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


def hear(message: Message, lately: "Lately") -> None:
    """A message of whom something was said to by itself lately is an answer to it, wherever he writes it.

    Then he is left alone for a while, from each of his messages on (gate.ANSWERED). It counts for the
    campaign he got last, too; that he asks for a person is read off his words where no bot answers him.
    """
    if not lately.was_told or message.data.get("automatic"):
        return
    conversation, at = message.conversation, message.created_at
    if not Pause.objects.filter(customer_id=conversation.customer_id).update(wrote_at=at):
        Pause.objects.create(customer_id=conversation.customer_id, wrote_at=at)
    if lately.recipient is None:
        return
    line = Recipient.objects.filter(pk=lately.recipient)
    _mark(line, "replied_at", at)
    if not conversation.with_bot and _asks_for_a_person(message):
        _mark(line, "wished_at", at)


def _asks_for_a_person(message: Message) -> bool:
    language = language_of(message.conversation.customer, own())
    return wishes.find(message.text, language.partition("-")[0]).wish == wishes.Wish.DIRECT


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
