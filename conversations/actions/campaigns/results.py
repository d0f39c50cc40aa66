"""What a campaign came to: counts by state and reason, by letter, and what it brought."""

from datetime import timedelta
from decimal import Decimal
from math import sqrt
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from conversations.left_out import sentence
from conversations.models import Campaign, Recipient

State = Recipient.State
GOT = (State.SENT, State.DELIVERED)
BOUGHT_WITHIN = timedelta(days=14)
LATELY = timedelta(minutes=1)
Z = 1.96  # 95 %

# Orders in the days after each had his turn; those held back had theirs when it was due.
BROUGHT = """
SELECT r.state = 'held_out', count(*), count(b.customer_id), coalesce(sum(b.total), 0), min(b.currency)
FROM conversations_recipient r
LEFT JOIN LATERAL (
    SELECT o.customer_id, sum(o.total) AS total, min(o.currency) AS currency FROM crm_order o
    WHERE o.tenant_id = r.tenant_id AND o.customer_id = r.customer_id
        AND o.placed_at > coalesce(r.sent_at, %(began)s)
        AND o.placed_at <= coalesce(r.sent_at, %(began)s) + %(within)s
        AND o.status NOT IN ('cancelled', 'refunded')
    GROUP BY 1
) b ON true
WHERE r.tenant_id = %(tenant)s AND r.campaign_id = %(campaign)s AND r.state = ANY(%(states)s)
GROUP BY 1
"""


class Counted(NamedTuple):
    """Some of the audience who are in one state for one reason, and the reason as a sentence."""

    state: str
    reason: str
    people: int

    @property
    def why(self) -> str:
        return sentence(self.reason)


class Sums(NamedTuple):
    """Where a campaign stands; `audience` is always the sum of all the others."""

    audience: int
    rows: list[Counted]

    def of(self, *states: str) -> int:
        """How many are in some states."""
        return sum(row.people for row in self.rows if row.state in states)

    @property
    def waiting(self) -> int:
        return self.of(State.WAITING, State.SENDING)

    @property
    def sent(self) -> int:
        return self.of(*GOT)

    @property
    def left_out(self) -> int:
        return self.of(State.LEFT_OUT, State.HELD_OUT)

    @property
    def percent(self) -> int:
        """How far it is, of all who are to get it."""
        meant = self.audience - self.left_out
        return 100 * (meant - self.waiting) // meant if meant else 100


def sums(campaign: Campaign) -> Sums:
    """The audience by state and reason, the most first: one query."""
    rows = Recipient.objects.filter(campaign=campaign).values_list("state", "reason")
    counted = [Counted(*row) for row in rows.annotate(Count("pk")).order_by("-pk__count", "state", "reason")]
    return Sums(sum(row.people for row in counted), counted)


def rate(campaign: Campaign) -> int:
    """How many went out in the last minute."""
    since = timezone.now() - LATELY
    return int(Recipient.objects.filter(campaign=campaign, sent_at__gt=since).count())


class Answered(NamedTuple):
    """What those who got a letter did; `letter` is "" for all together."""

    letter: str
    sent: int
    opened: int
    clicked: int
    replied: int
    opted_out: int
    complained: int
    bounced: int
    wished: int
    first_at: object
    last_at: object


def by_letter(campaign: Campaign) -> list[Answered]:
    """What came back of each letter, then of all: two queries."""
    gone = Recipient.objects.filter(campaign=campaign, sent_at__isnull=False)

    def counting(*names: str) -> dict[str, Count]:
        return {f"n_{name}": Count("pk", filter=Q(**{f"{name}_at__isnull": False})) for name in names}

    asked = {
        "n": Count("pk"),
        **counting("opened", "clicked", "replied", "opted_out", "complained", "bounced", "wished"),
        "first": Min("sent_at"),
        "last": Max("sent_at"),
    }
    rows = gone.values_list("variant__letter").annotate(**asked).order_by("variant__letter")
    return [Answered(row[0] or "", *row[1:]) for row in rows] + [
        Answered("", *gone.aggregate(**asked).values())
    ]


class Brought(NamedTuple):
    """What customers bought in the days after: those who got it, and those held back to compare."""

    people: int
    buyers: int
    total: Decimal
    currency: str

    @property
    def share(self) -> float:
        return self.buyers / self.people if self.people else 0.0


class Comparison(NamedTuple):
    """Of 100 who got it, how many more bought than of 100 held back, with what chance alone would do."""

    got: Brought
    held: Brought | None
    more: float | None
    give_or_take: float | None

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance would bring 19 times of 20."""
        return self.more is not None and self.give_or_take is not None and abs(self.more) > self.give_or_take


def brought(campaign: Campaign) -> Comparison:
    """Purchases within two weeks, beside those of the people held back: one query."""
    wanted: dict[str, Any] = {
        "tenant": campaign.tenant_id,
        "campaign": campaign.pk,
        "states": [*GOT, State.UNKNOWN, State.HELD_OUT],
        "began": campaign.frozen_at or timezone.now(),
        "within": BOUGHT_WITHIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT, wanted)
        found = {
            is_held: Brought(people, buyers, total, currency or "")
            for is_held, people, buyers, total, currency in cursor.fetchall()
        }
    got, held = found.get(False, Brought(0, 0, Decimal(), "")), found.get(True)
    if held is None or not got.people:
        return Comparison(got, held, None, None)
    spread = sqrt(sum(one.share * (1 - one.share) / one.people for one in (got, held)))
    return Comparison(got, held, 100 * (got.share - held.share), 100 * Z * spread)
