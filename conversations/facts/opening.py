"""When the business is open, said of the days a message asks about."""

from datetime import date, datetime
from itertools import groupby

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from conversations.facts.days import Asked, day_asked
from tenants import formats, hours
from tenants.hours import DAYS, Calendar, Day


def told(calendar: Calendar, at: datetime, text: str, language: str, written: str = "") -> str:
    """What there is to say of the hours at a moment; "" where nobody ever opens.

    `written` is the business's own answer: it is given where no day is asked for. The reader's language is
    that of the active translation.
    """
    if not any(calendar.week.values()) and not calendar.special:
        return written
    today = at.astimezone(calendar.zone).date()
    wanted = day_asked(text, today, language, lambda year: _holidays(calendar, year))
    if not wanted.days and wanted.at is None:
        exceptional = hours.day_of(calendar, today)
        note = _of_day(calendar, exceptional, today) if exceptional.reason else ""
        return "\n".join(part for part in (written or _week(calendar), note) if part)
    return " ".join(_of_days(calendar, at, today, wanted))


def _of_days(calendar: Calendar, at: datetime, today: date, wanted: Asked) -> list[str]:
    days = [hours.day_of(calendar, on) for on in wanted.days or (today,)]
    said = [_of_day(calendar, day, today) for day in days]
    last = days[-1]
    if wanted.at is not None:
        moment = datetime.combine(days[0].date, wanted.at, calendar.zone)
        is_open = hours.is_open_at(calendar, moment)
        sentence = _("At %(time)s we are open.") if is_open else _("At %(time)s we are closed.")
        said.append(sentence % {"time": formats.clock(wanted.at)})
    elif len(days) == 1 and last.date == today and not last.is_closed:
        is_open = hours.is_open_at(calendar, at)
        said.append(_("Right now we are open.") if is_open else _("Right now we are closed."))
    if last.is_closed:
        said += _again(calendar, max(at, datetime.combine(last.date, datetime.max.time(), calendar.zone)))
    return said


def _of_day(calendar: Calendar, day: Day, today: date) -> str:
    name = _label(day.date, today)
    name = name[:1].upper() + name[1:]
    reason = day.reason or _holidays(calendar, day.date.year).get(day.date, "")
    if reason:
        name = f"{name} ({reason})"
    if day.is_closed:
        return _("%(day)s we are closed.") % {"day": name}
    return _("%(day)s we are open from %(hours)s.") % {"day": name, "hours": _spans(calendar, day)}


def _again(calendar: Calendar, after: datetime) -> list[str]:
    opens = hours.next_opening(calendar, after)
    if opens is None:
        return []
    local = opens.astimezone(calendar.zone)
    said = _("We open again on %(day)s at %(time)s.")
    return [said % {"day": _date(local.date()), "time": formats.clock(local)}]


def _label(on: date, today: date) -> str:
    match (on - today).days:
        case 0:
            return _("Today")
        case 1:
            return _("Tomorrow, %(day)s,") % {"day": _date(on)}
        case _:
            return _("On %(day)s") % {"day": _date(on)}


def _date(on: date) -> str:
    """Monday, November 23; lunes 23 de noviembre."""
    day = format_skeleton("MMMMd", on, locale=formats.reader())
    return _("%(weekday)s, %(day)s") % {"weekday": formats.weekday(on), "day": day}


def _spans(calendar: Calendar, day: Day) -> str:
    return _(" and ").join(
        _("%(start)s to %(end)s")
        % {
            "start": formats.clock(start.astimezone(calendar.zone)),
            "end": formats.clock(end.astimezone(calendar.zone)),
        }
        for start, end in day.intervals
    )


def _week(calendar: Calendar) -> str:
    """The week in one sentence, days with the same hours together."""
    monday = date(2024, 1, 1)
    names = [formats.weekday(monday.replace(day=number + 1)) for number in range(7)]
    lines = []
    for pairs, together in groupby(range(7), key=lambda number: calendar.week.get(DAYS[number], [])):
        days = list(together)
        span = names[days[0]]
        if len(days) > 1:
            span = _("%(first)s to %(last)s") % {"first": span, "last": names[days[-1]]}
        times = _(" and ").join(
            _("%(start)s to %(end)s") % {"start": _wall(opens), "end": _wall(closes)}
            for opens, closes in pairs
        )
        lines.append(_("%(days)s %(hours)s") % {"days": span, "hours": times or _("closed")})
    return _("Our hours: %(week)s.") % {"week": "; ".join(lines)}


def _wall(text: str) -> str:
    return formats.clock(datetime.strptime(text, "%H:%M").time())


def _holidays(calendar: Calendar, year: int) -> dict[date, str]:
    return dict(hours.public_holidays(calendar.country, calendar.region, year, calendar.language))
