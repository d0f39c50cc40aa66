"""Times relative to today, in the business's own zone.

A period is one of
    {"last": 30, "unit": "days"}      from the beginning of the day 30 days ago until now
    {"before": 6, "unit": "months"}   more than 6 months ago: before the beginning of that day
    {"next": 7, "unit": "days"}       from now until the end of the day 7 days on
    {"during": "this_week"}           a calendar day, week (from Monday), month or year
    {"from": "2026-01-01", "to": "2026-03-31"}   these days, both included; one of the two may be missing
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from tenants import formats

UNITS = {"days": 36_500, "weeks": 5_200, "months": 1_200, "years": 100}  # and the most of each
UNIT_NAMES = {
    "days": gettext_lazy("days"),
    "weeks": gettext_lazy("weeks"),
    "months": gettext_lazy("months"),
    "years": gettext_lazy("years"),
}
DURING = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "this_week": gettext_lazy("this week"),
    "last_week": gettext_lazy("last week"),
    "this_month": gettext_lazy("this month"),
    "last_month": gettext_lazy("last month"),
    "this_year": gettext_lazy("this year"),
    "last_year": gettext_lazy("last year"),
}
AHEAD = {
    "tomorrow": gettext_lazy("tomorrow"),
    "next_week": gettext_lazy("next week"),
    "next_month": gettext_lazy("next month"),
}
NOW = ("today", "this_week", "this_month", "this_year")
PAST, FUTURE, BOTH = "past", "future", "both"  # the sides of today on which a period may lie
YEARS = range(1900, 2201)
LAST = {
    "days": ngettext_lazy("in the last %(n)d day", "in the last %(n)d days", "n"),
    "weeks": ngettext_lazy("in the last %(n)d week", "in the last %(n)d weeks", "n"),
    "months": ngettext_lazy("in the last %(n)d month", "in the last %(n)d months", "n"),
    "years": ngettext_lazy("in the last %(n)d year", "in the last %(n)d years", "n"),
}
BEFORE = {
    "days": ngettext_lazy("more than %(n)d day ago", "more than %(n)d days ago", "n"),
    "weeks": ngettext_lazy("more than %(n)d week ago", "more than %(n)d weeks ago", "n"),
    "months": ngettext_lazy("more than %(n)d month ago", "more than %(n)d months ago", "n"),
    "years": ngettext_lazy("more than %(n)d year ago", "more than %(n)d years ago", "n"),
}
NEXT = {
    "days": ngettext_lazy("in the next %(n)d day", "in the next %(n)d days", "n"),
    "weeks": ngettext_lazy("in the next %(n)d week", "in the next %(n)d weeks", "n"),
    "months": ngettext_lazy("in the next %(n)d month", "in the next %(n)d months", "n"),
    "years": ngettext_lazy("in the next %(n)d year", "in the next %(n)d years", "n"),
}
SAID = {"last": LAST, "before": BEFORE, "next": NEXT}


class BadPeriod(ValueError):
    """A period that cannot be meant; the text says why."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, where the business is."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """When a day begins there."""
        return datetime.combine(day, time(), self.zone)


def hows(side: str) -> tuple[str, ...]:
    """How a period of a side may be counted."""
    return {PAST: ("last", "before"), FUTURE: ("next",), BOTH: ("last", "before", "next")}[side]


def named(side: str) -> dict[str, Any]:
    """The calendar periods of a side."""
    now = {name: DURING[name] for name in NOW}
    return {PAST: DURING, FUTURE: {**now, **AHEAD}, BOTH: {**DURING, **AHEAD}}[side]


def checked(given: Any, side: str) -> dict[str, Any]:
    """A period as it is kept, if it may lie on this side of today. Raises `BadPeriod`."""
    if not isinstance(given, dict):
        raise BadPeriod(_("Choose a period."))
    if "during" in given:
        which = given["during"]
        if set(given) != {"during"} or not isinstance(which, str) or which not in named(side):
            raise BadPeriod(_("There is no such period."))
        return {"during": which}
    for how in hows(side):
        if how in given:
            return _counted(given, how)
    if given and set(given) <= {"from", "to"}:
        return _between(given)
    raise BadPeriod(_("There is no such period."))


