"""A phone call or a visit at the counter in words, from the plain data kept of it."""

from typing import Any

from django.utils.translation import gettext as _


def is_missed(call: dict[str, Any]) -> bool:
    """Whether the customer called and nobody answered."""
    return call.get("direction") == "in" and call.get("state") == "missed"


def title(call: dict[str, Any]) -> str:
    """What happened, in a few words."""
    state = call.get("state")
    if call.get("what") == "visit":
        return _("Visit at the counter")
    if state == "ringing":
        return _("The phone is ringing")
    if state == "ongoing":
        return _("On the phone now")
    if call.get("direction") == "out":
        return _("Called, nobody answered") if state == "missed" else _("Called the customer")
    return _("Missed call") if state == "missed" else _("The customer called")


def length(seconds: Any) -> str:
    """How long it took; '' where nobody says."""
    if not isinstance(seconds, int) or seconds <= 0:
        return ""
    hours, rest = divmod(seconds, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
