"""Template tags of the design system (docs/design-system.md): icons, people, times, fields, components."""

import json
import re
import zlib
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants import formats
from tenants.kit.blank import Blank

register = template.Library()

AVATAR_COLOURS = 8
FACES = {1: "angry", 2: "frown", 3: "meh", 4: "smile", 5: "laugh"}

# What every status is called, how it feels and how it looks, wherever it is shown.
STATUSES: dict[str, tuple[Any, str, str]] = {
    # conversations
    "open": (gettext_lazy("Open"), "success", "circle-dot"),
    "waiting": (gettext_lazy("Waiting"), "warning", "hourglass"),
    "snoozed": (gettext_lazy("Snoozed"), "violet", "alarm-clock"),
    "closed": (gettext_lazy("Closed"), "grey", "check"),
    # deliveries
    "pending": (gettext_lazy("Pending"), "grey", "clock"),
    "sending": (gettext_lazy("Sending"), "grey", "clock"),
    "sent": (gettext_lazy("Sent"), "grey", "check"),
    "delivered": (gettext_lazy("Delivered"), "accent", "check-check"),
    "read": (gettext_lazy("Read"), "accent", "eye"),
    "failed": (gettext_lazy("Failed"), "danger", "circle-alert"),
    "unknown": (gettext_lazy("Unknown"), "warning", "circle-question-mark"),
    "cancelled": (gettext_lazy("Cancelled"), "grey", "ban"),
    # what came in
    "message": (gettext_lazy("Message"), "accent", "message-square"),
    "delivery_failure": (gettext_lazy("Delivery failure"), "danger", "circle-alert"),
    "complaint": (gettext_lazy("Complaint"), "danger", "flag"),
    "auto_reply": (gettext_lazy("Automatic reply"), "grey", "bot"),
    "duplicate": (gettext_lazy("Duplicate"), "grey", "copy"),
    "parked": (gettext_lazy("Parked"), "warning", "pause"),
    # cases, follow-ups, invitations, channels
    "resolved": (gettext_lazy("Resolved"), "grey", "check"),
    "done": (gettext_lazy("Done"), "grey", "check"),
    "due": (gettext_lazy("Due"), "warning", "clock"),
    "overdue": (gettext_lazy("Overdue"), "danger", "clock"),
    "expired": (gettext_lazy("Expired"), "grey", "clock"),
    "accepted": (gettext_lazy("Accepted"), "success", "check"),
    "active": (gettext_lazy("Active"), "success", "circle-dot"),
    "inactive": (gettext_lazy("Inactive"), "grey", "circle-dashed"),
    "revoked": (gettext_lazy("Revoked"), "grey", "ban"),
    # orders
    "paid": (gettext_lazy("Paid"), "success", "check"),
    "shipped": (gettext_lazy("Shipped"), "info", "truck"),
    "refunded": (gettext_lazy("Refunded"), "violet", "undo-2"),
    # appointments
    "booked": (gettext_lazy("Booked"), "info", "calendar-clock"),
    "confirmed": (gettext_lazy("Confirmed"), "success", "check"),
    "arrived": (gettext_lazy("Arrived"), "accent", "map-pin"),
    "no_show": (gettext_lazy("Did not come"), "danger", "user-x"),
}


# How a moment is written out, by the name of the style.
STYLES = {"time": formats.clock, "day": formats.long_date, "full": formats.numeric}


class UnknownIcon(template.TemplateSyntaxError):
    """Raised when a template names an icon that static/icons.svg does not hold."""


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The names of the symbols in static/icons.svg."""
    path = finders.find("icons.svg")
    if not path:
        return frozenset()
    with open(path, encoding="utf-8") as sprite:
        return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read()))


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite.

    In: its Lucide name, its size in pixels, a label where it stands alone, further CSS classes.
    Out: an <svg>, hidden from screen readers unless labelled. Raises UnknownIcon.
    """
    return _icon(name, size, label if isinstance(label, str) else str(label), css)


@lru_cache(maxsize=2_048, typed=True)
def _icon(name: str, size: int, label: str, css: str) -> SafeString:
    """A page shows a hundred icons, nearly always the same."""
    if name not in icon_names():
        raise UnknownIcon(
            f"There is no icon {name!r} in static/icons.svg; docs/design-system.md says how to add one."
        )
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" width="{}" height="{}" {}><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        size,
        size,
        spoken,
        static("icons.svg"),
        name,
    )


def initials(name: str) -> str:
    """The first letters of the first and last word of a name or address; "?" where there is none."""
    letters = [word[0] for word in re.findall(r"\w+", name.partition("@")[0]) if word[0] != "_"]
    if not letters:
        return "?"
    return letters[0] if len(letters) == 1 else letters[0] + letters[-1]


@register.simple_tag
def avatar(name: object, size: str = "m", label: bool = False, css: str = "") -> SafeString:
    """Initials on a colour that is always the same for the same name.

    In: any name, a size (s, m, l, xl), whether screen readers hear the name here, further CSS classes.
    """
    return _avatar(str(name or "").strip(), size, label, css)


@lru_cache(maxsize=4_096)
def _avatar(text: str, size: str, label: bool, css: str) -> SafeString:
    colour = zlib.crc32(text.casefold().encode()) % AVATAR_COLOURS
    spoken = (
        format_html('role="img" aria-label="{}"', text)
        if label and text
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<span class="avatar avatar--{} avatar--{}{}" {}>{}</span>',
        size,
        colour,
        f" {css}" if css else "",
        spoken,
        initials(text),
    )


