"""What WhatsApp's webhooks say, as items that every channel shares.

Source: developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages and the pages below it,
…/smb_message_echoes, and …/business-scoped-user-ids (Cloud API v24.0).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from conversations.channels.base import (
    AddressChange,
    ChannelNews,
    Ignored,
    Inbound,
    InboundChange,
    InboundEcho,
    InboundMessage,
    InboundStatus,
    Unreadable,
)
from conversations.channels.meta import values
from conversations.channels.meta.values import mapping, mappings, moment, text
from conversations.channels.whatsapp import content, errors, news, people
from conversations.models import Channel, InboundEvent
from crm.models import Identity

GROUP = gettext_noop("Messages in groups are not taken in.")
NO_ID = gettext_noop("The event lacks the id of what it speaks of.")
NEW_DEVICE = gettext_noop("The customer uses WhatsApp on a new device.")
OTHER_STATUS = gettext_noop("WhatsApp told of a status that changes nothing")  # followed by its name
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
NUMBER_CHANGES = frozenset({"user_changed_number", "customer_changed_number"})


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in an event, and what stands around it."""

    value: dict[str, Any]  # of the change: metadata, contacts
    item: dict[str, Any]
    received_at: datetime
    channel: Channel

    @property
    def at(self) -> datetime | None:
        """The vendor's clock."""
        return moment(self.item.get("timestamp"))

    @property
    def id(self) -> str:
        """The vendor's id. Raises `Unreadable` where there is none."""
        found = text(self.item.get("id"), 255)
        if not found:
            raise Unreadable(NO_ID)
        return found


Reader = Callable[[Part], Inbound]


def read(event: InboundEvent, channel: Channel) -> list[Inbound]:
    """Everything an event says, by the vendor's clock. Raises `Unreadable` when that is nothing.

    What cannot be read of a batch is told in its place and spoils nothing of the rest.
    """
    posted = values.load(bytes(event.body))
    found: list[tuple[datetime, Inbound]] = []
    failed: list[tuple[datetime, Ignored]] = []
    for entry in mappings(posted.get("entry")):
        for change in mappings(entry.get("changes")):
            for reader, part in _parts(entry, change, event.received_at, channel):
                try:
                    found.append((part.at or event.received_at, reader(part)))
                except Unreadable as error:
                    told = Ignored("parked", str(error), news.fingerprint(part.item, change))
                    failed.append((part.at or event.received_at, told))
    if not found:
        raise Unreadable(failed[0][1].reason if failed else news.NOTHING)
    return [item for _at, item in sorted([*found, *failed], key=lambda timed: timed[0])]


def _parts(
    entry: dict[str, Any], change: dict[str, Any], received_at: datetime, channel: Channel
) -> Iterator[tuple[Reader, Part]]:
    value, any_list = mapping(change.get("value")), False
    for name, reader in READERS.items():
        for item in mappings(value.get(name)):
            any_list = True
            yield reader, Part(value, item, received_at, channel)
    if not any_list:
        at = {"timestamp": entry.get("time")}
        yield (lambda _part: news.read(entry, change)), Part(value, at, received_at, channel)


def _message(part: Part) -> Inbound:
    """What a customer sent or did."""
    if "group_id" in part.item or part.item.get("recipient_type") == "group":
        return Ignored("status", GROUP, part.id)
    kind = text(part.item.get("type"), 40)
    if kind == "system":
        return _system(part)
    if (change := _change(part, kind, by_customer=True)) is not None:
        return change
    person = people.find(part.item, part.value, "from", "from_user_id")
    interactive = mapping(part.item.get("interactive"))
    if interactive.get("type") == "call_permission_reply":
        return news.call_permission(
            part.id, mapping(interactive.get("call_permission_reply")), person.identity
        )
    said, data, media = content.read(part.item, kind, part.channel)
    return InboundMessage(
        provider_id=part.id,
        identity_kind=Identity.Kind.WHATSAPP,
        identity=person.identity,
        identity_verified=True,
        name=person.name,
        text=said,
        data=data | content.surroundings(part.item),
        media=media,
        provider_at=part.at,
        aliases=person.aliases,
    )


