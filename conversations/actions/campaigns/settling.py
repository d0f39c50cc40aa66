"""What a person decides of those of whom nobody can say whether they got it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations.actions import bells, outbox
from conversations.actions.campaigns import steering
from conversations.models import Campaign, Recipient
from tenants import audit
from tenants.actors import Actor

State = Recipient.State
OVER = (Campaign.State.DONE, Campaign.State.SENDING, Campaign.State.PAUSED)


@transaction.atomic
def settle(
    *, campaign: Campaign, by: Actor, arrived: bool, recipients: Collection[UUID] | None = None
) -> int:
    """Believe that they got it, or send it again: some of the unknown, or all. Returns how many.

    Raises `NotNow` for a campaign that was cancelled.
    """
    campaign = steering.in_state(campaign, *OVER)
    rows = Recipient.objects.filter(campaign=campaign, state=State.UNKNOWN)
    if recipients is not None:
        rows = rows.filter(pk__in=recipients)
    count = _settle_messages(rows.exclude(message=None), arrived)
    count += int(rows.filter(message=None).update(**(_believed() if arrived else _again())))
    if count:
        audit.record("campaign.settled", target=campaign, by=by, count=count, arrived=arrived)
    if count and not arrived and campaign.state == Campaign.State.DONE:
        campaign.state, campaign.finished_at, campaign.due_at = Campaign.State.SENDING, None, timezone.now()
        campaign.save()
        bells.advance_campaigns()
    steering.tell(campaign)
    return count


def _settle_messages(rows: QuerySet[Recipient], arrived: bool) -> int:
    """Those on vendors' channels: their messages' deliveries, which their lines follow."""
    messages = dict(rows.values_list("pk", "message_id"))
    if not arrived:
        rows.update(sent_at=None)
    outbox.settle_unknown(list(messages.values()), arrived=arrived)
    return Recipient.objects.filter(pk__in=messages).exclude(state=State.UNKNOWN).count()


def _believed() -> dict[str, Any]:
    return {"state": State.DELIVERED, "reason": "", "detail": ""}


def _again() -> dict[str, Any]:
    return {
        "state": State.WAITING,
        "reason": "",
        "due_at": timezone.now(),
        "calling_at": None,
        "sent_at": None,
        "attempt_id": None,
    }
