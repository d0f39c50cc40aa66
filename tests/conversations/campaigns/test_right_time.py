"""Against right_time.csv, which right_time_table.py works out without the code under test."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conversations.models import SendingPolicy
from conversations.right_time import Hours, NeverAllowed, hours_of, instant, next_allowed, zone_of
from tenants.models import Tenant

TABLE = Path(__file__).with_name("right_time.csv")
MEXICO = Tenant(country="MX", timezone="America/Mexico_City")
USUAL = hours_of(None, MEXICO)


def test_every_row_of_the_table_comes_out_at_its_moment():
    wrong = []
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            zone = ZoneInfo(row["zone"])
            start, end = map(time.fromisoformat, row["quiet"].split("-"))
            hours = Hours(
                start, end, frozenset(map(int, row["weekdays"])), True, row["country"], row["region"]
            )
            at = instant(date.fromisoformat(row["date"]), time.fromisoformat(row["time"]), zone)
            sent = next_allowed(at, zone, hours, promotion=row["purpose"] == "promotion")
            found = tuple(f"{moment:%Y-%m-%dT%H:%MZ}" for moment in (at, sent))
            if found != (row["at"], row["expected"]) or at.tzinfo is not UTC:
                wrong.append((found, row))
    assert wrong == []


def test_the_second_of_two_equal_hours_keeps_its_place():
    zone = ZoneInfo("America/Tijuana")
    hours = Hours(time(22), time(1, 30), frozenset(range(7)), False, "MX", "")
    first = datetime(2026, 11, 1, 8, 45, tzinfo=UTC)  # 01:45 summer time, 15 minutes before the change
    second = datetime(2026, 11, 1, 9, 10, tzinfo=UTC)  # 01:10 again
    assert next_allowed(first, zone, hours, promotion=True) == first
    assert next_allowed(second, zone, hours, promotion=True) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_an_allowed_moment_comes_back_as_it_was_given():
    at = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/Bogota"))
    assert next_allowed(at, ZoneInfo("America/Bogota"), USUAL, promotion=True) is at


def test_nothing_allowed_is_refused_and_ends():
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    nothing = Hours(time(20), time(9), frozenset(), True, "MX", "")
    with pytest.raises(NeverAllowed) as refusal:
        next_allowed(at, MEXICO.zone, nothing, promotion=True)
    assert refusal.value.field == "weekdays"
    assert next_allowed(at, MEXICO.zone, nothing, promotion=False) > at


def test_holidays_are_those_where_the_recipient_lives():
    at = datetime(2026, 9, 16, 18, tzinfo=UTC)  # Mexico's day of independence
    assert next_allowed(at, ZoneInfo("America/Bogota"), USUAL, promotion=True) == at
    assert next_allowed(at, MEXICO.zone, USUAL, promotion=True) == datetime(2026, 9, 17, 15, tzinfo=UTC)
    open_anyway = hours_of(SendingPolicy(keeps_holidays=False), MEXICO)
    assert next_allowed(at, MEXICO.zone, open_anyway, promotion=True) == at


@pytest.mark.parametrize(
    ("own", "phone", "expected"),
    [
        ("America/Lima", "+526641234567", "America/Lima"),
        ("Nowhere/Land", "+526641234567", "America/Tijuana"),
        ("", "+5592987654321", "America/Manaus"),
        ("", "+34612345678", "Europe/Madrid"),
        ("", "+34922123456", "Atlantic/Canary"),
        ("", "+56912345678", "America/Santiago"),
        ("", "+541123456789", "America/Argentina/Buenos_Aires"),
        ("", "+595981123456", "America/Asuncion"),
        ("", "", "America/Mexico_City"),
        ("../../etc", "nonsense", "America/Mexico_City"),
        ("America", "+1", "America/Mexico_City"),
        ("\0", "+999123456789", "America/Mexico_City"),
    ],
)
def test_a_customers_zone(own, phone, expected):
    assert zone_of(own, phone, MEXICO).key == expected


def test_in_a_country_of_several_zones_the_business_s_own_is_taken():
    canary = Tenant(country="ES", timezone="Atlantic/Canary")
    assert zone_of("", "+34612345678", canary).key == "Atlantic/Canary"
    assert (
        zone_of("", "+56912345678", Tenant(country="CL", timezone="Pacific/Easter")).key == "Pacific/Easter"
    )


def test_a_year_of_hours_never_falls_on_a_quiet_one():
    zone, hours = (
        ZoneInfo("America/Santiago"),
        Hours(time(21), time(0, 30), frozenset(range(6)), True, "CL", ""),
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        sent = next_allowed(moment, zone, hours, promotion=True)
        assert sent >= moment
        assert not hours.is_quiet(sent.astimezone(zone).time())
        assert next_allowed(sent, zone, hours, promotion=True) == sent
        moment += timedelta(hours=5)
