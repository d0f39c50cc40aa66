"""Build the mail for a delivery: threading, signed reply address, marks against loops."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage as StandardMessage
from email.policy import EmailPolicy, Policy, default
from email.utils import formataddr
from typing import NamedTuple
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils.html import linebreaks, urlize

from conversations.channels.email import addresses
from conversations.channels.email.classify import LOOP_HEADER
from conversations.channels.email.parts import clean, one_line

MAX_REFERENCES = 15  # the first, which started the thread, and the latest
MAX_REFERENCE_CHARS = 250
MAX_SUBJECT_CHARS = 250
MAX_NAME_CHARS = 100

_MESSAGE_ID = re.compile(rf"[!-;=?-~]{{1,{MAX_REFERENCE_CHARS}}}")
_SPECIALS = re.compile(r"[()<>@,;:\\\".\[\]]")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")


class UnusableAddress(ValueError):
    """A sender or recipient that no mail can be sent from or to."""


class Person(NamedTuple):
    """A name, which may be empty, and an address."""

    name: str
    address: str


class File(NamedTuple):
    """A file to attach."""

    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """All that goes into a mail; identifiers of other mails stand without angle brackets."""

    delivery_id: UUID
    tenant_id: UUID
    sender: Person
    to: Sequence[Person]
    subject: str
    text: str
    reply_to: str = ""  # the signed address
    in_reply_to: str = ""
    references: Sequence[str] = ()
    files: Sequence[File] = ()
    automatic: bool = False  # written by the system, not by a person
    extra_headers: Mapping[str, str] = field(default_factory=dict)  # for the provider that sends it


class _Identifiers(UnstructuredHeader):
    """A header of identifiers, folded only between them.

    The standard library would write those longer than a line (Outlook's are) as encoded words, which no mail
    program decodes there, and threads would break.
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(str(self).split())}{policy.linesep}"


_REGISTRY = HeaderRegistry()
for _name in ("message-id", "in-reply-to", "references"):
    _REGISTRY.map_to_type(_name, _Identifiers)  # type: ignore[arg-type]  # it mixes BaseHeader in


class ThreadedEmail(EmailMultiAlternatives):
    """Django's mail, but identifiers of any length stay whole."""

    def message(self, *, policy: Policy | None = None) -> StandardMessage:
        """Return the standard library's message for this mail."""
        base = policy if isinstance(policy, EmailPolicy) else default
        return super().message(policy=base.clone(header_factory=_REGISTRY))


def loop_mark(tenant_id: UUID) -> str:
    """Return the value by which a business recognises its own mail when it comes back."""
    return hashlib.sha256(b"puente loop mark\0" + tenant_id.bytes).hexdigest()[:24]


def message_id(delivery_id: UUID, sender_address: str) -> str:
    """Return the Message-ID of a delivery, without angle brackets: the same at every attempt."""
    domain = addresses.normalise(sender_address).rpartition("@")[2] or "puente.invalid"
    return f"{delivery_id.hex}@{domain.strip('[]')}"


def build(mail: Outgoing) -> ThreadedEmail:
    """Return the mail as Django sends it. No value can add a header of its own.

    Raises UnusableAddress where sender, reply address or a recipient is no address.
    """
    message = ThreadedEmail(
        subject=one_line(mail.subject)[:MAX_SUBJECT_CHARS],
        body=clean(mail.text),
        from_email=formatted(mail.sender),
        to=[formatted(person) for person in mail.to],
        reply_to=[formatted(Person(mail.sender.name, mail.reply_to))] if mail.reply_to else None,
        headers=_headers(mail),
    )
    message.attach_alternative(as_html(mail.text), "text/html")
    for file in mail.files:
        name = one_line(file.filename).replace("/", "_") or "attachment"
        message.attach(name, file.content, opaque_kind(file.content_type))
    return message


def opaque_kind(content_type: str) -> str:
    """The type by which a file is attached: one that nobody decodes or rewrites, as Django does texts."""
    kind = content_type.lower()
    is_opaque = _MEDIA_TYPE.fullmatch(kind) and not kind.startswith(("text/", "message/", "multipart/"))
    return kind if is_opaque else "application/octet-stream"


def as_html(text: str) -> str:
    """Return plain text as simple HTML: escaped, with paragraphs and links."""
    return linebreaks(urlize(clean(text), autoescape=True, nofollow=True), autoescape=False)


def _headers(mail: Outgoing) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{message_id(mail.delivery_id, mail.sender.address)}>",
        LOOP_HEADER: loop_mark(mail.tenant_id),
        # Microsoft's servers then send no absence notices; replies by people are not affected.
        "X-Auto-Response-Suppress": "OOF, AutoReply" if not mail.automatic else "All",
    }
    headers |= mail.extra_headers
    if mail.automatic:
        headers["Auto-Submitted"] = "auto-generated"
    if _MESSAGE_ID.fullmatch(mail.in_reply_to):
        headers["In-Reply-To"] = f"<{mail.in_reply_to}>"
    if references := _bounded(mail.references):
        headers["References"] = " ".join(f"<{reference}>" for reference in references)
    return headers


def _bounded(references: Sequence[str]) -> list[str]:
    usable = list(dict.fromkeys(item for item in references if _MESSAGE_ID.fullmatch(item)))
    return usable if len(usable) <= MAX_REFERENCES else [usable[0], *usable[1 - MAX_REFERENCES :]]


def formatted(person: Person) -> str:
    """A name and address as a header has them. Raises UnusableAddress."""
    address = addresses.normalise(person.address)
    if not address or not address.isascii():
        raise UnusableAddress(f"not a usable mail address: {person.address!r}")
    name = one_line(person.name)[:MAX_NAME_CHARS]
    if not name.isascii():
        # The standard library leaves these unquoted next to an encoded word.
        name = one_line(_SPECIALS.sub(" ", name))
    return formataddr((name, address))
