"""Text as a person writes it in a block: **bold**, _italic_, [words](address), lists of lines that begin
with a dash. It becomes HTML, and the same as plain text, with its names still to be filled in."""

import re
from collections.abc import Callable
from html import escape

import nh3

from tenants.kit.text import PLACE

TAG = re.compile(PLACE)
HELD = re.compile("\ue000(\\d+)\ue001")
LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,2000})\)")
BOLD = re.compile(r"\*\*([^*\n]{1,1000})\*\*")
ITALIC = re.compile(r"(?<!\w)_([^_\n]{1,1000})_(?!\w)")
ADDRESS = re.compile(
    r"https?://(?=[^\s/?#\ue000@]+\.[^\s/?#\ue000@]{2})[^\s/?#\ue000@]++(?:[/?#]\S*)?|mailto:[^\s@]+@\S+|tel:\+?[\d\s().-]+",
    re.IGNORECASE,
)
BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)
OWN_LINK = re.compile(r"\{\{-?\s*links\.\w+")
ALLOWED_TAGS = {"a", "strong", "em", "br", "p", "ul", "li"}


def held(text: str) -> tuple[str, list[str]]:
    """A text with what is in braces put aside, so that nothing else touches it."""
    tags: list[str] = []

    def aside(match: re.Match[str]) -> str:
        tags.append(match[0])
        return f"\ue000{len(tags) - 1}\ue001"

    return TAG.sub(aside, re.sub("[\ue000\ue001]", "", text)), tags


def put_back(text: str, tags: list[str]) -> str:
    """The text with what was put aside in its place."""
    return HELD.sub(lambda match: tags[int(match[1])], text)


def plain_html(text: str) -> str:
    """A text without markup as HTML."""
    rest, tags = held(text)
    return put_back(escape(rest), tags)


def tidy_address(address: str) -> str:
    """An address as it is meant: www.mirasol.mx gets its https://."""
    address = address.strip()
    return f"https://{address}" if BARE_HOST.fullmatch(address) else address


def is_address(address: str) -> bool:
    """Whether a link leads anywhere: to the web, to mail or telephone, or is a link of our own."""
    rest, tags = held(address)
    return bool(ADDRESS.fullmatch(rest)) or bool(tags and rest == "\ue0000\ue001" and OWN_LINK.match(tags[0]))


def address_source(address: str) -> str:
    """An address whose names are filled in as addresses want it; "" for one that leads nowhere."""
    if not is_address(address):
        return ""
    rest, tags = held(address)
    return put_back(rest, [_within_address(tag) for tag in tags])


def _within_address(tag: str) -> str:
    if tag.startswith("{%") or OWN_LINK.match(tag):
        return tag
    return f"{tag[:-2].rstrip('- ')} | in_address }}}}"


def html(text: str, *, link_style: str = "", paragraph_style: str = "", list_style: str = "") -> str:
    """The text as paragraphs and lists, sanitised."""
    rest, tags = held(text)
    addresses: list[str] = []

    def linked(match: re.Match[str]) -> str:
        address = address_source(put_back(match[2], tags))
        if not address:
            return _emphasised(escape(match[1]))
        addresses.append(address)
        return f'<a href="https://held.example/{len(addresses) - 1}">{_emphasised(escape(match[1]))}</a>'

    def inline(line: str) -> str:
        return _around_links(line, linked)

    parts = "".join(
        _paragraph(one, inline) for one in re.split(r"\n[ \t]*\n", rest.strip("\n")) if one.strip()
    )
    clean = nh3.clean(
        parts, tags=ALLOWED_TAGS, attributes={"a": {"href"}}, link_rel=None, url_schemes={"https"}
    )
    for name, style in (("p", paragraph_style), ("ul", list_style)):
        clean = clean.replace(f"<{name}>", f'<{name} style="{style}">') if style else clean
    clean = re.sub(
        r'<a href="https://held\.example/(\d+)">',
        lambda match: f'<a href="{_quoted(addresses[int(match[1])])}" style="{link_style}">',
        clean,
    )
    return put_back(clean, tags)


def _quoted(address: str) -> str:
    """An address within quotation marks; what is in braces stays as it is."""
    rest, tags = held(address)
    return put_back(escape(rest), tags)


def _around_links(line: str, linked: Callable[[re.Match[str]], str]) -> str:
    found, last = [], 0
    for match in LINK.finditer(line):
        found += [_emphasised(escape(line[last : match.start()])), linked(match)]
        last = match.end()
    return "".join([*found, _emphasised(escape(line[last:]))])


def _emphasised(text: str) -> str:
    return ITALIC.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", text))


def _paragraph(text: str, inline: Callable[[str], str]) -> str:
    found: list[str] = []
    lines: list[str] = []
    items: list[str] = []
    for line in [*text.split("\n"), ""]:
        is_item = line.startswith(("- ", "• "))
        if not is_item and items:
            found.append("<ul>" + "".join(f"<li>{inline(one)}</li>" for one in items) + "</ul>")
            items = []
        if is_item or not line:
            if lines:
                found.append("<p>" + "<br>".join(inline(one) for one in lines) + "</p>")
                lines = []
        else:
            lines.append(line)
        if is_item:
            items.append(line[2:])
    return "".join(found)


def plain(text: str) -> str:
    """The text as it stands in a plain mail: addresses behind their words."""
    rest, tags = held(text)

    def linked(match: re.Match[str]) -> str:
        words, address = match[1], address_source(put_back(match[2], tags))
        return words if not address or put_back(words, tags) == address else f"{words}: {address}"

    rest = ITALIC.sub(r"\1", BOLD.sub(r"\1", LINK.sub(linked, rest)))
    return put_back(rest, tags).strip("\n")


def links_in(text: str) -> list[str]:
    """The addresses that a text links to, as written."""
    rest, tags = held(text)
    return [put_back(match[2], tags) for match in LINK.finditer(rest)]
