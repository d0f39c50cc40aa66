"""What is done with a campaign: sent off, approved, taken back, paused, resumed, cancelled, tried."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conversations.actions.campaigns import settling, steering, trying_out
from conversations.campaigns import campaign_forms as forms
from conversations.campaigns.views.campaigns import SEND, TEST_GOES, WRITE, find, sees_everybody
from conversations.campaigns.views.doing import done
from conversations.models import Campaign
from tenants.decorators import requires
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGE, CHECK = "conversations:campaign", "conversations:campaign-check"
SAID_OTHERWISE = {
    Campaign.State.WAITING: gettext_lazy(
        "Whoever may approve it was told. It goes out once a second person agrees."
    ),
    Campaign.State.OVERDUE: gettext_lazy("Approved, but its hour has passed: say below when it goes out."),
}


class Act(NamedTuple):
    """What a button does, what is said then, the act that undoes it, and the page where a refusal stands."""

    do: Callable[..., Campaign]
    said: str | Promise
    undone_by: str = ""
    back: str = PAGE


ACTS = {
    "submission": Act(
        steering.submit,
        gettext_lazy("It goes out at its hour. Until then you can take it back."),
        "withdrawal",
        CHECK,
    ),
    "approval": Act(steering.approve, gettext_lazy("Approved. It goes out at its hour."), back=CHECK),
    "withdrawal": Act(steering.take_back, gettext_lazy("It is a draft again. Nobody got it.")),
    "pause": Act(
        steering.pause, gettext_lazy("Paused. Nobody else gets it until you resume it."), "resumption"
    ),
    "resumption": Act(steering.resume, gettext_lazy("It goes on where it stood."), "pause"),
    "cancellation": Act(steering.cancel, gettext_lazy("Cancelled. Who has not got it yet will not get it.")),
}


@requires(SEND)
@sees_everybody
@require_POST
def campaign_act(request: BusinessRequest, campaign_id: UUID, act: str) -> HttpResponse:
    """One of `ACTS`, each at an address of its own."""
    found, one = find(campaign_id), ACTS[act]
    return done(
        request,
        lambda: one.do(campaign=found, by=request.actor),
        lambda now: SAID_OTHERWISE.get(now.state, one.said),
        to=burl(request, PAGE, campaign_id),
        back=burl(request, one.back, campaign_id),
        undo=burl(request, f"{PAGE}-{one.undone_by}", campaign_id) if one.undone_by else "",
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_start(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """What missed its start goes out after all: now, or at another moment."""
    found = find(campaign_id)

    def do() -> Campaign:
        starts_at = forms.starts(request.POST, request.tenant)
        return steering.start_overdue(campaign=found, by=request.actor, starts_at=starts_at)

    return done(request, do, _("It goes out at its hour."), to=burl(request, PAGE, campaign_id))


@requires(SEND)
@sees_everybody
@require_POST
def campaign_settlement(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Decide of those whose outcome is unknown: it arrived, or it goes again."""
    found, arrived = find(campaign_id), request.POST.get("arrived") == "yes"
    return done(
        request,
        lambda: settling.settle(campaign=found, by=request.actor, arrived=arrived),
        _("Noted: they got it.") if arrived else _("They get it again."),
        to=burl(request, PAGE, campaign_id),
    )


@requires(WRITE)
@sees_everybody
@require_POST
def campaign_test_send(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Send a letter for a look: to oneself by e-mail, to a number, to a customer."""
    found, letter = find(campaign_id), request.POST.get("letter", "")[:1]
    given = forms.receiver(request.POST)
    return done(
        request,
        lambda: trying_out.ask_campaign(campaign=found, by=request.actor, letter=letter, **given),
        TEST_GOES,
        to=burl(request, CHECK if request.POST.get("page") == "check" else PAGE, campaign_id),
    )
