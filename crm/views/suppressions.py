"""Addresses to which nothing is sent, and exclusion lists by upload: pages of the settings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.actions import exclusions, suppressions
from crm.consent_forms import ListForm, SearchForm, SuppressionForm, VersionForm, WhyForm
from crm.models import ExclusionList, ExclusionVersion, Suppression
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors, undo
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE
AT_ONCE = 50
VERSIONS = 20


@requires(READ)
@require_safe
def suppressed(request: BusinessRequest) -> HttpResponse:
    """Every suppressed address, the latest first, and the lists."""
    try:
        return _page(request)
    except BadCursor:
        return redirect(burl(request, "crm:suppressions"))


def _page(
    request: BusinessRequest, form: SuppressionForm | None = None, list_form: ListForm | None = None
) -> HttpResponse:
    search = SearchForm(request.GET) if request.GET.get("q") else SearchForm()
    rows, problem, following = Suppression.objects.standing(), "", ""
    if search.is_bound:
        found, problem = _found(search)
    else:
        page = cursors.page(rows, ordering=("-id",), limit=AT_ONCE, cursor=request.GET.get("cursor", ""))
        found, following = page.items, page.next_cursor
    context = {
        "found": found,
        "next": f"?cursor={following}" if following else "",
        "search": search,
        "q": request.GET.get("q", ""),
        "kind": request.GET.get("kind", ""),
        "kinds": [(kind.value, kind.label) for kind in suppressions.KINDS],
        "problem": problem,
        "lists": _lists(),
        "form": form or SuppressionForm(),
        "list_form": list_form or ListForm(),
        "since": live.last_id(request.tenant.pk),
    }
    failed = any(one is not None and one.errors for one in (form, list_form))
    return render(request, "crm/suppressions.html", context, status=422 if failed else 200)


def _found(search: SearchForm) -> tuple[list[Suppression], str]:
    if not search.is_valid():
        return [], _("Enter a whole address.")
    try:
        return list(suppressions.find(search.cleaned_data["kind"], search.cleaned_data["q"])), ""
    except Refused as refusal:
        return [], str(refusal)


def _lists() -> list[dict[str, Any]]:
    """The lists with their latest version: two queries."""
    lists = list(ExclusionList.objects.kept().order_by("-id")[: exclusions.MOST_LISTS])
    versions = ExclusionVersion.objects.filter(exclusion_list__in=lists).order_by("exclusion_list", "-id")
    latest = {one.exclusion_list_id: one for one in versions.distinct("exclusion_list")}
    current = {one.exclusion_list_id: one for one in versions.filter(is_current=True)}
    return [{"list": one, "latest": latest.get(one.pk), "current": current.get(one.pk)} for one in lists]


@requires(WRITE)
@require_POST
def suppression_new(request: BusinessRequest) -> HttpResponse:
    """An address added by hand."""
    form = SuppressionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            suppressions.add(
                kind=data["kind"],
                raw=data["value"],
                covers=data["covers"],
                note=data["note"],
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Nothing of this kind is sent to this address any more."))
            return redirect(burl(request, "crm:suppressions"))
    return _page(request, form=form)


@requires(WRITE)
@require_POST
def suppression_removal(request: BusinessRequest, suppression_id: UUID) -> HttpResponse:
    """An address that may be written to again, with the reason."""
    found = get_or_404(Suppression.objects.standing(), suppression_id)
    form = WhyForm(request.POST)
    response = redirect(burl(request, "crm:suppressions"))
    if not form.is_valid():
        messages.error(request, _("Say why this address may be written to again."))
        return response
    try:
        suppressions.lift(suppression=found, why=form.cleaned_data["why"], by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return response
    url = burl(request, "crm:suppression-restoration", found.pk)
    return undo.offer(request, response, undo.Undo(_("The address may be written to again."), url))


@requires(WRITE)
@require_POST
def suppression_restoration(request: BusinessRequest, suppression_id: UUID) -> HttpResponse:
    """Take that back."""
    found = get_or_404(Suppression.objects.all(), suppression_id)
    try:
        suppressions.restore(suppression=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone."))
    return redirect(burl(request, "crm:suppressions"))


# --- lists ---


@requires(WRITE)
@require_POST
def exclusion_list_new(request: BusinessRequest) -> HttpResponse:
    """A new list with its first file; a worker reads it."""
    form = ListForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = exclusions.create_with_file(
                name=data["name"],
                kind=data["kind"],
                covers=data["covers"],
                file=data["file"].file,
                file_name=data["file"].name,
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The file is being read. You may leave this page."))
            return redirect(burl(request, "crm:exclusion-list", made.pk))
    return _page(request, list_form=form)


@requires(READ)
@require_safe
def exclusion_list(request: BusinessRequest, exclusion_list_id: UUID) -> HttpResponse:
    """A list and its versions: how far each is read and what was not understood."""
    return _list_page(request, get_or_404(ExclusionList.objects.kept(), exclusion_list_id))


def _list_page(
    request: BusinessRequest, found: ExclusionList, form: VersionForm | None = None
) -> HttpResponse:
    versions = ExclusionVersion.objects.filter(exclusion_list=found).order_by("-id")[:VERSIONS]
    context = {
        "list": found,
        "versions": [(one, exclusions.problem_of(one)) for one in versions],
        "form": form or VersionForm(),
        "since": live.last_id(request.tenant.pk),
    }
    status = 422 if form and form.errors else 200
    return render(request, "crm/exclusion_list.html", context, status=status)


@requires(WRITE)
@require_POST
def exclusion_version_new(request: BusinessRequest, exclusion_list_id: UUID) -> HttpResponse:
    """A newer file: what stands keeps standing until it is read."""
    found = get_or_404(ExclusionList.objects.kept(), exclusion_list_id)
    form = VersionForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            exclusions.upload(exclusion_list=found, file=file.file, name=file.name, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The file is being read. You may leave this page."))
            return redirect(burl(request, "crm:exclusion-list", exclusion_list_id))
    return _list_page(request, found, form)


@requires(WRITE)
@require_POST
def exclusion_version_cancel(
    request: BusinessRequest, exclusion_list_id: UUID, exclusion_version_id: UUID
) -> HttpResponse:
    """Read no further."""
    versions = ExclusionVersion.objects.filter(exclusion_list_id=exclusion_list_id)
    try:
        exclusions.cancel(version=get_or_404(versions, exclusion_version_id), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Cancelled. What stood before keeps standing."))
    return redirect(burl(request, "crm:exclusion-list", exclusion_list_id))


@requires(WRITE)
@require_POST
def exclusion_list_removal(request: BusinessRequest, exclusion_list_id: UUID) -> HttpResponse:
    """Delete a list; it can be brought back."""
    found = get_or_404(ExclusionList.objects.kept(), exclusion_list_id)
    exclusions.remove(exclusion_list=found, by=request.actor)
    url = burl(request, "crm:exclusion-list-restoration", exclusion_list_id)
    return undo.offer(
        request, redirect(burl(request, "crm:suppressions")), undo.Undo(_("List deleted."), url)
    )


@requires(WRITE)
@require_POST
def exclusion_list_restoration(request: BusinessRequest, exclusion_list_id: UUID) -> HttpResponse:
    """A list that was deleted comes back."""
    try:
        exclusions.restore(
            exclusion_list=get_or_404(ExclusionList.objects.all(), exclusion_list_id), by=request.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone."))
    return redirect(burl(request, "crm:suppressions"))