def _counted(given: dict[str, Any], how: str) -> dict[str, Any]:
    n, unit = given[how], given.get("unit")
    if set(given) != {how, "unit"} or not isinstance(unit, str) or unit not in UNITS:
        raise BadPeriod(_("There is no such period."))
    if type(n) is not int or not 1 <= n <= UNITS[unit]:
        raise BadPeriod(_("Enter a whole number from 1 to %(most)s.") % {"most": UNITS[unit]})
    return {how: n, "unit": unit}


def _between(given: dict[str, Any]) -> dict[str, Any]:
    found = {name: parse_day(given[name]) for name in ("from", "to") if given.get(name)}
    if not found:
        raise BadPeriod(_("Choose a period."))
    if len(found) == 2 and found["from"] > found["to"]:
        raise BadPeriod(_("The period ends before it begins."))
    return {name: day.isoformat() for name, day in found.items()}


def parse_day(text: Any) -> date:
    """A date in ISO 8601. Raises `BadPeriod`."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise BadPeriod(_("Enter a date between the years 1900 and 2200."))
    return day


def moments(period: dict[str, Any], clock: Clock) -> tuple[datetime | None, datetime | None]:
    """When a period begins and before when it ends; None where it has no bound."""
    first, last = days(period, clock)
    begin = clock.midnight(first) if first else None
    end = clock.midnight(last + timedelta(days=1)) if last else None
    if "last" in period:
        end = clock.now + timedelta(microseconds=1)
    elif "next" in period:
        begin = clock.now
    return begin, end


def days(period: dict[str, Any], clock: Clock) -> tuple[date | None, date | None]:
    """The first and last day of a period, both included; None where it has no bound."""
    today = clock.today
    match period:
        case {"last": n, "unit": unit}:
            return shifted(today, -n, unit), today
        case {"before": n, "unit": unit}:
            return None, shifted(today, -n, unit) - timedelta(days=1)
        case {"next": n, "unit": unit}:
            return today, shifted(today, n, unit)
        case {"during": name}:
            return during(name, today)
    first, last = (date.fromisoformat(period[name]) if name in period else None for name in ("from", "to"))
    return first, last


def during(name: str, today: date) -> tuple[date, date]:
    """The first and last day of a calendar period."""
    which, _line, what = name.partition("_")
    if not what:
        day = today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[name])
        return day, day
    by = {"last": -1, "this": 0, "next": 1}[which]
    if what == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=by)
        return monday, monday + timedelta(days=6)
    if what == "month":
        first = shifted(today.replace(day=1), by, "months")
        return first, shifted(first, 1, "months") - timedelta(days=1)
    return date(today.year + by, 1, 1), date(today.year + by, 12, 31)


def shifted(day: date, n: int, unit: str) -> date:
    """So many units later; a month's end stays within the month."""
    if unit in {"days", "weeks"}:
        return day + timedelta(**{unit: n})
    months = day.year * 12 + day.month - 1 + n * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def words(period: dict[str, Any] | None) -> str:
    """How a period reads inside a sentence; nothing for ever."""
    if not period:
        return ""
    for how, texts in SAID.items():
        if how in period:
            return str(texts[period["unit"]] % {"n": period[how]})
    if "during" in period:
        return str({**DURING, **AHEAD}[period["during"]])
    first, last = (
        formats.long_date(date.fromisoformat(period[name])) if name in period else ""
        for name in ("from", "to")
    )
    if not last:
        return _("since %(day)s") % {"day": first}
    if not first:
        return _("until %(day)s") % {"day": last}
    return _("from %(first)s to %(last)s") % {"first": first, "last": last}


def schema(side: str) -> dict[str, Any]:
    """JSON Schema of a period."""
    day = {"type": "string", "format": "date"}
    counted = [
        {
            "type": "object",
            "required": [how, "unit"],
            "additionalProperties": False,
            "properties": {
                how: {"type": "integer", "minimum": 1, "maximum": max(UNITS.values())},
                "unit": {"enum": list(UNITS)},
            },
        }
        for how in hows(side)
    ]
    during_ = {
        "type": "object",
        "required": ["during"],
        "additionalProperties": False,
        "properties": {"during": {"enum": list(named(side))}},
    }
    between = {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {"from": day, "to": day},
    }
    return {"anyOf": [*counted, during_, between]}
