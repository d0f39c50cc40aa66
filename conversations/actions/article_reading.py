"""Drafts of answers out of what a business has written already: a page, a document, pasted text.

Headings and questions begin a draft, what follows is its answer. Nothing is worded anew, and nothing is
published: a person reads the drafts first.
"""

import io
import re
import time
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from conversations.actions import pdf_reading
from conversations.actions.article_content import LONGEST_ANSWER, LONGEST_QUESTION, question_key
from conversations.actions.pdf_reading import Unreadable
from tenants.kit import http
from tenants.kit.text import clean, one_line

MOST = 200  # drafts of one text
LARGEST = 2 * 1024 * 1024  # bytes of a page or a document
LONGEST = 400_000  # characters that are read of it
WAIT = 5  # seconds for a page
UNPACKED = 20 * 1024 * 1024  # bytes of a document's text
PIECE = 16 * 1024  # bytes or characters that are read at once
READING_TIME = 5  # seconds
LONGEST_HEADING = 1_000  # characters
SHORTEST_ANSWER = 3  # characters
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*$")
UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,})\s*$")
ASKS = re.compile(r"^(?:p|q|pregunta|pergunta|question)\s*(?:\d+\s*)?[:.)-]\s*(.+)$", re.IGNORECASE)
TELLS = re.compile(r"^(?:r|a|respuesta|resposta|answer)\s*[:.)-]\s*(.+)$", re.IGNORECASE)
NUMBERED = re.compile(r"^\d{1,3}[.)]\s+(?=.*\?$)")
TITLED = re.compile(r"(?:heading|t[ií]tulo|ttulo|title)", re.IGNORECASE)  # styles of Word
EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; `opens` where it begins a new matter."""

    text: str
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and its answer, as they were found."""

    question: str
    answer: str


def drafts(blocks: Iterable[Block]) -> list[Draft]:
    """What a text asks and answers, in its order; a question that is asked twice counts once."""
    found: dict[str, Draft] = {}
    question, answer = "", [""]
    for block in [*blocks, Block("", opens=True)]:
        if not block.opens:
            answer.append(block.text)
            continue
        told = "\n\n".join(part for part in answer if part)[:LONGEST_ANSWER].strip()
        if question and len(told) >= SHORTEST_ANSWER:
            found.setdefault(question_key(question), Draft(question, told))
        question, answer = one_line(block.text, LONGEST_QUESTION), []
    return list(found.values())[:MOST]


# --- text and Markdown ---


def of_text(text: str) -> list[Block]:
    """Paragraphs of plain text: headings of Markdown, lines that ask, and "P:" with "R:" begin a matter."""
    lines = clean(text, LONGEST).split("\n")
    blocks: list[Block] = []
    paragraph: list[str] = []

    def end() -> None:
        if paragraph:
            blocks.append(Block("\n".join(paragraph)))
            paragraph.clear()

    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        plain = EMPHASIS.sub(r"\2", line).strip()
        if not plain or UNDERLINE.match(plain):
            end()
        elif opening := _opening(plain, following):
            end()
            blocks.append(Block(opening, opens=True))
        else:
            paragraph.append(told[1] if (told := TELLS.match(plain)) else plain)
    end()
    return blocks


def _opening(line: str, following: str) -> str:
    if len(line) > LONGEST_HEADING:
        return ""
    if heading := HEADING.match(line):
        return heading[1]
    if asked := ASKS.match(line):
        return asked[1]
    if UNDERLINE.match(following) or (line.endswith("?") and len(line) <= LONGEST_QUESTION):
        return NUMBERED.sub("", line)
    return ""


# --- pages ---


class _Page(HTMLParser):
    """The paragraphs of a page's own text; menus, forms and scripts are left out."""

    SILENT = frozenset(
        ("script", "style", "nav", "header", "footer", "form", "noscript", "svg", "template", "select",
         "button", "head", "iframe")
    )  # fmt: skip
    OPENS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"))
    ENDS = OPENS | frozenset(
        ("p", "div", "li", "dd", "ul", "ol", "dl", "section", "article", "details", "table", "tr", "td", "th",
         "br", "main", "aside")
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.silent: list[str] = []
        self.opens = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent.append(tag)
        if tag in self.ENDS:
            self.end()
            self.opens = tag in self.OPENS
            if tag == "li":
                self.words.append("• ")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        if tag in self.ENDS:
            self.end()
            self.opens = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)

    def end(self) -> None:
        text = one_line("".join(self.words), LONGEST)
        self.words = []
        if text and text != "•":
            asks = text.endswith("?") and len(text) <= LONGEST_QUESTION and not text.startswith("•")
            self.blocks.append(Block(text, opens=self.opens or asks))


