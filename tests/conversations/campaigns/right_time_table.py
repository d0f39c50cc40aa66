"""Writes right_time.csv: what must be sent when, worked out the slow way.

Nothing here uses zoneinfo, `holidays` or Puente. The changes of the clock are those that `zdump -v` prints of
the IANA database, copied by hand; holidays are those of each country's law, by hand and only around the
rows; and a row's answer is found by looking at one minute after the other.

    python tests/conversations/campaigns/right_time_table.py > tests/conversations/campaigns/right_time.csv
"""

import csv
import sys
from datetime import date, datetime, timedelta
from typing import NamedTuple

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
YEARS = range(2024, 2029)
OFFER, SERVICE = "promotion", "service"
COLUMNS = "country region zone date time purpose quiet weekdays at expected why"

# Offset in hours at the beginning of 2024, then each change: moment in UTC, offset from then on.
CLOCKS: dict[str, tuple[int, list[tuple[str, int]]]] = {
    "America/Mexico_City": (-6, []),
    "America/Sao_Paulo": (-3, []),
    "America/Argentina/Buenos_Aires": (-3, []),
    "America/Bogota": (-5, []),
    "America/Tijuana": (
        -8,
        [
            ("2024-03-10 10:00", -7), ("2024-11-03 09:00", -8),
            ("2025-03-09 10:00", -7), ("2025-11-02 09:00", -8),
            ("2026-03-08 10:00", -7), ("2026-11-01 09:00", -8),
            ("2027-03-14 10:00", -7), ("2027-11-07 09:00", -8),
            ("2028-03-12 10:00", -7), ("2028-11-05 09:00", -8),
        ],
    ),
    "America/Santiago": (
        -3,
        [
            ("2024-04-07 03:00", -4), ("2024-09-08 04:00", -3),
            ("2025-04-06 03:00", -4), ("2025-09-07 04:00", -3),
            ("2026-04-05 03:00", -4), ("2026-09-06 04:00", -3),
            ("2027-04-04 03:00", -4), ("2027-09-05 04:00", -3),
            ("2028-04-02 03:00", -4), ("2028-09-03 04:00", -3),
        ],
    ),
    # On 15 October 2024 Paraguay made its summer time the whole year's: no clock moved that night.
    "America/Asuncion": (-3, [("2024-03-24 03:00", -4), ("2024-10-06 04:00", -3)]),
    "Europe/Madrid": (
        1,
        [
            ("2024-03-31 01:00", 2), ("2024-10-27 01:00", 1),
            ("2025-03-30 01:00", 2), ("2025-10-26 01:00", 1),
            ("2026-03-29 01:00", 2), ("2026-10-25 01:00", 1),
            ("2027-03-28 01:00", 2), ("2027-10-31 01:00", 1),
            ("2028-03-26 01:00", 2), ("2028-10-29 01:00", 1),
        ],
    ),
}  # fmt: skip

