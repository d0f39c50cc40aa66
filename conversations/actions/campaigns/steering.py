"""A campaign's states: asked for, approved, scheduled, started, paused, resumed, cancelled."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import gate
from conversations.actions import bells, notifications
from conversations.actions.campaigns import due_times, freezing, pieces
from conversations.left_out import CANCELLED
from conversations.models import Campaign, Notification, Recipient, Variant
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused

State, Braked = Campaign.State, Campaign.Braked
OVERDUE_AFTER = timedelta(hours=1)
LOOK_AGAIN = timedelta(seconds=5)


class NotNow(Conflicting):
    """The campaign is in no state for this; the sentence says so."""


class NeedsAnother(Refused):
    """A second person has to approve."""


def lock(campaign: Campaign) -> Campaign:
    """Its row, locked until the transaction ends."""
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)  # type: ignore[no-any-return]


def check_start(starts_at: datetime | None) -> None:
    """Raise `Refused` for a moment that has passed; None is as soon as may be."""
    if starts_at and starts_at < timezone.now():
        raise Refused(_("This moment has passed. Choose a later one, or send it now."), "starts_at")


def check(campaign: Campaign, *, at: datetime | None = None) -> None:
    """Raise a `Refused` with the first thing that stands in its way."""
    if campaign.state == State.DRAFT:
        check_start(campaign.starts_at)
    channels = freezing.channels_of(campaign)
    pieces.check(campaign, channels)
    audience = freezing.audience_of(campaign)
    if not audience.customers.exists():
        raise freezing.CannotFreeze(_("Nobody is in these segments now."), Braked.AUDIENCE, "include")
    variants = list(Variant.objects.filter(campaign=campaign))
    if campaign.test and len(variants) < 2:
        raise Refused(_("A test needs two letters at least."), "test")
    due_times.due_times(campaign, variants, campaign.tenant, at=at or timezone.now())


@transaction.atomic
def submit(*, campaign: Campaign, by: Actor) -> Campaign:
    """It is ready: schedule it, or ask a second person where the business wants one. Raises `Refused`.

    What a key asks for is asked for by who made the key.
    """
    campaign = in_state(campaign, State.DRAFT)
    check(campaign)
    campaign.asked_by, campaign.asked_at = _person_behind(by), timezone.now()
    if gate.policy().needs_approval:
        campaign.state = State.WAITING
        _save(campaign, "campaign.submitted", by)
        others = [
            one
            for one in notifications.answering(Permission.CAMPAIGNS_SEND)
            if one.pk != campaign.asked_by_id
        ]
        _notify(campaign, others, "waiting", f"campaign:{campaign.pk}:waiting:{campaign.asked_at:%s}")
        return campaign
    return _schedule(campaign, by)


@transaction.atomic
def approve(*, campaign: Campaign, by: Actor) -> Campaign:
    """A second person agrees: it is scheduled, or asks when to start where its hour has passed meanwhile.

    Raises `NeedsAnother` for who asked, himself or by a key that he made, and for a key of nobody.
    """
    campaign = in_state(campaign, State.WAITING)
    person = _person_behind(by)
    if by.api_key and person is None:
        raise NeedsAnother(_("A person has to approve it: nobody answers for this key any more."))
    if person and person.pk == campaign.asked_by_id:
        raise NeedsAnother(_("Somebody else has to approve what you asked for."))
    check(campaign)
    campaign.approved_by, campaign.approved_at = person, timezone.now()
    audit.record("campaign.approved", target=campaign, by=by)
    if campaign.starts_at and campaign.starts_at + OVERDUE_AFTER < timezone.now():
        miss(campaign)
        return campaign
    return _schedule(campaign, by)


def _person_behind(by: Actor) -> Membership | None:
    """The member who acts, or who made the key that does and still is one; None for Puente itself."""
    if by.api_key is None:
        return by.membership
    maker = by.api_key.created_by
    return maker if maker and maker.is_active else None


@transaction.atomic
def take_back(*, campaign: Campaign, by: Actor) -> Campaign:
    """Back to a draft: not approved, or not yet started after all."""
    campaign = in_state(campaign, State.WAITING, State.SCHEDULED, State.OVERDUE, State.PAUSED)
    if campaign.frozen_at:
        raise NotNow(_("It has begun: pause or cancel it."))
    campaign.state, campaign.due_at, campaign.braked, campaign.braked_at = State.DRAFT, None, "", None
    campaign.asked_by = campaign.asked_at = campaign.approved_by = campaign.approved_at = None
    return _save(campaign, "campaign.taken_back", by)


def _schedule(campaign: Campaign, by: Actor) -> Campaign:
    """Its versions are fixed; a worker starts it when the first of its people has his turn."""
    now = timezone.now()
    variants = list(Variant.objects.filter(campaign=campaign).order_by("letter"))
    for one in variants:
        one.version = pieces.version_of(one)
        one.save(update_fields=["version"])
    if campaign.starts_at is None:
        campaign.starts_at = now
        campaign.in_their_zone &= campaign.test == Campaign.Test.HOUR  # at once is one moment for all
    campaign.state = State.SCHEDULED
    campaign.due_at = max(now, due_times.first_moment(campaign, variants, at=now))
    campaign.braked, campaign.braked_at = "", None
    _save(campaign, "campaign.scheduled", by)
    bells.advance_campaigns()
    return campaign


@transaction.atomic
def start_overdue(*, campaign: Campaign, by: Actor, starts_at: datetime | None = None) -> Campaign:
    """Its owner says when what was missed goes out after all: now, or at another moment. Raises `Refused`."""
    check_start(starts_at)
    campaign = in_state(campaign, State.OVERDUE)
    campaign.starts_at = starts_at
    check(campaign)
    return _schedule(campaign, by)


@transaction.atomic
def pause(*, campaign: Campaign, by: Actor) -> Campaign:
    """Nothing more goes within seconds: it is asked between every few mails."""
    campaign = in_state(campaign, State.SCHEDULED, State.SENDING)
    return _halt(campaign, Braked.BY_HAND, by)


def _halt(campaign: Campaign, why: str, by: Actor) -> Campaign:
    campaign.state, campaign.braked, campaign.braked_at = State.PAUSED, why, timezone.now()
    campaign.due_at = None
    return _save(campaign, "campaign.paused", by, why=str(why))


def brake(campaign: Campaign, why: str) -> None:
    """Stop a locked campaign by itself, and tell whoever may decide."""
    _halt(campaign, why, Actor.system())
    assert campaign.braked_at is not None
    key = f"campaign:{campaign.pk}:{why}:{int(campaign.braked_at.timestamp())}"
    _notify(campaign, notifications.answering(Permission.CAMPAIGNS_SEND), why, key)


def miss(campaign: Campaign) -> None:
    """A locked campaign's start passed while no worker was there: its owner is asked first."""
    campaign.state, campaign.due_at = State.OVERDUE, None
    _save(campaign, "campaign.overdue", Actor.system())
    starts = int(campaign.starts_at.timestamp()) if campaign.starts_at else 0
    key = f"campaign:{campaign.pk}:overdue:{starts}"
    _notify(campaign, notifications.answering(Permission.CAMPAIGNS_SEND), "overdue", key)


