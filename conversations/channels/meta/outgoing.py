"""A message as Messenger and Instagram take it.

Source: developers.facebook.com/docs/messenger-platform/reference/send-api, …/messenger-platform/
send-messages/sender-actions, …/quick-replies, …/utility-messages, …/instagram-messaging/features/
send-message, …/attachment-upload, …/discovery/private-replies, …/policy/policy-overview (Graph API v24.0).
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError, File
from conversations.channels.meta import errors
from conversations.channels.meta.messaging import OURS, PART
from conversations.channels.meta.networks import INSTAGRAM, Network
from conversations.channels.meta.values import mapping, mappings, text

BUTTONS = 13
BUTTON_LIMIT = 20
TEMPLATE_BUTTONS = 3
BUTTON_TEXT_LIMIT = 640
COMMENT_LIMIT = 2_200  # characters; Facebook takes more
WINDOW = timedelta(hours=24)
PERSON_WINDOW = timedelta(days=7)
PRIVATE_REPLY = timedelta(days=7)  # after the comment
MODES = frozenset({"public", "private", "hide", "show"})
TOO_LONG = gettext_noop("The text is longer than this channel takes.")
TOO_LARGE = errors.FILE_SIZE
BAD_FILE = gettext_noop("Instagram takes pictures, sound, video and PDF files. Send this one another way.")
BAD_BUTTONS = gettext_noop("This channel takes up to 13 answers of 20 characters, under a text.")
NOTHING = gettext_noop("There is nothing in this message that this channel could send.")
NO_TEMPLATES = gettext_noop("Instagram has no templates.")
PRIVATE_TOO_LATE = gettext_noop("Meta takes a private answer to a comment within seven days.")


class Draft(NamedTuple):
    """One call of the messages endpoint but for its recipient; a file's id is filled in after its upload."""

    body: dict[str, Any]
    file: File | None = None
    kind: str = ""  # of the file


def tag_of(*, is_template: bool, person: bool, last_wrote: Any) -> dict[str, str]:
    """Under what rule a message goes out now. Raises `ChannelError` when none lets it.

    A person may answer for seven days, everything else for one; a template goes always.
    """
    if is_template:
        return {"messaging_type": "UTILITY"}
    since = timezone.now() - last_wrote if last_wrote else None
    if since is not None and since < WINDOW:
        return {"messaging_type": "RESPONSE"}
    if since is not None and since < PERSON_WINDOW and person:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    raise ChannelError(errors.WINDOW, permanent=True, category="window")


def drafts(said: str, data: dict[str, Any], files: list[File], network: Network) -> list[Draft]:
    """What is sent for one message, in order. Raises `ChannelError` for what is never taken."""
    if template := mapping(data.get("template")):
        if network is INSTAGRAM:
            raise ChannelError(NO_TEMPLATES, permanent=True, category="template")
        return [Draft({"message": {"template": _template(template)}})]
    if reaction := mapping(data.get("reaction")):
        return [Draft(_reaction(reaction, network))]
    if len(said) > network.text_limit:
        raise ChannelError(TOO_LONG, permanent=True, category="text")
    buttons = [*mappings(data.get("buttons")), *mappings(mapping(data.get("list")).get("rows"))]
    pieces = [Draft({"message": {"text": piece}}) for piece in _pieces(said, network)]
    if buttons:
        pieces = _with_buttons(pieces, said, buttons)
    found = [*pieces, *(_file(file, network) for file in files)]
    if not found:
        raise ChannelError(NOTHING, permanent=True)
    if replied := text(data.get("reply_to"), 255):
        found[0].body["reply_to"] = {"mid": replied}
    return found


def with_reference(found: list[Draft], reference: str) -> None:
    """Write our reference beside the last part, so that its echo tells what became of it."""
    for draft in found:
        if "message" in draft.body:
            draft.body["message"]["metadata"] = OURS + (reference if draft is found[-1] else PART)


def _pieces(said: str, network: Network) -> Iterator[str]:
    """The text, cut at spaces where the vendor counts bytes and it has too many."""
    limit = network.text_bytes
    rest = said
    while limit and len(rest.encode()) > limit:
        head = rest.encode()[:limit].decode("utf-8", "ignore")
        cut = max(head.rfind("\n"), head.rfind(" "))
        head = head[:cut] if cut > len(head) // 2 else head
        yield head.strip()
        rest = rest[len(head) :].strip()
    if rest:
        yield rest


