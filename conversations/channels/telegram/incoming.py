"""What a bot's updates say, as items that every channel shares.

Source: core.telegram.org/bots/api#update and the objects named below (Bot API 10.3). An update holds one
thing; a person in a private chat has there the id of his account.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations.channels.base import (
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    InboundReach,
    Unreadable,
)
from conversations.channels.meta import values
from conversations.channels.meta.values import mapping, mappings, moment, text
from conversations.channels.telegram import content
from conversations.models import Channel, InboundEvent
from crm.models import Identity
from tenants.kit.text import clean

NO_SENDER = gettext_noop("The sender's address is none that one could answer.")
NO_ID = gettext_noop("The event lacks the id of what it speaks of.")
GROUP = gettext_noop("Messages in groups and channels are not taken in.")
SERVICE = gettext_noop("Telegram tells of the chat itself: nobody wrote.")
MOVED = gettext_noop("A shared place moved on.")
NOT_OURS = gettext_noop("Telegram told of something that is no message")  # followed by its name
START = re.compile(r"^/start(?:@\w+)?(?:\s+(?P<payload>[A-Za-z0-9_-]{1,64}))?\s*$")
OUT = frozenset({"kicked", "left"})
# Kinds of updates that we do not ask for: #update.
OTHERS = frozenset(
    [
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "guest_message",
    ]
)


@dataclass(frozen=True, slots=True)
class Update:
    """One update."""

    id: int
    kind: str
    said: dict[str, Any]
    received_at: datetime
    channel: Channel

    @property
    def key(self) -> str:
        """Our name of what has no id of its own: they sort as Telegram numbers updates."""
        return f"update:{self.id:020d}"

    @property
    def at(self) -> datetime:
        """Telegram's clock."""
        return moment(self.said.get("edit_date")) or moment(self.said.get("date")) or self.received_at


def read(event: InboundEvent, channel: Channel) -> list[Inbound]:
    """What an update says. Raises `Unreadable`."""
    posted = values.load(bytes(event.body))
    number = posted.get("update_id")
    kinds = [kind for kind, said in posted.items() if kind != "update_id" and isinstance(said, dict)]
    if not isinstance(number, int) or not kinds:
        raise Unreadable(NO_ID)
    kind = next((kind for kind in kinds if kind in READERS), kinds[0])
    update = Update(number, kind, posted[kind], event.received_at, channel)
    if kind in OTHERS:
        return [Ignored("status", f"{NOT_OURS}: {kind}", update.key)]
    if not _is_private(update):
        return [Ignored("status", GROUP, update.key)]
    return [READERS.get(kind, _unknown)(update)]


def _is_private(update: Update) -> bool:
    """Whether it happened between one person and the bot; what names no chat did."""
    chat = mapping(update.said.get("chat") or mapping(update.said.get("message")).get("chat"))
    return not chat or chat.get("type") == "private"


def _sender(update: Update, person: Any = None) -> dict[str, Any]:
    """Who did it. Raises `Unreadable` for a bot and for nobody."""
    found = mapping(person or update.said.get("from"))
    number = found.get("id")
    if found.get("is_bot") is True or not isinstance(number, int) or not 0 < number < 1 << 63:
        raise Unreadable(NO_SENDER)
    return found


def _message(update: Update) -> Inbound:
    said = update.said
    number = content.id_of(said)
    if not number:
        raise Unreadable(NO_ID)
    if content.is_service(said):
        return Ignored("status", SERVICE, update.key)
    words, data, media = content.read(said, update.channel)
    data |= content.surroundings(said) | _referral(said, update.channel)
    return _written(update, number, words, data, media=media, album=text(said.get("media_group_id"), 100))


def _written(update: Update, number: str, words: str, data: dict[str, Any], **more: Any) -> InboundMessage:
    person = _sender(update)
    return InboundMessage(
        provider_id=number,
        identity_kind=Identity.Kind.TELEGRAM,
        identity=str(person["id"]),
        identity_verified=True,
        name=content.name_of(person),
        text=words,
        quoted=clean(text(mapping(update.said.get("quote")).get("text"), content.TEXT)),
        language=_language(person),
        data=data,
        provider_at=moment(update.said.get("date")),
        aliases=_own_phone(update.said, person),
        **more,
    )


