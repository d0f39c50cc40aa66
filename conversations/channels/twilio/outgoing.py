"""A message as Twilio takes it.

Source: twilio.com/docs/messaging/api/message-resource ("Create a Message"); …/docs/messaging/guides/
accepted-mime-types; …/docs/whatsapp/guidance-whatsapp-media-messages; …/docs/content (API 2010-04-01).
"""

import json
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

from conversations import template_parts
from conversations.channels.base import ChannelError
from conversations.channels.meta.values import mappings, text
from conversations.channels.twilio import errors
from crm.models import Identity

TEXT_LIMIT = 1_600  # characters
MEGABYTE = 1_000_000  # bytes; a little less than the vendor's
NO_ANSWER = gettext_noop("This sender cannot be answered: it is no phone number.")
NOTHING = gettext_noop("There is nothing in this message that could be sent.")
UNFETCHED = gettext_noop("A file of this message cannot be read.")
Form = list[tuple[str, str]]


class Outgoing(NamedTuple):
    """A file that goes out: what it is, and where Twilio fetches it."""

    content_type: str
    size: int
    address: str


class Rules(NamedTuple):
    """What a channel of Twilio's takes."""

    prefix: str  # before every address
    media_limits: dict[str, int]  # bytes
    files: int  # of one message
    uncaptioned: frozenset[str] = frozenset()  # kinds of files that take no text


def number_of(identity: Identity, wrote_from: str, rules: Rules) -> str:
    """To whom, as Twilio writes it: best as the customer's own message said it. Raises `ChannelError`."""
    if wrote_from.startswith(f"{rules.prefix}+"):
        return wrote_from
    if not identity.value.startswith("+") or ";" in identity.value:
        raise ChannelError(NO_ANSWER, permanent=True, category="address")
    # Argentina's 9 before mobiles is part of the number; our one form lacks it.
    written = identity.display if identity.value.startswith("+54") else identity.value
    return f"{rules.prefix}+{''.join(char for char in written if char.isdigit())}"


def sender(settings: dict[str, Any], rules: Rules) -> Form:
    """From which number, or from which service's numbers."""
    if service := text(settings.get("messaging_service"), 60):
        return [("MessagingServiceSid", service)]
    return [("From", rules.prefix + text(settings.get("number"), 60))]


def kind_of(file: Outgoing, rules: Rules) -> str:
    """Image, audio, video or document. Raises `ChannelError` for one that is too large."""
    kind = file.content_type.partition("/")[0]
    kind = kind if kind in {"image", "audio", "video"} else "document"
    if file.size > rules.media_limits[kind]:
        raise ChannelError(errors.FILE, permanent=True, category="file")
    return kind


def forms(said: str, files: list[Outgoing], rules: Rules) -> list[Form]:
    """What is sent for one message, in order. Raises `ChannelError` for what Twilio never takes."""
    if len(said) > TEXT_LIMIT:
        raise ChannelError(errors.LONG, permanent=True, category="text")
    kinds = [kind_of(file, rules) for file in files]
    groups = [files[start : start + rules.files] for start in range(0, len(files), rules.files)]
    found: list[Form] = [[("MediaUrl", file.address) for file in group] for group in groups]
    if said:
        if found and kinds[0] not in rules.uncaptioned:
            found[0].append(("Body", said))
        else:
            found.insert(0, [("Body", said)])
    if not found:
        raise ChannelError(NOTHING, permanent=True, category="text")
    return found


def template_form(content_sid: str, template: dict[str, Any], components: Any) -> Form:
    """A template and what fills its places. `components` are the template's own: they name the places."""
    buttons = {place.key: place.name for place in template_parts.places(components) if place.part == "button"}
    filled: dict[str, str] = {}
    for part in mappings(template.get("components")):
        of_button = buttons.get(f"button.{text(part.get('index'), 3)}", "")
        for place in mappings(part.get("parameters")):
            name = of_button or text(place.get("parameter_name"), 100) or str(len(filled) + 1)
            filled[name] = text(place.get("text") or place.get("coupon_code"), TEXT_LIMIT)
    form = [("ContentSid", content_sid)]
    return [*form, ("ContentVariables", json.dumps(filled, ensure_ascii=False))] if filled else form
