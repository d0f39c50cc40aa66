"""Who may be the same person as a customer, and customers made one and two again."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import likeness, queries
from crm.actions import merging
from crm.models import Customer, CustomerMerge, Likeness
from crm.reasons import sentence
from tenants.actors import Actor
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CUSTOMERS_READ)
@require_safe
def likenesses(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Who is probably the same, and who was merged in lately: a fragment of pages that show a customer."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found = likeness.of_customer(customer)
    seen = set(
        queries.customers_visible_to(request.actor)
        .filter(pk__in=[one.other.pk for one in found])
        .values_list("pk", flat=True)
    )
    context = {
        "customer": customer,
        "found": [
            {"id": one.id, "other": one.other, "reasons": [sentence(reason) for reason in one.reasons]}
            for one in found
            if one.other.pk in seen
        ],
        "merges": merging.undoable(customer)[:10],
    }
    page = "crm/likenesses.html"
    return render(request, f"{page}#list" if request.htmx else page, context)


def pair_or_404(pair_id: UUID, actor: Actor) -> Likeness:
    """Two customers both of whom the actor may see, or 404."""
    seen = queries.customers_visible_to(actor).values("pk")
    pairs = Likeness.objects.filter(first__in=seen, second__in=seen).select_related("first", "second")
    found: Likeness | None = pairs.filter(pk=pair_id).first()
    if found is None:
        raise Http404
    return found


def merge_or_404(merge_id: UUID, actor: Actor) -> CustomerMerge:
    """A merge into a customer whom the actor may see, or 404."""
    seen = queries.customers_visible_to(actor).values("pk")
    found: CustomerMerge | None = CustomerMerge.objects.filter(target__in=seen, pk=merge_id).first()
    if found is None:
        raise Http404
    return found


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def same(request: BusinessRequest, pair_id: UUID) -> HttpResponse:
    """These are one person."""
    pair = pair_or_404(pair_id, request.actor)
    try:
        made = merging.say_same(pair=pair, by=request.actor)
    except Refused as refusal:
        return _said(request, pair.first, str(refusal), failed=True)
    undo = burl(request, "crm:merge-undoing", made.pk)
    return _said(request, made.target, _("One customer now."), undo)


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def different(request: BusinessRequest, pair_id: UUID) -> HttpResponse:
    """These are two people; with `again` that is asked once more."""
    pair = pair_or_404(pair_id, request.actor)
    if request.POST.get("again"):
        merging.ask_again(pair=pair, by=request.actor)
        return _said(request, pair.first, _("Undone."))
    merging.say_different(pair=pair, by=request.actor)
    undo = burl(request, "crm:likeness-different", pair.pk)
    return _said(request, pair.first, _("Two people: nobody is asked again."), undo, {"again": "1"})


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def merge_undoing(request: BusinessRequest, merge_id: UUID) -> HttpResponse:
    """Make two of them again."""
    made = merge_or_404(merge_id, request.actor)
    try:
        merging.undo_merge(made=made, by=request.actor)
    except Refused as refusal:
        return _said(request, made.target, str(refusal), failed=True)
    return _said(request, made.target, _("Undone."))


def _said(
    request: BusinessRequest,
    customer: Customer,
    text: str,
    undo: str = "",
    fields: dict[str, str] | None = None,
    *,
    failed: bool = False,
) -> HttpResponse:
    """Say what was done on the page that is shown next: the same one, since everything on it changed."""
    if failed:
        messages.error(request, text)
    else:
        tags = json.dumps({"url": undo, "fields": fields or {}}) if undo else ""
        messages.success(request, text, extra_tags=tags)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.POST.get("next") == "duplicates":
        return redirect(burl(request, "crm:duplicates"))
    return redirect(burl(request, "crm:customer", customer.pk))
