"""Files as rows of text: comma separated (RFC 4180), spreadsheets (ECMA-376) and cards (RFC 2426, RFC 6350).

Everything streams, and what a file is, is told by its first bytes and never by its name alone.
"""

import codecs
import csv
import io
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from charset_normalizer import from_bytes

from crm.imports import cards
from crm.imports.limits import (
    LONGEST_CELL,
    LONGEST_LINE,
    MOST_COLUMNS,
    MOST_ROWS,
    READING_TIME,
)
from tenants.kit.text import clean

HEAD = 256 * 1024  # bytes that are looked at
DELIMITERS = ",;\t|"
END = "\x00"  # which no line holds
ENCODINGS = ("utf-8", "cp1252", "utf-16", "latin-1", "mac-roman", "cp850")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What binary files begin with: zip is looked into, the others are no tables.
ZIP = b"PK\x03\x04"
FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "old_excel"),
    (b"%PDF", "not_table"),
    (b"\x89PNG", "not_table"),
    (b"\xff\xd8\xff", "not_table"),
    (b"GIF8", "not_table"),
    (b"\x1f\x8b", "not_table"),
    (b"Rar!", "not_table"),
    (b"7z\xbc\xaf", "not_table"),
    (b"{\\rtf", "not_table"),
    (b"<!DOCTYPE", "not_table"),
    (b"<html", "not_table"),
)


class NoTable(ValueError):
    """A file that holds no rows we can read. `code` names the sentence (problems.py)."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is to be read."""

    kind: str  # csv, xlsx, vcf
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    has_header: bool = True
    mixed: int = 0  # bytes that are not of the encoding most of the file is in

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "sheets": list(self.sheets)}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Format":
        """Out of JSON."""
        return cls(**{**kept, "sheets": tuple(kept.get("sheets", ()))})


def guess_format(content: IO[bytes], given: dict[str, Any] | None = None) -> Format:
    """How to read a file; what a person has chosen wins. Raises `NoTable`."""
    given = {name: value for name, value in (given or {}).items() if value not in (None, "")}
    content.seek(0)
    head = content.read(HEAD)
    if not head.strip(b"\x00 \r\n\t"):
        raise NoTable("empty")
    if head.startswith(ZIP):
        return _spreadsheet_format(content, given)
    for beginning, code in FOREIGN:
        if head[:32].lstrip().lower().startswith(beginning.lower()):
            raise NoTable(code)
    encoding = given.get("encoding") or _encoding(content, head)
    text = _decoded(head, encoding)
    if (
        text.lstrip("\ufeff \r\n\t")[:12].upper()
        == "BEGIN:VCARD\n"[:11] + text.lstrip("\ufeff \r\n\t")[11:12].upper()
    ):
        return Format("vcf", encoding=encoding)
    if _is_binary(text):
        raise NoTable("not_table")
    delimiter = given.get("delimiter") or _delimiter(text)
    return Format("csv", encoding=encoding, delimiter=delimiter, has_header=given.get("has_header", True))


def _decoded(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)


def _encoding(content: IO[bytes], head: bytes) -> str:
    """By its mark, else UTF-8 when all of it is, else what the first bytes look most like."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    if _looks_utf16(head):
        return "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be"
    if _is_utf8(content):
        return "utf-8"
    # Of the single-byte encodings cp1252 holds what Windows writes in our languages; the others are rare.
    found = from_bytes(
        head.replace(b"\x00", b""), cp_isolation=["cp1252", "mac_roman", "cp850", "utf_8"]
    ).best()
    name = found.encoding.replace("_", "-") if found else "cp1252"
    return name if name in ENCODINGS else "cp1252"


def _looks_utf16(head: bytes) -> bool:
    sample = head[:4_000]
    return len(sample) > 4 and (
        sample[1::2].count(0) > len(sample) // 3 or sample[::2].count(0) > len(sample) // 3
    )


def _is_utf8(content: IO[bytes]) -> bool:
    """Whether nearly all is UTF-8: a few foreign bytes in a large file are told row by row."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    broken = high = 0
    while piece := content.read(1 << 20):
        if piece.isascii():
            continue
        text = decoder.decode(piece)
        broken += sum(1 for char in text if "\udc80" <= char <= "\udcff")
        high += sum(1 for char in text if char > "\x7f")
    return broken * 10 <= high


def _is_binary(text: str) -> bool:
    """Control characters that no table has."""
    sample = text[:20_000]
    odd = sum(
        1 for char in sample if (char < " " and char not in "\t\r\n\x00\x0b\x0c\x1a") or char == "\ufffd"
    )
    return odd * 20 > len(sample) or sample.count("\x00") * 5 > len(sample)


