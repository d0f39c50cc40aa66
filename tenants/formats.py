"""Money, numbers and dates as people write them (CLDR, by way of babel).

Money and numbers follow the country of the business whose page is shown, whatever language its reader
has chosen: two colleagues see the same figure. Words of dates follow the reader's language.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_precision
from django.utils.translation import get_language

from tenants.localities import LOCALITIES, locality

_country: ContextVar[str] = ContextVar("country", default="")

HOMES = {"es": "MX", "pt": "BR", "en": "US"}  # where a language is at home when no country says otherwise
SHARED = {"USD": "US", "EUR": "ES"}  # where a currency of several countries is at home
SIGN_APART = {"AR", "CO"}  # $ 13.900
CENTS_ALWAYS = {"BR", "PT"}  # R$ 13.900,00; elsewhere whole amounts go without
# Signs that CLDR has no more, or not yet.
SIGNS = {("PA", "USD"): "'$'", ("VE", "VES"): "'Bs.'\xa0"}
CODE = re.compile(r"(?<![A-Z])([A-Z]{3})(?=\d)")
SHORT = {"en": ("MMM d", "MMM d, y")}  # Nov 21; 21 nov in the other languages


@contextmanager
def written_in(country: str) -> Iterator[None]:
    """Write money and numbers as in a country (ISO 3166-1 alpha-2) for the duration of a block."""
    token = _country.set(country)
    try:
        yield
    finally:
        _country.reset(token)


def money(total: object, currency: str) -> str:
    """An amount: $13,900 in Mexico, R$ 13.900,00 in Brazil; a foreign currency is named: USD 13,900.

    In: anything that reads as a number, and the code of a currency (ISO 4217).
    Out: "" for what is no number. Outside of a business it is written as where the currency is at home.
    """
    try:
        number = Decimal(str(total))
    except (InvalidOperation, ValueError):
        return ""
    return (
        _money(number, currency, _country.get() or SHARED.get(currency) or _home(currency))
        if number.is_finite()
        else ""
    )


@lru_cache(maxsize=4_096)
def _money(number: Decimal, currency: str, country: str) -> str:
    locale = _locale(country)
    digits = get_currency_precision(currency)
    if number == number.to_integral_value() and country not in CENTS_ALWAYS:
        digits = 0
    pattern = locale.currency_formats["standard"].pattern
    pattern = re.sub(r"0\.0+", f"0.{'0' * digits}" if digits else "0", pattern)
    if country in SIGN_APART:
        pattern = pattern.replace("¤#", "¤\xa0#")
    pattern = pattern.replace("¤", SIGNS.get((country, currency), "¤"))
    with localcontext(rounding=ROUND_HALF_UP):
        text = format_currency(number, currency, pattern, locale, currency_digits=False)
    return CODE.sub("\\1\xa0", text)


def _home(currency: str) -> str:
    """The country that a currency is at home in."""
    return next((country for country, at in LOCALITIES.items() if at.currency == currency), "MX")


def number(value: object, decimals: int | None = None) -> str:
    """A number with the separators of the business's country, "" for what is none."""
    if type(value) is int and decimals is None and -1_000 < value < 1_000:
        return str(value)  # most counts
    try:
        exact = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return ""
    country = _country.get() or HOMES[_language()]
    return _number(exact, decimals, country) if exact.is_finite() else ""


@lru_cache(maxsize=4_096)
def _number(value: Decimal, decimals: int | None, country: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    with localcontext(rounding=ROUND_HALF_UP):
        return format_decimal(value, pattern, _locale(country))


def day_month(value: date, year: bool) -> str:
    """A day in few letters: 21 nov, Nov 21; with its year: 21 nov 2026, Nov 21, 2026."""
    short = SHORT.get(_language(), ("d MMM", "d MMM y"))
    return _date(value, short[year]).replace(".", "")


def long_date(value: date) -> str:
    """A day in words: 21 de noviembre de 2026, 21 de novembro de 2026, November 21, 2026."""
    return _date(value, "long")


def weekday(value: date) -> str:
    """The name of a day's weekday: sábado, Saturday."""
    return _date(value, "EEEE")


def week_date(value: date, year: bool) -> str:
    """A day with its weekday in few letters: sáb 21 nov, Sat, Nov 21."""
    name = _date(value, "EEE").replace(".", "")
    return f"{name}{', ' if _language() == 'en' else ' '}{day_month(value, year)}"


def clock(value: datetime | time) -> str:
    """A time of day: 14:05, 2:05 PM."""
    if _language() != "en":
        return f"{value:%H:%M}"
    return f"{value.hour % 12 or 12}:{value:%M} {'PM' if value.hour >= 12 else 'AM'}"


def numeric(value: datetime) -> str:
    """A moment in figures: 21/11/2026 14:05, 11/21/2026 2:05 PM."""
    return f"{_date(value, 'yMd')} {clock(value)}"


def exact(value: datetime) -> str:
    """A moment in full: 21 de noviembre de 2026, 14:05."""
    return f"{long_date(value)}, {clock(value)}"


def _date(value: date, pattern: str) -> str:
    return _written_date(date(value.year, value.month, value.day), pattern, reader())


@lru_cache(maxsize=4_096)
def _written_date(value: date, pattern: str, locale: str) -> str:
    """Lists show the same days again and again."""
    if pattern == "yMd":
        return format_skeleton(pattern, value, locale=locale)
    return format_date(value, pattern, locale)


def country(code: str) -> str:
    """The name of a country (ISO 3166-1 alpha-2): México, Brasil."""
    return str(_reader().territories.get(code, code))


def _language() -> str:
    language = (get_language() or "es").partition("-")[0]
    return language if language in HOMES else "es"


def reader() -> str:
    """Whose dates are shown: the reader's language, in the business's country where it is spoken there."""
    return str(_reader())


def _reader() -> Locale:
    return _spoken(_language(), _country.get())


@lru_cache(maxsize=128)
def _spoken(language: str, country: str) -> Locale:
    try:
        return Locale(language, country or HOMES[language])
    except UnknownLocaleError:  # English in Mexico
        return Locale(language, HOMES[language])


@lru_cache(maxsize=64)
def _locale(country: str) -> Locale:
    return Locale(locality(country).language.partition("-")[0], country)
