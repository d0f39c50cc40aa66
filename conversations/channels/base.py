"""What every channel is to the rest of Puente: a way in, a way out, and what it can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from conversations.models import Channel, Delivery, InboundEvent


class ChannelError(Exception):
    """A vendor or a customer's server said no. `reason` is for a person.

    `permanent` errors are not tried again. Raise it only when the vendor certainly did not accept;
    anything else that goes wrong after the call began leaves the outcome unknown.
    """

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Unreadable(Exception):
    """An event that the channel cannot make sense of: it is parked with this reason."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do, declared once."""

    text_limit: int  # characters
    attachments: bool
    attachment_limit: int = 0  # bytes, all files of one message together
    subject: bool = False
    fetches: bool = False  # the customer's side fetches: stored is sent
    looks_up: bool = False  # the vendor can be asked what became of a message


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it came or is to go."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A customer's message, whatever channel brought it."""

    provider_id: str
    identity_kind: str
    identity: str
    text: str
    name: str = ""
    identity_verified: bool = False
    quoted: str = ""
    html: str = ""
    subject: str = ""
    language: str = ""
    files: tuple[File, ...] = ()
    provider_at: datetime | None = None
    client_id: UUID | None = None
    conversation_id: UUID | None = None  # a signed reply address named it
    references: tuple[str, ...] = ()  # Message-IDs it names, its own first
    data: dict[str, Any] = field(default_factory=dict)
    also: tuple[tuple[str, str], ...] = ()  # further identities the person gave: (kind, value)


@dataclass(frozen=True, slots=True)
class InboundStatus:
    """The vendor's word on something we sent: sent, delivered, read or failed."""

    provider_id: str
    status: str
    reason: str = ""
    outcome: str = "status"  # of the event: status, delivery_failure or complaint
    message_reference: str = ""  # the Message-ID it speaks of, where the vendor has no id of its own
    address: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something recognised that opens no conversation, such as an automatic reply."""

    outcome: str
    reason: str
    provider_id: str


Inbound = InboundMessage | InboundStatus | Ignored


class Adapter:
    """One kind of channel. Copy a neighbour's folder to make the next."""

    kind: str
    title: _StrPromise | str
    capabilities: Capabilities

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        """What the stored event says. Raises `Unreadable`."""
        raise NotImplementedError

    def send(self, delivery: Delivery) -> str:
        """Hand a message to the vendor; returns the vendor's id. Raises `ChannelError`.

        `delivery.id` is the idempotency key or echoed reference, the same on every attempt.
        """
        raise NotImplementedError

    def own_id(self, delivery: Delivery) -> str:
        """The vendor's id where we choose it ourselves; known before the call, it outlives a lost answer."""
        return ""

    def look_up(self, delivery: Delivery) -> InboundStatus | None:
        """Ask the vendor what became of a delivery whose outcome is unknown; None when it cannot tell."""
        return None
