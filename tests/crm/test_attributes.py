"""Facts are read as people write them, kept in one form, and compared by the database without failing."""

import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from crm import attributes, written
from crm.attributes import Kind, Unfitting, parse, show
from crm.models import Attribute, Customer
from tenants import formats
from tenants.localities import LOCALITIES
from tenants.models import Tenant
from tests.factories.tenants import Business

COUNTRIES = sorted(LOCALITIES)


def shop(country: str = "MX") -> Tenant:
    return Tenant(country=country, currency=LOCALITIES[country].currency)


def of(kind: str, *options: str) -> Attribute:
    return Attribute(key="k", name="K", kind=kind, options=list(options))


@pytest.mark.parametrize(
    ("country", "text", "kept"),
    [
        ("MX", "1,234.50", "1234.5"),
        ("MX", "1,234", "1234"),
        ("MX", "1.234", "1.234"),
        ("MX", "1.234,50", "1234.5"),
        ("MX", "1,5", "1.5"),
        ("MX", "$", None),
        ("BR", "1.234,50", "1234.5"),
        ("BR", "1.234", "1234"),
        ("BR", "0.234", "0.234"),
        ("BR", "1.234.567", "1234567"),
        ("BR", "1,234.50", "1234.5"),
        ("BR", "1.72", "1.72"),
        ("PT", "1 234,5", "1234.5"),
        ("CR", "1\u00a0234,5", "1234.5"),
        ("ES", "−12,5", "-12.5"),
        ("MX", "١٢", None),
        ("MX", "１２", "12"),
        ("MX", " 007 ", "7"),
        ("MX", ".5", "0.5"),
        ("MX", "-0", "0"),
        ("MX", "12.34.5", None),
        ("MX", "1,23,4", None),
        ("MX", "1e5", None),
        ("MX", "NaN", None),
        ("MX", "1" * 16, None),
        ("MX", "0.1234567", None),
        ("MX", "casi 2", None),
        ("MX", ",", None),
    ],
)
def test_numbers_are_read_as_the_country_writes_them(country: str, text: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Unfitting):
            parse(of(Kind.NUMBER), text, shop(country))
    else:
        assert parse(of(Kind.NUMBER), text, shop(country)) == kept


def test_what_a_program_writes_means_what_programs_mean() -> None:
    assert parse(of(Kind.NUMBER), "1.234", shop("BR"), machine=True) == "1.234"
    assert parse(of(Kind.NUMBER), 1.234, shop("BR")) == "1.234"
    assert parse(of(Kind.NUMBER), Decimal("5E+3"), shop("BR")) == "5000"
    for odd in (float("nan"), float("inf"), True, [1], {"a": 1}, 10**400, 1e300):
        with pytest.raises(Unfitting):
            parse(of(Kind.NUMBER), odd, shop("BR"))


@pytest.mark.parametrize(
    ("country", "text", "kept"),
    [
        ("MX", "$1,234.50", "1234.50"),
        ("MX", "MX$ 20", "20.00"),
        ("MX", "20 MXN", "20.00"),
        ("MX", "-$5", "-5.00"),
        ("MX", "USD 20", None),
        ("MX", "€20", None),
        ("MX", "1.005", None),
        ("BR", "R$ 13.900,00", "13900.00"),
        ("CL", "$ 13.900", "13900"),
        ("CL", "13,5", None),
        ("PY", "Gs. 150.000", "150000"),
    ],
)
def test_amounts_are_of_the_currency_of_the_business(country: str, text: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Unfitting):
            parse(of(Kind.MONEY), text, shop(country))
    else:
        assert parse(of(Kind.MONEY), text, shop(country)) == kept


