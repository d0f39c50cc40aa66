"""A message as the calls of the Bot API that bring it.

Source: core.telegram.org/bots/api#sendmessage, #sendphoto, #sendmediagroup, #sending-files,
#inlinekeyboardbutton, #replyparameters, #setmessagereaction, #sendlocation, #sendvenue (Bot API 10.3).
"""

from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError, File
from conversations.channels.meta.values import mapping, mappings, number, text
from conversations.channels.telegram import errors
from conversations.channels.telegram.api import Call

TEXT_LIMIT = 4_096  # characters
CAPTION_LIMIT = 1_024
BUTTONS = 10  # one below the other; more is a wall
BUTTON_LIMIT = 40  # characters that fit on a phone
CALLBACK_LIMIT = 64  # bytes
ALBUM = 10  # files of one album
LARGEST = 50_000_000  # bytes of one file
LARGEST_PHOTO = 10_000_000
MEDIA_LIMITS = {
    "image": LARGEST,  # above 10 MB it goes as a document
    "audio": LARGEST,
    "video": LARGEST,
    "document": LARGEST,
}
KINDS = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "voice",
}
METHODS = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "document": "sendDocument",
}
TOGETHER = ({"photo", "video"}, {"audio"})  # what one album may mix beside documents
TOO_LARGE = gettext_noop("A file is larger than Telegram takes from bots: 50 MB.")
BAD_BUTTONS = gettext_noop("Telegram takes buttons under a text, each with a short title and id.")
NOTHING = gettext_noop("There is nothing in this message that Telegram could send.")


def calls(chat: int, said: str, data: dict[str, Any], files: list[File]) -> list[Call]:
    """What is called for one message, in order; where it is several, all but one bring files alone.

    Raises `ChannelError` for what Telegram never takes.
    """
    if reaction := mapping(data.get("reaction")):
        return [_reaction(chat, reaction)]
    if len(said) > TEXT_LIMIT:
        raise ChannelError(errors.TOO_LONG, permanent=True, category="text")
    around: dict[str, Any] = {"chat_id": chat}
    if (replied := message_of(data.get("reply_to"))) is not None:
        around["reply_parameters"] = {"message_id": replied, "allow_sending_without_reply": True}
    keyboard = _keyboard(data)
    if keyboard and not said:
        raise ChannelError(BAD_BUTTONS, permanent=True, category="text")
    markup = {"reply_markup": keyboard} if keyboard else {}
    place = _place(around, data)
    if not (said or files or place):
        raise ChannelError(NOTHING, permanent=True, category="text")
    if not files:
        words = [Call("sendMessage", {**around, "text": said, **markup})] if said else []
        return [*words, *place]
    if len(said) <= CAPTION_LIMIT and (len(files) == 1 or not keyboard):
        return [*_with_files(around, said, markup, files), *place]
    written = Call("sendMessage", {**around, "text": said, **markup})
    return [written, *_with_files({"chat_id": chat}, "", {}, files), *place]


def message_of(provider_id: Any) -> int | None:
    """The number of a message in its chat, out of the id that we keep: chat and number."""
    found = number(text(provider_id, 100).rpartition(":")[2])
    return found if isinstance(found, int) and found > 0 else None


def kind_of(file: File) -> str:
    """As what a file goes. Raises `ChannelError` for one that is too large."""
    if len(file.content) > LARGEST:
        raise ChannelError(TOO_LARGE, permanent=True, category="file")
    kind = KINDS.get(file.content_type.partition(";")[0].strip().lower(), "document")
    return "document" if kind == "photo" and len(file.content) > LARGEST_PHOTO else kind


def _with_files(around: dict[str, Any], said: str, markup: dict[str, Any], files: list[File]) -> list[Call]:
    caption = {"caption": said} if said else {}
    if len(files) == 1:
        kind = kind_of(files[0])
        return [Call(METHODS[kind], {**around, **caption, **markup}, [(kind, files[0])])]
    kinds = [kind_of(file) for file in files]
    if not any(set(kinds) <= allowed for allowed in TOGETHER):
        kinds = ["document"] * len(files)  # documents mix with nothing, and everything is one
    groups = range(0, len(files), ALBUM)
    found = []
    for start in groups:
        part = list(zip(kinds, files, strict=True))[start : start + ALBUM]
        first = caption if start == 0 else {}
        found.append(_album(around if start == 0 else {"chat_id": around["chat_id"]}, first, part))
    return found


def _album(around: dict[str, Any], caption: dict[str, Any], part: list[tuple[str, File]]) -> Call:
    if len(part) == 1:  # an album has at least two
        kind, file = part[0]
        return Call(METHODS[kind], {**around, **caption}, [(kind, file)])
    media = [{"type": kind, "media": f"attach://file{place}"} for place, (kind, _file) in enumerate(part)]
    media[0] |= caption
    named = [(f"file{place}", file) for place, (_kind, file) in enumerate(part)]
    return Call("sendMediaGroup", {**around, "media": media}, named)


def _keyboard(data: dict[str, Any]) -> dict[str, Any]:
    """Buttons, or the entries of a list, one below the other."""
    choices = list(mappings(data.get("buttons"))) or list(mappings(mapping(data.get("list")).get("rows")))
    rows = []
    for choice in choices:
        title = text(choice.get("title"), 200)
        said = text(choice.get("id"), 256) or title
        if not title or not 0 < len(said.encode()) <= CALLBACK_LIMIT:
            raise ChannelError(BAD_BUTTONS, permanent=True, category="text")
        rows.append([{"text": title, "callback_data": said}])
    return {"inline_keyboard": rows} if rows else {}


def _place(around: dict[str, Any], data: dict[str, Any]) -> list[Call]:
    place = mapping(data.get("location"))
    latitude, longitude = number(place.get("latitude")), number(place.get("longitude"))
    if latitude is None or longitude is None:
        return []
    point = {**around, "latitude": latitude, "longitude": longitude}
    name, address = text(place.get("name")), text(place.get("address"))
    if not name:
        return [Call("sendLocation", point)]
    return [Call("sendVenue", {**point, "title": name, "address": address or name})]


def _reaction(chat: int, reaction: dict[str, Any]) -> Call:
    target, emoji = message_of(reaction.get("target")), text(reaction.get("emoji"), 32)
    if target is None:
        raise ChannelError(errors.NO_TARGET, permanent=True)
    signs = [{"type": "emoji", "emoji": emoji}] if emoji else []
    return Call("setMessageReaction", {"chat_id": chat, "message_id": target, "reaction": signs})