@transaction.atomic
def resume(*, campaign: Campaign, by: Actor) -> Campaign:
    """Go on where it stood. What the brake had seen counts no more: only what comes from now on."""
    campaign = in_state(campaign, State.PAUSED)
    if campaign.frozen_at is None:
        check(campaign)
        return _schedule(campaign, by)
    freezing.channels_of(campaign)
    campaign.state, campaign.due_at, campaign.braked = State.SENDING, timezone.now(), ""
    campaign.resumed_at = timezone.now()
    campaign.canary_passed_at = campaign.canary_passed_at or timezone.now()
    _save(campaign, "campaign.resumed", by)
    bells.advance_campaigns()
    return campaign


@transaction.atomic
def cancel(*, campaign: Campaign, by: Actor) -> Campaign:
    """Whoever has not got it never will; those on their way are settled."""
    campaign = in_state(
        campaign, State.DRAFT, State.WAITING, State.SCHEDULED, State.OVERDUE, State.SENDING, State.PAUSED
    )
    campaign.state, campaign.due_at, campaign.finished_at = State.CANCELLED, None, timezone.now()
    _save(campaign, "campaign.cancelled", by)
    Recipient.objects.waiting().filter(campaign=campaign).update(
        state=Recipient.State.LEFT_OUT, reason=CANCELLED, due_at=None
    )
    return campaign


def finish(campaign: Campaign) -> None:
    """Nobody waits any more."""
    campaign.state, campaign.due_at, campaign.finished_at = State.DONE, None, timezone.now()
    _save(campaign, "campaign.finished", Actor.system())


def in_state(campaign: Campaign, *states: str) -> Campaign:
    """The locked row of a campaign in one of some states. Raises `NotNow`."""
    campaign = lock(campaign)
    if campaign.state not in states:
        raise NotNow(
            _("This cannot be done now: the campaign is “%(state)s”.")
            % {"state": campaign.get_state_display()}
        )
    return campaign


def _save(campaign: Campaign, what: str, by: Actor, **details: Any) -> Campaign:
    campaign.save()
    audit.record(what, target=campaign, by=by, **details)
    tell(campaign)
    return campaign


def tell(campaign: Campaign) -> None:
    """Let open pages of the campaign read it anew."""
    events.publish("campaign", {"id": str(campaign.pk), "state": str(campaign.state)})


def _notify(campaign: Campaign, to: Any, why: str, key: str) -> None:
    data = {"campaign": campaign.name, "campaign_id": str(campaign.pk), "why": str(why)}
    notifications.tell(to=to, kind=Notification.Kind.CAMPAIGN, key=key[:120], data=data)