def _with_buttons(pieces: list[Draft], said: str, buttons: list[dict[str, Any]]) -> list[Draft]:
    """Answers to choose from, below the text: as quick replies, or as links below a card."""
    titles = [text(button.get("title"), 200) for button in buttons]
    if not pieces or not all(0 < len(title) <= BUTTON_LIMIT for title in titles):
        raise ChannelError(BAD_BUTTONS, permanent=True, category="text")
    if any(button.get("url") for button in buttons):
        if len(buttons) > TEMPLATE_BUTTONS or len(said) > BUTTON_TEXT_LIMIT:
            raise ChannelError(BAD_BUTTONS, permanent=True, category="text")
        return [Draft({"message": {"attachment": _card(said, buttons, titles)}})]
    if len(buttons) > BUTTONS:
        raise ChannelError(BAD_BUTTONS, permanent=True, category="text")
    pieces[-1].body["message"]["quick_replies"] = [
        {"content_type": "text", "title": title, "payload": text(button.get("id"), 1_000) or title}
        for button, title in zip(buttons, titles, strict=True)
    ]
    return pieces


def _card(said: str, buttons: list[dict[str, Any]], titles: list[str]) -> dict[str, Any]:
    made = [
        {"type": "web_url", "url": text(button.get("url"), 2_000), "title": title}
        if button.get("url")
        else {"type": "postback", "payload": text(button.get("id"), 1_000) or title, "title": title}
        for button, title in zip(buttons, titles, strict=True)
    ]
    return {"type": "template", "payload": {"template_type": "button", "text": said, "buttons": made}}


def _template(template: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": text(template.get("name"), 512),
        "language": {"code": text(template.get("language"), 20)},
    }
    if components := list(mappings(template.get("components"))):
        body["components"] = components
    return body


def _reaction(reaction: dict[str, Any], network: Network) -> dict[str, Any]:
    """An emoji below a message; Instagram takes a heart, whatever is asked for."""
    payload = {"message_id": text(reaction.get("target"), 255)}
    emoji = text(reaction.get("emoji"), 40)
    if not emoji:
        return {"sender_action": "unreact", "payload": payload}
    shown = "love" if network is INSTAGRAM else emoji
    return {"sender_action": "react", "payload": {**payload, "reaction": shown}}


def _file(file: File, network: Network) -> Draft:
    kind = kind_of(file, network)
    body = {"message": {"attachment": {"type": kind, "payload": {}}}}
    return Draft(body, _ascii(file), kind)


def kind_of(file: File, network: Network) -> str:
    """As what a file goes. Raises `ChannelError` for one that is too large or of a kind it does not take."""
    content_type = file.content_type.partition(";")[0].strip().lower()
    family = content_type.partition("/")[0]
    kind = family if family in {"image", "audio", "video"} else "file"
    taken = network.media_types.get(kind)
    if taken is not None and content_type not in taken:
        raise ChannelError(BAD_FILE, permanent=True, category="file")
    if len(file.content) > network.media_limits[kind]:
        raise ChannelError(TOO_LARGE, permanent=True, category="file")
    return kind


def _ascii(file: File) -> File:
    """The vendor takes names of plain letters only."""
    plain = unicodedata.normalize("NFKD", file.name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.") or "file"
    return File(name[-100:], file.content_type, file.content)


def comment_call(comment: dict[str, Any], said: str, network: Network) -> tuple[str, dict[str, Any]]:
    """The path and body of what is done with a public comment; of a private answer the body alone.

    Raises `ChannelError`.
    """
    id_, mode = text(comment.get("id"), 100), comment.get("mode")
    if mode in {"hide", "show"}:
        name = "hide" if network is INSTAGRAM else "is_hidden"
        return id_, {name: mode == "hide"}
    if not said or len(said) > COMMENT_LIMIT:
        raise ChannelError(TOO_LONG if said else NOTHING, permanent=True, category="text")
    if mode == "public":
        return f"{id_}/{'replies' if network is INSTAGRAM else 'comments'}", {"message": said}
    return "", {"recipient": {"comment_id": id_}, "message": {"text": said}}
