"""What every channel is to the rest of Puente: a way in, a way out, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any, Literal, Self
from uuid import UUID

from conversations.channels.connection import Connection
from tenants.kit.text import one_line

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from conversations.models import Channel, Delivery, InboundEvent, Template


class ChannelError(Exception):
    """A vendor or a customer's server said no. `reason` is for a person.

    `permanent` errors are not tried again. Raise it only when the vendor certainly did not accept;
    anything else that goes wrong after the call began leaves the outcome unknown. `wait` is how many
    seconds the vendor asks us to stay away from the channel, with `pair` from this customer alone;
    `channel_broken` says that nothing goes out on this channel until somebody acts (an expired token): its
    messages wait. `category` (window, template, address, blocked, file, text) and the vendor's `code` say
    what would help: they stay in `Delivery.details`.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        wait: float | None = None,
        pair: bool = False,
        channel_broken: bool = False,
        category: str = "",
        code: str | int = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.wait = wait
        self.pair = pair
        self.channel_broken = channel_broken
        self.category = category
        self.code = code


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
    media_limits: Mapping[str, int] = field(default_factory=dict)  # bytes by kind: image, audio, video, …
    buttons: int = 0  # quick answers under one message
    button_limit: int = 20  # characters of a button's title
    list_rows: int = 0  # entries of a list to choose from, for more than `buttons`
    reactions: bool = False  # one emoji under a customer's message
    edits: bool = False  # what was sent can be rewritten
    removals: bool = False  # what was sent can be taken back
    locations: bool = False
    read_receipts: bool = False
    typing: bool = False
    templates: bool = False  # what may be sent when the window is closed
    window: timedelta | None = None  # how long after the customer's last message free text may be sent
    person_window: timedelta | None = None  # the same for what a person wrote, where that is longer
    rate: float = 0  # messages a second the vendor takes from one channel; 0 is no limit of ours
    pair_pause: float = 0  # seconds between two messages to the same customer, where the vendor asks for it
    echoes: bool = False  # what the owner writes on his phone comes here, too
    quotes: bool = False  # an answer shows which message it answers (`reply_to`)
    comments: bool = False  # public comments come here: to be answered openly or privately, or hidden
    profiles: bool = False  # the vendor can be asked for a person's name: `Adapter.profile`


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it came or is to go."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False

    @classmethod
    def named(cls, name: str, content: bytes) -> Self:
        """One whose type follows from its name, whatever its sender says of it."""
        return cls(one_line(name, 200), guess_type(name)[0] or "application/octet-stream", content)


@dataclass(frozen=True, slots=True)
class Media:
    """A file that stays at the vendor until it is fetched; `reference` is the vendor's id or address."""

    reference: str
    name: str = ""
    content_type: str = ""  # as the vendor says; what it is shows in its first bytes
    size: int = 0  # bytes, 0 where the vendor does not say


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A customer's message, whatever channel brought it.

    `data` holds what is more than text, under fixed names that the workspace can show:

    - `kind`: image, audio, voice, video, sticker, document, location, contacts, choice, form, order,
      story_reply, story_mention, comment, call, visit, or `unknown` for one we cannot read yet
    - `location` {latitude, longitude, name, address}; `contacts` [{name, phones, emails}]
    - `choice` {id, title}: the button or list entry that was pressed; `form` {question: answer}
    - `order` {items: [{id, quantity, price, currency}], note}
    - `reply_to`: the vendor's id of the message it answers; `forwarded`: true
    - `referral` {url, title, text}: the advertisement or post that led here
    - `comment` {id, post, parent, permalink}: it stands in public below a post, and opens no window
    """

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
    aliases: tuple[tuple[str, str], ...] = ()  # further identities the vendor vouches for: (kind, value)
    media: tuple[Media, ...] = ()
    album: str = ""  # files that come one by one and were sent together share it: they become one message
    receipt: str = ""  # what the vendor waits to hear once this is taken in: `Adapter.acknowledge`


@dataclass(frozen=True, slots=True)
class InboundStatus:
    """The vendor's word on something we sent: sent, delivered, read, delayed, failed or a complaint."""

    provider_id: str
    status: str
    reason: str = ""
    outcome: str = "status"  # of the event: status, delivery_failure or complaint
    message_reference: str = ""  # the Message-ID it speaks of, where the vendor has no id of its own
    address: str = ""
    details: dict[str, Any] = field(default_factory=dict)  # of a failure: category, code, permanent
    delivery_id: UUID | None = None  # our own reference, echoed
    at: datetime | None = None  # the vendor's clock


@dataclass(frozen=True, slots=True)
class InboundWatermark:
    """All that was sent to a customer up to a moment, or up to a message, was delivered or read."""

    provider_id: str  # of the event
    identity_kind: str
    identity: str
    status: str
    until: datetime | None = None  # the vendor's clock
    last: str = ""  # the vendor's id of the last message


