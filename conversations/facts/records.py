"""What is a customer's own: his order, his appointment, his payment. Only to who is surely him.

The status of one may be told to somebody else who knows its number and what ends the telephone or the
e-mail address of its customer; nothing but the status is, and of an appointment when it begins.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Appointment, Customer, Identity, Order, Payment
from tenants import formats
from tenants.kit.text import folded

CLOSED_ORDERS = (Order.Status.DELIVERED, Order.Status.CANCELLED, Order.Status.REFUNDED)
LOOKED_AT = 20
NUMBER = re.compile(r"[A-Za-z0-9][\w-]{0,58}")
TELEPHONE = re.compile(r"\d(?:[ ().-]{0,2}\d)*")
MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
ENDING = 4
"""Digits of a telephone that are enough beside an order's number."""
COMPARED = 8
"""Digits of a whole telephone that are compared: before them people write what they dial."""
FOLIO = re.compile(r"(?=\D*\d)[A-Za-z0-9-]{2,14}")
"""An identifier short enough to be on a customer's receipt."""
MOST_NUMBERS = 6
REMEMBERED = 50
"""Orders of a customer that he may name."""
SHORTEST = 3
"""Digits of an order's number that are enough without its letters."""


def order(customer: Customer) -> str:
    """The customer's latest order under way, else his latest; "" for none."""
    found = list(Order.objects.filter(customer_id=customer.pk).order_by("-placed_at")[:LOOKED_AT])
    if not found:
        return ""
    under_way = [one for one in found if one.status not in CLOSED_ORDERS]
    said = _order(under_way[0] if under_way else found[0])
    if len(under_way) > 1:
        more = _("You have %(count)s orders under way; this is the latest. Tell me a number for another one.")
        said += " " + more % {"count": len(under_way)}
    return said


def _order(found: Order) -> str:
    day = formats.long_date(timezone.localtime(found.changed_at).date())
    return _("Your order %(number)s: %(status)s, since %(day)s.") % {
        "number": found.number,
        "status": _in_words(found),
        "day": day,
    }


def _in_words(found: Any) -> str:
    return str(found.get_status_display()).lower()


def numbers_in(text: str) -> list[str]:
    """What may be the number of an order in a text: words with a digit, as typed and without their sign."""
    found = [word.strip("-") for word in NUMBER.findall(text) if any(char.isdigit() for char in word)]
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def own_order(customer: Customer, text: str) -> str:
    """The order of his that a text names, its letters left out or not; "" where it names none of his."""
    names = {_plain(one) for one in numbers_in(text)}
    if not names:
        return ""
    for found in Order.objects.filter(customer_id=customer.pk).order_by("-placed_at")[:REMEMBERED]:
        digits = "".join(char for char in found.number if char.isdigit())
        if _plain(found.number) in names or (len(digits) >= SHORTEST and digits in names):
            return _order(found)
    return ""


def _plain(number: str) -> str:
    return "".join(char for char in number.upper() if char.isalnum())


def proofs_in(text: str, number: str) -> list[str]:
    """What may prove whose a number is, in the text beside it: digits of telephones, addresses.

    A text with several of them guesses, and proves nothing.
    """
    mails = [folded(one.strip(".,;:!?()")) for one in MAIL.findall(text)]
    its_own = rf"(?<!\w){re.escape(number)}(?!\w)"
    beside = re.sub(its_own, ",", MAIL.sub(",", text), flags=re.IGNORECASE)
    written = [re.sub(r"\D", "", run) for run in TELEPHONE.findall(beside)]
    digits = [one for one in written if len(one) >= ENDING]
    found = list(dict.fromkeys((*mails, *digits)))
    return found if len(found) < 2 else [one for one in found if one != re.sub(r"\D", "", number)]


def proven(kind: str, number: str, proof: str) -> str:
    """The status of an order, appointment or payment to who knows its number and its customer; else "".

    `proof` is one of `proofs_in`.
    """
    for found in PROVABLE[kind](_typed(number)):
        if _is_known(found.customer_id, proof):
            return _status(kind, number, found)
    return ""


def _typed(number: str) -> tuple[str, ...]:
    return number, number.upper(), number.lower()


def _orders(numbers: tuple[str, ...]) -> Iterable[Order]:
    return Order.objects.filter(number__in=numbers).order_by("-placed_at")[:LOOKED_AT]


