"""Why a mail did not arrive, out of status codes and servers' words.

Servers give an enhanced status code (RFC 3463, its registry in RFC 5248), a reply code (RFC 5321 §4.2) and
a sentence. The sentence is read first: many codes are wrong or say only "5.0.0".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from conversations.channels.email.parts import one_line

MAX_WORDS_CHARS = 4_000  # of what a server said of one recipient
MAX_DIAGNOSTIC_CHARS = 300


class Category(StrEnum):
    """What is in the way of a mail; CATEGORIES has the sentence for people."""

    NO_MAILBOX = "no_mailbox"
    CLOSED_MAILBOX = "closed_mailbox"
    FULL_MAILBOX = "full_mailbox"
    NO_DOMAIN = "no_domain"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    SENDER_CHECK = "sender_check"
    POLICY = "policy"
    TOO_MANY = "too_many"
    UNREACHABLE = "unreachable"
    OTHER = "other"


CATEGORIES = {
    Category.NO_MAILBOX: _("This mailbox does not exist"),
    Category.CLOSED_MAILBOX: _("This mailbox is closed or switched off"),
    Category.FULL_MAILBOX: _("The mailbox is full"),
    Category.NO_DOMAIN: _("The part after the @ does not exist or takes no mail"),
    Category.TOO_LARGE: _("The message is too large for the mailbox"),
    Category.BLOCKED: _("The other side takes our mail for unwanted"),
    Category.SENDER_CHECK: _("The other side could not verify that the mail is ours"),
    Category.POLICY: _("The other side's rules do not let this mail in"),
    Category.TOO_MANY: _("The other side asks for fewer mails at a time"),
    Category.UNREACHABLE: _("The other mail server could not be reached in time"),
    Category.OTHER: _("The other mail server refused the message"),
}
DEAD = frozenset({Category.NO_MAILBOX, Category.CLOSED_MAILBOX, Category.NO_DOMAIN})
PASSING = frozenset({Category.FULL_MAILBOX, Category.TOO_MANY, Category.UNREACHABLE})

# The first that fits decides, so the telling ones stand before those that many notices contain.
_WORDS: list[tuple[Category, re.Pattern[str]]] = [
    (category, re.compile("|".join(patterns), re.IGNORECASE))
    for category, *patterns in (
        (
            Category.NO_MAILBOX,
            r"5\.4\.1\b.{0,60}\baddress(?:es)? rejected ?: access denied",  # Microsoft of unknown recipients
            r"groups\.google\.com",  # a group unknown or closed to us; told in the reader's language
        ),
        (
            Category.TOO_MANY,
            r"frequency limit|rate limit|limit(?:s|ed)? .{0,20}\brate\b|at a rate that|unexpected volume",
            r"too many (?:messages|mails|connections|recipients this)",
            r"(?:daily|hourly) .{0,20}(?:quota|limit)",
            r"temporarily deferred|throttl|gr[ea]ylist|service refused?\b",
        ),
        (
            Category.POLICY,
            r"domain of sender|sender address rejected|no access from|not rfc.?5322 compliant",
        ),
        (
            Category.SENDER_CHECK,
            r"\b(?:spf|dmarc)\b|\bdkim\b.{0,20}(?:fail|pass|invalid|missing)|unauthenticated",
            r"authentication (?:checks|information|level)|mismatches client ip",
            r"reverse dns|\bptr record|\brdns\b",
        ),
        (
            Category.CLOSED_MAILBOX,
            r"(?:account|mailbox|recipient|user|compte)\b.{0,40}"
            r"\b(?:disabled|inactive|suspended|locked|frozen|deactivated|discontinued|blocked|closed)\b",
            r"(?:disabled|inactive|suspended|deactivated) (?:recipient|user|account|e-?mail|mailbox|address)",
            r"(?:cuenta|conta|buz[oó]n) .{0,30}(?:suspendid|desactivad|desativad|bloquead|inactiv|inativ)",
        ),
        (
            Category.FULL_MAILBOX,
            r"mailbox .{0,20}full|full mailbox|(?:inbox|mail drop) is full|mailbox exceeds",
            r"over ?quota|quota .{0,10}exceed|exceed\w* .{0,20}quota|mailbox .{0,20}exceeded",
            r"buz[oó]n .{0,40}llen|caixa .{0,20}cheia|cuota .{0,20}excedid|cota .{0,20}excedid",
        ),
        (
            Category.TOO_LARGE,
            r"(?:message|mail|content) (?:is )?too (?:large|big|long)|exceeds .{0,30}(?:message size|limit)",
            r"message (?:size|length) exceeds|mensaje .{0,20}demasiado grande|mensagem .{0,20}muito grande",
        ),
        (
            Category.BLOCKED,
            r"spam|black ?list|block ?list|blocked (?:using|for|by)|\bblocked\b.{0,5} see|dnsbl|\brbl\b",
            r"reputation|virus|malware|unsolicited|\bube\b|suspicious|unwanted messages|message filtered",
            r"blocked because its content|content rejected|bulk e-?mail",
        ),
        (
            Category.NO_DOMAIN,
            r"(?:domain|host)(?: or domain)?(?: name)? (?:does ?n[o']t exist|not found|unknown)",
            r"(?:domain|host)\b.{0,60}(?:could not|couldn't|cannot|can't) be found|nxdomain|null mx",
            r"(?:no such|unknown|invalid) (?:domain|host)\b|does(?: not|n't) (?:accept|receive) e?-?mail",
            r"no smtp service|name service error|dns (?:error|lookup)|host .{0,80} not found",
            r"dominio .{0,20}no existe|dom[ií]nio .{0,20}não existe",
        ),
        (
            Category.POLICY,
            r"access denied|relay(?:ing)? (?:access )?(?:denied|not)|relay (?:mail|recipient)|mail relay",
            r"for policy reasons|policy violation|not (?:authori[sz]ed|allowed|permitted|verified)",
            r"sender (?:was )?rejected|client host rejected|is restricted|authentication required",
            r"addresses in from|too many recipients|rejected by destination|\b5\d\d rejected\s*$",
        ),
        (
            Category.NO_MAILBOX,
            r"(?:unknown|no such|invalid|unrecogni[sz]ed) (?:user|recipient|mailbox|address|final delivery)",
            r"(?:user|recipient|mailbox|address|account)(?: name)? (?:is )?"
            r"(?:unknown|not (?:found|recogni[sz]ed|listed|known)|does(?: not|n't) exist)",
            r"(?:not our|not a registered gateway) (?:user|customer)|doesn't have an? .{0,60}account",
            r"mailbox (?:is )?(?:unavailable|not available|not found)|no mailbox here|no longer on server",
            r"bad destination mailbox|malformed address|wasn't found at|address couldn't be found",
            r"usuario (?:desconocido|no existe)|usu[aá]rio (?:desconhecido|não existe|inexistente)",
            r"address rejected\.?\s*(?:\(|$)",
        ),
        (
            Category.UNREACHABLE,
            r"connection (?:timed out|refused|reset)|timed out|lost connection|socket error",
            r"unable to (?:connect|contact)|not (?:wasn't )?able to establish|establish an smtp connection",
            r"not reachable|unreachable|did not accept our requests|service not available",
            r"message expired|not (?:be delivered|deliver) for (?:the last )?\d|queue too long|giving up",
            r"failing for a long time|failed \d+ attempts|multiple retries|retry timeout",
        ),
    )
]
# Enhanced status codes without their class (RFC 3463 §3, RFC 5248, RFC 7372, RFC 7505, RFC 8616).
_CODES = {
    "1.1": Category.NO_MAILBOX,
    "1.2": Category.NO_DOMAIN,
    "1.3": Category.NO_MAILBOX,
    "1.6": Category.NO_MAILBOX,
    "1.7": Category.POLICY,
    "1.8": Category.POLICY,
    "1.10": Category.NO_DOMAIN,
    "2.1": Category.CLOSED_MAILBOX,
    "2.2": Category.FULL_MAILBOX,
    "2.3": Category.TOO_LARGE,
    "3.4": Category.TOO_LARGE,
    "4.1": Category.UNREACHABLE,
    "4.2": Category.UNREACHABLE,
    "4.4": Category.NO_DOMAIN,
    "4.5": Category.TOO_MANY,
    "4.7": Category.UNREACHABLE,
    "5.3": Category.POLICY,
    "7.13": Category.CLOSED_MAILBOX,
    "7.17": Category.NO_MAILBOX,
    **dict.fromkeys(("7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26"), Category.SENDER_CHECK),
    "7.28": Category.TOO_MANY,
}
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.#-])([45])\d\d(?=[ \-:]|$)")
_REPLY_LINE = re.compile(r"(?<![\d.#-])[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}\b)?.{0,250}")
_LATER = re.compile(r"try again later|temporar(?:y|ily)", re.IGNORECASE)
_URL = re.compile(r"https?://([^/\s>]{1,200})\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"<?[^\s<>\"':;,]{1,200}@[^\s<>\"':;,]{1,200}>?")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is in the way, whether it will pass, and the code that says so."""

    category: Category
    permanent: bool
    status: str


