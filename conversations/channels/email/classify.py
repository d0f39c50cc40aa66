"""What kind of mail arrived: a person's message, a failed delivery, a complaint, an automatic reply.

`classify` only reads; what a kind leads to is decided elsewhere. The order of the checks is the policy:
formal reports first (RFC 3464, RFC 5965), then known wordings of mail servers, then signs of automation
(RFC 3834), and a vacation subject last. Only mail sent by a machine can be a failure: a customer who
forwards a bounce writes a message.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import Message
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from flufl.bounce import all_failures

from conversations.channels.email import addresses
from conversations.channels.email.mime import ParsedEmail, message_ids
from conversations.channels.email.parts import Part, one_line, read_headers

MAX_NOTICE_CHARS = 20_000  # of a notice's text; what failed stands at the top
MAX_NOTICE_LINE_CHARS = 500
MAX_STATUS_BLOCKS = 200  # recipients in one report
MAX_ORIGINAL_BYTES = 262_144  # of a returned mail; its header fields are wanted
MAX_DETAIL_CHARS = 300
MAX_HOPS = 100  # Received fields; RFC 5321 §6.3

LOOP_HEADER = "X-Puente-Loop"


class Kind(StrEnum):
    """What a received mail is."""

    MESSAGE = "message"
    DELIVERY_FAILURE = "delivery_failure"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    PARKED = "parked"


class Reason(StrEnum):
    """Why a mail was taken for its kind; REASONS has the sentence for people."""

    WRITTEN = "written"
    DELIVERY_REPORT = "delivery_report"
    SERVER_WORDING = "server_wording"
    FEEDBACK_REPORT = "feedback_report"
    DELIVERY_DELAYED = "delivery_delayed"
    DELIVERY_CONFIRMED = "delivery_confirmed"
    SERVER_NOTICE = "server_notice"
    NOT_SPAM = "not_spam"
    READ_RECEIPT = "read_receipt"
    OWN_MAIL = "own_mail"
    TOO_MANY_HOPS = "too_many_hops"
    AUTO_SUBMITTED = "auto_submitted"
    AUTO_HEADER = "auto_header"
    BULK_REPLY = "bulk_reply"
    NULL_SENDER = "null_sender"
    VACATION_SUBJECT = "vacation_subject"
    EMPTY = "empty"
    NO_SENDER = "no_sender"


REASONS = {
    Reason.WRITTEN: _("Written by a person, as far as one can tell."),
    Reason.DELIVERY_REPORT: _("A mail server reports that a message could not be delivered."),
    Reason.SERVER_WORDING: _("Worded like a mail server's notice of a failed delivery."),
    Reason.FEEDBACK_REPORT: _("A mailbox provider reports that the recipient marked a message as spam."),
    Reason.DELIVERY_DELAYED: _("A mail server is still trying to deliver a message."),
    Reason.DELIVERY_CONFIRMED: _("A mail server confirms that a message was delivered."),
    Reason.SERVER_NOTICE: _("A notice from a mail server that names no failed recipient."),
    Reason.NOT_SPAM: _("A mailbox provider reports that the recipient marked a message as not spam."),
    Reason.READ_RECEIPT: _("A read receipt."),
    Reason.OWN_MAIL: _("A message this business sent itself, which came back."),
    Reason.TOO_MANY_HOPS: _("Passed through so many servers that it must be going in circles."),
    Reason.AUTO_SUBMITTED: _("Declares itself as sent automatically."),
    Reason.AUTO_HEADER: _("Carries the mark of an automatic reply."),
    Reason.BULK_REPLY: _("A bulk mail that answers a message, as automatic replies do."),
    Reason.NULL_SENDER: _("Sent without a return address, as automatic replies are."),
    Reason.VACATION_SUBJECT: _("The subject is that of an absence notice."),
    Reason.EMPTY: _("The mail is empty: no header and no text."),
    Reason.NO_SENDER: _("The mail names no sender whom one could answer."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is and why, and for reports what they are about."""

    kind: Kind
    reason: Reason
    failed_addresses: tuple[str, ...] = ()
    delayed_addresses: tuple[str, ...] = ()
    complaining_addresses: tuple[str, ...] = ()
    detail: str = ""  # the server's words, or the type of a complaint
    original_message_id: str = ""  # of our mail that this one reports on or answers
    original_reply_addresses: tuple[str, ...] = ()  # where the signed address of our mail may be
    automatic: bool = True  # must never be answered by a machine


