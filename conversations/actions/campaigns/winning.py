"""Which letter of a test has won: a two-proportion test, looked at a few times and strict for that.

Counted is what matters most of what there is enough of: answers or clicks, where they are noticed, else
opens. With more than two letters the best is compared with the next best, stricter for each further letter
(Bonferroni). Whoever looks again and again finds differences by chance: the whole error of 5 % is spread
over the looks.
"""

from datetime import datetime, timedelta
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from django.db.models import Count, Max, Q

from conversations.actions.campaigns import rest
from conversations.models import Campaign, Recipient, Variant

ALPHA = 0.05  # of all looks together
LOOKS = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=3), timedelta(hours=4))
LEAST_EACH = 50  # who got a letter before it is judged
LEAST_EVENTS = 10  # of all letters together before a kind of event is counted
State = Recipient.State
GONE = (State.SENT, State.DELIVERED, State.UNKNOWN, State.FAILED)
EVENTS = ("clicked", "opened")


class Tried(NamedTuple):
    """A letter of a test: how many got it, and how many did what is counted."""

    letter: str
    gone: int
    events: int

    @property
    def rate(self) -> float:
        return self.events / self.gone if self.gone else 0.0


def decide(campaign: Campaign, now: datetime) -> None:
    """Choose the winner of a locked campaign's test once it can be told; the rest gets that letter.

    At the last look the better one wins anyway, said to be no more than that. Hours are compared once all
    of them are over. Raises `CannotFreeze` and `NeverAllowed` where the rest cannot get it now.
    """
    if not campaign.test or campaign.winner:
        return
    looks = _looks(campaign, now)
    if not looks:
        return
    by_event = {event: _tried(campaign, event) for event in EVENTS}
    counted = next((e for e in EVENTS if sum(one.events for one in by_event[e]) >= LEAST_EVENTS), EVENTS[-1])
    found = by_event[counted]
    p = p_value(found)
    limit = ALPHA / len(LOOKS)
    is_clear = p is not None and p < limit and min(one.gone for one in found) >= LEAST_EACH
    if not is_clear and looks < len(LOOKS):
        return
    best = max(found, key=lambda one: (one.rate, -ord(one.letter)))
    rest.give(campaign, Variant.objects.get(campaign=campaign, letter=best.letter), now)
    campaign.winner = best.letter
    campaign.won_by = {
        "event": counted,
        "clear": is_clear,
        "p": None if p is None else round(p, 5),
        "limit": limit,
        "letters": {one.letter: [one.events, one.gone] for one in found},
    }


def _looks(campaign: Campaign, now: datetime) -> int:
    """How many looks are due since the last of the tested got it; all where nobody of them can get it."""
    tested = Recipient.objects.filter(campaign=campaign, variant__isnull=False)
    to_come = tested.filter(state__in=[State.WAITING, State.SENDING])
    last = tested.aggregate(last=Max("sent_at"))["last"]
    if last is None:
        return 0 if to_come.exists() else len(LOOKS)
    if campaign.test != Campaign.Test.HOUR:
        to_come = to_come.exclude(state=State.WAITING, due_at__gt=now)
    return 0 if to_come.exists() else sum(last + wait <= now for wait in LOOKS)


def _tried(campaign: Campaign, event: str) -> list[Tried]:
    rows = Recipient.objects.filter(campaign=campaign, variant__isnull=False, state__in=GONE)
    did = Q(**{f"{event}_at__isnull": False}) | Q(replied_at__isnull=False)
    counted = {
        letter: (gone, events)
        for letter, gone, events in rows.values_list("variant__letter").annotate(
            gone=Count("pk"), events=Count("pk", filter=did)
        )
    }
    letters = Variant.objects.filter(campaign=campaign).order_by("letter").values_list("letter", flat=True)
    return [Tried(letter, *counted.get(letter, (0, 0))) for letter in letters]


def p_value(tried: list[Tried]) -> float | None:
    """How likely so great a difference between the best two would be if they were alike; None without any.

    The pooled two-proportion z-test, two-sided.
    """
    if len(tried) < 2 or not all(one.gone for one in tried):
        return None
    best, second = sorted(tried, key=lambda one: one.rate, reverse=True)[:2]
    pooled = (best.events + second.events) / (best.gone + second.gone)
    spread = sqrt(pooled * (1 - pooled) * (1 / best.gone + 1 / second.gone))
    if not spread:
        return 1.0
    z = (best.rate - second.rate) / spread
    return min(1.0, 2 * (1 - NormalDist().cdf(z)) * (len(tried) - 1))
