"""E-mail: a posted raw message in, SMTP (or a provider through django-anymail) out."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.core.mail import mailers
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import (
    Adapter,
    Capabilities,
    ChannelError,
    File,
    Ignored,
    Inbound,
    InboundMessage,
    InboundStatus,
    Unreadable,
)
from conversations.channels.email import outgoing, reply_address
from conversations.channels.email.classify import classify
from conversations.channels.email.diagnosis import CATEGORIES
from conversations.channels.email.mime import ParsedEmail, parse
from conversations.channels.email.replies import fold
from conversations.channels.email.verdict import REASONS, Failure, Kind, Verdict
from conversations.models import Attachment, Channel, Delivery, InboundEvent, Message
from crm.models import Identity

MEGABYTE = 1_000_000  # bytes
UNUSABLE = gettext_noop("No mail can be sent to this address.")
FILE_GONE = gettext_noop("A file of this message cannot be read.")
UNREACHABLE = gettext_noop("The mail server cannot be reached. We try again.")
STILL_TRYING = gettext_noop("Another mail server is still trying")  # followed by what it said
REFUSED = gettext_noop("The mail server refused it")  # followed by what it said
REFUSALS = (  # said before the mail was taken
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
)


def signing_keys() -> list[bytes]:
    """Keys of signed reply addresses, the newest first."""
    return [key.encode() for key in settings.CHANNEL_SECRET_KEYS]


class Prepared(NamedTuple):
    """A mail ready to be handed over, and the Message-ID it carries."""

    own_id: str
    mail: outgoing.ThreadedEmail


class EmailAdapter(Adapter):
    """One mailbox of the business."""

    kind = "email"
    title = gettext_lazy("E-mail")
    capabilities = Capabilities(
        text_limit=100_000, attachments=True, attachment_limit=20 * MEGABYTE, subject=True
    )

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        mail = parse(bytes(event.body))
        verdict = classify(mail, loop_mark=outgoing.loop_mark(channel.tenant_id))
        with translation.override("en"):  # kept as it is in the code, translated where it is shown
            reason = str(REASONS[verdict.reason])
        match verdict.kind:
            case Kind.MESSAGE:
                return [_message(mail, verdict)]
            case Kind.DELIVERY_FAILURE:
                return [_failed(mail, verdict, reason)]
            case Kind.DELAYED:
                return [_delayed(mail, verdict)]
            case Kind.COMPLAINT:
                return [_complaint(mail, verdict, reason)]
            case Kind.AUTO_REPLY:
                return [Ignored(outcome="auto_reply", reason=reason, provider_id=_identity_of(mail))]
        raise Unreadable(reason)

    def prepare(self, delivery: Delivery) -> Prepared:
        own_id = outgoing.message_id(delivery.id, _sender(delivery.channel).address)
        try:
            return Prepared(own_id, outgoing.build(_compose(delivery)))
        except outgoing.UnusableAddress as error:
            raise ChannelError(UNUSABLE, permanent=True) from error

    def own_id(self, prepared: Prepared) -> str:
        return prepared.own_id

    def send(self, prepared: Prepared) -> str:
        server = mailers.default
        try:
            server.open()
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(UNREACHABLE, permanent=False) from error
        try:
            server.send_messages([prepared.mail])
        except REFUSALS as error:
            raise _refusal(error) from error
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.close()
        return prepared.own_id


def _identity_of(mail: ParsedEmail) -> str:
    """What makes a mail this mail when it arrives by two ways: who, when, which id, what it says."""
    parts = [mail.message_id, mail.from_address, str(mail.date), mail.subject, mail.body_digest]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _message(mail: ParsedEmail, verdict: Verdict) -> InboundMessage:
    answered = mail.reply_to[0] if mail.reply_to else None
    address = answered.address if answered else mail.from_address
    folded = fold(mail.text)
    recipients = [entry.address for entry in (*mail.to, *mail.cc)]
    return InboundMessage(
        provider_id=_identity_of(mail),
        identity_kind=Identity.Kind.EMAIL,
        identity=address,
        name=mail.from_name or (answered.name if answered else ""),
        text=folded.visible,
        quoted="\n\n".join(filter(None, [folded.quoted, folded.signature])),
        html=mail.html,
        subject=mail.subject,
        files=tuple(_files(mail)),
        provider_at=mail.date,
        conversation_id=reply_address.read_first(recipients, signing_keys()),
        references=tuple(filter(None, [mail.message_id, mail.in_reply_to, *reversed(mail.references)])),
        data={"message_id": mail.message_id, "automatic": verdict.automatic},
    )


def _files(mail: ParsedEmail) -> Iterator[File]:
    for part in mail.attachments:
        if not part.omitted:
            yield File(part.filename, part.content_type, part.content, part.content_id, part.inline)


def _failed(mail: ParsedEmail, verdict: Verdict, reason: str) -> InboundStatus:
    """What one mail did not do; a mail of ours has one recipient."""
    failure = next(iter(verdict.failures), None)
    return InboundStatus(
        provider_id=_identity_of(mail),
        status=Delivery.Status.FAILED,
        reason=why(failure) if failure else verdict.detail or reason,
        outcome="delivery_failure",
        message_reference=verdict.original_message_id,
        address=failure.address if failure else "",
        details={"category": failure.category, "code": failure.status, "permanent": failure.permanent}
        if failure
        else {},
    )


def why(failure: Failure) -> str:
    """The category's sentence and what the server said, as `reasons.shown` translates it."""
    with translation.override("en"):
        sentence = str(CATEGORIES[failure.category])
    code = "" if failure.status in failure.diagnostic else failure.status
    return ": ".join(filter(None, [sentence, f"{code} {failure.diagnostic}".strip()]))


