"""What is done with a campaign: sent off, approved, taken back, paused, resumed, cancelled, tried."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions.campaigns import settling, steering, trying_out
from conversations.campaigns import campaign_forms as forms
from conversations.campaigns.views.campaigns import SEND, WRITE, find, sees_everybody
from conversations.models import Campaign
from conversations.workspace.forms import uuid_or_none
from tenants.decorators import requires
from tenants.kit.undo import Undo, offer
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


def _done(
    request: BusinessRequest,
    campaign_id: UUID,
    act: Callable[[Campaign], Campaign],
    said: Callable[[Campaign], str],
    *,
    undone_by: str = "",
    back: str = "conversations:campaign",
    on: str = "conversations:campaign",
) -> HttpResponse:
    """Do it and say so on its page, with the way back where there is one; or say why not."""
    try:
        campaign = act(find(campaign_id))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, back, campaign_id))
    response = redirect(burl(request, on, campaign_id))
    if undone_by:
        return offer(request, response, Undo(said(campaign), burl(request, undone_by, campaign_id)))
    messages.success(request, said(campaign))
    return response


@requires(SEND)
@sees_everybody
@require_POST
def campaign_submission(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """It is ready: schedule it, or ask a second person."""

    def said(campaign: Campaign) -> str:
        if campaign.state == Campaign.State.WAITING:
            return _("Whoever may approve it was told. It goes out once a second person agrees.")
        return _("It goes out at its hour. Until then you can take it back.")

    return _done(
        request,
        campaign_id,
        lambda found: steering.submit(campaign=found, by=request.actor),
        said,
        undone_by="conversations:campaign-withdrawal",
        back="conversations:campaign-check",
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_approval(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """A second person agrees."""
    return _done(
        request,
        campaign_id,
        lambda found: steering.approve(campaign=found, by=request.actor),
        lambda _found: _("Approved. It goes out at its hour."),
        back="conversations:campaign-check",
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_withdrawal(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Back to a draft."""
    return _done(
        request,
        campaign_id,
        lambda found: steering.take_back(campaign=found, by=request.actor),
        lambda _found: _("It is a draft again. Nobody got it."),
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_start(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """What missed its start goes out after all: now, or at another moment."""

    def act(found: Campaign) -> Campaign:
        starts_at = forms.starts(request.POST, request.tenant)
        return steering.start_overdue(campaign=found, by=request.actor, starts_at=starts_at)

    return _done(request, campaign_id, act, lambda _found: _("It goes out at its hour."))


@requires(SEND)
@sees_everybody
@require_POST
def campaign_pause(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Nothing more goes within seconds."""
    return _done(
        request,
        campaign_id,
        lambda found: steering.pause(campaign=found, by=request.actor),
        lambda _found: _("Paused. Nobody else gets it until you resume it."),
        undone_by="conversations:campaign-resumption",
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_resumption(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Go on where it stood."""
    return _done(
        request,
        campaign_id,
        lambda found: steering.resume(campaign=found, by=request.actor),
        lambda _found: _("It goes on where it stood."),
        undone_by="conversations:campaign-pause",
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_cancellation(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Whoever has not got it never will."""
    return _done(
        request,
        campaign_id,
        lambda found: steering.cancel(campaign=found, by=request.actor),
        lambda _found: _("Cancelled. Who has not got it yet will not get it."),
    )


@requires(SEND)
@sees_everybody
@require_POST
def campaign_settlement(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Decide of mails whose outcome is unknown: they arrived, or they go again."""
    arrived = request.POST.get("arrived") == "yes"

    def act(found: Campaign) -> Campaign:
        settling.settle(campaign=found, by=request.actor, arrived=arrived)
        return found

    said = _("Noted: they got it.") if arrived else _("They get it again.")
    return _done(request, campaign_id, act, lambda _found: said)


@requires(WRITE)
@sees_everybody
@require_POST
def campaign_test_send(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Send it to oneself, to look at it in one's own program."""

    def act(found: Campaign) -> Campaign:
        trying_out.ask(
            campaign=found,
            to=request.membership,
            by=request.actor,
            letter=request.POST.get("letter", "")[:1],
            customer_id=uuid_or_none(request.POST.get("customer")),
        )
        return found

    back = "conversations:campaign-check" if request.POST.get("page") == "check" else "conversations:campaign"
    said = _("On its way to %(address)s. Nobody else gets it.") % {"address": request.user.email}
    return _done(request, campaign_id, act, lambda _found: said, back=back, on=back)
