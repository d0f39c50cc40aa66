"""The words and looks of a customer's history."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm import calls
from crm.models import (
    Appointment,
    Case,
    Consent,
    ConsentEvent,
    Identity,
    Medium,
    Order,
    Payment,
    Purpose,
    TimelineEntry,
)
from tenants import formats
from tenants.templatetags.ui import timestamp

Kind = TimelineEntry.Kind

# What the filters over a history show; the key stands in the address.
GROUPS: dict[str, tuple[str, ...]] = {
    "messages": (Kind.MESSAGE_IN, Kind.MESSAGE_OUT, Kind.CONVERSATION_CLOSED),
    "orders": (Kind.ORDER,),
    "payments": (Kind.PAYMENT,),
    "appointments": (Kind.APPOINTMENT,),
    "activities": (Kind.ACTIVITY,),
    "notes": (Kind.NOTE,),
    "cases": (Kind.CASE, Kind.FOLLOW_UP),
    "ratings": (Kind.SURVEY,),
    "consents": (Kind.CONSENT,),
    "record": (Kind.CUSTOMER,),
    "everything": tuple(Kind),
}

LOOKS: dict[str, tuple[str, str]] = {
    Kind.MESSAGE_IN: ("message-circle", "accent"),
    Kind.MESSAGE_OUT: ("reply", "grey"),
    Kind.CONVERSATION_CLOSED: ("check", "grey"),
    Kind.ORDER: ("package", "info"),
    Kind.APPOINTMENT: ("calendar-clock", "info"),
    Kind.PAYMENT: ("banknote", "success"),
    Kind.ACTIVITY: ("square-mouse-pointer", "grey"),
    Kind.CASE: ("flag", "danger"),
    Kind.NOTE: ("sticky-note", "warning"),
    Kind.SURVEY: ("smile", "violet"),
    Kind.FOLLOW_UP: ("list-checks", "orange"),
    Kind.CUSTOMER: ("user", "grey"),
    Kind.CONSENT: ("check-check", "grey"),
}
IDENTITY_ICONS: dict[str, str] = {
    Identity.Kind.PHONE: "phone",
    Identity.Kind.EMAIL: "mail",
    Identity.Kind.WEB: "globe",
    Identity.Kind.WHATSAPP: "message-circle",
    Identity.Kind.TELEGRAM: "send",
    Identity.Kind.INSTAGRAM: "at-sign",
    Identity.Kind.MESSENGER: "messages-square",
    Identity.Kind.EXTERNAL: "hash",
}
CHANNEL_ICONS = {
    "email": "mail",
    "web": "globe",
    "phone": "phone",
    "whatsapp": "message-circle",
    "visit": "store",
}


class Line(NamedTuple):
    """One line of a history, ready to be shown: plain values, by which its looks can be remembered."""

    icon: str
    tone: str
    title: str
    text: str
    meta: str
    time: SafeString
    context_id: UUID | None
    status: str = ""
    status_label: str = ""
    score: int | None = None


def lines(entries: Iterable[TimelineEntry]) -> list[Line]:
    """What a page shows of history entries, in their order."""
    return [line(entry) for entry in entries]


def line(entry: TimelineEntry) -> Line:
    """One entry in words. Data that an app above left out shows as nothing."""
    icon, tone = LOOKS.get(entry.kind, ("circle", "grey"))
    title, text, more = _WORDS.get(entry.kind, _plain)(entry)
    plain: dict[str, Any] = {name: value for name, value in more.items() if isinstance(value, str | int)}
    if call := _call_of(entry):
        icon = CHANNEL_ICONS.get(entry.channel, icon)
        tone = "danger" if calls.is_missed(call) else tone
    elif entry.kind == Kind.MESSAGE_IN:
        icon = CHANNEL_ICONS.get(entry.channel, icon)
    by_customer = entry.kind in {Kind.MESSAGE_IN, Kind.SURVEY}
    return Line(
        icon=icon,
        tone=tone,
        title=str(title),
        text=str(text),
        meta="" if by_customer else entry.actor_label,
        time=timestamp(entry.happened_at),
        context_id=entry.context_id,
        **plain,
    )


Words = tuple[str, str, dict[str, Any]]


def _plain(entry: TimelineEntry) -> Words:
    return str(entry.kind), "", {}


def _call_of(entry: TimelineEntry) -> dict[str, Any]:
    """The call or visit that an entry tells of, if it does."""
    found = entry.data.get("call")
    return found if isinstance(found, dict) else {}


def _spoken(entry: TimelineEntry, call: dict[str, Any]) -> Words:
    text = " · ".join(filter(None, [calls.length(call.get("seconds")), entry.data.get("text", "")]))
    return calls.title(call), text, {}


def _message_in(entry: TimelineEntry) -> Words:
    if call := _call_of(entry):
        return _spoken(entry, call)
    return entry.data.get("subject") or _("Message received"), entry.data.get("text", ""), {}


def _message_out(entry: TimelineEntry) -> Words:
    if call := _call_of(entry):
        return _spoken(entry, call)
    return _("Answered"), entry.data.get("text", ""), {}


def _closed(entry: TimelineEntry) -> Words:
    quiet = _("Nothing more was asked") if entry.data.get("why") == "quiet" else ""
    return _("Conversation closed"), quiet, {}


def _order(entry: TimelineEntry) -> Words:
    data = entry.data
    items = ", ".join(_item(item) for item in data.get("items", []) if isinstance(item, dict))
    money = formats.money(data.get("total"), data.get("currency", ""))
    status = data.get("status", "")
    label = _choice(Order.Status, status)
    text = " · ".join(part for part in (money, items) if part)
    title = _("Order %(number)s") % {"number": data.get("number", "")}
    return title, text, {"status": status, "status_label": label}


def _appointment(entry: TimelineEntry) -> Words:
    data = entry.data
    status, begins = data.get("status", ""), _moment(data.get("starts_at"))
    text = " · ".join(filter(None, [begins, data.get("place", ""), data.get("staff", "")]))
    title = _("Appointment: %(service)s") % {"service": data.get("service", "")}
    return title, text, {"status": status, "status_label": _choice(Appointment.Status, status)}


def _moment(text: object) -> str:
    """A moment kept as ISO 8601, as people of the business write it."""
    try:
        return formats.exact(timezone.localtime(datetime.fromisoformat(str(text))))
    except (ValueError, OverflowError):
        return ""


def _payment(entry: TimelineEntry) -> Words:
    data = entry.data
    status, money = data.get("status", ""), formats.money(data.get("amount"), data.get("currency", ""))
    text = " · ".join(filter(None, [data.get("text", ""), data.get("method", "")]))
    title = _("Payment of %(money)s") % {"money": money}
    return title, text, {"status": status, "status_label": _choice(Payment.Status, status)}


def _activity(entry: TimelineEntry) -> Words:
    data = entry.data
    amount = data.get("amount")
    text = " · ".join(filter(None, [amount and formats.number(amount), data.get("text", "")]))
    return data.get("kind", ""), text, {}


def _item(item: dict[str, Any]) -> str:
    quantity, name = item.get("quantity", 1), str(item.get("name", ""))
    return name if quantity == 1 else f"{quantity} × {name}"


def _case(entry: TimelineEntry) -> Words:
    data = entry.data
    kind = _choice(Case.Kind, data.get("kind", ""))
    if data.get("event") == "resolved":
        return _("%(kind)s resolved") % {"kind": kind}, data.get("resolution") or data.get("subject", ""), {}
    if data.get("event") == "reopened":
        return _("%(kind)s open again") % {"kind": kind}, data.get("subject", ""), {}
    return _("%(kind)s opened") % {"kind": kind}, data.get("subject", ""), {}


def _note(entry: TimelineEntry) -> Words:
    return _("Note"), entry.data.get("text", ""), {}


def _survey(entry: TimelineEntry) -> Words:
    return _("Rating"), entry.data.get("comment") or "", {"score": entry.data.get("score")}


def _follow_up(entry: TimelineEntry) -> Words:
    match entry.data.get("event"):
        case "done":
            title = _("Follow-up done")
        case "reopened":
            title = _("Follow-up open again")
        case _other:
            title = _("Follow-up opened")
    return title, entry.data.get("title", ""), {}


def _record(entry: TimelineEntry) -> Words:
    data = entry.data
    kind = _choice(Identity.Kind, data.get("identity_kind", ""))
    address = " ".join(part for part in (kind, data.get("display", "")) if part)
    match data.get("event"):
        case "created":
            return _("Customer added"), "", {}
        case "identity_added":
            return _("Address added"), address, {}
        case "identity_removed":
            return _("Address removed"), address, {}
    names = {
        "name": _("name"),
        "company": _("company"),
        "language": _("language"),
        "timezone": _("time zone"),
        "attributes": _("facts"),
        "addresses": _("addresses"),
        "labels": _("labels"),
    }
    return _("Details changed"), ", ".join(names.get(field, field) for field in data.get("fields", [])), {}


def _consent(entry: TimelineEntry) -> Words:
    data = entry.data
    titles = {
        Consent.State.GIVEN: _("Agreed: %(what)s"),
        Consent.State.WITHDRAWN: _("Wants no more: %(what)s"),
        Consent.State.ASKED: _("Asked to confirm: %(what)s"),
        Consent.State.EXPIRED: _("Consent ran out: %(what)s"),
    }
    what = f"{_choice(Purpose, data.get('purpose', ''))} · {_choice(Medium, data.get('medium', ''))}"
    title = titles.get(data.get("state", ""), "%(what)s") % {"what": what}
    return title, _choice(ConsentEvent.Source, data.get("source", "")), {}


_WORDS: dict[str, Callable[[TimelineEntry], Words]] = {
    Kind.MESSAGE_IN: _message_in,
    Kind.MESSAGE_OUT: _message_out,
    Kind.CONVERSATION_CLOSED: _closed,
    Kind.ORDER: _order,
    Kind.APPOINTMENT: _appointment,
    Kind.PAYMENT: _payment,
    Kind.ACTIVITY: _activity,
    Kind.CASE: _case,
    Kind.NOTE: _note,
    Kind.SURVEY: _survey,
    Kind.FOLLOW_UP: _follow_up,
    Kind.CUSTOMER: _record,
    Kind.CONSENT: _consent,
}


def _choice(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value in choices.values else value