def _appointments(numbers: tuple[str, ...]) -> Iterable[Appointment]:
    return Appointment.objects.filter(external_id__in=numbers).order_by("-starts_at")[:LOOKED_AT]


def _payments(numbers: tuple[str, ...]) -> Iterable[Payment]:
    """By the order's number or their own; what is due before what is not."""
    of_orders = Payment.objects.filter(order__number__in=numbers).order_by("-happened_at")[:LOOKED_AT]
    own = Payment.objects.filter(external_id__in=numbers).order_by("-happened_at")[:LOOKED_AT]
    return sorted((*of_orders, *own), key=lambda one: one.status != Payment.Status.DUE)


PROVABLE: dict[str, Callable[[tuple[str, ...]], Iterable[Any]]] = {
    "order": _orders, "appointment": _appointments, "payment": _payments,
}  # fmt: skip


def _status(kind: str, number: str, found: Any) -> str:
    said = {"number": found.number if kind == "order" else number, "status": _in_words(found)}
    if kind == "order":
        return _("Order %(number)s: %(status)s.") % said
    if kind == "payment":
        return _("Payment %(number)s: %(status)s.") % said
    return _("Appointment %(number)s: %(day)s at %(time)s, %(status)s.") % {**said, **_when(found)}


def has_numbers(kind: str) -> bool:
    """Whether customers are likely to know a number of their own here. One query."""
    if kind == "order":
        return True
    if kind == "appointment":
        newest = Appointment.objects.order_by("-starts_at", "-id").values_list("external_id", flat=True)
        return any(FOLIO.fullmatch(one) for one in newest[:LOOKED_AT])
    latest = Payment.objects.order_by("-happened_at", "-id").values_list("external_id", "order_id")
    return any(order_id or FOLIO.fullmatch(one) for one, order_id in latest[:LOOKED_AT])


def _is_known(customer_id: Any, proof: str) -> bool:
    kinds = (Identity.Kind.PHONE, Identity.Kind.WHATSAPP, Identity.Kind.EMAIL)
    addresses = Identity.objects.filter(customer_id=customer_id, kind__in=kinds, is_claimed=False)
    return any(
        folded(value) == proof
        if kind == Identity.Kind.EMAIL
        else proof.isdigit() and value.endswith(proof[-COMPARED:])
        for kind, value in addresses.values_list("kind", "value")
    )


def appointment(customer: Customer, at: datetime) -> str:
    """His next appointment; "" where none is to come."""
    expected = Q(status__in=(Appointment.Status.BOOKED, Appointment.Status.CONFIRMED), starts_at__gte=at)
    coming = list(
        Appointment.objects.filter(expected, customer_id=customer.pk).order_by("starts_at")[:LOOKED_AT]
    )
    if not coming:
        return ""
    first = coming[0]
    given = {"service": first.service, "status": _in_words(first), **_when(first)}
    said = _("Your appointment for %(service)s: %(day)s at %(time)s, %(status)s.") % given
    if first.place:
        said += " " + _("Where: %(place)s.") % {"place": first.place}
    if len(coming) > 1:
        said += " " + _("You have %(count)s appointments to come; this is the next.") % {"count": len(coming)}
    return said


def _when(found: Appointment) -> dict[str, str]:
    starts = timezone.localtime(found.starts_at)
    return {
        "day": f"{formats.weekday(starts.date())} {formats.long_date(starts.date())}",
        "time": formats.clock(starts),
    }


def payment(customer: Customer) -> str:
    """What he has to pay, else his latest payment; "" where there is none."""
    found = list(Payment.objects.filter(customer_id=customer.pk).order_by("-happened_at")[:LOOKED_AT])
    if not found:
        return ""
    due = [one for one in found if one.status == Payment.Status.DUE]
    one = due[0] if due else found[0]
    given = {
        "amount": formats.money(one.amount, one.currency),
        "status": _in_words(one),
        "day": formats.long_date(timezone.localtime(one.happened_at).date()),
    }
    if not due:
        return _("Your latest payment, %(amount)s on %(day)s: %(status)s.") % given
    said = _("You have a payment to make: %(amount)s.") % given
    if one.due_at:
        day = formats.long_date(timezone.localtime(one.due_at).date())
        said = _("You have a payment to make: %(amount)s, until %(day)s.") % {**given, "day": day}
    if len(due) > 1:
        said += " " + _("There are %(count)s of them; this is the latest.") % {"count": len(due)}
    return said
