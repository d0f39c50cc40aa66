"""A vendor that does what a test tells it, and its channel."""

import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from conversations.actions import inbound
from conversations.actions.channels import create_channel
from conversations.channels.base import (
    Adapter,
    AddressChange,
    Capabilities,
    ChannelNews,
    File,
    Inbound,
    InboundChange,
    InboundEcho,
    InboundMessage,
    InboundStatus,
    Media,
    Unreadable,
)
from conversations.channels.entrance import Entrance, find
from conversations.models import Channel, Conversation, Delivery, InboundEvent
from crm.models import Identity
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business


class Vendor(Adapter):
    """Takes what is sent, unless `answers` holds something else to do; can be asked afterwards."""

    kind = "vendor"
    title = "Vendor"
    capabilities = Capabilities(
        text_limit=500, attachments=True, attachment_limit=1_000_000, looks_up=True, reactions=True
    )

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.answers: list[Exception | Callable[[Delivery], str]] = []
        self.cannot_prepare: Exception | None = None
        self.asked: Callable[[Delivery], None] | None = None
        self.known: InboundStatus | Exception | None = None
        self.files: dict[str, File | Exception] = {}
        self._one_at_a_time = threading.Lock()

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        try:
            posted = json.loads(bytes(event.body))
        except ValueError:
            raise Unreadable("It is not JSON.") from None
        return [self._item(item) for item in posted]

    def _item(self, item: dict[str, Any]) -> Inbound:
        sender = (Identity.Kind.TELEGRAM, item.get("from", "ana"))
        at = datetime.fromisoformat(item["at"]) if "at" in item else None
        match item.get("what", "status" if "status" in item else ""):
            case "status":
                return InboundStatus(
                    provider_id=item["id"],
                    status=item["status"],
                    reason=item.get("reason", ""),
                    delivery_id=UUID(item["ours"]) if "ours" in item else None,
                )
            case "echo":
                return InboundEcho(item["id"], *sender, item["text"])
            case "address":
                return AddressChange(item["id"], *sender, item["new"])
            case "news":
                return ChannelNews(
                    item["id"],
                    item["about"],
                    item.get("text", ""),
                    item.get("data", {}),
                    item.get("problem"),
                )
            case "reaction" | "edit" | "removal" as change:
                assert at
                return InboundChange(item["id"], item["target"], change, at, item.get("text", ""))
        return InboundMessage(
            provider_id=item["id"],
            identity_kind=sender[0],
            identity=sender[1],
            identity_verified=True,
            aliases=tuple((kind, value) for kind, value in item.get("aliases", [])),
            media=tuple(Media(**one) for one in item.get("media", [])),
            provider_at=at,
            name=item.get("name", "Ana"),
            text=item["text"],
        )

    def prepare(self, delivery: Delivery) -> Delivery:
        if self.cannot_prepare:
            raise self.cannot_prepare
        return delivery

    def send(self, prepared: Delivery) -> str:
        with self._one_at_a_time:
            self.calls.append(prepared.message.text)
            answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer(prepared) if answer else f"v-{prepared.pk}"

    def fetch(self, channel: Channel, reference: str) -> File:
        self.calls.append(reference)
        found = self.files[reference]
        if isinstance(found, Exception):
            raise found
        return found

    def look_up(self, delivery: Delivery) -> InboundStatus | None:
        if self.asked:
            self.asked(delivery)
        if isinstance(self.known, Exception):
            raise self.known
        return self.known


def open_channel(business: Business) -> Channel:
    """The business's channel at the vendor."""
    with tenant_scope(business.tenant.id):
        return create_channel(kind="vendor", name="Vendor", by=business.actor())


def says(text: str, id_: str = "", **fields: Any) -> bytes:
    """The vendor's webhook for one message of a customer."""
    return json.dumps([{"id": id_ or uuid4().hex, "text": text, **fields}]).encode()


def tells(what: str, id_: str = "", **fields: Any) -> bytes:
    """The vendor's webhook for anything that is no message: status, echo, address, news or a change."""
    return json.dumps([{"id": id_ or uuid4().hex, "what": what, **fields}]).encode()


def post(business: Business, channel: Channel, body: bytes) -> Any:
    """Store an event as a webhook does, committed; returns its id."""
    return inbound.store(entrance=entrance_of(channel), body=body, content_type="application/json")


def entrance_of(channel: Channel) -> Entrance:
    """What the channel's address leads to."""
    entrance = find(channel.pk)
    assert entrance
    return entrance


def take_in(business: Business, channel: Channel, body: bytes) -> InboundEvent:
    """Store and read an event; returns it as it ended."""
    event_id = post(business, channel, body)
    inbound.process_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        event: InboundEvent = InboundEvent.objects.get(pk=event_id)
        return event


def begin(business: Business, channel: Channel, text: str = "Hola", **fields: str) -> Conversation:
    """A conversation that a customer opened on the channel."""
    event = take_in(business, channel, says(text, **fields))
    with tenant_scope(business.tenant.id):
        conversation: Conversation = Conversation.objects.get(messages=event.message_id)
        return conversation