def of_html(text: str) -> list[Block]:
    """Paragraphs of a page; headings, terms, summaries and lines that ask begin a matter."""
    page, text, ends = _Page(), clean(text, LONGEST * 4), time.monotonic() + READING_TIME
    for start in range(0, len(text), PIECE):
        _check_time(ends)
        page.feed(text[start : start + PIECE])
    if len(page.rawdata) <= PIECE:  # what is longer is a tag or a comment that never ends
        page.close()
    page.end()
    return page.blocks


def _check_time(ends: float) -> None:
    if time.monotonic() > ends:
        raise Unreadable(_("This takes too long to read. Paste its text instead."), "file")


def of_page(address: str) -> list[Block]:
    """Paragraphs of a page on the public internet. Raises `Unreadable`."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        answer = http.get(address, seconds=WAIT, max_bytes=LARGEST, redirects=3)
    except http.HttpError as error:
        raise Unreadable(_("The page could not be read: %(why)s") % {"why": str(error)}, "url") from None
    if answer.status != 200:
        raise Unreadable(_("The page answers with %(status)s.") % {"status": answer.status}, "url")
    if answer.content_type in ("text/html", "application/xhtml+xml", ""):
        return of_html(_decoded(answer.body))
    if answer.content_type.startswith("text/"):
        return of_text(_decoded(answer.body))
    raise Unreadable(_("This address is no page of text."), "url")


# --- documents ---


def of_file(name: str, content: bytes) -> list[Block]:
    """Paragraphs of a document: text, Markdown, a saved page, Word, PDF. Raises `Unreadable`."""
    if content.startswith(b"%PDF"):
        return of_text(pdf_reading.text_of(content))
    if len(content) > LARGEST:
        raise Unreadable(_("This file is too large: at most %(most)s MB.") % {"most": 2}, "file")
    if content.startswith(b"PK\x03\x04"):
        return _of_word(content)
    if content.startswith(b"\xd0\xcf\x11\xe0") or b"\0" in content[:1_000]:
        raise Unreadable(
            _("This kind of file cannot be read. Save it as text, Markdown, HTML, Word (DOCX) or PDF."),
            "file",
        )
    text = _decoded(content)
    is_page = name.lower().endswith((".html", ".htm")) or text.lstrip()[:15].lower().startswith(
        ("<!doctype", "<html")
    )
    return of_html(text) if is_page else of_text(text)


def _decoded(content: bytes) -> str:
    best = from_bytes(content[:LARGEST]).best()
    return str(best) if best else content.decode("utf-8", "replace")


class _Document:
    """The paragraphs of a Word document (ECMA-376, part 1, §17.3.1), as its parser comes by them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.open: list[_Paragraph] = []
        self.is_text = False

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise ValueError("no such document has a DTD, and entities can grow without end")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{WORD}p":
            self.open.append(_Paragraph())
        elif tag == f"{WORD}pStyle" and self.open:
            self.open[-1].style = attributes.get(f"{WORD}val", "")
        self.is_text = tag == f"{WORD}t"

    def data(self, text: str) -> None:
        if self.is_text and self.open:
            self.open[-1].words.append(text)

    def end(self, tag: str) -> None:
        self.is_text = False
        if tag == f"{WORD}p":
            paragraph = self.open.pop()
            if text := one_line("".join(paragraph.words), LONGEST):
                asks = text.endswith("?") and len(text) <= LONGEST_QUESTION
                self.blocks.append(Block(text, opens=asks or bool(TITLED.match(paragraph.style))))


@dataclass(slots=True)
class _Paragraph:
    style: str = ""
    words: list[str] = field(default_factory=list)


def _of_word(content: bytes) -> list[Block]:
    ends, read = time.monotonic() + READING_TIME, 0
    document = _Document()
    parser = ElementTree.XMLParser(target=document)  # noqa: S314 -- which refuses a DTD
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open("word/document.xml") as opened:
            while piece := opened.read(PIECE):
                read += len(piece)
                if read > UNPACKED:
                    raise Unreadable(_("This document is too long. Paste its text instead."), "file")
                _check_time(ends)
                parser.feed(piece)
        parser.close()
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        ElementTree.ParseError,
        RuntimeError,
        NotImplementedError,
    ):
        raise Unreadable(_("This file is not a Word document."), "file") from None
    return document.blocks
