"""E-mail: a posted raw message in, SMTP (or a provider through django-anymail) out."""

from __future__ import annotations

import smtplib
from contextlib import ExitStack, suppress
from email.policy import SMTP
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.core.mail import mailers
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import Adapter, Capabilities, ChannelError, Inbound
from conversations.channels.email import (
    connections,
    diagnosis,
    incoming,
    oauth,
    outgoing,
    reply_address,
    webhooks,
)
from conversations.channels.email.connection import EmailConnection
from conversations.channels.email.incoming import signing_keys
from conversations.models import Attachment, Channel, Delivery, InboundEvent, Message
from crm import consent_texts
from crm.models import Customer, Medium, Purpose

MEGABYTE = 1_000_000  # bytes
UNUSABLE = gettext_noop("No mail can be sent to this address.")
FILE_GONE = gettext_noop("A file of this message cannot be read.")
UNREACHABLE = gettext_noop("The mail server cannot be reached. We try again.")
REFUSED = gettext_noop("The mail server refused it")  # followed by what it said
NO_SUCH_RECIPIENT = (550, 551, 553)  # RFC 5321 §4.2.3
REFUSALS = (  # said before the mail was taken
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
)


class Prepared(NamedTuple):
    """A mail ready to be handed over, and the Message-ID it carries."""

    own_id: str
    mail: outgoing.ThreadedEmail
    account: connections.Account | None  # None leaves it to the installation's mail server


class EmailAdapter(Adapter):
    """One mailbox of the business."""

    kind = "email"
    title = gettext_lazy("E-mail")
    icon = "mail"
    connection = EmailConnection()
    capabilities = Capabilities(
        text_limit=100_000, attachments=True, attachment_limit=20 * MEGABYTE, subject=True
    )

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        if event.content_type == webhooks.CONTENT_TYPE:
            return webhooks.read(bytes(event.body), channel)
        return [incoming.read(bytes(event.body), channel)]

    def prepare(self, delivery: Delivery) -> Prepared:
        own_id = outgoing.message_id(delivery.id, sender_of(delivery.channel).address)
        try:
            mail = outgoing.build(_compose(delivery))
        except outgoing.UnusableAddress as error:
            raise ChannelError(UNUSABLE, permanent=True) from error
        return Prepared(own_id, mail, connections.sending(delivery.channel))

    def own_id(self, prepared: Prepared) -> str:
        return prepared.own_id

    def send(self, prepared: Prepared) -> str:
        if prepared.account:
            _send_by(prepared.account, prepared.mail)
            return prepared.own_id
        server = mailers.default
        try:
            server.open()
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(UNREACHABLE, permanent=False) from error
        try:
            server.send_messages([prepared.mail])
        except REFUSALS as error:
            raise refusal(error) from error
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.close()
        return prepared.own_id


def _send_by(account: connections.Account, mail: outgoing.ThreadedEmail) -> None:
    """Hand a mail to the business's own server. What fails once it is offered leaves the outcome open."""
    content = mail.message(policy=SMTP).as_bytes()
    sender = parseaddr(mail.from_email)[1]
    with ExitStack() as stack:
        try:
            server = stack.enter_context(connections.smtp(oauth.with_token(account)))
        except connections.MailboxProblem as problem:
            raise ChannelError(problem.reason, permanent=False) from problem
        try:
            server.sendmail(sender, [parseaddr(person)[1] for person in mail.recipients()], content)
        except REFUSALS as error:
            raise refusal(error) from error


def sender_of(channel: Channel) -> outgoing.Person:
    """The business's name and address, as its customers see them."""
    name = channel.settings.get("sender_name") or channel.tenant.name
    return outgoing.Person(name, channel.address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _compose(delivery: Delivery) -> outgoing.Outgoing:
    message = delivery.message
    conversation = message.conversation
    assert conversation.identity is not None  # the outbox has looked
    sender = sender_of(delivery.channel)
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
        extra_headers=webhooks.reference_headers(delivery.channel.settings.get("provider", ""), delivery.id)
        | _way_out(delivery, conversation.customer),
    )


def _way_out(delivery: Delivery, customer: Customer) -> dict[str, str]:
    """How to unsubscribe from what comes unasked by one click; an answer has nothing of the kind."""
    if delivery.purpose == Purpose.SERVICE:
        return {}
    return consent_texts.unsubscribe_headers(customer, Medium.EMAIL, delivery.purpose)


def _content(attachment: Attachment) -> bytes:
    try:
        with attachment.file.open() as stored:
            return bytes(stored.read())
    except OSError as error:
        raise ChannelError(FILE_GONE, permanent=False) from error


def _thread(message: Message) -> list[str]:
    """Message-IDs of what this answers, the oldest first."""
    here = Q(conversation=message.conversation_id, came_by=None) | Q(came_by=message.conversation_id)
    earlier = Message.objects.filter(here, id__lt=message.id).seen_by_customer()
    rows = earlier.order_by("-id").values_list("data__message_id", "deliveries__provider_id")[
        : outgoing.MAX_REFERENCES
    ]
    return [reference for reference in ((theirs or ours) for theirs, ours in reversed(rows)) if reference]


def refusal(error: smtplib.SMTPException) -> ChannelError:
    """The server's no: 5xx is final, 4xx is tried again (RFC 5321 §4.2.1)."""
    code, words = getattr(error, "smtp_code", 0), getattr(error, "smtp_error", b"")
    at_recipient = isinstance(error, smtplib.SMTPRecipientsRefused)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    is_final = code >= 500
    category = _why_refused(code, said) if at_recipient and is_final else ""
    return ChannelError(f"{REFUSED}: {said or error}", permanent=is_final, category=category)


def _why_refused(code: int, said: str) -> str:
    """What is wrong with the recipient; where the server names nothing, its code says that he is unknown."""
    found = diagnosis.diagnose("", [f"{code} {said}"]).category
    if found == diagnosis.Category.OTHER and code in NO_SUCH_RECIPIENT:
        return str(diagnosis.Category.NO_MAILBOX)
    return str(found)


adapter = EmailAdapter()
