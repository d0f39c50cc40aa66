"""What is held since a backup was restored: it may have gone out already, and a person decides."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import confirmation_queries as queries
from conversations.actions import restored as acts
from conversations.campaigns.views.doing import done
from conversations.campaigns.views.journeys import find
from conversations.confirmation_queries import seen
from conversations.models import JourneyPlace
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND
SHOWN = 50


@requires(READ)
@require_safe
def held(request: BusinessRequest) -> HttpResponse:
    """How much of each, and the first of them."""
    found = acts.held_back(request.actor)
    confirmations = found.confirmations.select_related("customer", "step__template").order_by("due_at", "id")
    shown = list(confirmations[:SHOWN])
    about = queries.subjects(shown)
    context = {
        "counts": {name: rows.count() for name, rows in found._asdict().items()},
        "confirmations": [(one, about.get(one.thing_id, "")) for one in shown],
        "places": list(found.places.select_related("customer", "journey").order_by("id")[:SHOWN]),
        "campaigns": list(found.campaigns.order_by("-id")[:SHOWN]),
    }
    return render(request, "campaigns/held.html", context)


@requires(SEND)
@require_POST
def held_sending(request: BusinessRequest) -> HttpResponse:
    """Send all of it."""
    return done(
        request,
        lambda: acts.send_held(by=request.actor),
        _("All of it goes out now."),
        to=burl(request, "conversations:held"),
    )


@requires(WRITE)
@require_POST
def held_withdrawal(request: BusinessRequest) -> HttpResponse:
    """Send none of it."""
    return done(
        request,
        lambda: acts.leave_out_held(by=request.actor),
        _("None of it goes out."),
        to=burl(request, "conversations:held"),
    )


@requires(SEND)
@require_POST
def journey_going_on(request: BusinessRequest, journey_id: UUID, journey_place_id: UUID) -> HttpResponse:
    """Let one who is held in a journey take his step."""
    mine = seen(JourneyPlace.objects.filter(journey=find(journey_id)), request.actor)
    place: JourneyPlace = get_or_404(mine, journey_place_id)
    return done(
        request,
        lambda: acts.go_on(place=place, by=request.actor),
        _("He goes on."),
        to=burl(request, "conversations:held"),
    )
