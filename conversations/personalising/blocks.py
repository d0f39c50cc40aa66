"""The blocks of a mail: which there are, what each holds, and how one is kept."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conversations.personalising.markup import tidy_address
from conversations.personalising.names import NAMES
from tenants.kit.text import clean, one_line
from tenants.refusals import Refused

MOST = 60  # blocks of a mail
TEXT, LINE, ADDRESS = 5_000, 300, 2_000  # characters


class Kind(NamedTuple):
    """A kind of block with its fields and how long each may be."""

    title: str | Promise
    icon: str
    fields: Mapping[str, int]


KINDS: dict[str, Kind] = {
    "text": Kind(gettext_lazy("Text"), "type", {"text": TEXT}),
    "heading": Kind(gettext_lazy("Heading"), "heading", {"text": LINE}),
    "button": Kind(gettext_lazy("Button"), "square-mouse-pointer", {"text": 80, "url": ADDRESS}),
    "image": Kind(gettext_lazy("Picture"), "image", {"file": 36, "alt": LINE, "url": ADDRESS}),
    "product": Kind(
        pgettext_lazy("block of a mail", "Product"),
        "shopping-bag",
        {"file": 36, "alt": LINE, "title": LINE, "text": 600, "price": 60, "label": 80, "url": ADDRESS},
    ),
    "appointment": Kind(gettext_lazy("His next appointment"), "calendar-clock", {}),
    "order": Kind(gettext_lazy("His last order"), "package", {}),
    "divider": Kind(gettext_lazy("Line"), "minus", {}),
    "spacer": Kind(gettext_lazy("Space"), "arrow-up-down", {}),
}  # fmt: skip

LABELS: dict[str, str | Promise] = {
    "text": gettext_lazy("Text"),
    "url": gettext_lazy("Where it leads"),
    "file": gettext_lazy("Picture"),
    "alt": gettext_lazy("What the picture shows"),
    "title": gettext_lazy("Name of the product"),
    "price": gettext_lazy("Price"),
    "label": gettext_lazy("Words on the button"),
}
ONLY = (
    "customer.first_name", "customer.company", "customer.city", "order.number", "appointment.date",
    "product.favourite", "agent.name", "payment.amount",
)  # fmt: skip
"""What a block may be kept for: those of whom this is known."""


def tidy(given: Any) -> list[dict[str, str]]:
    """Blocks as they are kept. Raises `Refused` for what is none."""
    if not isinstance(given, list) or len(given) > MOST:
        raise Refused(_("A mail has a list of at most %(most)s blocks.") % {"most": MOST}, "blocks")
    return [_tidy(one, number) for number, one in enumerate(given, 1)]


def _tidy(one: Any, number: int) -> dict[str, str]:
    kind = KINDS.get(one["kind"]) if isinstance(one, Mapping) and isinstance(one.get("kind"), str) else None
    if kind is None:
        raise Refused(_("Block %(number)s is of no kind that we know.") % {"number": number}, "blocks")
    kept = {"kind": str(one["kind"])}
    for name, most in kind.fields.items():
        value = one.get(name)
        if value not in (None, "") and not isinstance(value, str):
            sentence = _("“%(name)s” of block %(number)s must be a text.") % {"name": name, "number": number}
            raise Refused(sentence, "blocks")
        if value:
            kept[name] = _value(name, value, most, kept["kind"])
    only = one.get("only")
    if isinstance(only, str) and only in ONLY:
        kept["only"] = only
    return kept


def _value(name: str, value: str, most: int, kind: str) -> str:
    if name == "file":
        try:
            return str(UUID(value))
        except ValueError:
            return ""
    if name == "url":
        return tidy_address(one_line(value, most))
    if name == "text" and kind in {"text", "product"}:
        return clean(value, most).strip("\n")
    return one_line(value, most)


def written(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The blocks of a mail, whatever stands there; of one with a text alone, that text."""
    given = content.get("blocks")
    if not given and content.get("text"):
        return [{"kind": "text", "text": content["text"]}]
    found = given if isinstance(given, list) else []
    return [one for one in found if isinstance(one, Mapping) and one.get("kind") in KINDS]


def files(content: Mapping[str, Any]) -> Iterator[UUID]:
    """The pictures that a mail shows."""
    for one in written(content):
        if one.get("file"):
            yield UUID(one["file"])


def label_of(only: str) -> str:
    """For whom a block is: those with an order number."""
    return str(NAMES[only].label)
