"""What a received mail is to a conversation: a message, the word on one of ours, or nothing."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop

from conversations.channels.base import File, Ignored, Inbound, InboundMessage, InboundStatus, Unreadable
from conversations.channels.email import outgoing, reply_address
from conversations.channels.email.classify import classify
from conversations.channels.email.diagnosis import CATEGORIES
from conversations.channels.email.mime import ParsedEmail, parse
from conversations.channels.email.replies import fold
from conversations.channels.email.verdict import REASONS, Failure, Kind, Verdict
from conversations.models import Channel, Delivery
from crm.models import Identity

STILL_TRYING = gettext_noop("Another mail server is still trying")  # followed by what it said


def signing_keys() -> list[bytes]:
    """Keys of signed reply addresses, the newest first."""
    return [key.encode() for key in settings.CHANNEL_SECRET_KEYS]


def read(raw: bytes, channel: Channel) -> Inbound:
    """Understand a mail that came to a channel. Raises `Unreadable` where it is none."""
    mail = parse(raw)
    verdict = classify(mail, loop_mark=outgoing.loop_mark(channel.tenant_id))
    with translation.override("en"):  # kept as it is in the code, translated where it is shown
        reason = str(REASONS[verdict.reason])
    match verdict.kind:
        case Kind.MESSAGE:
            return _message(mail, verdict)
        case Kind.DELIVERY_FAILURE:
            return _failed(mail, verdict, reason)
        case Kind.DELAYED:
            return _delayed(mail, verdict)
        case Kind.COMPLAINT:
            return _complaint(mail, verdict, reason)
        case Kind.AUTO_REPLY:
            return Ignored(outcome="auto_reply", reason=reason, provider_id=identity_of(mail))
    raise Unreadable(reason)


def identity_of(mail: ParsedEmail) -> str:
    """What makes a mail this mail when it arrives by two ways: who, when, which id, what it says."""
    parts = [mail.message_id, mail.from_address, str(mail.date), mail.subject, mail.body_digest]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _message(mail: ParsedEmail, verdict: Verdict) -> InboundMessage:
    answered = mail.reply_to[0] if mail.reply_to else None
    address = answered.address if answered else mail.from_address
    folded = fold(mail.text)
    recipients = [entry.address for entry in (*mail.to, *mail.cc)]
    return InboundMessage(
        provider_id=identity_of(mail),
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
        provider_id=identity_of(mail),
        status=Delivery.Status.FAILED,
        reason=why(failure) if failure else verdict.detail or reason,
        outcome="delivery_failure",
        message_reference=verdict.original_message_id,
        address=failure.address if failure else "",
        details=details(failure) if failure else {},
    )


def why(failure: Failure) -> str:
    """The category's sentence and what the server said, as `reasons.shown` translates it."""
    with translation.override("en"):
        sentence = str(CATEGORIES[failure.category])
    code = "" if failure.status in failure.diagnostic else failure.status
    return ": ".join(filter(None, [sentence, f"{code} {failure.diagnostic}".strip()]))


def details(failure: Failure) -> dict[str, Any]:
    """What is kept of a failure beside the sentence."""
    return {"category": str(failure.category), "code": failure.status, "permanent": failure.permanent}


def _delayed(mail: ParsedEmail, verdict: Verdict) -> InboundStatus:
    """A warning only: the mail may still arrive."""
    return InboundStatus(
        provider_id=identity_of(mail),
        status="delayed",
        reason=": ".join(filter(None, [STILL_TRYING, verdict.detail])),
        outcome="auto_reply",
        message_reference=verdict.original_message_id,
        address=next(iter(verdict.delayed_addresses), ""),
    )


def _complaint(mail: ParsedEmail, verdict: Verdict, reason: str) -> InboundStatus:
    return InboundStatus(
        provider_id=identity_of(mail),
        status="complaint",
        reason=verdict.detail or reason,
        outcome="complaint",
        message_reference=verdict.original_message_id,
        address=next(iter(verdict.complaining_addresses), ""),
    )
