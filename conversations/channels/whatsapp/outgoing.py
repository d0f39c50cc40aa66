"""A message as the WhatsApp Cloud API (v24.0) takes it.

Source: developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, …/reference/media ("Supported
Media Types"), …/messages/interactive-reply-buttons-messages, …/messages/interactive-list-messages,
…/messages/reaction-messages, …/messages/location-messages, …/business-scoped-user-ids.
"""

import re
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError, File
from conversations.channels.meta.values import mapping, mappings, text
from crm.models import Identity

MEGABYTE = 1_000_000  # bytes; a little less than the vendor's
TEXT_LIMIT = 4_096
CAPTION_LIMIT = 1_024
BUTTON_TEXT_LIMIT = 1_024
BUTTONS = 3
BUTTON_LIMIT = 20
ROWS = 10
ROW_LIMIT = 24
ROW_TEXT_LIMIT = 72
MEDIA_LIMITS = {
    "image": 5 * MEGABYTE,
    "audio": 16 * MEGABYTE,
    "video": 16 * MEGABYTE,
    "document": 100 * MEGABYTE,
    "sticker": 100_000,
}
KINDS = {
    "image/jpeg": "image",
    "image/png": "image",
    "image/webp": "sticker",
    "video/mp4": "video",
    "video/3gpp": "video",
    "audio/aac": "audio",
    "audio/amr": "audio",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "audio",
}
CAPTIONED = frozenset({"image", "video", "document"})
TOO_LONG = gettext_noop("The text is longer than WhatsApp takes.")
TOO_LARGE = gettext_noop("A file is larger than WhatsApp takes.")
BAD_BUTTONS = gettext_noop("WhatsApp takes up to three buttons of 20 characters, under a text.")
BAD_LIST = gettext_noop("WhatsApp takes a list of up to ten entries of 24 characters, under a text.")
NO_HEADER = gettext_noop("The file that stands above the text of this template is missing.")
NOTHING = gettext_noop("There is nothing in this message that WhatsApp could send.")


def recipient(identity: Identity) -> dict[str, str]:
    """Who gets it: by number where there is one, else by the id he has for this business."""
    if not identity.value.startswith("+"):
        return {"recipient": identity.value}
    # Argentina's 9 before mobiles is part of the number that WhatsApp knows; our one form lacks it.
    written = identity.display if identity.value.startswith("+54") else identity.value
    return {"to": re.sub(r"\D", "", written)}


def kind_of(file: File) -> str:
    """As what a file goes. Raises `ChannelError` for one that is too large."""
    kind = KINDS.get(file.content_type.partition(";")[0].strip().lower(), "document")
    if len(file.content) > MEDIA_LIMITS[kind]:
        kind = "document"  # takes more
    if len(file.content) > MEDIA_LIMITS[kind]:
        raise ChannelError(TOO_LARGE, permanent=True)
    return kind


def bodies(said: str, data: dict[str, Any], kinds: list[str]) -> list[dict[str, Any]]:
    """What is sent for one message, in order, the files last; their ids are filled in by `with_file`.

    Raises `ChannelError` for what WhatsApp never takes.
    """
    if template := mapping(data.get("template")):
        if bool(template.get("header")) != (len(kinds) == 1):
            raise ChannelError(NO_HEADER, permanent=True, category="template")
        return [_template(template)]
    if reaction := mapping(data.get("reaction")):
        return [_reaction(reaction)]
    if len(said) > TEXT_LIMIT:
        raise ChannelError(TOO_LONG, permanent=True, category="text")
    choices = _choices(said, data)
    texts = [choices] if choices else [_text(said)] if said else []
    if place := mapping(data.get("location")):
        texts.append(
            {"type": "location", "location": {name: value for name, value in place.items() if value}}
        )
    files: list[dict[str, Any]] = [{"type": kind, kind: {}} for kind in kinds]
    captions = bool(files) and kinds[0] in CAPTIONED and 0 < len(said) <= CAPTION_LIMIT
    if captions and not choices and len(texts) == 1 and "location" not in data:
        files[0][kinds[0]]["caption"] = said
        texts = []
    if not (texts or files):
        raise ChannelError(NOTHING, permanent=True)
    return [*texts, *files]


def with_file(body: dict[str, Any], media_id: str) -> dict[str, Any]:
    """A body with the file that was uploaded for it."""
    holder = body[body["type"]]
    if body["type"] == "template":
        header = next(one for one in holder["components"] if one["type"] == "header")
        holder = header["parameters"][0]
        holder = holder[holder["type"]]
    holder["id"] = media_id
    return body


def _choices(said: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """Buttons or a list under the text; None without them."""
    if buttons := list(mappings(data.get("buttons"))):
        return _with_buttons(said, buttons)
    if choices := mapping(data.get("list")):
        return _with_list(said, choices)
    return None


def _reaction(reaction: dict[str, Any]) -> dict[str, Any]:
    """An emoji under a message; an empty one takes it back."""
    said = {"message_id": text(reaction.get("target"), 255), "emoji": text(reaction.get("emoji"), 32)}
    return {"type": "reaction", "reaction": said}


def _text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": said, "preview_url": True}}


def _with_buttons(said: str, buttons: list[dict[str, Any]]) -> dict[str, Any]:
    titles = [text(button.get("title"), 200) for button in buttons]
    fitting = len(buttons) <= BUTTONS and all(0 < len(title) <= BUTTON_LIMIT for title in titles)
    if not fitting or not 0 < len(said) <= BUTTON_TEXT_LIMIT:
        raise ChannelError(BAD_BUTTONS, permanent=True)
    replies = [
        {"type": "reply", "reply": {"id": text(button.get("id"), 256) or title, "title": title}}
        for button, title in zip(buttons, titles, strict=True)
    ]
    body = {"type": "button", "body": {"text": said}, "action": {"buttons": replies}}
    return {"type": "interactive", "interactive": body}


def _with_list(said: str, choices: dict[str, Any]) -> dict[str, Any]:
    rows = [_row(row) for row in mappings(choices.get("rows"))]
    button = text(choices.get("button"), 200)
    fitting = 0 < len(rows) <= ROWS and all(
        0 < len(row["title"]) <= ROW_LIMIT and len(row.get("description", "")) <= ROW_TEXT_LIMIT
        for row in rows
    )
    if not fitting or not said or not 0 < len(button) <= BUTTON_LIMIT:
        raise ChannelError(BAD_LIST, permanent=True)
    action = {"button": button, "sections": [{"rows": rows}]}
    return {"type": "interactive", "interactive": {"type": "list", "body": {"text": said}, "action": action}}


def _row(row: dict[str, Any]) -> dict[str, str]:
    title = text(row.get("title"), 200)
    found = {"id": text(row.get("id"), 200) or title, "title": title}
    if about := text(row.get("description"), 300):
        found["description"] = about
    return found


def _template(template: dict[str, Any]) -> dict[str, Any]:
    language = {"code": text(template.get("language"), 20)}
    body: dict[str, Any] = {"name": text(template.get("name"), 512), "language": language}
    if components := list(mappings(template.get("components"))):
        body["components"] = deepcopy(components)
    return {"type": "template", "template": body}
