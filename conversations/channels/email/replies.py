"""Split a mail's text into what is new, what it quotes, and the signature.

mail-parser-reply finds the headers that mail programs put above a quote; its patterns are slow on hostile
input and it reads any "Thanks," as the start of a signature, so it sees a shortened copy and only its
headers are used. What it misses (Portuguese, Spanish, wrapped headers, bare '>' lines, signatures) is here.
"""

import re
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mailparser_reply.parser import EmailMessage

MAX_LINES_FOR_PACKAGE = 200
MAX_LINE_CHARS_FOR_PACKAGE = 160  # its patterns take time cubic in the line
MAX_LINE_CHARS_READ = 200
MAX_HEADER_SEARCH_LINES = 2_000  # further down only '>' is looked at
MAX_HEADER_LINES = 4  # "On … wrote:" may be wrapped into this many lines
MAX_SIGNATURE_LINES = 12

LANGUAGES = ["en", "es", "de", "fr", "it", "nl", "pl", "da", "sv", "cs", "ja", "ko", "zh", "david"]


class Role(StrEnum):
    """What a stretch of a mail's text is."""

    VISIBLE = "visible"
    QUOTED = "quoted"
    SIGNATURE = "signature"


class Segment(NamedTuple):
    """A stretch of lines of one role, with its line ends."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text in order of its segments; joined, they are the text unchanged."""

    segments: tuple[Segment, ...]

    @property
    def visible(self) -> str:
        """What the sender wrote this time; not empty when the text is not."""
        return self._of(Role.VISIBLE)

    @property
    def quoted(self) -> str:
        """What the sender's program quoted, headers included."""
        return self._of(Role.QUOTED)

    @property
    def signature(self) -> str:
        """Signatures, including those of phones."""
        return self._of(Role.SIGNATURE)

    def _of(self, role: Role) -> str:
        return "\n\n".join(part.text.strip("\n") for part in self.segments if part.role == role).strip()


def fold(text: str) -> FoldedText:
    """Split a text; "".join of the segments' texts gives it back. Never raises, time linear in the text."""
    lines = text.splitlines(keepends=True)
    roles = [Role.VISIBLE] * len(lines)
    _mark_quotes(lines, roles)
    _mark_signatures(lines, roles)
    _keep_something(lines, roles)
    return FoldedText(tuple(_segments(lines, roles)))


