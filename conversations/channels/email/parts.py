"""Raw bytes of a mail to a tree of parts, in linear time and without raising.

The standard library's parser is not used on received mail: it recurses with the nesting, grows
quadratically on crafted parameters and raises lazily on header access. This reader knows only what a help
desk needs (RFC 5322 headers, RFC 2045 to 2047, RFC 2231 parameters), and every size has a limit.
"""

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

MAX_PARTS = 100
MAX_DEPTH = 20
MAX_HEADERS = 500  # fields per part
MAX_HEADER_BYTES = 16_384  # per field, unfolded
MAX_PARAMETER_CHARS = 4_096  # of a Content-Type or Content-Disposition value

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_BLANK_LINE = re.compile(rb"\n\r?\n")
_CORE_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path)[ \t]*:",
    re.IGNORECASE,
)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r"[;\s]\s*([\w*.-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))")
_SECTION = re.compile(r"([^*]+)\*(?:(\d{1,3})(\*)?)?")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127, *range(0xD800, 0xE000), 0xFEFF])

# Names seen in real mail that Python does not know, or knows more narrowly than the writers meant them.
_CHARSETS = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
# Text codecs of Python that are no charsets of mail; some are quadratic, some warn.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)


@dataclass(slots=True)
class Part:
    """One part of a mail; the root is the mail itself. `body` is still transfer-encoded."""

    headers: dict[str, list[str]]
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    body: bytes
    children: list["Part"] = field(default_factory=list)

    def header(self, name: str) -> str:
        """Return the first value of a field (lower-case name), unfolded but not decoded, or ''."""
        values = self.headers.get(name)
        return values[0] if values else ""

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def content(self) -> bytes:
        """Return the body without its transfer encoding (RFC 2045 §6, and uuencode)."""
        return _decode_transfer(self.body, self.header("content-transfer-encoding"))

    def text(self, limit: int) -> str:
        """Return at most `limit` characters of the body as clean text."""
        return decode_text(self.content()[: limit * 4], self.parameters.get("charset", ""))[:limit]


