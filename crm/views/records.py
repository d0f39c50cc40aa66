"""Appointments, payments and relations entered by hand, and who belongs to whom."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import companies, parts, queries
from crm import files as files_of
from crm import relations as relations_of
from crm.actions import relations as actions
from crm.actions.appointments import record_appointment
from crm.actions.payments import record_payment
from crm.models import Appointment, Customer, Order, Payment, Relation
from crm.record_forms import AppointmentForm, PaymentForm, RelationForm
from crm.views.acts import act, back
from tenants.actors import Actor
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors, undo
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

HAND = "hand"  # the source of what is entered here
ORDERS_TO_CHOOSE = 20
AT_ONCE = 50


# --- appointments and payments ---


def _form_page(
    request: BusinessRequest,
    customer: Customer,
    form: forms.Form,
    save: Callable[[dict[str, Any]], object],
    *,
    title: str,
    tab: str,
) -> HttpResponse:
    """One thing of a customer in a form of its own; saved, back to the tab where such things stand."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                save(form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{burl(request, 'crm:customer', customer.pk)}?tab={tab}")
    context = {"form": form, "customer": customer, "title": title, "tab": tab}
    return render(request, "crm/record_form.html", context, status=422 if form.errors else 200)


@requires(Permission.ORDERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_new(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """An appointment written down by hand."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return _appointment(request, customer, None, _("New appointment"))


@requires(Permission.ORDERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: BusinessRequest, customer_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Change an appointment."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found = get_or_404(Appointment.objects.filter(customer=customer), appointment_id)
    return _appointment(request, customer, found, _("Appointment"))


def _appointment(
    request: BusinessRequest, customer: Customer, known: Appointment | None, title: str
) -> HttpResponse:
    fields = AppointmentForm.base_fields
    initial = {name: getattr(known, name) for name in fields} if known else {}
    form = AppointmentForm(request.POST if request.method == "POST" else None, initial=initial)

    def save(data: dict[str, Any]) -> object:
        return record_appointment(
            **_named(known), customer=customer, cleared=["ends_at"], **data, by=request.actor
        )

    return _form_page(request, customer, form, save, title=title, tab="appointments")


def _named(known: Appointment | Payment | None) -> dict[str, Any]:
    """What names a thing that is known, or a new one."""
    if known is None:
        return {"source": HAND, "external_id": secrets.token_hex(12)}
    return {"source": known.source, "external_id": known.external_id}


@requires(Permission.ORDERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_new(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """A payment written down by hand."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return _payment(request, customer, None, _("New payment"))


@requires(Permission.ORDERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: BusinessRequest, customer_id: UUID, payment_id: UUID) -> HttpResponse:
    """Change a payment."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found = get_or_404(Payment.objects.filter(customer=customer), payment_id)
    return _payment(request, customer, found, _("Payment"))


def _payment(request: BusinessRequest, customer: Customer, known: Payment | None, title: str) -> HttpResponse:
    fields = PaymentForm.base_fields
    initial = {name: getattr(known, name) for name in fields if name != "order"} if known else {}
    initial |= {"order": str(known.order_id or "")} if known else {"status": Payment.Status.PAID}
    orders = _orders_to_choose(customer, known)
    form = PaymentForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        orders=[(order.pk, order.number) for order in orders],
    )

    def save(data: dict[str, Any]) -> object:
        order = next((one for one in orders if str(one.pk) == data["order"]), None)
        return record_payment(
            **_named(known),
            customer=customer,
            cleared=["due_at", "order"],
            **{**data, "order": order},
            by=request.actor,
        )

    return _form_page(request, customer, form, save, title=title, tab="payments")


def _orders_to_choose(customer: Customer, known: Payment | None) -> list[Order]:
    """The latest orders, and the one a payment has already."""
    found = list(Order.objects.filter(customer=customer).order_by("-placed_at", "-id")[:ORDERS_TO_CHOOSE])
    if known and known.order and known.order not in found:
        found.append(known.order)
    return found


# --- people around a customer ---


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def relations(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Somebody he has to do with."""
    customer = queries.customer_or_404(customer_id, request.actor)

    def do(data: dict[str, Any]) -> object:
        other = _meant(data["other"], customer, request.actor)
        return actions.relate(
            customer=customer, other=other, word=data["word"], back=data["back"], by=request.actor
        )

    form = RelationForm(request.POST)
    return act(request, customer, form, do, said=_("Saved."), name="relation_form")


class NotFound(Refused):
    """Typed words that mean nobody, or several."""


def _meant(text: str, customer: Customer, actor: Actor) -> Customer:
    """The one customer whom typed words mean, besides the one they were typed for. Raises `NotFound`."""
    found = [one for one in queries.search_customers(text, actor, 5) if one.pk != customer.pk]
    same = [one for one in found if one.name.casefold() == text.strip().casefold()]
    if len(same) == 1 or len(found) == 1:
        return (same or found)[0]
    if not found:
        raise NotFound(_("Nobody is found by this. Add him as a customer first."), "other")
    raise NotFound(_("Several are found by this: enter a phone number or an e-mail address."), "other")


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def relation_removal(request: BusinessRequest, customer_id: UUID, relation_id: UUID) -> HttpResponse:
    """These two have nothing to do with each other; for a while it can be brought back."""
    customer = queries.customer_or_404(customer_id, request.actor)
    shown = {one.id for one in relations_of.related_to(customer, request.actor)}
    relation = get_or_404(Relation.objects.filter(pk__in=shown), relation_id)
    ends = actions.unrelate(relation=relation, by=request.actor)
    key = undo.keep(_kept(customer_id), {"ends": ends})
    url = burl(request, "crm:customer-relation-restoration", customer_id)
    done = _("Relation removed.")
    return back(request, customer_id, undo.Undo(done, url, {"undo": key}) if key else done)


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def relation_restoration(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """A relation that was removed a moment ago comes back."""
    customer = queries.customer_or_404(customer_id, request.actor)
    response = redirect(burl(request, "crm:customer", customer.pk))
    return undo.bring_back(
        request,
        response,
        _kept(customer_id),
        lambda kept: actions.relate_again(ends=kept["ends"], by=request.actor),
    )


def _kept(customer_id: UUID) -> str:
    return f"relation:{customer_id}"


@requires(Permission.CUSTOMERS_READ)
@require_safe
def company(request: BusinessRequest) -> HttpResponse:
    """The customers of one company, `?name=`."""
    name = request.GET.get("name", "")
    try:
        page = cursors.page(
            companies.members(name, request.actor),
            ordering=("-id",),
            limit=AT_ONCE,
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(burl(request, "crm:customers"))
    ids = [one.pk for one in page.items]
    addresses = queries.addresses_of(ids)
    context = {
        "name": page.items[0].company if page.items else name,
        "people": [(one, addresses[one.pk][:2]) for one in page.items],
        "next_cursor": page.next_cursor,
    }
    return render(request, "crm/company.html", context)


@requires(Permission.CUSTOMERS_READ)
@require_safe
def panel(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """What the panel of another page shows at a second look: it comes when the rest is read already."""
    customer = queries.customer_or_404(customer_id, request.actor)
    if not request.htmx:
        return redirect(burl(request, "crm:customer", customer_id))
    actor = request.actor
    may_read = actor.can(Permission.ORDERS_READ)
    context = {
        "customer": customer,
        "summary": parts.summary(customer, actor),
        "appointments": parts.next_appointments(customer, 3) if may_read else (),
        "payments": parts.payments(customer) if may_read else (),
        "activities": parts.activities(customer) if may_read else (),
        "files": files_of.of_customer(customer, actor, limit=4).items
        if actor.can(Permission.CONVERSATIONS_READ)
        else (),
        "around": parts.around(customer, actor),
    }
    return render(request, "crm/panel_records.html", context)
