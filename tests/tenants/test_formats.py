"""Money, numbers and dates as people of each country write them."""

from datetime import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from tenants import formats, zones
from tenants.localities import LOCALITIES

AT = datetime(2026, 11, 21, 14, 5)
MIDNIGHT = datetime(2026, 3, 1, 0, 7)


def plain(text: str) -> str:
    """With ordinary spaces, to be read."""
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("country", "whole", "with_cents"),
    [
        ("MX", "$13,900", "$1,390.50"),
        ("BR", "R$ 13.900,00", "R$ 1.390,50"),
        ("AR", "$ 13.900", "$ 1.390,50"),
        ("CO", "$ 13.900", "$ 1.390,50"),
        ("CL", "$13.900", "$1.391"),
        ("PE", "S/ 13,900", "S/ 1,390.50"),
        ("ES", "13.900 €", "1.390,50 €"),
        ("US", "$13,900", "$1,390.50"),
        ("UY", "$ 13.900", "$ 1.390,50"),
        ("PY", "Gs. 13.900", "Gs. 1.391"),
        ("EC", "$13.900", "$1.390,50"),
        ("PA", "$13,900", "$1,390.50"),
        ("VE", "Bs. 13.900", "Bs. 1.390,50"),
        ("PT", "13 900,00 €", "1 390,50 €"),
    ],
)
@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_money_of_a_country(country: str, whole: str, with_cents: str, language: str) -> None:
    currency = LOCALITIES[country].currency
    with translation.override(language), formats.written_in(country):
        amounts = [formats.money("13900.00", currency), formats.money(1390.5, currency)]
    assert [plain(amount) for amount in amounts] == [whole, with_cents]


@pytest.mark.parametrize(
    ("country", "currency", "expected"),
    [
        ("MX", "USD", "USD 13,900"),
        ("MX", "EUR", "EUR 13,900"),
        ("BR", "USD", "US$ 13.900,00"),
        ("US", "MXN", "MX$13,900"),
        ("MX", "XYZ", "XYZ 13,900"),
    ],
)
def test_foreign_money_is_named(country: str, currency: str, expected: str) -> None:
    with formats.written_in(country):
        assert plain(formats.money(13900, currency)) == expected


@pytest.mark.parametrize(
    ("currency", "expected"),
    [
        ("MXN", "$13,900"),
        ("BRL", "R$ 13.900,00"),
        ("USD", "$13,900"),
        ("EUR", "13.900 €"),
        ("CLP", "$13.900"),
    ],
)
def test_money_outside_of_a_business_is_written_as_at_its_home(currency: str, expected: str) -> None:
    assert plain(formats.money(13900, currency)) == expected


@pytest.mark.parametrize("total", [None, "", "mucho", "NaN", "Infinity", "1e", {}, "\x00"])
def test_money_of_what_is_no_number_is_empty(total: object) -> None:
    assert (formats.money(total, "MXN"), formats.number(total)) == ("", "")


def test_money_less_than_nothing_and_immense() -> None:
    with formats.written_in("MX"):
        assert [formats.money(total, "MXN") for total in (-250, 0, 10**15)] == [
            "-$250",
            "$0",
            "$1,000,000,000,000,000",
        ]


@pytest.mark.parametrize("country", sorted(LOCALITIES))
def test_every_country_has_its_money_and_numbers(country: str) -> None:
    with formats.written_in(country):
        assert formats.money(1, LOCALITIES[country].currency) != ""
        assert formats.number(999) == "999"


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("MX", ["7", "1,234", "1,234,567", "4.5", "4.0"]),
        ("BR", ["7", "1.234", "1.234.567", "4,5", "4,0"]),
        ("AR", ["7", "1.234", "1.234.567", "4,5", "4,0"]),
        ("PE", ["7", "1,234", "1,234,567", "4.5", "4.0"]),
        ("US", ["7", "1,234", "1,234,567", "4.5", "4.0"]),
    ],
)
def test_numbers_of_a_country(country: str, expected: list[str]) -> None:
    with formats.written_in(country), translation.override("en"):
        written = [formats.number(value) for value in (7, 1234, 1_234_567, 4.5)] + [formats.number(4, 1)]
    assert written == expected


def test_numbers_outside_of_a_business_follow_the_language() -> None:
    written = {}
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            written[language] = formats.number(13900.5)
    assert written == {"es": "13,900.5", "pt-br": "13.900,5", "en": "13,900.5"}


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("es", "MX", ["21 nov", "21 nov 2026", "21 de noviembre de 2026", "sábado", "21/11/2026 14:05"]),
        ("es", "CO", ["21 nov", "21 nov 2026", "21 de noviembre de 2026", "sábado", "21/11/2026 14:05"]),
        ("es", "PE", ["21 nov", "21 nov 2026", "21 de noviembre de 2026", "sábado", "21/11/2026 14:05"]),
        ("es", "CL", ["21 nov", "21 nov 2026", "21 de noviembre de 2026", "sábado", "21-11-2026 14:05"]),
        ("pt-br", "BR", ["21 nov", "21 nov 2026", "21 de novembro de 2026", "sábado", "21/11/2026 14:05"]),
        ("en", "US", ["Nov 21", "Nov 21, 2026", "November 21, 2026", "Saturday", "11/21/2026 2:05 PM"]),
        ("en", "MX", ["Nov 21", "Nov 21, 2026", "November 21, 2026", "Saturday", "11/21/2026 2:05 PM"]),
        ("es", "BR", ["21 nov", "21 nov 2026", "21 de noviembre de 2026", "sábado", "21/11/2026 14:05"]),
    ],
)
def test_dates_of_a_reader(language: str, country: str, expected: list[str]) -> None:
    with translation.override(language), formats.written_in(country):
        assert [
            formats.day_month(AT, year=False),
            formats.day_month(AT, year=True),
            formats.long_date(AT),
            formats.weekday(AT),
            formats.numeric(AT),
        ] == expected


def test_time_of_day() -> None:
    written = {}
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            written[language] = [formats.clock(MIDNIGHT), formats.clock(AT), formats.exact(MIDNIGHT)]
    assert written == {
        "es": ["00:07", "14:05", "1 de marzo de 2026, 00:07"],
        "pt-br": ["00:07", "14:05", "1 de março de 2026, 00:07"],
        "en": ["12:07 AM", "2:05 PM", "March 1, 2026, 12:07 AM"],
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("es", ["Ciudad de México", "Argentina, Buenos Aires", "México"]),
        ("pt-br", ["Cidade do México", "Argentina, Buenos Aires", "México"]),
        ("en", ["Mexico City", "Argentina, Buenos Aires", "Mexico"]),
    ],
)
def test_places_as_the_reader_calls_them(language: str, expected: list[str]) -> None:
    with translation.override(language):
        own, own_zones = zones.zone_choices("MX")[0]
        places = [zones.label("America/Mexico_City"), zones.label("America/Argentina/Buenos_Aires")]
    assert [*places, own] == expected
    assert ("America/Mexico_City", expected[0]) in own_zones


def test_templates_write_money_and_numbers() -> None:
    page = Template("{% load written %}{% money 13900 'MXN' %} {{ 4.25|number:1 }} {{ 12345|number }}")
    with formats.written_in("MX"):
        assert page.render(Context()) == "$13,900 4.3 12,345"