def read_parts(raw: bytes) -> tuple[Part, list[str]]:
    """Split a mail into its parts; returns the root and the defects met on the way. Never raises."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _Reader(raw).read()


def read_headers(raw: bytes) -> dict[str, list[str]]:
    """Return only the header fields of a mail, such as one that a report brings along."""
    return _read_head(raw, 0, len(raw))[0]


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.defects: list[str] = []
        self.count = 0

    def read(self) -> tuple[Part, list[str]]:
        return self._part(0, len(self.raw), 0, "text/plain"), self.defects

    def _part(self, start: int, end: int, depth: int, default_type: str) -> Part:
        self.count += 1
        headers, body_start = _read_head(self.raw, start, end)
        media_type, parameters = parse_parameters(_first(headers, "content-type"))
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = default_type
        disposition, extra = parse_parameters(_first(headers, "content-disposition"))
        part = Part(
            headers=headers,
            content_type=media_type,
            parameters=parameters,
            disposition=disposition,
            filename=decode_words(extra.get("filename") or parameters.get("name") or ""),
            body=b"",
        )
        if media_type.startswith("multipart/"):
            self._split(part, body_start, end, depth)
        else:
            part.body = self.raw[body_start:end]
        return part

    def _split(self, part: Part, start: int, end: int, depth: int) -> None:
        spans = list(self._spans(part.parameters.get("boundary", ""), start, end))
        if not spans or depth >= MAX_DEPTH:
            self.defects.append("nested_too_deeply" if spans else "multipart_without_parts")
            part.content_type, part.body = "text/plain", self.raw[start:end]
            return
        default_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for child_start, child_end in spans:
            if self.count >= MAX_PARTS:
                self.defects.append("too_many_parts")
                return
            part.children.append(self._part(child_start, child_end, depth + 1, default_type))

    def _spans(self, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of each part between the boundary's lines (RFC 2046 §5.1.1)."""
        if not boundary:
            return
        delimiter = b"--" + boundary.encode("utf-8", "replace")
        opened, yielded = -1, 0
        for line_start, line_end, closes in self._delimiter_lines(delimiter, start, end):
            if opened >= 0:
                yield opened, _without_line_end(self.raw, opened, line_start)
                yielded += 1
            opened = -1 if closes else line_end
            if closes or yielded > MAX_PARTS:
                return
        if opened >= 0:
            yield opened, end

    def _delimiter_lines(self, delimiter: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        at = self.raw.find(delimiter, start, end)
        while at >= 0:
            if at == start or self.raw[at - 1 : at] == b"\n":
                line_end = self.raw.find(b"\n", at, end)
                line_end = end if line_end < 0 else line_end + 1
                rest = self.raw[at + len(delimiter) : min(line_end, at + len(delimiter) + 80)].strip()
                if rest in (b"", b"--"):
                    yield at, line_end, rest == b"--"
            at = self.raw.find(delimiter, at + len(delimiter), end)


def _first(headers: dict[str, list[str]], name: str) -> str:
    values = headers.get(name)
    return values[0] if values else ""


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
    if end > start and raw[end - 1 : end] == b"\r":
        end -= 1
    return end


def _read_head(raw: bytes, start: int, end: int) -> tuple[dict[str, list[str]], int]:
    """Return the header fields from `start` and where the body begins."""
    fields: list[tuple[str, bytearray]] = []
    position = start
    while position < end:
        line_end = raw.find(b"\n", position, end)
        following = end if line_end < 0 else line_end + 1
        line = raw[position : min(following, position + MAX_HEADER_BYTES)].rstrip(b"\r\n")
        if not line:
            position = following
            break
        if line[:1] in b" \t":
            if fields and len(fields[-1][1]) < MAX_HEADER_BYTES:
                fields[-1][1].extend(line)
        elif match := _FIELD.match(line):
            if len(fields) >= MAX_HEADERS:
                gap = _BLANK_LINE.search(raw, position, end)
                position = gap.end() if gap else end
                break
            fields.append((match[1].decode("ascii").lower(), bytearray(match[2])))
        elif not _is_noise(raw, line, position == start, following):
            break
        position = following
    headers: dict[str, list[str]] = {}
    for name, value in fields:
        headers.setdefault(name, []).append(_header_text(value))
    return headers, position


def _is_noise(raw: bytes, line: bytes, is_first: bool, following: int) -> bool:
    """Tell a stray line between header fields (an mbox "From " line, a typo) from a body without a gap."""
    if is_first and line.lstrip(b">").startswith(b"From "):
        return True
    return _CORE_FIELD.match(raw, following) is not None


def _header_text(value: bytearray) -> str:
    value = value[:MAX_HEADER_BYTES]
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("cp1252", "replace")
    return clean(text).replace("\t", " ").replace("\n", " ").strip()


def clean(text: str) -> str:
    """Normalise line ends and drop NUL, surrogates and other controls, so that any store accepts the text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def decode_text(data: bytes, charset: str) -> str:
    """Decode bytes said to be in `charset`; a wrong name falls back to UTF-8, then Windows-1252."""
    declared = _charset(charset)
    # What is valid UTF-8 is hardly ever Western text in one byte a letter, whatever the label says.
    for name in ("utf-8",) if declared == "cp1252" else (declared, "utf-8"):
        try:
            # Incremental: the data may have been cut in the middle of a character.
            return clean(codecs.getincrementaldecoder(name)("strict").decode(data))
        except (LookupError, ValueError):
            continue
    return clean(data.decode("cp1252" if declared == "utf-8" else declared, "replace"))


def _charset(name: str) -> str:
    name = name.strip().strip("'\"").lower()
    name = _CHARSETS.get(name, name)
    try:
        codec = codecs.lookup(name)
        if codec.name.replace("-", "_") in _NO_CHARSETS or not codec._is_text_encoding:
            return "utf-8"
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        return "utf-8"
    return name


def decode_words(value: str) -> str:
    """Decode RFC 2047 encoded words to one clean line, also where they are not allowed."""
    if "=?" not in value:
        return one_line(value)
    pieces: list[str] = []
    pending, charset, position = b"", "", 0
    for match in _ENCODED_WORD.finditer(value):
        gap = value[position : match.start()]
        word_charset = match[1].partition("*")[0].lower()
        if pending and (gap.strip() or word_charset != charset):
            pieces.append(decode_text(pending, charset))
            pending = b""
        if gap.strip() or position == 0:
            pieces.append(gap)
        # Neighbours of one charset are joined as bytes: writers split them inside a character.
        pending, charset, position = pending + _decode_word(match[2], match[3]), word_charset, match.end()
    pieces.extend([decode_text(pending, charset), value[position:]])
    return one_line("".join(pieces))


def _decode_word(encoding: str, data: str) -> bytes:
    raw = data.encode("ascii", "ignore")
    if encoding in "bB":
        return _decode_base64(raw)
    return binascii.a2b_qp(raw, header=True)


def one_line(value: str) -> str:
    """Return the value as a single line with single spaces and without controls."""
    return " ".join(clean(value).split())


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `type; name=value` into the lower-case type and its parameters (RFC 2045 §5.1, RFC 2231)."""
    value = value[:MAX_PARAMETER_CHARS]
    main = re.split(r"[;\s]", value.strip(), maxsplit=1)[0].lower()
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name = match[1].lower()
        text = match[3].strip() if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        if section := _SECTION.fullmatch(name):
            extended = section[2] is None or section[3] is not None
            sections.setdefault(section[1], {})[int(section[2] or 0)] = (text, extended)
        else:
            plain.setdefault(name, text)
    for name, numbered in sections.items():
        plain[name] = _join_sections([numbered[number] for number in sorted(numbered)])
    return main, plain


def _join_sections(sections: list[tuple[str, bool]]) -> str:
    charset = ""
    if sections[0][1] and sections[0][0].count("'") >= 2:
        charset, _language, rest = sections[0][0].split("'", 2)
        sections = [(rest, True), *sections[1:]]
    data = b"".join(
        unquote_to_bytes(text) if extended else text.encode("utf-8", "replace") for text, extended in sections
    )
    return decode_text(data, charset)


def _decode_transfer(body: bytes, encoding: str) -> bytes:
    name = encoding.lower().replace(" ", "").partition(";")[0]
    if name == "base64":
        return _decode_base64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in ("x-uuencode", "uuencode", "x-uue"):
        return _decode_uuencode(body)
    return body


def _decode_base64(data: bytes) -> bytes:
    letters = data.translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _decode_uuencode(data: bytes) -> bytes:
    lines = data.split(b"\n")
    begin = next((index for index, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    decoded = bytearray()
    for line in lines[begin + 1 :]:
        if line.startswith(b"end"):
            break
        # Only as many characters as the length byte announces: writers pad with blanks or lose them.
        needed = ((line[:1] or b" ")[0] - 32 & 63) * 4 // 3 + 2
        try:
            decoded += binascii.a2b_uu(line.rstrip(b"\r")[:needed])
        except binascii.Error:
            continue
    return bytes(decoded)
