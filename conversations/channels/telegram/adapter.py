"""A business's Telegram bot: Bot API 10.3 (August 24, 2026). Source: core.telegram.org/bots/api.

The page's section stands in each module beside what it says. Limits: core.telegram.org/bots/faq,
"My bot is hitting limits" (30 messages a second, one a second in a chat).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import Adapter, Capabilities, ChannelError, File, Inbound
from conversations.channels.meta import values
from conversations.channels.telegram import api, errors, incoming, outgoing
from conversations.channels.telegram.connection import TelegramConnection
from conversations.models import Attachment, Channel, Delivery, InboundEvent

FILE_GONE = gettext_noop("A file of this message cannot be read.")


class Prepared(NamedTuple):
    """A message ready to be handed over; more than one call where it has several parts."""

    token: str
    chat: int
    calls: list[api.Call]


class PartlySent(Exception):
    """The first part of a message went out and a later one was refused: it may not be sent again whole."""


class TelegramAdapter(Adapter):
    """A bot that people write to."""

    kind = "telegram"
    title = gettext_lazy("Telegram")
    icon = "send"
    capabilities = Capabilities(
        text_limit=outgoing.TEXT_LIMIT,
        attachments=True,
        attachment_limit=outgoing.LARGEST,
        media_limits=outgoing.MEDIA_LIMITS,
        buttons=outgoing.BUTTONS,
        button_limit=outgoing.BUTTON_LIMIT,
        reactions=True,
        locations=True,
        typing=True,
        quotes=True,
        rate=30,
        pair_pause=1.0,
    )
    connection = TelegramConnection()

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        return incoming.read(event, channel)

    def reaches(self, identity_kind: str) -> bool:
        """Never: a bot may not write first (core.telegram.org/bots/faq)."""
        return False

    def prepare(self, delivery: Delivery) -> Prepared:
        message = delivery.message
        identity = message.conversation.identity
        assert identity is not None  # the outbox has looked
        if not identity.value.isdigit():
            raise ChannelError(errors.STRANGER, permanent=True, category="address")
        files = [_content(attachment) for attachment in message.attachments.all()]
        chat = int(identity.value)
        calls = outgoing.calls(chat, message.text, message.data, files)
        return Prepared(api.token_of(delivery.channel.secrets), chat, calls)

    def send(self, prepared: Prepared) -> str:
        first = _id_of(prepared.chat, api.send(prepared.token, prepared.calls[0]))
        for call in prepared.calls[1:]:
            try:
                api.send(prepared.token, call)
            except ChannelError as error:
                raise PartlySent(error.reason) from error
        return first

    def acknowledge(self, channel: Channel, receipt: str) -> None:
        api.ask(api.token_of(channel.secrets), "answerCallbackQuery", callback_query_id=receipt)

    def fetch(self, channel: Channel, reference: str) -> File:
        return api.download(api.token_of(channel.secrets), reference)

    def typing(self, channel: Channel, address: str, provider_id: str) -> None:
        api.ask(api.token_of(channel.secrets), "sendChatAction", chat_id=int(address), action="typing")


def _id_of(chat: int, result: Any) -> str:
    """The id of what was sent, as incoming messages have it; of an album that of its first file."""
    if result is True:
        return ""  # a reaction is no message
    sent = next(values.mappings(result), {}) if isinstance(result, list) else values.mapping(result)
    if (number := values.text(sent.get("message_id"), 40)) == "":
        raise api.Unclear("an answer without the message's id")
    return f"{values.text(values.mapping(sent.get('chat')).get('id'), 40) or chat}:{number}"


def _content(attachment: Attachment) -> File:
    try:
        with attachment.file.open() as stored:
            return File(attachment.name, attachment.content_type, bytes(stored.read()))
    except (OSError, ValueError) as error:  # ValueError: a file that never came
        raise ChannelError(FILE_GONE, permanent=False, category="file") from error


adapter = TelegramAdapter()
