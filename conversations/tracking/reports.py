"""What mail servers and providers say of a campaign's mail: arrived, came back, taken for spam.

As for ordinary mail (conversations/actions/statuses.py), but on the recipient's line. Whom it concerns is
who we wrote to, not who a report names: those are easily forged.
"""

from typing import Any

from django.utils import timezone

from conversations.actions.campaigns import marks
from conversations.actions.consents import is_final
from conversations.channels.base import InboundStatus
from conversations.models import Channel, Delivery, Recipient
from crm.actions import suppressions
from crm.models import Covers, Identity, Suppression
from tenants.actors import Actor

State = Recipient.State
COMPLAINT = "complaint"


def hear(*, channel: Channel, item: InboundStatus) -> None:
    """Note it; nothing for what is no campaign's mail."""
    row = _recipient(channel, item) if channel.kind == "email" else None
    if row is None:
        return
    if item.status == COMPLAINT:
        marks.complained(row.pk, item.at or timezone.now())
        _suppress(row, Suppression.Reason.COMPLAINT, Covers.UNASKED, item.reason)
    elif item.status == Delivery.Status.FAILED:
        marks.bounced(row.pk, item.at or timezone.now(), item.reason)
        if is_final(item.details):
            _suppress(row, Suppression.Reason.BOUNCE, Covers.ALL, item.reason)
    elif item.status in ARRIVED:
        before, after = ARRIVED[item.status]
        Recipient.objects.filter(pk=row.pk, state__in=before).update(state=after, reason="", detail="")


ARRIVED: dict[str, Any] = {
    Delivery.Status.SENT: ([State.UNKNOWN], State.SENT),
    Delivery.Status.DELIVERED: ([State.UNKNOWN, State.SENT], State.DELIVERED),
}


def _recipient(channel: Channel, item: InboundStatus) -> Recipient | None:
    """By our own reference, given back, else by the mail's Message-ID."""
    mine = Recipient.objects.filter(channel=channel)
    named = mine.filter(pk=item.delivery_id).first() if item.delivery_id else None
    if named is None and item.message_reference:
        named = mine.filter(provider_id=item.message_reference).first()
    found: Recipient | None = named
    return found


def _suppress(row: Recipient, reason: str, covers: str, note: str) -> None:
    if row.address:
        suppressions.suppress(
            kind=Identity.Kind.EMAIL,
            value=row.address,
            reason=reason,
            covers=covers,
            by=Actor.system(),
            note=note,
        )