def classify(parsed: ParsedEmail, *, loop_mark: str = "") -> Verdict:
    """Decide what a received mail is. Never raises.

    `loop_mark` is the value this business puts into X-Puente-Loop (`outgoing.loop_mark`).
    """
    original = _Original(parsed)
    verdict = (
        _empty(parsed)
        or _complaint(parsed, original)
        or _delivery(parsed, original)
        or _automatic(parsed, loop_mark)
        or _message(parsed)
    )
    return replace(
        verdict,
        original_message_id=original.message_id,
        original_reply_addresses=original.reply_addresses,
    )


# What the mail reports on

_TEXT_MESSAGE_ID = re.compile(r"^[> ]*message-id:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_RETURNED_TYPES = frozenset(
    {
        "message/rfc822",
        "message/rfc822-headers",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)


class _Original:
    """Our mail, as far as a report or reply shows it."""

    def __init__(self, parsed: ParsedEmail) -> None:
        returned = next((part for part in parsed.root.walk() if part.content_type in _RETURNED_TYPES), None)
        self.headers = read_headers(returned.content()[:MAX_ORIGINAL_BYTES]) if returned else {}
        self.is_returned = returned is not None
        self.message_id = self._message_id(parsed)
        own = [item.address for name in ("reply-to", "from") for item in self.addresses(name)]
        self.reply_addresses = tuple(dict.fromkeys((*own, *parsed.recipients)))

    def _message_id(self, parsed: ParsedEmail) -> str:
        if found := message_ids(" ".join(self.headers.get("message-id", []))):
            return found[0]
        if parsed.in_reply_to:
            return parsed.in_reply_to
        if parsed.references:
            return parsed.references[-1]
        match = _TEXT_MESSAGE_ID.search(parsed.text, 0, MAX_NOTICE_CHARS)
        return match[1] if match else ""

    def addresses(self, name: str) -> list[addresses.Address]:
        """Return the addresses in a header field of the returned mail."""
        return [item for value in self.headers.get(name, []) for item in addresses.parse(value)]


def _empty(parsed: ParsedEmail) -> Verdict | None:
    if parsed.root.headers or parsed.text.strip() or parsed.attachments:
        return None
    return Verdict(Kind.PARKED, Reason.EMPTY)


# Complaints (RFC 5965)


def _complaint(parsed: ParsedEmail, original: _Original) -> Verdict | None:
    reports = (part for part in parsed.root.walk() if part.content_type == "message/feedback-report")
    report = next(reports, None)
    if report is None:
        return _hotmail_complaint(parsed, original)
    fields = _fields(report.text(MAX_NOTICE_CHARS))
    kind = one_line(fields.get("feedback-type", "")).lower()[:MAX_DETAIL_CHARS]
    if kind == "not-spam":
        return Verdict(Kind.AUTO_REPLY, Reason.NOT_SPAM, detail=kind)
    named = [fields.get(name, "") for name in ("original-rcpt-to", "removal-recipient")]
    return Verdict(
        Kind.COMPLAINT,
        Reason.FEEDBACK_REPORT,
        complaining_addresses=_normalised(named) or _recipients(original),
        detail=kind or "abuse",
    )


def _hotmail_complaint(parsed: ParsedEmail, original: _Original) -> Verdict | None:
    """Microsoft's junk mail reports are older than the RFC and bring only the mail itself."""
    recipient = original.headers.get("x-hmxmroriginalrecipient")
    if not recipient or parsed.from_address != "staff@hotmail.com":
        return None
    return Verdict(
        Kind.COMPLAINT, Reason.FEEDBACK_REPORT, complaining_addresses=_normalised(recipient), detail="abuse"
    )


# Deliveries (RFC 3464, and the wordings of mail servers)

_DAEMONS = frozenset(
    {
        "mailer-daemon",
        "mailerdaemon",
        "mailer_daemon",
        "mail-daemon",
        "maildaemon",
        "postmaster",
        "post_master",
    }
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[ -]?daemon|mail deliver(?:y|) (?:sub)?system|(?:internet )?mail delivery"
    r"|delivery (?:sub)?system|(?:system|mail) administrator|postmaster",
    re.IGNORECASE,
)
_FAILURE_SUBJECT = re.compile(
    r"undeliver|returned mail|delivery (?:status notification|failure|has failed)|failure notice"
    r"|mail system error|delivery failed|mail failure|could not be delivered|unzustellbar"
    r"|no se (?:pudo|ha podido) entregar|no entregado|não (?:foi possível entregar|entregue)|non remis"
    r"|mancata consegna",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"still being retried|will be retried|keep trying|has been delayed|is delayed for|delivery delayed"
    r"|not yet been delivered|do not need to re-?send|warning message only|notification \(delay\)"
    r"|temporary failure report|will continue to (?:try|be made)",
    re.IGNORECASE,
)
_ORIGINAL_FOLLOWS = re.compile(
    r"^[ \t>]*(?:-{2,} ?(?:the )?(?:original|this is a copy|returned|unsent|body of|below this line)"
    r"|message headers follow|below is a copy|included is a copy)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = r"<?([^\s<>()\[\],;:\"@]{1,128}@[\w.-]{1,128}\w)>?"
# Lines in which servers name the recipient that failed; the addresses are the only groups.
_FAILED_LINES = re.compile(
    "|".join(
        pattern.replace("ADDRESS", _ADDRESS)
        for pattern in (
            r"^[ \t]*(?:original|final)-recipient:[ \t]*(?:rfc822;)?[ \t]*ADDRESS",
            r"^[ \t]*recipient(?: address)?:[ \t]*ADDRESS",
            r"^[ \t]*rcpt to:[ \t]*ADDRESS",
            r"^[ \t]*delivery failed:[ \t]*ADDRESS",
            r"error delivering your mail to[ \t]+ADDRESS",
            r"(?:could not|cannot|couldn't) be delivered to:?\s{1,10}ADDRESS",
            r"rejected recipient[ \t]+ADDRESS",
            r"^5\d\d[ \t]+ADDRESS(?:\.\.\.|:)",
            r"^[ \t]*>>>[ \t]+\S{1,128}[ \t]+ADDRESS[ \t]*$",
            r"^[ \t]*(?:--[ \t]+)?ADDRESS[ \t]*$",
            r"^[ \t]*ADDRESS[ \t]*(?::[ \t]|\[|\((?:un|reason|error|expanded)|: ?5\d\d)",
            r"^[ \t]+ADDRESS on \d",
            r"^[ \t]*\S{1,128}[ \t]+ADDRESS: malformed",
            r"\"emailaddress\":\"ADDRESS\"",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_STATUS_BLOCK_GAP = re.compile(r"\n[ \t]*\n")
_FIELD_LINE = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*((?:.*)(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_SMTP_REPLY = re.compile(r"\b[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}\b)?.{0,250}")


@dataclass(slots=True)
class _Report:
    """The recipients a notice names, by what became of them."""

    failed: tuple[str, ...] = ()
    delayed: tuple[str, ...] = ()
    said_failed: bool = False
    said_delayed: bool = False
    said_delivered: bool = False
    detail: str = ""


def _delivery(parsed: ParsedEmail, original: _Original) -> Verdict | None:
    parts = [part for part in parsed.root.walk() if part.content_type == "message/delivery-status"]
    report_type = parsed.root.parameters.get("report-type", "").lower()
    is_report = parsed.root.content_type == "multipart/report" and (
        report_type == "delivery-status" or bool(parts)
    )
    if not (is_report or _is_server_notice(parsed, original)):
        return None
    notice = _notice(parsed)
    report = _read_status(parts)
    if report.said_failed:
        return _failure(Reason.DELIVERY_REPORT, report.failed or _recipients(original), report, notice)
    if report.said_delayed:
        return Verdict(
            Kind.AUTO_REPLY,
            Reason.DELIVERY_DELAYED,
            delayed_addresses=report.delayed,
            detail=report.detail or _reply_line(notice),
        )
    if report.said_delivered:
        return Verdict(Kind.AUTO_REPLY, Reason.DELIVERY_CONFIRMED)
    return _worded(parsed, original, notice, is_report)


def _worded(parsed: ParsedEmail, original: _Original, notice: str, is_report: bool) -> Verdict:
    """Read a server's notice that has no readable status part."""
    delayed, failed = _recognised(parsed.root)
    if not (delayed or failed):
        failed = _normalised(_group(match) for match in _FAILED_LINES.finditer(notice))
    # Servers also name us, and Message-IDs look like addresses; that they failed is said of others, if any.
    ours = {parsed.from_address, *parsed.recipients, original.message_id.lower()}
    failed = tuple(address for address in failed if address not in ours) or failed
    if delayed or _DELAY.search(f"{parsed.subject}\n{notice}"):
        return Verdict(
            Kind.AUTO_REPLY,
            Reason.DELIVERY_DELAYED,
            delayed_addresses=delayed or failed,
            detail=_reply_line(notice),
        )
    if not failed and original.is_returned and (is_report or _FAILURE_SUBJECT.search(parsed.subject)):
        failed = _recipients(original)
    if failed:
        return _failure(Reason.SERVER_WORDING, failed, _Report(), notice)
    return Verdict(Kind.AUTO_REPLY, Reason.SERVER_NOTICE, detail=_reply_line(notice))


def _group(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "")


def _failure(reason: Reason, failed: tuple[str, ...], report: _Report, notice: str) -> Verdict:
    return Verdict(
        Kind.DELIVERY_FAILURE,
        reason,
        failed_addresses=failed,
        delayed_addresses=report.delayed,
        detail=report.detail or _reply_line(notice),
    )


def _is_server_notice(parsed: ParsedEmail, original: _Original) -> bool:
    """Tell a mail server from a person by who it says it is."""
    if parsed.header("x-failed-recipients"):
        return True
    if parsed.header("x-amz-sns-message-id") and '"notificationType":"Bounce"' in parsed.text:
        return True
    sender = parsed.header("from")
    if _local_part(sender) in _DAEMONS or _DAEMON_NAME.fullmatch(parsed.from_name):
        return True
    if _has_null_sender(parsed) or not parsed.from_address:
        return bool(_FAILURE_SUBJECT.search(parsed.subject)) or original.is_returned
    return _NO_REPLY.match(parsed.from_address) is not None and original.is_returned


def _local_part(sender: str) -> str:
    found = addresses.parse(sender)
    address = found[0].address if found else re.sub(r"[<>\"\s]", "", sender).lower()
    return address.partition("@")[0]


def _notice(parsed: ParsedEmail) -> str:
    """Return the server's own words: the text up to the returned mail, in short lines."""
    text = parsed.text[:MAX_NOTICE_CHARS]
    if follows := _ORIGINAL_FOLLOWS.search(text):
        text = text[: follows.start()]
    return "\n".join(line[:MAX_NOTICE_LINE_CHARS] for line in text.split("\n"))


def _read_status(parts: Iterable[Part]) -> _Report:
    """Read the per-recipient fields of delivery-status parts (RFC 3464 §2.3)."""
    report = _Report()
    failed: list[str] = []
    delayed: list[str] = []
    for part in parts:
        text = "\n".join(line[:MAX_NOTICE_LINE_CHARS] for line in part.text(MAX_NOTICE_CHARS).split("\n"))
        for block in _STATUS_BLOCK_GAP.split(text)[:MAX_STATUS_BLOCKS]:
            fields = _fields(block)
            action, status = fields.get("action", "").lower(), fields.get("status", "")
            recipient = _normalised(
                fields.get(name, "").partition(";")[2] or fields.get(name, "")
                for name in ("original-recipient", "final-recipient", "x-actual-recipient")
            )[:1]
            # OpenSMTPD writes "error"; some leave the action out.
            if action.startswith(("fail", "error")) or (not action and status.startswith("5")):
                report.said_failed = True
                failed.extend(recipient)
                diagnostic = fields.get("diagnostic-code", "").partition(";")[2]
                report.detail = report.detail or one_line(f"{status} {diagnostic}")[:MAX_DETAIL_CHARS]
            elif action.startswith("delay"):
                report.said_delayed = True
                delayed.extend(recipient)
            elif action.startswith(("deliver", "relay", "expand")):
                report.said_delivered = True
    report.failed, report.delayed = tuple(dict.fromkeys(failed)), tuple(dict.fromkeys(delayed))
    return report


def _recognised(root: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask flufl.bounce, which knows many servers' wordings; returns (delayed, failed)."""
    try:
        delayed, failed = all_failures(_as_message(root))
    except Exception:  # noqa: BLE001 -- some of its detectors trip over unusual mails
        return (), ()
    return _normalised(map(_ascii, sorted(delayed))), _normalised(map(_ascii, sorted(failed)))


def _ascii(address: bytes) -> str:
    return address.decode("ascii", "ignore")


def _as_message(part: Part) -> Message:
    """Rebuild a part, cut to size, as the standard library's message that flufl.bounce expects."""
    message = Message()
    for name in ("from", "to", "subject", "x-failed-recipients", "content-description", "x-mailer"):
        if value := part.header(name):
            message[name] = value[:MAX_NOTICE_LINE_CHARS].encode("ascii", "replace").decode()
    message["content-type"] = part.content_type
    if part.children:
        message.set_payload([_as_message(child) for child in part.children])
        return message
    text = part.text(MAX_NOTICE_CHARS) if part.content_type.startswith(("text/", "message/")) else ""
    message.set_payload("\n".join(line[:MAX_NOTICE_LINE_CHARS] for line in text.split("\n")))
    return message


def _recipients(original: _Original) -> tuple[str, ...]:
    return tuple(item.address for item in original.addresses("to")[:MAX_STATUS_BLOCKS])


def _reply_line(notice: str) -> str:
    match = _SMTP_REPLY.search(notice)
    return one_line(match[0])[:MAX_DETAIL_CHARS] if match else ""


def _fields(block: str) -> dict[str, str]:
    """Read `Name: value` lines; the first of a name counts."""
    fields: dict[str, str] = {}
    for match in _FIELD_LINE.finditer(block):
        fields.setdefault(match[1].lower(), one_line(match[2]))
    return fields


def _normalised(values: Iterable[str]) -> tuple[str, ...]:
    found = (addresses.normalise(value) for value in values)
    return tuple(dict.fromkeys(address for address in found if address))


# Automatic replies (RFC 3834)

_AUTO_HEADERS = (
    "x-autoreply",
    "x-auto-reply",
    "x-autorespond",
    "x-autoresponder",
    "x-autogenerated",
    "x-mail-autoreply",
    "x-ms-exchange-inbox-rules-loop",
)
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list", "x-mailing-list")
_NO_REPLY = re.compile(r"(?:no|do-?not|ne-?pas|nao)[._-]?(?:reply|respond|repond)", re.IGNORECASE)
_VACATION = (
    r"(?:auto(?:matic|mated)?[ -]?re(?:ply|sponse|sponder)|out of (?:the )?office"
    r"|away from (?:my|the) (?:mail|desk|office)|on (?:vacation|holiday|leave)"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|mensaje de ausencia|estoy de vacaciones"
    r"|resposta autom[aá]tica|fora do escrit[oó]rio|ausência tempor[aá]ria|estou de f[eé]rias"
    r"|réponse automatique|absen(?:ce|t) du bureau|automatische antwort|abwesenheits(?:notiz|meldung)"
    r"|abwesend|risposta automatica|fuori (?:sede|ufficio)|automatisch antwoord|autosvar)"
)
# Programs put "Automatic reply:" before the subject they answer; anything looser may be a person's subject.
_VACATION_PREFIX = re.compile(_VACATION + r"\s*:", re.IGNORECASE)
_VACATION_START = re.compile(_VACATION, re.IGNORECASE)


def _automatic(parsed: ParsedEmail, loop_mark: str) -> Verdict | None:
    reason = _automatic_reason(parsed, loop_mark)
    return Verdict(Kind.AUTO_REPLY, reason) if reason else None


def _automatic_reason(parsed: ParsedEmail, loop_mark: str) -> Reason | None:
    if loop_mark and loop_mark in (one_line(value) for value in parsed.headers(LOOP_HEADER)):
        return Reason.OWN_MAIL
    if len(parsed.headers("received")) > MAX_HOPS:
        return Reason.TOO_MANY_HOPS
    if parsed.root.content_type == "multipart/report" and any(
        part.content_type == "message/disposition-notification" for part in parsed.root.walk()
    ):
        return Reason.READ_RECEIPT
    if _keyword(parsed.header("auto-submitted")) not in ("", "no"):
        return Reason.AUTO_SUBMITTED
    if any(_keyword(parsed.header(name)) not in ("", "no", "false") for name in _AUTO_HEADERS):
        return Reason.AUTO_HEADER
    return _automatic_by_combination(parsed)


def _automatic_by_combination(parsed: ParsedEmail) -> Reason | None:
    """Weigh signs that people's mail may carry too, each only together with another."""
    precedence = _keyword(parsed.header("precedence"))
    answers = bool(parsed.in_reply_to or parsed.references)
    null_sender = _has_null_sender(parsed)
    suppressed = bool(parsed.header("x-auto-response-suppress"))
    if precedence in ("auto_reply", "auto-reply", "autoreply"):
        return Reason.AUTO_HEADER
    if precedence in ("bulk", "junk") and answers and not _is_from_list(parsed):
        return Reason.BULK_REPLY
    if null_sender and (answers or suppressed or not parsed.from_address):
        return Reason.NULL_SENDER
    if _VACATION_PREFIX.match(parsed.subject):
        return Reason.VACATION_SUBJECT
    if (answers or null_sender or suppressed) and _VACATION_START.match(parsed.subject):
        return Reason.VACATION_SUBJECT
    return None


def _keyword(value: str) -> str:
    """Return a field's value without comments and parameters, so without "(warning)"."""
    return re.split(r"[;(\s]", value.strip().lower(), maxsplit=1)[0]


def _has_null_sender(parsed: ParsedEmail) -> bool:
    path = "".join(parsed.header("return-path").split()).lower()
    return path in ("<>", "<mailer-daemon>", "mailer-daemon")


def _is_from_list(parsed: ParsedEmail) -> bool:
    return _keyword(parsed.header("precedence")) == "list" or any(map(parsed.header, _LIST_HEADERS))


def _message(parsed: ParsedEmail) -> Verdict:
    if not parsed.from_address:
        return Verdict(Kind.PARKED, Reason.NO_SENDER)
    automatic = (
        _is_from_list(parsed)
        or _has_null_sender(parsed)
        or bool(parsed.header("x-auto-response-suppress"))
        or bool(parsed.header(LOOP_HEADER))
        or _keyword(parsed.header("precedence")) in ("bulk", "junk")
        or _NO_REPLY.match(parsed.from_address) is not None
    )
    return Verdict(Kind.MESSAGE, Reason.WRITTEN, automatic=automatic)
