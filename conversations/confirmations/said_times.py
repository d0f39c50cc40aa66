"""The days and hours that an answer names: "mañana a las 4", "às 15h", "half past five", "a week later".

Days are read by conversations/facts/days.py; here come the hours of three languages, as said and as written.
No library was found that reads them: dateparser misses "a las 6", "half past five" and "meio-dia".
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from conversations.facts.days import MONTH, TODAY, WEEKDAY, day_asked

HOURS = (
    "una uma one", "dos duas two", "tres three", "cuatro quatro four", "cinco five", "seis six", "siete sete seven",
    "ocho oito eight", "nueve nove nine", "diez dez ten", "once onze eleven", "doce doze twelve",
)  # fmt: skip
NUMBERS = {word: number for number, words in enumerate(HOURS, 1) for word in words.split()}
MINUTES = NUMBERS | {
    "media": 30, "meia": 30, "half": 30, "treinta": 30, "trinta": 30, "thirty": 30, "cuarto": 15, "quarter": 15,
    "quince": 15, "quinze": 15, "fifteen": 15, "veinte": 20, "vinte": 20, "twenty": 20,
}  # fmt: skip
SHORT_DAYS = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday",
    "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
}  # fmt: skip
FIRST = 7
"""From it on "16 horas" is an hour; "2 horas" is how long."""
EARLY = timedelta(minutes=30)
"""Who says to come so much before his hour comes to his appointment."""


def _any(words: object) -> str:
    return "|".join(sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_HOUR = rf"(?:2[0-3]|[01]?\d|{_any(NUMBERS)})"
_MINUTE = rf"(?:[0-5]?\d|{_any(MINUTES)})"
_PART = (
    r"(?:(?:de|en|por|a) la (?:manana|tarde|tardecita|noche)|(?:da|de|na|pela|a) (?:manha|tarde|noite)"
    r"|(?:in the|at) (?:morning|afternoon|evening|night)|this (?:morning|afternoon|evening))"
)
_HALF = r"[ap]\.? ?m\b\.?"
_LEAD = (
    r"(?:(?:desde |hasta |despues de |antes de |a partir de )*(?:a )?las?"
    r"|depois das|a partir das|umas|ate as|para as|pelas|as|at|around|by|until|till|after|before|about|do|make it|come|for|to)"
)
CLOCK = re.compile(
    rf"(?<![\w:/.])(?:(?P<of>{_MINUTE}) (?:minutes? )?(?P<way>para|to|past) (?:las? |as )?(?P<told>{_HOUR})\b"
    rf"|(?:(?P<lead>{_LEAD}) )?(?P<hour>{_HOUR})(?:\s?[:h]\s?(?P<minute>[0-5]\d)\b)?"
    rf"(?: (?P<sign>y|e|menos) (?P<more>{_MINUTE})\b)?"
    r"(?P<unit>\s?(?:h|hs|hrs?|horas|oclock|o clock|en punto|em ponto)\b)?)"
    rf"(?![\w:/])(?! ?(?:min|hours?\b|horas?\b|days?\b|dias?\b|weeks?|semanas?|people|personas|pessoas|veces|vezes))"
    rf"(?: (?P<part>{_PART}|{_HALF}))?(?P<after>(?= (?:instead|works|would work|podria|mejor|seria melhor)\b))?"
)
TIGHT = re.compile(r"(?<=\d)(?=[ap]\.?m\b)")
NOON = re.compile(r"\b(?:al? )?(?:mediodia|medio dia|meio dia|meiodia|meio-dia|noon|midday)\b")
PART = re.compile(rf"(?<!\w)(?<!good )(?:{_PART}|morning|afternoon|evening)(?!\w)")
MORNING, EVENING = re.compile(r"manana|manha|morning|a\.? ?m\b"), re.compile(r"noche|noite|night|evening")
HOURS_OF_PARTS = {"morning": time(10), "afternoon": time(16), "evening": time(19)}
SHIFT = re.compile(
    rf"(?<!\ben )(?<!\bin )(?<!daqui a )\b(?P<many>media|meia|half an?|{_HOUR}|an?) (?P<unit>horas?|hours?|semanas?|weeks?|dias?|days?)\b"
)
UNITS = {"h": timedelta(hours=1), "s": timedelta(days=7), "w": timedelta(days=7), "d": timedelta(days=1)}
EARLIER = re.compile(
    r"\b(?:adelant\w+|antes|mas temprano|adiant\w+|antecip\w+|mais cedo|earlier|sooner|forward)\b"
)
_NAMED = rf"(?:{_any(WEEKDAY)})(?:[ -]feira)?"
_NUMBER = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?"
DAYS = re.compile(
    r"\b(?:el |al |para |o |no |na |the |on |pr[oa] |este |esta |this |next |proxim[oa] |dia )*"
    r"(?:pasado manana|depois de amanha|(?:the )?day after tomorrow|manana|amanha|tomorrow|hoy(?: mismo)?|hoje|today|tonight"
    rf"|{_NAMED}(?: que (?:viene|vem|entra))?(?:,? (?:el |dia )?{_NUMBER}(?![\w:/]))?(?: (?:de |of )?(?:{_any(MONTH)})\b)?"
    rf"|{_NUMBER} (?:de |of )?(?:{_any(MONTH)})|(?:{_any(MONTH)}) (?:the )?{_NUMBER}"
    rf"|(?<=el |al |ia |he ){_NUMBER}(?! ?(?::|am\b|pm\b|hrs|horas))|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)(?!\w)"
)


@dataclass(slots=True)
class Said:
    """What a text names: `rest` is the text with xsame, xother, xearly and xpart in the place of days
    and hours: those of the appointment, others, shortly before it, and the part of the day in which it is.

    `when` is the one moment asked for instead of the appointment's, where it is one.
    """

    rest: str = ""
    when: datetime | None = None
    days: list[date] = field(default_factory=list)
    times: list[time] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


def read(text: str, *, language: str, appointment: datetime, now: datetime) -> Said:
    """The days and hours in a bare text, told apart into those of the appointment and others."""
    said = Said()

    def mark(is_same: bool, is_early: bool = False) -> str:
        return " xearly " if is_early else " xsame " if is_same else " xother "

    def clock(found: re.Match[str]) -> str:
        at = _time(found, appointment)
        if at is None:
            return found[0]
        said.times.append(at)
        is_early = at != appointment.time() and _is_hour_of(at, appointment)
        return mark(at == appointment.time(), is_early)

    def noon(_found: re.Match[str]) -> str:
        said.times.append(time(12))
        return mark(time(12) == appointment.time())

    def day(found: re.Match[str]) -> str:
        asked = day_asked(re.sub(r"\bal(?= \d)", "el", found[0]), now.date(), language).days
        if asked == (now.date(),) and not TODAY.search(found[0]):
            asked = (now.date() + timedelta(days=7),)
        said.days.extend(asked)
        return mark(set(asked) == {appointment.date()}) if asked else found[0]

    def part(found: re.Match[str]) -> str:
        said.parts.append(found[0])
        return " xpart " if _part(found[0]) == _own_part(appointment) else " xother "

    plain = TIGHT.sub(" ", text)
    plain = re.sub(r"\bprimero(?= de\b)|\bprimeiro(?= de\b)", "dia 1", plain)
    if language == "en":
        plain = re.sub(rf"\b(?:{_any(SHORT_DAYS)})\b", lambda short: SHORT_DAYS[short[0]], plain)
    shift = _shift(plain)
    for pattern, read_it in ((NOON, noon), (CLOCK, clock), (PART, part), (DAYS, day)):
        plain = pattern.sub(read_it, plain)
    said.rest = " ".join(plain.split())
    said.when = _when(said, shift, appointment, now)
    return said


def _time(found: re.Match[str], appointment: datetime) -> time | None:
    """The time of day; None where nothing says that the number is one."""
    if found["told"]:
        minutes = MINUTES.get(found["of"]) or int(found["of"])
        hour, minute = _number(found["told"]), minutes
        if found["way"] != "past":
            hour, minute = hour - 1, 60 - minutes
    else:
        if (
            not any(found[name] for name in ("lead", "minute", "sign", "unit", "part"))
            and found["after"] is None
        ):
            return None
        hour, minute = _number(found["hour"]), int(found["minute"] or 0)
        if (found["unit"] or "").strip() == "horas" and not found["lead"] and hour < FIRST:
            return None
        if found["sign"]:
            more = MINUTES.get(found["more"]) or int(found["more"])
            hour, minute = (hour - 1, 60 - more) if found["sign"] == "menos" else (hour, more)
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    return time(_of_day(hour, found["part"] or "", appointment), minute)


def _number(word: str) -> int:
    return NUMBERS.get(word) or int(word)


def _of_day(hour: int, part: str, appointment: datetime) -> int:
    """The hour of 24: what is said of the day, else that of the appointment, else working hours."""
    if not 1 <= hour <= 12:
        return hour
    if part:
        return hour % 12 if MORNING.search(part) else hour % 12 + 12
    if hour % 12 == appointment.hour % 12:
        return appointment.hour
    return hour if 8 <= hour <= 12 else hour + 12


def _is_hour_of(at: time, appointment: datetime) -> bool:
    return timedelta(0) <= appointment - datetime.combine(appointment, at, appointment.tzinfo) <= EARLY


def _shift(plain: str) -> timedelta | None:
    """So much later, or earlier where it says so."""
    found = SHIFT.search(plain)
    if found is None:
        return None
    many = found["many"]
    amount = 0.5 if many in ("media", "meia") or many.startswith("half") else NUMBERS.get(many)
    if amount is None:
        amount = int(many) if many.isdigit() else 1
    return UNITS[found["unit"][0]] * amount * (-1 if EARLIER.search(plain) else 1)


def _when(said: Said, shift: timedelta | None, appointment: datetime, now: datetime) -> datetime | None:
    days = {day for day in said.days if day != appointment.date()}
    times = set(said.times) - {appointment.time()}
    if len(days) > 1 or len(times) > 1:
        return None
    if not days and not times and not said.parts:
        return appointment + shift if shift else None
    day = days.pop() if days else appointment.date()
    at = times.pop() if times else _hour_of_part(said, appointment)
    when = datetime.combine(day, at, appointment.tzinfo)
    return when if when > now and when != appointment else None


def _hour_of_part(said: Said, appointment: datetime) -> time:
    """The appointment's own hour, unless another part of the day is asked for."""
    if not said.parts or said.times:
        return appointment.time()
    part = _part(said.parts[0])
    return appointment.time() if part == _own_part(appointment) else HOURS_OF_PARTS[part]


def _part(word: str) -> str:
    return "morning" if MORNING.search(word) else "evening" if EVENING.search(word) else "afternoon"


def _own_part(appointment: datetime) -> str:
    return "morning" if appointment.hour < 12 else "afternoon" if appointment.hour < 19 else "evening"
