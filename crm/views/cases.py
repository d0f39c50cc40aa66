"""What customers wait to see settled, all of it in one place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import queries
from crm.actions.cases import reopen_case, resolve_case, update_case
from crm.forms import AssigneeForm, ResolutionForm
from crm.models import Case
from crm.record_forms import CaseChangeForm
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.undo import Undo, offer
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import back_to, burl

VIEWS = ("open", "mine", "resolved")
AT_ONCE = 50
OPEN, RESOLVED = ("-opened_at", "-id"), ("-resolved_at", "-id")


def _of_view(view: str, request: BusinessRequest) -> tuple[QuerySet[Case], tuple[str, str]]:
    """What a view shows, in which order."""
    found: Any = queries.cases_visible_to(request.actor)
    if view == "resolved":
        return found.filter(resolved_at__isnull=False), RESOLVED
    if view == "mine":
        found = found.filter(assignee_id=request.actor.membership_id)
    return found.filter(resolved_at__isnull=True), OPEN


@requires(Permission.CUSTOMERS_READ)
@require_safe
def cases(request: BusinessRequest) -> HttpResponse:
    """Open, mine, or resolved; of one kind; of the customers whom a search means."""
    since = live.last_id(request.tenant.pk)
    view, kind, q = (request.GET.get(name, "").strip() for name in ("view", "kind", "q"))
    view, kind = view if view in VIEWS else "open", kind if kind in Case.Kind.values else ""
    found, ordering = _of_view(view, request)
    if kind:
        found = found.filter(kind=kind)
    if q:
        found = found.filter(customer__in=queries.search_ids(q, request.actor, queries.MOST_FOUND))
    rows = found.select_related("customer", "assignee__user")
    try:
        page = cursors.page(rows, ordering=ordering, limit=AT_ONCE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "crm:cases"))
    context = {
        "page": page,
        "view": view,
        "kind": kind,
        "kinds": Case.Kind.choices,
        "q": q,
        "since": since,
        "members": Membership.objects.filter(is_active=True).order_by("user__name"),
    }
    return render(request, "crm/cases.html", context)


def case_or_404(request: BusinessRequest, case_id: UUID) -> Case:
    """A case that the actor may see, or 404."""
    found = queries.cases_visible_to(request.actor).select_related("customer", "assignee__user")
    case: Case = get_or_404(found, case_id)
    return case


def _back(request: BusinessRequest) -> HttpResponse:
    """The list or the customer's page it was asked from."""
    return back_to(request, burl(request, "crm:cases"))


@requires(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: BusinessRequest, case_id: UUID) -> HttpResponse:
    """Change what it is about, its kind and who sees to it."""
    found = case_or_404(request, case_id)
    initial = {"kind": found.kind, "subject": found.subject, "assignee": found.assignee_id}
    form = CaseChangeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                update_case(case=found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{burl(request, 'crm:customer', found.customer_id)}?tab=cases")
    context = {"form": form, "customer": found.customer, "title": _("Case"), "tab": "cases"}
    return render(request, "crm/record_form.html", context, status=422 if form.errors else 200)


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def resolution(request: BusinessRequest, case_id: UUID) -> HttpResponse:
    """Settled."""
    found, form = case_or_404(request, case_id), ResolutionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how it was settled in at most 500 characters."))
        return _back(request)
    resolve_case(case=found, resolution=form.cleaned_data["resolution"], by=request.actor)
    return _done(request, _("Case resolved."), "crm:case-reopening", found, {})


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def reopening(request: BusinessRequest, case_id: UUID) -> HttpResponse:
    """Not settled after all."""
    found = case_or_404(request, case_id)
    settled = {"resolution": found.resolution} if found.resolved_at else {}
    reopen_case(case=found, by=request.actor)
    return _done(request, _("Case open again."), "crm:case-resolution", found, settled)


def _done(
    request: BusinessRequest, said: str, undoing: str, found: Case, fields: dict[str, str]
) -> HttpResponse:
    """Say what was done, with what takes it back."""
    there: dict[str, str | list[str]] = {"next": request.POST.get("next", ""), **fields}
    return offer(request, _back(request), Undo(said, burl(request, undoing, found.pk), there))


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def assignee(request: BusinessRequest, case_id: UUID) -> HttpResponse:
    """Somebody else sees to it."""
    found, form = case_or_404(request, case_id), AssigneeForm(request.POST)
    if form.is_valid():
        update_case(case=found, assignee=form.cleaned_data["assignee"], by=request.actor)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("There is no such colleague."))
    return _back(request)
