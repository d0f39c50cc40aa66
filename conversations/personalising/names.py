"""The names that a text may use, what each stands for, and which data it needs."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Name(NamedTuple):
    """One name. `needs` says out of what its value comes; `always` that it never is empty."""

    label: str | Promise
    example: str | Promise
    needs: str
    always: bool = False


CUSTOMER, BUSINESS, ORDER, APPOINTMENT = "customer", "business", "order", "appointment"
PAYMENT, PRODUCT, AGENT, LINKS = "payment", "product", "agent", "links"

NAMES: dict[str, Name] = {
    "customer.first_name": Name(_("first name"), "Ana", CUSTOMER),
    "customer.name": Name(_("full name"), "Ana Robles", CUSTOMER),
    "customer.company": Name(_("company"), "Papelería Robles", CUSTOMER),
    "customer.city": Name(_("city"), "Puebla", CUSTOMER),
    "order.number": Name(_("number of the last order"), "A-1042", ORDER),
    "order.total": Name(_("total of the last order"), "$1,450", ORDER),
    "order.date": Name(_("day of the last order"), _("Tuesday, November 24"), ORDER),
    "order.status": Name(_("status of the last order"), _("ready for pick-up"), ORDER),
    "appointment.date": Name(_("day of the next appointment"), _("Tuesday, November 24"), APPOINTMENT),
    "appointment.time": Name(_("hour of the next appointment"), "10:30", APPOINTMENT),
    "appointment.service": Name(_("what the appointment is for"), _("Full service"), APPOINTMENT),
    "appointment.place": Name(_("where the appointment is"), "Av. Juárez 12", APPOINTMENT),
    "appointment.staff": Name(_("with whom the appointment is"), "Marcela", APPOINTMENT),
    "payment.amount": Name(_("amount to pay"), "$620", PAYMENT),
    "payment.due": Name(_("day until which to pay"), _("Tuesday, November 24"), PAYMENT),
    "product.favourite": Name(_("what he buys most often"), "Cámara 29", PRODUCT),
    "agent.name": Name(_("who served him last"), "Marcela Ruiz", AGENT),
    "agent.first_name": Name(_("first name of who served him last"), "Marcela", AGENT),
    "business.name": Name(_("name of the business"), "Bicicletas Mirasol", BUSINESS, always=True),
    "business.phone": Name(_("telephone of the business"), "+52 222 123 4567", BUSINESS),
    "business.address": Name(_("address of the business"), "Av. Juárez 12, Puebla", BUSINESS),
    "links.preferences": Name(_("link: what he wants to get"), "https://…/p/…", LINKS, always=True),
    "links.unsubscribe": Name(_("link: no more of this"), "https://…/p/…", LINKS, always=True),
    "links.confirm": Name(_("link: confirm the appointment"), "https://…", APPOINTMENT),
    "links.cancel": Name(_("link: cancel the appointment"), "https://…", APPOINTMENT),
    "links.reschedule": Name(_("link: another time"), "https://…", APPOINTMENT),
    "links.calendar": Name(_("link: add to the calendar"), "https://…", APPOINTMENT),
}  # fmt: skip
EVENT_ONLY = frozenset({"links.confirm", "links.cancel", "links.reschedule", "links.calendar"})
"""Given by what the message is about: campaigns have none of them."""

TOGETHER = (
    frozenset({"order.number", "order.total", "order.date", "order.status"}),
    frozenset({"appointment.date", "appointment.time", "appointment.service"}),
    frozenset({"customer.name", "customer.first_name"}),
    frozenset({"agent.name", "agent.first_name"}),
)
"""Who has one of these has all of them."""


def with_companions(name: str) -> frozenset[str]:
    """A name, and those that are there wherever it is."""
    return next((names for names in TOGETHER if name in names), frozenset({name}))


def grouped() -> Iterator[tuple[str, list[tuple[str, Name]]]]:
    """The names by what stands before their dot, in order."""
    groups: dict[str, list[tuple[str, Name]]] = {}
    for name, what in NAMES.items():
        groups.setdefault(name.partition(".")[0], []).append((name, what))
    yield from groups.items()
