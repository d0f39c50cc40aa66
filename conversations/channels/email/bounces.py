"""What mail servers report of deliveries: whom a mail did not reach, and why.

The formal report is read first (RFC 3464), also where a server wrote it as plain text; then flufl.bounce and
our own table read the wordings of servers that write none. Only mail sent by a machine is read at all: a
customer who forwards a bounce writes a message.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message

from flufl.bounce import all_failures

from conversations.channels.email import addresses
from conversations.channels.email.diagnosis import MAX_DIAGNOSTIC_CHARS, diagnose, reply_line
from conversations.channels.email.fields import read_fields, usable
from conversations.channels.email.mime import ParsedEmail
from conversations.channels.email.original import Original
from conversations.channels.email.parts import Part, one_line
from conversations.channels.email.verdict import Failure, Kind, Reason, Verdict

MAX_NOTICE_CHARS = 20_000  # of a notice's text; what failed stands at the top
MAX_NOTICE_LINE_CHARS = 500
MAX_STATUS_BLOCKS = 200  # recipients in one report
MAX_LINES_NAMING = 20  # one recipient

_DAEMONS = frozenset(
    {"mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "post_master"}
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[ -]?daemon|mail deliver(?:y|) (?:sub)?system|(?:internet )?mail delivery"
    r"|delivery (?:sub)?system|(?:system|mail) administrator",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(r"(?:no|do-?not|ne-?pas|nao)[._-]?(?:reply|respond|repond)", re.IGNORECASE)
_FAILURE_SUBJECT = re.compile(
    r"undeliver|returned mail|delivery (?:status|failure|has failed|delayed)|failure notice|failed delivery"
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
_STATUS_AS_TEXT = re.compile(r"^final-recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class _Report:
    """The recipients of a formal report, by what became of them."""

    failed: dict[str, tuple[str, str]] = field(default_factory=dict)  # status and words by address
    unnamed: list[tuple[str, str]] = field(default_factory=list)  # status and words of a failed nobody
    delayed: list[str] = field(default_factory=list)
    said_delayed: bool = False
    said_delivered: bool = False


def read_notice(parsed: ParsedEmail, original: Original) -> Verdict | None:
    """Judge a mail server's word on a delivery; None when no mail server wrote this. Never raises."""
    parts = [part for part in parsed.root.walk() if part.content_type == "message/delivery-status"]
    report_type = parsed.root.parameters.get("report-type", "").lower()
    is_report = parsed.root.content_type == "multipart/report" and (
        report_type == "delivery-status" or bool(parts)
    )
    if not (is_report or _is_from_server(parsed, original)):
        return None
    notice = _own_words(parsed)
    report = _read_report(_status_texts(parts, notice))
    if report.failed or report.unnamed:
        return _reported(parsed, original, report, notice)
    if report.said_delayed:
        return _delayed(tuple(dict.fromkeys(report.delayed)), notice)
    if report.said_delivered:
        return Verdict(Kind.AUTO_REPLY, Reason.DELIVERY_CONFIRMED)
    return _worded(parsed, original, notice, is_report)


def _is_from_server(parsed: ParsedEmail, original: Original) -> bool:
    """Tell a mail server from a person by who it says it is."""
    if parsed.header("x-failed-recipients"):
        return True
    if parsed.header("x-amz-sns-message-id") and '"notificationType":"Bounce"' in parsed.text:
        return True
    name = _local_part(parsed.header("from"))
    if name in _DAEMONS or _DAEMON_NAME.fullmatch(parsed.from_name):
        return True
    says_failure = bool(_FAILURE_SUBJECT.search(parsed.subject)) or original.is_returned
    if name == "postmaster":  # people have that address, too
        return has_null_sender(parsed) or says_failure
    if has_null_sender(parsed) or not parsed.from_address:
        return says_failure
    return _NO_REPLY.match(parsed.from_address) is not None and original.is_returned


