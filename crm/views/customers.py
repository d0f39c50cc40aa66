"""New customers, and the page of one."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import queries
from crm.actions.customers import create_customer, update_customer
from crm.forms import CustomerForm, DetailsForm
from crm.models import Customer
from crm.views import acts
from tenants.decorators import requires
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_new(request: BusinessRequest) -> HttpResponse:
    """A customer added by hand."""
    form = CustomerForm(request.POST if request.method == "POST" else None, country=request.tenant.country)
    if request.method == "POST" and form.is_valid():
        customer = _create(request, form)
        if customer:
            messages.success(request, _("Customer added."))
            return redirect(burl(request, "crm:customer", customer.pk))
    return render(request, "crm/customer_new.html", {"form": form}, status=422 if form.errors else 200)


def _create(request: BusinessRequest, form: CustomerForm) -> Customer | None:
    data = form.cleaned_data
    given = [kind for kind in ("phone", "email") if data[kind]]
    try:
        with transaction.atomic():
            return create_customer(
                name=data["name"],
                company=data["company"],
                language=data["language"],
                timezone_name=data["timezone"],
                addresses=[(kind, data[kind]) for kind in given],
                by=request.actor,
            )
    except Refused as refusal:
        place = refusal.field.split("/")
        field = given[int(place[1])] if place[0] == "identities" else None
        form.add_error(field, str(refusal))
        return None


@requires(Permission.CUSTOMERS_READ)
@require_safe
def customer(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Who he is and everything that happened."""
    try:
        return acts.show(request, customer_id)
    except BadCursor:
        return redirect(burl(request, "crm:customer", customer_id))
    except Http404:
        survivor = queries.survivor_of(customer_id, request.actor)
        if survivor is None:
            raise
        return redirect(burl(request, "crm:customer", survivor))


@requires(Permission.CUSTOMERS_READ)
@require_safe
def customer_panel(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """The same in a narrow pane, as a fragment for other pages; `?context=` names the conversation there."""
    found = queries.customer_or_404(customer_id, request.actor)
    if not request.htmx:
        return redirect(burl(request, "crm:customer", customer_id))
    try:
        return render(request, "crm/panel.html", acts.context(request, found, panel=True))
    except BadCursor:
        return redirect(burl(request, "crm:customer-panel", customer_id))


@requires(Permission.CUSTOMERS_READ)
@require_safe
def customer_timeline(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """More of the history, as a fragment; without htmx the page that shows it."""
    found = queries.customer_or_404(customer_id, request.actor)
    if not request.htmx:
        return redirect(f"{burl(request, 'crm:customer', customer_id)}?{request.GET.urlencode()}")
    try:
        shown = acts.history(request, found)
    except BadCursor:
        return redirect(burl(request, "crm:customer-timeline", customer_id))
    return render(request, "crm/entries.html", {"customer": found, **shown})


@requires(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_details(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Name, company, language, time zone."""
    found = queries.customer_or_404(customer_id, request.actor)
    initial = {name: getattr(found, name) for name in ("name", "company", "language", "timezone")}
    form = DetailsForm(
        request.POST if request.method == "POST" else None, initial=initial, country=request.tenant.country
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        update_customer(
            customer=found,
            name=data["name"],
            company=data["company"],
            language=data["language"],
            timezone_name=data["timezone"],
            by=request.actor,
        )
        messages.success(request, _("Saved."))
        return redirect(burl(request, "crm:customer", found.pk))
    context = {"form": form, "customer": found}
    return render(request, "crm/customer_details.html", context, status=422 if form.errors else 200)
