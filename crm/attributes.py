"""The one place that knows what a customer's facts look like: read from people, kept, shown, compared.

`parse` makes of what a person, a file or a program gives the one form in which a fact is kept (see
`crm.models.Attribute`); `show` makes of it what people read; `number_of`, `date_of` and their like let
queries compare facts without ever failing on a value that does not fit.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import get_currency_precision
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    Field,
    Func,
    JSONField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import written
from crm.models import Attribute
from crm.written import Unreadable
from tenants import formats
from tenants.db.prepared import prepared
from tenants.kit.text import clean, folded
from tenants.models import Tenant
from tenants.refusals import Refused

Kind = Attribute.Kind
LONGEST_TEXT = 1_000
MOST_CHOSEN = 100
WHOLE_DIGITS, DECIMALS = 15, 6  # of a number
YEARS = range(1900, 2201)
YES = frozenset(["si", "s", "yes", "y", "true", "verdadero", "verdadeiro", "sim", "on", "1", "x"])
NO = frozenset(["no", "n", "false", "falso", "nao", "off", "0"])
CANONICAL_NUMBER = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{WHOLE_DIGITS - 1}}})(?:\.[0-9]{{1,{DECIMALS}}})?")
CANONICAL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_is_link = URLValidator(schemes=["http", "https"])


class Unfitting(Refused):
    """A value that is not of its attribute's kind; the sentence says what would be."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "attributes")


# --- which there are ---


@prepared(Attribute)
def all_attributes() -> QuerySet[Attribute]:
    """All facts the business defined, archived ones too, in its order."""
    return Attribute.objects.all()


def defined() -> dict[str, Attribute]:
    """All of them by their key as people may write it: `defined().get(folded(key))`."""
    return {folded(attribute.key): attribute for attribute in all_attributes()}


