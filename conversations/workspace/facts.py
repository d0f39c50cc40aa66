"""The facts of conversations/right_now.py in words, for the strip above the composer."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.channels.base import Adapter
from conversations.channels.registry import adapters
from conversations.right_now import Fact
from crm.models import Order
from tenants import formats
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PRESSING = timedelta(hours=1)


class Shown(NamedTuple):
    """A fact as a pill."""

    text: str
    icon: str
    tone: str
    href: str = ""


def channel_icon(kind: str) -> str:
    """The icon of a kind of channel."""
    adapter = adapters().get(kind)
    return adapter.icon if adapter else Adapter.icon


def channel_title(kind: str) -> str:
    """What a kind of channel is called."""
    adapter = adapters().get(kind)
    return str(adapter.title) if adapter else kind


def duration(since: datetime | None) -> str:
    """How long something has lasted, in words."""
    minutes = int((timezone.now() - since).total_seconds() // 60) if since else 0
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", max(minutes, 1)) % {"count": max(minutes, 1)}
    if minutes < 48 * 60:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def shown(facts: list[Fact], request: BusinessRequest) -> tuple[Shown, ...]:
    """Facts as pills, in the order given."""
    return tuple(_pill(fact, request) for fact in facts)


LOOKS = {
    "open_complaint": (gettext_lazy("Open complaint: %(subject)s"), "flag", "danger"),
    "open_case": (gettext_lazy("Open case: %(subject)s"), "flag", "warning"),
    "appointment": (gettext_lazy("Comes %(day)s at %(clock)s: %(service)s"), "calendar-clock", "info"),
    "payment_overdue": (gettext_lazy("%(money)s overdue for %(time)s"), "banknote", "danger"),
    "unanswered_elsewhere": (
        gettext_lazy("Waiting %(time)s for an answer on %(channel)s"),
        "clock",
        "danger",
    ),
    "open_elsewhere": (gettext_lazy("Also open on %(channel)s"), "", "warning"),
    "unanswered": (gettext_lazy("Waiting %(time)s for your answer"), "clock", "grey"),
    "overdue_follow_up": (gettext_lazy("Overdue: %(title)s"), "calendar-clock", "danger"),
    "last_contact": (gettext_lazy("Wrote %(time)s ago on %(channel)s"), "", "info"),
    "last_call": (gettext_lazy("Called %(time)s ago"), "", "info"),
    "last_visit": (gettext_lazy("Came by %(time)s ago"), "", "info"),
    "missed_call": (gettext_lazy("Called %(time)s ago, nobody answered"), "", "danger"),
    "last_order": (
        gettext_lazy("Order %(number)s: %(status)s, %(total)s"),
        "shopping-bag",
        "grey",
    ),
}


SPOKEN = {
    ("last_contact", "phone"): "last_call",
    ("last_contact", "visit"): "last_visit",
    ("unanswered_elsewhere", "phone"): "missed_call",
}


def _pill(fact: Fact, request: BusinessRequest) -> Shown:
    text, icon, tone = LOOKS[SPOKEN.get((fact.kind, fact.channel), fact.kind)]
    words: dict[str, Any] = {"channel": channel_title(fact.channel), "time": duration(fact.at), **fact.data}
    if fact.kind == "last_order":
        words["total"] = formats.money(words["total"], words["currency"])
        words["status"] = dict(Order.Status.choices).get(words["status"], words["status"])
    if fact.kind == "appointment" and fact.at:
        begins = timezone.localtime(fact.at)
        is_today = begins.date() == timezone.localdate()
        words["day"], words["clock"] = _("today") if is_today else _("tomorrow"), formats.clock(begins)
        tone = "warning" if is_today else tone
    if fact.kind == "payment_overdue":
        words["money"] = formats.money(words["amount"], words["currency"])
    if fact.kind == "unanswered" and fact.at and timezone.now() - fact.at > PRESSING:
        tone = "warning"
    href = burl(request, "conversations:thread", fact.conversation_id) if fact.conversation_id else ""
    return Shown(str(text) % words, icon or channel_icon(fact.channel), tone, href)
