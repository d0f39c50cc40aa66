"""What a worker does for the campaigns of a business: start, send for a while, stop, end. Harmless twice."""

import time
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from conversations import gate
from conversations.actions.campaigns import (
    braking,
    claiming,
    freezing,
    pieces,
    quiet,
    sending,
    steering,
    underway,
    winning,
)
from conversations.models import Campaign, Channel, Recipient
from conversations.tracking import links
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.campaigns")
SLICE = 2.0  # seconds of one task: then others have their turn
LATER = timedelta(seconds=60)
SOON = timedelta(seconds=5)
State = Campaign.State


def advance(tenant_id: UUID | str) -> bool:
    """All campaigns that are due, for a slice of time; True when there is more to do at once."""
    until = time.monotonic() + SLICE
    with tenant_scope(tenant_id):
        sending.expire_leases()
        due = list(Campaign.objects.live().filter(due_at__lte=timezone.now()).values_list("pk", flat=True))
    more = False
    for pk in due:
        more = _advance_one(UUID(str(tenant_id)), pk, until) or more
    return more


def _advance_one(tenant_id: UUID, campaign_id: UUID, until: float) -> bool:
    """One campaign until the time is over; True when somebody's turn has come and he was not reached."""
    with tenant_scope(tenant_id):
        campaign = look(campaign_id)
        known = pieces.Pieces(links.wrapping(campaign) if campaign else None)
        ways = underway.ways(campaign) if campaign else []
    while campaign is not None:
        with tenant_scope(tenant_id):
            batches = _claim(campaign, ways)
        if batches is None:
            with tenant_scope(tenant_id):
                _rest(campaign_id)
            return False
        for batch in batches:
            if batch.channel.kind == "email":
                sending.send_batch(tenant_id, batch, campaign, known)
            else:
                quiet.say_batch(tenant_id, batch, campaign, known)
        if time.monotonic() > until:
            return True
    return False


def _claim(campaign: Campaign, ways: list[Channel]) -> list[claiming.Batch] | None:
    """The next batch, as many as pace and outbox allow; None once nobody's turn has come."""
    now = timezone.now()
    fresh = Campaign.objects.filter(pk=campaign.pk, state=State.SENDING, due_at__lte=now).first()
    if fresh is None:
        return None
    count = braking.allowance(fresh, gate.policy(), now)
    if count == 0:
        return None
    full = underway.full(fresh, ways)
    return claiming.claim(fresh, count=min(count or sending.BATCH, sending.BATCH), at=now, besides=full)


def _rest(campaign_id: UUID) -> None:
    """Nobody's turn has come: it is done, or a worker looks again, soon where somebody is only held up.

    What was put off before stays put off.
    """
    now = timezone.now()
    campaign: Campaign | None = (
        Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id, state=State.SENDING).first()
    )
    if campaign is None or _is_done(campaign) or (campaign.due_at and campaign.due_at > now):
        return
    waiting = Recipient.objects.waiting().filter(campaign=campaign_id, variant__isnull=False)
    following = waiting.aggregate(due=Min("due_at"))["due"]
    later = min(following or now + LATER, now + LATER)
    campaign.due_at = max(later, now + SOON)
    campaign.save(update_fields=["due_at"])


def _is_done(campaign: Campaign) -> bool:
    """Whether nobody of a locked campaign waits any more; it ends then."""
    left = Recipient.objects.filter(
        campaign=campaign, state__in=[Recipient.State.WAITING, Recipient.State.SENDING]
    )
    if left.exists():
        return False
    steering.finish(campaign)
    return True


@transaction.atomic
def look(campaign_id: UUID) -> Campaign | None:
    """Take a campaign a step further; it itself where mails are to go out now."""
    campaign: Campaign | None = (
        Campaign.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=campaign_id).first()
    )
    now = timezone.now()
    if campaign is None or campaign.due_at is None or campaign.due_at > now:
        return None
    if campaign.state == State.SCHEDULED:
        return _start(campaign, now)
    if campaign.state == State.SENDING and _was_left_alone(campaign, now):
        steering.brake(campaign, Campaign.Braked.AWAY)
        return None
    return _go_on(campaign, now) if campaign.state == State.SENDING else None


def _start(campaign: Campaign, now: datetime) -> Campaign | None:
    assert campaign.due_at is not None
    if campaign.due_at + steering.OVERDUE_AFTER < now:
        steering.miss(campaign)
        return None
    try:
        with transaction.atomic():
            steering.check(campaign, at=now)
            frozen = freezing.freeze(campaign, at=now)
    except Refused as refused:
        log.info("campaign not started", campaign=str(campaign.pk), why=str(refused))
        steering.brake(campaign, why_of(refused))
        return None
    campaign.state, campaign.frozen_at, campaign.due_at = State.SENDING, now, now
    campaign.canary_passed_at = None if frozen.canary else now
    campaign.save()
    log.info("campaign frozen", campaign=str(campaign.pk), **frozen._asdict())
    steering.tell(campaign)
    return campaign


def why_of(refused: Refused) -> str:
    """The code by which a campaign shows why it could not start."""
    if isinstance(refused, freezing.CannotFreeze):
        return refused.braked
    return Campaign.Braked.TEMPLATE if refused.field == "template" else Campaign.Braked.HOURS


def _go_on(campaign: Campaign, now: datetime) -> Campaign | None:
    policy = gate.policy()
    if why := braking.reason(campaign, policy) or underway.obstacle(campaign, now):
        steering.brake(campaign, why)
        return None
    if campaign.canary_passed_at is None and braking.canary_passed(campaign, now):
        campaign.canary_passed_at = now
    try:
        winning.decide(campaign, now)
    except Refused as refused:
        steering.brake(campaign, why_of(refused))
        return None
    if _is_done(campaign):
        return None
    campaign.due_at = now
    campaign.save()
    steering.tell(campaign)
    return campaign


def _was_left_alone(campaign: Campaign, now: datetime) -> bool:
    """Whether no worker looked at it for so long that somebody's turn is long over: its owner is asked."""
    missed = now - steering.OVERDUE_AFTER
    if campaign.due_at is None or campaign.due_at > missed:
        return False
    waiting = Recipient.objects.waiting().filter(campaign=campaign, variant__isnull=False)
    return bool(waiting.filter(due_at__lt=missed).exists())
