"""Values as they are read in a text: one line, without what breaks a text, dates in words."""

import re
from datetime import date, datetime, time
from typing import Any

from babel.dates import format_date

from tenants import formats
from tenants.kit.text import one_line

LONGEST = 300  # characters of one value
IN_WORDS = {"es": "EEEE d 'de' MMMM", "pt": "EEEE, d 'de' MMMM", "en": "EEEE, MMMM d"}
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Spelt(str):
    """A day or an hour in words, that can be spelt otherwise."""

    __slots__ = ("moment",)
    moment: date | time


def spelt(value: Any) -> str:
    """A value in words of the active language, "" for none."""
    if isinstance(value, datetime):
        return _of(f"{_day(value.date())}, {formats.clock(value)}", value)
    if isinstance(value, date):
        return _of(_day(value), value)
    if isinstance(value, time):
        return _of(formats.clock(value), value)
    return one_line(UNSEEN.sub(" ", str(value)), LONGEST) if value is not None else ""


def respelt(value: Spelt, form: str) -> str:
    """A day as `long`, `short`, `weekday` or `numeric`; an hour as `hour`; what does not fit stays."""
    moment = value.moment
    if isinstance(moment, time):
        return formats.clock(moment)
    if form == "hour":
        return formats.clock(moment) if isinstance(moment, datetime) else str(value)
    day = moment.date() if isinstance(moment, datetime) else moment
    if form == "short":
        return formats.week_date(day, False)
    if form == "weekday":
        return formats.weekday(day)
    if form == "numeric":
        return formats.day_month(day, True)
    return _day(day)


def _day(day: date) -> str:
    locale = formats.reader()
    return format_date(day, IN_WORDS[locale[:2]], locale)


def _of(text: str, moment: date | time) -> Spelt:
    found = Spelt(text)
    found.moment = moment
    return found
