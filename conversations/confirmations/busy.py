"""When those who take appointments are busy, by their own calendars: fetched, read, and kept as rows."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.confirmations import slots
from conversations.models import Agenda, BusyTime
from tenants.kit import http
from tenants.queries import own
from tenants.scoping import tenant_scope

EVERY = timedelta(minutes=15)
WAIT = 15  # seconds
LARGEST = 5_000_000  # bytes
MOST = 5_000
"""Busy times that are ahead; who has more is not read."""
PATIENCE = 30
"""Seconds that reading a calendar may take: what never comes true is looked for until the year 9999."""
OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
DAY = timedelta(days=1)
UNREACHED = gettext_noop("The calendar could not be fetched. Look at its address.")
UNREADABLE = gettext_noop("There is no calendar at this address (iCalendar, .ics).")
TOO_MANY = gettext_noop("This calendar is too large to be read.")
GONE = gettext_noop("The calendar's address may not be called. It must be public on the internet.")

type Stretch = tuple[datetime, datetime]


class Unreadable(Exception):
    """It is no calendar, or too much of one; the text is one of the sentences above."""


def read_due(tenant_id: UUID | str) -> int:
    """Read the calendars of a business that are due; returns how many. Harmless when run twice.

    Each is taken alone: one that takes too long, or kills its worker, does not keep the others waiting.
    """
    count = 0
    while agenda := _taken(tenant_id):
        with tenant_scope(tenant_id):
            zone = own().zone
        found, problem = _fetch(agenda.calendar_url, zone)
        with tenant_scope(tenant_id):
            _keep(agenda, found, problem)
        count += 1
    return count


def _taken(tenant_id: UUID | str) -> Agenda | None:
    """The calendar that has been due for longest; it is due again in a while, whatever becomes of this."""
    with tenant_scope(tenant_id):
        due = Agenda.objects.select_for_update(skip_locked=True).filter(due_at__lte=timezone.now())
        agenda: Agenda | None = due.order_by("due_at").first()
        if agenda:
            agenda.due_at = timezone.now() + EVERY
            agenda.save(update_fields=["due_at"])
        return agenda


def _fetch(address: str, zone: ZoneInfo) -> tuple[list[Stretch], str]:
    """What a calendar says, or why nothing."""
    first = timezone.now() - slots.LONGEST
    last = first + timedelta(days=200)
    try:
        answer = http.get(address, seconds=WAIT, max_bytes=LARGEST, redirects=3)
        if answer.status != 200:
            return [], UNREACHED
        return list(stretches(answer.body, zone, first, last)), ""
    except http.AddressRefused:
        return [], GONE
    except http.TooLarge:
        return [], TOO_MANY
    except http.HttpError:
        return [], UNREACHED
    except Unreadable as why:
        return [], str(why)


def _keep(agenda: Agenda, found: list[Stretch], problem: str) -> None:
    """Put what was read in the place of what was known; a problem leaves that until it is stale."""
    held = Agenda.objects.select_for_update().filter(pk=agenda.pk).first()
    if held is None or held.calendar_url != agenda.calendar_url:
        return
    held.problem = problem
    if not problem:
        held.read_at = timezone.now()
        held.busy_times.all().delete()
        rows = [BusyTime(agenda=held, starts_at=starts, ends_at=ends) for starts, ends in found]
        BusyTime.objects.bulk_create(rows, batch_size=1_000)
    held.save(update_fields=["problem", "read_at"])


def stretches(content: bytes, zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Stretch]:
    """The busy times of a calendar between two moments, events that repeat included. Raises `Unreadable`.

    Times without a zone, and whole days, are by the clock of the business.
    """
    import icalendar  # noqa: PLC0415 -- only here

    until = monotonic() + PATIENCE
    count = 0
    try:
        calendar: Any = icalendar.Calendar.from_ical(content)
        every = calendar.walk("VEVENT")
        moved = {
            (str(one["UID"]), _moment(one["RECURRENCE-ID"].dt, zone)) for one in every if _is_one_of(one)
        }
        for event in filter(_is_busy, every):
            for starts, ends in _of_event(event, zone, last, moved):
                is_ahead = ends > first and starts < last and ends > starts
                count += is_ahead
                if count > MOST or monotonic() > until:
                    raise Unreadable(TOO_MANY)
                if is_ahead:
                    yield starts, ends
            if monotonic() > until:
                raise Unreadable(TOO_MANY)
    except Unreadable:
        raise
    except Exception as error:  # what libraries raise at what others write
        raise Unreadable(UNREADABLE) from error


def _is_busy(event: Any) -> bool:
    is_off = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return "DTSTART" in event and not is_off and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _is_one_of(event: Any) -> bool:
    """Whether it stands for one of many, such as one that was moved."""
    return "RECURRENCE-ID" in event and "UID" in event


def _of_event(
    event: Any, zone: ZoneInfo, last: datetime, moved: set[tuple[str, datetime]]
) -> Iterator[Stretch]:
    begins = event["DTSTART"].dt
    starts = _moment(begins, zone)
    if "DTEND" in event:
        length = _moment(event["DTEND"].dt, zone) - starts
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        length = timedelta(0) if isinstance(begins, datetime) else DAY
    if _is_one_of(event) or not ("RRULE" in event or "RDATE" in event):
        yield starts, starts + length
        return
    uid = str(event.get("UID", ""))
    for at in _repeated(event, begins, zone, last):
        if (uid, at) not in moved:
            yield at, at + length


def _repeated(event: Any, begins: date | datetime, zone: ZoneInfo, last: datetime) -> Iterator[datetime]:
    """When an event that repeats begins, by its own clock: at ten it stays when the clock changes."""
    clock = begins.tzinfo if isinstance(begins, datetime) and begins.tzinfo else zone
    wall = _wall(begins, clock)
    by_rule = _by_rule(event["RRULE"], wall, clock, last) if "RRULE" in event else [wall]
    except_on = _dates(event, "EXDATE", clock)
    for at in chain(by_rule, _dates(event, "RDATE", clock)):
        if at not in except_on:
            yield at.replace(tzinfo=clock).astimezone(UTC)


def _by_rule(rule: Any, wall: datetime, clock: Any, last: datetime) -> Iterable[datetime]:
    from dateutil.rrule import rrulestr  # noqa: PLC0415 -- only here

    if isinstance(rule, list) or str(rule.get("FREQ", [""])[0]).upper() in OFTEN:
        raise Unreadable(TOO_MANY)
    until = [_wall(one, clock) for one in rule.pop("UNTIL", [])]
    end = min([*until, last.astimezone(clock).replace(tzinfo=None)])
    every: Iterable[datetime] = rrulestr(rule.to_ical().decode(), dtstart=wall).replace(until=end)
    return every


def _dates(event: Any, name: str, clock: Any) -> set[datetime]:
    """The days that an event names beside its rule; of a period, its beginning."""
    given = event.get(name, [])
    return {
        _wall(one.dt[0] if isinstance(one.dt, tuple) else one.dt, clock)
        for some in (given if isinstance(given, list) else [given])
        for one in some.dts
    }


def _wall(value: date | datetime, clock: Any) -> datetime:
    """What the event's own clock shows."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value.astimezone(clock).replace(tzinfo=None) if value.tzinfo else value


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
