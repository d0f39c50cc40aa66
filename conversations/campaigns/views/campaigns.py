"""Campaigns: the list, a new one, a copy, away with a draft; and who may look at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from conversations.actions.campaigns import drafting
from conversations.campaigns import campaign_numbers as numbers
from conversations.campaigns.views.doing import done
from conversations.models import Campaign
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from crm.models import Segment
from tenants import formats
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors, undo
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission, Sees
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND
TEST_GOES = gettext_lazy("The test is on its way. Nobody else gets it.")
AT_ONCE = 25
State = Campaign.State
VIEWS = {
    "drafts": [State.DRAFT, State.WAITING],
    "live": [State.SCHEDULED, State.OVERDUE, State.SENDING, State.PAUSED],
    "over": [State.DONE, State.CANCELLED],
}
View = Callable[..., HttpResponse]


def sees_everybody(view: View) -> View:
    """What tells of people at large is not there for a member who sees only some of the customers."""

    @wraps(view)
    def guarded(request: BusinessRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.sees != Sees.ALL:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def find(campaign_id: UUID) -> Campaign:
    """A campaign of this business, or 404."""
    found: Campaign = get_or_404(Campaign.objects.all(), campaign_id)
    return found


@requires(READ)
@require_safe
def campaigns(request: BusinessRequest) -> HttpResponse:
    """All of them, the newest first, each with how far it is."""
    since = panes.stream_position(request)
    view = request.GET.get("view", "")
    rows = Campaign.objects.all()
    if view in VIEWS:
        rows = rows.filter(state__in=VIEWS[view])
    try:
        cursor = request.GET.get("cursor", "")
        page = cursors.page(rows, ordering=("-id",), limit=AT_ONCE, cursor=cursor)
    except BadCursor:
        return redirect(burl(request, "conversations:campaigns"))
    whole = request.actor.sees == Sees.ALL
    context = {
        "rows": numbers.listed(page.items, counts=whole), "page": page, "whole": whole, "since": since,
        "view": view if view in VIEWS else "",
    }  # fmt: skip
    return render(request, "campaigns/campaigns.html", context)


@requires(WRITE)
@sees_everybody
@require_POST
def campaign_new(request: BusinessRequest) -> HttpResponse:
    """A draft, for a segment if one is named, and to its page."""
    segment = uuid_or_none(request.POST.get("segment"))
    known = Segment.objects.standing().filter(pk=segment).values_list("pk", flat=True) if segment else []
    today = timezone.localtime(timezone.now(), request.tenant.zone).date()
    name = _("Campaign of %(day)s") % {"day": formats.day_month(today, year=False)}
    made = drafting.create(by=request.actor, name=name, include=list(known))
    return redirect(burl(request, "conversations:campaign", made.pk))


@requires(WRITE)
@sees_everybody
@require_POST
def campaign_copy(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """A draft with what stands in it."""
    made = drafting.duplicate(campaign=find(campaign_id), by=request.actor)
    response = redirect(burl(request, "conversations:campaign", made.pk))
    away = burl(request, "conversations:campaign-deletion", made.pk)
    return undo.offer(request, response, undo.Undo(_("This is the copy."), away))


@requires(WRITE)
@sees_everybody
@require_POST
def campaign_deletion(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Away with a draft."""
    found = find(campaign_id)
    return done(
        request,
        lambda: drafting.delete(campaign=found, by=request.actor),
        _("Draft deleted."),
        to=burl(request, "conversations:campaigns"),
        back=burl(request, "conversations:campaign", campaign_id),
    )
