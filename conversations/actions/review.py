"""What people make of the bot's decisions: right, wrong, or a better answer, which becomes a draft.

Nothing learned answers anybody before somebody who may publishes it. The same verdict twice is once.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import articles
from conversations.actions.article_content import Content, question_key
from conversations.models import Article, ArticleVersion, Correction, Decision
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Conflicting, Refused

Review, State = Decision.Review, ArticleVersion.State
JUDGED = (Review.RIGHT, Review.WRONG, Review.BETTER)
VERDICTS = (Review.RIGHT, Review.WRONG)


class InvalidVerdict(Refused):
    """Something that nobody can say of a decision."""


class ReviewedAlready(Conflicting):
    """Somebody else judged it meanwhile."""


@transaction.atomic
def judge(*, decision: Decision, verdict: str, by: Actor) -> Decision:
    """Say that a decision was right or wrong. Raises `InvalidVerdict`, `ReviewedAlready`."""
    if verdict not in VERDICTS:
        raise InvalidVerdict(_("Say right, wrong or better."), "verdict")
    decision = _lock(decision)
    if decision.review != verdict:
        _check_open(decision)
        _settle(decision, verdict, by)
    return decision


@transaction.atomic
def add_wording(
    *, decision: Decision, article: Article, phrasing: str, by: Actor, publish: bool = False
) -> Correction:
    """Teach that this is a way to ask for an answer there is: it goes onto the answer's draft.

    Raises `ReviewedAlready`, `InvalidArticle`, `ArticleArchived`.
    """
    decision = _lock(decision)
    if before := Correction.objects.filter(decision=decision, article=article).first():
        return before
    _check_open(decision)
    says = _says(article)
    if says is None:
        raise InvalidVerdict(_("This answer is no longer there. Choose another one."), "article")
    content = Content.of(says)
    known = {question_key(one) for one in (content.question, *content.phrasings)}
    added = "" if question_key(phrasing) in known else phrasing
    articles.write_article(
        article=article, by=by, publish=publish, source=ArticleVersion.Source.LEARNED,
        phrasings=[*content.phrasings, *([added] if added else [])],
    )  # fmt: skip
    return _correct(decision, article, by, phrasing=added)


@transaction.atomic
def write_answer(*, decision: Decision, by: Actor, publish: bool = False, **content: Any) -> Correction:
    """Teach an answer that was missing: an article of its own, as a draft.

    `content` is what an article says. Raises `ReviewedAlready`, `InvalidArticle`.
    """
    decision = _lock(decision)
    if before := Correction.objects.filter(decision=decision, is_new=True).first():
        return before
    _check_open(decision)
    article = articles.write_article(by=by, publish=publish, source=ArticleVersion.Source.LEARNED, **content)
    return _correct(decision, article, by, is_new=True)


@transaction.atomic
def take_back(*, decision: Decision, by: Actor) -> Decision:
    """Put a decision back to be reviewed; what was drafted for it goes, where nobody changed it since.

    What is published meanwhile stays: it is rolled back where answers are.
    """
    decision = _lock(decision)
    if decision.review not in JUDGED:
        return decision
    for correction in Correction.objects.filter(decision=decision).select_related("article"):
        _withdraw(correction, by)
        correction.delete()
    decision.review = Review.DUE if decision.doubt else Review.NONE
    decision.reviewed_at = decision.reviewed_by = None
    decision.save(update_fields=["review", "reviewed_at", "reviewed_by"])
    audit.record("decision.review_undone", target=decision, by=by)
    return decision


def settle_many(*, message_ids: list[Any], verdict: str, by: Actor, at: datetime) -> int:
    """The same said of several decisions that wait, by their messages; returns of how many."""
    waiting = Decision.objects.filter(message__in=message_ids, review__in=[Review.DUE, Review.WRONG])
    return int(waiting.update(review=verdict, reviewed_at=at, reviewed_by=by.membership))


def _lock(decision: Decision) -> Decision:
    found: Decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    return found


def _check_open(decision: Decision) -> None:
    if decision.action == Decision.Action.JOINED:
        raise InvalidVerdict(_("This message was read with the next one: judge that."), "")
    if decision.review in JUDGED:
        raise ReviewedAlready(_("Somebody reviewed this meanwhile. Take that back first."))


def _settle(decision: Decision, verdict: str, by: Actor, **details: Any) -> None:
    decision.review, decision.reviewed_at = verdict, timezone.now()
    decision.reviewed_by = by.membership
    decision.save(update_fields=["review", "reviewed_at", "reviewed_by"])
    audit.record("decision.reviewed", target=decision, by=by, verdict=verdict, **details)


def _correct(decision: Decision, article: Article, by: Actor, **fields: Any) -> Correction:
    draft = article.versions.filter(state=State.DRAFT).first()
    _settle(decision, Review.BETTER, by, article=str(article.pk))
    return Correction.objects.create(
        decision=decision, article=article, membership=by.membership, stamp=articles.stamp(draft), **fields
    )


def _says(article: Article) -> ArticleVersion | None:
    """What a change begins with: the draft, else what is published."""
    standing = {one.state: one for one in article.versions.exclude(state=State.PAST)}
    return standing.get(State.DRAFT) or standing.get(State.PUBLISHED)


def _withdraw(correction: Correction, by: Actor) -> None:
    article = correction.article
    if article is None or article.archived_at is not None:
        return
    draft = article.versions.filter(state=State.DRAFT).first()
    if draft is None:
        return
    if correction.is_new:
        if articles.stamp(draft) == correction.stamp:
            articles.discard_draft(article=article, by=by)
        return
    content = Content.of(draft)
    left = [one for one in content.phrasings if one != correction.phrasing]
    if not correction.phrasing or len(left) == len(content.phrasings):
        return
    articles.write_article(article=article, by=by, source=draft.source, phrasings=left)
    now_says, published = _says(article), article.versions.filter(state=State.PUBLISHED).first()
    if published and now_says and Content.of(now_says) == Content.of(published):
        articles.discard_draft(article=article, by=by)