# Holidays around the rows, and only those.
HOLIDAYS = {
    "MX": """2024-01-01 2024-02-05 2024-03-18 2024-05-01 2024-09-16 2024-10-01 2024-11-18 2024-12-25
        2025-01-01 2025-02-03 2025-03-17 2025-05-01 2025-09-16 2025-11-17 2025-12-25
        2026-01-01 2026-02-02 2026-03-16 2026-05-01 2026-09-16 2026-11-16 2026-12-25
        2027-01-01 2027-02-01 2027-03-15 2027-05-01 2027-09-16 2027-11-15 2027-12-25
        2028-01-01 2028-02-07 2028-03-20 2028-05-01 2028-09-16 2028-11-20 2028-12-25""",
    "BR": """2024-01-01 2024-03-29 2024-05-01 2024-11-15 2024-11-20 2024-12-25
        2025-01-01 2025-04-18 2025-04-21 2025-05-01 2025-11-15 2025-11-20 2025-12-25
        2026-01-01 2026-04-03 2026-04-21 2026-05-01 2026-09-07 2026-10-12 2026-11-02 2026-11-20 2026-12-25
        2027-01-01 2027-03-26 2027-04-21 2027-09-07 2027-10-12 2027-11-02 2027-11-15 2027-11-20 2027-12-25
        2028-01-01 2028-04-14 2028-04-21 2028-05-01 2028-09-07 2028-10-12 2028-11-02 2028-11-15 2028-11-20
        2028-12-25""",
    "BR-SP": "2026-07-09 2027-07-09",
    "CL": """
        2024-01-01 2024-03-29 2024-03-30 2024-05-01 2024-05-21 2024-09-18 2024-09-19 2024-09-20 2024-12-25
        2025-01-01 2025-04-18 2025-04-19 2025-05-01 2025-05-21 2025-09-18 2025-09-19 2025-12-08 2025-12-25
        2026-01-01 2026-04-03 2026-04-04 2026-05-01 2026-05-21 2026-06-29 2026-09-18 2026-09-19 2026-12-25
        2027-01-01 2027-03-26 2027-03-27 2027-05-01 2027-05-21 2027-06-28 2027-09-18 2027-12-08 2027-12-25
        2027-09-17 2028-01-01 2028-04-14 2028-04-15 2028-05-01 2028-06-26 2028-09-18 2028-09-19 2028-12-25""",
    "PY": """2024-01-01 2024-03-01 2024-03-28 2024-03-29 2024-05-01 2024-05-14 2024-05-15 2024-12-25
        2025-01-01 2025-04-17 2025-04-18 2025-05-01 2025-05-14 2025-05-15 2025-08-15 2025-12-08 2025-12-25
        2026-01-01 2026-04-02 2026-04-03 2026-05-01 2026-05-14 2026-05-15 2026-08-15 2026-12-08 2026-12-25
        2027-01-01 2027-03-25 2027-03-26 2027-05-01 2027-05-14 2027-05-15 2027-12-08 2027-12-25
        2028-01-01 2028-04-13 2028-04-14 2028-05-01 2028-05-15 2028-08-15 2028-12-08 2028-12-25""",
    "AR": """2024-01-01 2024-02-12 2024-02-13 2024-07-09 2024-12-25
        2025-01-01 2025-03-03 2025-03-04 2025-05-01 2025-05-02 2025-07-09 2025-12-25
        2026-01-01 2026-02-16 2026-02-17 2026-05-25 2026-07-09 2026-07-10 2026-12-25
        2027-01-01 2027-02-08 2027-02-09 2027-05-25 2027-07-09 2027-12-25
        2028-01-01 2028-02-28 2028-02-29 2028-05-25 2028-10-16 2028-12-25""",
    "CO": """2024-01-01 2024-01-08 2024-03-28 2024-03-29 2024-07-20 2024-08-07 2024-12-25
        2025-01-01 2025-01-06 2025-04-17 2025-04-18 2025-06-23 2025-06-30 2025-08-07 2025-12-08 2025-12-25
        2026-01-01 2026-01-12 2026-04-02 2026-04-03 2026-07-20 2026-08-07 2026-12-08 2026-12-25
        2027-01-01 2027-01-11 2027-03-25 2027-03-26 2027-07-20 2027-12-08 2027-12-25
        2028-01-10 2028-04-13 2028-04-14 2028-07-20 2028-08-07 2028-12-08 2028-12-25""",
    "ES": """
        2024-01-01 2024-01-06 2024-03-29 2024-05-01 2024-08-15 2024-10-12 2024-11-01 2024-12-06 2024-12-25
        2025-01-01 2025-01-06 2025-04-18 2025-05-01 2025-08-15 2025-11-01 2025-12-06 2025-12-08 2025-12-25
        2026-01-01 2026-01-06 2026-04-03 2026-05-01 2026-08-15 2026-10-12 2026-12-08 2026-12-25
        2027-01-01 2027-01-06 2027-03-26 2027-05-01 2027-10-12 2027-11-01 2027-12-06 2027-12-08 2027-12-25
        2028-01-01 2028-01-06 2028-04-14 2028-05-01 2028-08-15 2028-10-12 2028-11-01 2028-12-06 2028-12-08
        2028-12-25""",
    "ES-CT": "2024-04-01 2027-03-29",
}

PLACES = {
    "America/Mexico_City": "MX", "America/Tijuana": "MX", "America/Sao_Paulo": "BR", "America/Santiago": "CL",
    "America/Asuncion": "PY", "America/Argentina/Buenos_Aires": "AR", "America/Bogota": "CO",
    "Europe/Madrid": "ES",
}  # fmt: skip

# Nights of the changes that these countries have given up: nothing may happen there.
GIVEN_UP = {
    "America/Mexico_City": "2024-04-07 2024-10-27 2025-04-06 2025-10-26 2026-04-05 2026-10-25 2027-04-04 "
    "2027-10-31 2028-04-02 2028-10-29",
    "America/Sao_Paulo": "2024-02-18 2024-11-03 2025-02-16 2025-11-02 2026-02-15 2026-11-01 2027-02-21 "
    "2027-11-07 2028-02-20 2028-11-05",
    "America/Asuncion": "2024-10-15 2025-03-23 2025-10-05 2026-03-22 2026-10-04 2027-03-28 2027-10-03 "
    "2028-03-26 2028-10-01",
    "America/Argentina/Buenos_Aires": "2024-10-20 2025-03-16 2026-10-18 2027-03-21 2028-10-15",
    "America/Bogota": "2024-04-04 2025-04-04 2026-04-04 2027-04-04 2028-04-04",
}


class Rules(NamedTuple):
    """Quiet hours as minutes of the day, and the weekdays of offers."""

    quiet: str = "20:00-09:00"
    days: str = "012345"

    def is_quiet(self, minute: int) -> bool:
        start, end = (int(part[:2]) * 60 + int(part[3:]) for part in self.quiet.split("-"))
        return start <= minute < end if start <= end else minute >= start or minute < end


USUAL = Rules()


def offset(zone: str, moment: datetime) -> int:
    now, changes = CLOCKS[zone]
    for change, after in changes:
        if moment >= datetime.fromisoformat(change):
            now = after
    return now


def wall(zone: str, moment: datetime) -> datetime:
    return moment + timedelta(hours=offset(zone, moment))


