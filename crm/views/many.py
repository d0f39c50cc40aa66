"""Acts on many customers of the list at once, stopping them, and taking them back."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm import attributes, queries
from crm.actions import bulk
from crm.models import CustomerRun, Segment
from crm.views.listing import back_to, place_of
from tenants.decorators import get_or_404, requires
from tenants.kit.undo import Undo, offer
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def many(request: BusinessRequest) -> HttpResponse:
    """Do `action` to the customers named by `id`, or with `all` to all that the address means."""
    place = place_of(request)
    back = back_to(request, place.query())
    action, parameters = _asked(request)
    try:
        if request.POST.get("all") == "1":
            made = bulk.many.start_all(
                action=action, parameters=parameters, wanted=place.wanted, by=request.actor
            )
        else:
            made = bulk.many.start(action=action, parameters=parameters, ids=_ids(request), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    if made.state != CustomerRun.State.DONE:
        return redirect(burl(request, "crm:many-run", made.pk))
    return offer(request, back, Undo(report(made), burl(request, "crm:many-undoing", made.pk)))


def _ids(request: BusinessRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("id")[: bulk.many.most]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _asked(request: BusinessRequest) -> tuple[str, dict[str, Any]]:
    """What to do and with what, out of the form's words. A button may carry both: `label:<id>`."""
    post = request.POST.get
    action, _colon, carried = post("action", "").partition(":")
    match action:
        case "company":
            return action, {"to": post("company", "")}
        case "list" | "unlist":
            return action, {"to": post("list", "")}
        case "attribute":
            key, _equals, value = carried.partition("=")
            return action, {"key": key or post("key", ""), "to": value if key else post("value", "")}
        case "follow_up":
            return action, {"title": post("title", ""), "due_at": post("due_at", ""), "to": post("to", "")}
    return action, {"to": carried}


@requires(Permission.CUSTOMERS_WRITE)
@require_safe
def menu(request: BusinessRequest) -> HttpResponse:
    """What can be done to what is chosen, as a fragment: read when the menu is opened."""
    may_list = request.actor.can(Permission.SEGMENTS_WRITE)
    context = {
        "labels": queries.labels(),
        "lists": Segment.objects.standing().filter(is_list=True) if may_list else (),
        "languages": settings.LANGUAGES,
        "facts": [one for one in attributes.all_attributes() if one.archived_at is None],
        "members": Membership.objects.filter(is_active=True).order_by("user__name"),
    }
    return render(request, "crm/customers_many_menu.html", context)


@requires(Permission.CUSTOMERS_READ)
@require_safe
def run(request: BusinessRequest, customer_run_id: UUID) -> HttpResponse:
    """How far an act on many is; asked again every second while it goes on."""
    found = get_or_404(_own(request), customer_run_id)
    counts = bulk.many.counts(found)
    state = CustomerRun.State(found.state)
    context = {
        "run": found,
        "worked": found.total - counts["pending"],
        "report": report(found, counts),
        "is_under_way": state in {CustomerRun.State.RUNNING, CustomerRun.State.UNDOING},
        "can_stop": state == CustomerRun.State.RUNNING,
        "can_undo": state == CustomerRun.State.DONE and counts["changed"] > 0,
        "refused": found.items.filter(outcome="refused").order_by("id").values_list("reason", flat=True)[:1],
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"crm/customers_run.html{part}", context)


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def cancelling(request: BusinessRequest, customer_run_id: UUID) -> HttpResponse:
    """Leave out what is not done yet."""
    found = get_or_404(_own(request), customer_run_id)
    try:
        bulk.many.cancel(run=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(burl(request, "crm:many-run", found.pk))


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def undoing(request: BusinessRequest, customer_run_id: UUID) -> HttpResponse:
    """Give each his earlier state again, except those somebody changed since."""
    found = get_or_404(_own(request), customer_run_id)
    try:
        found = bulk.many.undo(run=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_to(request)
    if found.state == CustomerRun.State.UNDOING:
        return redirect(burl(request, "crm:many-run", found.pk))
    messages.success(request, report(found))
    return back_to(request)


def _own(request: BusinessRequest) -> Any:
    """What one began oneself; who sees everything sees all of them."""
    runs = CustomerRun.objects.all()
    return runs if request.actor.sees == "all" else runs.filter(membership=request.membership)


def report(run: CustomerRun, counts: dict[str, int] | None = None) -> str:
    """What became of them, in a sentence."""
    counts = counts or bulk.many.counts(run)
    if run.state in {CustomerRun.State.UNDOING, CustomerRun.State.UNDONE}:
        parts = [
            ngettext("%(count)s as before", "%(count)s as before", counts["undone"]),
            ngettext("%(count)s had changed meanwhile", "%(count)s had changed meanwhile", counts["kept"]),
        ]
        numbers = [counts["undone"], counts["kept"]]
    else:
        numbers = [counts[name] for name in ("changed", "same", "refused", "gone", "left")]
        parts = [
            ngettext("%(count)s changed", "%(count)s changed", numbers[0]),
            ngettext("%(count)s was so already", "%(count)s were so already", numbers[1]),
            ngettext("%(count)s could not be", "%(count)s could not be", numbers[2]),
            ngettext("%(count)s is no longer there", "%(count)s are no longer there", numbers[3]),
            ngettext("%(count)s left out", "%(count)s left out", numbers[4]),
        ]
    first, *others = zip(parts, numbers, strict=True)
    shown = [first, *[pair for pair in others if pair[1]]]
    return ", ".join(text % {"count": number} for text, number in shown) + "."
