"""What customers' behaviour shows of them: how and when they write, and what they buy again and again.

The rule, for channel and time of day: of the days of the last year on which a customer wrote, the share on
which he did so this way; what counts is the lower bound of Wilson's interval around that share (one-sided,
95 %), so that three days of three say less than thirty of thirty. From 50 % on it is learned, its bound is
the confidence, and below 40 % it is forgotten. A product is a favourite from the third order of two years
that has it; the confidence is the bound of the share of orders that have it.

Customers are gone through some hundreds at a time, each batch in a transaction of its own, and all counting
is the database's: memory does not grow with their number. What a person noted or confirmed stays; behaviour
that says otherwise stands beside it as its rival.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import sqrt
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from crm.actions.customers import tell
from crm.actions.preferences import rival_of
from crm.models import Customer, Order, Preference, TimelineEntry
from crm.preferences import CHANNEL, DAYTIME, PRODUCT, SAME_CHANNEL, daytime
from tenants.kit.text import folded, one_line
from tenants.middleware import the_business
from tenants.scoping import tenant_scope

BATCH = 300
AT_MOST = 40.0  # seconds of one run; the next goes on
WRITTEN_WITHIN, BOUGHT_WITHIN = timedelta(days=365), timedelta(days=730)
LEARNED_FROM, FORGOTTEN_BELOW = 50, 40  # per cent
BOUGHT_TIMES = 3
ORDERS_READ = 2_000  # of one batch at a time
Z = 1.645
LEARNED = (CHANNEL, DAYTIME, PRODUCT)
Source = Preference.Source


class Shown(NamedTuple):
    """What behaviour shows of one topic."""

    value: str
    hits: int
    of: int
    hour: int | None = None

    @property
    def confidence(self) -> int:
        """How sure it is, in per cent."""
        return wilson(self.hits, self.of)

    @property
    def evidence(self) -> dict[str, int]:
        """Of how much behaviour."""
        found = {"hits": self.hits, "of": self.of}
        return found if self.hour is None else {**found, "hour": self.hour}


Behaviour = dict[UUID, dict[str, list[Shown]]]  # of a customer and topic, the most frequent first


def wilson(hits: int, of: int) -> int:
    """The lower bound of Wilson's interval around a share, in whole per cent."""
    if not of:
        return 0
    share, square = hits / of, Z * Z
    middle = share + square / (2 * of)
    wide = Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return int(100 * (middle - wide) / (1 + square / of))


def learn(tenant_id: str, after: str = "") -> str:
    """Go through the customers behind one, for a while; returns the last, "" when all were seen.

    Harmless twice: what was learned is what rows show.
    """
    begun = monotonic()
    while monotonic() - begun < AT_MOST:
        with tenant_scope(tenant_id):
            after = learn_batch(after)
        if not after:
            break
    return after


def learn_batch(after: str) -> str:
    """The same for one batch, in the scope that is open."""
    customers = Customer.objects.filter(merged_into=None).order_by("pk")
    if after:
        customers = customers.filter(pk__gt=after)
    ids = list(customers.values_list("pk", flat=True)[:BATCH])
    if not ids:
        return ""
    behaviour = _behaviour(ids, the_business()[0].zone, timezone.now())
    for customer_id in _keep(ids, behaviour):
        tell(customer_id)
    return str(ids[-1]) if len(ids) == BATCH else ""


# --- what behaviour shows ---


def _behaviour(ids: list[UUID], zone: ZoneInfo, now: datetime) -> Behaviour:
    found: Behaviour = defaultdict(dict)
    written = TimelineEntry.objects.filter(
        customer_id__in=ids, kind=TimelineEntry.Kind.MESSAGE_IN, happened_at__gt=now - WRITTEN_WITHIN
    ).annotate(day=TruncDate("happened_at", tzinfo=zone), hour=ExtractHour("happened_at", tzinfo=zone))
    days = Count("day", distinct=True)
    by_channel = written.exclude(channel="").values_list("customer_id", "channel").annotate(days=days)
    part = Case(*_parts(), default=Value("night"), output_field=CharField())
    by_part = written.annotate(part=part).values_list("customer_id", "part").annotate(days=days)
    hours: dict[UUID, dict[int, int]] = defaultdict(dict)
    for customer_id, hour, count in written.values_list("customer_id", "hour").annotate(days=days):
        hours[customer_id][hour] = count
    channels = ((one, SAME_CHANNEL.get(kind, kind), count) for one, kind, count in by_channel)
    for customer_id, counts in _counted(channels).items():
        found[customer_id][CHANNEL] = _shown(counts, sum(counts.values()))
    for customer_id, counts in _counted(by_part).items():
        shown = _shown(counts, sum(counts.values()))
        found[customer_id][DAYTIME] = [
            one._replace(hour=_usual(hours[customer_id], one.value)) for one in shown
        ]
    for customer_id, shown in _bought(ids, now).items():
        found[customer_id][PRODUCT] = shown
    return found


def _parts() -> list[When]:
    hours: dict[str, list[int]] = defaultdict(list)
    for hour in range(24):
        hours[daytime(hour)].append(hour)
    return [When(hour__in=those, then=Value(part)) for part, those in hours.items()]


def _counted(rows: Iterable[tuple[UUID, str, int]]) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for customer_id, value, count in rows:
        counts[customer_id][value] += count
    return counts


def _shown(counts: dict[str, int], of: int) -> list[Shown]:
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Shown(value, hits, of) for value, hits in most]


