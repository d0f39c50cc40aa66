"""Journeys: the list, the page on which the steps are written, and who is where."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import journey_queries as queries
from conversations.actions import journeys as acts
from conversations.campaigns import confirmation_forms
from conversations.campaigns.views.doing import done
from conversations.confirmation_queries import seen
from conversations.journeys import editing, sentences
from conversations.journeys.content import BIRTHDAY, NO_SHOW
from conversations.journeys.recipes import RECIPES
from conversations.models import Happening, Journey, JourneyPlace
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from crm.models import Segment
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND
AT_ONCE = 25
PEOPLE = 50
State = JourneyPlace.State


@requires(READ)
@require_safe
def journeys(request: BusinessRequest) -> HttpResponse:
    """All in use, or those put away, with how many are under way."""
    since = panes.stream_position(request)
    archived = request.GET.get("state") == "archived"
    try:
        cursor = request.GET.get("cursor", "")
        page = cursors.page(
            queries.listed(archived=archived), ordering=("-id",), limit=AT_ONCE, cursor=cursor
        )
    except BadCursor:
        return redirect(burl(request, "conversations:journeys"))
    names, newest = queries.Names(), queries.newest(page.items)
    people = queries.counts(page.items, request.actor)
    rows = [
        {
            "journey": one,
            "entry": sentences.entry(newest[one.pk].content["entry"], names.segments),
            "people": people.get(one.pk, {}),
        }
        for one in page.items
    ]
    context = {"rows": rows, "page": page, "archived": archived, "since": since}
    return render(request, "campaigns/journeys.html", context)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def journey_new(request: BusinessRequest) -> HttpResponse:
    """One out of a recipe."""
    problem, status = "", 200
    if request.method == "POST":
        wanted = uuid_or_none(request.POST.get("segment", ""))
        segment = Segment.objects.standing().filter(pk=wanted).first() if wanted else None
        try:
            made = acts.create_from_recipe(
                recipe=request.POST.get("recipe", ""),
                segment=segment,
                attribute=one_line(request.POST.get("attribute", ""), 60),
                by=request.actor,
            )
        except Refused as refusal:
            problem, status = str(refusal), 422
        else:
            messages.success(request, _("It is written and off. Read it, then switch it on."))
            return redirect(burl(request, "conversations:journey", made.pk))
    context = {
        "recipes": RECIPES.items(), "problem": problem, "segments": queries.Names().standing,
        "dates": queries.dates(),
    }  # fmt: skip
    return render(request, "campaigns/journey_new.html", context, status=status)


def find(journey_id: UUID) -> Journey:
    """A journey of this business, or 404."""
    found: Journey = get_or_404(Journey.objects.all(), journey_id)
    return found


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def journey(request: BusinessRequest, journey_id: UUID) -> HttpResponse:
    """Its steps: read, and changed by whoever may; saving makes a version."""
    found = find(journey_id)
    version = acts.newest_of(found)
    content, name, base = json.loads(json.dumps(version.content)), found.name, version.number
    problem, status, focus = "", 200, ""
    may_write = request.actor.can(WRITE) and found.archived_at is None
    if request.method == "POST" and may_write:
        content = editing.read(request.POST, request.POST.getlist("stops"), content["steps"])
        name = one_line(request.POST.get("name", ""), 200)
        given = request.POST.get("base", "")
        base = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else base
        op = request.POST.get("op", "save")
        if op == "save":
            try:
                acts.save_journey(journey=found, name=name, content=content, base=base, by=request.actor)
            except Refused as refusal:
                problem, status = str(refusal), refusal.status
            else:
                messages.success(request, _("Saved. Who is under way finishes the steps he began with."))
                return redirect(burl(request, "conversations:journey", found.pk))
        else:
            focus = editing.change(content["steps"], op)
    return render(
        request,
        "campaigns/journey.html",
        {**_shown(request, found, content), "name": name, "base": base, "problem": problem, "focus": focus,
         "may_write": may_write, "is_changed": request.method == "POST"},
        status=status,
    )  # fmt: skip


def _shown(request: BusinessRequest, found: Journey, content: dict[str, Any]) -> dict[str, Any]:
    since = panes.stream_position(request)
    names, version = queries.Names(), acts.newest_of(found)
    people = queries.where(version, request.actor)
    whole = queries.counts([found], request.actor).get(found.pk, {})
    rows = [
        {**line, "fields": queries.fields(line)} if "step" in line else line
        for line in queries.lines(content["steps"], names, people)
    ]
    entry = content["entry"]
    return {
        "journey": found, "since": since, "lines": rows, "content": content, "people": whole,
        "elsewhere": whole.get("waiting", 0) - sum(people.values()),
        "steps_json": json.dumps(content["steps"]), "kinds": sentences.KINDS.items(),
        "templates": [(str(pk), label) for pk, label in names.kept],
        "segments": [(str(pk), label) for pk, label in names.standing],
        "units": confirmation_forms.units(), "stops": sentences.STOPS.items(),
        "conditions": sentences.CONDITIONS.items(), "dates": queries.dates(),
        "entry": f"segment:{entry['segment']}" if entry.get("segment") else entry.get("on", ""),
        "entry_words": sentences.entry(entry, names.segments),
        "happenings": [*Happening.choices, (NO_SHOW, _("Did not come")), (BIRTHDAY, _("Birthday"))],
    }  # fmt: skip


@requires(READ)
@require_safe
def journey_people(request: BusinessRequest, journey_id: UUID) -> HttpResponse:
    """Who is where, and what was done with each."""
    found = find(journey_id)
    since = panes.stream_position(request)
    state = request.GET.get("state", "") if request.GET.get("state", "") in State.values else "waiting"
    rows = seen(JourneyPlace.objects.filter(journey=found, state=state), request.actor)
    try:
        page = cursors.page(
            rows.select_related("customer", "version"),
            ordering=("-id",),
            limit=PEOPLE,
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(burl(request, "conversations:journey-people", found.pk))
    counts = queries.counts([found], request.actor).get(found.pk, {})
    context = {
        "journey": found, "since": since, "page": page, "state": state,
        "states": [(value, label, counts.get(value, 0)) for value, label in State.choices],
        "rows": places(page.items),
    }  # fmt: skip
    return render(request, "campaigns/journey_people.html", context)


def places(found: list[JourneyPlace]) -> list[dict[str, Any]]:
    """Each place with the step it waits at, why it ended, and its trail."""
    names = queries.Names() if found else None
    rows = []
    for one in found:
        step = queries.step_of(one) if names else None
        rows.append(
            {
                "place": one,
                "next": sentences.step(step, names.templates, names.segments) if step and names else "",
                "why": sentences.sentence(one.reason),
                "trail": queries.trail(one),
            }
        )
    return rows


@requires(SEND)
@require_POST
def journey_switching(request: BusinessRequest, journey_id: UUID) -> HttpResponse:
    """Let customers enter, or no more."""
    found, is_on = find(journey_id), request.POST.get("on") == "1"
    return done(
        request,
        lambda: acts.switch_journey(journey=found, is_on=is_on, by=request.actor),
        to=burl(request, "conversations:journey", found.pk),
    )


@requires(WRITE)
@require_POST
def journey_archiving(request: BusinessRequest, journey_id: UUID) -> HttpResponse:
    """Put it away; at once or later it can be brought back."""
    found = find(journey_id)
    return done(
        request,
        lambda: acts.archive_journey(journey=found, by=request.actor),
        _("Archived."),
        to=burl(request, "conversations:journeys"),
        undo=burl(request, "conversations:journey-restoration", found.pk),
    )


@requires(WRITE)
@require_POST
def journey_restoration(request: BusinessRequest, journey_id: UUID) -> HttpResponse:
    """Bring it back, off."""
    found = find(journey_id)
    return done(
        request,
        lambda: acts.bring_back_journey(journey=found, by=request.actor),
        _("Brought back. It is off."),
        to=burl(request, "conversations:journey", found.pk),
    )


@requires(WRITE)
@require_POST
def journey_end(request: BusinessRequest, journey_id: UUID, journey_place_id: UUID) -> HttpResponse:
    """Let it end for one customer."""
    mine = seen(JourneyPlace.objects.filter(journey=find(journey_id)), request.actor)
    place: JourneyPlace = get_or_404(mine, journey_place_id)
    return done(
        request,
        lambda: acts.take_out(place=place, by=request.actor),
        _("Taken out: nothing more of it reaches him."),
        to=burl(request, "conversations:journey-people", journey_id),
    )
