"""What stands at a message beyond its text: a quote, choices, a place, tools, and what helps a failed one."""

from typing import Any, NamedTuple

from conversations.actions.content import vendor_id_of
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Delivery, Message
from tenants.kit.text import one_line

State = Delivery.Status
OF_TEMPLATE = frozenset({"window", "template"})


class Extras(NamedTuple):
    """Plain values, so that a bubble can be remembered by them."""

    conversation_id: str
    quote: str  # what it answers
    choices: tuple[str, ...]  # buttons, or entries of a list
    template: str  # by which it was sent
    reaction: str  # an emoji that did not arrive
    place: str
    map_url: str
    can_quote: bool
    can_react: bool
    ours: str  # our emoji under it
    remedy: str  # of a failed one: template, elsewhere, channel, resend or nothing
    channel_id: str


def of(message: Message, conversation: Conversation, home: Conversation) -> Extras | None:
    """None when there is nothing but text. By the channel of `home` the message came or goes."""
    can = adapter_for(home.channel.kind).capabilities
    is_way = home.channel_id == conversation.way.channel_id  # by which answers go
    data = message.data
    is_theirs = message.kind == Message.Kind.INBOUND
    is_said = message.kind != Message.Kind.NOTE and data.get("kind") != "comment"  # between the two alone
    place, map_url = _place(data)
    has_id = bool(vendor_id_of(message)) if can.quotes or can.reactions else False
    found = Extras(
        conversation_id=str(conversation.pk),
        quote=one_line(str(_mapping(data, "answers").get("text") or ""), 200),
        choices=_choices(data),
        template=one_line(str(_mapping(data, "template").get("name") or ""), 100),
        reaction=str(_mapping(data, "reaction").get("emoji") or ""),
        place=place,
        map_url=map_url,
        can_quote=can.quotes and has_id and is_way and is_said,
        can_react=can.reactions and has_id and is_theirs and is_said,
        ours=str(_mapping(data, "reactions").get("business") or ""),
        remedy=_remedy(message.delivery, home.channel.problem, has_templates=can.templates and is_way),
        channel_id=str(home.channel_id),
    )
    return found if any(found[1:-1]) else None


def is_quiet(message: Message) -> bool:
    """Whether a message is a reaction that went its way: it shows under the message it is about."""
    delivery = message.delivery
    return "reaction" in message.data and (
        delivery is None or delivery.status not in {State.FAILED, State.UNKNOWN}
    )


def _mapping(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _choices(data: dict[str, Any]) -> tuple[str, ...]:
    buttons = data.get("buttons")
    if isinstance(buttons, list):
        return tuple(one_line(str(one.get("title", "")), 60) for one in buttons if isinstance(one, dict))
    rows = _mapping(data, "list").get("rows")
    if isinstance(rows, list):
        return tuple(one_line(str(one.get("title", "")), 60) for one in rows if isinstance(one, dict))
    titles = _mapping(data, "template").get("buttons")
    return tuple(one_line(str(one), 60) for one in titles) if isinstance(titles, list) else ()


def _place(data: dict[str, Any]) -> tuple[str, str]:
    """What a place is called, and where it is on a map."""
    place = _mapping(data, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return "", ""
    said = ", ".join(str(place[name]) for name in ("name", "address") if place.get(name))
    where = f"{latitude:.5f}, {longitude:.5f}"
    url = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    return said or where, url


def _remedy(delivery: Delivery | None, problem: str, *, has_templates: bool) -> str:
    """The one thing that helps a message which did not arrive, by the category of its failure."""
    status = delivery.status if delivery else ""
    if delivery is None or status not in {State.PENDING, State.UNKNOWN, State.FAILED}:
        return ""
    if status != State.FAILED:
        is_held = status == State.PENDING and delivery.reason and problem
        return "channel" if is_held else "resend" if status == State.UNKNOWN else ""
    category = str(delivery.details.get("category") or "")
    by_category = {"address": "elsewhere", "consent": "elsewhere", "blocked": "", "text": "", "file": ""}
    if category in OF_TEMPLATE:
        return "template" if has_templates else "elsewhere"
    return by_category.get(category, "channel" if problem else "resend")
