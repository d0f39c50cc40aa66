"""WhatsApp Cloud API, Graph API v24.0: webhooks in, the messages endpoint out.

Source: developers.facebook.com/docs/whatsapp/cloud-api; the page stands in each module beside what it says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import Adapter, Capabilities, ChannelError, File, Inbound, VendorTemplate
from conversations.channels.meta import graph, values
from conversations.channels.whatsapp import errors, incoming, outgoing, templates
from conversations.channels.whatsapp.connection import WhatsAppConnection
from conversations.models import Attachment, Channel, Delivery, InboundEvent, Template
from crm.models import Identity

RATE = 80  # messages a second: …/cloud-api/overview, "Throughput"
NOT_CONNECTED = gettext_noop("WhatsApp is not connected yet. Enter number and token on the channel's page.")
FILE_GONE = gettext_noop("A file of this message cannot be read.")


class Account(NamedTuple):
    """A number, and the token that may send from it."""

    number: str  # as part of an address
    token: str


class Prepared(NamedTuple):
    """A message ready to be handed over; more than one call where it has several files."""

    account: Account
    bodies: list[dict[str, Any]]
    files: list[File]
    envelope: dict[str, Any]  # to whom, in answer to what, our reference


class PartlySent(Exception):
    """The first part of a message went out and a later one was refused: it may not be sent again whole."""


class WhatsAppAdapter(Adapter):
    """A business's own WhatsApp number."""

    kind = "whatsapp"
    title = gettext_lazy("WhatsApp")
    icon = "smartphone"
    connection = WhatsAppConnection()
    capabilities = Capabilities(
        text_limit=outgoing.TEXT_LIMIT,
        attachments=True,
        attachment_limit=outgoing.MEDIA_LIMITS["document"],
        media_limits=outgoing.MEDIA_LIMITS,
        buttons=outgoing.BUTTONS,
        button_limit=outgoing.BUTTON_LIMIT,
        list_rows=outgoing.ROWS,
        reactions=True,
        locations=True,
        quotes=True,
        read_receipts=True,
        typing=True,
        templates=True,
        rate=RATE,
        window=timedelta(hours=24),
        echoes=True,
    )

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        return incoming.read(event, channel)

    def prepare(self, delivery: Delivery) -> Prepared:
        message = delivery.message
        identity = message.conversation.identity
        assert identity is not None  # the outbox has looked
        files = [_content(attachment) for attachment in message.attachments.all()]
        kinds = [outgoing.kind_of(file) for file in files]
        return Prepared(
            _account(delivery.channel),
            outgoing.bodies(message.text, message.data, kinds),
            files,
            _envelope(delivery, identity),
        )

    def send(self, prepared: Prepared) -> str:
        account, bodies = prepared.account, prepared.bodies
        uploaded = [_upload(account, file) for file in prepared.files]
        for body, media_id in zip(bodies[len(bodies) - len(uploaded) :], uploaded, strict=True):
            outgoing.with_file(body, media_id)
        first = _send(account, {**prepared.envelope, **bodies[0]})
        for body in bodies[1:]:
            try:
                _send(account, {**prepared.envelope, **body})
            except ChannelError as error:
                raise PartlySent(error.reason) from error
        return first

    def fetch(self, channel: Channel, reference: str) -> File:
        account = _account(channel)
        query = urlencode({"phone_number_id": account.number})
        return graph.download(reference, account.token, query, errors.refusal)

    def templates(self, channel: Channel) -> list[VendorTemplate]:
        return templates.read_all(templates.account_of(channel))

    def submit_template(self, channel: Channel, template: Template, sample: File | None) -> VendorTemplate:
        return templates.submit(templates.account_of(channel), template, sample)

    def remove_template(self, channel: Channel, template: Template) -> None:
        templates.remove(templates.account_of(channel), template)

    def saw(self, channel: Channel, address: str, provider_id: str) -> None:
        _mark_read(channel, provider_id, {})

    def typing(self, channel: Channel, address: str, provider_id: str) -> None:
        _mark_read(channel, provider_id, {"typing_indicator": {"type": "text"}})


def _account(channel: Channel) -> Account:
    number = str(channel.settings.get("phone_number_id") or "")
    token = str(channel.secrets.get("access_token") or "")
    if not number or not token or not (token.isascii() and token.isprintable()):
        raise ChannelError(NOT_CONNECTED, permanent=False, channel_broken=True)
    return Account(quote(number, safe=""), token)


def _content(attachment: Attachment) -> File:
    try:
        with attachment.file.open() as stored:
            return File(attachment.name, attachment.content_type, bytes(stored.read()))
    except (OSError, ValueError) as error:  # ValueError: a file that never came
        raise ChannelError(FILE_GONE, permanent=False) from error


def _envelope(delivery: Delivery, identity: Identity) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "biz_opaque_callback_data": str(delivery.pk),
        **outgoing.recipient(identity),
    }
    if replied := values.text(delivery.message.data.get("reply_to"), 255):
        envelope["context"] = {"message_id": replied}
    return envelope


def _mark_read(channel: Channel, provider_id: str, more: dict[str, Any]) -> None:
    """…/cloud-api/guides/mark-message-as-read and …/cloud-api/typing-indicators."""
    account = _account(channel)
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": provider_id, **more}
    graph.order(f"{account.number}/messages", account.token, body, errors.refusal)


def _upload(account: Account, file: File) -> str:
    fields = {"messaging_product": "whatsapp", "type": file.content_type}
    return graph.upload(f"{account.number}/media", account.token, file, fields, errors.refusal)


def _send(account: Account, body: dict[str, Any]) -> str:
    answer = graph.call(f"{account.number}/messages", account.token, body, errors.refusal)
    taken = next(values.mappings(answer.get("messages")), {})
    found = values.text(taken.get("id"), 255)
    if not found:
        raise graph.Unclear("an answer without the message's id")
    return found


adapter = WhatsAppAdapter()
