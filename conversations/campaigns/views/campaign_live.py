"""A campaign under way or over: how far it is, what came back, who got it and why others did not."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conversations.actions.campaigns import results
from conversations.campaigns import campaign_looks as looks
from conversations.campaigns import campaign_numbers as numbers
from conversations.campaigns.views.campaigns import READ, SEND, find, sees_everybody
from conversations.left_out import sentence
from conversations.models import Campaign, Recipient
from conversations.workspace.views import panes
from crm import queries as crm
from tenants.decorators import requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Sees
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

AT_ONCE = 50
REPLIES = 8
LOOKED_AT = 50  # campaigns, the latest, of which a customer's page tells
State = Campaign.State


def page(request: BusinessRequest, found: Campaign) -> HttpResponse:
    """Its page from when it was sent off."""
    since = panes.stream_position(request)
    sums = results.sums(found)
    answered = results.by_letter(found) if found.frozen_at else []
    context: dict[str, Any] = {
        "campaign": found,
        "since": since,
        "tone": numbers.TONES[State(found.state)],
        "may_send": request.actor.can(SEND),
        "may_approve": request.actor.can(SEND) and found.asked_by_id != request.membership.pk,
        "sums": sums,
        "lines": numbers.lines(sums),
        "rate": results.rate(found) if found.state == State.SENDING else 0,
        "what": looks.summary(found, request.tenant),
        "together": answered[-1] if answered else None,
        "deeds": numbers.deeds(answered[-1]) if answered else [],
        "by_letter": answered[:-1] if len(answered) > 2 else [],
        "replies": _replies(found) if found.frozen_at else [],
        "brought": results.brought(found) if found.frozen_at and found.hold_out_percent else None,
        "is_begun": found.frozen_at is not None,
        "unknown": sums.of(Recipient.State.UNKNOWN),
        "advice": numbers.advice(found),
        "canary": Recipient.objects.filter(campaign=found, is_canary=True).exists(),
    }
    return render(request, "campaigns/campaign_live.html", context)


def _replies(found: Campaign) -> list[Recipient]:
    rows = Recipient.objects.filter(campaign=found, replied_at__isnull=False)
    rows = rows.select_related("customer", "message").defer("message__text", "message__html")
    return list(rows.order_by("-replied_at")[:REPLIES])


@requires(READ)
@sees_everybody
@require_safe
def campaign_people(request: BusinessRequest, campaign_id: UUID) -> HttpResponse:
    """The people behind a number: by state and reason, or by what they did."""
    found = find(campaign_id)
    wanted = {name: request.GET.get(name, "")[:30] for name in ("state", "reason", "did")}
    rows = numbers.recipients(found, **wanted)
    try:
        cursor = request.GET.get("cursor", "")
        some = cursors.page(rows, ordering=("id",), limit=AT_ONCE, cursor=cursor)
    except BadCursor:
        return redirect(burl(request, "conversations:campaign-people", campaign_id))
    context = {
        "campaign": found, "page": some, **wanted, "title": _title(wanted),
        "why": sentence(wanted["reason"]), "dids": numbers.DID_WORDS,
        "is_out": wanted["state"] in numbers.OUT,
    }  # fmt: skip
    return render(request, "campaigns/campaign_people.html", context)


def _title(wanted: dict[str, str]) -> str:
    if wanted["did"] in numbers.DID_WORDS:
        return str(numbers.DID_WORDS[wanted["did"]])
    if wanted["state"] in Recipient.State.values:
        return str(Recipient.State(wanted["state"]).label)
    return ""


@requires(READ)
@require_safe
def customer_campaigns(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Which campaigns a customer got, and from which he was left out and why: a part of his page."""
    customer = crm.customer_or_404(customer_id, request.actor)
    latest = Campaign.objects.exclude(frozen_at=None).order_by("-id").values_list("pk", flat=True)[:LOOKED_AT]
    rows = Recipient.objects.filter(campaign__in=list(latest), customer=customer)
    context = {
        "rows": list(rows.select_related("campaign").order_by("-id")[:REPLIES]),
        "whole": request.actor.sees == Sees.ALL,
    }
    return render(request, "campaigns/customer_campaigns.html", context)