def _delimiter(text: str) -> str:
    """The one that cuts most lines into the same number of parts, more than one."""
    best, delimiter = 0.0, ","
    lines = text[:64_000].splitlines()[:60]
    if lines and (said := re.fullmatch(r"sep=(.)", lines[0].strip('\ufeff "'), re.IGNORECASE)):
        return said[1]
    for candidate in DELIMITERS:
        counts = [len(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=candidate) if row]
        if not counts or max(counts) < 2:
            continue
        usual = max(set(counts), key=counts.count)
        score = counts.count(usual) / len(counts) * (1 + min(usual, 20) / 40) if usual > 1 else 0
        if score > best:
            best, delimiter = score, candidate
    return delimiter


# --- rows ---


def rows(content: IO[bytes], form: Format, seconds: float = READING_TIME) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, empty ones left out. Raises `NoTable` where the file is none.

    The texts are clean (NFC, no NUL) and cut at `LONGEST_CELL`; undecodable bytes are U+FFFD.
    """
    content.seek(0)
    ends = time.monotonic() + seconds
    read = {"csv": _text_rows, "xlsx": _sheet_rows, "vcf": _card_rows}[form.kind]
    count = 0
    for place, (number, row) in enumerate(read(content, form)):
        if place % 500 == 0 and time.monotonic() > ends:
            raise NoTable("too_slow")
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise NoTable("too_many_columns", str(len(cells)))
        count += 1
        if count > MOST_ROWS + 1:
            raise NoTable("too_many_rows", str(MOST_ROWS))
        yield number, cells


def _cell(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip()[:LONGEST_CELL]
    return clean(text).strip().lstrip("\ufeff")[:LONGEST_CELL]


def _text_rows(content: IO[bytes], form: Format) -> Iterator[tuple[int, list[str]]]:
    try:
        lines = _ended(_lines(content, form.encoding))
        reader = csv.reader(lines, delimiter=form.delimiter)
        before = 0
        for row in reader:
            number, before = before + 1, reader.line_num
            if row == [END]:
                return
            if row and row[-1].endswith(END):
                raise NoTable("broken_quotes", str(number))
            if number == 1 and len(row) == 1 and row[0].lower().startswith("sep="):
                continue
            yield number, row
    except csv.Error as error:
        raise NoTable("broken_quotes", str(before + 1)) from error
    except UnicodeError as error:
        raise NoTable("wrong_encoding", form.encoding) from error


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Lines with an end of their own: found in a cell, it tells that a quotation mark was never closed."""
    for line in lines:
        yield line if line.endswith(("\n", "\r")) else f"{line}\n"
    yield END


def _lines(content: IO[bytes], encoding: str) -> Iterator[str]:
    """The lines of a text, NUL characters left out."""
    csv.field_size_limit(LONGEST_LINE)
    wrapper = io.TextIOWrapper(
        io.BufferedReader(_Kept(content)), encoding=encoding, errors="replace", newline=""
    )
    while line := wrapper.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise NoTable("not_table")
        yield line.replace("\x00", "")


class _Kept(io.RawIOBase):
    """A file that stays open when its reader goes."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._content.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _card_rows(content: IO[bytes], form: Format) -> Iterator[tuple[int, list[str]]]:
    yield 0, list(cards.COLUMNS)
    yield from cards.read(_lines(content, form.encoding))


# --- spreadsheets ---


def _spreadsheet_format(content: IO[bytes], given: dict[str, Any]) -> Format:
    from crm.imports import sheets  # noqa: PLC0415 -- 20 MB where nobody brings a spreadsheet

    with sheets.opened(content) as book:
        names = tuple(sheet.title for sheet in book.worksheets)
        if not names:
            raise NoTable("not_table")
        sheet = given.get("sheet")
        active = book.active.title if book.active is not None and book.active.title in names else names[0]
        chosen = str(sheet) if sheet in names else active
    return Format("xlsx", sheet=chosen, sheets=names[:50], has_header=given.get("has_header", True))


def _sheet_rows(content: IO[bytes], form: Format) -> Iterator[tuple[int, list[str]]]:
    from crm.imports import sheets  # noqa: PLC0415 -- as above

    return sheets.rows(content, form.sheet)


# --- the words over the columns ---


def split_header(
    numbered: Iterable[tuple[int, list[str]]], form: Format
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The words over the columns, and the rows below them. Doubled words are told apart by a number."""
    iterator = iter(numbered)
    if not form.has_header:
        return [], iterator
    _number, header = next(iterator, (0, []))
    return unlike(header), iterator


def unlike(header: Sequence[str]) -> list[str]:
    """Header words, each once: "Phone", "Phone (2)"; a column without a word is called by its letter."""
    seen: dict[str, int] = {}
    words = []
    for place, text in enumerate(header):
        word = " ".join(text.split())[:100] or letter(place)
        seen[word.casefold()] = count = seen.get(word.casefold(), 0) + 1
        words.append(word if count == 1 else f"{word} ({count})")
    return words


def letter(place: int) -> str:
    """What a spreadsheet calls a column: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def has_header(first: Sequence[str]) -> bool:
    """Whether a row holds words over columns, not a first customer: no address, no number, no date in it."""
    filled = [text for text in first if text]
    odd = [text for text in filled if "@" in text or sum(char.isdigit() for char in text) > 3]
    return bool(filled) and not odd