def has_null_sender(parsed: ParsedEmail) -> bool:
    """Tell whether nobody wants to hear of this mail's own failure (RFC 5321 §4.5.5)."""
    path = "".join(parsed.header("return-path").split()).lower()
    return path in ("<>", "<mailer-daemon>", "mailer-daemon")


def is_no_reply(address: str) -> bool:
    """Tell whether an address says of itself that nobody reads it."""
    return _NO_REPLY.match(address) is not None


def _local_part(sender: str) -> str:
    found = addresses.parse(sender)
    address = found[0].address if found else re.sub(r"[<>\"\s]", "", sender).lower()
    return address.partition("@")[0]


def _own_words(parsed: ParsedEmail) -> str:
    """Return the server's own words: the text up to the returned mail, in short lines."""
    text = parsed.text[:MAX_NOTICE_CHARS]
    if follows := _ORIGINAL_FOLLOWS.search(text):
        text = text[: follows.start()]
    return _short_lines(text)


def _short_lines(text: str) -> str:
    return "\n".join(line[:MAX_NOTICE_LINE_CHARS] for line in text.split("\n"))


# The formal report (RFC 3464)


def _status_texts(parts: Iterable[Part], notice: str) -> list[str]:
    texts = [_short_lines(part.text(MAX_NOTICE_CHARS)) for part in parts]
    return texts or ([notice] if _STATUS_AS_TEXT.search(notice) else [])


def _read_report(texts: Iterable[str]) -> _Report:
    """Read the per-recipient fields (RFC 3464 §2.3)."""
    report = _Report()
    blocks = (block for text in texts for block in _STATUS_BLOCK_GAP.split(text)[:MAX_STATUS_BLOCKS])
    for block in blocks:
        fields = {name: values[0] for name, values in read_fields(block).items()}
        action, status = fields.get("action", "").lower(), fields.get("status", "")
        # OpenSMTPD writes "error"; some leave the action out.
        if action.startswith(("fail", "error")) or (not action and status.startswith("5")):
            _add_failure(report, fields)
        elif action.startswith("delay"):
            report.said_delayed = True
            report.delayed.extend(_recipient(fields))
        elif action.startswith(("deliver", "relay", "expand")):
            report.said_delivered = True
    return report


def _add_failure(report: _Report, fields: dict[str, str]) -> None:
    diagnostic = fields.get("diagnostic-code", "")
    said = fields.get("status", ""), diagnostic.partition(";")[2].strip() or diagnostic.strip()
    recipient = _recipient(fields)
    if recipient:
        report.failed.setdefault(recipient[0], said)
    else:
        report.unnamed.append(said)


def _recipient(fields: dict[str, str]) -> tuple[str, ...]:
    """The address as we wrote it, else where the mail went in the end."""
    values = [
        fields.get(name, "").partition(";")[2] or fields.get(name, "")
        for name in ("original-recipient", "final-recipient", "x-actual-recipient")
    ]
    # Postfix leaves out of the original the quotes that such an address needs.
    if values[0] and values[0].strip() == values[1].strip().replace('"', ""):
        del values[0]
    return usable(values)[:1]


def _reported(parsed: ParsedEmail, original: Original, report: _Report, notice: str) -> Verdict:
    failed = report.failed
    if not failed:
        failed = dict.fromkeys(_named_in_header(parsed) or original.recipients, report.unnamed[0])
    if not failed:
        words = report.unnamed[0][1] or reply_line(notice)
        return _verdict(Reason.DELIVERY_REPORT, [], report.delayed, words)
    rest = [notice] if len(failed) == 1 else []
    return _verdict(
        Reason.DELIVERY_REPORT,
        [
            _failure(address, status, words, [_lines_naming(address, notice), *rest])
            for address, (status, words) in failed.items()
        ],
        report.delayed,
    )


def _named_in_header(parsed: ParsedEmail) -> tuple[str, ...]:
    return usable(name for value in parsed.headers("x-failed-recipients") for name in value.split(","))


# Wordings


