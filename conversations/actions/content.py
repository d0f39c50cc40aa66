"""What is more than text in a message to the customer, checked against what its channel can do."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from conversations.channels.base import Capabilities
from conversations.models import Conversation, Message
from tenants.kit.text import one_line
from tenants.refusals import Refused

BUTTON_ID = 200  # characters
ROW_TITLE = 24
ROW_TEXT = 72
QUOTED = 160  # characters of a quoted message kept with the answer
PLACE = 500  # characters of a place's name or address
LONGEST_REACTION = 32  # characters: an emoji of many joined parts


class CannotSend(Refused):
    """The message cannot go out on this channel; the sentence says why and what to do."""


def checked(
    conversation: Conversation, given: Mapping[str, Any], text: str, can: Capabilities
) -> dict[str, Any]:
    """What is given as adapters take it. Raises `CannotSend`.

    `buttons` [{title, id}], `list` {button, rows: [{title, description, id}]}, `location` {latitude,
    longitude, name, address}, `reply_to`: the id of the message it answers.
    """
    data: dict[str, Any] = {}
    if buttons := given.get("buttons"):
        data["buttons"] = _buttons(buttons, text, can)
    if choices := given.get("list"):
        data["list"] = _list(choices, text, can)
    if place := given.get("location"):
        data["location"] = _location(place, can)
    if "buttons" in data and "list" in data:
        raise CannotSend(_("Choose buttons or a list, not both."), "list")
    if answered := given.get("reply_to"):
        data |= quote(conversation, answered, can)
    return data


def _buttons(given: Any, text: str, can: Capabilities) -> list[dict[str, str]]:
    rows = _choices(given, "buttons", can.button_limit)
    if not can.buttons:
        raise CannotSend(_("This channel takes no buttons."), "buttons")
    if len(rows) > can.buttons:
        raise CannotSend(
            _("This channel takes at most %(limit)s buttons.") % {"limit": can.buttons}, "buttons"
        )
    if not text:
        raise CannotSend(_("Buttons need a text above them."), "buttons")
    return [{"id": row["id"], "title": row["title"]} for row in rows]


def _list(given: Any, text: str, can: Capabilities) -> dict[str, Any]:
    if not can.list_rows:
        raise CannotSend(_("This channel takes no lists."), "list")
    whole = given if isinstance(given, Mapping) else {}
    rows = _choices(whole.get("rows"), "list", ROW_TITLE)
    if not 0 < len(rows) <= can.list_rows:
        raise CannotSend(_("A list has one to %(limit)s entries.") % {"limit": can.list_rows}, "list")
    if not text:
        raise CannotSend(_("A list needs a text above it."), "list")
    button = one_line(str(whole.get("button") or ""), 200) or _("Choose")
    if len(button) > can.button_limit:
        raise CannotSend(_too_long(button, can.button_limit), "list")
    return {"button": button, "rows": rows}


def _choices(given: Any, field: str, limit: int) -> list[dict[str, str]]:
    """Titles with ids, in order: none empty, none twice, none too long."""
    rows: list[dict[str, str]] = []
    for one in given if isinstance(given, list) else []:
        whole = one if isinstance(one, Mapping) else {"title": one}
        title = one_line(str(whole.get("title") or ""), 200)
        if not title:
            continue
        if len(title) > limit:
            raise CannotSend(_too_long(title, limit), field)
        if any(row["title"] == title for row in rows):
            raise CannotSend(_("“%(title)s” stands there twice.") % {"title": title}, field)
        row = {"id": one_line(str(whole.get("id") or title), BUTTON_ID), "title": title}
        if about := one_line(str(whole.get("description") or ""), 300):
            if len(about) > ROW_TEXT:
                raise CannotSend(_too_long(about, ROW_TEXT), field)
            row["description"] = about
        rows.append(row)
    return rows


def _too_long(title: str, limit: int) -> str:
    return _("Shorten “%(title)s” to %(limit)s characters.") % {"title": title, "limit": limit}


def _location(given: Any, can: Capabilities) -> dict[str, Any]:
    if not can.locations:
        raise CannotSend(_("This channel takes no places on the map."), "location")
    whole = given if isinstance(given, Mapping) else {}
    try:
        latitude, longitude = float(whole["latitude"]), float(whole["longitude"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise CannotSend(_("Give latitude and longitude as numbers."), "location") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CannotSend(_("There is no such place: latitude or longitude is out of range."), "location")
    name, address = (one_line(str(whole.get(key) or ""), PLACE) for key in ("name", "address"))
    return {"latitude": latitude, "longitude": longitude, "name": name, "address": address}


def quote(conversation: Conversation, message_id: Any, can: Capabilities) -> dict[str, Any]:
    """The vendor's id of the message that is answered, and what the thread shows of it."""
    answered = message_of(conversation, message_id)
    vendor_id = answered and vendor_id_of(answered)
    if not can.quotes or not answered or not vendor_id:
        raise CannotSend(_("This message cannot be quoted on this channel."), "reply_to")
    said = one_line(answered.text, QUOTED) or ("📎" if answered.has_attachments else "…")
    return {"reply_to": vendor_id, "answers": {"message": str(answered.pk), "text": said}}


def message_of(conversation: Conversation, message_id: Any) -> Message | None:
    """A message between the two, by its id; None for anything else."""
    try:
        wanted = message_id if isinstance(message_id, UUID) else UUID(str(message_id))
    except ValueError:
        return None
    shown = Message.objects.seen_by_customer().filter(
        Q(conversation=conversation, came_by=None) | Q(came_by=conversation), pk=wanted
    )
    found: Message | None = shown.prefetch_related("deliveries").first()
    return found


def vendor_id_of(message: Message) -> str:
    """How the vendor names it: what came has its id, what went out its delivery's."""
    return message.provider_id or (message.delivery.provider_id if message.delivery else "")
