"""One fact of a customer: a POST that sets, corrects or forgets it, and another that takes this back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import queries
from crm.actions import facts as actions
from crm.fact_forms import FactForm
from crm.views.acts import again, back
from tenants.decorators import requires
from tenants.kit import undo
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.CUSTOMERS_WRITE


@requires(WRITE)
@require_POST
def attributes(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Something to remember, or to forget; for a while it can be taken back."""
    customer = queries.customer_or_404(customer_id, request.actor)
    form = FactForm(request.POST)
    if not form.is_valid():
        return again(request, customer, form, "attribute_form")
    try:
        change = actions.set_fact(customer=customer, **form.cleaned_data, by=request.actor)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return again(request, customer, form, "attribute_form")
    if not change.after:
        return back(request, customer_id, _("Saved."))
    said = _("Saved.") if any(value is not None for value in change.after.values()) else _("Forgotten.")
    key = undo.keep(_kept(customer_id), change._asdict())
    url = burl(request, "crm:customer-attribute-restoration", customer_id)
    return back(request, customer_id, undo.Undo(said, url, {"undo": key}) if key else said)


@requires(WRITE)
@require_POST
def attribute_restoration(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """The fact as it was before what was just done."""
    customer = queries.customer_or_404(customer_id, request.actor)
    kept = undo.take(_kept(customer_id), request.POST.get("undo", ""))
    if kept is None:
        return undo.too_late(request, redirect(burl(request, "crm:customer", customer_id)))
    try:
        actions.take_back(customer=customer, change=actions.Change(**kept), by=request.actor)
    except Refused as refusal:
        return undo.refused(request, redirect(burl(request, "crm:customer", customer_id)), refusal)
    return back(request, customer_id, _("Undone."))


def _kept(customer_id: UUID) -> str:
    return f"fact:{customer_id}"