@pytest.mark.parametrize(
    ("country", "raw", "kept"),
    [
        ("MX", "2026-11-21", "2026-11-21"),
        ("MX", "2026-11-21T10:00:00Z", "2026-11-21"),
        ("MX", "2026-11-21 00:00:00", "2026-11-21"),
        ("MX", "21/11/2026", "2026-11-21"),
        ("MX", "3.4.1999", "1999-04-03"),
        ("US", "11/21/2026", "2026-11-21"),
        ("US", "3/4/1999", "1999-03-04"),
        ("BR", "21-11-85", "1985-11-21"),
        ("BR", "1/2/24", "2024-02-01"),
        ("MX", "1985/11/21", "1985-11-21"),
        ("MX", "21 de noviembre de 1985", "1985-11-21"),
        ("BR", "1º de março de 1990", "1990-03-01"),
        ("US", "November 21st, 1985", "1985-11-21"),
        ("MX", "9 sept. 2001", "2001-09-09"),
        ("MX", datetime(2026, 11, 21, 9), "2026-11-21"),
        ("MX", date(2026, 11, 21), "2026-11-21"),
        ("MX", "31/02/2026", None),
        ("US", "21/11/2026", None),
        ("MX", "21/11", None),
        ("MX", "0001-01-01", None),
        ("MX", "99999-01-01", None),
        ("MX", "ayer", None),
        ("MX", 45000, None),
    ],
)
def test_dates_are_read_as_the_country_writes_them(country: str, raw: Any, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Unfitting):
            parse(of(Kind.DATE), raw, shop(country))
    else:
        assert parse(of(Kind.DATE), raw, shop(country)) == kept


def test_yes_and_no_are_read_in_three_languages() -> None:
    for word in ("Sí", "si", "SIM", "yes", "Y", "1", "true", True, 1, 1.0, "x"):
        assert parse(of(Kind.YES_NO), word, shop()) is True, word
    for word in ("No", "não", "n", "0", "false", False, 0):
        assert parse(of(Kind.YES_NO), word, shop()) is False, word
    with pytest.raises(Unfitting):
        parse(of(Kind.YES_NO), "quizá", shop())


def test_choices_forgive_case_and_accents() -> None:
    size = of(Kind.CHOICE, "Montaña", "Eléctrica", "XL")
    assert parse(size, " montana ", shop()) == "Montaña"
    assert parse(size, "xl", shop()) == "XL"
    assert parse(size, ["XL"], shop()) == "XL"
    with pytest.raises(Unfitting, match="Montaña, Eléctrica, XL"):
        parse(size, "Ruta", shop())
    several = of(Kind.CHOICES, "Rojo, mate", "Azul", "Verde")
    assert parse(several, "verde; rojo, mate", shop()) == ["Rojo, mate", "Verde"]
    assert parse(several, "AZUL, verde, azul", shop()) == ["Azul", "Verde"]
    assert parse(several, ["Azul", "Azul"], shop()) == ["Azul"]
    assert parse(several, [], shop()) is None
    with pytest.raises(Unfitting):
        parse(several, [{"a": 1}], shop())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://mirasol.example/a?b=1", "https://mirasol.example/a?b=1"),
        ("http://mirasol.example", "http://mirasol.example"),
        ("www.mirasol.example/x", "https://www.mirasol.example/x"),
        ("javascript:alert(1)", None),
        ("ftp://mirasol.example", None),
        ("https://ana:secreto@mirasol.example", None),
        ("https://", None),
        ("https://[", None),
        ("mañana", None),
        ("data:text/html,x", None),
    ],
)
def test_links_lead_to_the_web_only(text: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Unfitting):
            parse(of(Kind.LINK), text, shop())
    else:
        assert parse(of(Kind.LINK), text, shop()) == kept


def test_nothing_is_nothing_of_any_kind() -> None:
    for kind in Kind:
        for raw in (None, "", "  ", []):
            assert parse(of(kind, "A"), raw, shop()) is None


def test_text_is_kept_as_it_is_written() -> None:
    assert parse(of(Kind.TEXT), " a\x00b\r\nc ", shop()) == "ab\nc"
    assert parse(of(Kind.TEXT), 172, shop()) == "172"
    with pytest.raises(Unfitting):
        parse(of(Kind.TEXT), {"a": 1}, shop())


# --- whatever is written ---


