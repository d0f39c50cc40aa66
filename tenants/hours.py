"""When a business is open: weekly hours, public holidays, days of their own. Plain functions, no queries.

All arithmetic is in UTC, since two wall-clock times of one zone compare wrongly around a change of
the clock. An interval that ends at or before its start runs into the next day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import gettext as _

from tenants.models import SpecialDay, Tenant

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKAHEAD = 400  # days; whoever does not open within them is closed for good
HOLIDAY_LANGUAGES = {"es": ("es",), "pt-br": ("pt_BR", "pt_PT"), "en": ("en_US",)}

Pairs = Sequence[Sequence[str]]


class BadHours(ValueError):
    """Hours that cannot be meant; the text says why."""


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a business: its intervals as moments, and why it is not an ordinary day."""

    date: date
    intervals: tuple[tuple[datetime, datetime], ...]
    reason: str = ""

    @property
    def is_closed(self) -> bool:
        return not self.intervals


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that decides when a business is open."""

    zone: ZoneInfo
    week: Mapping[str, Pairs]
    country: str = ""
    region: str = ""
    language: str = "es"
    keeps_holidays: bool = False
    special: Mapping[date, tuple[str, Pairs]] = field(default_factory=dict)


def calendar_of(tenant: Tenant, special_days: Iterable[SpecialDay]) -> Calendar:
    """The calendar of a business with the special days the caller has read."""
    return Calendar(
        zone=tenant.zone,
        week=tenant.hours,
        country=tenant.country,
        region=tenant.region,
        language=tenant.language,
        keeps_holidays=tenant.keeps_holidays,
        special={special.date: (special.name, special.hours) for special in special_days},
    )


def day_of(calendar: Calendar, on: date) -> Day:
    """The hours of a date: its own, else closed on a holiday that is kept, else those of its weekday."""
    if on in calendar.special:
        name, pairs = calendar.special[on]
        return Day(on, _moments(calendar.zone, on, pairs), name)
    if calendar.keeps_holidays:
        name = public_holidays(calendar.country, calendar.region, on.year, calendar.language).get(on, "")
        if name:
            return Day(on, (), name)
    return Day(on, _moments(calendar.zone, on, calendar.week.get(DAYS[on.weekday()], [])))


def today(calendar: Calendar, moment: datetime) -> Day:
    """The hours of the business's own today."""
    return day_of(calendar, moment.astimezone(calendar.zone).date())


def is_open_at(calendar: Calendar, moment: datetime) -> bool:
    """Whether the business is open; the night before counts where it ran past midnight."""
    moment = moment.astimezone(UTC)
    on = moment.astimezone(calendar.zone).date()
    return any(
        start <= moment < end
        for day in (on - timedelta(days=1), on)
        for start, end in day_of(calendar, day).intervals
    )


def next_opening(calendar: Calendar, moment: datetime) -> datetime | None:
    """The moment itself while open, else when the business opens next; None when it does not."""
    if is_open_at(calendar, moment):
        return moment
    on = moment.astimezone(calendar.zone).date()
    for ahead in range(LOOKAHEAD):
        later = [
            start for start, _end in day_of(calendar, on + timedelta(days=ahead)).intervals if start > moment
        ]
        if later:
            return min(later)
    return None


def stretches(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open time from a moment on, in order and without overlaps.

    Ends when the business does not open within `LOOKAHEAD` days.
    """
    reached = since.astimezone(UTC)
    on = since.astimezone(calendar.zone).date() - timedelta(days=1)
    closed = 0
    while closed < LOOKAHEAD:
        closed += 1
        for opens, closes in day_of(calendar, on).intervals:
            if closes > reached:
                yield max(opens, reached), closes
                reached = max(closes, reached)
                closed = 0
        on += timedelta(days=1)


def open_seconds(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many seconds the business was open between two moments."""
    total = timedelta()
    if end <= start:
        return 0
    for opens, closes in stretches(calendar, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return int(total.total_seconds())


def after_open_seconds(calendar: Calendar, start: datetime, seconds: int) -> datetime | None:
    """When so much open time has passed since a moment; None when the business never opens that long."""
    left = timedelta(seconds=seconds)
    if seconds <= 0:
        return start
    for opens, closes in stretches(calendar, start):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def _moments(zone: ZoneInfo, on: date, pairs: Pairs) -> tuple[tuple[datetime, datetime], ...]:
    result = []
    for opens, closes in pairs:
        start, end = time.fromisoformat(opens), time.fromisoformat(closes)
        last_day = on if end > start else on + timedelta(days=1)
        result.append((min(_readings(zone, on, start)), max(_readings(zone, last_day, end))))
    return tuple(sorted(result))


def _readings(zone: ZoneInfo, on: date, at: time) -> list[datetime]:
    """The moments a wall-clock time may mean: two when the clock shows it twice, one when it skips it."""
    first = datetime.combine(on, at, zone).astimezone(UTC)
    second = datetime.combine(on, at.replace(fold=1), zone).astimezone(UTC)
    return [first] if second < first else [first, second]


@lru_cache(maxsize=512)
def public_holidays(country: str, region: str, year: int, language: str) -> Mapping[date, str]:
    """The public holidays of a year by date, named in the language where the package knows it.

    An unknown country has none; an unknown region has those of the country. Source: `holidays` package.
    """
    try:
        known = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    return dict(
        sorted(
            holidays.country_holidays(
                country,
                subdiv=region if region in known.subdivisions else None,
                years=year,
                language=_holiday_language(known.supported_languages, language),
            ).items()
        )
    )


def _holiday_language(supported: Sequence[str], language: str) -> str | None:
    return next((name for name in HOLIDAY_LANGUAGES.get(language, ()) if name in supported), None)


@lru_cache(maxsize=64)
def regions(country: str) -> list[tuple[str, str]]:
    """Code and name of the states or provinces with holidays of their own, by name."""
    try:
        known = holidays.country_holidays(country)
    except NotImplementedError:
        return []
    names = {code: code for code in known.subdivisions}
    for name, code in reversed(known.subdivisions_aliases.items()):
        names[code] = name
    return sorted(names.items(), key=lambda pair: pair[1])


def tidy(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Pairs of times as typed, sorted and in the form they are kept; empty pairs drop out.

    Raises `BadHours` for half a pair, for what is no time, and for intervals that overlap.
    """
    kept = sorted(
        _pair(opens.strip(), closes.strip()) for opens, closes in pairs if opens.strip() or closes.strip()
    )
    for (opened, closed), (opens_again, _closes) in pairwise(kept):
        if closed <= opened or opens_again < closed:
            raise BadHours(_("These hours overlap. Give each interval its own time."))
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in kept]


def _pair(opens: str, closes: str) -> tuple[time, time]:
    if not opens or not closes:
        raise BadHours(_("Give both the opening and the closing time."))
    try:
        start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    except ValueError:
        raise BadHours(_("Write times as 09:00.")) from None
    return start.replace(second=0, microsecond=0, tzinfo=None), end.replace(
        second=0, microsecond=0, tzinfo=None
    )
