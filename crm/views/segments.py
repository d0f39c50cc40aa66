"""Segments: the list, the builder, who is in one and why, who came and went."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import queries
from crm.actions import segments as acts
from crm.models import Segment, SegmentVersion
from crm.segments import asking, draft, examples, registry, rules
from crm.segments import compile as compiling
from crm.segments.draft import Draft
from crm.segments.params import Names
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.undo import Undo, offer
from tenants.permissions import Permission, Sees
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

AT_ONCE = 50
READ, WRITE = Permission.SEGMENTS_READ, Permission.SEGMENTS_WRITE


def _find(segment_id: UUID) -> Segment:
    found: Segment = get_or_404(Segment.objects.standing(), segment_id)
    return found


@requires(READ)
@require_safe
def segments(request: BusinessRequest) -> HttpResponse:
    """All of them, or those put away; and examples to start from."""
    put_away = request.GET.get("view") == "archived"
    names = Names()
    found = Segment.objects.exclude(archived_at=None) if put_away else Segment.objects.standing()
    rows = [
        {
            "segment": one,
            "sentence": "" if one.is_list else rules.sentence(one.rule, names),
            "problems": compiling.problems(one, names),
        }
        for one in found.order_by("name", "id")[: acts.MOST_SEGMENTS]
    ]
    context = {
        "rows": rows,
        "put_away": put_away,
        "examples": examples.EXAMPLES,
        "sees_all": request.actor.sees == Sees.ALL,
    }
    return render(request, "crm/segments.html", context)


# --- the builder ---


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def segment_new(request: BusinessRequest) -> HttpResponse:
    """A new one, from nothing or from an example."""
    example = examples.find(request.GET.get("example", ""))
    begun = Draft()
    if example:
        begun = Draft(str(example.name), "", example.rule["where"])
    return _form(request, None, begun)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def segment_rule(request: BusinessRequest, segment_id: UUID) -> HttpResponse:
    """Change one: its name, and the rule if it has one."""
    found = _find(segment_id)
    where = {"all": []} if found.is_list else found.rule["where"]
    return _form(request, found, Draft(found.name, found.description, where))


def _form(request: BusinessRequest, found: Segment | None, shown: Draft) -> HttpResponse:
    """The builder. Every button posts all of it: to change a row, or to save it."""
    problem, status = "", 200
    if request.method == "POST":
        shown = draft.read(request.POST)
        if request.POST.get("op", "save") == "save":
            try:
                kept = _save(request, found, shown)
            except Refused as refusal:
                problem, status = str(refusal), 422
            else:
                return _to(request, kept, _("Saved."))
    names = Names()
    context = {
        "segment": found,
        "draft": shown,
        "root": draft.rows(shown, names),
        "problem": problem,
        "broken": rules.missing(shown.rule, names) if found and not found.is_list else [],
        "groups": registry.grouped(),
    }
    part = "#body" if request.htmx else ""
    response = render(request, f"crm/segment_builder.html{part}", context, status=status)
    if request.htmx:
        response["HX-Trigger-After-Settle"] = "segment-changed"
    return response


def _save(request: BusinessRequest, found: Segment | None, shown: Draft) -> Segment:
    given: dict[str, Any] = {"name": shown.name, "description": shown.description, "by": request.actor}
    if found is None:
        return acts.create_segment(**given, rule=shown.rule)
    return acts.update_segment(segment=found, **given, rule=None if found.is_list else shown.rule)


def _to(request: BusinessRequest, segment: Segment, said: str) -> HttpResponse:
    messages.success(request, said)
    url = burl(request, "crm:segment", segment.pk)
    if request.htmx:
        response = HttpResponse()
        response["HX-Redirect"] = url
        return response
    return redirect(url)


@requires(READ)
@require_POST
def segment_preview(request: BusinessRequest) -> HttpResponse:
    """What the builder's rule says and whom it means, as a fragment: while somebody is still writing it."""
    names = Names()
    try:
        rule = rules.checked(draft.read(request.POST).rule, names, request.actor)
    except Refused as refusal:
        return render(request, "crm/segment_preview.html", {"missing": str(refusal)})
    counted = compiling.count(rule, request.actor, names)
    found = compiling.sample(rule, request.actor, names)
    reasons = compiling.why(rule, [one.pk for one in found or ()], names)
    context = {
        "sentence": rules.sentence(rule, names),
        "counted": counted,
        "sample": None if found is None else [(one, reasons.get(one.pk, [])) for one in found],
    }
    return render(request, "crm/segment_preview.html", context)


@requires(WRITE)
@require_POST
def list_new(request: BusinessRequest) -> HttpResponse:
    """A list to be filled by hand."""
    try:
        made = acts.create_segment(name=request.POST.get("name", ""), is_list=True, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "crm:segments"))
    return _to(request, made, _("List made. Put customers on it from their pages or by a selection."))


# --- one of them ---


