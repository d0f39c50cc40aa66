"""Reading an exclusion list: a file of addresses in whatever form somebody made it elsewhere."""

import codecs
import csv
import itertools
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple

from crm import identities
from crm.models import ExclusionList

SAMPLE = 200  # lines by which the column is found
HEAD = 64_000  # bytes by which encoding and delimiter are found
LONGEST_LINE = 10_000  # characters of a line that are looked at
DELIMITERS = (";", "\t", "|", ",")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOTHING_IN_IT = "no_address"
NOT_TEXT = "not_text"


class Unreadable(ValueError):
    """A file that is no list. Its text is NOT_TEXT or NOTHING_IN_IT."""


class Layout(NamedTuple):
    """How a file is written; `column` None takes the whole line."""

    encoding: str
    delimiter: str
    column: int | None


def layout_of(stream: IO[bytes], kind: str, country: str) -> Layout:
    """How a file is written, by its beginning. Raises `Unreadable`."""
    head = stream.read(HEAD)
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), "")
    if not encoding:
        if b"\x00" in head or head.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
            raise Unreadable(NOT_TEXT)
        encoding = "utf-8" if _is_utf8(head) else "cp1252"
    text = head.decode(encoding, "replace")
    lines = [line for line in text.splitlines() if line.strip()][:SAMPLE]
    if len(head) == HEAD and len(lines) > 1:
        lines.pop()  # it may be cut
    best, delimiter, column = 0, "", None
    for candidate in ("", *DELIMITERS):
        for place, hits in _hits(lines, candidate, kind, country).items():
            if hits > best:
                best, delimiter, column = hits, candidate, place
    if not best:
        raise Unreadable(NOTHING_IN_IT)
    return Layout(encoding, delimiter, column)


def _is_utf8(head: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)  # a character cut at the end is none against it
    except UnicodeDecodeError:
        return False
    return True


def _hits(lines: list[str], delimiter: str, kind: str, country: str) -> dict[int | None, int]:
    """How many addresses stand in each column."""
    found: dict[int | None, int] = {}
    for line in lines:
        for place, cell in enumerate(_cells(line, delimiter)):
            if read(cell, kind, country):
                key = place if delimiter else None
                found[key] = found.get(key, 0) + 1
    return found


def _cells(line: str, delimiter: str) -> list[str]:
    if not delimiter:
        return [line.strip().strip("\"'")]
    try:
        return next(csv.reader([line[:LONGEST_LINE]], delimiter=delimiter), [])
    except csv.Error:
        return []


def cell_of(line: str, layout: Layout) -> str:
    """What a line holds in the column of the addresses."""
    cells = _cells(line, layout.delimiter)
    place = layout.column or 0
    return cells[place].strip() if place < len(cells) else ""


def read(text: str, kind: str, country: str) -> str:
    """The canonical form of an address; "" for what is none."""
    if kind == ExclusionList.Kind.PHONE:
        text = text.removesuffix(".0")  # a spreadsheet took it for a number
        if sum(character.isdigit() for character in text) < 8 or any(c.isalpha() for c in text):
            return ""
    elif "@" not in text:
        return ""
    try:
        return identities.canonical(kind, text[:300], country).value
    except identities.InvalidIdentity:
        if kind != ExclusionList.Kind.PHONE or text.startswith("+") or not text.isdigit() or len(text) < 11:
            return ""
    try:  # digits with the country's code, without plus
        return identities.canonical(kind, f"+{text}", country).value
    except identities.InvalidIdentity:
        return ""


def lines_of(stream: IO[str], skip: int) -> Iterator[str]:
    """The lines of a file from one on, each no longer than is looked at, without keeping the file."""
    return itertools.islice(_short(stream), skip, None)


def _short(stream: IO[str]) -> Iterator[str]:
    while line := stream.readline(LONGEST_LINE):
        rest = line
        while rest and not rest.endswith("\n"):
            rest = stream.readline(LONGEST_LINE)
        yield line.replace("\x00", "").rstrip("\r\n")


def batches(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    """So many lines at a time."""
    for batch in itertools.batched(lines, size):
        yield list(batch)


def plain(layout: Layout) -> dict[str, Any]:
    """A layout as it is kept."""
    return layout._asdict()
