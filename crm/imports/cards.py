"""Cards (vCard 2.1, 3.0, 4.0) as rows: one line each, with the same columns for all of them."""

from collections.abc import Iterable, Iterator

from vobject.base import ParseError, getLogicalLines, parseLine

COLUMNS = (
    "Name", "Company", "Phone", "Phone (2)", "Phone (3)", "Email", "Email (2)", "Labels",
    "City", "Address", "Birthday", "Note", "Link", "UID",
)  # fmt: skip
PLACES = {name: place for place, name in enumerate(COLUMNS)}
SEVERAL = {"TEL": ("Phone", "Phone (2)", "Phone (3)"), "EMAIL": ("Email", "Email (2)")}
PLAIN = {"BDAY": "Birthday", "NOTE": "Note", "URL": "Link", "UID": "UID", "CATEGORIES": "Labels"}


class _Lines:
    """Lines as the library wants a file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)

    def readline(self) -> str:
        return next(self._lines, "")

    def __iter__(self) -> Iterator[str]:
        return self._lines


def read(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The cards of a file, each with the number of its first line; lines that are none are passed over."""
    row: list[str] | None = None
    begun = 0
    for line, number in getLogicalLines(_Lines(lines)):
        try:
            name, parameters, value, _group = parseLine(line, number)
        except ParseError:
            continue
        name = name.upper()
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            row, begun = [""] * len(COLUMNS), number
        elif name == "END" and row is not None:
            yield begun, row
            row = None
        elif row is not None:
            _put(row, name, parameters, value)


def _put(row: list[str], name: str, parameters: list[list[str]], value: str) -> None:
    if any("QUOTED-PRINTABLE" in part.upper() for parameter in parameters for part in parameter):
        value = _unquoted(value)
    if name == "FN":
        row[PLACES["Name"]] = _plain(value)
    elif name == "N" and not row[PLACES["Name"]]:
        last, first, middle, *_rest = [*_parts(value), "", "", ""]
        row[PLACES["Name"]] = " ".join(part for part in (first, middle, last) if part)
    elif name == "ORG":
        row[PLACES["Company"]] = _parts(value)[0]
    elif name == "ADR":
        _box, _extra, street, city, *_rest = [*_parts(value), "", "", "", ""]
        row[PLACES["City"]], row[PLACES["Address"]] = city, street
    elif name in SEVERAL:
        free = next((place for place in SEVERAL[name] if not row[PLACES[place]]), None)
        if free:
            row[PLACES[free]] = _plain(value).removeprefix("tel:").removeprefix("mailto:")
    elif name in PLAIN:
        row[PLACES[PLAIN[name]]] = _plain(value)


def _unquoted(value: str) -> str:
    import quopri  # noqa: PLC0415 -- only cards of the nineties need it

    return quopri.decodestring(value.encode()).decode("utf-8", "replace")


def _parts(value: str) -> list[str]:
    """The parts between semicolons that no backslash escapes."""
    return [_plain(part.replace("\x1f", "\\;")) for part in value.replace("\\;", "\x1f").split(";")]


def _plain(value: str) -> str:
    """Without escapes (RFC 6350 §3.4)."""
    for escaped, meant in (("\\n", "\n"), ("\\N", "\n"), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        value = value.replace(escaped, meant)
    return value.strip()
