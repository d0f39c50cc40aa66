"""What WhatsApp's webhooks say, as items that every channel shares.

Source: developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages and the pages below it,
…/smb_message_echoes, and …/business-scoped-user-ids (Cloud API v24.0).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
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
    Media,
    Unreadable,
)
from conversations.channels.meta import values
from conversations.channels.meta.values import mapping, mappings, moment, number, text
from conversations.channels.whatsapp import errors, news
from conversations.models import Channel, InboundEvent
from crm.identities import InvalidIdentity, canonical
from crm.models import Identity

GROUP = gettext_noop("Messages in groups are not taken in.")
NO_SENDER = gettext_noop("The sender's address is none that one could answer.")
NO_ID = gettext_noop("The event lacks the id of what it speaks of.")
NEW_DEVICE = gettext_noop("The customer uses WhatsApp on a new device.")
OTHER_STATUS = gettext_noop("WhatsApp told of a status that changes nothing")  # followed by its name
TEXT = 65_536  # characters
MEDIA = frozenset({"image", "audio", "video", "document", "sticker"})
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
NUMBER_CHANGES = frozenset({"user_changed_number", "customer_changed_number"})
MOST = 100  # entries of one list


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


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, as the vendor names him: a number, an id of his own for this business, or both."""

    wa_id: str
    user_id: str
    name: str

    @property
    def identity(self) -> str:
        return self.wa_id or self.user_id

    @property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        if not self.wa_id:
            return ()
        phone = f"+{self.wa_id.lstrip('+')}"
        known = [(str(Identity.Kind.WHATSAPP), self.user_id)] if self.user_id else []
        if _is_address(Identity.Kind.PHONE, phone):
            known.append((str(Identity.Kind.PHONE), phone))
        return tuple(known)


Reader = Callable[[Part], Inbound]


