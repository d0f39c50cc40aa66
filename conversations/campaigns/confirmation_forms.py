"""What the form of one message of a sequence says."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conversations.confirmations.sentences import DAY, HOUR, in_units
from conversations.models import ConfirmationStep, MessageTemplate
from conversations.workspace.forms import uuid_or_none
from tenants.refusals import Refused

UNITS = {"minutes": 1, "hours": HOUR, "days": DAY}
FIELDS = (
    "happening", "side", "count", "unit", "template", "asks", "at_night", "call_count", "call_unit",
)  # fmt: skip
LONGEST = 5  # digits


def units() -> list[tuple[str, str]]:
    """The units of time with their names."""
    return [("minutes", _("minutes")), ("hours", pgettext("length", "hours")), ("days", _("days"))]


def sides() -> list[tuple[str, str]]:
    """On which side of what happens it is said."""
    return [("once", _("at once")), ("before", _("before")), ("after", _("after"))]


def read(post: QueryDict) -> dict[str, Any]:
    """What was posted, as the action takes it. Raises `Refused` with the field."""
    template_id = uuid_or_none(post.get("template", ""))
    template = MessageTemplate.objects.kept().filter(pk=template_id).first() if template_id else None
    if template is None:
        raise Refused(_("Choose what it says."), "template")
    side = post.get("side", "once")
    minutes = 0 if side == "once" else _minutes(post, "count", "unit")
    asks = bool(post.get("asks"))
    return {
        "happening": post.get("happening", ""),
        "minutes": -minutes if side == "before" else minutes,
        "template": template,
        "asks": asks,
        "can_wait": not post.get("at_night"),
        "call_minutes": _minutes(post, "call_count", "call_unit") or None if asks else None,
    }


def _minutes(post: QueryDict, count: str, unit: str) -> int:
    text = post.get(count, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
        raise Refused(_("Give a whole number."), count)
    return int(text) * UNITS.get(post.get(unit, ""), HOUR)


def given(step: ConfirmationStep | None) -> dict[str, Any]:
    """What the form shows of a step; of a new one, a reminder a day before."""
    if step is None:
        return {
            "happening": "appointment_starts",
            "side": "before",
            "count": 1,
            "unit": "days",
            "can_wait": True,
        }
    names = {minutes: name for name, minutes in UNITS.items()}
    count, unit = in_units(step.minutes)
    call_count, call_unit = in_units(step.call_minutes or 0)
    return {
        "happening": step.happening,
        "side": "once" if not step.minutes else "before" if step.minutes < 0 else "after",
        "count": count or "",
        "unit": names[unit],
        "template": str(step.template_id),
        "asks": step.asks,
        "at_night": not step.can_wait,
        "call_count": call_count or "",
        "call_unit": names[call_unit],
    }
