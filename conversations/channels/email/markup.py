"""The one policy for HTML that arrives by mail: sanitise, point images elsewhere, read as text."""

import re
from collections.abc import Callable
from html import unescape
from itertools import islice
from urllib.parse import quote, unquote

import html2text
import nh3

MAX_HTML_CHARS = 1_000_000
MAX_ELEMENTS = 10_000  # building the tree is quadratic in nested blocks; this many take a quarter of a second
MAX_TAGS = 40_000  # with end tags
MAX_ATTRIBUTES = 200  # of one tag; looking for duplicates is quadratic
MAX_REOPENED = 500_000  # formatting tags times all tags: unclosed ones are reopened in every block
MAX_LIST_DEPTH = 10  # of quotes and lists in the text version, where each level indents
MAX_TEXT_SOURCE_CHARS = 400_000  # of sanitised HTML read as text

REMOTE_SCHEME = "puente-remote:"  # precedes the percent-encoded address of a blocked image


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TAGS = _names(
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span "
    "strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
_DROPPED_WITH_CONTENT = _names(
    "script style title template noscript iframe object applet svg math select textarea button"
)
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align", "valign", "bgcolor"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size", "face"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "rowspan", "width", "height"},
    "th": {"colspan", "rowspan", "width", "height"},
    "col": {"span", "width"},
    "ol": {"start", "type"},
    "li": {"value"},
    "time": {"datetime"},
}
# Nothing that fetches (url()) or leaves the flow of the text.
_STYLES = _names(
    "background-color border border-bottom border-collapse border-color border-left border-radius "
    "border-right border-spacing border-style border-top border-width color direction "
    "font-family font-size font-style font-weight height letter-spacing line-height margin margin-bottom "
    "margin-left margin-right margin-top max-width padding padding-bottom padding-left padding-right "
    "padding-top text-align text-decoration text-indent text-transform vertical-align white-space width "
    "word-break"
)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_FORMATTING = re.compile(
    r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/][^<>]*>", re.IGNORECASE
)
_TAG_START = re.compile(r"<[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*[^\s/>][^\s/>=]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")
_CID = re.compile(r'src="cid:([^"]*)"')
_INDENTING = re.compile(r"<(/?)(?:blockquote|ul|ol|dl|dd)\b[^<>]*>")
# html2text guards against accidental Markdown lists.
_ESCAPED = re.compile(r"^([> ]*\d*)\\([.+-])", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def sanitise(html: str) -> str:
    """Return HTML that is well formed and harmless, or '' when it was built to choke a parser.

    Images of the mail itself keep `src="cid:…"`; remote ones get `src="puente-remote:<encoded address>"`,
    which no browser loads. `rewrite_images` puts real addresses in their place. Relative ones are dropped.
    """
    html = _within_limits(html[:MAX_HTML_CHARS])
    safe: str = _SANITISER.clean(html) if html else ""
    return safe if len(safe) <= 2 * MAX_HTML_CHARS else ""


def rewrite_images(
    html: str, *, inline: Callable[[str], str | None], remote: Callable[[str], str | None]
) -> str:
    """Give the images of sanitised HTML an address, or none.

    `inline` gets a Content-ID, `remote` the address on the web; each answers with an address to show or None.
    """

    def image(value: str) -> str | None:
        if value.startswith("cid:"):
            return inline(unquote(value[4:]))
        if value.startswith(REMOTE_SCHEME):
            return remote(unquote(value[len(REMOTE_SCHEME) :]))
        return _image_source(value)

    return _cleaner(image, {REMOTE_SCHEME[:-1]}).clean(html)


def content_ids(html: str) -> frozenset[str]:
    """Return the Content-IDs that sanitised HTML shows as images."""
    return frozenset(unquote(unescape(match[1])) for match in _CID.finditer(html))


def to_text(html: str) -> str:
    """Return sanitised HTML as readable plain text; quotes become lines beginning with '>'."""
    source = html[:MAX_TEXT_SOURCE_CHARS]
    if source.rfind("<") > source.rfind(">"):
        source = source[: source.rfind("<")]
    text = _reader().handle(_shallow(source).replace("</td>", " </td>").replace("</th>", " </th>"))
    text = _ESCAPED.sub(r"\1\2", text.replace("\u00a0", " "))
    lines = (line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def strip_tags(html: str) -> str:
    """Return what is left of HTML that `sanitise` refused: its words, crudely."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split())


def _within_limits(html: str) -> str:
    if html.count("<") > MAX_ELEMENTS:
        html = "<".join(html.split("<", MAX_TAGS)[:MAX_TAGS])
        excess = next(islice(_TAG_START.finditer(html), MAX_ELEMENTS, None), None)
        html = html[: excess.start()] if excess else html
    if len(html) > 100_000 and _has_overloaded_tag(html):
        return ""
    decorated = sum(1 for _match in _FORMATTING.finditer(html))
    if decorated * html.count("<") > MAX_REOPENED:
        # Without attributes at most three alike stay open (HTML standard, "Noah's Ark clause").
        return _FORMATTING.sub(r"<\1>", html)
    return html


def _has_overloaded_tag(html: str) -> bool:
    position = 0
    while tag := _TAG_START.search(html, position):
        position, count = tag.end(), 0
        while attribute := _ATTRIBUTE.match(html, position):
            position, count = attribute.end(), count + 1
            if count > MAX_ATTRIBUTES:
                return True
    return False


def _image_source(value: str) -> str | None:
    """Sort the source of an image: kept (cid, small formats as data), marked as remote, or dropped."""
    value = value.strip()
    lowered = value[:8].lower()
    if lowered.startswith("cid:"):
        return "cid:" + value[4:]
    if lowered.startswith("//"):
        value, lowered = "https:" + value, "https://"
    if lowered.startswith(("http://", "https://")):
        return REMOTE_SCHEME + quote(value, safe="")
    return value if _DATA_IMAGE.fullmatch(value) else None


def _cleaner(image: Callable[[str], str | None], more_schemes: set[str]) -> nh3.Cleaner:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return image(value)
        if attribute == "href":
            return value if _LINK.match(value.strip()) else None
        return value

    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"} | more_schemes,
        filter_style_properties=_STYLES,
    )


def _shallow(html: str) -> str:
    """Drop the tags of quotes and lists below MAX_LIST_DEPTH; the input is well formed."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[1]:
            depth -= 1
            return match[0] if depth < MAX_LIST_DEPTH else " "
        depth += 1
        return match[0] if depth <= MAX_LIST_DEPTH else " "

    return _INDENTING.sub(keep, html)


def _reader() -> html2text.HTML2Text:
    reader = html2text.HTML2Text(bodywidth=0)
    reader.ignore_emphasis = True
    reader.ignore_images = True
    reader.ignore_mailto_links = True
    reader.ignore_tables = True
    reader.unicode_snob = True
    reader.ul_item_mark = "-"
    return reader


_SANITISER = _cleaner(_image_source, set())
