"""What is remembered of a customer: told, confirmed, corrected, forgotten; each a POST that can be undone."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import queries
from crm.actions import preferences as actions
from crm.fact_forms import CorrectionForm, TopicForm
from crm.models import Customer
from crm.preferences import preferences_visible_to
from crm.views.acts import again, back
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.CUSTOMERS_WRITE


@requires(WRITE)
@require_POST
def preferences(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Remember something."""
    customer = queries.customer_or_404(customer_id, request.actor)
    form = TopicForm(request.POST)
    if form.is_valid():
        try:
            told = actions.remember(customer=customer, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return _undoable(request, customer, _("Remembered."), told.before)
    return again(request, customer, form)


@requires(WRITE)
@require_POST
def preference_confirmation(request: BusinessRequest, customer_id: UUID, preference_id: UUID) -> HttpResponse:
    """It is so."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found = get_or_404(preferences_visible_to(customer, request.actor), preference_id)
    return _undoable(request, customer, _("Confirmed."), actions.confirm(preference=found, by=request.actor))


@requires(WRITE)
@require_POST
def preference_correction(request: BusinessRequest, customer_id: UUID, preference_id: UUID) -> HttpResponse:
    """It is something else."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found = get_or_404(preferences_visible_to(customer, request.actor), preference_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            before = actions.correct(preference=found, value=form.cleaned_data["value"], by=request.actor)
        except Refused as refusal:
            form.add_error("value", str(refusal))
        else:
            return _undoable(request, customer, _("Corrected."), before)
    return again(request, customer, form)


@requires(WRITE)
@require_POST
def preference_forgetting(request: BusinessRequest, customer_id: UUID, preference_id: UUID) -> HttpResponse:
    """Know it no more."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found = get_or_404(preferences_visible_to(customer, request.actor), preference_id)
    return _undoable(request, customer, _("Forgotten."), actions.forget(preference=found, by=request.actor))


@requires(WRITE)
@require_POST
def preference_restoration(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """As it was before what was just done."""
    customer = queries.customer_or_404(customer_id, request.actor)
    kept = undo.take(_kept(customer_id), request.POST.get("undo", ""))
    if kept is None:
        return undo.too_late(request, redirect(burl(request, "crm:customer", customer_id)))
    actions.take_back(customer=customer, before=kept, by=request.actor)
    return back(request, customer_id, _("Undone."))


def _undoable(
    request: BusinessRequest, customer: Customer, said: str, before: dict[str, Any]
) -> HttpResponse:
    key = undo.keep(_kept(customer.pk), before)
    url = burl(request, "crm:customer-preference-restoration", customer.pk)
    return back(request, customer.pk, undo.Undo(said, url, {"undo": key}) if key else said)


def _kept(customer_id: UUID) -> str:
    return f"preference:{customer_id}"
