"""Cells as what they mean: a row of a file becomes what it says of a customer, an order, a consent."""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from babel.numbers import get_currency_name
from django.conf import settings
from django.utils import timezone

from crm import attributes, identities, written
from crm.imports import fields, vocabulary
from crm.imports.problems import Problem
from crm.models import Attribute, Import
from crm.written import Unreadable
from tenants.kit.text import folded, one_line
from tenants.models import Tenant

ESCAPED = re.compile(r"'+[=+\-@\t\r]")
ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
SEVERAL = {
    "email": re.compile(r"[;,|\s]+"),
    "phone": re.compile(r"[;|\n/]+|,(?!\s*ext)|\s+(?:y|e|o|ou|and|or)\s+"),
    "whatsapp": re.compile(r"[;|\n/]+|,"),
}
OTHERS = re.compile(r"[;|\n]+")
LABELS = re.compile(r"[;|,\n]+")
CLOCK = re.compile(
    r"(\d{1,2})(?::|h|\.)?(\d{2})?(?::\d{2}(?:\.\d+)?)?\s*(a\.?\s?m\.?|p\.?\s?m\.?|h|hs|hrs)?", re.IGNORECASE
)
MOMENT = re.compile(
    r"(.*?\d)(?:[T,]|\s)\s*(\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(?:[ap]\.?\s?m\.?|h|hs|hrs)?)\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
LONGEST_ORDER = Decimal("999999999999.99")


class Wrong(ValueError):
    """A cell that cannot be what its column is."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code, self.value = code, value


@dataclass(slots=True)
class Row:
    """What one row says, and what is wrong with it."""

    number: int
    name: str = ""
    company: str = ""
    language: str = ""
    timezone: str = ""
    id: UUID | None = None
    addresses: list[tuple[str, str, str]] = field(default_factory=list)  # kind, value, display
    labels: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)  # what has a column and no word in it
    rest: dict[str, Any] = field(default_factory=dict)  # of an order, an appointment, a consent
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read."""

    place: int
    title: str
    code: str


class RowReader:
    """Reads the rows of one import. `read` never raises: what is wrong is in the row's `problems`."""

    def __init__(self, job: Import, tenant: Tenant) -> None:
        self.target = job.target
        self.tenant = tenant
        self.country = str(job.options.get("country") or tenant.country)
        self.width = max(len(job.columns), len(job.mapping))
        self.facts = {one.key: one for one in attributes.all_attributes()}
        titles = [*job.columns, *([""] * (len(job.mapping) - len(job.columns)))]
        self.columns = [
            Column(place, titles[place], self._fact_code(code, titles[place]))
            for place, code in enumerate(job.mapping)
            if code
        ]
        self.by_code: defaultdict[str, list[Column]] = defaultdict(list)
        for column in self.columns:
            self.by_code[column.code].append(column)
        self.today = timezone.localdate()
        self.now = timezone.now()
        self.months_first = job.options.get("dates") or ""
        self.delimiter = str(job.format.get("delimiter") or "")

    def _fact_code(self, code: str, title: str) -> str:
        """A column that is to be a new fact is read as that fact before there is one."""
        if not code.startswith(fields.NEW_ATTRIBUTE):
            return code
        kind = code.removeprefix(fields.NEW_ATTRIBUTE)
        self.facts.setdefault(title, Attribute(key=title, name=title, kind=kind))
        return fields.ATTRIBUTE + title

    def _is_open(self, text: str) -> bool:
        """Whether a cell swallowed the rows below it, up to the next quotation mark, which was left in it."""
        _first, newline, below = text.partition("\n")
        return bool(newline and self.delimiter and self.delimiter in below) and text.count('"') % 2 == 1

    def read(self, number: int, cells: Sequence[str]) -> Row:
        """What a row says."""
        row = Row(number)
        if len(cells) > self.width and any(cells[self.width :]):
            row.problems.append(("too_many_cells", "", ""))
        if any("\n" in cell and self._is_open(cell) for cell in cells):
            row.problems.append(("open_quote", "", str(number)))
        names: dict[str, list[str]] = {}
        for column in self.columns:
            text = _unescaped(cells[column.place]) if column.place < len(cells) else ""
            if not text:
                row.emptied.add(column.code)
                continue
            if "\ufffd" in text:
                row.problems.append(("mixed_encoding", column.title, text[:80]))
                continue
            try:
                self._take(row, column, text, names)
            except Wrong as wrong:
                row.problems.append((wrong.code, column.title, wrong.value[:200]))
        row.emptied -= {code for code in row.emptied if self._is_said(row, code, names)}
        if names:
            row.name = _whole_name(names)
        if len(row.facts) > attributes_most():
            row.problems.append(("too_many_facts", "", ""))
        return row

    def _is_said(self, row: Row, code: str, names: dict[str, list[str]]) -> bool:
        """Whether another column of the same field has something."""
        if code in {"name", "first_name", "last_name"}:
            return bool(names)
        return len(self.by_code[code]) > 1 and any(kind == code for kind, _value, _shown in row.addresses)

    def _take(self, row: Row, column: Column, text: str, names: dict[str, list[str]]) -> None:
        code = column.code
        if code in fields.ADDRESSES:
            self._take_addresses(row, code, text)
        elif code in {"name", "first_name", "last_name"}:
            names.setdefault(code, []).append(text)
        elif code == "company":
            row.company = _fitting(text, 150)
        elif code == "labels":
            row.labels += [_fitting(word, 40) for word in LABELS.split(text) if word.strip()]
        elif code == "language":
            row.language = _language(text)
        elif code == "timezone":
            row.timezone = _zone(text)
        elif code == "id":
            row.id = _identifier(text)
        elif code.startswith(fields.ATTRIBUTE):
            self._take_fact(row, code.removeprefix(fields.ATTRIBUTE), text)
        else:
            row.rest[code] = self._value(code, text)

    def _take_addresses(self, row: Row, kind: str, text: str) -> None:
        wrong: Wrong | None = None
        for part in SEVERAL.get(kind, OTHERS).split(text):
            if not part or not part.strip():
                continue
            try:
                found = identities.canonical(kind, part.strip(), self.country)
            except identities.InvalidIdentity:
                wrong = wrong or Wrong(_wrong_address(kind, part), part.strip())
                continue
            address = (kind, found.value, found.display[: identities.LONGEST])
            if len(found.value) > identities.LONGEST:
                raise Wrong("too_long", part)
            if address not in row.addresses:
                row.addresses.append(address)
        if wrong:
            raise wrong

    def _take_fact(self, row: Row, key: str, text: str) -> None:
        known = self.facts.get(key)
        if known is None:
            row.facts[key] = _fitting(text, 1_000, one=False)
            return
        try:
            row.facts[key] = attributes.parse(known, self._dated(known, text), self.tenant)
        except attributes.Unfitting as refusal:
            raise Wrong("bad_fact", str(refusal)) from None

    def _dated(self, known: Attribute, text: str) -> Any:
        if known.kind != Attribute.Kind.DATE:
            return text
        try:
            return self.day(text)
        except Wrong:
            return text

    # --- of orders, appointments and consents ---

    def _value(self, code: str, text: str) -> Any:  # noqa: PLR0911, PLR0912 -- a table of codes
        match code:
            case "placed_at" | "since" | "expires_at" | "ends_at" | "starts_at":
                return self.moment_or_clock(code, text)
            case "starts_time":
                return clock(text)
            case "total":
                return self._amount(text)
            case "currency":
                return _currency(text)
            case "status":
                known = vocabulary.STATUSES[self.target].get(folded(text))
                return known if known else _refuse("bad_status", text)
            case "medium":
                return vocabulary.MEDIA.get(folded(text)) or _refuse("bad_medium", text)
            case "purpose":
                return vocabulary.PURPOSES.get(folded(text)) or _refuse("bad_purpose", text)
            case "state":
                return vocabulary.STATES.get(folded(text)) or _refuse("bad_state", text)
            case "ip":
                return _ip(text)
            case "order_id" | "appointment_id":
                return _fitting(text, 120)
            case "number":
                return _fitting(text, 60)
            case "source":
                return _fitting(text, 40)
            case "service" | "place" | "staff":
                return _fitting(text, 150)
            case "note" | "proof":
                return _fitting(text, 500)
        return _fitting(text, 5_000, one=False)

    def _amount(self, text: str) -> Decimal:
        try:
            found = written.amount_of(text, self.country, self.tenant.currency)
        except Unreadable:
            raise Wrong("bad_amount", text) from None
        if abs(found) > LONGEST_ORDER:
            raise Wrong("bad_amount", text)
        return round(found, 2)

    def day(self, text: str) -> date:
        """A day, in the order of day and month that the file has. Raises `Wrong`."""
        if re.fullmatch(r"[2-6]\d{4}", text):  # a spreadsheet's count of days
            return date.fromordinal(date(1899, 12, 30).toordinal() + int(text))
        country = {"months": "US", "days": "ES"}.get(self.months_first, self.country)
        try:
            found = written.date_of(text, country, self.today)
        except Unreadable:
            raise Wrong("bad_date", text) from None
        except (ValueError, OverflowError):
            raise Wrong("no_such_day", text) from None
        if not 1900 <= found.year <= 2200:
            raise Wrong("bad_date", text)
        return found

    def moment_or_clock(self, code: str, text: str) -> datetime | time:
        """A moment in the business's time zone; of an end also the time alone. Raises `Wrong`."""
        if code == "ends_at" and CLOCK.fullmatch(text):
            return clock(text)
        return self.moment(text)

    def moment(self, text: str) -> datetime:
        """A moment; a day alone is its beginning. Raises `Wrong`."""
        found = MOMENT.fullmatch(text)
        if found and not re.fullmatch(r"\d{1,2}", found[1].strip()):
            try:
                day, hour = self.day(found[1].strip()), clock(found[2])
            except Wrong:
                found = None
            else:
                return self._aware(day, hour, found[3] or "")
        return self._aware(self.day(text), time(0), "")

    def _aware(self, day: date, hour: time, offset: str) -> datetime:
        naive = datetime.combine(day, hour)
        if offset:
            return datetime.fromisoformat(f"{naive.isoformat()}{offset.upper().replace('Z', '+00:00')}")
        return naive.replace(tzinfo=self.tenant.zone).astimezone(UTC)


def as_text(value: Any) -> str:
    """A fact as a cell holds it: what `RowReader` reads back as the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def attributes_most() -> int:
    """How many facts a customer may have."""
    from crm.actions.customers import MOST_ATTRIBUTES  # noqa: PLC0415 -- actions import this package

    return MOST_ATTRIBUTES


def clock(text: str) -> time:
    """A time of day: 16:30, 4:30 pm, 16h30. Raises `Wrong`."""
    found = CLOCK.fullmatch(text.strip())
    if not found:
        raise Wrong("bad_time", text)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        raise Wrong("bad_time", text)
    return time(hour, minute)


def _refuse(code: str, text: str) -> Any:
    raise Wrong(code, text)


def _unescaped(text: str) -> str:
    """Without the apostrophe by which exports keep spreadsheets from computing (docs/import-export.md)."""
    return text[1:] if text[0:1] == "'" and ESCAPED.match(text) else text


def _fitting(text: str, most: int, *, one: bool = True) -> str:
    text = " ".join(text.split()) if one else text.strip()
    if len(text) > most:
        raise Wrong("too_long", text)
    return text


def _whole_name(names: dict[str, list[str]]) -> str:
    """ "Ana" and "Pérez", or "Pérez López, Ana": Ana Pérez López."""
    if "first_name" in names or "last_name" in names:
        parts = [*names.get("first_name", []), *names.get("last_name", [])]
        if "name" in names and "first_name" not in names:
            parts = [*names["name"], *names.get("last_name", [])]
        return one_line(" ".join(parts), 150)
    text = names["name"][0]
    last, comma, first = text.partition(",")
    first = first.strip()
    if (
        comma
        and first
        and last.strip()
        and "," not in first
        and folded(first).rstrip(".") not in vocabulary.TITLES
    ):
        text = f"{first} {last.strip()}"
    return one_line(text, 150)


def _wrong_address(kind: str, text: str) -> str:
    if kind in {"phone", "whatsapp"}:
        return "rounded" if ROUNDED.search(text) else "bad_phone"
    return "bad_email" if kind == "email" else "bad_address"


def _language(text: str) -> str:
    plain = folded(text).replace("_", "-")
    code = vocabulary.LANGUAGES.get(plain, plain)
    if code not in dict(settings.LANGUAGES):
        raise Wrong("bad_language", text)
    return code


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(text: str) -> str:
    if text not in _zones():
        raise Wrong("bad_zone", text)
    return text


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Wrong("bad_id", text) from None


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code) or get_currency_name(code, locale="en") == code:
        raise Wrong("bad_currency", text)
    return code


def _ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise Wrong("bad_ip", text) from None


def order_of_days(cells: Iterable[str]) -> str:
    """Whether dates in figures begin with the day or the month, where some date shows it; "" where none."""
    found: Callable[[str], Any] = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}").match
    pairs = [(int(match[1]), int(match[2])) for match in map(found, cells) if match]
    days = any(first > 12 >= second for first, second in pairs)
    months = any(second > 12 >= first for first, second in pairs)
    return "" if days == months else "days" if days else "months"
