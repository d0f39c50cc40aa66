"""What the composer offers: all of it follows from what the channel can do."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import consent, windows
from conversations.actions import model_writing
from conversations.actions.content import ROW_TEXT, ROW_TITLE
from conversations.actions.reactions import OFFERED
from conversations.channels.base import Capabilities
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Message
from tenants.kit.text import clean

LATELY = 50  # messages of the customer that are looked at
NEAR = timedelta(hours=3)  # the end of the window is worth a warning
MEDIA = {
    "image": gettext_lazy("pictures"),
    "audio": gettext_lazy("audio"),
    "video": gettext_lazy("videos"),
    "document": gettext_lazy("documents"),
    "sticker": gettext_lazy("stickers"),
}
VALUE = "value."  # before the key of a template's place, in forms


class Composing(NamedTuple):
    """All that the composer shows of the channel: plain values."""

    until: str  # when the window ends, as a machine reads it
    left: str  # how long that is
    is_near: bool
    is_closed: bool  # no free text goes out now
    is_mute: bool  # nobody can ever write on this channel
    is_public: bool  # closed, because all that the customer said are public comments
    has_templates: bool
    counts_segments: bool
    files: str  # what may be attached, said beforehand
    buttons: tuple[int, ...]
    button_limit: int
    rows: tuple[int, ...]
    row_limit: int
    row_text_limit: int
    locations: bool
    emoji: tuple[str, ...]
    refused: str = ""  # why the customer may not be written to here at all
    no_offers: str = ""  # why he may be answered, but gets no offers here
    model_uses: tuple[str, ...] = ()  # what the business's language model may be asked for


def of(conversation: Conversation) -> Composing:
    """What the composer of a conversation offers now."""
    way = conversation.way
    can = adapter_for(way.channel.kind).capabilities
    ends = windows.ends_at(way, can)
    left = ends - timezone.now() if ends else timedelta(0)
    refused, no_offers = consent.said_no(way)
    is_closed = windows.longest(can) is not None and left <= timedelta(0)
    return Composing(
        until=ends.isoformat() if ends and not is_closed else "",
        left=duration(left) if ends and not is_closed else "",
        is_near=bool(ends) and not is_closed and left < NEAR,
        is_closed=is_closed,
        is_mute=not can.text_limit,
        is_public=is_closed and can.comments and _said_in_public_only(way),
        has_templates=can.templates,
        counts_segments=way.channel.kind == "sms",
        files=limits(can),
        buttons=tuple(range(1, can.buttons + 1)),
        button_limit=can.button_limit,
        rows=tuple(range(1, can.list_rows + 1)),
        row_limit=ROW_TITLE,
        row_text_limit=ROW_TEXT,
        locations=can.locations,
        emoji=OFFERED if can.reactions else (),
        refused=refused,
        no_offers=no_offers,
        model_uses=tuple(model_writing.offered()),
    )


def _said_in_public_only(way: Conversation) -> bool:
    """Whether the customer commented, and lately wrote nothing else."""
    said = Message.objects.filter(Q(conversation=way, came_by=None) | Q(came_by=way))
    latest = said.filter(kind=Message.Kind.INBOUND).order_by("-id")
    return set(latest.values_list("data__kind", flat=True)[:LATELY]) == {"comment"}


def duration(left: timedelta) -> str:
    """3 h 12 min; from two days on in days."""
    minutes = max(int(left.total_seconds() // 60), 0)
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:
        return f"{days} d {hours} h"
    hours += days * 24
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def limits(can: Capabilities) -> str:
    """What files a channel takes, in words: Attach files (pictures up to 5 MB, videos up to 16 MB)."""
    if not can.attachments:
        return ""
    if not can.media_limits:
        return _("Attach files, together up to %(size)s") % {"size": filesizeformat(can.attachment_limit)}
    kinds = ", ".join(
        _("%(kind)s up to %(size)s") % {"kind": MEDIA.get(kind, kind), "size": filesizeformat(limit)}
        for kind, limit in can.media_limits.items()
    )
    return _("Attach files: %(kinds)s") % {"kinds": kinds}


def given_in(post: QueryDict) -> dict[str, Any]:
    """What the composer's form holds beyond text, as `send_reply` takes it."""
    data: dict[str, Any] = {}
    if template := _line(post, "template"):
        return {"template": {"id": template, "values": values_in(post)}}
    if buttons := [title for title in map(clean, post.getlist("button")[:20]) if title.strip()]:
        data["buttons"] = [{"title": title} for title in buttons]
    titles, texts = post.getlist("row_title")[:50], post.getlist("row_text")[:50]
    texts += [""] * (len(titles) - len(texts))
    rows = [
        {"title": clean(title), "description": clean(about)}
        for title, about in zip(titles, texts, strict=False)
        if title.strip()
    ]
    if rows:
        data["list"] = {"button": _line(post, "list_button"), "rows": rows}
    if _line(post, "latitude") or _line(post, "longitude"):
        names = {"latitude": "latitude", "longitude": "longitude", "name": "place_name"}
        place = {name: _line(post, field) for name, field in {**names, "address": "place_address"}.items()}
        data["location"] = {
            name: value.replace(",", ".") if "tude" in name else value for name, value in place.items()
        }
    if answered := _line(post, "reply_to"):
        data["reply_to"] = answered
    return data


def values_in(post: QueryDict) -> dict[str, str]:
    """A template's values by their places' keys."""
    return {
        name.removeprefix(VALUE): clean(str(value))
        for name, value in list(post.items())[:200]
        if name.startswith(VALUE)
    }


def _line(post: QueryDict, name: str) -> str:
    return clean(post.get(name, "")).strip()
