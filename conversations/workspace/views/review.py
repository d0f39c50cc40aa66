"""The bot's decisions, one after the other: right, wrong, or a better answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import knowledge, review, unanswered
from conversations.actions import review as acts
from conversations.models import Article, Category, Decision
from conversations.workspace.forms import uuid_or_none
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import clean, one_line
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.KNOWLEDGE_WRITE
FOUND = 8  # answers offered to choose from


@requires(WRITE)
@require_safe
def reviews(request: BusinessRequest) -> HttpResponse:
    """The decision that is next, and what it rests on."""
    after = request.GET.get("after", "")
    try:
        page = review.page(request.actor, after, limit=1)
    except BadCursor:
        return redirect(burl(request, "conversations:reviews"))
    decision = page.items[0] if page.items else None
    context: dict[str, Any] = {
        "decision": decision,
        "left": review.due_count(request.actor),
        "skipped": bool(after),
        "after": after,
        "last": _last(request),
    }
    if decision:
        context |= {
            "evidence": review.evidence([decision])[decision.pk],
            "before": review.before(decision),
            "next_cursor": review.place_of(decision),
            "sure": None if decision.probability is None else round(decision.probability * 100),
        }
    return render(request, "conversations/reviews.html", context)


def _last(request: BusinessRequest) -> Decision | None:
    """What was judged on the page before, to be taken back."""
    wanted = uuid_or_none(request.GET.get("last"))
    if wanted is None:
        return None
    found: Decision | None = review.seen_by(request.actor).filter(pk=wanted, review__in=acts.JUDGED).first()
    return found


def _next(request: BusinessRequest, decision: Decision, *, judged: bool = True) -> HttpResponse:
    """On to the one after, from where one was."""
    query = {"after": review.place_of(decision)} | ({"last": str(decision.pk)} if judged else {})
    if not review.due(request.actor).filter(created_at__lt=decision.created_at).exists():
        query.pop("after")
    return redirect(f"{burl(request, 'conversations:reviews')}?{urlencode(query)}")


def _find(request: BusinessRequest, decision_id: UUID) -> Decision:
    seen = review.seen_by(request.actor).select_related("message", "reply", "conversation__customer")
    found: Decision = get_or_404(seen, decision_id)
    return found


@requires(WRITE)
@require_POST
def review_verdict(request: BusinessRequest, decision_id: UUID) -> HttpResponse:
    """Right or wrong, as the pressed button says."""
    decision = _find(request, decision_id)
    try:
        acts.judge(decision=decision, verdict=request.POST.get("verdict", ""), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _next(request, decision, judged=False)
    return _next(request, decision)


@requires(WRITE)
@require_POST
def review_undoing(request: BusinessRequest, decision_id: UUID) -> HttpResponse:
    """Take a verdict back, and look at it again."""
    decision = acts.take_back(decision=_find(request, decision_id), by=request.actor)
    page = burl(request, "conversations:reviews")
    newer = review.due(request.actor).filter(created_at__gt=decision.created_at).order_by("created_at", "id")
    before = newer.first()
    return redirect(f"{page}?{urlencode({'after': review.place_of(before)})}" if before else page)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def review_better(request: BusinessRequest, decision_id: UUID) -> HttpResponse:
    """A better answer: an answer there is, asked in these words too, or one that was missing."""
    decision = _find(request, decision_id)
    typed: dict[str, str] = {}
    problem: Refused | None = None
    if request.method == "POST":
        typed = {
            name: clean(request.POST.get(name, "")).strip() for name in ("question", "answer", "phrasing")
        }
        try:
            _correct(request, decision, typed)
        except Refused as refusal:
            problem = refusal
        else:
            return _next(request, decision)
    evidence = review.evidence([decision])[decision.pk]
    wording = review.wording_of(decision.message)
    reply = unanswered.reply_after(decision.message)
    drafted = unanswered.draft_of(reply) if reply else None
    context = {
        "decision": decision,
        "thoughts": [one for one in evidence.thoughts if one.version and not one.archived],
        "found": _search(request.GET.get("q", "")),
        "q": request.GET.get("q", ""),
        "typed": {
            "phrasing": typed.get("phrasing") or wording,
            "question": typed.get("question") or wording,
            "answer": typed.get("answer") or (drafted.text if drafted else ""),
        },
        "drafted": drafted if not typed.get("answer") else None,
        "chosen": request.POST.get("article", ""),
        "is_new": request.POST.get("kind") == "new",
        "problem": problem,
        "categories": Category.choices,
        "category": decision.category if decision.category in Category.values else Category.GENERAL,
    }
    return render(request, "conversations/review_better.html", context, status=422 if problem else 200)


def _correct(request: BusinessRequest, decision: Decision, typed: dict[str, str]) -> None:
    """Keep what was chosen or typed. Raises `Refused`."""
    publish = request.POST.get("publish") == "1"
    if request.POST.get("kind") == "new":
        acts.write_answer(
            decision=decision,
            by=request.actor,
            publish=publish,
            question=typed["question"],
            answer=typed["answer"],
            phrasings=[typed["phrasing"]] if typed["phrasing"] else [],
            language=review.article_language(decision.language, request.tenant.language),
            category=request.POST.get("category", ""),
        )
        return
    wanted = uuid_or_none(request.POST.get("article"))
    if wanted is None:
        raise acts.InvalidVerdict(_("Choose an answer, or write a new one."), "article")
    article = get_or_404(Article.objects.standing(), wanted)
    acts.add_wording(
        decision=decision, article=article, phrasing=one_line(typed["phrasing"], review.LONGEST_WORDING),
        by=request.actor, publish=publish,
    )  # fmt: skip


def _search(text: str) -> list[Article]:
    """Answers with some words in them, the latest changed first."""
    words = one_line(text, 100)
    if not words:
        return []
    found = knowledge.articles(knowledge.Narrow(q=words)).order_by(*knowledge.ORDER)
    return knowledge.with_versions(found[:FOUND])