_VERBS = (
    r"wrote|writes|escribi[oó]|escreveu|a [ée]crit|schrieb|ha scritto|schreef|skrev|napisał(?:\(a\))?"
    r"|napsal(?:\(a\))?|kirjoitti|írta|a scris|va escriure|escribiu"
    r"|yazdı|написал(?:\(а\))?|пише|写道|のメッセージ|作成"
)
_WROTE = re.compile(rf"(?:\b|\s)(?:{_VERBS})(?:\b|\s|:)[^:]{{0,120}}:?\s*$", re.IGNORECASE)
_ENDS_IN_SENDER = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*:\s*$")
_DATED = re.compile(
    r"\d{1,4}[./:年-]\s?\d{1,2}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d]{3,12}\.?,?\s+(?:de\s+)?\d{4}"
    r"|\b[^\W\d]{3,12}\s+\d{1,2},\s+\d{4}"
)
_QUOTE_OPENER = re.compile(
    r"(?:on|el|em|no dia|a|le|am|il|op|den|dnia|w dniu|dne|de|a\(z\)"
    r"|(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|seg|ter|qua|qui|sex|tir|ons|tor|fre|man|mon|tue|wed|thu|fri|sat|sun)\w*\.?,?)\s|\d|>",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"-{2,}\s*(?:original message|mensaje original|mensagem original|message d'origine|message original"
    r"|urspr[uü]ngliche nachricht|messaggio originale|oprindelig meddelelse|original meddelelse|opprinnelig"
    r" melding"
    r"|oorspronkelijk bericht|wiadomość oryginalna|reply message|mensaje original de)\b.{0,80}$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"(?:-{2,}\s*(?:forwarded message|mensaje reenviado|mensagem encaminhada|message transf[ée]r[ée]"
    r"|weitergeleitete nachricht|messaggio inoltrato).{0,60}"
    r"|(?:begin forwarded message|inicio del mensaje reenviado|in[ií]cio da mensagem (?:re)?encaminhada"
    r"|début du message transféré|anfang der weitergeleiteten nachricht)\s*:?)\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[* ]*(from|de|von|da|van|od|fra|från|message du"
    r"|sent|date|enviado(?: el| em| a las)?|enviada(?: em)?|fecha|data|gesendet|datum|envoy[ée](?: le)?"
    r"|inviato|verzonden|sendt|skickat|to|para|an|[àa]|aan|do|til|till"
    r"|subject|asunto|assunto|betreff|objet|sujet|oggetto|onderwerp|emne|ämne|temat|cc"
    r"|copie [àa]|kopie)\s{0,2}:",
    re.IGNORECASE,
)
_SENDER_FIELDS = frozenset({"from", "de", "von", "da", "van", "od", "fra", "från", "message du"})
with warnings.catch_warnings():
    # The package passes an argument in a way that newer Pythons warn about.
    warnings.simplefilter("ignore", DeprecationWarning)
    _PACKAGE_HEADER = EmailMessage(text="", languages=LANGUAGES).HEADER_REGEX
_RULE = re.compile(r"\s*[_=*-]{4,}\s*$")
_DELIMITER = re.compile(r"\s*(?:--|__|—)\s*$")
_PHONE = re.compile(
    r"\s*(?:sent from (?:my|a|the) (?:\S+ ?){1,6}"
    r"|sent (?:from|via|using) (?:outlook|yahoo|gmail|proton|mail for|samsung)\b.{0,80}"
    r"|get outlook for .{1,80}|obtener outlook para .{1,80}|obter o? ?outlook para .{1,80}"
    r"|enviado (?:desde|a partir de) (?:mi|outlook|yahoo|el|un|correo)\b.{0,80}"
    r"|enviad[oa] (?:do|pelo|de) (?:meu|outlook|yahoo|iphone|android|telem[oó]vel|celular)\b.{0,80}"
    r"|envoy[ée] (?:de|depuis|[àa] partir) .{1,80}|gesendet (?:von|mit|über) .{1,80}"
    r"|inviato da(?:l mio)? .{1,80}|verzonden (?:vanaf|met|via) .{1,80}"
    r"|sendt fra .{1,80}|skickat från .{1,80}"
    r"|wysłano z .{1,80})\s*$",
    re.IGNORECASE,
)


def _mark_quotes(lines: list[str], roles: list[Role]) -> None:
    """Mark quoted lines: those with '>', the header above them, or all below a header without '>'."""
    package_starts = _headers_by_package(lines)
    index, end = 0, len(lines)
    while index < end:
        if lines[index].lstrip().startswith(">"):
            roles[index] = Role.QUOTED
        elif index < MAX_HEADER_SEARCH_LINES and (length := _header_length(lines, index, package_starts)):
            following = _next_text(lines, index + length)
            first = _with_rule(lines, index)
            if following == end or not lines[following].lstrip().startswith(">"):
                roles[first:] = [Role.QUOTED] * (end - first)
                return
            roles[first:following] = [Role.QUOTED] * (following - first)
            index = following
            continue
        index += 1


def _header_length(lines: list[str], index: int, package_starts: set[int]) -> int:
    """Return how many lines the header of a quote takes that begins here, or 0."""
    line = lines[index][: MAX_LINE_CHARS_READ * 2].strip()
    if not line or _FORWARD.match(line):
        return 0
    if _SEPARATOR.match(line):
        return 1
    return _field_block(lines, index) or _wrote_length(lines, index) or (1 if index in package_starts else 0)


def _field_block(lines: list[str], index: int) -> int:
    """Measure "From: … Sent: … Subject: …": a sender's field followed closely by two others."""
    first = _FIELD.match(lines[index][:MAX_LINE_CHARS_READ])
    if first is None or (index and _forwards(lines, index)):
        return 0
    names = [first[1].lower()]
    last = index
    for position in range(index + 1, min(index + 9, len(lines))):
        if match := _FIELD.match(lines[position][:MAX_LINE_CHARS_READ]):
            names.append(match[1].lower())
            last = position
        elif position - last > 1 or not lines[position].strip():
            break
    return last - index + 1 if len(names) >= 3 and names[0] in _SENDER_FIELDS else 0


def _forwards(lines: list[str], index: int) -> bool:
    """Tell whether the text above says that this was forwarded: then it is news, not a quote."""
    above = [line.strip() for line in lines[max(0, index - 3) : index] if line.strip()]
    return bool(above) and _FORWARD.match(above[-1][:MAX_LINE_CHARS_READ]) is not None


def _wrote_length(lines: list[str], index: int) -> int:
    """Measure "On … wrote:" in any language, possibly wrapped: a date and a verb or an address at its end."""
    joined = ""
    for count in range(1, MAX_HEADER_LINES + 1):
        if index + count > len(lines) or not lines[index + count - 1].strip():
            return 0
        joined = f"{joined} {lines[index + count - 1].strip()}".strip()
        if len(joined) > MAX_LINE_CHARS_READ * 2 or (count == 1 and not _QUOTE_OPENER.match(joined)):
            return 0
        if _is_wrote_line(joined):
            return count
    return 0


def _is_wrote_line(line: str) -> bool:
    """Tell a quote's header from a sentence about writing: it has a date, and a colon or an address."""
    if not _DATED.search(line):
        return False
    return bool(_ENDS_IN_SENDER.search(line) or (_WROTE.search(line) and (line.endswith(":") or "@" in line)))


def _headers_by_package(lines: list[str]) -> set[int]:
    """Ask mail-parser-reply where quotes begin; it reads a shortened copy, answers are line numbers."""
    numbers = [number for number, line in enumerate(lines) if line.strip()][:MAX_LINES_FOR_PACKAGE]
    text = "\n".join(lines[number].strip()[:MAX_LINE_CHARS_FOR_PACKAGE] for number in numbers)
    starts: set[int] = set()
    for match in _PACKAGE_HEADER.finditer(text):
        header = match[0].strip()
        first = text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip()))
        last = first + header.count("\n")
        is_one_block = numbers[last] - numbers[first] == last - first and "\n>" not in header
        # Fields such as "From:" are measured elsewhere: two of them may also be a list or a form.
        if header.endswith((":", "：")) and is_one_block and not _FIELD.match(header):
            starts.add(numbers[first])
    return starts


