"""What a message of Telegram says: its text, what is more than text, and its files.

Source: core.telegram.org/bots/api#message, #messageentity and the objects named below (Bot API 10.3).
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.channels.base import Media
from conversations.channels.meta.values import mapping, mappings, number, text
from conversations.models import Channel
from tenants.kit.text import clean

TEXT = 65_536  # characters
FILE_ID = 1_000  # characters
MOST_BLOCKS = 2_000  # pieces of one rich message
DEEPEST = 20  # blocks within blocks
Content = tuple[str, dict[str, Any], tuple[Media, ...]]  # text, data, files

# What stands in a message beside what it says.
AROUND = frozenset(
    [
        "message_id",
        "message_thread_id",
        "direct_messages_topic",
        "from",
        "sender_chat",
        "sender_boost_count",
        "sender_business_bot",
        "business_connection_id",
        "date",
        "chat",
        "forward_origin",
        "is_topic_message",
        "is_automatic_forward",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "reply_to_checklist_task_id",
        "via_bot",
        "edit_date",
        "has_protected_content",
        "is_from_offline",
        "is_paid_post",
        "media_group_id",
        "author_signature",
        "paid_star_count",
        "entities",
        "link_preview_options",
        "suggested_post_info",
        "effect_id",
        "caption",
        "caption_entities",
        "show_caption_above_media",
        "has_media_spoiler",
        "reply_markup",
        "sender_tag",
    ]
)
# What Telegram tells of the chat itself; nobody said it.
SERVICE = frozenset(
    [
        "pinned_message",
        "message_auto_delete_timer_changed",
        "chat_background_set",
        "write_access_allowed",
        "connected_website",
        "passport_data",
        "boost_added",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "proximity_alert_triggered",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
        "direct_message_price_changed",
        "paid_message_price_changed",
    ]
)


def is_service(message: dict[str, Any]) -> bool:
    """Whether Telegram speaks of the chat, and nobody in it."""
    return bool(SERVICE & message.keys()) and not any(name in message for name, _reader in READERS)


def surroundings(message: dict[str, Any]) -> dict[str, Any]:
    """What a message answers, and whether it was passed on."""
    data: dict[str, Any] = {}
    if replied := id_of(mapping(message.get("reply_to_message"))):
        data["reply_to"] = replied
    if message.get("forward_origin"):
        data["forwarded"] = True
    return data


def id_of(message: dict[str, Any]) -> str:
    """A message's id: Telegram numbers them in each chat; '' where one of the two lacks."""
    chat, own = text(mapping(message.get("chat")).get("id"), 40), text(message.get("message_id"), 40)
    return f"{chat}:{own}" if chat and own else ""


def read(message: dict[str, Any], channel: Channel) -> Content:
    """What a message says."""
    for name, reader in READERS:
        part = message.get(name)
        found = reader(part, message) if part else None
        if found is not None:
            said, data, media = found
            return said or plain(message, "caption"), data, media
    kind = next((name for name in message if name not in AROUND), "message")
    return unknown(text(kind, 40), channel)


def unknown(kind: str, channel: Channel) -> Content:
    """What we cannot read yet."""
    with translation.override(channel.tenant.language):
        said = _("A message of a kind we don't know yet.")
    return said, {"kind": "unknown", "type": kind}, ()


def plain(message: dict[str, Any], name: str) -> str:
    """A text or caption; where words hide an address, it stands behind them."""
    written = text(message.get(name), TEXT)
    entities = list(mappings(message.get("entities" if name == "text" else "caption_entities")))
    hidden = [entity for entity in entities if entity.get("type") == "text_link"]
    if not hidden or written != message.get(name):  # the offsets are those of the text as it came
        return written
    units = written.encode("utf-16-le")
    for entity in sorted(hidden, key=lambda one: number(one.get("offset")) or 0, reverse=True):
        start, length = number(entity.get("offset")), number(entity.get("length"))
        url = text(entity.get("url"), 2_000)
        if not isinstance(start, int) or not isinstance(length, int) or not url:
            continue
        end = (start + length) * 2  # bytes: an offset counts UTF-16 units
        shown = units[start * 2 : end].decode("utf-16-le", "replace")
        if start >= 0 and 0 < end <= len(units) and url.rstrip("/") != shown.rstrip("/"):
            units = units[:end] + f" ({url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")


def _text(part: Any, message: dict[str, Any]) -> Content | None:
    if not isinstance(part, str):
        return None
    return plain(message, "text"), {}, ()


def _photo(part: Any, _message: dict[str, Any]) -> Content | None:
    sizes = [size for size in mappings(part) if text(size.get("file_id"), FILE_ID)]
    if not sizes:
        return None
    largest = max(
        sizes, key=lambda size: (number(size.get("width")) or 0) * (number(size.get("height")) or 0)
    )
    return "", {"kind": "image"}, (_media(largest, "photo.jpg", "image/jpeg"),)


def _live_photo(part: Any, message: dict[str, Any]) -> Content | None:
    """A picture that moves: both, the still one first."""
    still = _photo(mapping(part).get("photo") or message.get("photo"), message)
    moving = _file("image", "live.mp4", "video/mp4")(part, message)
    found = [content for content in (still, moving) if content]
    return ("", {"kind": "image"}, tuple(file for one in found for file in one[2])) if found else None


def _file(kind: str, name: str, content_type: str) -> Callable[[Any, dict[str, Any]], Content | None]:
    def reader(part: Any, _message: dict[str, Any]) -> Content | None:
        file = mapping(part)
        if not text(file.get("file_id"), FILE_ID):
            return None
        return "", {"kind": kind}, (_media(file, name, content_type),)

    return reader


