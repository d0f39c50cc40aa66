"""What a received mail says: `parse` turns raw bytes into a `ParsedEmail` and never raises."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.utils.html import escape

from conversations.channels.email import addresses, markup
from conversations.channels.email.addresses import Address
from conversations.channels.email.parts import Part, clean, decode_words, read_parts

MAX_TEXT_CHARS = 200_000
MAX_SUBJECT_CHARS = 500
MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024  # all attachments of a mail together
MAX_FILENAME_CHARS = 120
MAX_REFERENCES = 50
MAX_MESSAGE_ID_CHARS = 250
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200

_BRACKETED_ID = re.compile(r"<([^<>\s]+)>")
_BARE_ID = re.compile(r"[^<>\s,;\"]+@[^<>\s,;\"]+")
_UNSAFE_IN_FILENAME = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")


@dataclass(frozen=True, slots=True)
class EmailAttachment:
    """A file a mail brought; `content` is empty and `omitted` set where the mail exceeded the limit."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str
    inline: bool  # shown inside the HTML by its Content-ID
    omitted: bool = False


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """A mail, understood. All text is valid UTF-8 without NUL; identifiers stand without angle brackets."""

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    from_name: str
    from_address: str  # '' when the mail names no usable sender
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None  # in UTC
    text: str
    html: str
    attachments: tuple[EmailAttachment, ...]
    body_digest: str  # SHA-256 of the body without what transport changes; same text, same digest
    defects: tuple[str, ...]
    root: Part = field(repr=False)

    def header(self, name: str) -> str:
        """Return the first value of a header field, unfolded, or ''; for names such as Auto-Submitted."""
        return self.root.header(name.lower())

    def headers(self, name: str) -> list[str]:
        """Return all values of a header field, in order."""
        return self.root.headers.get(name.lower(), [])

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address the mail was sent or delivered to, as identities; where a signed one may hide."""
        delivered = [
            address
            for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
            for address in _addresses(self.root, name)
        ]
        return tuple(dict.fromkeys(item.address for item in (*self.to, *self.cc, *delivered)))


def parse(raw: bytes) -> ParsedEmail:
    """Understand a mail as received. Problems become `defects`; no input raises.

    Text is kept to MAX_TEXT_CHARS characters, HTML to `markup.MAX_HTML_CHARS`, attachments to
    MAX_ATTACHMENT_BYTES together, parts to `parts.MAX_PARTS`.
    """
    root, defects = read_parts(raw)
    sender = _sender(root, defects)
    body = _Body(defects)
    body.collect(root)
    text, html = body.text_and_html()
    date = _date(root.header("date"))
    if date is None:
        defects.append("no_usable_date")
    references = message_ids(" ".join(root.headers.get("references", [])))
    return ParsedEmail(
        message_id=next(iter(message_ids(root.header("message-id"))), ""),
        in_reply_to=next(iter(message_ids(root.header("in-reply-to"))), ""),
        references=tuple(references[-MAX_REFERENCES:]),
        from_name=sender.name,
        from_address=sender.address,
        reply_to=tuple(_addresses(root, "reply-to")),
        to=tuple(_addresses(root, "to")),
        cc=tuple(_addresses(root, "cc")),
        subject=decode_words(root.header("subject"))[:MAX_SUBJECT_CHARS],
        date=date,
        text=text,
        html=html,
        attachments=tuple(body.attachments(markup.content_ids(html))),
        body_digest=_digest(raw, root),
        defects=tuple(dict.fromkeys(defects)),
        root=root,
    )


def message_ids(value: str) -> list[str]:
    """Return the identifiers in a Message-ID, In-Reply-To or References field, without angle brackets."""
    if "=?" in value:
        value = decode_words(value)  # some programs encode what they find too long
    found = _BRACKETED_ID.findall(value) or _BARE_ID.findall(value)
    return list(dict.fromkeys(item for item in found if len(item) <= MAX_MESSAGE_ID_CHARS))


def _addresses(root: Part, name: str) -> list[Address]:
    return [address for value in root.headers.get(name, []) for address in addresses.parse(value)]


def _sender(root: Part, defects: list[str]) -> Address:
    """Return who wrote: the first usable of From, Sender, Reply-To and Return-Path."""
    named = addresses.display_name(root.header("from"))
    if authors := _addresses(root, "from"):
        return authors[0]
    defects.append("no_usable_from")
    for name in ("sender", "reply-to", "return-path"):
        if others := _addresses(root, name):
            return Address(named or others[0].name, others[0].address)
    return Address(named, "")


def _date(value: str) -> datetime | None:
    """Read a date (RFC 5322 §3.3) to UTC; '-0000' and missing zones count as UTC; nonsense gives None."""
    try:
        date = parsedate_to_datetime(value[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not EARLIEST_YEAR < date.year < LATEST_YEAR:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _digest(raw: bytes, root: Part) -> str:
    """Digest the body alone and without blanks: headers grow on the way, line ends and blanks change."""
    start = len(raw) - len(root.body) if not root.children else _after_headers(raw)
    return hashlib.sha256(raw[start:].translate(None, b" \t\r\n")).hexdigest()


def _after_headers(raw: bytes) -> int:
    ends = [at for gap in (b"\r\n\r\n", b"\n\n", b"\r\r") if (at := raw.find(gap)) >= 0]
    return min(ends, default=0)


@dataclass(slots=True)
class _Fragment:
    """A stretch of the body: plain text, HTML, or both as alternatives of each other."""

    text: str
    html: str


class _Body:
    """Gathers text, HTML and files from the parts, in the order a reader would see them."""

    def __init__(self, defects: list[str]) -> None:
        self.defects = defects
        self.fragments: list[_Fragment] = []
        self.files: list[Part] = []

    def collect(self, part: Part) -> None:
        """Take in a part and everything below it."""
        if part.content_type == "multipart/alternative":
            self._collect_alternative(part)
        elif part.children:
            for child in part.children:
                self.collect(child)
        elif part.content_type.startswith("multipart/"):
            self.defects.append("empty_multipart")
        elif not _is_text(part):
            self.files.append(part)
        elif part.content_type == "text/html":
            self.fragments.append(_Fragment("", self._sanitised(part)))
        else:
            self.fragments.append(_Fragment(_plain_text(part), ""))

    def _collect_alternative(self, part: Part) -> None:
        inner = _Body(self.defects)
        for child in part.children:
            inner.collect(child)
        text = "\n".join(fragment.text for fragment in inner.fragments if fragment.text.strip())
        html = "".join(fragment.html for fragment in inner.fragments)
        self.fragments.append(_Fragment(text, html))
        self.files.extend(inner.files)

    def _sanitised(self, part: Part) -> str:
        source = part.text(markup.MAX_HTML_CHARS)
        html = markup.sanitise(source)
        if source.strip() and not html:
            self.defects.append("html_refused")
            return f"<p>{escape(markup.strip_tags(source[:MAX_TEXT_CHARS]))}</p>"
        return html

    def text_and_html(self) -> tuple[str, str]:
        """Return the body as plain text and, if any part had it, as HTML."""
        texts = [item.text if item.text.strip() else markup.to_text(item.html) for item in self.fragments]
        text = "\n\n".join(part.strip("\n") for part in texts if part.strip())
        if len(text) > MAX_TEXT_CHARS:
            self.defects.append("text_cut")
        if not any(fragment.html for fragment in self.fragments):
            return text[:MAX_TEXT_CHARS], ""
        pieces = [fragment.html or _as_html(fragment.text) for fragment in self.fragments]
        html = "\n".join(pieces)
        if len(html) > 2 * markup.MAX_HTML_CHARS:
            self.defects.append("html_cut")
            html = pieces[0]
        return text[:MAX_TEXT_CHARS], html

    def attachments(self, shown: frozenset[str]) -> Iterator[EmailAttachment]:
        """Yield the files; `shown` are the Content-IDs that the HTML displays."""
        room = MAX_ATTACHMENT_BYTES
        for number, part in enumerate(self.files, 1):
            content = part.content()
            omitted = len(content) > room
            if omitted:
                self.defects.append("attachment_omitted")
                content = b""
            room -= len(content)
            content_id = part.header("content-id").strip("<> ")[:MAX_MESSAGE_ID_CHARS]
            kind = part.content_type
            yield EmailAttachment(
                filename=_filename(part, number),
                content_type=kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream",
                content=content,
                content_id=content_id,
                inline=content_id in shown,
                omitted=omitted,
            )


def _is_text(part: Part) -> bool:
    """Tell a part of the message's text from a file that happens to be text."""
    if part.disposition == "attachment" or part.content_type not in ("text/plain", "text/html"):
        return part.content_type in ("text/enriched", "text/richtext") and part.disposition != "attachment"
    return not part.filename