def relative(moment: datetime, now: datetime) -> str:
    """How long ago (or until) in at most six letters up to a week, beyond that the day."""
    seconds = (now - moment).total_seconds()
    ahead = "+" if seconds < 0 else ""
    minutes = int(abs(seconds) // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return f"{ahead}{minutes} min"
    if minutes < 24 * 60:
        return f"{ahead}{minutes // 60} h"
    if minutes < 7 * 24 * 60:
        return f"{ahead}{minutes // (24 * 60)} d"
    local, today = timezone.localtime(moment), timezone.localtime(now)
    return formats.day_month(local, year=local.year != today.year)


@register.simple_tag
def timestamp(moment: datetime | None, style: str = "short", css: str = "") -> SafeString:
    """A moment as <time>, with the exact time in the viewer's zone as its title.

    In: an aware datetime (None shows a dash); style "short" (5 min, 3 h, 12 Mar; kept fresh by script),
    "time" (14:32), "day" (12 Mar 2026) or "full" (both).
    """
    if moment is None:
        return SafeString('<span aria-hidden="true">–</span>')
    text = relative(moment, timezone.now()) if style == "short" else ""
    return _timestamp(moment, style, css, text, formats.reader(), timezone.get_current_timezone())


@lru_cache(maxsize=8_192)
def _timestamp(moment: datetime, style: str, css: str, text: str, reader: str, zone: tzinfo) -> SafeString:
    """The same moment looks the same to everyone of one language, country and zone."""
    local = timezone.localtime(moment, zone)
    return format_html(
        '<time datetime="{}" title="{}"{}{}>{}</time>',
        moment.isoformat(timespec="seconds"),
        f"{formats.exact(local)} {local.tzname() or ''}".strip(),
        format_html(' class="{}"', css) if css else "",
        SafeString(" data-relative") if style == "short" else "",
        text or STYLES[style](local),
    )


@register.simple_tag
def day(moment: datetime | date) -> str:
    """The name of a day for separators: today, yesterday, or the date."""
    which = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    distance = (timezone.localdate() - which).days
    if distance == 0:
        return _("Today")
    if distance == 1:
        return _("Yesterday")
    return formats.long_date(which)


@register.inclusion_tag("components/badge.html")
def status(value: object, text: str = "") -> dict[str, object]:
    """The pill of a status by its code (an unknown code is shown as it is), with another text when given."""
    code = str(value)
    name, tone, symbol = STATUSES.get(code, (code.replace("_", " ").capitalize(), "grey", "circle"))
    return {"text": text or name, "tone": tone, "icon": symbol}


@register.simple_tag
def face(score: object, size: int = 18) -> SafeString:
    """The face of a rating from 1 to 5, with the number for screen readers; a dash for anything else."""
    try:
        number = int(str(score))
        symbol = FACES[number]
    except (KeyError, ValueError):
        return SafeString('<span aria-hidden="true">–</span>')
    label = _("%(score)s of 5") % {"score": number}
    return format_html('<span class="face face--{}">{}</span>', number, icon(symbol, size, label))


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", help: str = "", optional: bool = False, placeholder: str | None = None
) -> dict[str, object]:
    """A form field with its label, help and errors; what is given replaces the form's own."""
    if placeholder is not None:
        bound.field.widget.attrs["placeholder"] = placeholder
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "optional": optional and not bound.field.required,
        "kind": bound.widget_type,
        "grouped": bound.use_fieldset,
    }


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm | Blank) -> dict[str, object]:
    """A whole form: its own errors, hidden fields, then every visible field."""
    return {"form": form.build() if isinstance(form, Blank) else form}


@register.simple_tag(takes_context=True)
def place(context: Context) -> str:
    """The first part of the address inside a business ("inbox" at /b/<slug>/inbox/…), "" elsewhere."""
    request = context.get("request")
    parts = request.path.split("/") if request else []
    return parts[3] if len(parts) > 3 and parts[1] == "b" else ""


@register.filter
def as_json(value: Mapping[str, object]) -> str:
    """A mapping as JSON for an attribute such as hx-vals; the template escapes it."""
    return json.dumps(value, default=str)


class FillNode(template.Node):
    """{% fill name %}…{% endfill %} inside a component: what its named slot shows."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


class ComponentNode(template.Node):
    """Renders templates/components/<name>.html with its parameters, `slot` and the filled slots."""

    def __init__(self, name: str, params: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.name = name
        self.params = params
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        values: dict[str, Any] = {key: value.resolve(context) for key, value in self.params.items()}
        body = []
        for node in self.nodelist:
            rendered = node.render_annotated(context)
            if isinstance(node, FillNode):
                values[node.name] = rendered
            else:
                body.append(str(rendered))
        values["slot"] = SafeString("".join(body).strip())
        inner = context.new(values)
        for name in ("request", "csrf_token"):
            if name in context:
                inner[name] = context[name]
        engine = context.template.engine  # type: ignore[union-attr]
        return engine.get_template(f"components/{self.name}.html").render(inner)


@register.tag("fill")
def do_fill(parser: Parser, token: Token) -> FillNode:
    """Parses {% fill name %}."""
    try:
        _tag, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("{% fill %} takes the name of one slot") from None
    nodelist = parser.parse(("endfill",))
    parser.delete_first_token()
    return FillNode(name, nodelist)


@register.tag("component")
def do_component(parser: Parser, token: Token) -> ComponentNode:
    """Parses {% component "name" key=value … %}."""
    _tag, *bits = token.split_contents()
    if not bits or bits[0][0] not in "\"'":
        raise template.TemplateSyntaxError("{% component %} takes the quoted name of a component first")
    name, rest = bits[0][1:-1], bits[1:]
    params = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"{{% component %}} does not understand {rest[0]!r}")
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, params, nodelist)
