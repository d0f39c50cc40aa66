"""A draft: written on one page, with whom it reaches, what he gets, and what stands in its way."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import gate
from conversations.actions.campaigns import drafting, foreseeing, reading, steering
from conversations.actions.campaigns.freezing import CannotFreeze
from conversations.campaigns import campaign_forms as forms
from conversations.campaigns import campaign_looks as looks
from conversations.campaigns.views import campaign_live
from conversations.campaigns.views.campaigns import READ, SEND, WRITE, find, sees_everybody
from conversations.models import Campaign
from conversations.workspace.forms import uuid_or_none
from crm import queries as crm
from crm.models import Customer
from tenants.decorators import requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.refusals import Conflicting, Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

SAMPLE = 8


@requires(READ)
@sees_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """One: while it is a draft the page on which it is written, then what becomes of it."""
    found = find(campaign_id)
    if request.method == "POST":
        if not request.actor.can(WRITE):
            raise Http404
        return _save(request, found)
    if found.state != Campaign.State.DRAFT:
        return campaign_live.page(request, found)
    return _page(request, found, forms.given(found))


def _save(request: BusinessRequest, found: Campaign) -> HttpResponse:
    said = forms.given(found)
    try:
        said = forms.read(request.POST, request.tenant)
        drafting.change(campaign=found, by=request.actor, letters=said.letters, **said.fields)
    except Refused as refusal:
        if isinstance(refusal, Conflicting) and not refusal.field:
            messages.error(request, str(refusal))
            return redirect(burl(request, "conversations:campaign", found.pk))
        return _page(request, found, said, problem=refusal, status=422)
    op = request.POST.get("op", "save")
    if op == "check":
        return redirect(burl(request, "conversations:campaign-check", found.pk))
    if op == "template":
        return redirect(burl(request, "conversations:message-template-new"))
    if op.startswith("edit:"):
        first = said.letters[0]["template"] if said.letters else None
        if first:
            return redirect(burl(request, "conversations:message-template", first))
    messages.success(request, _("Saved."))
    return redirect(burl(request, "conversations:campaign", found.pk))


def _page(
    request: BusinessRequest,
    found: Campaign,
    said: forms.Written,
    *,
    problem: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "campaign": found,
        "problem": str(problem) if problem else "",
        "problem_field": problem.field if problem else "",
        "may_write": request.actor.can(WRITE),
        "zone": request.tenant.timezone,
        "policy": gate.policy(),
        **forms.shown(said, request.tenant, request.POST if problem else None),  # type: ignore[arg-type]
        **_foreseen(found),
    }
    return render(request, "campaigns/campaign.html", context, status=status)


# --- whom it reaches ---


@requires(WRITE)
@sees_everybody
@require_POST
def campaign_audience(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Whom the form as it stands would reach, and why others not: while somebody is still writing."""
    found = find(campaign_id)
    try:
        said = forms.read(request.POST, request.tenant)
    except Refused:
        said = forms.given(found)
    for name in ("purpose", "include", "exclude", "channels", "hold_out_percent"):
        setattr(found, name, said.fields[name])
    context = {"campaign": found, **_foreseen(found), "is_unsaved": True}
    return render(request, "campaigns/campaign_audience.html", context)


def _foreseen(found: Campaign) -> dict[str, Any]:
    """The counts and a few who would get it, or the sentence that says why there are none."""
    if not found.include or not found.channels:
        missing = _("Choose a segment and a channel, and see here whom it reaches.")
        return {"foreseen": None, "not_foreseen": missing}
    at = timezone.now()
    try:
        counted = foreseeing.foreseen(found, at=at)
    except Refused as refusal:
        return {"foreseen": None, "not_foreseen": str(refusal)}
    if counted is None:
        late = _("So many people take longer to count than you want to wait. It goes to whoever may get it.")
        return {"foreseen": None, "not_foreseen": late}
    return {"foreseen": counted}


@requires(READ)
@sees_everybody
@require_safe
def campaign_foreseen(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """The people behind a reason before anything is sent; without a reason those who would get it."""
    found = find(campaign_id)
    if found.frozen_at:
        return redirect(burl(request, "conversations:campaign-people", found.pk))
    reason = request.GET.get("reason", "")[:30]
    context: dict[str, Any] = {"campaign": found, "reason": reason, "why": looks.why(reason)}
    try:
        page = foreseeing.people(
            found, reason, at=timezone.now(), limit=50, cursor=request.GET.get("cursor", "")
        )
    except BadCursor:
        return redirect(burl(request, "conversations:campaign-foreseen", found.pk))
    except CannotFreeze as refusal:
        return render(request, "campaigns/campaign_foreseen.html", {**context, "problem": str(refusal)})
    except foreseeing.TooLate:
        late = _("So many people take longer to list than you want to wait.")
        return render(request, "campaigns/campaign_foreseen.html", {**context, "problem": late})
    ids = [one.customer for one in page.items]
    people = crm.customers_visible_to(request.actor).in_bulk(ids)
    context |= {"rows": [people[pk] for pk in ids if pk in people], "next_cursor": page.next_cursor}
    return render(request, "campaigns/campaign_foreseen.html", context)


# --- what they get ---


@requires(READ)
@sees_everybody
@require_safe
def campaign_preview(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """What a customer would get: his letter, on a channel, in his language."""
    found = find(campaign_id)
    customer = _customer(request)
    q = one_line(request.GET.get("q", ""), 100)
    people = crm.search_customers(q, request.actor, SAMPLE) if q else None
    if people is None:
        people = list(crm.customers_visible_to(request.actor).order_by(*crm.NEWEST_CONTACT)[:SAMPLE])
    if q and people:
        customer = people[0]
    context = {
        "campaign": found,
        "customer": customer,
        "people": people if customer in people or not customer else [customer, *people],
        **looks.look(request, found, customer, request.GET.get("letter", ""), request.GET.get("channel", "")),
    }
    return render(request, "campaigns/campaign_preview.html", context)


def _customer(request: BusinessRequest) -> Customer | None:
    wanted = uuid_or_none(request.GET.get("customer"))
    found: Customer | None = (
        crm.customers_visible_to(request.actor).filter(pk=wanted).first() if wanted else None
    )
    return found


# --- before it goes ---


@requires(READ)
@sees_everybody
@require_safe
def campaign_check(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """Everything once more with its figures: what, to whom, when; what stands in its way; and off it goes."""
    found = find(campaign_id)
    if found.state not in (Campaign.State.DRAFT, Campaign.State.WAITING):
        return redirect(burl(request, "conversations:campaign", found.pk))
    obstacle = None
    try:
        steering.check(found)
    except Refused as refusal:
        obstacle = refusal
    context: dict[str, Any] = {
        "campaign": found,
        "obstacle": str(obstacle) if obstacle else "",
        "may_send": request.actor.can(SEND),
        "may_approve": request.actor.can(SEND) and found.asked_by_id != request.membership.pk,
        "policy": gate.policy(),
        "what": looks.summary(found, request.tenant),
        "findings": looks.problems(found, request.tenant.language),
        **_foreseen(found),
    }
    return render(request, "campaigns/campaign_check.html", context)


@requires(READ)
@sees_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_reading(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """What a worker found when it filled the texts in for everybody: asked for by POST, then looked at."""
    found = find(campaign_id)
    state = reading.begin(found) if request.method == "POST" else reading.state_of(found)
    context = {"campaign": found, "reading": state, "lacks": looks.lacks(state)}
    return render(request, "campaigns/campaign_reading.html", context)
