"""Files to take away: asked for, made by a worker, given to the one who asked."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.actions import exports as actions
from crm.exports import tables
from crm.imports import queries
from crm.listing import address
from crm.models import Export, Import, Label
from crm.views.listing import place_of
from tenants.decorators import get_or_404, requires
from tenants.kit.serving import serve
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

EXPORT = Permission.CUSTOMERS_EXPORT
SHOWN = 20


@requires(EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: BusinessRequest) -> HttpResponse:
    """What to take away, and one's last files."""
    given = request.POST if request.method == "POST" else request.GET
    target = given.get("target", Import.Target.CUSTOMERS)
    if target not in Import.Target.values:
        target = Import.Target.CUSTOMERS
    if request.method == "POST":
        return _ask(request, target, _filters(given), columns=given.getlist("columns") or None)
    context = {
        "targets": Import.Target.choices,
        "target": target,
        "formats": Export.Format.choices,
        "columns": tables.columns(target),
        "labels": Label.objects.all(),
        **_files(request),
    }
    return render(request, "crm/exports.html#files" if request.htmx else "crm/exports.html", context)


@requires(EXPORT)
@require_POST
def listed(request: BusinessRequest) -> HttpResponse:
    """A file of the customers named by `id`, or with `all` of all that the list's address means."""
    wanted = place_of(request).wanted
    filters: dict[str, Any] = {"q": wanted.q, "filter": address.kept(wanted.given)}
    if request.POST.get("all") != "1":
        filters = {"ids": request.POST.getlist("id")}
        if not filters["ids"]:
            messages.error(request, _("Choose at least one."))
            return redirect(burl(request, "crm:customers"))
    return _ask(request, Import.Target.CUSTOMERS, filters)


def _ask(
    request: BusinessRequest, target: str, filters: dict[str, Any], columns: list[str] | None = None
) -> HttpResponse:
    chosen = request.POST.get("format", Export.Format.CSV)
    try:
        actions.ask(target=target, format=chosen, columns=columns, filters=filters, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your file is being made."))
    return redirect(f"{burl(request, 'crm:exports')}?target={target}")


def _filters(given: Any) -> dict[str, Any]:
    """The form's; dates are whole days, the last one included."""
    filters: dict[str, Any] = {name: given.get(name) for name in ("label_id", "since") if given.get(name)}
    if given.get("until"):
        filters["until"] = (
            f"{given['until']}T23:59:59.999999" if len(given["until"]) == 10 else given["until"]
        )
    if given.getlist("ids"):
        filters["ids"] = given.getlist("ids")
    return filters


def _files(request: BusinessRequest) -> dict[str, Any]:
    files = list(queries.exports_of(request.actor).order_by("-id")[:SHOWN])
    return {
        "files": files,
        "is_busy": any(one.state == Export.State.WAITING for one in files),
        "now": timezone.now(),
    }


@requires(EXPORT)
@require_safe
def export_file(request: BusinessRequest, export_id: UUID) -> HttpResponse:
    """The file, for the one who asked for it."""
    export: Export = get_or_404(queries.exports_of(request.actor), export_id)
    try:
        actions.download(export=export, by=request.actor)
    except Refused:
        raise Http404 from None
    day = timezone.localtime(export.finished_at).date().isoformat() if export.finished_at else ""
    name = f"{export.get_target_display()} {day}.{export.format}".lower()
    return cast(HttpResponse, serve(request, export.file, name=name, etag=export.pk.hex, download=True))