def typed(
    given: Mapping[str, Any], tenant: Tenant, *, machine: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Given facts apart: the defined ones in their one form under their one key, and those nobody defined.

    None stands for a defined fact to be forgotten. Raises `Unfitting`, whose sentence names the fact.
    """
    known = defined() if given else {}
    fitting: dict[str, Any] = {}
    free: dict[str, Any] = {}
    for key, raw in given.items():
        attribute = known.get(folded(str(key)))
        if attribute is None:
            free[key] = raw
            continue
        try:
            fitting[attribute.key] = parse(attribute, raw, tenant, machine=machine)
        except Unfitting as refusal:
            raise Unfitting(f"{attribute.name}: {refusal}") from None
    return fitting, free


# --- from people ---


def parse(attribute: Attribute, raw: Any, tenant: Tenant, *, machine: bool = False) -> Any:
    """A value in the form in which it is kept; None for nothing.

    In: what a person wrote, or a cell of a file: text, number, date, boolean, list. `machine` says that a
    program wrote it: then 1.234 is one and a bit even where people would mean a thousand.
    Raises `Unfitting`.
    """
    if isinstance(raw, str):
        raw = clean(raw, 2 * LONGEST_TEXT).strip()
    if raw is None or raw in ("", []):
        return None
    return _READERS[Kind(attribute.kind)](attribute, raw, tenant, machine)


def fits(attribute: Attribute, value: Any) -> bool:
    """Whether a kept value is in the form that the attribute's kind has."""
    return _FORMS[Kind(attribute.kind)](attribute, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and bool(CANONICAL_NUMBER.fullmatch(value))


def _iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if CANONICAL_DATE.fullmatch(value) else None
    except ValueError:
        return None


def _line(raw: Any) -> str:
    """A value as one line of text, for what is read out of text. Raises `Unfitting` for lists and objects."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Unfitting(_("Enter a text, a number, true or false."))
    return " ".join(clean(str(raw), LONGEST_TEXT).split())


def _text(_attribute: Attribute, raw: Any, _tenant: Tenant, _machine: bool) -> str:
    if isinstance(raw, bool):
        return _("Yes") if raw else _("No")
    if isinstance(raw, datetime | date):
        return raw.isoformat()
    text = ", ".join(map(_line, raw)) if isinstance(raw, list) else raw
    if not isinstance(text, str):
        return _line(text)
    if len(text) > LONGEST_TEXT:
        raise Unfitting(_("Enter at most %(count)s characters.") % {"count": LONGEST_TEXT})
    return text


def _number(_attribute: Attribute, raw: Any, tenant: Tenant, machine: bool) -> str:
    sentence = _("Enter a number such as %(sample)s.") % {"sample": written.sample_number(tenant.country)}
    try:
        text = _line(raw)
        found = _exact(raw, text, machine)
        if found is None:
            found = written.decimal_of(text, tenant.country)
    except (Unreadable, InvalidOperation):
        raise Unfitting(sentence) from None
    return _canonical(found, DECIMALS)


def _money(_attribute: Attribute, raw: Any, tenant: Tenant, machine: bool) -> str:
    with formats.written_in(tenant.country):
        sample = formats.money("1234.5", tenant.currency)
    sentence = _("Enter an amount in %(currency)s such as %(sample)s.") % {
        "currency": tenant.currency,
        "sample": sample,
    }
    try:
        text = _line(raw)
        found = _exact(raw, text, machine)
        if found is None:
            found = written.amount_of(text, tenant.country, tenant.currency)
    except (Unreadable, InvalidOperation):
        raise Unfitting(sentence) from None
    digits = get_currency_precision(tenant.currency)
    _canonical(found, digits)
    return f"{found:.{digits}f}".replace("-0.00", "0.00")


def _exact(raw: Any, text: str, machine: bool) -> Decimal | None:
    """A number that needs no reading: given as one, or written as programs write it."""
    if not isinstance(raw, str):
        found = Decimal(str(raw))
        if not found.is_finite():
            raise Unreadable(text)
        return found
    return Decimal(text) if machine and CANONICAL_NUMBER.fullmatch(text) else None


def _canonical(number: Decimal, decimals: int) -> str:
    """Digits with at most one point. Raises `Unfitting` for what is too long to be kept exactly."""
    if number and not -30 < number.adjusted() < WHOLE_DIGITS:
        raise Unfitting(_("This number is too large or too small."))
    text = f"{number:f}"
    whole, _point, parts = text.partition(".")
    parts = parts.rstrip("0")
    if len(parts) > decimals:
        raise Unfitting(_("Enter at most %(count)s decimals.") % {"count": decimals})
    kept = f"{whole}.{parts}" if parts else whole
    return "0" if kept == "-0" else kept


def _date(_attribute: Attribute, raw: Any, tenant: Tenant, _machine: bool) -> str:
    if isinstance(raw, datetime):
        found = raw.date()
    elif isinstance(raw, date):
        found = raw
    else:
        try:
            found = written.date_of(_line(raw), tenant.country, timezone.localdate())
        except Unreadable:
            sample = written.sample_date(tenant.country)
            raise Unfitting(
                _("Enter a date such as %(sample)s or 2026-11-21.") % {"sample": sample}
            ) from None
        except ValueError:
            sample = written.sample_date(tenant.country)
            raise Unfitting(
                _("There is no such day: enter day, month and year as in %(sample)s.") % {"sample": sample}
            ) from None
    if found.year not in YEARS:
        raise Unfitting(_("Enter a date between 1900 and 2200."))
    return found.isoformat()


def _yes_no(_attribute: Attribute, raw: Any, _tenant: Tenant, _machine: bool) -> bool:
    if isinstance(raw, bool):
        return raw
    word = folded(_line(raw)).rstrip(".")
    if word in {"1.0", "0.0"}:  # a cell of a spreadsheet
        word = word[0]
    if word not in YES | NO:
        raise Unfitting(_("Enter yes or no."))
    return word in YES


@lru_cache(maxsize=1_024)
def _by_folded(options: tuple[str, ...]) -> dict[str, str]:
    return {folded(option): option for option in reversed(options)}


def _option(attribute: Attribute, text: str) -> str:
    found = _by_folded(tuple(attribute.options)).get(folded(text))
    if found is None:
        shown = ", ".join(attribute.options[:12]) + ("…" if len(attribute.options) > 12 else "")
        raise Unfitting(
            _("“%(text)s” is not one of the choices: %(choices)s.") % {"text": text[:60], "choices": shown}
        )
    return found


def _choice(attribute: Attribute, raw: Any, _tenant: Tenant, _machine: bool) -> str:
    if isinstance(raw, list):
        if len(raw) != 1:
            raise Unfitting(_("Choose one only."))
        raw = raw[0]
    return _option(attribute, _line(raw))


def _choices(attribute: Attribute, raw: Any, _tenant: Tenant, _machine: bool) -> list[str] | None:
    texts = [_line(one) for one in raw] if isinstance(raw, list) else _listed(attribute, raw)
    if len(texts) > MOST_CHOSEN:
        raise Unfitting(_("Choose at most %(count)s.") % {"count": MOST_CHOSEN})
    chosen = {_option(attribute, text) for text in texts if text}
    return [option for option in attribute.options if option in chosen] or None


def _listed(attribute: Attribute, raw: Any) -> list[str]:
    """The choices that a text names: one, or several between semicolons, bars, line ends or commas."""
    text = clean(raw, LONGEST_TEXT) if isinstance(raw, str) else _line(raw)
    known = _by_folded(tuple(attribute.options))
    for separators in (r"[;|\n]", r"[;|\n,]"):
        parts = [part.strip() for part in re.split(separators, text) if part.strip()]
        if all(folded(part) in known for part in parts):
            break
    return parts


def _link(_attribute: Attribute, raw: Any, _tenant: Tenant, _machine: bool) -> str:
    text = _line(raw)
    if not re.match(r"[a-z][a-z0-9+.-]*:", text, re.I) and "." in text.partition("/")[0]:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        _is_link(text)
    except (ValidationError, ValueError):
        parts = None
    if parts is None or parts.username or parts.password or len(text) > LONGEST_TEXT:
        raise Unfitting(_("Enter an address that begins with https:// or http://."))
    return text


# What each kind looks like when it is kept.
_FORMS: dict[Kind, Callable[[Attribute, Any], bool]] = {
    Kind.TEXT: lambda _attribute, value: isinstance(value, str),
    Kind.NUMBER: lambda _attribute, value: _is_number(value),
    Kind.MONEY: lambda _attribute, value: _is_number(value),
    Kind.DATE: lambda _attribute, value: isinstance(value, str) and _iso(value) is not None,
    Kind.CHOICE: lambda attribute, value: isinstance(value, str) and value in attribute.options,
    Kind.CHOICES: lambda attribute, value: (
        isinstance(value, list) and all(one in attribute.options for one in value)
    ),
    Kind.YES_NO: lambda _attribute, value: isinstance(value, bool),
    Kind.LINK: lambda _attribute, value: (
        isinstance(value, str) and value.lower().startswith(("http://", "https://"))
    ),
}
_READERS: dict[Kind, Callable[[Attribute, Any, Tenant, bool], Any]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.LINK: _link,
}


# --- to people ---


def show(attribute: Attribute, value: Any, tenant: Tenant) -> str:
    """A kept value as people of the business read it; one that does not fit as it stands."""
    if value is None:
        return ""
    if not fits(attribute, value):
        return show_free(value)
    with formats.written_in(tenant.country):
        match attribute.kind:
            case Kind.NUMBER:
                return formats.number(value, len(value.partition(".")[2]))
            case Kind.MONEY:
                return formats.money(value, tenant.currency)
            case Kind.DATE:
                return formats.day_month(date.fromisoformat(value), year=True)
    return show_free(value)


def show_free(value: Any) -> str:
    """A value that nobody defined, as it stands."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def editable(attribute: Attribute, value: Any, tenant: Tenant) -> str:
    """A kept value as the field in which it is edited holds it: `parse` reads it back as the same."""
    if value is None or isinstance(value, bool):
        return {True: "1", False: "0", None: ""}[value]
    if attribute.kind in {Kind.NUMBER, Kind.MONEY} and fits(attribute, value):
        with formats.written_in(tenant.country):
            return formats.number(value, len(value.partition(".")[2]))
    return show_free(value)


# --- in queries over customers: for .annotate(), .filter(), .order_by() ---


def text_of(key: str, path: str = "attributes") -> Combinable:
    """A fact as text, NULL where a customer has none. `path` leads to the JSON, also over a relation."""
    return KeyTextTransform(key, path)


def number_of(key: str, path: str = "attributes") -> Combinable:
    """A number or an amount; NULL where there is none or it is no number."""
    text = KeyTextTransform(key, path)
    is_number = Q(_matches(text, rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,18}})?$"))
    return _guarded(is_number, text, DecimalField(max_digits=36, decimal_places=18))


def date_of(key: str, path: str = "attributes") -> Combinable:
    """A date; NULL where there is none or it is no day of the calendar."""
    text = KeyTextTransform(key, path)
    is_valid = Func(text, Value("date"), function="pg_input_is_valid", output_field=BooleanField())
    is_date = Q(_matches(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")) & Q(is_valid)
    return _guarded(is_date, text, DateField())


def yes_no_of(key: str, path: str = "attributes") -> Combinable:
    """True or false; NULL where there is neither."""
    return _guarded(_is_a("boolean", key, path), KeyTextTransform(key, path), BooleanField())


def choices_of(key: str, path: str = "attributes") -> Combinable:
    """What was chosen, as a JSON list to ask for `contains`; NULL where there is none."""
    value = KeyTransform(key, path)
    return Case(When(_is_a("array", key, path), then=value), default=None, output_field=JSONField())


def _guarded(fitting: Q, text: Combinable, field: "Field[Any, Any]") -> Case:
    """The text as a value of a field, where it is fit to become one: CASE keeps the cast from the others."""
    return Case(When(fitting, then=Cast(text, field)), default=None, output_field=field)


def _matches(text: Combinable, pattern: str) -> Func:
    return Func(
        text, Value(pattern), template="(%(expressions)s)", arg_joiner=" ~ ", output_field=BooleanField()
    )


def _is_a(kind: str, key: str, path: str) -> Q:
    found = Func(KeyTransform(key, path), function="jsonb_typeof", output_field=TextField())
    return Q(
        Func(found, Value(kind), template="(%(expressions)s)", arg_joiner=" = ", output_field=BooleanField())
    )