def _next_text(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _with_rule(lines: list[str], index: int) -> int:
    """Include a ruler of underscores or dashes that stands right above a header."""
    above = index - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and _RULE.match(lines[above]) else index


def _mark_signatures(lines: list[str], roles: list[Role]) -> None:
    """Mark "-- " and what follows it, or a phone's line, at the end of each stretch of new text."""
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or roles[index] != roles[start]:
            if roles[start] == Role.VISIBLE:
                first = _signature_start(lines, start, index)
                roles[first:index] = [Role.SIGNATURE] * (index - first)
            start = index


def _signature_start(lines: list[str], start: int, end: int) -> int:
    """Return where the signature of a stretch begins, or its end when there is none."""
    seen: list[int] = []
    for index in range(end - 1, start - 1, -1):
        if not lines[index].strip():
            continue
        if seen and _DELIMITER.match(lines[index]):
            return index
        seen.append(index)
        if len(seen) > MAX_SIGNATURE_LINES:
            break
    return seen[0] if seen and _PHONE.match(lines[seen[0]][:MAX_LINE_CHARS_READ]) else end


def _keep_something(lines: list[str], roles: list[Role]) -> None:
    """Unfold what there is when nothing new was found: a bare forward, or only a signature."""
    for hidden in (Role.SIGNATURE, Role.QUOTED):
        if any(role == Role.VISIBLE and line.strip() for line, role in zip(lines, roles, strict=True)):
            return
        roles[:] = [Role.VISIBLE if role == hidden else role for role in roles]


def _segments(lines: list[str], roles: list[Role]) -> list[Segment]:
    segments: list[Segment] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or roles[index] != roles[start]:
            segments.append(Segment(roles[start], "".join(lines[start:index])))
            start = index
    return segments