def _plain_text(part: Part) -> str:
    text = part.text(MAX_TEXT_CHARS + 1)
    if part.parameters.get("format", "").lower() == "flowed":
        return _unflow(text, joined="" if part.parameters.get("delsp", "").lower() == "yes" else " ")
    return text


def _unflow(text: str, *, joined: str) -> str:
    """Join the lines that a `format=flowed` writer had broken (RFC 3676 §4)."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if open_depth == depth and content != "-- ":
            lines[-1] += joined + content.rstrip(" ")
        else:
            lines.append(
                ("> " * depth if depth else "") + (content if content == "-- " else content.rstrip(" "))
            )
        open_depth = depth if content.endswith(" ") and content != "-- " else -1
    return "\n".join(lines)


def _as_html(text: str) -> str:
    return f"<div>{escape(text).replace('\n', '<br>\n')}</div>" if text.strip() else ""


def _filename(part: Part, number: int) -> str:
    """Return a name that is safe to store and offer; made up where the mail gave none."""
    name = _UNSAFE_IN_FILENAME.sub("_", clean(part.filename)).strip(" ._")
    if not name:
        extension = mimetypes.guess_extension(part.content_type, strict=False) or ".bin"
        return f"attachment-{number}{'.eml' if part.content_type == 'message/rfc822' else extension}"
    if len(name) > MAX_FILENAME_CHARS:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if stem and len(extension) <= 10 else ""
        name = name[: MAX_FILENAME_CHARS - len(tail)] + tail
    return name
