"""The list of customers: searched, narrowed, sorted, with columns to choose, and saved views of it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm import attributes, queries, rows
from crm.actions import saved_views as acts
from crm.listing import address, columns, filters, reading, sorts
from crm.listing.address import Place
from crm.listing.filters import FACT, ChannelFilter, FactFilter
from crm.models import Attribute, Medium, Purpose, SavedView
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.kit.cursors import BadCursor
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

AT_ONCE = 50


def place_of(request: BusinessRequest) -> Place:
    """What the address asks of the list."""
    return address.read(request.GET, address.views_of(request.actor))


def back_to(request: BusinessRequest, query: str = "") -> HttpResponseRedirect:
    """The list, as an address has it."""
    here = burl(request, "crm:customers")
    return redirect(f"{here}?{query}" if query else here)


@requires(Permission.CUSTOMERS_READ)
@require_safe
def customers(request: BusinessRequest) -> HttpResponse:
    """Everybody, the latest contact first; or those whom words, filters and a saved view mean."""
    if "filtered" in request.GET:  # out of the form, with many empty fields
        return back_to(request, _cleaned(request))
    views = address.views_of(request.actor)
    place = address.read(request.GET, views)
    cursor = request.GET.get("cursor", "")
    try:
        page = reading.page(place.wanted, request.actor, cursor=cursor, limit=AT_ONCE)
    except BadCursor:
        return back_to(request, place.query())
    shown = columns.read(place.columns, request.actor)
    labels = queries.labels() if any(column.name == "labels" for column in shown) else []
    context = {
        "rows": rows.rows_of(request, page.items, shown, labels),
        "next_cursor": page.next_cursor,
        "unfinished": page.unfinished,
        "best_only": page.best_only,
        "count": _count_on(page, cursor),
        "q": place.wanted.q,
        "query": place.query(),
        "chips": _chips(request, place),
        "heads": tuple(_head(place, column) for column in shown),
        "sort": place.wanted.sort.name,
        "name_query": place.query(sort="name"),
        "is_narrowed": bool(place.wanted.given or place.wanted.q),
        **_view_shown(request, place),
    }
    if request.htmx:
        return render(request, "crm/customers.html#list", context)
    return render(request, "crm/customers.html", context | _tools(place, views))


def _view_shown(request: BusinessRequest, place: Place) -> dict[str, Any]:
    view = place.view
    return {
        "view_id": str(view.id) if view else "",
        "view_name": view.name if view else "",
        "view_shared": int(view is not None and view.owner_id is None),
        "may_change_view": int(view is not None and acts.may_change(view, request.actor)),
        "is_changed": int(place.is_changed),
    }


def _cleaned(request: BusinessRequest) -> str:
    query = request.GET.copy()
    for name in list(query):
        texts = [text for text in query.getlist(name) if text]
        query.setlist(name, texts)
        if not texts or name in {"filtered", "cursor"}:
            del query[name]
    return query.urlencode()


def _count_on(page: reading.Listed, cursor: str) -> str:
    """What is known already of how many there are; "" while it is to be asked."""
    if page.next_cursor or cursor or page.best_only:
        return ""
    return counted_text(reading.Counted(len(page.items), exact=True))


def counted_text(found: reading.Counted) -> str:
    """How many, in words."""
    number = f"{found.number:,}" if found.exact else f"{found.number:,}+"
    return ngettext("%(count)s customer", "%(count)s customers", found.number) % {"count": number}


def _chips(request: BusinessRequest, place: Place) -> tuple[tuple[str, str, str], ...]:
    here = burl(request, "crm:customers")
    return tuple(
        (str(one.filter.title), one.filter.shown(one.value), f"{here}?{place.query(without=one.name)}")
        for one in place.wanted.given
    )


def _head(place: Place, column: columns.Column) -> tuple[str, str, str, int]:
    """A column's head: name, title, the query of its order, and whether that is the order now."""
    query = place.query(sort=column.sort) if column.sort else ""
    return column.name, str(column.title), query, int(place.wanted.sort.name == column.sort)


def _tools(place: Place, views: list[address.View]) -> dict[str, Any]:
    """What the head of the page needs, as plain values."""
    texts = [(one.name, text) for one in place.wanted.given for text in one.texts]
    view_id = str(place.view.id) if place.view else ""
    is_plain = place.wanted.sort == sorts.CONTACT and not view_id
    return {
        "hidden": (*texts, *([("view", view_id)] if view_id else [])),
        "sorts": tuple(
            (one.name, str(one.title), place.query(sort=one.name)) for one in sorts.SORTS.values()
        ),
        "sort_said": int(not is_plain),
        "filter_count": len(place.wanted.given),
        "views": tuple((str(one.id), one.name, int(str(one.id) == view_id)) for one in views if one.name),
    }


@requires(Permission.CUSTOMERS_READ)
@require_safe
def count(request: BusinessRequest) -> HttpResponse:
    """How many the list has, as a fragment; without htmx the list."""
    place = place_of(request)
    if not request.htmx:
        return back_to(request, place.query())
    return HttpResponse(counted_text(reading.count(place.wanted, request.actor)))


