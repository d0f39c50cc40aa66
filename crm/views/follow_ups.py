"""What is to be done, by whom and when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import queries
from crm.actions.follow_ups import complete_follow_up, reassign_follow_up, reopen_follow_up
from crm.forms import AssigneeForm
from crm.models import FollowUp
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.undo import Undo, offer
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import back_to, burl

VIEWS = ("mine", "all", "overdue", "done")
AT_ONCE = 50


def _of_view(view: str, request: BusinessRequest) -> tuple[QuerySet[FollowUp], tuple[str, str]]:
    """What a view shows, in which order."""
    found: Any = queries.follow_ups_visible_to(request.actor)
    if view == "done":
        return found.exclude(done_at=None), ("-done_at", "-id")
    if view == "mine":
        found = found.filter(assignee_id=request.actor.membership_id)
    if view == "overdue":
        found = found.filter(due_at__lt=timezone.now())
    return found.open(), ("due_at", "id")


@requires(Permission.CUSTOMERS_READ)
@require_safe
def follow_ups(request: BusinessRequest) -> HttpResponse:
    """Mine, everybody's, those too late, and those done."""
    since = live.last_id(request.tenant.pk)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "mine"
    found, ordering = _of_view(view, request)
    rows = found.select_related("customer", "assignee__user", "done_by__user")
    try:
        page = cursors.page(rows, ordering=ordering, limit=AT_ONCE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "crm:follow-ups"))
    context = {
        "page": page,
        "view": view,
        "since": since,
        "now": timezone.now(),
        "members": Membership.objects.filter(is_active=True).order_by("user__name"),
        "cursor": request.GET.get("cursor", ""),
    }
    return render(request, "crm/follow_ups.html", context)


def _back(request: BusinessRequest) -> HttpResponse:
    """The list or the customer's page it was asked from."""
    return back_to(request, burl(request, "crm:follow-ups"))


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def follow_up_completion(request: BusinessRequest, follow_up_id: UUID) -> HttpResponse:
    """Done."""
    follow_up = get_or_404(queries.follow_ups_visible_to(request.actor), follow_up_id)
    complete_follow_up(follow_up=follow_up, by=request.actor)
    url = burl(request, "crm:follow-up-reopening", follow_up.pk)
    return offer(request, _back(request), Undo(_("Done."), url, {"next": request.POST.get("next", "")}))


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def follow_up_reopening(request: BusinessRequest, follow_up_id: UUID) -> HttpResponse:
    """Not done after all."""
    follow_up = get_or_404(queries.follow_ups_visible_to(request.actor), follow_up_id)
    reopen_follow_up(follow_up=follow_up, by=request.actor)
    messages.success(request, _("Undone."))
    return _back(request)


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def follow_up_assignee(request: BusinessRequest, follow_up_id: UUID) -> HttpResponse:
    """Somebody else is to do it."""
    follow_up = get_or_404(queries.follow_ups_visible_to(request.actor), follow_up_id)
    form = AssigneeForm(request.POST)
    if form.is_valid():
        reassign_follow_up(follow_up=follow_up, assignee=form.cleaned_data["assignee"], by=request.actor)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("There is no such person here."))
    return _back(request)
