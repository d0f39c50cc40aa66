"""Acts on many conversations of the queue at once, and taking them back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations import queries
from conversations.actions import bulk
from conversations.models import BulkRun
from conversations.workspace.forms import SNOOZES, query_of, snooze_until, uuid_or_none
from conversations.workspace.views import panes
from crm.models import Label
from tenants.decorators import get_or_404, requires
from tenants.kit.undo import Undo, offer
from tenants.models import Team
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def many(request: BusinessRequest) -> HttpResponse:
    """Do `action` to the conversations named by `id`, or with `all` to all that the filters show."""
    filters = panes.filters_of(request)
    back = redirect(f"{burl(request, 'conversations:inbox')}?{query_of(filters)}")
    try:
        if request.POST.get("all") == "1":
            ids = queries.ids_in(filters, request.actor, bulk.many.most)
        else:
            named = map(uuid_or_none, request.POST.getlist("id")[: bulk.many.most])
            ids = [found for found in named if found]
        action = request.POST.get("action", "")
        action, parameters = _asked(action, request.POST.get("to", ""), request)
        run = bulk.many.start(action=action, parameters=parameters, ids=ids, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    if run.state != BulkRun.State.DONE:
        return redirect(burl(request, "conversations:bulk", run.pk))
    return offer(request, back, Undo(report(run), burl(request, "conversations:bulk-undoing", run.pk)))


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def menu(request: BusinessRequest) -> HttpResponse:
    """What can be done to what is chosen: read when the menu is opened."""
    context = {
        "members": panes.answering_members(),
        "teams": panes.named(Team),
        "labels": panes.named(Label),
        "priorities": panes.priorities(),
        "snoozes": [(value, str(name)) for value, name in SNOOZES.items()],
    }
    return render(request, "conversations/many_menu.html", context)


def _asked(action: str, to: str, request: BusinessRequest) -> tuple[str, dict[str, Any]]:
    """What to do and with what, out of the form's words. A button may carry both: `assign:me`."""
    action, _colon, carried = action.partition(":")
    to = carried or to
    if action == "assign" and to == "me":
        to = str(request.membership.pk)
    if action == "snooze":
        if to == "reply":
            return "wait", {}
        until = snooze_until(to)
        return action, {"until": until.isoformat() if until else ""}
    return action, {"to": to}


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def run(request: BusinessRequest, run_id: UUID) -> HttpResponse:
    """How far an act on many is; asked again every second while it goes on."""
    found = get_or_404(_own(request), run_id)
    counts = bulk.many.counts(found)
    context = {
        "run": found,
        "counts": counts,
        "worked": found.total - counts["pending"],
        "report": report(found, counts),
        "is_under_way": found.state in {BulkRun.State.RUNNING, BulkRun.State.UNDOING},
        "can_undo": found.state == BulkRun.State.DONE and counts["changed"] > 0,
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"conversations/bulk.html{part}", context)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def undoing(request: BusinessRequest, run_id: UUID) -> HttpResponse:
    """Give each its earlier state again, except those somebody changed since."""
    found = get_or_404(_own(request), run_id)
    try:
        found = bulk.many.undo(run=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "conversations:inbox"))
    if found.state == BulkRun.State.UNDOING:
        return redirect(burl(request, "conversations:bulk", found.pk))
    messages.success(request, report(found))
    return redirect(burl(request, "conversations:inbox"))


def _own(request: BusinessRequest) -> Any:
    """What one began oneself; who sees everything sees all of them."""
    runs = BulkRun.objects.all()
    return runs if request.actor.sees == "all" else runs.filter(membership=request.membership)


def report(run: BulkRun, counts: dict[str, int] | None = None) -> str:
    """What became of them, in a sentence or two."""
    counts = counts or bulk.many.counts(run)
    if run.state in {BulkRun.State.UNDOING, BulkRun.State.UNDONE}:
        parts = [_put_back(counts["undone"]), _kept(counts["kept"])]
    else:
        parts = [_done(run.action, counts["changed"]), _same(counts["same"]), _refused(counts["refused"])]
        parts.append(_gone(counts["gone"]))
    return ", ".join(part for part in parts if part) + "."


def _done(action: str, count: int) -> str:
    match action:
        case "close":
            return ngettext("%(count)s closed", "%(count)s closed", count) % {"count": count}
        case "reopen":
            return ngettext("%(count)s reopened", "%(count)s reopened", count) % {"count": count}
        case "snooze" | "wait":
            return ngettext("%(count)s put off", "%(count)s put off", count) % {"count": count}
    return ngettext("%(count)s changed", "%(count)s changed", count) % {"count": count}


def _same(count: int) -> str:
    text = ngettext("%(count)s was so already", "%(count)s were so already", count)
    return text % {"count": count} if count else ""


def _refused(count: int) -> str:
    text = ngettext("%(count)s could not be", "%(count)s could not be", count)
    return text % {"count": count} if count else ""


def _gone(count: int) -> str:
    text = ngettext("%(count)s is no longer there", "%(count)s are no longer there", count)
    return text % {"count": count} if count else ""


def _put_back(count: int) -> str:
    return ngettext("%(count)s as before", "%(count)s as before", count) % {"count": count}


def _kept(count: int) -> str:
    text = ngettext("%(count)s had changed meanwhile", "%(count)s had changed meanwhile", count)
    return text % {"count": count} if count else ""
