"""Drafts of answers out of what a business has written already: a page, a document, pasted text.

Headings and questions begin a draft, what follows is its answer. Nothing is worded anew, and nothing is
published: a person reads the drafts first.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree import ElementTree

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from conversations.actions.article_content import LONGEST_ANSWER, LONGEST_QUESTION, question_key
from conversations.actions.article_import import InvalidImport
from tenants.kit import http
from tenants.kit.text import clean, one_line

MOST = 200  # drafts of one text
LARGEST = 2 * 1024 * 1024  # bytes of a page or a document
LONGEST = 400_000  # characters that are read of it
WAIT = 5  # seconds for a page
UNPACKED = 20 * 1024 * 1024  # bytes of a document's text
SHORTEST_ANSWER = 3  # characters
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*$")
UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,})\s*$")
ASKS = re.compile(r"^(?:p|q|pregunta|pergunta|question)\s*(?:\d+\s*)?[:.)-]\s*(.+)$", re.IGNORECASE)
TELLS = re.compile(r"^(?:r|a|respuesta|resposta|answer)\s*[:.)-]\s*(.+)$", re.IGNORECASE)
NUMBERED = re.compile(r"^\d{1,3}[.)]\s+(?=.*\?$)")
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
    page = _Page()
    page.feed(clean(text, LONGEST * 4))
    page.close()
    page.end()
    return page.blocks


def of_page(address: str) -> list[Block]:
    """Paragraphs of a page on the public internet. Raises `InvalidImport`."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        answer = http.get(address, seconds=WAIT, max_bytes=LARGEST, redirects=3)
    except http.HttpError as error:
        raise InvalidImport(_("The page could not be read: %(why)s") % {"why": str(error)}, "url") from None
    if answer.status != 200:
        raise InvalidImport(_("The page answers with %(status)s.") % {"status": answer.status}, "url")
    if answer.content_type in ("text/html", "application/xhtml+xml", ""):
        return of_html(_decoded(answer.body))
    if answer.content_type.startswith("text/"):
        return of_text(_decoded(answer.body))
    raise InvalidImport(_("This address is no page of text."), "url")


# --- documents ---


def of_file(name: str, content: bytes) -> list[Block]:
    """Paragraphs of a document: text, Markdown, a saved page, Word. Raises `InvalidImport`."""
    if len(content) > LARGEST:
        raise InvalidImport(_("This file is too large: at most %(most)s MB.") % {"most": 2}, "file")
    if content.startswith(b"PK\x03\x04"):
        return _of_word(content)
    if content.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")) or b"\0" in content[:1_000]:
        raise InvalidImport(
            _("This kind of file cannot be read. Save it as text, Markdown, HTML or Word (DOCX)."), "file"
        )
    text = _decoded(content)
    is_page = name.lower().endswith((".html", ".htm")) or text.lstrip()[:15].lower().startswith(
        ("<!doctype", "<html")
    )
    return of_html(text) if is_page else of_text(text)


def _decoded(content: bytes) -> str:
    best = from_bytes(content[:LARGEST]).best()
    return str(best) if best else content.decode("utf-8", "replace")


def _of_word(content: bytes) -> list[Block]:
    """Paragraphs of a Word document (ECMA-376, part 1, §17.3.1)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open("word/document.xml") as opened:
            raw = opened.read(UNPACKED)
        if b"<!DOCTYPE" in raw[:2_000]:  # which such a document never has
            raise ValueError
        root = ElementTree.fromstring(raw)  # noqa: S314 -- without a DTD there are no entities to expand
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        ElementTree.ParseError,
        RuntimeError,
        NotImplementedError,
    ):
        raise InvalidImport(_("This file is not a Word document."), "file") from None
    blocks = []
    for paragraph in root.iter(f"{WORD}p"):
        text = one_line("".join(part.text or "" for part in paragraph.iter(f"{WORD}t")), LONGEST)
        if not text:
            continue
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        name = (style.get(f"{WORD}val") or "") if style is not None else ""
        is_heading = bool(re.match(r"(?i)(?:heading|t[ií]tulo|ttulo|title)", name))
        blocks.append(Block(text, opens=is_heading or (text.endswith("?") and len(text) <= LONGEST_QUESTION)))
    return blocks
