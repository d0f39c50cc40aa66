"""What a message of Messenger or Instagram says: its text, what is more than text, and its files.

Source: developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/
messages, …/message-echoes, …/messaging_referrals; …/instagram-messaging/webhooks; …/instagram-platform/
webhooks/examples, …/webhooks/new (Graph API v24.0).
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.channels.base import Media
from conversations.channels.meta import graph
from conversations.channels.meta.values import mapping, mappings, number, text
from conversations.models import Attachment, Channel

TEXT = 65_536  # characters
MOST = 30  # files of one message
LONGEST_ADDRESS = Attachment._meta.get_field("reference").max_length or 0
FILES = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "document",
    "sticker": "sticker",
    "animated_image_share": "image",
}
STORIES = frozenset({"story_mention", "story"})
SHARES = frozenset({"share", "fallback", "post", "ig_post", "reel", "ig_reel", "appointment_booking"})
Content = tuple[str, dict[str, Any], tuple[Media, ...]]  # text, data, files


def surroundings(message: dict[str, Any]) -> dict[str, Any]:
    """What a message answers, and what led here."""
    data: dict[str, Any] = {}
    if replied := text(mapping(message.get("reply_to")).get("mid"), 255):
        data["reply_to"] = replied
    if referral := read_referral(mapping(message.get("referral"))):
        data["referral"] = referral
    return data


def read_referral(referral: dict[str, Any]) -> dict[str, Any]:
    """The advertisement, link or product that led here; {} for none."""
    if not referral:
        return {}
    ad, product = mapping(referral.get("ads_context_data")), mapping(referral.get("product"))
    found = {
        "url": text(referral.get("referer_uri"), 2_000) or text(ad.get("photo_url"), 2_000),
        "title": text(ad.get("ad_title")) or text(referral.get("ref")),
        "text": text(referral.get("source"), 60),
        "ad": text(referral.get("ad_id"), 100),
        "product": text(product.get("id"), 100),
    }
    return {name: value for name, value in found.items() if value}


def read(message: dict[str, Any], channel: Channel) -> Content:
    """What a message says."""
    said = text(message.get("text"), TEXT)
    if reply := mapping(message.get("quick_reply")):
        chosen = {"id": text(reply.get("payload")), "title": said}
        return said, {"kind": "choice", "choice": chosen}, ()
    parts = list(mappings(message.get("attachments")))[:MOST]
    if any(text(part.get("type"), 40) in {"sticker", "ig_post"} for part in parts):  # told twice for a while
        parts = [part for part in parts if part.get("type") != "share" and not _is_sticker_image(part)]
    read_parts = [_part(part, channel) for part in parts]
    lines = [said, *(line for line, _data, _media in read_parts)]
    data: dict[str, Any] = next((found for _line, found, _media in read_parts if found), {})
    media = tuple(file for _line, _data, files in read_parts for file in files)
    if story := mapping(mapping(message.get("reply_to")).get("story")):
        data, media = _story_reply(story, data, media, channel)
    whole = "\n".join(filter(None, dict.fromkeys(lines)))
    if message.get("is_unsupported") is True or not (whole or media or data):
        return _unknown("unsupported", channel)
    return whole, data, media


def _is_sticker_image(part: dict[str, Any]) -> bool:
    return part.get("type") == "image" and "sticker_id" in mapping(part.get("payload"))


def _unknown(kind: str, channel: Channel) -> Content:
    with translation.override(channel.tenant.language):
        said = _("A message of a kind we don't know yet.")
    return said, {"kind": "unknown", "type": kind}, ()


def _part(part: dict[str, Any], channel: Channel) -> Content:
    """One attachment."""
    kind, payload = text(part.get("type"), 40), mapping(part.get("payload"))
    url = text(payload.get("url"), 8_000) or text(part.get("url"), 8_000)
    if kind in FILES:
        shown = "sticker" if "sticker_id" in payload else FILES[kind]
        return _file(url, shown, channel)
    if kind in STORIES:
        with translation.override(channel.tenant.language):
            said = _("The customer mentioned you in a story.")
        return said, {"kind": "story_mention"}, _media(url, "story")
    if kind in SHARES:
        return _share(part, payload, url, kind, channel)
    if kind == "location":
        return _location(part, payload) or _unknown(kind, channel)
    if kind == "template":
        return _template(payload, channel)
    return _unknown(kind, channel)


def _file(url: str, kind: str, channel: Channel) -> Content:
    media = _media(url, kind)
    return ("", {"kind": kind}, media) if media else _unknown(kind, channel)


def _media(url: str, name: str) -> tuple[Media, ...]:
    """A file at Meta; nothing where no address is told, as of what lies in private accounts."""
    fits = 0 < len(url) <= LONGEST_ADDRESS and graph.is_media(url)
    return (Media(url, name=name),) if fits else ()


def _share(part: dict[str, Any], payload: dict[str, Any], url: str, kind: str, channel: Channel) -> Content:
    """Something shared: a link, a post or a reel. What lies at Meta as a file comes as one."""
    title = text(part.get("title")) or text(payload.get("title"))
    if media := _media(url, kind):
        return title, {"kind": "video" if "reel" in kind else "image"}, media
    shared = {name: value for name, value in (("title", title), ("url", url[:2_000])) if value}
    if not shared:
        return _unknown(kind, channel)
    return "\n".join(shared.values()), {"shared": shared}, ()


def _location(part: dict[str, Any], payload: dict[str, Any]) -> Content | None:
    place = mapping(payload.get("coordinates"))
    latitude, longitude = number(place.get("lat")), number(place.get("long"))
    if latitude is None or longitude is None:
        return None
    name = text(part.get("title"))
    shown = {"latitude": latitude, "longitude": longitude, "name": name, "address": ""}
    return name, {"kind": "location", "location": shown}, ()


def _template(payload: dict[str, Any], channel: Channel) -> Content:
    """Cards: products that a customer shares, or what another app of the business sent."""
    cards = [
        card
        for name in ("product", "generic")
        for card in mappings(mapping(payload.get(name)).get("elements") or payload.get("elements"))
    ]
    lines = [text(payload.get("text"), TEXT)]
    for card in cards[:MOST]:
        lines.append(" · ".join(filter(None, [text(card.get("title")), text(card.get("subtitle"))])))
    said = "\n".join(filter(None, dict.fromkeys(lines)))
    return (said, {"shared": {"title": said[:200]}}, ()) if said else _unknown("template", channel)


def _story_reply(
    story: dict[str, Any], data: dict[str, Any], media: tuple[Media, ...], channel: Channel
) -> tuple[dict[str, Any], tuple[Media, ...]]:
    """An answer to a story of the business comes with the story, as long as it can be fetched."""
    with translation.override(channel.tenant.language):
        name = _("your story")
    told = {"story": {"id": text(story.get("id"), 100)}} if story.get("id") else {}
    return {**data, **told, "kind": "story_reply"}, (*media, *_media(text(story.get("url"), 8_000), name))