def meant(zone: str, shown: datetime) -> datetime:
    """The first minute at which the clock shows this, or more."""
    moment = shown - timedelta(hours=14)
    while wall(zone, moment) < shown:
        moment += MINUTE
    return moment


def answer(zone: str, region: str, moment: datetime, purpose: str, rules: Rules) -> datetime:
    country = PLACES[zone]
    closed = {*HOLIDAYS[country].split(), *HOLIDAYS.get(f"{country}-{region}", "").split()}
    while True:
        here = wall(zone, moment)
        minute = here.hour * 60 + here.minute
        is_day = str(here.weekday()) in rules.days and f"{here:%Y-%m-%d}" not in closed
        if not rules.is_quiet(minute) and (purpose == SERVICE or is_day):
            return moment
        moment += MINUTE


def rows():
    for zone, (_first, changes) in CLOCKS.items():
        for change, after in changes:
            moment = datetime.fromisoformat(change)
            forward = after > offset(zone, moment - MINUTE)
            yield from night(zone, wall(zone, moment + timedelta(hours=2)).date(), forward)
    for zone, days in GIVEN_UP.items():
        for day in map(date.fromisoformat, days.split()):
            yield from still_night(zone, day)
    for key, days in HOLIDAYS.items():
        country, _dash, region = key.partition("-")
        zone = next(zone for zone, place in PLACES.items() if place == country)
        for day in map(date.fromisoformat, days.split()):
            yield zone, region, day, "10:00", OFFER, USUAL, "holiday"
            if day.month in (1, 5, 12):
                yield zone, region, day, "10:00", SERVICE, USUAL, "service goes out on a holiday"
                yield zone, region, day - DAY, "21:15", OFFER, USUAL, "evening before a holiday"
    for year in YEARS:
        holiday_of_another = date(year, 9, 16)
        yield (
            "America/Bogota",
            "",
            holiday_of_another,
            "11:00",
            OFFER,
            USUAL,
            "Mexico's holiday, not Colombia's",
        )
        yield (
            "America/Tijuana",
            "",
            holiday_of_another,
            "11:00",
            OFFER,
            USUAL,
            "holiday in another zone of Mexico",
        )
        yield "Europe/Madrid", "", date(year, 5, 29), "13:00", OFFER, Rules("13:00-16:00"), "quiet at noon"
        yield "Europe/Madrid", "", date(year, 5, 29), "22:00", SERVICE, Rules("00:00-00:00"), "no quiet hours"
        yield "America/Bogota", "", date(year, 8, 21), "12:00", OFFER, Rules(days="2"), "Wednesdays only"


def night(zone: str, day: date, forward: bool):
    """A night of a change, its evening and the days after; Santiago's and Asunción's falls on midnight."""
    at_midnight = zone in ("America/Santiago", "America/Asuncion")
    why = "clocks go forward" if forward else "clocks go back"
    strange = (
        [(day, "00:30"), (day, "00:00"), (day, "01:00")]
        if at_midnight and forward
        else [(day - DAY, "23:30"), (day - DAY, "23:00"), (day, "00:00")]
        if at_midnight
        else [(day, "02:30"), (day, "02:00"), (day, "03:00")]
        if forward or zone == "Europe/Madrid"
        else [(day, "01:30"), (day, "01:00"), (day, "02:00")]
    )
    late = Rules(
        "22:00-00:30" if at_midnight and forward else "22:00-23:30" if at_midnight else "22:00-02:30"
    )
    for on, at in strange:
        yield zone, "", on, at, SERVICE, USUAL, why
        yield zone, "", on, at, SERVICE, Rules("12:00-13:00"), why
        yield zone, "", on, at, SERVICE, late, f"{why}, quiet until then"
    yield zone, "", day - DAY, "19:59", OFFER, USUAL, why
    yield zone, "", day - DAY, "20:00", SERVICE, USUAL, why
    yield zone, "", day - DAY, "20:00", OFFER, USUAL, why
    yield zone, "", day, "09:00", SERVICE, USUAL, why
    yield zone, "", day, "12:00", OFFER, USUAL, f"{why}, a Sunday"
    yield zone, "", day, "12:00", OFFER, Rules(days="0123456"), f"{why}, Sundays allowed"
    yield zone, "", day + DAY, "08:59", OFFER, USUAL, f"the morning after {why}"


def still_night(zone: str, day: date):
    why = "no change of the clock any more"
    for at in ("00:00", "00:30", "02:30", "09:00"):
        yield zone, "", day, at, SERVICE, USUAL, why
    yield zone, "", day - DAY, "23:30", OFFER, USUAL, why


def main() -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(COLUMNS.split())
    for zone, region, day, at, purpose, rules, why in rows():
        moment = meant(zone, datetime.fromisoformat(f"{day} {at}"))
        expected = answer(zone, region, moment, purpose, rules)
        country = PLACES[zone]
        times = (f"{moment:%Y-%m-%dT%H:%MZ}", f"{expected:%Y-%m-%dT%H:%MZ}")
        table.writerow([country, region, zone, day, at, purpose, rules.quiet, rules.days, *times, why])


if __name__ == "__main__":
    main()
