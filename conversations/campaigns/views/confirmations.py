"""Confirmations: what is said when, and for a day who was told what, what he answered, who not and why."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import confirmation_queries as queries
from conversations.actions import confirmation_steps as acts
from conversations.actions import confirmations as single
from conversations.campaigns import confirmation_forms as forms
from conversations.campaigns.views.doing import done
from conversations.models import Confirmation, ConfirmationStep, Happening, JourneyPlace
from conversations.workspace.views import panes
from crm import queries as crm
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND
READ_THEM = gettext_lazy("They are written and off. Read them, then switch on what you want.")
AT_ONCE = 50
OF_CUSTOMER = 6
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
SAID = Confirmation.Answer
TONES = {
    SAID.CONFIRMED: "success", SAID.DECLINED: "danger", SAID.MOVING: "warning", SAID.MOVED: "success",
    SAID.DOUBTFUL: "warning",
}  # fmt: skip
STATE_TONES = {
    Confirmation.State.WAITING: "info", Confirmation.State.SENT: "", Confirmation.State.WITHDRAWN: "",
    Confirmation.State.LEFT_OUT: "warning",
}  # fmt: skip


@requires(READ)
@require_safe
def confirmations(request: BusinessRequest) -> HttpResponse:
    """A day: who is told what and when, and what came of it."""
    since = panes.stream_position(request)
    day = _day(request)
    view = request.GET.get("view", "") if request.GET.get("view", "") in queries.VIEWS else ""
    whole = queries.of_day(day, request.tenant.zone, request.actor)
    rows = whole.filter(queries.VIEWS[view]) if view else whole
    try:
        page = cursors.page(
            rows.select_related("customer", "step__template", "message"),
            ordering=("due_at", "id"),
            limit=AT_ONCE,
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(burl(request, "conversations:confirmations"))
    counts = queries.counts(whole)
    context: dict[str, Any] = {
        "since": since, "day": day, "today": timezone.localdate(), "view": view, "page": page,
        "yesterday": day - timedelta(days=1), "tomorrow": day + timedelta(days=1),
        "filters": [(name, label, counts[name or "all"]) for name, label in _labels().items()],
        "rows": _rows(page.items),
        "has_steps": ConfirmationStep.objects.exists(),
    }  # fmt: skip
    return render(request, "campaigns/confirmations.html", context)


def _day(request: BusinessRequest) -> date:
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        day = None
    return day if day and EARLIEST < day < LATEST else timezone.localdate()


def _labels() -> dict[str, str]:
    return {
        "": _("All"),
        "waiting": _("Still to go"),
        "sent": _("Sent"),
        "silent": _("No answer yet"),
        **{str(said): str(said.label) for said in SAID},
        "left_out": _("Left out or withdrawn"),
    }


def _rows(found: list[Confirmation]) -> list[dict[str, Any]]:
    about = queries.subjects(found)
    return [
        {
            "one": one,
            "about": about.get(one.thing_id, ""),
            "tone": TONES[SAID(one.answer)] if one.answer else STATE_TONES[Confirmation.State(one.state)],
            "label": one.get_answer_display() if one.answer else one.get_state_display(),
        }
        for one in found
    ]


@requires(READ)
@require_safe
def customer_confirmations(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """What a customer was told lately and what he answered: a part of his page."""
    customer = crm.customer_or_404(customer_id, request.actor)
    found = Confirmation.objects.filter(customer=customer).select_related("message", "step__template")
    rows = _rows(list(found.order_by("-sent_at", "-id")[:OF_CUSTOMER]))
    journeys = JourneyPlace.objects.filter(customer=customer).select_related("journey")
    context = {"rows": rows, "places": list(journeys.order_by("-id")[:OF_CUSTOMER])}
    return render(request, "campaigns/customer_confirmations.html", context)


def _act(request: BusinessRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it and say so, or say why not; back to the day it was done on."""
    query = f"?day={_day(request).isoformat()}" if request.GET.get("day") else ""
    return done(request, act, said, to=burl(request, "conversations:confirmations") + query)


def _find(request: BusinessRequest, confirmation_id: UUID) -> Confirmation:
    seen = queries.seen(Confirmation.objects.all(), request.actor)
    found: Confirmation = get_or_404(seen, confirmation_id)
    return found


@requires(WRITE)
@require_POST
def withdrawal(request: BusinessRequest, confirmation_id: UUID) -> HttpResponse:
    """Do not say it."""
    found = _find(request, confirmation_id)
    return _act(
        request,
        lambda: single.withdraw_confirmation(confirmation=found, by=request.actor),
        _("Withdrawn: he does not get it."),
    )


@requires(SEND)
@require_POST
def sending(request: BusinessRequest, confirmation_id: UUID) -> HttpResponse:
    """Say it at once."""
    found = _find(request, confirmation_id)
    return _act(
        request,
        lambda: single.send_confirmation_now(confirmation=found, by=request.actor),
        _("It goes out now."),
    )


# --- the sequences ---


@requires(READ)
@require_safe
def steps(request: BusinessRequest) -> HttpResponse:
    """What is said when."""
    context = {"sequences": queries.sequences()}
    return render(request, "campaigns/confirmation_steps.html", context)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def step_new(request: BusinessRequest) -> HttpResponse:
    """One more message."""
    return _form(request, None)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: BusinessRequest, confirmation_step_id: UUID) -> HttpResponse:
    """One message changed."""
    return _form(request, find_step(confirmation_step_id))


def find_step(step_id: UUID) -> ConfirmationStep:
    """A step of this business, or 404."""
    found: ConfirmationStep = get_or_404(ConfirmationStep.objects.select_related("template"), step_id)
    return found


def _form(request: BusinessRequest, found: ConfirmationStep | None) -> HttpResponse:
    given, problem, field, status = forms.given(found), "", "", 200
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in forms.FIELDS}
        try:
            acts.save_step(step=found, by=request.actor, **forms.read(request.POST))
        except Refused as refusal:
            problem, field, status = str(refusal), refusal.field, 422
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "conversations:confirmation-steps"))
    context = {
        "step": found, "given": given, "problem": problem, "field": field,
        "happenings": Happening.choices, "templates": queries.templates(), "units": forms.units(),
        "sides": forms.sides(),
    }  # fmt: skip
    return render(request, "campaigns/confirmation_step.html", context, status=status)


@requires(SEND)
@require_POST
def step_switching(request: BusinessRequest, confirmation_step_id: UUID) -> HttpResponse:
    """Let it be said, or no more."""
    found = find_step(confirmation_step_id)
    is_on = request.POST.get("on") == "1"
    return done(
        request,
        lambda: acts.switch_step(step=found, is_on=is_on, by=request.actor),
        to=burl(request, "conversations:confirmation-steps"),
    )


@requires(WRITE)
@require_POST
def step_deletion(request: BusinessRequest, confirmation_step_id: UUID) -> HttpResponse:
    """Take it away."""
    acts.delete_step(step=find_step(confirmation_step_id), by=request.actor)
    messages.success(request, _("Deleted."))
    return redirect(burl(request, "conversations:confirmation-steps"))


@requires(WRITE)
@require_POST
def ready_made(request: BusinessRequest) -> HttpResponse:
    """Take the sequences that come with Puente."""
    return done(
        request,
        lambda: acts.use_ready_made(by=request.actor),
        lambda made: READ_THEM if made else _("All are there."),
        to=burl(request, "conversations:confirmation-steps"),
    )