def _echo(part: Part) -> Inbound:
    """What the business wrote or did on its phone."""
    if "group_id" in part.item or part.item.get("recipient_type") == "group":
        return Ignored("status", GROUP, part.id)
    kind = text(part.item.get("type"), 40)
    if (change := _change(part, kind, by_customer=False)) is not None:
        return change
    person = people.find(part.item, part.value, "to", "to_user_id")
    said, data, media = content.read(part.item, kind, part.channel)
    return InboundEcho(
        provider_id=part.id,
        identity_kind=Identity.Kind.WHATSAPP,
        identity=person.identity,
        name=person.name,
        text=said,
        data=data | content.surroundings(part.item),
        media=media,
        provider_at=part.at,
    )


def _status(part: Part) -> Inbound:
    """What became of a message of ours."""
    if part.item.get("recipient_type") == "group":
        return Ignored("status", GROUP, part.id)
    if part.item.get("type") == "call":
        return news.call_status(part.id, part.item)
    said = text(part.item.get("status"), 20)
    status = STATUSES.get(said)
    if status is None:
        return Ignored("status", f"{OTHER_STATUS}: {said}", f"{part.id}:{said}"[-255:])
    failure = next(mappings(part.item.get("errors")), {}) if status == "failed" else {}
    problem = errors.problem_of(failure) if status == "failed" else None
    return InboundStatus(
        provider_id=part.id,
        status=status,
        reason=problem.reason if problem else "",
        outcome="delivery_failure" if problem else "status",
        details=_details(failure, problem) if problem else {},
        delivery_id=_our_reference(part.item.get("biz_opaque_callback_data")),
        at=part.at,
    )


def _details(failure: dict[str, Any], problem: errors.Problem) -> dict[str, Any]:
    code = text(failure.get("code"), 20)
    return {"code": code, "category": problem.category, "permanent": problem.permanent}


def _our_reference(value: Any) -> UUID | None:
    try:
        return UUID(text(value, 100))
    except ValueError:
        return None


def _call(part: Part) -> ChannelNews:
    return news.call(part.id, part.item)


def _preference(part: Part) -> ChannelNews:
    return news.preference(part.value, part.item)


READERS: dict[str, Reader] = {
    "messages": _message,
    "message_echoes": _echo,
    "statuses": _status,
    "calls": _call,
    "user_preferences": _preference,
}


def _system(part: Part) -> Inbound:
    """What WhatsApp says of a customer."""
    system = mapping(part.item.get("system"))
    kind = text(system.get("type"), 60)
    if kind in NUMBER_CHANGES:
        old = people.number_of(part.item.get("from"))
        new = people.number_of(system.get("wa_id") or system.get("new_wa_id"))
    elif kind == "user_changed_user_id":
        old, new = people.id_of(part.item.get("from_user_id")), people.id_of(system.get("user_id"))
    else:
        return Ignored("status", NEW_DEVICE if kind == "customer_identity_changed" else kind, part.id)
    if not (old and new):
        raise Unreadable(people.NO_SENDER)
    return AddressChange(part.id, Identity.Kind.WHATSAPP, old, new)


def _change(part: Part, kind: str, *, by_customer: bool) -> InboundChange | None:
    """A reaction, an edit or a removal; None for a message."""
    said = mapping(part.item.get(kind))
    match kind:
        case "reaction":
            target, new = said.get("message_id"), text(said.get("emoji"), 40)
            return _changed(part, target, "reaction", new, by_customer)
        case "edit":
            message = mapping(said.get("message"))
            new = content.read(message, text(message.get("type"), 40), part.channel)[0]
            return _changed(part, said.get("original_message_id"), "edit", new, by_customer)
        case "revoke":
            return _changed(part, said.get("original_message_id"), "removal", "", by_customer)
    return None


def _changed(part: Part, target: Any, change: Any, said: str, by_customer: bool) -> InboundChange:
    named = text(target, 255)
    if not named:
        raise Unreadable(NO_ID)
    return InboundChange(part.id, named, change, part.at or part.received_at, said, by_customer)
