"""The law's days, on the calendars of the countries."""

from datetime import date

import pytest

from crm import privacy_clocks as clocks


@pytest.mark.parametrize(
    ("country", "right", "on", "last"),
    [
        # 20 working days from Friday 6 November 2026: the 16th (Revolution Day) is none
        ("MX", "access", date(2026, 11, 6), date(2026, 12, 7)),
        ("MX", "cancellation", date(2026, 11, 6), date(2026, 12, 7)),
        ("BR", "access", date(2026, 11, 3), date(2026, 11, 18)),
        ("CO", "access", date(2026, 11, 3), date(2026, 11, 18)),  # the 16th is a holiday
        ("CO", "rectification", date(2026, 11, 3), date(2026, 11, 25)),
        ("AR", "access", date(2026, 11, 3), date(2026, 11, 13)),
        ("AR", "rectification", date(2026, 10, 19), date(2026, 10, 26)),
        ("CL", "access", date(2026, 11, 3), date(2026, 11, 5)),
        ("CL", "access", date(2026, 12, 1), date(2026, 12, 31)),  # the new law holds from that day on
        ("PE", "access", date(2026, 11, 3), date(2026, 12, 1)),
        ("GT", "access", date(2026, 11, 3), date(2026, 12, 3)),
    ],
)
def test_last_day(country: str, right: str, on: date, last: date) -> None:
    clock = clocks.clock_of(country, right, on)
    assert clocks.last_day(on, clock.days, working=clock.working, country=country, region="") == last


def test_days_left_counts_working_days_both_ways() -> None:
    friday, monday = date(2026, 11, 6), date(2026, 11, 9)
    known = {"working": True, "country": "MX", "region": ""}
    assert clocks.days_left(friday, monday, **known) == 1  # type: ignore[arg-type]
    assert clocks.days_left(monday, friday, **known) == -1  # type: ignore[arg-type]
    assert clocks.days_left(friday, friday, **known) == 0  # type: ignore[arg-type]


def test_every_law_names_itself() -> None:
    assert [country for country, law in clocks.LAWS.items() if not law.access.law or not law.others.law] == []
