"""The editor of templates: what its form says, as plain data, and its blocks as the page shows them.

The form works without script: every button posts all of it, and its `op` says what to change.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from conversations import template_parts
from conversations.models import Template
from conversations.personalising.blocks import KINDS, LABELS, MOST, ONLY, label_of
from conversations.personalising.contents import MEDIA
from crm.models import Medium
from tenants.kit.text import clean

EDITED = (Medium.EMAIL, Medium.WHATSAPP, Medium.SMS, Medium.TELEGRAM)
"""The media that the editor shows by itself; the others where something stands in them."""
Content = dict[str, Any]


def media(contents: Mapping[str, Any]) -> list[str]:
    """The media of the editor's tabs."""
    return [str(one) for one in MEDIA if one in EDITED or contents.get(one)]


def read(post: QueryDict, medium: str) -> Content:
    """What was posted of one medium and language, and the change that its `op` asks for.

    A block that was removed stays, with `gone`, until it is saved: so it can be brought back.
    """
    if medium == Medium.EMAIL:
        blocks = [_block(post, row) for row in _rows(post)]
        _change(blocks, post.get("op", ""))
        return {
            "subject": clean(post.get("subject", "")),
            "preheader": clean(post.get("preheader", "")),
            "blocks": blocks,
            "files": _files(post),
        }
    if medium == Medium.WHATSAPP and post.get("template_id"):
        values = {key.removeprefix("v-"): clean(post.get(key, "")) for key in post if key.startswith("v-")}
        return {"template_id": post["template_id"], "values": values, "files": _files(post)}
    return {"text": clean(post.get("text", ""))}


def _files(post: QueryDict) -> list[str]:
    gone = post.getlist("file-gone")
    return [one for one in post.getlist("files") if one and one not in gone]


def kept(content: Content) -> Content:
    """The same without the blocks that were removed."""
    if "blocks" not in content:
        return content
    return {**content, "blocks": [one for one in content["blocks"] if not one.get("gone")]}


def _rows(post: QueryDict) -> list[str]:
    return [row for row in post.getlist("b")[: MOST * 2] if row.isascii() and row.isdigit() and len(row) < 4]


def _block(post: QueryDict, row: str) -> Content:
    kind = post.get(f"b{row}-kind", "")
    block: Content = {"kind": kind if kind in KINDS else "text"}
    for name in KINDS[block["kind"]].fields:
        block[name] = clean(post.get(f"b{row}-{name}", ""))
    block["only"] = post.get(f"b{row}-only", "")
    block["gone"] = post.get(f"b{row}-gone", "")
    block["upload"] = f"b{row}-upload"
    return block


def _change(blocks: list[Content], op: str) -> None:
    """add:text, add:text@2, drop:1, back:1, up:2, down:0; anything else changes nothing."""
    verb, _colon, rest = op.partition(":")
    if verb == "add":
        kind, _at, place = rest.partition("@")
        if kind in KINDS and len(blocks) < MOST:
            blocks.insert(int(place) if place.isdigit() and len(place) < 4 else len(blocks), {"kind": kind})
        return
    if not (rest.isascii() and rest.isdigit() and int(rest[:4]) < len(blocks)):
        return
    place_ = int(rest)
    if verb in ("drop", "back"):
        blocks[place_]["gone"] = "1" if verb == "drop" else ""
    elif verb in ("up", "down"):
        block = blocks.pop(place_)
        blocks.insert(max(place_ - 1, 0) if verb == "up" else place_ + 1, block)


def begun(medium: str) -> Content:
    """What a medium without words begins with."""
    if medium == Medium.EMAIL:
        hello = _('Hello {{ customer.first_name | default: "there" }},')
        return {"subject": "", "preheader": "", "blocks": [{"kind": "text", "text": f"{hello}\n\n"}]}
    return {}


# --- as the page shows it ---


class Field(NamedTuple):
    """A field of a block. `key` names it in the form, `picture` is where the chosen one lies."""

    key: str
    name: str
    label: str
    value: str
    kind: str  # line, text, file
    most: int
    picture: str


class Row(NamedTuple):
    """A block with its fields."""

    number: int
    kind: str
    title: str
    icon: str
    fields: list[Field]
    only: str
    is_gone: bool
    summary: str


def rows(content: Mapping[str, Any], pictures: Mapping[str, str]) -> list[Row]:
    """The blocks of a mail; `pictures` are the addresses of those that can be shown."""
    return [_row(number, one, pictures) for number, one in enumerate(content.get("blocks") or [])]


def _row(number: int, block: Mapping[str, Any], pictures: Mapping[str, str]) -> Row:
    kind = KINDS[block["kind"]]
    fields = [
        Field(
            f"b{number}-{name}", name, _label(block["kind"], name), value,
            _control(block["kind"], name), most, pictures.get(value, "") if name == "file" else "",
        )
        for name, most in kind.fields.items()
        for value in [str(block.get(name) or "")]
    ]  # fmt: skip
    words = next((str(block.get(name)) for name in ("text", "title", "alt") if block.get(name)), "")
    return Row(
        number, block["kind"], str(kind.title), kind.icon, fields, str(block.get("only") or ""),
        bool(block.get("gone")), words[:80],
    )  # fmt: skip


def _label(kind: str, name: str) -> str:
    if kind == "button" and name == "text":
        return str(LABELS["label"])
    if name == "url" and kind in ("image", "product"):
        return _("Where a click leads (optional)")
    return str(LABELS[name])


def _control(kind: str, name: str) -> str:
    if name == "file":
        return "file"
    return "text" if name == "text" and kind in ("text", "product") else "line"


def adders() -> list[tuple[str, str, str]]:
    """What can be added: kind, title and icon."""
    return [(name, str(kind.title), kind.icon) for name, kind in KINDS.items()]


def only_choices() -> list[tuple[str, str]]:
    """For whom a block can be."""
    return [(name, label_of(name)) for name in ONLY]


class Place(NamedTuple):
    """A place of a vendor's template; `input` names it in the form."""

    input: str
    label: str
    sample: str
    value: str


def places(template: Template | None, content: Mapping[str, Any]) -> list[Place]:
    """What there is to fill in of a vendor's template."""
    values = content.get("values") or {}
    found = template_parts.places(template.components) if template else []
    return [Place(f"v-{one.key}", one.name, one.sample, str(values.get(one.key) or "")) for one in found]


def vendor_templates() -> list[Template]:
    """Those of every channel, approved ones first."""
    found = Template.objects.select_related("channel").exclude(status__in=("gone", "deleting"))
    ordered = sorted(
        found[:500], key=lambda one: (one.status != Template.Status.APPROVED, one.name, one.language)
    )
    return [one for one in ordered if template_parts.can_send(one.components)]
