"""Practising with a customer who does not exist: the same look, none of the consequences."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.actions import practice as acts
from conversations.models import Mood, PracticeRun, PracticeTurn
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.CONVERSATIONS_WRITE
GOOD = frozenset({"all_answered", "empathy", "nothing_asked_again"})
SENTENCES: dict[str, Any] = {
    "invented": gettext_lazy("You said what is in none of your business's answers: %(words)s"),
    "asked_again": gettext_lazy("You asked for what the customer had told already: “%(words)s”"),
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
    """One run: the thread, what to write in, and the feedback at its end."""
    run = get_or_404(acts.visible_to(request.actor).select_related("membership__user"), practice_run_id)
    return _shown(request, run)


def _shown(request: BusinessRequest, run: PracticeRun, problem: str = "", typed: str = "") -> HttpResponse:
    told = run.feedback or {}
    context = {
        "run": run,
        "turns": run.turns.order_by("number"),
        "agent": PracticeTurn.Speaker.AGENT,
        "is_mine": run.membership_id == request.membership.pk,
        "told": told,
        "marks": [(name, told.get(key, 0)) for key, name in MARKS] if run.score is not None else [],
        "notes": [
            (note["kind"] in GOOD, SENTENCES[note["kind"]] % {"words": note["words"]})
            for note in told.get("notes", [])
            if note["kind"] in SENTENCES
        ],
        "problem": problem,
        "typed": typed,
    }
    return render(request, "conversations/practice_run.html", context, status=422 if problem else 200)


def _mine(request: BusinessRequest, practice_run_id: UUID) -> PracticeRun:
    found: PracticeRun | None = PracticeRun.objects.filter(
        pk=practice_run_id, membership=request.membership
    ).first()
    if found is None:
        raise Http404
    return found


@requires(WRITE)
@require_POST
def practice_reply(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """Answer the customer."""
    run = _mine(request, practice_run_id)
    try:
        acts.answer(run=run, text=request.POST.get("text", ""), by=request.actor)
    except Refused as refusal:
        return _shown(request, run, str(refusal), request.POST.get("text", ""))
    return redirect(burl(request, "conversations:practice-run", run.pk) + "#end")


@requires(WRITE)
@require_POST
def practice_ending(request: BusinessRequest, practice_run_id: UUID) -> HttpResponse:
    """End it here."""
    run = acts.stop(run=_mine(request, practice_run_id), by=request.actor)
    messages.success(request, _("Ended. Here is how it went."))
    return redirect(burl(request, "conversations:practice-run", run.pk) + "#end")
