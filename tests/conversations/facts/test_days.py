"""Which days a message asks about: three languages, the holidays of seven countries."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from conversations.facts import opening
from conversations.facts.days import Asked, day_asked, easter
from tenants.hours import Calendar, public_holidays

SATURDAY = date(2026, 11, 21)


def holidays_of(country: str):
    return lambda year: public_holidays(country, "", year, "pt-br" if country == "BR" else "es")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("¿a qué hora abren?", []),
        ("abren por la mañana?", []),
        ("hoy abren?", ["11-21"]),
        ("abren mañana?", ["11-22"]),
        ("mañana en la mañana abren?", ["11-22"]),
        ("y pasado mañana?", ["11-23"]),
        ("el lunes abren?", ["11-23"]),
        ("los domingos", ["11-22"]),
        ("el próximo sábado", ["11-28"]),
        ("abren el finde", ["11-21", "11-22"]),
        ("abren el 24?", ["11-24"]),
        ("y el 24/12?", ["12-24"]),
        ("24 de diciembre", ["12-24"]),
        ("abren en nochebuena y año nuevo", ["12-24"]),
        ("en navidad abren", ["12-25"]),
        ("el feriado abren?", ["12-25"]),
        ("abren mañana que es feriado?", ["11-22"]),
    ],
)
def test_days_in_spanish(text: str, days: list[str]) -> None:
    found = day_asked(text, SATURDAY, "es", holidays_of("MX")).days
    assert [f"{day:%m-%d}" for day in found] == days


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("abre amanhã?", "pt", ["11-22"]),
        ("depois de amanhã", "pt", ["11-23"]),
        ("abre segunda-feira?", "pt", ["11-23"]),
        ("aos domingos", "pt", ["11-22"]),
        ("abrem dia 24?", "pt", ["11-24"]),
        ("na véspera de natal", "pt", ["12-24"]),
        ("no carnaval vcs abrem", "pt", ["02-08", "02-09"]),
        ("sexta-feira santa", "pt", ["03-26"]),
        ("open tmrw?", "en", ["11-22"]),
        ("day after tomorrow", "en", ["11-23"]),
        ("are you open on the 24th", "en", ["11-24"]),
        ("open dec 24?", "en", ["12-24"]),
        ("12/24?", "en", ["12-24"]),
        ("open on christmas eve", "en", ["12-24"]),
        ("on the weekend", "en", ["11-21", "11-22"]),
    ],
)
def test_days_in_portuguese_and_english(text: str, language: str, days: list[str]) -> None:
    found = day_asked(text, SATURDAY, language, holidays_of("BR")).days
    assert [f"{day:%m-%d}" for day in found] == days


@pytest.mark.parametrize(
    ("country", "text", "day"),
    [
        ("MX", "el feriado", "2026-12-25"),
        ("MX", "el día de la constitución", "2027-02-01"),
        ("BR", "no feriado", "2026-12-25"),
        ("BR", "tiradentes", "2027-04-21"),
        ("AR", "abren el feriado?", "2026-11-23"),
        ("AR", "el dia de la inmaculada concepcion", "2026-12-08"),
        ("CL", "abren para fiestas patrias", "2027-09-17"),
        ("CO", "el festivo", "2026-12-08"),
        ("PE", "en fiestas patrias", "2027-07-28"),
        ("PE", "santa rosa de lima", "2027-08-30"),
    ],
)
def test_holidays_of_each_country(country: str, text: str, day: str) -> None:
    language = "pt" if country == "BR" else "es"
    assert str(day_asked(text, SATURDAY, language, holidays_of(country)).days[0]) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("hoy a las 9 de la noche", time(21)),
        ("hoje às 21h", time(21)),
        ("sunday at 9 pm", time(21)),
        ("a las 21:30", time(21, 30)),
        ("a las 9", time(9)),
        ("de 9 a 5", None),
        ("el 24", None),
    ],
)
def test_time_of_day(text: str, at: time | None) -> None:
    assert day_asked(text, SATURDAY, "es").at == at


def test_days_that_there_are_not_are_none() -> None:
    assert day_asked("el 31 de febrero, el 45 y 99/99", SATURDAY, "es") == Asked()
    assert day_asked("el 31", date(2027, 2, 3), "es").days == (date(2027, 3, 31),)
    assert (easter(2026), easter(2027)) == (date(2026, 4, 5), date(2027, 3, 28))


WEEK = {day: [["10:00", "14:00"], ["16:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def calendar(zone: str = "America/Mexico_City", country: str = "MX", **more: object) -> Calendar:
    week = {**WEEK, "sat": [["10:00", "15:00"]], "sun": []}
    return Calendar(
        **{"zone": ZoneInfo(zone), "week": week, "country": country, "keeps_holidays": True, **more}
    )


def told(text: str, at: str, language: str = "es", **more: object) -> str:
    own = calendar(**more)
    with translation.override(language):
        moment = datetime.fromisoformat(at).replace(tzinfo=own.zone)
        return opening.told(own, moment, text, language[:2])


def test_closed_day_says_why_and_when_it_opens_again() -> None:
    said = told("abren en navidad?", "2026-12-20 12:00")
    assert (
        said
        == "El viernes 25 de diciembre (Navidad) está cerrado. Abrimos de nuevo el sábado 26 de diciembre a las 10:00."
    )


def test_day_of_its_own_counts_before_the_holiday() -> None:
    special = {date(2026, 12, 25): ("Posada", [["09:00", "12:00"]])}
    assert told("y en navidad?", "2026-12-20 12:00", special=special) == (
        "El viernes 25 de diciembre (Posada) abrimos de 09:00 a 12:00."
    )


def test_time_of_day_is_answered() -> None:
    said = told("hoy a las 9 de la noche abren?", "2026-11-20 12:00")
    assert said == "Hoy abrimos de 10:00 a 14:00 y 16:00 a 19:00. A las 21:00 está cerrado."


def test_hours_in_general_are_the_week() -> None:
    said = told("what are your hours?", "2026-11-18 12:00", "en")
    assert said == (
        "Our hours: Monday to Friday 10:00 AM to 2:00 PM and 4:00 PM to 7:00 PM; Saturday 10:00 AM to 3:00 PM;"
        " Sunday closed."
    )


def test_clock_that_changes_moves_no_hour() -> None:
    own = {"zone": "America/Santiago", "country": "CL"}
    said = told("abren el lunes 6 de abril?", "2026-04-04 20:00", **own)  # the clock goes back that night
    assert said == "El lunes 6 de abril abrimos de 10:00 a 14:00 y 16:00 a 19:00."
    assert told("mañana?", "2026-04-04 23:30", **own).startswith("Mañana domingo 5 de abril")


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (
            "abre no natal?",
            "pt-br",
            "Sexta-feira, 25 de dezembro (Navidad) está fechado. Abrimos de novo: sábado, 26 de dezembro às 10:00.",
        ),
        (
            "vcs abrem amanhã?",
            "pt-br",
            "Amanhã, segunda-feira, 21 de dezembro, abrimos das 10:00 às 14:00 e 16:00 às 19:00.",
        ),
        (
            "are you open on christmas?",
            "en",
            "On Friday, December 25 (Navidad) we are closed. We open again on Saturday, December 26 at 10:00 AM.",
        ),
    ],
)
def test_days_are_told_in_each_language(text: str, language: str, said: str) -> None:
    assert told(text, "2026-12-20 12:00", language) == said
