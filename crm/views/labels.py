"""The labels of a business, in its settings."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.actions.labels import create_label, delete_label, restore_label, update_label
from crm.forms import LabelForm
from crm.models import Label
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


def _page(request: BusinessRequest, form: LabelForm) -> HttpResponse:
    since = live.last_id(request.tenant.pk)
    labels = Label.objects.annotate(customers_count=Count("customer_links")).order_by("name")
    context = {"labels": labels, "form": form, "since": since}
    return render(request, "crm/labels.html", context, status=422 if form.errors else 200)


@requires(Permission.CUSTOMERS_READ)
@require_http_methods(["GET", "HEAD"])
def labels(request: BusinessRequest) -> HttpResponse:
    """All labels, and how many customers have each."""
    return _page(request, LabelForm())


@requires(Permission.LABELS_WRITE)
@require_POST
def label_new(request: BusinessRequest) -> HttpResponse:
    """A new label."""
    form = LabelForm(request.POST)
    if form.is_valid():
        try:
            create_label(**form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "crm:labels"))
    return _page(request, form)


@requires(Permission.LABELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def label(request: BusinessRequest, label_id: UUID) -> HttpResponse:
    """Another name or colour."""
    found = get_or_404(Label.objects.all(), label_id)
    name = found.name
    form = LabelForm(
        request.POST if request.method == "POST" else None, initial={"name": found.name, "color": found.color}
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_label(label=found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "crm:labels"))
    context = {"form": form, "label": found, "name": name}
    return render(request, "crm/label.html", context, status=422 if form.errors else 200)


@requires(Permission.LABELS_WRITE)
@require_POST
def label_removal(request: BusinessRequest, label_id: UUID) -> HttpResponse:
    """Remove it from everything that has it; for a while it can be brought back."""
    kept = delete_label(label=get_or_404(Label.objects.all(), label_id), by=request.actor)
    key, response = undo.keep("label", kept), redirect(burl(request, "crm:labels"))
    if not key:
        messages.success(request, _("Label removed."))
        return response
    url = burl(request, "crm:label-restoration")
    return undo.offer(request, response, undo.Undo(_("Label removed."), url, {"undo": key}))


@requires(Permission.LABELS_WRITE)
@require_POST
def label_restoration(request: BusinessRequest) -> HttpResponse:
    """A label that was removed a moment ago comes back."""
    response = redirect(burl(request, "crm:labels"))
    return undo.bring_back(
        request, response, "label", lambda kept: restore_label(kept=kept, by=request.actor)
    )
