"""A step of a sequence as a person reads it: when it is said, what it asks, and what silence makes."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conversations.models import ConfirmationStep, Happening

HOUR, DAY = 60, 1440
UNITS = (DAY, HOUR, 1)
FORESEEN = frozenset({Happening.APPOINTMENT_STARTS, Happening.PAYMENT_DUE})
"""What is known beforehand: only of this something can be said before it happens."""
ASKED_OF = frozenset(
    {Happening.APPOINTMENT_BOOKED, Happening.APPOINTMENT_MOVED, Happening.APPOINTMENT_STARTS}
)


def length(minutes: int) -> str:
    """A length of time in its largest whole unit: "2 hours"."""
    count, unit = in_units(minutes)
    if unit == DAY:
        return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    if unit == HOUR:
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def in_units(minutes: int) -> tuple[int, int]:
    """The number and the unit in minutes that write a length shortest."""
    unit = next(unit for unit in UNITS if minutes % unit == 0)
    return (abs(minutes) // unit, unit) if minutes else (0, HOUR)


def when(step: ConfirmationStep) -> str:
    """When it is said, in words."""
    if not step.minutes:
        return pgettext("confirmation", "At once")
    words = _("%(length)s before") if step.minutes < 0 else _("%(length)s after")
    return words % {"length": length(abs(step.minutes))}


def notes(step: ConfirmationStep) -> list[str]:
    """What else there is to say of it."""
    found = []
    if step.asks:
        found.append(_("asks whether he comes"))
    if step.asks and step.call_minutes:
        called = _("who stays silent is to be called %(length)s before")
        found.append(called % {"length": length(step.call_minutes)})
    if not step.can_wait:
        found.append(_("also goes out in quiet hours"))
    return found
