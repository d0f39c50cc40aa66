"""Who enters a journey: by what happens to him, in its transaction, or because he came into a segment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations.confirmations.catalogue import LATE, Told
from conversations.journeys.content import BIRTHDAY, NO_SHOW
from conversations.models import Happening, Journey, JourneyPlace, JourneyVersion
from crm.models import Appointment, Customer, SegmentChange
from tenants.kit import events
from tenants.queries import own

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
    versions = list(current())
    return sum(
        enter(version, row.customer_id, key=key, due_at=at if name in AHEAD else now)
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


def look_for_entries(journey: Journey) -> int:
    """Let those enter who came into the journey's segment since the last look, or have their birthday today.

    Harmless when run twice. Returns how many.
    """
    version = journey.versions.order_by("-number").first()
    if version is None or not journey.is_on:
        return 0
    entry, now = version.content["entry"], timezone.now()
    since = journey.looked_at or now
    if "segment" in entry:
        came = SegmentChange.objects.filter(
            segment_id=entry["segment"], entered=True, happened_at__gte=since - timedelta(minutes=5)
        )
        keys = [(one.customer_id, f"segment:{one.pk}") for one in came.order_by("id")[:1_000]]
    elif entry.get("on") == BIRTHDAY:
        zone = own().zone
        looked = journey.looked_at.astimezone(zone).date() if journey.looked_at else None
        keys = list(_birthdays(entry["attribute"], looked, now.astimezone(zone).date()))
    else:
        return 0
    entered = sum(enter(version, customer, key=key, due_at=now) for customer, key in keys)
    Journey.objects.filter(pk=journey.pk).update(looked_at=now)
    return entered


def _birthdays(attribute: str, since: date | None, today: date) -> Iterable[tuple[UUID, str]]:
    """Whose birthday is today, once a day; on February 28 also those of the 29th where there is none."""
    if since == today:
        return
    days = [f"{today:%m-%d}"]
    if days == ["02-28"] and (today + timedelta(days=1)).day == 1:
        days.append("02-29")
    for day in days:
        born = Customer.objects.filter(merged_into=None, **{f"attributes__{attribute}__endswith": f"-{day}"})
        for pk in born.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
            yield pk, f"birthday:{today.year}"
