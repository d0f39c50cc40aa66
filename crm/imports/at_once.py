"""Rows that are few enough to be judged and written while somebody waits."""

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.imports import files
from crm.imports.problems import file_sentence
from tenants.kit.text import bare_words
from tenants.refusals import Refused

MOST_ROWS = 1_000
LARGEST = 2 * 1024 * 1024  # bytes of a file
LARGEST_UNPACKED = 20 * 1024 * 1024  # bytes that a spreadsheet may unpack to
MOST_TAGS = 300_000  # of a spreadsheet: reading one costs microseconds and memory, however well it packs
READING_TIME = 10.0  # seconds
PIECE = 64 * 1024
OUTCOMES = ("created", "changed", "unchanged", "refused")


class InvalidImport(Refused):
    """Rows that cannot be read at all."""


@dataclass(slots=True)
class Outcome:
    """What becomes of one row: created, changed, unchanged or refused, and why."""

    row: int
    outcome: str
    name: str = ""
    field: str = ""
    reason: str = ""
    object_id: Any = None


@dataclass(slots=True)
class Imported:
    """What became of all of them. `written` is false for a dry run, and when some row spoilt it."""

    outcomes: list[Outcome]
    counts: dict[str, int] = field(init=False)
    written: bool = False

    def __post_init__(self) -> None:
        said = [one.outcome for one in self.outcomes]
        self.counts = {outcome: said.count(outcome) for outcome in OUTCOMES}


def check_count(rows: Sequence[Any]) -> None:
    """Some rows, and not too many. Raises `InvalidImport`."""
    if not rows:
        raise InvalidImport(_("Send at least one row."), "rows")
    if len(rows) > MOST_ROWS:
        raise InvalidImport(_too_many(), "rows")


def rows_of_table(
    content: bytes, columns: Mapping[str, Sequence[str]], needed: Iterable[str], unnamed: str
) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX file by the names of their columns, empty cells left out.

    `columns` says what each may be called, and `unnamed` what to answer where a needed one is missing.
    Raises `InvalidImport`.
    """
    check_size(content)
    try:
        found = list(_rows(content, columns, needed, unnamed))
    except files.NoTable as problem:
        raise InvalidImport(file_sentence(f"{problem.code}:{problem.value}"), "file") from None
    if not found:
        raise InvalidImport(file_sentence("no_rows"), "file")
    return found


def check_size(content: bytes) -> None:
    """Not too large. Raises `InvalidImport`."""
    if len(content) > LARGEST:
        raise InvalidImport(_("This file is too large: at most %(most)s MB.") % {"most": 2}, "file")


def _rows(
    content: bytes, columns: Mapping[str, Sequence[str]], needed: Iterable[str], unnamed: str
) -> Iterator[dict[str, str]]:
    source = io.BytesIO(content)
    if content.startswith(files.ZIP):
        _check_unpacked(source)
    lines = files.rows(source, files.guess_format(source), READING_TIME)
    _number, head = next(lines, (0, []))
    names = [_column(cell, columns) for cell in head]
    if not set(needed) <= set(names):
        raise InvalidImport(unnamed, "file")
    for count, (_number, cells) in enumerate(lines):
        if count >= MOST_ROWS:
            raise InvalidImport(_too_many(), "file")
        if row := {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}:
            yield row


def _check_unpacked(source: io.BytesIO) -> None:
    """Raises `NoTable` for a spreadsheet that would take long or much memory to read."""
    tags = 0
    try:
        with zipfile.ZipFile(source) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise files.NoTable("unpacks_too_large", str(LARGEST_UNPACKED >> 20))
            for part in packed.infolist():
                with packed.open(part) as opened:
                    while piece := opened.read(PIECE):
                        tags += piece.count(b"<")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise files.NoTable("broken_sheet") from error
    except RuntimeError as error:  # which zipfile raises for a password
        raise files.NoTable("locked") from error
    if tags > MOST_TAGS:
        raise files.NoTable("too_slow")


def _column(cell: str, columns: Mapping[str, Sequence[str]]) -> str:
    plain = bare_words(cell)
    return next((name for name, words in columns.items() if plain in words), "")


def rows_of_json(text: str) -> list[Any]:
    """The rows of a JSON list. Raises `InvalidImport`."""
    try:
        found = json.loads(text.replace("\\u0000", ""))
    except (ValueError, RecursionError):
        raise InvalidImport(_("This is not JSON: send a list of objects."), "file") from None
    if not isinstance(found, list):
        raise InvalidImport(_("Send a list of objects."), "file")
    if len(found) > MOST_ROWS:
        raise InvalidImport(_too_many(), "file")
    return found


def _too_many() -> str:
    return _("At most %(most)s rows at once. Split them.") % {"most": MOST_ROWS}
