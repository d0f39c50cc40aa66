"""Spreadsheets (ECMA-376) as rows of text.

They are measured before they are unpacked, and the texts that their cells share lie on disk meanwhile.
"""

import tempfile
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl.cell.rich_text import CellRichText
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from crm.imports.files import NoTable
from crm.imports.limits import LARGEST_UNPACKED, LONGEST_CELL, MOST_COLUMNS, MOST_PARTS


@contextmanager
def opened(content: IO[bytes]) -> Iterator[Any]:
    """A workbook to stream from. Raises `NoTable` before anything large is unpacked."""
    content.seek(0)
    reader = None
    try:
        _measure(content)
        content.seek(0)
        reader = _DiskReader(content, read_only=True, data_only=True, keep_links=False)
        reader.read()
    except NoTable:
        raise
    except (zipfile.BadZipFile, InvalidFileException) as error:
        raise NoTable("not_table") from error
    except Exception as error:
        if reader is not None:
            reader.close()
        raise NoTable("broken_sheet") from error
    try:
        yield reader.wb
    finally:
        reader.wb.close()
        reader.close()


def _measure(content: IO[bytes]) -> None:
    """Refuse what is no spreadsheet, is locked, or unpacks to too much: no part exceeds what it declares."""
    with zipfile.ZipFile(content) as packed:
        parts = packed.infolist()
        if not any(part.filename.lower() == "[content_types].xml" for part in parts):
            raise NoTable("not_table")
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
            raise NoTable("unpacks_too_large", str(LARGEST_UNPACKED >> 20))
        if any(part.flag_bits & 1 for part in parts):
            raise NoTable("locked")


class _DiskReader(ExcelReader):
    """openpyxl's reader, but the texts that cells share stay on disk: they are most of a large sheet."""

    shared_strings: Any = ()

    def close(self) -> None:
        """Let go of what lies on disk."""
        if isinstance(self.shared_strings, _Strings):
            self.shared_strings.close()

    def read_strings(self) -> None:
        place = self.package.find(SHARED_STRINGS)
        self.shared_strings = _Strings()
        if place is not None:
            with self.archive.open(place.PartName[1:]) as source:
                self.shared_strings.fill(source)


class _Strings(Sequence[str]):
    """Texts on disk, by number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=1 << 16)  # noqa: SIM115 -- closed with the reader
        self._starts = array("Q", [0])

    def fill(self, source: IO[bytes]) -> None:
        """Keep every `<si>` of a shared-strings part."""
        tag, at = f"{{{SHEET_MAIN_NS}}}si", 0
        root: Any = None
        for event, node in iterparse(source, events=("start", "end")):
            if event == "start":
                root = node if root is None else root
            elif node.tag == tag:
                text = str(Text.from_tree(node).content or "")[:LONGEST_CELL].replace("x005F_", "")
                at += self._file.write(text.encode("utf-8", "replace"))
                self._starts.append(at)
                root.clear()
        self._file.flush()

    def close(self) -> None:
        """Forget them."""
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: Any) -> Any:
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()


def rows(content: IO[bytes], title: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet with their numbers. Raises `NoTable` where there is none or it is broken."""
    with opened(content) as book:
        sheet = next((one for one in book.worksheets if one.title == title), None)
        if sheet is None:
            raise NoTable("no_sheet", title)
        sheet.reset_dimensions()
        try:
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if len(row) > MOST_COLUMNS and any(value is not None for value in row[MOST_COLUMNS:]):
                    raise NoTable("too_many_columns", str(len(row)))
                yield number, [_written(value) for value in row[:MOST_COLUMNS]]
        except (
            ParseError,
            KeyError,
            IndexError,
            TypeError,
            ValueError,
            zipfile.BadZipFile,
            EOFError,
        ) as error:
            if isinstance(error, NoTable):
                raise
            raise NoTable("broken_sheet") from error


def _written(value: Any) -> str:  # noqa: PLR0911 -- one line for each kind of cell
    """A cell's value as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            whole_day = value.time() == time(0)
            return value.date().isoformat() if whole_day else value.isoformat(timespec="minutes")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case CellRichText():
            return str(value)
    return str(value)