def diagnose(status: str, sayings: Iterable[str]) -> Diagnosis:
    """Judge a failure by its status code ('' when there is none) and what was said, the closest first."""
    said = [_bare(saying) for saying in sayings]
    code = _specific(status, said)
    category = _by_words(said[:1]) or _by_code(code) or _by_words(said[1:]) or Category.OTHER
    return Diagnosis(category, _is_permanent(category, code, status, said), code)


def reply_line(text: str) -> str:
    """Return the first SMTP reply quoted in a text, in one line, or ''."""
    match = _REPLY_LINE.search(text)
    return one_line(match[0])[:MAX_DIAGNOSTIC_CHARS] if match else ""


def _bare(saying: str) -> str:
    """Leave out addresses and paths: "mailboxfull@…" says nothing about the mailbox."""
    saying = one_line(saying[:MAX_WORDS_CHARS])
    return _ADDRESS.sub(" ", _URL.sub(r" \1 ", saying))


def _specific(status: str, said: list[str]) -> str:
    """The code that says most: the report's, or one that the server named where the report has x.0.0."""
    found = [match[0] for match in _STATUS.finditer(status)] + [
        match[0] for saying in said[:1] for match in reversed(list(_STATUS.finditer(saying)))
    ]
    found += [match[0] for saying in said[1:] for match in _STATUS.finditer(saying)]
    return next((code for code in found if not code.endswith(".0.0")), found[0] if found else "")


def _by_words(said: list[str]) -> Category | None:
    for saying in said:
        for category, pattern in _WORDS:
            if pattern.search(saying):
                return category
    return None


def _by_code(code: str) -> Category | None:
    detail = code.partition(".")[2]
    return _CODES.get(detail) or (Category.POLICY if detail.startswith("7.") else None)


def _is_permanent(category: Category, code: str, status: str, said: list[str]) -> bool:
    """A full mailbox and the like may pass (RFC 3463 §3.3, §3.5); a dead address does not."""
    replies = [match[1] for saying in said for match in _REPLY.finditer(saying)]
    if category in PASSING or any(_LATER.search(saying) for saying in said[:1]):
        return False
    if category in DEAD:
        return replies[:1] != ["4"]
    classes = [value[0] for value in (status.strip(), code) if value[:1] in ("4", "5")] + replies
    return classes[:1] != ["4"]
