"""Times to which an appointment can be moved: when the business and whoever takes it are open and not busy.

Busy are appointments of the CRM, and what the calendar of an agenda says. Nothing here changes anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from conversations.models import Agenda, BusyTime, SlotPolicy
from conversations.right_time import instant
from crm.models import Appointment
from tenants import hours
from tenants.kit.text import bare
from tenants.queries import own, special_days

MOST = 3
NEAR = timedelta(days=7)
"""What is further from the wish is none of it."""
LONGEST = timedelta(days=1)
TAKING = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED, Appointment.Status.ARRIVED)

type Stretch = tuple[datetime, datetime]


class Slot(NamedTuple):
    """A free time, and with whom."""

    starts_at: datetime
    agenda: Agenda


def policy() -> SlotPolicy:
    """Whether and how free times are offered; the defaults where the business never said."""
    return SlotPolicy.objects.first() or SlotPolicy()


def free(appointment: Appointment, *, near: datetime | None = None, most: int | None = MOST) -> list[Slot]:
    """Free times for an appointment, the nearest first; none where the business does not offer them.

    Nearest to the moment he asks for; where he names none, to his hour on the days around. Five queries.
    """
    rules, now, wish = policy(), timezone.now(), near or appointment.starts_at
    first, last = now + timedelta(hours=rules.notice_hours), now + timedelta(days=rules.ahead_days)
    if not rules.is_on or not first - NEAR <= wish <= last + NEAR:
        return []
    first, last = max(first, wish - NEAR), min(last, wish + NEAR)
    every = list(Agenda.objects.order_by("pk"))
    agendas = [one for one in every if one.is_known and takes(one, appointment.staff, every)]
    usual = timedelta(minutes=rules.minutes)
    length = appointment.ends_at - appointment.starts_at if appointment.ends_at else usual
    busy = _busy(agendas, every, appointment, (first, last), usual) if agendas else {}
    calendar = hours.calendar_of(own(), special_days())
    found: dict[datetime, Slot] = {}
    for agenda in agendas:
        for opens, closes in _open(calendar, agenda, first, last):
            busy_then = [one for one in busy[agenda] if one[0] < closes and one[1] > opens]
            at = opens
            while at + length <= closes:
                is_ahead = first <= at <= last and at != appointment.starts_at
                if is_ahead and _taken(busy_then, at, at + length) < agenda.capacity:
                    found.setdefault(at, Slot(at, agenda))
                at += usual
    near_first = sorted(found.values(), key=lambda one: abs(one.starts_at - wish))
    if near is None:
        near_first = _days_apart(near_first, appointment.starts_at, calendar.zone)
    return near_first[:most]


def takes(agenda: Agenda, staff: str, every: Iterable[Agenda]) -> bool:
    """Whether an appointment with somebody is one of an agenda.

    Who is named has his own; whoever is not takes it where an agenda has no name, else all of them may.
    """
    names = {bare(one.name).strip() for one in every}
    wanted = bare(staff).strip()
    if wanted and wanted in names:
        return bare(agenda.name).strip() == wanted
    return not agenda.name if "" in names else not wanted


def _busy(
    agendas: Sequence[Agenda],
    every: Sequence[Agenda],
    appointment: Appointment,
    within: Stretch,
    usual: timedelta,
) -> dict[Agenda, list[Stretch]]:
    """What each agenda does already in a stretch of time."""
    first, last = within[0] - LONGEST, within[1] + LONGEST
    taken = Appointment.objects.filter(status__in=TAKING, starts_at__gt=first, starts_at__lt=last)
    booked = list(taken.exclude(pk=appointment.pk).values_list("staff", "starts_at", "ends_at"))
    whose = {
        staff: [one for one in agendas if takes(one, staff, every)] for staff in {row[0] for row in booked}
    }
    busy: dict[Agenda, list[Stretch]] = {agenda: [] for agenda in agendas}
    for staff, at, ends in booked:
        for agenda in whose[staff]:
            busy[agenda].append((at, ends or at + usual))
    told = BusyTime.objects.filter(agenda__in=agendas, ends_at__gt=first, starts_at__lt=last)
    by_pk = {one.pk: one for one in agendas}
    for pk, starts, ends in told.values_list("agenda_id", "starts_at", "ends_at"):
        busy[by_pk[pk]].append((starts, ends))
    return busy


def _taken(busy: Iterable[Stretch], starts: datetime, ends: datetime) -> int:
    return sum(begun < ends and over > starts for begun, over in busy)


def _open(calendar: hours.Calendar, agenda: Agenda, first: datetime, last: datetime) -> Iterator[Stretch]:
    """When an agenda is open: inside the hours of the business, on its own days and between its own hours."""
    day = first.astimezone(calendar.zone).date() - timedelta(days=1)
    while day <= last.astimezone(calendar.zone).date():
        if day.weekday() in agenda.weekdays:
            comes = instant(day, agenda.opens, calendar.zone) if agenda.opens else None
            goes = instant(day, agenda.closes, calendar.zone) if agenda.closes else None
            for opens, closes in hours.day_of(calendar, day).intervals:
                yield max(opens, comes or opens), min(closes, goes or closes)
        day += timedelta(days=1)


def _days_apart(found: list[Slot], own_time: datetime, zone: ZoneInfo) -> list[Slot]:
    """One of each day around his own, at the hour nearest to it; then the rest."""
    own_local = own_time.astimezone(zone)

    def distance(one: Slot) -> tuple[int, int]:
        local = one.starts_at.astimezone(zone)
        minutes = (local.hour - own_local.hour) * 60 + local.minute - own_local.minute
        return abs((local.date() - own_local.date()).days), abs(minutes)

    best: dict[object, Slot] = {}
    for one in sorted(found, key=distance):
        day = one.starts_at.astimezone(zone).date()
        if day != own_local.date():
            best.setdefault(day, one)
    chosen = list(best.values())
    return [*chosen, *(one for one in found if one not in chosen)]