def _usual(hours: dict[int, int], part: str) -> int:
    """The hour of a part of the day at which a customer writes most."""
    return max((hour for hour in hours if daytime(hour) == part), key=lambda hour: (hours[hour], -hour))


def _bought(ids: list[UUID], now: datetime) -> dict[UUID, list[Shown]]:
    """What was in at least three orders of customers, the most frequent first."""
    gone = (Order.Status.CANCELLED, Order.Status.REFUNDED)
    orders = Order.objects.filter(customer_id__in=ids, placed_at__gt=now - BOUGHT_WITHIN)
    orders = orders.exclude(status__in=gone)
    counts = dict(orders.order_by().values_list("customer_id").annotate(count=Count("pk")))
    often = [customer_id for customer_id, count in counts.items() if count >= BOUGHT_TIMES]
    names: dict[UUID, dict[str, str]] = defaultdict(dict)
    times: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    bought = orders.filter(customer_id__in=often).values_list("customer_id", "items")
    for customer_id, items in bought.iterator(chunk_size=ORDERS_READ):
        in_order = {folded(name): name for name in _names(items)}
        for key, name in in_order.items():
            names[customer_id][key] = name
            times[customer_id][key] += 1
    found = {}
    for customer_id, counted in times.items():
        enough = {names[customer_id][key]: hits for key, hits in counted.items() if hits >= BOUGHT_TIMES}
        found[customer_id] = _shown(enough, counts[customer_id])
    return found


def _names(items: Any) -> list[str]:
    named = [item.get("name") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [one_line(name, 200) for name in named if isinstance(name, str) and name.strip()]


# --- what is kept of it ---


class Changes:
    """What a batch changes, written at its end."""

    def __init__(self) -> None:
        self.new: list[Preference] = []
        self.changed: list[Preference] = []
        self.gone: list[Preference] = []

    def write(self) -> set[UUID]:
        """All of it; returns whose."""
        Preference.objects.bulk_create(self.new, ignore_conflicts=True)
        fields = ["value", "confidence", "evidence", "rival", "learned_at", "forgotten_at", "source_label"]
        Preference.objects.bulk_update(self.changed, fields)
        Preference.objects.filter(pk__in=[one.pk for one in self.gone]).delete()
        return {one.customer_id for one in (*self.new, *self.changed, *self.gone)}


def _keep(ids: list[UUID], behaviour: Behaviour) -> set[UUID]:
    known: dict[tuple[UUID, str], Preference] = {
        (one.customer_id, one.topic): one
        for one in Preference.objects.select_for_update(of=("self",)).filter(
            customer_id__in=ids, topic__in=LEARNED
        )
    }
    changes = Changes()
    for customer_id in ids:
        for topic in LEARNED:
            _settle(
                known.get((customer_id, topic)),
                customer_id,
                topic,
                behaviour[customer_id].get(topic, []),
                changes,
            )
    return changes.write()


def _settle(
    known: Preference | None, customer_id: UUID, topic: str, shown: list[Shown], changes: Changes
) -> None:
    best = next((one for one in shown if _is_learned(topic, one)), None)
    if known is None:
        if best is not None:
            changes.new.append(_learned(customer_id, topic, best))
    elif known.source == Source.BEHAVIOUR and known.confirmed_at is None:
        _again(known, topic, best, shown, changes)
    else:
        _beside(known, best, changes)


def _is_learned(topic: str, shown: Shown) -> bool:
    return topic == PRODUCT or (shown.of >= BOUGHT_TIMES and shown.confidence >= LEARNED_FROM)


def _learned(customer_id: UUID, topic: str, shown: Shown) -> Preference:
    return Preference(
        customer_id=customer_id,
        topic=topic,
        value=shown.value,
        source=Source.BEHAVIOUR,
        confidence=shown.confidence,
        evidence=shown.evidence,
        learned_at=timezone.now(),
    )


def _again(known: Preference, topic: str, best: Shown | None, shown: list[Shown], changes: Changes) -> None:
    """What was learned before: still so, otherwise, or no longer."""
    same = next((one for one in shown if folded(one.value) == folded(known.value)), None)
    if best is not None and folded(best.value) != folded(known.value):
        known.value, known.forgotten_at, known.learned_at = best.value, None, timezone.now()
        _weigh(known, best)
        changes.changed.append(known)
    elif same is None or (topic != PRODUCT and same.confidence < FORGOTTEN_BELOW):
        changes.gone.append(known)
    elif known.forgotten_at is None and (known.confidence, known.evidence) != (
        same.confidence,
        same.evidence,
    ):
        _weigh(known, same)
        changes.changed.append(known)


def _weigh(known: Preference, shown: Shown) -> None:
    known.confidence, known.evidence = shown.confidence, shown.evidence


def _beside(known: Preference, best: Shown | None, changes: Changes) -> None:
    """What a person said stays; what behaviour says otherwise stands beside it, once."""
    rival = known.rival
    by_behaviour = rival is not None and rival["source"] == Source.BEHAVIOUR
    if best is None or folded(best.value) == folded(known.value):
        if by_behaviour:
            known.rival = None
            changes.changed.append(known)
        return
    if rival is not None and (not by_behaviour or folded(rival["value"]) == folded(best.value)):
        return
    told = {"source": Source.BEHAVIOUR.value, "source_label": "", "learned_at": timezone.now()}
    told |= {"value": best.value, "confidence": best.confidence, "evidence": best.evidence}
    known.rival = rival_of(told)
    changes.changed.append(known)