def _worded(parsed: ParsedEmail, original: Original, notice: str, is_report: bool) -> Verdict:
    """Read a server's notice that brings no readable report."""
    delayed, failed = _known_wording(parsed.root)
    if not (delayed or failed):
        failed = usable(_group(match) for match in _FAILED_LINES.finditer(notice))
    # Servers also name us, and Message-IDs look like addresses; that they failed is said of others, if any.
    ours = {parsed.from_address, *parsed.recipients, original.message_id.lower()}
    failed = tuple(address for address in failed if address not in ours) or failed
    if delayed or _DELAY.search(f"{parsed.subject}\n{notice}"):
        return _delayed(delayed or failed, notice)
    if not failed and original.is_returned and (is_report or _FAILURE_SUBJECT.search(parsed.subject)):
        failed = original.recipients
    if not failed:
        return Verdict(Kind.AUTO_REPLY, Reason.SERVER_NOTICE, detail=reply_line(notice))
    said = _split_by_recipient(failed, notice)
    return _verdict(
        Reason.SERVER_WORDING,
        [_failure(address, "", "", [*said[address], parsed.subject]) for address in failed],
    )


def _group(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "")


def _split_by_recipient(failed: tuple[str, ...], notice: str) -> dict[str, list[str]]:
    """What is said of each recipient: its own lines, then all up to where the next one is named."""
    if len(failed) == 1:
        return {failed[0]: [notice]}
    lowered = notice.lower()
    starts = sorted((max(lowered.find(address), 0), address) for address in failed)
    # What stands above the first one may be about it; each later one begins with its line.
    begins = [0, *(lowered.rfind("\n", 0, start) + 1 for start, _address in starts[1:]), len(notice)]
    said: dict[str, list[str]] = {}
    for index, (_start, address) in enumerate(starts):
        section = notice[begins[index] : begins[index + 1]]
        said[address] = [_lines_naming(address, section), section]
    return said


def _lines_naming(address: str, notice: str) -> str:
    """The lines that name an address; one goes on while the next ones are indented."""
    lines: list[str] = []
    taking = False
    for line in notice.split("\n"):
        taking = address in line.lower() or (taking and line[:1] in (" ", "\t"))
        if taking and len(lines) < MAX_LINES_NAMING:
            lines.append(line)
    return "\n".join(lines)


def _known_wording(root: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask flufl.bounce, which knows many servers' wordings; returns (delayed, failed)."""
    try:
        delayed, failed = all_failures(_as_message(root))
    except Exception:  # noqa: BLE001 -- some of its detectors trip over unusual mails
        return (), ()
    return usable(map(_ascii, sorted(delayed))), usable(map(_ascii, sorted(failed)))


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
    message.set_payload(_short_lines(text))
    return message


# Verdicts


def _failure(address: str, status: str, diagnostic: str, said: Iterable[str]) -> Failure:
    sayings = [diagnostic, *said] if diagnostic or status else list(said)
    found = diagnose(status, sayings)
    words = diagnostic or next(filter(None, map(reply_line, sayings)), "")
    return Failure(
        address=address,
        category=found.category,
        permanent=found.permanent,
        status=found.status,
        diagnostic=one_line(words)[:MAX_DIAGNOSTIC_CHARS],
    )


def _verdict(
    reason: Reason, failures: Iterable[Failure], delayed: Iterable[str] = (), detail: str = ""
) -> Verdict:
    known = tuple(failures)
    if known:
        first = known[0]
        code = "" if first.status in first.diagnostic else first.status
        detail = one_line(f"{code} {first.diagnostic}")
    return Verdict(
        Kind.DELIVERY_FAILURE,
        reason,
        failures=known,
        delayed_addresses=tuple(dict.fromkeys(delayed)),
        detail=detail[:MAX_DIAGNOSTIC_CHARS],
    )


def _delayed(waiting: tuple[str, ...], notice: str) -> Verdict:
    return Verdict(
        Kind.DELAYED, Reason.DELIVERY_DELAYED, delayed_addresses=waiting, detail=reply_line(notice)
    )
