"""Numbers and dates as people of a country write them, read back (CLDR, by way of babel)."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_symbol, get_decimal_symbol

from tenants import formats
from tenants.kit.text import folded
from tenants.localities import locality

LANGUAGES = ("es", "pt", "en")
LATER = 20  # years ahead that two digits may still mean
BODY = re.compile(r"([+-]?)([0-9.,\s'’]+)")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T\s]+[0-9:.,]+(?:\s*(?:Z|[+-][0-9:]+))?)?", re.I)
FIGURES = re.compile(r"([0-9]{1,4})\s*[/.\s-]\s*([0-9]{1,2})\s*[/.\s-]\s*([0-9]{2,4})")
SMALL_WORDS = frozenset(["de", "del", "do", "da", "of", "the", "st", "nd", "rd", "th", "o", "a"])


class Unreadable(ValueError):
    """A text that is no number or no date as far as one can tell."""


@lru_cache(maxsize=64)
def _locale(country: str) -> Locale:
    return Locale(locality(country).language.partition("-")[0], country)


# --- numbers ---


def decimal_of(text: str, country: str) -> Decimal:
    """A number: 1,234.50 in Mexico, 1.234,50 in Brazil; where it can mean one thing only, either anywhere.

    Raises `Unreadable`.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    found = BODY.fullmatch(plain)
    if not found:
        raise Unreadable(text)
    sign, body = found[1], found[2].strip()
    whole, parts = _apart(body, country)
    if not whole and not parts:
        raise Unreadable(text)
    return Decimal(f"{sign}{whole or '0'}.{parts or '0'}")


def _apart(body: str, country: str) -> tuple[str, str]:
    """The digits before and behind the decimal sign."""
    at = _decimal_place(body, country)
    whole, parts = (body, "") if at is None else (body[:at], body[at + 1 :])
    if parts and not parts.isdigit():
        raise Unreadable(body)
    if not whole or whole.isdigit():
        return whole, parts
    groups = re.split(r"[.,\s'’]", whole)
    well = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if not well or len(set(re.findall(r"[^0-9]", whole))) != 1:
        raise Unreadable(body)
    return "".join(groups), parts


def _decimal_place(body: str, country: str) -> int | None:
    """Where the decimal sign stands, None where all are separators of thousands."""
    signs = [at for at, char in enumerate(body) if char in ".,"]
    if not signs:
        return None
    last = signs[-1]
    if len(signs) > 1:
        return last if body.count(body[last]) == 1 else None
    if body[last] == get_decimal_symbol(_locale(country)):
        return last
    head, tail = body[:last], body[last + 1 :]
    is_group = len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0")
    return None if is_group else last


def amount_of(text: str, country: str, currency: str) -> Decimal:
    """An amount, with or without the sign or code of its currency. Raises `Unreadable`, as for others'."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for sign in _signs(country, currency):
        for found in (re.match(re.escape(sign), plain, re.I), re.search(f"{re.escape(sign)}$", plain, re.I)):
            if found:
                return decimal_of(plain[: found.start()] + plain[found.end() :], country)
        minus = re.match(rf"[-−]\s*{re.escape(sign)}", plain, re.I)
        if minus:
            return decimal_of("-" + plain[minus.end() :], country)
    return decimal_of(plain, country)


@lru_cache(maxsize=128)
def _signs(country: str, currency: str) -> tuple[str, ...]:
    """How people mark an amount of a currency, the longest first."""
    own = get_currency_symbol(currency, _locale(country))
    with formats.written_in(country):
        shown = formats.money(1, currency).partition("1")[0].strip()
    known = {currency, own, shown, get_currency_symbol(currency, "en")} - {""}
    if any("$" in sign for sign in known):
        known |= {"$", f"{currency}$", f"{currency} $", f"$ {currency}"}
    return tuple(sorted(known, key=len, reverse=True))


# --- dates ---


def date_of(text: str, country: str, today: date) -> date:
    """A day: 2026-11-21 anywhere, 21/11/2026 where days come first, and in words of es, pt or en.

    Two digits of a year mean the nearest such year that is at most twenty years ahead.
    Raises `Unreadable`, and ValueError for a day that no calendar has.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := ISO.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := FIGURES.fullmatch(plain):
        return _by_order(found[1], found[2], found[3], country, today)
    return _in_words(plain, today)


def _by_order(one: str, two: str, three: str, country: str, today: date) -> date:
    if len(one) == 4:
        return date(int(one), int(two), int(three))
    if len(one) == 3 or len(three) == 3:
        raise Unreadable(f"{one}/{two}/{three}")
    day, month = (two, one) if months_first(country) else (one, two)
    return date(_year(three, today), int(month), int(day))


@lru_cache(maxsize=64)
def months_first(country: str) -> bool:
    """Whether a country writes 11/21/2026."""
    pattern = _locale(country).date_formats["short"].pattern
    return pattern.index("M") < pattern.index("d")


def _year(digits: str, today: date) -> int:
    if len(digits) != 2:
        return int(digits)
    year = today.year - today.year % 100 + int(digits)
    return year if year <= today.year + LATER else year - 100


def _in_words(text: str, today: date) -> date:
    """21 de noviembre de 2026, 21 nov 85, November 21st, 2026."""
    tokens = [token for token in re.findall(r"[0-9]+|[^\W\d_]+", folded(text)) if token not in SMALL_WORDS]
    months = [token for token in tokens if token in _months()]
    figures = [token for token in tokens if token.isdigit()]
    if len(tokens) != 3 or len(months) != 1 or len(figures) != 2:
        raise Unreadable(text)
    first, second = figures
    day, year = (second, first) if len(first) == 4 else (first, second)
    if len(day) > 2 or len(year) not in {2, 4}:
        raise Unreadable(text)
    return date(_year(year, today), _months()[months[0]], int(day))


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """The names of the months in three languages, long and short, folded."""
    names: dict[str, int] = {"sept": 9, "set": 9}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in Locale(language).months["format"][width].items():
                names[folded(name).rstrip(".")] = number
    return names


# --- how to write them ---


def sample_number(country: str) -> str:
    """1,234.50 as the country writes it."""
    with formats.written_in(country):
        return formats.number("1234.5", 2)


def sample_date(country: str) -> str:
    """21 November 2026 in figures as the country writes it."""
    return "11/21/2026" if months_first(country) else "21/11/2026"
