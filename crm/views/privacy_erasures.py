"""Archives of a person's data, and its erasure."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import holdings, privacy_forms, queries
from crm.actions import privacy as acts
from crm.actions import privacy_archive, privacy_erasure
from crm.models import Customer, CustomerArchive, Erasure, PrivacyRequest
from crm.views.saved_files import SAVED_FILE, saved
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission, Sees
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE
AT_ONCE = 50


@requires(READ)
@require_safe
def erasures(request: BusinessRequest) -> HttpResponse:
    """What is to be erased and what was, the latest first."""
    seen = queries.customers_visible_to(request.actor).values("pk")
    found: Any = Erasure.objects.select_related("customer")
    if request.actor.sees != Sees.ALL:
        found = found.filter(Q(customer__in=seen))
    try:
        page = cursors.page(found, ordering=("-id",), limit=AT_ONCE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "crm:privacy-erasures"))
    for one in page.items:
        one.rows = sum(one.removed.values())
    return render(request, "crm/privacy_erasures.html", {"page": page, "tab": "erasures"})


@requires(Permission.CUSTOMERS_READ)
@require_safe
def of_customer(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """That a customer is to be erased, and the way to his archive; a fragment of his page."""
    customer = queries.customer_or_404(customer_id, request.actor)
    if not request.htmx:
        return redirect(burl(request, "crm:customer", customer_id))
    context = {
        "customer": customer,
        "erasure": privacy_erasure.planned_for(customer),
        "asked": acts.requests_visible_to(request.actor).filter(customer=customer, closed_at=None)[:5]
        if request.actor.can(READ)
        else [],
    }
    return render(request, "crm/privacy_of_customer.html", context)


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def archives(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """The archives of a customer; a POST has another made."""
    customer = queries.customer_or_404(customer_id, request.actor)
    if request.method == "POST":
        try:
            privacy_archive.request_archive(customer=customer, by=request.actor)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("It is being put together. That takes a moment."))
        return redirect(burl(request, "crm:customer-archives", customer_id))
    found = CustomerArchive.objects.filter(customer=customer).order_by("-id")[:20]
    context = {
        "customer": customer,
        "archives": found,
        "since": live.last_id(request.tenant.pk),
        "may_have": request.actor.sees == Sees.ALL,
        "now": timezone.now(),
    }
    return render(request, "crm/privacy_archives.html", context)


@requires(READ)
@require_safe
@csp_override(SAVED_FILE)
def archive_file(request: BusinessRequest, customer_id: UUID, customer_archive_id: UUID) -> Any:
    """The file, as long as it is kept; for those who see everything of the business."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found: CustomerArchive = get_or_404(
        CustomerArchive.objects.filter(customer=customer), customer_archive_id
    )
    if request.actor.sees != Sees.ALL or not privacy_archive.is_downloadable(found):
        raise Http404
    return saved(request, found.file, privacy_archive.name_of(found), found.pk.hex)


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """What would go with a customer, what stays and what is still running; a POST plans it."""
    customer = queries.customer_or_404(customer_id, request.actor)
    form = privacy_forms.ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not request.actor.can(WRITE):
        raise Http404
    if form.is_bound and form.is_valid():
        try:
            made = privacy_erasure.plan_erasure(
                customer=customer,
                reason=form.cleaned_data["reason"],
                days=form.cleaned_data["days"],
                request=_open_request(customer),
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _said(made))
            return redirect(burl(request, "crm:customer", customer_id))
    return render(
        request,
        "crm/privacy_erasure.html",
        _preview(request, customer, form),
        status=422 if form.errors else 200,
    )


def _said(made: Erasure) -> str:
    days = (made.due_at - made.asked_at).days if made.due_at else 0
    if not days:
        return _("The customer is being erased.")
    return ngettext(
        "The customer will be erased in %(days)s day. Until then it can be taken back.",
        "The customer will be erased in %(days)s days. Until then it can be taken back.",
        days,
    ) % {"days": days}


def _open_request(customer: Customer) -> PrivacyRequest | None:
    found: PrivacyRequest | None = (
        PrivacyRequest.objects.filter(customer=customer, right="cancellation").order_by("-id").first()
    )
    return found


def _preview(request: BusinessRequest, customer: Customer, form: Any) -> dict[str, Any]:
    """What a narrowed member would be told of others' conversations is left out: he may not erase."""
    may = request.actor.sees == Sees.ALL
    people = holdings.people_of(customer) if may else []
    return {
        "customer": customer,
        "form": form,
        "may_erase": may,
        "parts": _shown_parts(people) if may else [],
        "running": holdings.running(people) if may else [],
        "merged": len(people) - 1,
        "planned": privacy_erasure.planned_for(customer),
    }


def _shown_parts(people: list[UUID]) -> list[tuple[str, Any, int]]:
    """What goes, by its name; what has none that people know, together."""
    counted = holdings.counts(people)
    named = [one for one in counted if holdings.has_name(one[0])]
    inner = sum(number for label, _title, number in counted if not holdings.has_name(label))
    return [*named, ("", _("Inner records of Puente about them"), inner)] if inner else named


@requires(WRITE)
@require_POST
def erasure_cancellation(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Take it back while there is time."""
    customer = queries.customer_or_404(customer_id, request.actor)
    planned = privacy_erasure.planned_for(customer)
    if planned is None:
        raise Http404
    try:
        privacy_erasure.cancel_erasure(erasure=planned, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: the customer stays."))
    return redirect(burl(request, "crm:customer", customer_id))
