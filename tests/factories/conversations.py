"""Channels, conversations and messages, made the way real ones come about."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from conversations.actions.messages import add_note, receive, send_reply
from conversations.channels.base import File, InboundMessage
from conversations.models import CannedReply, Channel, Conversation, InboundEvent, Message
from crm.models import Identity
from tenants.actors import Actor
from tests.factories.tenants import Business

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def make_channel(kind: str = "email") -> Channel:
    """The channel of a kind that every business begins with."""
    channel: Channel = Channel.objects.filter(kind=kind).earliest("created_at")
    return channel


def make_inbound(
    text: str = "Hola, ¿ya está mi bici?",
    *,
    kind: str = "email",
    address: str = "",
    name: str = "Ana Flores",
    is_sure: bool = True,
    **fields: Any,
) -> Message:
    """A message a customer wrote, taken in as from the channel; `is_sure` whether it vouches for him."""
    address = address or (f"{uuid4().hex[:10]}@example.com" if kind == "email" else str(uuid4()))
    item = InboundMessage(
        provider_id=uuid4().hex,
        identity_kind=Identity.Kind.EMAIL if kind == "email" else Identity.Kind.WEB,
        identity=address,
        identity_verified=is_sure,
        text=text,
        name=name,
        **fields,
    )
    return receive(channel=make_channel(kind), item=item)


def make_conversation(text: str = "Hola, ¿ya está mi bici?", **fields: Any) -> Conversation:
    """A conversation that a customer began; other fields of it are set afterwards.

    `kind`, `address`, `name`, `subject`, `html`, `files` go to the message.
    """
    of_message = {"kind", "address", "name", "subject", "html", "files", "quoted", "references"}
    message = make_inbound(text, **{name: fields.pop(name) for name in of_message & set(fields)})
    conversation = message.conversation
    if fields:
        Conversation.objects.filter(pk=conversation.pk).update(**fields)
        conversation.refresh_from_db()
    return conversation


def make_message(
    conversation: Conversation, text: str, *, by: Actor, note: bool = False, **fields: Any
) -> Message:
    """An answer or a note of ours."""
    action = add_note if note else send_reply
    return action(conversation=conversation, text=text, by=by, **fields)


def make_file(name: str = "foto.png", content_type: str = "image/png", content: bytes = PNG) -> File:
    """A small picture."""
    return File(name=name, content_type=content_type, content=content)


def make_parked_event(body: bytes = b"<xml>?</xml>", reason: str = "It is not a mail.") -> InboundEvent:
    """An event that could not be read."""
    event: InboundEvent = InboundEvent.objects.create(
        channel=make_channel("email"),
        body_hash=uuid4().hex * 2,
        body=body,
        content_type="message/rfc822",
        outcome=InboundEvent.Outcome.PARKED,
        reason=reason,
        due_at=None,
    )
    return event


def make_canned_reply(
    shortcut: str = "hola", body: str = "Hola {{ customer.first_name | buen día }}", **fields: Any
) -> CannedReply:
    """A canned reply."""
    reply: CannedReply = CannedReply.objects.create(
        shortcut=shortcut, title=fields.pop("title", shortcut), body=body
    )
    return reply


def move_back(message: Message, to: datetime) -> None:
    """Let a message have come at an earlier moment."""
    Message.objects.filter(pk=message.pk).update(created_at=to)


def thread_url(business: Business, conversation: Conversation, noun: str = "") -> str:
    """The address of a conversation, or of something in it."""
    return f"{business.base}inbox/{conversation.pk}/" + (f"{noun}/" if noun else "")