def _delayed(mail: ParsedEmail, verdict: Verdict) -> InboundStatus:
    """A warning only: the mail may still arrive."""
    return InboundStatus(
        provider_id=_identity_of(mail),
        status="delayed",
        reason=": ".join(filter(None, [STILL_TRYING, verdict.detail])),
        outcome="auto_reply",
        message_reference=verdict.original_message_id,
        address=next(iter(verdict.delayed_addresses), ""),
    )


def _complaint(mail: ParsedEmail, verdict: Verdict, reason: str) -> InboundStatus:
    return InboundStatus(
        provider_id=_identity_of(mail),
        status="complaint",
        reason=verdict.detail or reason,
        outcome="complaint",
        message_reference=verdict.original_message_id,
        address=next(iter(verdict.complaining_addresses), ""),
    )


def _sender(channel: Channel) -> outgoing.Person:
    """The business's name and address, as its customers see them."""
    name = channel.settings.get("sender_name") or channel.tenant.name
    return outgoing.Person(name, channel.address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _compose(delivery: Delivery) -> outgoing.Outgoing:
    message = delivery.message
    conversation = message.conversation
    assert conversation.identity is not None  # the outbox has looked
    sender = _sender(delivery.channel)
    thread = _thread(message)
    with translation.override(conversation.customer.language or delivery.channel.tenant.language):
        subject = conversation.subject or _("Your message to %(business)s") % {"business": sender.name}
    return outgoing.Outgoing(
        delivery_id=delivery.id,
        tenant_id=delivery.tenant_id,
        sender=sender,
        to=[outgoing.Person(conversation.customer.name, conversation.identity.value)],
        subject=subject if not thread else f"Re: {subject}",
        text=message.text,
        reply_to=reply_address.make(conversation.id, sender.address, signing_keys()[0]),
        in_reply_to=thread[-1] if thread else "",
        references=thread,
        files=[
            outgoing.File(attachment.name, _content(attachment), attachment.content_type)
            for attachment in message.attachments.all()
        ],
        automatic=message.author_kind in {Message.Author.SYSTEM, Message.Author.BOT},
    )


def _content(attachment: Attachment) -> bytes:
    try:
        with attachment.file.open() as stored:
            return bytes(stored.read())
    except OSError as error:
        raise ChannelError(FILE_GONE, permanent=False) from error


def _thread(message: Message) -> list[str]:
    """Message-IDs of what this answers, the oldest first."""
    earlier = Message.objects.filter(
        conversation=message.conversation_id, id__lt=message.id
    ).seen_by_customer()
    rows = earlier.order_by("-id").values_list("data__message_id", "deliveries__provider_id")[
        : outgoing.MAX_REFERENCES
    ]
    return [reference for reference in ((theirs or ours) for theirs, ours in reversed(rows)) if reference]


def _refusal(error: smtplib.SMTPException) -> ChannelError:
    """The server's no: 5xx is final, 4xx is tried again (RFC 5321 §4.2.1)."""
    code, words = getattr(error, "smtp_code", 0), getattr(error, "smtp_error", b"")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return ChannelError(f"{REFUSED}: {said or error}", permanent=code >= 500)


adapter = EmailAdapter()