def _media(file: dict[str, Any], name: str, content_type: str) -> Media:
    size = number(file.get("file_size"))
    return Media(
        text(file.get("file_id"), FILE_ID),
        name=text(file.get("file_name"), 200) or name,
        content_type=text(file.get("mime_type"), 100) or content_type,
        size=size if isinstance(size, int) and 0 < size < 1 << 50 else 0,
    )


def _sticker(part: Any, message: dict[str, Any]) -> Content | None:
    sticker = mapping(part)
    name, content_type = "sticker.webp", "image/webp"
    if sticker.get("is_video") is True:
        name, content_type = "sticker.webm", "video/webm"
    elif sticker.get("is_animated") is True:
        name, content_type = "sticker.tgs", "application/x-tgsticker"
    found = _file("sticker", name, content_type)(part, message)
    return (text(sticker.get("emoji"), 40), *found[1:]) if found else None


def _venue(part: Any, _message: dict[str, Any]) -> Content | None:
    venue = mapping(part)
    return _place(mapping(venue.get("location")), text(venue.get("title")), text(venue.get("address")))


def _location(part: Any, _message: dict[str, Any]) -> Content | None:
    return _place(mapping(part))


def _place(point: dict[str, Any], name: str = "", address: str = "") -> Content | None:
    latitude, longitude = number(point.get("latitude")), number(point.get("longitude"))
    if latitude is None or longitude is None:
        return None
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return ", ".join(filter(None, [name, address])), {"kind": "location", "location": place}, ()


def _contact(part: Any, _message: dict[str, Any]) -> Content | None:
    contact = mapping(part)
    phone = phone_of(contact)
    name = name_of(contact)
    card = {"name": name, "phones": [phone] if phone else [], "emails": []}
    if not (name or phone):
        return None
    return ", ".join(filter(None, [name, phone])), {"kind": "contacts", "contacts": [card]}, ()


def phone_of(contact: dict[str, Any]) -> str:
    """The number of a contact, with a plus: Telegram's numbers are international."""
    digits = text(contact.get("phone_number"), 60)
    return f"+{digits.lstrip('+')}" if digits else ""


def name_of(person: dict[str, Any]) -> str:
    """First and last name."""
    return " ".join(filter(None, [text(person.get("first_name"), 75), text(person.get("last_name"), 75)]))


def _dice(part: Any, _message: dict[str, Any]) -> Content | None:
    dice = mapping(part)
    return f"{text(dice.get('emoji'), 20) or '🎲'} {text(dice.get('value'), 20)}".strip(), {}, ()


def _poll(part: Any, _message: dict[str, Any]) -> Content | None:
    poll = mapping(part)
    options = [f"- {text(option.get('text'), 200)}" for option in mappings(poll.get("options"))]
    return "\n".join([f"📊 {text(poll.get('question'))}", *options[:50]]), {}, ()


def _checklist(part: Any, _message: dict[str, Any]) -> Content | None:
    checklist = mapping(part)
    tasks = [
        f"{'☑' if task.get('completion_date') else '☐'} {text(task.get('text'), 200)}"
        for task in mappings(checklist.get("tasks"))
    ]
    return "\n".join([text(checklist.get("title")), *tasks[:100]]).strip(), {}, ()


def _rich(part: Any, _message: dict[str, Any]) -> Content | None:
    """A message of headings, lists and tables, as its words."""
    words = [word for word in _words(mapping(part).get("blocks")) if word.strip()]
    return ("\n".join(words[:MOST_BLOCKS])[:TEXT], {}, ()) if words else None


def _words(node: Any, depth: int = 0) -> Iterator[str]:
    """The texts of blocks, one for each block."""
    for block in mappings(node) if depth < DEEPEST else ():
        if "text" in block:
            yield "".join(_inline(block["text"]))
        for name in ("items", "blocks", "cells"):
            inner = block.get(name)
            for row in inner if isinstance(inner, list) else ():
                yield from _words(row if isinstance(row, list) else [row], depth + 1)


def _inline(node: Any, depth: int = 0) -> Iterator[str]:
    """A rich text is a string, a list of texts, or an object around one."""
    if isinstance(node, str):
        yield clean(node, TEXT)
    elif isinstance(node, list) and depth < DEEPEST:
        for inner in node:
            yield from _inline(inner, depth + 1)
    elif isinstance(node, dict) and depth < DEEPEST:
        yield from _inline(node.get("text"), depth + 1)


def _web_app(part: Any, _message: dict[str, Any]) -> Content | None:
    said = mapping(part)
    title, filled = text(said.get("button_text"), 100), text(said.get("data"), 4_096)
    return title or filled, {"kind": "form", "form": {title or "data": filled}}, ()


# In this order: of an animation Telegram says again that it is a document, of a venue that it is a location.
READERS: tuple[tuple[str, Callable[[Any, dict[str, Any]], Content | None]], ...] = (
    ("text", _text),
    ("live_photo", _live_photo),
    ("photo", _photo),
    ("animation", _file("video", "animation.mp4", "video/mp4")),
    ("video", _file("video", "video.mp4", "video/mp4")),
    ("video_note", _file("video", "video.mp4", "video/mp4")),
    ("voice", _file("voice", "voice.ogg", "audio/ogg")),
    ("audio", _file("audio", "audio.mp3", "audio/mpeg")),
    ("document", _file("document", "file", "application/octet-stream")),
    ("sticker", _sticker),
    ("venue", _venue),
    ("location", _location),
    ("contact", _contact),
    ("dice", _dice),
    ("poll", _poll),
    ("checklist", _checklist),
    ("rich_message", _rich),
    ("web_app_data", _web_app),
)
