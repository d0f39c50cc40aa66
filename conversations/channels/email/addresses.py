"""Mail addresses out of headers that real programs wrote: tolerant, linear, never raising."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.channels.email.parts import decode_words, one_line

MAX_ADDRESSES = 200  # of one header
MAX_ADDRESS_CHARS = 254  # RFC 5321 §4.5.3.1.3 less the angle brackets
MAX_NAME_CHARS = 200

_LOCAL = re.compile(r"[^\s@<>()\[\],;:\"\\]+|\"[^\"\\@<>\r\n]+\"")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_TOKEN = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
# Encoded words stay whole: some hold a comma or colon.
_DELIMITER = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=|\\.|[\",;:<>()])")
_MAX_VALUE_CHARS = 16_384


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody in a header: the name as shown, the address in the form used as identity."""

    name: str
    address: str


def normalise(address: str) -> str:
    """Return an address in the form used as identity, or '' when mail could never reach it.

    Lower case throughout: RFC 5321 lets the local part differ by case, no provider does. An international
    domain becomes its ASCII form, so that both spellings are one.
    """
    address = one_line(address).strip("<>'. ").lower()
    local, at, domain = address.rpartition("@")
    domain = _ascii_domain(domain.strip("."))
    if not at or not domain or len(local) + len(domain) >= MAX_ADDRESS_CHARS:
        return ""
    return f"{local}@{domain}" if _LOCAL.fullmatch(local) else ""


def parse(value: str) -> list[Address]:
    """Read an address list (From, To, Cc, Reply-To, RFC 5322 §3.4), leaving out what is no address.

    Groups are flattened, comments stand in for missing names, encoded names are decoded after splitting.
    """
    found: list[Address] = []
    for mailbox in _split(value[:_MAX_VALUE_CHARS]):
        if address := _mailbox(mailbox):
            found.append(address)
            if len(found) >= MAX_ADDRESSES:
                break
    return found


def display_name(value: str) -> str:
    """Return the first name in an address list even when its address is unusable."""
    for mailbox in _split(value[:_MAX_VALUE_CHARS]):
        if name := _name(mailbox):
            return name
    return ""


def _ascii_domain(domain: str) -> str:
    if domain.startswith("[") and domain.endswith("]") and re.fullmatch(r"\[[0-9a-f.:]{3,45}\]", domain):
        return domain
    if not domain.isascii():
        try:
            domain = domain[:MAX_ADDRESS_CHARS].encode("idna").decode()
        except UnicodeError:
            return ""
    return domain if all(_LABEL.fullmatch(label) for label in domain.split(".")) else ""


@dataclass(slots=True)
class _Mailbox:
    """What stood between two commas: outside of brackets, in <…>, in (…)."""

    words: str = ""
    angle: str = ""
    comment: str = ""

    def is_empty(self) -> bool:
        return not (self.words.strip() or self.angle or self.comment)


def _split(value: str) -> Iterator[_Mailbox]:  # noqa: PLR0912 -- one branch per character that means something
    """Split at commas and semicolons outside quotes, comments and angle brackets; drop group names."""
    words: list[str] = []
    quoted, depth, angle = False, 0, False
    comment: list[str] = []
    angled: list[str] = []

    def finish() -> _Mailbox:
        box = _Mailbox("".join(words), "".join(angled), "".join(comment))
        for pieces_of in (words, angled, comment):
            pieces_of.clear()
        return box

    for piece in _DELIMITER.split(value):
        if depth:
            depth += (piece == "(") - (piece == ")")
            if depth:
                comment.append(piece)
        elif piece == '"' and not angle:
            quoted = not quoted
            words.append(piece)
        elif quoted:
            words.append(piece[1:] if piece[:1] == "\\" else piece)
        elif piece == "(":
            depth = 1
        elif angle:
            angle = piece not in (">", ",")
            if angle and piece != "<":
                angled.append(piece)
        elif piece == "<":
            angle = True
            angled.clear()
        elif piece in (",", ";"):
            yield finish()
        elif piece == ":":
            words.clear()
        elif piece != ">":
            words.append(piece)
    box = finish()
    if not box.is_empty():
        yield box


def _mailbox(box: _Mailbox) -> Address | None:
    # The part after the last colon of <…> drops an obsolete source route (RFC 5322 §4.4).
    candidates = [box.angle.rpartition(":")[2]] if box.angle else [box.words, *_TOKEN.findall(box.words)]
    if box.angle and not normalise(candidates[0]):
        candidates.extend(_TOKEN.findall(box.angle))
    for candidate in candidates:
        if address := normalise(decode_words(candidate)):
            return Address(_name(box), address)
    return None


def _name(box: _Mailbox) -> str:
    words = decode_words(box.words).strip("\"' ").replace('"', "")
    if not box.angle and "@" in words:
        words = ""
    return (words or decode_words(box.comment))[:MAX_NAME_CHARS].strip()
