"""What is a customer's own: his order, his appointment, his payment. Only to who is surely him.

The status of an order may be told to somebody else who knows its number and what ends the telephone or
the e-mail address of its customer; nothing but the status is.
"""

import re
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
DIGITS = re.compile(r"\d{4,}")
MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
ENDING = 4
"""Digits of a telephone that are enough beside an order's number."""
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


def proves(text: str, number: str) -> bool:
    """Whether a text holds, beside the order's number, what may prove whose it is."""
    return bool(MAIL.search(text) or [one for one in DIGITS.findall(text) if one not in number])


def proven_order(number: str, proof: str) -> str:
    """The status of an order to who knows its number and its customer's telephone or address; else ""."""
    digits = [one for one in DIGITS.findall(proof) if one not in number]
    mails = {folded(one) for one in MAIL.findall(proof)}
    if not number or not (digits or mails):
        return ""
    orders = Order.objects.filter(number__in=(number, number.upper())).select_related("customer")
    for found in orders.order_by("-placed_at")[:LOOKED_AT]:
        if _is_known(found.customer_id, digits, mails):
            return _("Order %(number)s: %(status)s.") % {
                "number": found.number,
                "status": _in_words(found),
            }
    return ""


def _is_known(customer_id: Any, digits: list[str], mails: set[str]) -> bool:
    kinds = (Identity.Kind.PHONE, Identity.Kind.WHATSAPP, Identity.Kind.EMAIL)
    addresses = Identity.objects.filter(customer_id=customer_id, kind__in=kinds, is_claimed=False)
    for kind, value in addresses.values_list("kind", "value"):
        if kind == Identity.Kind.EMAIL and folded(value) in mails:
            return True
        if kind != Identity.Kind.EMAIL and any(value.endswith(one) for one in digits if len(one) >= ENDING):
            return True
    return False


def appointment(customer: Customer, at: datetime) -> str:
    """His next appointment; "" where none is to come."""
    expected = Q(status__in=(Appointment.Status.BOOKED, Appointment.Status.CONFIRMED), starts_at__gte=at)
    coming = list(
        Appointment.objects.filter(expected, customer_id=customer.pk).order_by("starts_at")[:LOOKED_AT]
    )
    if not coming:
        return ""
    first = coming[0]
    starts = timezone.localtime(first.starts_at)
    said = _("Your appointment for %(service)s: %(day)s at %(time)s, %(status)s.") % {
        "service": first.service,
        "day": f"{formats.weekday(starts.date())} {formats.long_date(starts.date())}",
        "time": formats.clock(starts),
        "status": _in_words(first),
    }
    if first.place:
        said += " " + _("Where: %(place)s.") % {"place": first.place}
    if len(coming) > 1:
        said += " " + _("You have %(count)s appointments to come; this is the next.") % {"count": len(coming)}
    return said


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