@dataclass(frozen=True, slots=True)
class InboundEcho:
    """What the business wrote outside Puente: on its phone, or in the vendor's own inbox."""

    provider_id: str
    identity_kind: str
    identity: str  # the customer's address
    text: str
    name: str = ""  # the customer's, where the vendor says it
    data: dict[str, Any] = field(default_factory=dict)
    media: tuple[Media, ...] = ()
    provider_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboundChange:
    """What happens to a message after it was written. Events come late, twice and in any order."""

    provider_id: str  # of the event
    target: str  # the vendor's id of the message that changes
    change: Literal["reaction", "edit", "removal"]
    at: datetime  # the vendor's clock decides which change is the last
    text: str = ""  # of an edit; of a reaction the emoji, empty when it is taken back
    by_customer: bool = True


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A customer has another address now, says the vendor."""

    provider_id: str
    identity_kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChannelNews:
    """What the vendor says of the account, the number or a template.

    `what` is `account`, `template_status`, `template_quality`, `template_category`,
    `template_components`, `preferences` or `call`; `text` is for a person. `problem`: the channel cannot
    work until somebody acts.
    """

    provider_id: str
    what: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    problem: bool | None = None  # None leaves the channel's state as it is


@dataclass(frozen=True, slots=True)
class InboundReach:
    """A customer closed this channel to us, or opened it again: a blocked bot, STOP and START."""

    provider_id: str
    identity_kind: str
    identity: str
    is_open: bool
    at: datetime  # the vendor's clock decides which word is the last
    word: str = ""  # what he wrote, such as STOP or START; empty when he blocked us or let us in again


@dataclass(frozen=True, slots=True)
class InboundCall:
    """What a phone system tells of a call; later reports fill in what earlier ones could not know."""

    provider_id: str  # of the report
    call_id: str
    direction: str  # in, out
    state: str  # ringing, ongoing, ended, missed; '' says nothing of it
    phone: str  # of the customer
    at: datetime  # the clock of whoever tells
    name: str = ""
    started_at: datetime | None = None
    seconds: int | None = None
    recording: str = ""  # an address that a person may open
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something recognised that opens no conversation, such as an automatic reply."""

    outcome: str
    reason: str
    provider_id: str


Inbound = (
    InboundMessage
    | InboundStatus
    | InboundWatermark
    | InboundEcho
    | InboundChange
    | InboundReach
    | InboundCall
    | AddressChange
    | ChannelNews
    | Ignored
)


@dataclass(frozen=True, slots=True)
class VendorTemplate:
    """A template as the vendor has it; `status` and the rest in the words of `Template`."""

    vendor_id: str
    name: str
    language: str
    status: str
    category: str = ""
    reason: str = ""
    quality: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)
    is_named: bool = False


class Adapter:
    """One kind of channel. Copy a neighbour's folder to make the next.

    What goes out is `message.text`, its attachments, and in `message.data`:

    - `buttons` [{id, title}]; `list` {button, rows: [{id, title, description}]}
    - `template` {name, language, components, header}: a `header` of image, video or document takes the
      message's first file; `location` {latitude, longitude, name, address}
    - `reply_to`: the vendor's id of the message it answers
    - `reaction` {target, emoji}: no text of its own; an empty emoji takes it back
    - `comment` {id, mode}: an answer to a public comment, `public` below it or `private` as a message; the
      modes `hide` and `show` change the comment itself
    """

    kind: str
    title: _StrPromise | str
    icon: str = "messages-square"
    capabilities: Capabilities
    connection: Connection = Connection()

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        """What the stored event says. Raises `Unreadable`."""
        raise NotImplementedError

    def reaches(self, identity_kind: str) -> bool:
        """Whether one may write first to an address of this kind."""
        return identity_kind == self.kind

    def prepare(self, delivery: Delivery) -> Any:
        """Read all that `send` needs, inside the business's scope: text, address, files, credentials.

        A plain object of the adapter's own. Nothing has been handed over yet: raise `ChannelError` for
        what can never go out. `delivery.id` is the idempotency key or echoed reference, the same on
        every attempt.
        """
        raise NotImplementedError

    def own_id(self, prepared: Any) -> str:
        """The vendor's id where we choose it ourselves; known before the call, it outlives a lost answer."""
        return ""

    def send(self, prepared: Any) -> str:
        """Hand the message to the vendor; returns the vendor's id. Raises `ChannelError`.

        Called outside any scope, with no transaction open: a slow vendor holds up no connection.
        """
        raise NotImplementedError

    def acknowledge(self, channel: Channel, receipt: str) -> None:
        """Tell the vendor that what waits for an answer was taken in (`InboundMessage.receipt`).

        Called by a worker, outside any scope; nothing is lost when it fails. Raises `ChannelError`.
        """
        raise NotImplementedError

    def fetch(self, channel: Channel, reference: str) -> File:
        """Bring a file from the vendor (`Media.reference`), outside any scope. Raises `ChannelError`."""
        raise NotImplementedError

    def look_up(self, delivery: Delivery) -> InboundStatus | None:
        """Ask the vendor what became of a delivery whose outcome is unknown; None when it cannot tell.

        Called outside any scope: the delivery, its message and its channel are read, nothing else can be.
        """
        return None

    def templates(self, channel: Channel) -> list[VendorTemplate]:
        """All templates of the channel's account, outside any scope. Raises `ChannelError`."""
        raise NotImplementedError

    def submit_template(self, channel: Channel, template: Template, sample: File | None) -> VendorTemplate:
        """Ask the vendor to approve a template, outside any scope. Raises `ChannelError`."""
        raise NotImplementedError

    def remove_template(self, channel: Channel, template: Template) -> None:
        """Delete a template at the vendor, outside any scope. Raises `ChannelError`."""
        raise NotImplementedError

    def profile(self, channel: Channel, address: str) -> str:
        """The name a person has at the vendor (`profiles`), outside any scope. Raises `ChannelError`."""
        raise NotImplementedError

    def saw(self, channel: Channel, address: str, provider_id: str) -> None:
        """Tell the customer that his message was read (`read_receipts`), outside any scope.

        `address` is the customer's, `provider_id` the vendor's id of his newest message.
        """
        raise NotImplementedError

    def typing(self, channel: Channel, address: str, provider_id: str) -> None:
        """Tell the customer that somebody is writing (`typing`), outside any scope."""
        raise NotImplementedError