def test_a_number_shown_in_any_country_is_read_back_the_same() -> None:
    chance = random.Random(4)
    for _round in range(1_500):
        country = chance.choice(COUNTRIES)
        exact = Decimal(chance.randint(-(10**11), 10**11)).scaleb(-chance.randint(0, 6))
        kept = parse(of(Kind.NUMBER), str(exact), shop(country), machine=True)
        with formats.written_in(country):
            shown = formats.number(kept, len(kept.partition(".")[2]))
        assert parse(of(Kind.NUMBER), shown, shop(country)) == kept, (country, shown)
        assert (
            parse(of(Kind.NUMBER), attributes.editable(of(Kind.NUMBER), kept, shop(country)), shop(country))
            == kept
        )
        amount = parse(of(Kind.MONEY), chance.randint(-(10**9), 10**9), shop(country))
        written_so = show(of(Kind.MONEY), amount, shop(country))
        assert parse(of(Kind.MONEY), written_so, shop(country)) == amount, (country, written_so)


def test_a_day_in_the_figures_of_any_country_is_read_back_the_same() -> None:
    chance = random.Random(5)
    for _round in range(500):
        country = chance.choice(COUNTRIES)
        day = date.fromordinal(chance.randint(date(1900, 1, 1).toordinal(), date(2200, 12, 31).toordinal()))
        figures = f"{day:%m/%d/%Y}" if written.months_first(country) else f"{day:%d/%m/%Y}"
        assert parse(of(Kind.DATE), figures, shop(country)) == day.isoformat()
        for language in ("es", "pt-br", "en"):
            with translation.override(language):
                assert parse(of(Kind.DATE), formats.long_date(day), shop(country)) == day.isoformat()


ALPHABET = "0123456789.,-+/: '’$€%aeñíãçxX№½²\u00a0\u202e\x00\ud800\U0001f600;|\nhttps"


def test_any_text_is_kept_in_one_form_or_refused_with_a_sentence() -> None:
    chance, sentences = random.Random(6), []
    for _round in range(4_000):
        kind = chance.choice(list(Kind))
        text = "".join(chance.choice(ALPHABET) for _ in range(chance.randint(0, 14)))
        attribute, business = of(kind, "S", "M", "ñ"), shop(chance.choice(COUNTRIES))
        try:
            kept = parse(attribute, text, business, machine=chance.random() < 0.3)
        except Unfitting as refusal:
            sentences.append(str(refusal))
            continue
        if kept is None:
            continue
        assert attributes.fits(attribute, kept), (kind, text, kept)
        assert parse(attribute, kept, business, machine=True) == kept, (kind, text, kept)
        assert show(attribute, kept, business), (kind, text, kept)
    assert all(sentences)


# --- in the database ---


def test_the_database_compares_facts_and_never_fails_on_others(scope: Business) -> None:
    values: list[Any] = [
        "12.5", 7, "-3", "NaN", "Infinity", "1e5", "12,5", "", "2026-02-30", "2026-02-28", "9999-99-99",
        True, False, "true", ["a"], {"a": 1}, None, "9" * 40, "00012", "1" * 15 + "." + "1" * 18,
    ]  # fmt: skip
    now = timezone.now()
    for value in values:
        Customer.objects.create(attributes={"K'ey \" %s": value}, last_contact_at=now)
    Customer.objects.create(last_contact_at=now)
    key = "K'ey \" %s"
    rows = Customer.objects.annotate(
        number=attributes.number_of(key),
        day=attributes.date_of(key),
        yes=attributes.yes_no_of(key),
        chosen=attributes.choices_of(key),
        words=attributes.text_of(key),
    )
    assert sorted(n for n in rows.values_list("number", flat=True) if n is not None) == [
        Decimal("-3"), Decimal(7), Decimal("12"), Decimal("12.5"), Decimal("1" * 15 + "." + "1" * 18),
    ]  # fmt: skip
    assert [d for d in rows.values_list("day", flat=True) if d] == [date(2026, 2, 28)]
    assert sorted(y for y in rows.values_list("yes", flat=True) if y is not None) == [False, True]
    assert [c for c in rows.values_list("chosen", flat=True) if c is not None] == [["a"]]
    assert rows.filter(number__gte=7).count() == 4
    assert rows.filter(day__lt=date(2026, 3, 1)).count() == 1
    assert rows.filter(yes=True).count() == 1
    assert rows.filter(words="12,5").count() == 1
    assert len(rows.order_by("number", "day")) == len(values) + 1