@requires(READ)
@require_safe
def segment(request: BusinessRequest, segment_id: UUID) -> HttpResponse:
    """Who is in it now, fifty at a time."""
    found = _find(segment_id)
    names = Names()
    cursor = request.GET.get("cursor", "")
    rows, is_late = cursors.Page([], ""), False
    try:
        with compiling.roomy(compiling.PATIENCE * 4):
            rows = cursors.page(
                asking.customers_of(found, request.actor), ordering=("-id",), limit=AT_ONCE, cursor=cursor
            )
    except compiling.TooLate:
        is_late = True
    except BadCursor:
        return redirect(burl(request, "crm:segment", segment_id))
    ids = [one.pk for one in rows.items]
    reasons = {} if found.is_list else compiling.why(found.rule, ids, names)
    context = {
        "segment": found,
        "sentence": "" if found.is_list else rules.sentence(found.rule, names),
        "problems": compiling.problems(found, names),
        "counted": asking.count_of(found, request.actor),
        "rows": [(one, reasons.get(one.pk, [])) for one in rows.items],
        "is_late": is_late,
        "next_cursor": rows.next_cursor,
    }
    part = "#members" if request.htmx else ""
    return render(request, f"crm/segment.html{part}", context)


@requires(READ)
@require_safe
def segment_changes(request: BusinessRequest, segment_id: UUID) -> HttpResponse:
    """Who entered and who left, and how the rule was before."""
    found = _find(segment_id)
    changes = asking.changes_of(found, request.actor).select_related("customer")
    try:
        page = cursors.page(
            changes, ordering=("-happened_at", "-id"), limit=AT_ONCE, cursor=request.GET.get("cursor", "")
        )
    except BadCursor:
        return redirect(burl(request, "crm:segment-changes", segment_id))
    names = Names()
    versions = [
        (one, rules.sentence(one.rule, names))
        for one in SegmentVersion.objects.filter(segment=found).order_by("-number")[:20]
    ]
    context = {"segment": found, "page": page, "versions": versions}
    return render(request, "crm/segment_changes.html", context)


@requires(WRITE)
@require_POST
def segment_copy(request: BusinessRequest, segment_id: UUID) -> HttpResponse:
    """Another like it."""
    try:
        made = acts.duplicate_segment(segment=_find(segment_id), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "crm:segment", segment_id))
    return redirect(burl(request, "crm:segment-rule", made.pk))


@requires(WRITE)
@require_POST
def segment_archival(request: BusinessRequest, segment_id: UUID) -> HttpResponse:
    """Put it away."""
    acts.archive_segment(segment=_find(segment_id), by=request.actor)
    url = burl(request, "crm:segment-restoration", segment_id)
    return offer(request, redirect(burl(request, "crm:segments")), Undo(_("Segment put away."), url))


@requires(WRITE)
@require_POST
def segment_restoration(request: BusinessRequest, segment_id: UUID) -> HttpResponse:
    """Bring it back."""
    acts.restore_segment(segment=get_or_404(Segment.objects.all(), segment_id), by=request.actor)
    messages.success(request, _("Segment brought back."))
    return redirect(burl(request, "crm:segments"))


# --- from a customer's page ---


def _of_customer(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    customer = queries.customer_or_404(customer_id, request.actor)
    mine = asking.segments_with(customer)
    lists = [one for one in Segment.objects.standing().filter(is_list=True) if one not in mine]
    context = {"customer": customer, "mine": mine, "lists": lists}
    return render(request, "crm/segment_of_customer.html", context)


@requires(READ)
@require_safe
def of_customer(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """The segments in which a customer is, as a fragment of his page."""
    shown = _of_customer(request, customer_id)
    return shown if request.htmx else redirect(burl(request, "crm:customer", customer_id))


@requires(WRITE)
@require_POST
def member(request: BusinessRequest, segment_id: UUID, customer_id: UUID) -> HttpResponse:
    """Put a customer on a list, or with `remove` take him off."""
    found, customer = _find(segment_id), queries.customer_or_404(customer_id, request.actor)
    removes = request.POST.get("remove") == "1"
    do = acts.remove_members if removes else acts.add_members
    try:
        do(segment=found, ids=[customer.pk], by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "crm:customer", customer_id))
    if request.htmx:
        response = _of_customer(request, customer_id)
    else:
        response = redirect(burl(request, "crm:customer", customer_id))
    said = _("Taken off the list %(name)s.") if removes else _("Put on the list %(name)s.")
    url = burl(request, "crm:segment-member", found.pk, customer.pk)
    fields: dict[str, str | list[str]] = {} if removes else {"remove": "1"}
    return offer(request, response, Undo(said % {"name": found.name}, url, fields))


@requires(WRITE)
@require_POST
def member_choice(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Put a customer on the list that the form names."""
    customer = queries.customer_or_404(customer_id, request.actor)
    chosen = request.POST.get("segment", "")
    known = {str(one.pk): one for one in Segment.objects.standing().filter(is_list=True)}
    if chosen in known:
        return member(request, known[chosen].pk, customer.pk)
    messages.error(request, _("Choose a list."))
    return redirect(burl(request, "crm:customer", customer_id))
