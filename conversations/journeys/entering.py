"""Who enters a journey: by what happens to him, in its transaction, or because he came into a segment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from conversations.confirmations.catalogue import LATE, Told, thing_of
from conversations.journeys.content import BIRTHDAY, NO_SHOW
from conversations.models import Happening, Journey, JourneyPlace, JourneyVersion
from crm.models import Appointment, Customer, SegmentChange
from tenants.kit import events
from tenants.queries import own
from tenants.scoping import tenant_scope

AT_ONCE = 1_000  # who enter in one transaction
COMMITTED_LATE = timedelta(minutes=5)  # after it says that it happened, a change may come to be seen
NOBODY = UUID(int=0)
Row = tuple[UUID, UUID, str]  # where it stands among others, the customer, by what he enters
People = Callable[[UUID], list[Row]]
AHEAD = (Happening.APPOINTMENT_STARTS, Happening.PAYMENT_DUE)
"""Happenings that are told of before they are: who enters by them waits for the moment itself."""


def heard(row: Any, before: Mapping[str, Any] | None, happened: Sequence[Told]) -> int:
    """Let a customer enter every journey that begins with what just happened to a thing of his.

    Returns how many. By the same happening he enters once, however often it is told.
    """
    now = timezone.now()
    told = [(one.happening.value, one.at, f"{row.pk}:{one.stamp}") for one in happened]
    if _stayed_away(row, before) and row.starts_at > now - LATE * 7:
        told.append((NO_SHOW, now, f"{row.pk}:{row.starts_at.isoformat()}"))
    if not told:
        return 0
    versions, about = list(current()), {"thing": str(thing_of(row)), "id": str(row.pk)}
    return sum(
        enter(version, row.customer_id, key=key, due_at=at if name in AHEAD else now, facts=about)
        for name, at, key in told
        for version in versions
        if version.content["entry"].get("on") == name
    )


def _stayed_away(row: Any, before: Mapping[str, Any] | None) -> bool:
    is_appointment = isinstance(row, Appointment) and "status" in (before or {})
    return is_appointment and row.status == Appointment.Status.NO_SHOW


def current() -> Any:
    """The newest version of each journey that is on."""
    newest = JourneyVersion.objects.filter(journey__is_on=True, journey__archived_at=None)
    return newest.order_by("journey_id", "-number").distinct("journey_id")


def enter(
    version: JourneyVersion,
    customer_id: UUID,
    *,
    key: str,
    due_at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Let a customer begin; False where he did by the same before, or is under way."""
    place = JourneyPlace(
        journey_id=version.journey_id, version=version, customer_id=customer_id, key=key[:80],
        due_at=due_at, facts=dict(facts or {}),
    )  # fmt: skip
    try:
        with transaction.atomic():
            place.save(force_insert=True)
    except IntegrityError:
        return False
    events.publish("journey", {"id": str(version.journey_id), "customer": str(customer_id)})
    return True


def look_everywhere(tenant_id: UUID | str) -> int:
    """Look for entries of every journey of a business that is on; returns how many entered."""
    with tenant_scope(tenant_id):
        journeys = list(Journey.objects.kept().filter(is_on=True))
    return sum(look_for_entries(one) for one in journeys)


def look_for_entries(journey: Journey) -> int:
    """Let those enter who came into the journey's segment since the last look, or have their birthday today.

    Each batch is a transaction of its own, and the look is over with the last of them: whoever dies in
    between, or looks twice, begins again where it began. Returns how many entered.
    """
    with tenant_scope(journey.tenant_id):
        version, now = journey.versions.order_by("-number").first(), timezone.now()
        if version is None or not journey.is_on:
            return 0
        zone = own().zone
    entry = version.content["entry"]
    if "segment" in entry:
        people = _came(entry["segment"], (journey.looked_at or now) - COMMITTED_LATE)
    elif entry.get("on") == BIRTHDAY:
        looked = journey.looked_at.astimezone(zone).date() if journey.looked_at else None
        people = _born(entry["attribute"], looked, now.astimezone(zone).date())
    else:
        return 0
    entered, after, batch = 0, NOBODY, AT_ONCE
    while batch == AT_ONCE:
        with tenant_scope(journey.tenant_id):
            rows = people(after)
            entered += _let_in(version, [(customer, key) for _pk, customer, key in rows], now)
        batch, after = len(rows), rows[-1][0] if rows else after
    with tenant_scope(journey.tenant_id):
        Journey.objects.filter(pk=journey.pk).update(looked_at=now)
        if entered:
            events.publish("journey", {"id": str(journey.pk)})
    return entered


def _let_in(version: JourneyVersion, people: Sequence[tuple[UUID, str]], due_at: datetime) -> int:
    """Let many begin at once, but for who did by the same or is under way; returns how many."""
    places = [
        JourneyPlace(journey_id=version.journey_id, version=version, customer_id=one, key=key, due_at=due_at)
        for one, key in people
    ]
    JourneyPlace.objects.bulk_create(places, ignore_conflicts=True)
    return int(JourneyPlace.objects.filter(pk__any=[one.pk for one in places]).count())


def _came(segment: str, since: datetime) -> People:
    """Who came into a segment since then, by the changes that followed another."""

    def after(last: UUID) -> list[Row]:
        came = SegmentChange.objects.filter(segment_id=segment, entered=True, happened_at__gte=since)
        rows = came.filter(pk__gt=last).order_by("pk").values_list("pk", "customer_id")[:AT_ONCE]
        return [(pk, customer, f"segment:{pk}") for pk, customer in rows]

    return after


def _born(attribute: str, since: date | None, today: date) -> People:
    """Whose birthday is today, once a day; on February 28 also those of the 29th where there is none."""
    days = [f"{today:%m-%d}"]
    if days == ["02-28"] and (today + timedelta(days=1)).day == 1:
        days.append("02-29")
    born = reduce(or_, (Q(**{f"attributes__{attribute}__endswith": f"-{day}"}) for day in days))

    def after(last: UUID) -> list[Row]:
        if since == today:
            return []
        theirs = Customer.objects.filter(born, merged_into=None, pk__gt=last).order_by("pk")
        found = theirs.values_list("pk", flat=True)[:AT_ONCE]
        return [(pk, pk, f"birthday:{today.year}") for pk in found]

    return after
