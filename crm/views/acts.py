"""What every form about one customer has in common."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm import fact_parts, lines, parts, queries, tabs
from crm.forms import AttributeForm, CaseForm, FollowUpForm, IdentityForm, NoteForm
from crm.models import Customer
from crm.record_forms import RelationForm
from tenants import live
from tenants.actors import Actor
from tenants.kit.blank import Blank
from tenants.kit.undo import Undo, offer
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PANEL = "customer-panel"  # id of the element in which another page shows the panel


def act(
    request: BusinessRequest,
    customer: Customer,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    *,
    said: str,
    name: str = "",
) -> HttpResponse:
    """Do what a form asks and go back to where it stood; with errors, show it there again as `name`."""
    if form.is_valid():
        try:
            with transaction.atomic():
                do(form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return back(request, customer.pk, said)
    return again(request, customer, form, name)


def again(request: BusinessRequest, customer: Customer, form: forms.Form, name: str = "") -> HttpResponse:
    """Show a form that did not pass where it stood, as `name`, and what is wrong with it."""
    return show(request, customer.pk, {name: form} if name else {}, _first_error(form))


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def back(request: BusinessRequest, customer_id: UUID, said: str | Undo) -> HttpResponse:
    """The panel anew where it was asked from, else the customer's page; it says what was done."""
    response = (
        show(request, customer_id)
        if in_panel(request)
        else redirect(burl(request, "crm:customer", customer_id))
    )
    if isinstance(said, Undo):
        return offer(request, response, said)
    if not in_panel(request):
        messages.success(request, said)
    return response


def in_panel(request: BusinessRequest) -> bool:
    """Whether the form stands in the panel of another page."""
    return request.htmx.target == PANEL


def show(
    request: BusinessRequest, customer_id: UUID, bound: dict[str, forms.Form] | None = None, error: str = ""
) -> HttpResponse:
    """The customer's page or panel, with forms that did not pass."""
    panel = in_panel(request)
    template = "crm/panel.html" if panel else "crm/customer.html"
    since = "" if panel else live.last_id(request.tenant.pk)
    customer = queries.customer_or_404(customer_id, request.actor)
    shown = {**context(request, customer, panel=panel), **(bound or {}), "error": error, "since": since}
    return render(request, template, shown, status=422 if error else 200)


def context(request: BusinessRequest, customer: Customer, *, panel: bool) -> dict[str, Any]:
    """Everything that the page and the panel show of a customer."""
    actor = request.actor
    tab = "" if panel else tabs.chosen(request.GET.get("tab", ""), actor)
    labels, own = queries.labels(), queries.label_ids_of([customer.pk])[customer.pk]
    return {
        "customer": customer,
        "identities": parts.addresses(customer),
        "facts": fact_parts.known(customer, request.tenant, request.GET.get("context")),
        "labels": tuple(label for label in labels if label.id in own),
        "all_labels": tuple((label, label.id in own) for label in labels),
        "notes": parts.notes(customer),
        "tab": tab,
        "cases": parts.cases(customer, actor),
        "identity_form": Blank(IdentityForm),
        "attribute_form": Blank(AttributeForm),
        "note_form": Blank(NoteForm),
        "case_form": Blank(CaseForm, initial=(("context_id", request.GET.get("context")),)),
        **({"orders": parts.orders(customer)} if panel else _of_page(customer, actor)),
        **(read_tab(request, customer, tab) if tab else history(request, customer)),
    }


def read_tab(request: BusinessRequest, customer: Customer, tab: str) -> dict[str, Any]:
    """All he has of one kind. Raises `BadCursor`."""
    return {"lines": (), **tabs.read(tab, customer, request.actor, request.GET.get("cursor", ""))}


def _of_page(customer: Customer, actor: Actor) -> dict[str, Any]:
    """What the panel leaves to the page, or to a second look."""
    return {
        "tabs": tabs.for_actor(actor),
        "summary": parts.summary(customer, actor),
        "around": parts.around(customer, actor),
        "relation_form": Blank(RelationForm),
        "follow_ups": parts.follow_ups(customer),
        "follow_up_form": Blank(
            FollowUpForm,
            options=(("members", parts.members()),),
            initial=(("assignee", actor.membership_id),),
        ),
    }


def history(request: BusinessRequest, customer: Customer) -> dict[str, Any]:
    """A page of the history as templates show it. Raises `BadCursor`."""
    group = request.GET.get("kind", "")
    page = queries.timeline_page(
        customer,
        request.actor,
        kinds=lines.GROUPS.get(group, queries.CALM),
        cursor=request.GET.get("cursor", ""),
        limit=20,
    )
    return {
        "lines": lines.lines(page.items),
        "next_cursor": page.next_cursor,
        "group": group if group in lines.GROUPS else "",
    }
