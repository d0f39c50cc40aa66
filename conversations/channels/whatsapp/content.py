"""What a message of WhatsApp says: its text, what is more than text, and its files.

Source: developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages (Cloud API v24.0), the
pages below it, one for each kind.
"""

import json
from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.channels.base import Media
from conversations.channels.meta.values import mapping, mappings, number, text
from conversations.models import Channel

TEXT = 65_536  # characters
MEDIA = frozenset({"image", "audio", "video", "document", "sticker"})
MOST = 100  # entries of one list
Content = tuple[str, dict[str, Any], tuple[Media, ...]]  # text, data, files


def surroundings(message: dict[str, Any]) -> dict[str, Any]:
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


def read(message: dict[str, Any], kind: str, channel: Channel) -> Content:
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