@requires(Permission.CUSTOMERS_READ)
@require_safe
def filter_form(request: BusinessRequest) -> HttpResponse:
    """The filters to choose from, as a fragment: read when they are opened."""
    place = place_of(request)
    given = {one.name: one.texts for one in place.wanted.given}
    facts = [one for one in attributes.all_attributes() if one.archived_at is None]
    context = {
        "q": place.wanted.q,
        "sort": place.wanted.sort.name,
        "view": place.view,
        "given": {name: texts[0] for name, texts in given.items()},
        "labels": [(label, str(label.id) in given.get("label", ())) for label in queries.labels()],
        "languages": settings.LANGUAGES,
        "channels": ChannelFilter().choices(),
        "consents": [
            (f"{medium.value}.{purpose.value}", f"{purpose.label} · {medium.label}")
            for purpose in Purpose
            for medium in Medium
        ],
        "members": Membership.objects.order_by("user__name"),
        "facts": [_fact_field(one, given) for one in facts],
        "others": [
            one for one in place.wanted.given if one.name not in KNOWN and not one.name.startswith(FACT)
        ],
    }
    return render(request, "crm/customers_filters.html", context)


KNOWN = frozenset({one.name for one in filters.BUILT_IN})


def _fact_field(attribute: Attribute, given: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    name = FactFilter(attribute).name
    has_options = attribute.kind in {Attribute.Kind.CHOICE, Attribute.Kind.CHOICES}
    options = [(option, option) for option in attribute.options] if has_options else []
    if attribute.kind == Attribute.Kind.YES_NO:
        options = [("1", _("Yes")), ("0", _("No"))]
    return {
        "name": name,
        "title": attribute.name,
        "options": options,
        "is_date": attribute.kind == Attribute.Kind.DATE,
        "value": given.get(name, ("",))[0],
    }


# --- columns ---


@requires(Permission.CUSTOMERS_READ)
@require_safe
def column_form(request: BusinessRequest) -> HttpResponse:
    """The columns to choose from, as a fragment: read when they are opened."""
    place = place_of(request)
    shown = [column.name for column in columns.read(place.columns, request.actor)]
    known = {column.name: column for column in columns.choices(request.actor)}
    order = [*shown, *[name for name in known if name not in shown]]
    context = {
        "columns": [(known[name], name in shown) for name in order if name in known],
        "query": place.query(),
        "view": place.view,
    }
    return render(request, "crm/customers_columns.html", context)


@requires(Permission.CUSTOMERS_READ)
@require_POST
def columns_choice(request: BusinessRequest) -> HttpResponse:
    """Keep the columns: those of a view that one may change, else one's own."""
    place = place_of(request)
    names = request.POST.getlist("column")[: columns.MOST]
    try:
        acts.keep_columns(view_id=place.view.id if place.view else None, columns=names, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back_to(request, place.query())


# --- saved views ---


@requires(Permission.CUSTOMERS_READ)
@require_POST
def view_new(request: BusinessRequest) -> HttpResponse:
    """Save what the list shows under a name."""
    place = place_of(request)
    try:
        made = acts.save_view(
            name=request.POST.get("name", ""),
            filters=address.kept(place.wanted.given),
            sort=place.wanted.sort.name,
            columns=list(place.columns),
            shared=request.POST.get("shared") == "1",
            by=request.actor,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_to(request, place.query())
    messages.success(request, _("Saved."))
    return back_to(request, f"view={made.pk}")


@requires(Permission.CUSTOMERS_READ)
@require_POST
def view(request: BusinessRequest, saved_view_id: UUID) -> HttpResponse:
    """Rename a view, share it or not, or let it show what the list shows now."""
    found = get_or_404(SavedView.objects.usable_by(request.actor).named(), saved_view_id)
    place = place_of(request)
    change: dict[str, Any] = {}
    if "name" in request.POST:
        change = {"name": request.POST["name"], "shared": request.POST.get("shared") == "1"}
    if request.POST.get("take") == "1":
        change |= {"filters": address.kept(place.wanted.given), "sort": place.wanted.sort.name}
    try:
        acts.save_view(view=found, by=request.actor, **change)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_to(request, place.query())
    messages.success(request, _("Saved."))
    return back_to(request, f"view={found.pk}")


@requires(Permission.CUSTOMERS_READ)
@require_POST
def view_removal(request: BusinessRequest, saved_view_id: UUID) -> HttpResponse:
    """Remove a view; for a while it can be brought back."""
    found = get_or_404(SavedView.objects.usable_by(request.actor).named(), saved_view_id)
    response = back_to(request)
    try:
        kept = acts.delete_view(view=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return response
    key = undo.keep("customer-view", kept)
    if not key:
        messages.success(request, _("Removed."))
        return response
    url = burl(request, "crm:view-restoration")
    return undo.offer(request, response, undo.Undo(_("Removed."), url, {"undo": key}))


@requires(Permission.CUSTOMERS_READ)
@require_POST
def view_restoration(request: BusinessRequest) -> HttpResponse:
    """A view that was removed a moment ago comes back."""
    return undo.bring_back(
        request,
        back_to(request),
        "customer-view",
        lambda kept: acts.restore_view(kept=kept, by=request.actor),
    )
