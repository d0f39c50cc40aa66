"""The first slice, the brake and the pace: what keeps a bad campaign small and the agents able to answer."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Min, Q
from django.utils import timezone

from conversations.models import Campaign, Conversation, Recipient, SendingPolicy

State, Braked = Recipient.State, Campaign.Braked
CANARY_WAIT = timedelta(minutes=15)  # after the first of the slice went, before the others go
LEAST = 20  # went out before shares mean anything; fewer where that is all of the first slice
LEAST_EVENTS = 2  # one angry person stops nobody
WINDOW = timedelta(seconds=10)  # in which the pace is kept
USUAL = 600  # mails a minute from which a campaign without a pace of its own is slowed
CRAWL = 12  # a minute, however long the agents' queue
GONE = (State.SENT, State.DELIVERED, State.FAILED, State.UNKNOWN)


class Counts(NamedTuple):
    """What came back of what went out."""

    gone: int
    opt_outs: int
    complaints: int
    bounces: int
    wishes: int


def counts(campaign: Campaign) -> Counts:
    """Since the campaign began, or went on after the brake."""
    rows = Recipient.objects.filter(campaign=campaign, state__in=GONE)
    if campaign.resumed_at:
        rows = rows.filter(calling_at__gte=campaign.resumed_at)
    found = rows.aggregate(
        gone=Count("pk"),
        opt_outs=Count("pk", filter=Q(opted_out_at__isnull=False)),
        complaints=Count("pk", filter=Q(complained_at__isnull=False)),
        bounces=Count("pk", filter=Q(state=State.FAILED) | Q(bounced_at__isnull=False)),
        wishes=Count("pk", filter=Q(wished_at__isnull=False)),
    )
    return Counts(**found)


def reason(campaign: Campaign, policy: SendingPolicy) -> str:
    """Why it must stop now, by a code of `Campaign.Braked`; "" where it may go on."""
    seen = counts(campaign)
    if seen.gone < LEAST and (campaign.canary_passed_at or _slice_on_its_way(campaign, timezone.now())):
        return ""
    limits = (
        (Braked.COMPLAINTS, seen.complaints, policy.most_complaints),
        (Braked.OPT_OUTS, seen.opt_outs, policy.most_opt_outs),
        (Braked.BOUNCES, seen.bounces, policy.most_bounces),
        (Braked.WISHES, seen.wishes, policy.most_wishes),
    )
    for code, count, limit in limits:
        if count >= LEAST_EVENTS and Decimal(100 * count) > Decimal(limit) * seen.gone:
            return str(code)
    return ""


def canary_passed(campaign: Campaign, at: datetime) -> bool:
    """Whether everybody may get it: there is no first slice, or it went out a while ago and all was calm."""
    slice_ = Recipient.objects.filter(campaign=campaign, is_canary=True)
    if not slice_.exists():
        return True
    if _slice_on_its_way(campaign, at):
        return False
    first = slice_.aggregate(first=Min("sent_at"))["first"]
    if first is None:  # none of them could be written to
        return not slice_.filter(state=State.WAITING).exists()
    return bool(first + CANARY_WAIT <= at)


def _slice_on_its_way(campaign: Campaign, at: datetime) -> bool:
    """Whether some of the first slice whose turn has come did not get it yet."""
    slice_ = Recipient.objects.filter(campaign=campaign, is_canary=True)
    return bool(slice_.filter(Q(state=State.WAITING, due_at__lte=at) | Q(state=State.SENDING)).exists())


def allowance(campaign: Campaign, policy: SendingPolicy, at: datetime) -> int | None:
    """How many may go at once; None for as many as can."""
    pace = pace_of(campaign, policy)
    if pace is None:
        return None
    lately = Recipient.objects.filter(campaign=campaign, sent_at__gt=at - WINDOW).count()
    lately += Recipient.objects.filter(campaign=campaign, state=State.SENDING).count()
    return max(0, max(1, round(pace * WINDOW.total_seconds() / 60)) - lately)


def pace_of(campaign: Campaign, policy: SendingPolicy) -> int | None:
    """How many a minute, slower the longer the agents' queue is; None without limit."""
    waiting = _queue(10 * policy.busy_from)
    if waiting < policy.busy_from:
        return campaign.per_minute
    usual = campaign.per_minute or USUAL
    return min(usual, max(CRAWL, usual * policy.busy_from // (2 * waiting)))


def _queue(most: int) -> int:
    """How many conversations wait for somebody's answer, counted up to so many."""
    return int(Conversation.objects.awaiting_agent()[:most].count())