def _own_phone(said: dict[str, Any], person: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The number of the account itself: whoever shares his own contact cannot choose it."""
    contact = mapping(said.get("contact"))
    phone = content.phone_of(contact)
    is_own = contact.get("user_id") == person["id"] and "forward_origin" not in said
    return ((str(Identity.Kind.PHONE), phone),) if phone and is_own else ()


def _language(person: dict[str, Any]) -> str:
    """The language of his app (IETF) as one that we speak, or ''."""
    asked = text(person.get("language_code"), 20).lower()
    known = [code for code, _name in settings.LANGUAGES]
    near = (code for code in known if code.partition("-")[0] == asked.partition("-")[0])
    return asked if asked in known else next(near, "")


def _referral(said: dict[str, Any], channel: Channel) -> dict[str, Any]:
    """What led here: the payload of the link behind which the bot was started."""
    started = START.match(text(said.get("text"), 200))
    payload = started["payload"] if started else None
    if not payload:
        return {}
    bot = channel.address.removeprefix("@")
    url = f"https://t.me/{bot}?start={payload}" if bot else ""
    return {"referral": {"url": url, "title": "", "text": payload}}


def _edited(update: Update) -> Inbound:
    """The same message in other words; a place that moves is no other message."""
    target = content.id_of(update.said)
    if not target:
        raise Unreadable(NO_ID)
    if "location" in update.said:
        return Ignored("status", MOVED, update.key)
    words, _data, _media = content.read(update.said, update.channel)
    return InboundChange(update.key, target, "edit", update.at, words)


def _pressed(update: Update) -> Inbound:
    """A button under a message of ours. Telegram waits to hear that it arrived: #callbackquery."""
    number = text(update.said.get("id"), 100)
    pressed = text(update.said.get("data"), 256)
    if not number:
        raise Unreadable(NO_ID)
    under = mapping(update.said.get("message"))
    title = _title(under, pressed) or pressed
    data: dict[str, Any] = {"kind": "choice", "choice": {"id": pressed, "title": title}}
    if replied := content.id_of(under):
        data["reply_to"] = replied
    return _written(update, f"press:{number}", title, data, receipt=number)


def _title(message: dict[str, Any], pressed: str) -> str:
    """What stood on the button."""
    keyboard = mapping(message.get("reply_markup")).get("inline_keyboard")
    rows = keyboard if isinstance(keyboard, list) else []
    buttons = (button for row in rows for button in mappings(row))
    return next((text(one.get("text"), 200) for one in buttons if one.get("callback_data") == pressed), "")


def _reaction(update: Update) -> Inbound:
    """The emoji under a message, all of one person's as they are now: #messagereactionupdated."""
    target = content.id_of(update.said)
    _sender(update, update.said.get("user"))
    if not target:
        raise Unreadable(NO_ID)
    emoji = [_emoji(reaction) for reaction in mappings(update.said.get("new_reaction"))]
    return InboundChange(update.key, target, "reaction", update.at, "".join(emoji[:10]))


def _emoji(reaction: dict[str, Any]) -> str:
    """A reaction's sign; those that only Telegram's apps can draw are a star."""
    return text(reaction.get("emoji"), 10) or "⭐"


def _member(update: Update) -> Inbound:
    """The person blocks the bot, or lets it write again: #chatmemberupdated."""
    person = _sender(update)
    status = text(mapping(update.said.get("new_chat_member")).get("status"), 40)
    return InboundReach(
        update.key, Identity.Kind.TELEGRAM, str(person["id"]), is_open=status not in OUT, at=update.at
    )


def _unknown(update: Update) -> Inbound:
    """A kind of update that is younger than this reader: kept, and shown as what we cannot read yet."""
    words, data, _media = content.unknown(text(update.kind, 40), update.channel)
    return _written(update, update.key, words, data)


READERS: dict[str, Callable[[Update], Inbound]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "message_reaction": _reaction,
    "my_chat_member": _member,
}
