"""When a business is open, in UTC arithmetic: change of the clock, past midnight, holidays, regions."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tenants import hours
from tenants.hours import BadHours, Calendar, is_open_at, next_opening, public_holidays, regions, tidy, today
from tenants.models import SpecialDay
from tenants.models.tenant import office_hours
from tests.factories.tenants import Business

MEXICO = ZoneInfo("America/Mexico_City")
NEW_YORK = ZoneInfo("America/New_York")
MADRID = ZoneInfo("Europe/Madrid")
ALL_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold)


def every_day(zone: ZoneInfo, *pairs: list[str], **fields: object) -> Calendar:
    return Calendar(zone=zone, week={day: list(pairs) for day in ALL_WEEK}, **fields)


def shop(**fields: object) -> Calendar:
    return Calendar(zone=MEXICO, week=office_hours(), country="MX", **fields)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(MEXICO, 2026, 11, 20, 8, 59), False),
        (at(MEXICO, 2026, 11, 20, 9, 0), True),
        (at(MEXICO, 2026, 11, 20, 17, 59), True),
        (at(MEXICO, 2026, 11, 20, 18, 0), False),
        (at(MEXICO, 2026, 11, 21, 13, 59), True),
        (at(MEXICO, 2026, 11, 22, 12, 0), False),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), True),
    ],
)
def test_office_hours_in_the_zone_of_the_business(moment: datetime, expected: bool) -> None:
    assert is_open_at(shop(), moment) is expected


def test_several_intervals_of_a_day() -> None:
    calendar = every_day(MEXICO, ["09:00", "14:00"], ["16:00", "20:00"])
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 20, 15)) is False
    assert next_opening(calendar, at(MEXICO, 2026, 11, 20, 15)) == at(MEXICO, 2026, 11, 20, 16)


def test_night_belongs_to_the_evening_before() -> None:
    calendar = Calendar(zone=MEXICO, week={"fri": [["20:00", "02:00"]]})
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 21, 1, 59)) is True
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 21, 2, 0)) is False
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 20, 1, 0)) is False


def test_from_midnight_to_midnight_is_the_whole_day() -> None:
    calendar = Calendar(zone=MEXICO, week={"fri": [["00:00", "00:00"]]})
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 20, 23, 59)) is True
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 21, 0, 0)) is False


def test_night_of_the_skipped_hour_is_an_hour_shorter() -> None:
    calendar = every_day(NEW_YORK, ["22:00", "04:00"])
    (start, end) = hours.day_of(calendar, date(2026, 3, 7)).intervals[0]
    assert (end - start).total_seconds() == 5 * 3600


def test_night_of_the_hour_that_comes_twice_is_an_hour_longer() -> None:
    calendar = every_day(NEW_YORK, ["22:00", "04:00"])
    (start, end) = hours.day_of(calendar, date(2026, 10, 31)).intervals[0]
    assert (end - start).total_seconds() == 7 * 3600


def test_closing_in_the_hour_that_comes_twice_means_the_second() -> None:
    calendar = every_day(MADRID, ["20:00", "02:30"])
    assert is_open_at(calendar, at(MADRID, 2026, 10, 25, 2, 15, fold=1)) is True
    assert is_open_at(calendar, at(MADRID, 2026, 10, 25, 2, 30, fold=1)) is False


def test_opening_in_the_hour_that_is_skipped_happens_after_it() -> None:
    calendar = every_day(NEW_YORK, ["02:30", "05:00"])
    assert next_opening(calendar, at(NEW_YORK, 2026, 3, 8, 1)) == at(NEW_YORK, 2026, 3, 8, 3, 30)


def test_holiday_is_closed_and_says_why() -> None:
    calendar = shop(keeps_holidays=True)
    christmas = at(MEXICO, 2026, 12, 25, 12)
    assert is_open_at(calendar, christmas) is False
    assert today(calendar, christmas).reason == "Navidad"
    assert next_opening(calendar, christmas) == at(MEXICO, 2026, 12, 26, 9)


def test_holiday_that_is_not_kept_is_an_ordinary_day() -> None:
    assert is_open_at(shop(keeps_holidays=False), at(MEXICO, 2026, 12, 25, 12)) is True


def test_night_before_a_holiday_still_runs_into_it() -> None:
    calendar = every_day(MEXICO, ["20:00", "02:00"], country="MX", keeps_holidays=True)
    assert is_open_at(calendar, at(MEXICO, 2026, 12, 25, 1)) is True
    assert is_open_at(calendar, at(MEXICO, 2026, 12, 26, 1)) is False


def test_region_keeps_its_own_holidays() -> None:
    brazil = ZoneInfo("America/Sao_Paulo")
    revolution = at(brazil, 2026, 7, 9, 12)
    paulista = every_day(brazil, ["09:00", "18:00"], country="BR", region="SP", keeps_holidays=True)
    carioca = every_day(brazil, ["09:00", "18:00"], country="BR", region="RJ", keeps_holidays=True)
    assert (is_open_at(paulista, revolution), is_open_at(carioca, revolution)) == (False, True)


def test_special_day_stands_above_holiday_and_week() -> None:
    special = {
        date(2026, 12, 25): ("Venta navideña", [["10:00", "12:00"]]),
        date(2026, 11, 20): ("Inventario", []),
    }
    calendar = shop(keeps_holidays=True, special=special)
    assert is_open_at(calendar, at(MEXICO, 2026, 12, 25, 11)) is True
    assert is_open_at(calendar, at(MEXICO, 2026, 11, 20, 11)) is False
    assert today(calendar, at(MEXICO, 2026, 11, 20, 11)).reason == "Inventario"


def test_next_opening_while_open_is_now() -> None:
    now = at(MEXICO, 2026, 11, 20, 10)
    assert next_opening(shop(), now) == now


def test_next_opening_skips_the_weekend() -> None:
    assert next_opening(shop(), at(MEXICO, 2026, 11, 21, 15)) == at(MEXICO, 2026, 11, 23, 9)


def test_never_open_has_no_next_opening() -> None:
    assert next_opening(Calendar(zone=MEXICO, week={}), at(MEXICO, 2026, 11, 20, 10)) is None


def test_today_is_the_date_of_the_business() -> None:
    assert today(shop(), datetime(2026, 11, 21, 3, tzinfo=UTC)).date == date(2026, 11, 20)


def test_holidays_speak_the_language_of_the_business_where_known() -> None:
    christmas = date(2026, 12, 25)
    names = [public_holidays("MX", "", 2026, language)[christmas] for language in ("es", "en", "pt-br")]
    assert names == ["Navidad", "Christmas Day", "Navidad"]


def test_unknown_country_or_region_does_not_fail() -> None:
    assert public_holidays("XX", "", 2026, "es") == {}
    assert public_holidays("MX", "NOPE", 2026, "es")[date(2026, 12, 25)] == "Navidad"
    assert regions("XX") == []


def test_regions_are_named() -> None:
    assert ("AC", "Acre") in regions("BR")
    assert regions("MX") == []


def test_calendar_of_a_business_reads_what_it_is_given(scope: Business) -> None:
    day = SpecialDay(date=date(2026, 11, 20), name="Inventario", hours=[])
    calendar = hours.calendar_of(scope.tenant, [day])
    assert calendar.special == {date(2026, 11, 20): ("Inventario", [])}
    assert calendar.zone == MEXICO


def test_tidy_sorts_and_drops_what_is_empty() -> None:
    assert tidy([("16:00", "20:00"), ("", ""), ("9:00".zfill(5), "14:00")]) == [
        ["09:00", "14:00"],
        ["16:00", "20:00"],
    ]


@pytest.mark.parametrize(
    "pairs",
    [
        [("09:00", "")],
        [("", "18:00")],
        [("nine", "18:00")],
        [("25:00", "26:00")],
        [("09:00", "14:00"), ("13:00", "18:00")],
        [("20:00", "02:00"), ("22:00", "23:00")],
    ],
)
def test_tidy_refuses_what_cannot_be_meant(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(BadHours):
        tidy(pairs)


def test_tidy_keeps_whole_minutes_without_zone() -> None:
    assert tidy([("09:00:59", "18:00+02:00")]) == [["09:00", "18:00"]]
    assert time.fromisoformat("09:00") == time(9)
