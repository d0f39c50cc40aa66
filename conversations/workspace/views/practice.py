"""Practising with a customer who does not exist: the same look, none of the consequences."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import canned
from conversations.actions import practice as acts
from conversations.actions import practising as practising_acts
from conversations.models import Mood, PracticeRun, PracticeTurn
from conversations.workspace import practising
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views.drafts import MOST_SOUNDS
from conversations.workspace.views.writing import shown_choices
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import clean
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.scoping import uuid7
from tenants.urls_tools import burl

WRITE = Permission.CONVERSATIONS_WRITE
GOOD = frozenset({"all_answered", "empathy", "nothing_asked_again"})
SENTENCES: dict[str, Any] = {
    "invented": gettext_lazy("You said what is in none of your business's answers: %(words)s"),
    "asked_again": gettext_lazy("You asked for what the customer had told already: “%(words)s”"),
    "on_record": gettext_lazy("You asked for what stands beside the conversation: “%(words)s”"),
    "unanswered": gettext_lazy("Questions without an answer: %(words)s"),
    "no_empathy": gettext_lazy("The customer was upset and you did not say that you see it."),
    "late_empathy": gettext_lazy("You showed understanding late: begin with it."),
    "shouts": gettext_lazy("Capitals read like shouting."),
    "hard": gettext_lazy("Your longest sentence has %(words)s words: cut it in two."),
    "long": gettext_lazy("Your longest reply has %(words)s words; on a telephone, 60 are many."),
    "slow": gettext_lazy("The customer waited %(words)s seconds for one of your replies."),
    "left": gettext_lazy("The customer lost patience and left."),
    "all_answered": gettext_lazy("You answered all that was asked."),
    "empathy": gettext_lazy("You showed at once that you see how the customer feels."),
    "nothing_asked_again": gettext_lazy("You asked for nothing that you had been told."),
}
MARKS = (
    ("clarity", pgettext_lazy("of a practice run", "Clarity")),
    ("empathy", gettext_lazy("Empathy")),
    ("knowing", gettext_lazy("Nothing asked twice")),
)
NAMES = {"es": "Español", "pt": "Português", "en": "English"}


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: BusinessRequest) -> HttpResponse:
    """What was practised, and a new customer (POST)."""
    if request.method == "POST":
        try:
            run = acts.begin(
                language=request.POST.get("language", ""), mood=request.POST.get("mood", ""), by=request.actor
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(burl(request, "conversations:practice"))
        return redirect(burl(request, "conversations:practice-run", run.pk))
    try:
        page = acts.page(request.actor, request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:practice"))
    spoken = acts.languages()
    usual = (request.user.language or request.tenant.language).partition("-")[0]
    context = {
        "page": page,
        "moods": Mood.choices,
        "languages": [(code, NAMES[code]) for code in spoken],
        "chosen": usual if usual in spoken else next(iter(spoken), ""),
        "sees_others": request.actor.can(Permission.SUPERVISION_READ),
        "mine": request.membership.pk,
    }
    return render(request, "conversations/practice.html", context)


@requires(WRITE)
@require_safe
def practice_run(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """One run on the workspace: the thread, the customer beside it, the composer, the feedback at the end."""
    run = get_or_404(acts.visible_to(request.actor).select_related("membership__user"), practice_run_id)
    return _shown(request, run)


def _shown(request: BusinessRequest, run: PracticeRun, problem: str = "", typed: str = "") -> HttpResponse:
    runs = acts.visible_to(request.actor).filter(membership_id=run.membership_id)
    context = {
        **_context(request, run, list(run.turns.order_by("number"))),
        "runs": runs.order_by(*acts.ORDER)[: acts.PAGE],
        "problem": problem,
        "draft_text": typed,
        "can": {"attachment_limit": 0, "text_limit": acts.LONGEST, "attachments": False},
        "client_id": uuid7(),
    }
    return render(request, "conversations/practice_run.html", context, status=422 if problem else 200)


def _context(request: BusinessRequest, run: PracticeRun, turns: list[PracticeTurn]) -> dict[str, Any]:
    told = run.feedback or {}
    is_mine = run.membership_id == request.membership.pk
    return {
        **practising.thread(run, turns, is_mine=is_mine),
        "is_mine": is_mine,
        "told": told,
        "marks": [(name, told.get(key, 0)) for key, name in MARKS] if run.score is not None else [],
        "notes": [
            (note["kind"] in GOOD, SENTENCES[note["kind"]] % {"words": note["words"]})
            for note in told.get("notes", [])
            if note["kind"] in SENTENCES
        ],
    }


def _mine(request: BusinessRequest, practice_run_id: UUID) -> PracticeRun:
    own = PracticeRun.objects.filter(membership=request.membership).select_related("membership__user")
    found: PracticeRun = get_or_404(own, practice_run_id)
    return found


@requires(WRITE)
@require_POST
def practice_reply(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """Answer the customer; the page gets what came since, as the workspace does."""
    run, text = _mine(request, practice_run_id), request.POST.get("text", "")
    client_id = clean(request.POST.get("client_id", ""), 40)
    try:
        acts.answer(run=run, text=text, by=request.actor, client_id=client_id)
    except Refused as refusal:
        if request.htmx:
            return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
        return _shown(request, run, str(refusal), text)
    if not request.htmx:
        return redirect(burl(request, "conversations:practice-run", run.pk))
    run, after = _mine(request, run.pk), uuid_or_none(request.POST.get("after"))
    context = _context(request, run, list(run.turns.order_by("number")))
    fresh = [one for one in context["items"] if not after or one.get("id") is None or one["id"] > after]
    return render(request, "conversations/practice_updates.html", {**context, "items": fresh})


@requires(WRITE)
@require_POST
def practice_ending(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """End it here."""
    run = acts.stop(run=_mine(request, practice_run_id), by=request.actor)
    messages.success(request, _("Ended. Here is how it went."))
    return redirect(burl(request, "conversations:practice-run", run.pk))


@requires(WRITE)
@require_safe
def practice_canned(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """What the slash offers, filled in for the customer who does not exist."""
    run = _mine(request, practice_run_id)
    values = canned.values_of(request.membership, request.tenant, name=run.customer)
    return shown_choices(request, values, run.language)


@requires(WRITE)
@require_POST
def practice_draft(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """What a draft asks for that is known already, and what of it sounds like no person."""
    run, text = _mine(request, practice_run_id), clean(request.POST.get("text", ""), 50_000)
    found = practising_acts.draft_findings(run=run, text=text)
    heard = practising_acts.draft_sounds(run=run, text=text)[:MOST_SOUNDS]
    return render(request, "conversations/draft_check.html", {"findings": found, "sounds": heard})


@requires(WRITE)
@require_safe
def practice_suggestions(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """Answers proposed to the customer's last word."""
    found = practising_acts.proposals(_mine(request, practice_run_id))
    proposed = [
        {"one": one, "source": one.source, "number": number, "outcome_url": ""}
        for number, one in enumerate(found, 1)
    ]
    return render(request, "conversations/suggestions.html", {"proposed": proposed})