def read(event: InboundEvent, channel: Channel) -> list[Inbound]:
    """Everything an event says, by the vendor's clock. Raises `Unreadable` when that is nothing.

    What cannot be read of a batch is told in its place and spoils nothing of the rest.
    """
    posted = values.load(bytes(event.body))
    found: list[tuple[datetime, Inbound]] = []
    failed: list[tuple[datetime, Inbound]] = []
    for entry in mappings(posted.get("entry")):
        for change in mappings(entry.get("changes")):
            for reader, part in _parts(entry, change, event.received_at, channel):
                try:
                    found.append((part.at or event.received_at, reader(part)))
                except Unreadable as error:
                    told = Ignored("parked", str(error), news.fingerprint(part.item, change))
                    failed.append((part.at or event.received_at, told))
    if not found:
        raise Unreadable(
            failed[0][1].reason if failed and isinstance(failed[0][1], Ignored) else news.NOTHING
        )
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
    person = _person(part, "from", "from_user_id")
    interactive = mapping(part.item.get("interactive"))
    if interactive.get("type") == "call_permission_reply":
        return news.call_permission(
            part.id, mapping(interactive.get("call_permission_reply")), person.identity
        )
    said, data, media = _content(part.item, kind, part.channel)
    return InboundMessage(
        provider_id=part.id,
        identity_kind=Identity.Kind.WHATSAPP,
        identity=person.identity,
        identity_verified=True,
        name=person.name,
        text=said,
        data=data | _surroundings(part.item),
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
    person = _person(part, "to", "to_user_id")
    said, data, media = _content(part.item, kind, part.channel)
    return InboundEcho(
        provider_id=part.id,
        identity_kind=Identity.Kind.WHATSAPP,
        identity=person.identity,
        name=person.name,
        text=said,
        data=data | _surroundings(part.item),
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
        details={"code": text(failure.get("code"), 20), "permanent": problem.permanent} if problem else {},
        delivery_id=_our_reference(part.item.get("biz_opaque_callback_data")),
        at=part.at,
    )


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
        old = text(part.item.get("from"), 40)
        new = text(system.get("wa_id") or system.get("new_wa_id"), 40)
    elif kind == "user_changed_user_id":
        old = text(part.item.get("from_user_id") or part.item.get("from"), 200)
        new = text(system.get("user_id"), 200)
    else:
        return Ignored("status", NEW_DEVICE if kind == "customer_identity_changed" else kind, part.id)
    if not (_is_address(Identity.Kind.WHATSAPP, old) and _is_address(Identity.Kind.WHATSAPP, new)):
        raise Unreadable(NO_SENDER)
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
            new = _content(message, text(message.get("type"), 40), part.channel)[0]
            return _changed(part, said.get("original_message_id"), "edit", new, by_customer)
        case "revoke":
            return _changed(part, said.get("original_message_id"), "removal", "", by_customer)
    return None


def _changed(part: Part, target: Any, change: Any, said: str, by_customer: bool) -> InboundChange:
    named = text(target, 255)
    if not named:
        raise Unreadable(NO_ID)
    return InboundChange(part.id, named, change, part.at or part.received_at, said, by_customer)


def _person(part: Part, number_name: str, user_name: str) -> Person:
    """The customer of a message or echo; the only contact of the event where the message names him badly.

    Raises `Unreadable`.
    """
    contacts = list(mappings(part.value.get("contacts")))
    wa_id = _wa_id(part.item.get(number_name))
    user_id = _user_id(part.item.get(user_name))
    theirs = [
        contact
        for contact in contacts
        if (wa_id and _wa_id(contact.get("wa_id")) == wa_id)
        or (user_id and _user_id(contact.get("user_id")) == user_id)
    ]
    contact = theirs[0] if theirs else (contacts[0] if len(contacts) == 1 and not (wa_id or user_id) else {})
    wa_id = wa_id or _wa_id(contact.get("wa_id"))
    user_id = user_id or _user_id(contact.get("user_id"))
    if not (wa_id or user_id):
        raise Unreadable(NO_SENDER)
    profile = mapping(contact.get("profile"))
    return Person(wa_id, user_id, text(profile.get("name"), 150) or text(profile.get("username"), 150))


def _wa_id(value: Any) -> str:
    """A number, or '' for what is none. Short ones get a plus: they would pass for a local number."""
    digits = text(value, 40)
    if not (digits.isascii() and digits.isdigit()):
        return ""
    found = digits if len(digits) > 10 else f"+{digits}"
    return found if _is_address(Identity.Kind.WHATSAPP, found) else ""


def _user_id(value: Any) -> str:
    found = text(value, 200)
    has_country = found[:2].isalpha() and found[2:3] == "."
    return found if has_country and _is_address(Identity.Kind.WHATSAPP, found) else ""


def _is_address(kind: str, value: str) -> bool:
    try:
        canonical(kind, value, "")
    except InvalidIdentity:
        return False
    return True


def _surroundings(message: dict[str, Any]) -> dict[str, Any]:
    """What a message answers, whether it was passed on, and what led here."""
    context, referral = mapping(message.get("context")), mapping(message.get("referral"))
    data: dict[str, Any] = {}
    if replied := text(context.get("id"), 255):
        data["reply_to"] = replied
    if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
        data["forwarded"] = True
    if referral:
        data["referral"] = {
            "url": text(referral.get("source_url"), 2_000),
            "title": text(referral.get("headline")),
            "text": text(referral.get("body")),
        }
    return data


Content = tuple[str, dict[str, Any], tuple[Media, ...]]  # text, data, files


def _content(message: dict[str, Any], kind: str, channel: Channel) -> Content:
    """What a message says."""
    part = mapping(message.get(kind))
    if kind == "text":
        return text(part.get("body"), TEXT), {}, ()
    if kind in MEDIA and text(part.get("id"), 1_000):
        return _media(kind, part)
    if kind == "contacts" and isinstance(message.get("contacts"), list):
        return _contacts(message)
    if kind == "interactive":
        return _interactive(part) or _unknown(kind, channel)
    reader = SIMPLE.get(kind)
    return (reader(part) if part and reader else None) or _unknown(
        text(part.get("type"), 40) or kind, channel
    )


def _unknown(kind: str, channel: Channel) -> Content:
    with translation.override(channel.tenant.language):
        said = _("A message of a kind we don't know yet.")
    return said, {"kind": "unknown", "type": kind}, ()


def _media(kind: str, part: dict[str, Any]) -> Content:
    is_voice = kind == "audio" and part.get("voice") is True
    name = text(part.get("filename"), 200)
    file = Media(text(part.get("id"), 1_000), name=name, content_type=text(part.get("mime_type"), 100))
    return text(part.get("caption"), TEXT), {"kind": "voice" if is_voice else kind}, (file,)


def _location(part: dict[str, Any]) -> Content | None:
    latitude, longitude = number(part.get("latitude")), number(part.get("longitude"))
    if latitude is None or longitude is None:
        return None
    name, address = text(part.get("name")), text(part.get("address"))
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return ", ".join(filter(None, [name, address])), {"kind": "location", "location": place}, ()


def _contacts(message: dict[str, Any]) -> Content:
    people = [
        {
            "name": _contact_name(mapping(contact.get("name"))),
            "phones": [
                text(phone.get("phone") or phone.get("wa_id"), 60) for phone in _few(contact, "phones")
            ],
            "emails": [text(email.get("email"), 254) for email in _few(contact, "emails")],
        }
        for contact in _few(message, "contacts")
    ]
    names = ", ".join(str(person["name"]) for person in people if person["name"])
    return names, {"kind": "contacts", "contacts": people}, ()


def _contact_name(name: dict[str, Any]) -> str:
    parts = [text(name.get("first_name"), 150), text(name.get("last_name"), 150)]
    return text(name.get("formatted_name"), 300) or " ".join(filter(None, parts))


def _few(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return list(mappings(holder.get(name)))[:MOST]


def _button(part: dict[str, Any]) -> Content:
    return _choice(part.get("payload"), part.get("text"))


def _choice(id_: Any, title: Any) -> Content:
    chosen = {"id": text(id_), "title": text(title)}
    return chosen["title"], {"kind": "choice", "choice": chosen}, ()


def _interactive(part: dict[str, Any]) -> Content | None:
    kind = text(part.get("type"), 40)
    reply = mapping(part.get(kind))
    if kind in {"button_reply", "list_reply"}:
        return _choice(reply.get("id"), reply.get("title"))
    return _form(reply) if kind == "nfm_reply" else None


def _form(reply: dict[str, Any]) -> Content:
    """A flow that the customer filled in: names of its fields and what he answered."""
    try:
        answers = mapping(json.loads(text(reply.get("response_json"), TEXT)))
    except (ValueError, RecursionError):
        answers = {}
    form = {
        text(name, 200): text(answer) if isinstance(answer, str) else text(json.dumps(answer))
        for name, answer in list(answers.items())[:MOST]
        if name != "flow_token"
    }
    return "" if form else text(reply.get("body")), {"kind": "form", "form": form}, ()


def _order(part: dict[str, Any]) -> Content:
    items = [
        {
            "id": text(item.get("product_retailer_id"), 200),
            "quantity": number(item.get("quantity")),
            "price": number(item.get("item_price")),
            "currency": text(item.get("currency"), 3),
        }
        for item in _few(part, "product_items")
    ]
    note = text(part.get("text"), TEXT)
    return note, {"kind": "order", "order": {"items": items, "note": note}}, ()


SIMPLE: dict[str, Callable[[dict[str, Any]], Content | None]] = {
    "location": _location,
    "button": _button,
    "order": _order,
}
