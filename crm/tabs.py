"""The tabs of a customer's page: all he has of one kind, a page at a time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import files, queries
from crm.models import Appointment, Customer, Order, Payment
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.permissions import Permission

AT_ONCE = 30


class Tab(NamedTuple):
    """A tab: its key in the address, its name, and what it takes to open it."""

    key: str
    name: Promise
    needs: Permission
    icon: str


TABS = (
    Tab("", _("Timeline"), Permission.CUSTOMERS_READ, "history"),
    Tab("orders", _("Orders"), Permission.ORDERS_READ, "package"),
    Tab("payments", _("Payments"), Permission.ORDERS_READ, "banknote"),
    Tab("appointments", _("Appointments"), Permission.ORDERS_READ, "calendar-clock"),
    Tab("cases", _("Cases"), Permission.CUSTOMERS_READ, "flag"),
    Tab("files", _("Files"), Permission.CONVERSATIONS_READ, "paperclip"),
)


def for_actor(actor: Actor) -> tuple[Tab, ...]:
    """The tabs that an actor may open."""
    return tuple(tab for tab in TABS if actor.can(tab.needs))


def chosen(key: str, actor: Actor) -> str:
    """The tab that an address asks for; the timeline when there is none such."""
    return key if key in {tab.key for tab in for_actor(actor)} else ""


def read(tab: str, customer: Customer, actor: Actor, cursor: str) -> dict[str, Any]:
    """What a tab shows. Raises `BadCursor`."""
    if tab == "files":
        page = files.of_customer(customer, actor, cursor=cursor, limit=AT_ONCE)
    else:
        rows, ordering = _rows(tab, customer, actor)
        page = cursors.page(rows, ordering=ordering, limit=AT_ONCE, cursor=cursor)
    return {"page": page, "now": timezone.now()}


def _rows(tab: str, customer: Customer, actor: Actor) -> tuple[QuerySet[Any], Sequence[str]]:
    match tab:
        case "orders":
            return Order.objects.filter(customer=customer), ("-placed_at", "-id")
        case "payments":
            found = Payment.objects.filter(customer=customer).select_related("order")
            return found, ("-happened_at", "-id")
        case "appointments":
            return Appointment.objects.filter(customer=customer), ("-starts_at", "-id")
    cases = queries.cases_visible_to(actor).filter(customer=customer)
    return cases.select_related("assignee__user"), ("-id",)
