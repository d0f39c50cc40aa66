"""Comments below a Facebook page's posts and an Instagram account's media.

Who comments is named by the same id as who writes to the page or account, so both lie in one thread.
Source: developers.facebook.com/docs/graph-api/webhooks/reference/page ("feed"),
…/documentation/instagram-platform/webhooks/examples ("comments", "live_comments") (Graph API v24.0).
"""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.channels.base import (
    Ignored,
    Inbound,
    InboundChange,
    InboundEcho,
    InboundMessage,
    Media,
    Unreadable,
)
from conversations.channels.meta import graph
from conversations.channels.meta.networks import INSTAGRAM, Network
from conversations.channels.meta.values import fingerprint, mapping, text
from conversations.models import Channel, Message

NO_ID = gettext_noop("The event lacks the id of what it speaks of.")
NOBODY = gettext_noop("Facebook does not say who wrote this comment.")
OWN = gettext_noop("The business commented below its own post.")
OTHER_ITEM = gettext_noop("Something happened on the page that needs no answer")  # followed by its name
HIDDEN = gettext_noop("The comment was hidden or shown at the vendor.")
FIELDS = frozenset({"feed", "comments", "live_comments"})
TEXT = 10_000  # characters


def read(change: dict[str, Any], at: datetime, network: Network, channel: Channel) -> Inbound | None:
    """A comment, or what became of one; None for a change that concerns no comments."""
    if text(change.get("field"), 60) not in FIELDS:
        return None
    value = mapping(change.get("value"))
    if network is INSTAGRAM:
        return _comment(_of_instagram(value), "add", at, network, channel)
    if value.get("item") != "comment":
        told = f"{OTHER_ITEM}: {text(value.get('item'), 40)} {text(value.get('verb'), 40)}"
        return Ignored("status", told, fingerprint(change))
    return _comment(_of_facebook(value), text(value.get("verb"), 20), at, network, channel)


def _of_facebook(value: dict[str, Any]) -> dict[str, Any]:
    sender, post, id_ = mapping(value.get("from")), text(value.get("post_id"), 100), value.get("comment_id")
    parent = text(value.get("parent_id"), 100)
    return {
        "id": text(id_, 100),
        "text": text(value.get("message"), TEXT),
        "sender": text(sender.get("id"), 64),
        "name": text(sender.get("name"), 150),
        "post": post,
        "parent": "" if parent == post else parent,
        "permalink": _link(mapping(value.get("post")).get("permalink_url")),
        "photo": text(value.get("photo"), 4_000) or text(value.get("video"), 4_000),
    }


def _of_instagram(value: dict[str, Any]) -> dict[str, Any]:
    sender, media = mapping(value.get("from")), mapping(value.get("media"))
    return {
        "id": text(value.get("id"), 100) or text(value.get("comment_id"), 100),
        "text": text(value.get("text"), TEXT),
        "sender": text(sender.get("id"), 64),
        "name": text(sender.get("username"), 150),
        "post": text(media.get("id"), 100),
        "parent": text(value.get("parent_id"), 100),
        "permalink": "",
        "photo": "",
        "own": text(sender.get("self_ig_scoped_id"), 64),
    }


def _link(value: Any) -> str:
    """A page of Facebook's; another address would be somebody's trick."""
    link = text(value, 1_000)
    return link if link.startswith("https://www.facebook.com/") else ""


def _comment(told: dict[str, Any], verb: str, at: datetime, network: Network, channel: Channel) -> Inbound:
    id_ = told["id"]
    if not id_:
        raise Unreadable(NO_ID)
    if verb in {"remove", "delete"}:
        return InboundChange(f"{id_}:removed", id_, "removal", at)
    if verb in {"hide", "unhide"}:
        return Ignored("status", HIDDEN, f"{id_}:{verb}:{at.timestamp():.0f}")
    if verb in {"edited", "edit"}:
        return InboundChange(f"{id_}:{at.timestamp():.0f}", id_, "edit", at, told["text"])
    if told["sender"] in _own_ids(network, channel):
        return _by_business(told, at, network, channel)
    if not told["sender"]:
        return Ignored("status", NOBODY, id_)
    return InboundMessage(
        provider_id=id_,
        identity_kind=network.kind,
        identity=told["sender"],
        identity_verified=True,
        name=told["name"],
        text=told["text"] or ("" if told["photo"] else _without_text(channel)),
        data=_data(told),
        media=_photo(told),
        provider_at=at,
    )


def _without_text(channel: Channel) -> str:
    with translation.override(channel.tenant.language):
        return _("A comment without text.")


def _own_ids(network: Network, channel: Channel) -> set[str]:
    names = (network.account, "page_id", "scoped_id")
    return {text(channel.settings.get(name), 64) for name in names} - {""}


def _data(told: dict[str, Any]) -> dict[str, Any]:
    comment = {name: told[name] for name in ("id", "post", "parent", "permalink") if told[name]}
    data: dict[str, Any] = {"kind": "comment", "comment": comment}
    if told["parent"]:
        data["reply_to"] = told["parent"]
    return data


def _photo(told: dict[str, Any]) -> tuple[Media, ...]:
    url = told["photo"]
    return (Media(url, name="comment"),) if graph.is_media(url) and len(url) <= 1_000 else ()


def _by_business(told: dict[str, Any], at: datetime, network: Network, channel: Channel) -> Inbound:
    """The business's own comment: an answer to the person whose comment it stands below."""
    answered = Message.objects.on(channel.pk).filter(provider_id=told["parent"])
    known = told["parent"] and answered.select_related("conversation__identity", "came_by__identity").first()
    if not known or known.home.identity is None:
        return Ignored("status", OWN, told["id"])
    return InboundEcho(
        provider_id=told["id"],
        identity_kind=network.kind,
        identity=known.home.identity.value,
        text=told["text"],
        data=_data(told),
        media=_photo(told),
        provider_at=at,
    )
