"""Which days a message asks about, and what time of day: "mañana", "el 24", "no feriado", "on Sunday at 9 pm".

A table of words in three languages and plain arithmetic; no clock and no database is read here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from conversations.bot import normalise
from tenants.kit.text import bare_words

type Holidays = Callable[[int], Mapping[date, str]]
"""The public holidays of a year, by date."""

WEEKDAYS = (
    "lunes monday mondays segundas",
    "martes terca tercas tuesday tuesdays",
    "miercoles quarta quartas wednesday wednesdays",
    "jueves quinta quintas thursday thursdays",
    "viernes sexta sextas friday fridays",
    "sabado sabados saturday saturdays",
    "domingo domingos sunday sundays",
)
WEEKDAY = {word: number for number, words in enumerate(WEEKDAYS) for word in words.split()} | {"segunda": 0}
MONTHS = (
    "enero janeiro january jan ene",
    "febrero fevereiro february feb fev",
    "marzo marco march mar",
    "abril april abr apr",
    "mayo maio may mai",
    "junio junho june jun",
    "julio julho july jul",
    "agosto august ago aug",
    "septiembre setiembre setembro september sep set sept",
    "octubre outubro october oct out",
    "noviembre novembro november nov",
    "diciembre dezembro december dic dez dec",
)
MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
FEASTS: tuple[tuple[str, tuple[int, int]], ...] = (
    (r"nochebuena|vispera de navidad|vespera de natal|christmas eve", (12, 24)),
    (r"navidad|natal|christmas|xmas", (12, 25)),
    (r"nochevieja|fin de ano|fim de ano|reveillon|vispera de ano nuevo|vespera de ano novo|new years? eve",
     (12, 31)),
    (r"ano nuevo|ano novo|new years?(?: day)?", (1, 1)),
    (r"dia de muertos|finados", (11, 2)),
)  # fmt: skip
MOVABLE: tuple[tuple[str, tuple[int, ...]], ...] = (
    (r"jueves santo|quinta(?: feira)? santa|maundy thursday", (-3,)),
    (r"viernes santo|sexta(?: feira)? santa|good friday", (-2,)),
    (r"sabado (?:de gloria|santo)|sabado de aleluia", (-1,)),
    (r"semana santa|holy week", (-3, -2, -1, 0)),
    (r"domingo de (?:pascua|pascoa|resurreccion)|pascua|pascoa|easter", (0,)),
    (r"carnaval|carnival", (-48, -47)),
    (r"corpus christi", (60,)),
)
"""By the days they lie from Easter."""
TODAY = re.compile(
    r"\b(?:hoy|hoje|today|tonight|esta (?:noche|noite|tarde)|right now|now|agora|ahora(?: mismo)?)\b"
)
AFTER_TOMORROW = re.compile(r"\bpasado manana\b|\bdepois de amanha\b|\b(?:the )?day after tomorrow\b")
MORNING = re.compile(r"\b(?:por|en|de|a|toda) la manana\b|\bda manha\b|\b(?:de|na|pela) manha\b")
TOMORROW = re.compile(r"\b(?:manana|amanha|tomorrow)\b")
WEEKEND = re.compile(r"\bfi(?:n|m) de semana\b|\bfines de semana\b|\bweekends?\b")
HOLIDAY = re.compile(r"\b(?:feriados?|festivos?|asueto|dias? inhabil(?:es)?|(?:bank |public )?holidays?)\b")
NATIONAL = re.compile(r"\b(?:fiestas? patrias?|dieciocho)\b")
NEXT = re.compile(r"\b(?:proxim[oa]|que viene|que vem|next)\b")
_MONTH = "|".join(sorted(MONTH, key=len, reverse=True))
WORDY_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|o)?(?: de| of)? ({_MONTH})\b"
    rf"|\b({_MONTH})(?: the)? (\d{{1,2}})(?:st|nd|rd|th)?\b"
)
FIGURES = re.compile(r"(?<![\d:./-])(\d{1,2})[/-](\d{1,2})(?:[/-](\d{2,4}))?(?![\d:/-])")
DAY_OF_MONTH = re.compile(
    rf"\b(?:el|dia|no dia|the) (\d{{1,2}})(?:st|nd|rd|th)?\b(?! (?:horas?|hrs?|pesos|reais|am|pm|(?:de |of )?(?:{_MONTH}))\b)"
)
CLOCK = re.compile(
    r"\b(?:(a las?|as|at|a)\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(h(?:oras?|rs?)?\b)?\s*"
    r"(a\.?\s?m\b|p\.?\s?m\b)?\.?\s*((?:(?:de|por|en) la|da|in the|at) (?:manana|manha|morning|tarde|afternoon|noche|noite|evening|night))?"
)
LATER = re.compile(r"p|tarde|afternoon|noche|noite|evening|night")
MOST = 4
"""Days that one message may ask about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the days in order, none for hours in general, and a time of day."""

    days: tuple[date, ...] = ()
    at: time | None = None


def day_asked(text: str, today: date, language: str, holidays: Holidays = lambda year: {}) -> Asked:
    """The days and the time that a message names, seen from the business's own today.

    A weekday is the next one, today included; a day of the month the next that there is. "The holiday"
    is the next one; other holidays are known by their name. What names no day gives none.
    """
    plain = bare_words(" ".join(normalise.expanded(normalise.tokens(text), language)))
    days = (
        _by_name(plain, today, holidays)
        or _by_date(text, plain, today, language)
        or _by_word(plain, today)
        or _by_holiday(plain, today, holidays)
    )
    return Asked(tuple(sorted(set(days)))[:MOST], _time(text))


def _by_word(plain: str, today: date) -> list[date]:
    days = []
    rest = plain
    if AFTER_TOMORROW.search(rest):
        rest = AFTER_TOMORROW.sub(" ", rest)
        days.append(today + timedelta(days=2))
    rest = MORNING.sub(" ", rest)
    if TOMORROW.search(rest):
        days.append(today + timedelta(days=1))
    if TODAY.search(rest):
        days.append(today)
    if WEEKEND.search(rest):
        days += [_next(today, 5), _next(today, 6)]
    words = rest.replace(" feira", "").split()
    later = 7 if NEXT.search(rest) else 0
    for word in words:
        if word in WEEKDAY:
            found = _next(today, WEEKDAY[word])
            days.append(found + timedelta(days=later if found == today else 0))
    return days


def _next(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _by_date(text: str, plain: str, today: date, language: str) -> list[date]:
    days = []
    for first, month, month_first, last in WORDY_DATE.findall(plain):
        number, name = (first, month) if month else (last, month_first)
        if coming := _coming(today, MONTH[name], int(number)):
            days.append(coming)
    for one, other, year in FIGURES.findall(text):
        day, in_month = int(one), int(other)
        if (language == "en" and day <= 12) or in_month > 12:
            day, in_month = in_month, day
        on = _in_year(int(year), in_month, day) if year else _coming(today, in_month, day)
        if on:
            days.append(on)
    if not days:
        days = [found for one in DAY_OF_MONTH.findall(plain) if (found := _day_of_month(today, int(one)))]
    return days


def _in_year(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _coming(today: date, month: int, day: int) -> date | None:
    """The next such date, today included."""
    candidates = (_in_year(year, month, day) for year in range(today.year, today.year + 5))
    return next((found for found in candidates if found and found >= today), None)


def _day_of_month(today: date, day: int) -> date | None:
    if not 1 <= day <= 31:
        return None
    month = today.replace(day=1)
    for _ahead in range(3):
        found = _in_year(month.year, month.month, day)
        if found and found >= today:
            return found
        month = (month + timedelta(days=32)).replace(day=1)
    return None


def _by_name(plain: str, today: date, holidays: Holidays) -> list[date]:
    """Days that have a name: feasts everybody knows, and the holidays of the country."""
    for pattern, (month, day) in FEASTS:
        if re.search(rf"\b(?:{pattern})\b", plain):
            return [found] if (found := _coming(today, month, day)) else []
    for pattern, steps in MOVABLE:
        if re.search(rf"\b(?:{pattern})\b", plain):
            year = today.year if easter(today.year) + timedelta(days=max(steps)) >= today else today.year + 1
            return [easter(year) + timedelta(days=step) for step in steps]
    said = set(plain.split())
    for on, name in _ahead(today, holidays):
        weighty = {word for word in bare_words(name).split() if len(word) > 3 and word not in COMMON}
        if weighty and 2 * len(weighty & said) >= len(weighty):
            return [on]
    return _national(today, holidays) if NATIONAL.search(plain) else []


def _national(today: date, holidays: Holidays) -> list[date]:
    """The next day of independence, and the holiday after it where there is one."""
    coming = _ahead(today, holidays)
    first = next((on for on, name in coming if "independ" in bare_words(name)), None)
    return [on for on, _name in coming if first and on - first in (timedelta(0), timedelta(days=1))]


COMMON = frozenset(
    "dia observed observado observada santo santa feriado nacional feira de los las del dos das day holiday".split()  # noqa: SIM905
) | frozenset(WEEKDAY)


def _by_holiday(plain: str, today: date, holidays: Holidays) -> list[date]:
    if not HOLIDAY.search(plain):
        return []
    return [on for on, _name in _ahead(today, holidays)][:1]


def _ahead(today: date, holidays: Holidays) -> list[tuple[date, str]]:
    """The holidays of the year to come, the next one first."""
    both = {**holidays(today.year), **holidays(today.year + 1)}
    until = today + timedelta(days=366)
    return sorted((on, name) for on, name in both.items() if today <= on <= until)


def _time(text: str) -> time | None:
    """The time of day that is named; a bare number is one only where something says so."""
    for found in CLOCK.finditer(normalise.bare(text)):
        lead, hour, minute, unit, half, part = found.groups()
        if not (minute or half or part or unit or (lead and lead != "a")):
            continue
        number = int(hour)
        later = LATER.search(half or part or "")
        if later and number < 12:
            number += 12
        if number > 23 or int(minute or 0) > 59:
            continue
        return time(number, int(minute or 0))
    return None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap = century // 4
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)
