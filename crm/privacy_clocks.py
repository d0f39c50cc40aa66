"""How many days the law gives a business to answer who asks about his data, by the country of the business.

A table to keep small, not legal advice. The articles below say where to look: but for Ecuador's 13 and 14,
which were read, nobody has compared them with the text of the law, so screens and documents name the law
alone. Have them read before anybody relies on them.

- Mexico: Ley Federal de Protección de Datos Personales en Posesión de los Particulares (DOF 20-III-2025),
  art. 31 (art. 32 of the law of 2010): twenty days to say what was decided, fifteen more to carry it out.
  "Days" are working days (art. 2). Withdrawal of consent goes the same way.
- Brazil: Lei 13.709/2018 (LGPD), art. 19: in simplified form at once (I), the full declaration within
  fifteen days of the request (II). The other rights of art. 18 are to be met without delay (§§ 3–4); the
  fifteen days are taken for them, too.
- Colombia: Ley 1581 de 2012, art. 14: ten working days for a consultation; art. 15: fifteen working days
  for a claim (correction, deletion, withdrawal).
- Argentina: Ley 25.326, art. 14: ten calendar days for access; art. 16: five working days for
  rectification, update or suppression.
- Chile: Ley 19.628, art. 16: two working days; from 1 December 2026 its art. 11 as Ley 21.719 wrote it:
  thirty calendar days.
- Peru: Ley 29733 and its regulation (D. S. 016-2024-JUS): twenty working days for access, ten for the rest.
- Uruguay: Ley 18.331, arts. 14 and 15: five working days.
- Ecuador: Ley Orgánica de Protección de Datos Personales (2021), arts. 13–16: fifteen days.
- Costa Rica: Ley 8968, art. 7: five working days.
- Panama: Ley 81 de 2019, art. 17: ten working days for access, five for correction.
- Spain and Portugal: Regulation (EU) 2016/679, art. 12(3): one month.
- Elsewhere: thirty calendar days, a promise of the business's own.

Days are counted from the day after the request arrived (as procedural law of these countries does); what
ends on a day that is no working day ends on the next one where days are calendar days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tenants.hours import public_holidays

SATURDAY = 5
ACCESS = frozenset({"access", "portability"})
CHILE_CHANGES = date(2026, 12, 1)


@dataclass(frozen=True, slots=True)
class Clock:
    """So many days to answer, and so many more to carry out what was decided."""

    days: int
    working: bool
    law: str
    carry_out: int = 0
    at_once: bool = False  # a simplified answer is owed immediately


@dataclass(frozen=True, slots=True)
class Law:
    """The clock for access and the one for every other right."""

    access: Clock
    others: Clock


MEXICO = Clock(20, True, "LFPDPPP 2025", carry_out=15)
EUROPE = Clock(30, False, "RGPD (UE) 2016/679")
LAWS: dict[str, Law] = {
    "MX": Law(MEXICO, MEXICO),
    "BR": Law(Clock(15, False, "LGPD", at_once=True), Clock(15, False, "LGPD")),
    "CO": Law(Clock(10, True, "Ley 1581 de 2012"), Clock(15, True, "Ley 1581 de 2012")),
    "AR": Law(Clock(10, False, "Ley 25.326"), Clock(5, True, "Ley 25.326")),
    "PE": Law(
        Clock(20, True, "Ley 29733, D. S. 016-2024-JUS"), Clock(10, True, "Ley 29733, D. S. 016-2024-JUS")
    ),
    "UY": Law(Clock(5, True, "Ley 18.331"), Clock(5, True, "Ley 18.331")),
    "EC": Law(Clock(15, False, "LOPDP, art. 13"), Clock(15, False, "LOPDP")),
    "CR": Law(Clock(5, True, "Ley 8968"), Clock(5, True, "Ley 8968")),
    "PA": Law(Clock(10, True, "Ley 81 de 2019"), Clock(5, True, "Ley 81 de 2019")),
    "ES": Law(EUROPE, EUROPE),
    "PT": Law(EUROPE, EUROPE),
}
CHILE_BEFORE = Clock(2, True, "Ley 19.628")
CHILE_SINCE = Clock(30, False, "Ley 19.628 (Ley 21.719)")
ELSEWHERE = Clock(30, False, "")


def clock_of(country: str, right: str, on: date) -> Clock:
    """What holds for a request of a kind that arrived on a day."""
    if country == "CL":
        return CHILE_SINCE if on >= CHILE_CHANGES else CHILE_BEFORE
    law = LAWS.get(country)
    if law is None:
        return ELSEWHERE
    return law.access if right in ACCESS else law.others


def is_working_day(day: date, country: str, region: str) -> bool:
    """Neither Saturday nor Sunday nor a public holiday there."""
    return day.weekday() < SATURDAY and day not in public_holidays(country, region, day.year, "")


def last_day(start: date, days: int, *, working: bool, country: str, region: str) -> date:
    """The last of so many days, the first being the day after `start`."""
    if working:
        day, left = start, days
        while left:
            day += timedelta(days=1)
            left -= is_working_day(day, country, region)
        return day
    day = start + timedelta(days=days)
    while not is_working_day(day, country, region):
        day += timedelta(days=1)
    return day


def days_left(today: date, until: date, *, working: bool, country: str, region: str) -> int:
    """How many days there are after today up to the last one; less than nothing when it is over."""
    if until < today:
        return -days_left(until, today, working=working, country=country, region=region)
    span = (today + timedelta(days=ahead) for ahead in range(1, (until - today).days + 1))
    return sum(not working or is_working_day(day, country, region) for day in span)
