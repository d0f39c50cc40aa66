"""Rehearsals: what other answers would have changed in the last days, before they are published.

`conversations/rehearsing.py` plays them in a worker. Nothing is sent, and nothing written but the run's rows.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import articles, bells
from conversations.models import Article, ArticleVersion, RehearsalRun
from tenants import audit
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.permissions import Sees
from tenants.refusals import Conflicting, Refused

DAYS = 30
MOST_VERSIONS = 200
KEPT = timedelta(days=30)
State, Version = RehearsalRun.State, ArticleVersion.State


class NothingToRehearse(Refused):
    """No answer that would be another."""


class OutOfDate(Conflicting):
    """The answers were changed since they were rehearsed."""


@transaction.atomic
def rehearse(
    *,
    by: Actor,
    chosen: Sequence[Article] = (),
    versions: Sequence[ArticleVersion] = (),
) -> RehearsalRun:
    """Let a worker put the last days' messages to the bot with other answers.

    Those are the drafts of the chosen articles, of an archived one what it said, earlier versions, or, where
    nothing is chosen, all drafts. The same rehearsal under way is returned as it is. Raises
    `NothingToRehearse`.
    """
    Tenant.objects.select_for_update(of=("self",)).get()
    wanted = [*versions, *(_would_say(one) for one in chosen)] or _all_drafts()
    found = {one.article_id: one for one in wanted if one is not None}
    if not found:
        raise NothingToRehearse(_("There is no draft to rehearse. Change an answer and keep it as a draft."))
    if len(found) > MOST_VERSIONS:
        raise NothingToRehearse(
            _("At most %(most)s answers are rehearsed at once.") % {"most": MOST_VERSIONS}
        )
    tried = sorted(found.values(), key=lambda one: one.pk)
    is_narrowed, stamp = by.sees != Sees.ALL, stamp_of(tried)
    under_way = RehearsalRun.objects.filter(
        state__in=[State.WAITING, State.RUNNING], stamp=stamp, is_narrowed=is_narrowed
    )
    if is_narrowed:
        under_way = under_way.filter(membership=by.membership)
    if before := under_way.order_by("-id").first():
        return before  # type: ignore[no-any-return]
    now = timezone.now()
    run: RehearsalRun = RehearsalRun.objects.create(
        version_ids=[one.pk for one in tried],
        stamp=stamp,
        is_narrowed=is_narrowed,
        since=now - timedelta(days=DAYS),
        due_at=now,
        membership=by.membership,
        by_label=by.label[:150],
    )
    audit.record("rehearsal.begun", target=run, by=by, answers=len(tried))
    bells.rehearse(run.pk)
    return run


@transaction.atomic
def publish(*, run: RehearsalRun, by: Actor) -> int:
    """Let what was rehearsed answer from now on; returns how many answers. Twice is once.

    Raises `OutOfDate` where somebody changed an answer since.
    """
    tried = _tried(run)
    if stamp_of(tried) != run.stamp:
        raise OutOfDate(_("An answer was changed or discarded since this rehearsal. Rehearse it again."))
    standing = {one.pk: one for one in Article.objects.filter(pk__in=[one.article_id for one in tried])}
    for version in tried:
        article = standing[version.article_id]
        if article.archived_at is not None:
            article = articles.restore_article(article=article, by=by)
        if version.state == Version.DRAFT:
            articles.publish_articles(articles=[article], by=by)
        elif version.state == Version.PAST:
            articles.roll_back(article=article, number=version.number, by=by)
    audit.record("rehearsal.published", target=run, by=by, answers=len(tried))
    return len(tried)


@transaction.atomic
def discard(*, run: RehearsalRun, by: Actor) -> int:
    """Take the rehearsed drafts away; returns how many. What is published stays. Twice is once."""
    drafts = [one for one in _tried(run) if one.state == Version.DRAFT and one.article.archived_at is None]
    for version in drafts:
        articles.discard_draft(article=version.article, by=by)
    if drafts:
        audit.record("rehearsal.discarded", target=run, by=by, answers=len(drafts))
    return len(drafts)


def stamp_of(versions: Sequence[ArticleVersion]) -> str:
    """What some versions say, in short."""
    said = "|".join(f"{one.pk}@{one.updated_at.isoformat()}" for one in versions)
    return sha256(said.encode()).hexdigest()


def forget_old() -> int:
    """Drop rehearsals of long ago with their examples; returns how many."""
    old = RehearsalRun.objects.filter(created_at__lt=timezone.now() - KEPT)
    number: int = old.count()
    old.delete()
    return number


def _tried(run: RehearsalRun) -> list[ArticleVersion]:
    found = ArticleVersion.objects.filter(pk__in=run.version_ids).select_related("article")
    return list(found.order_by("pk"))


def _would_say(article: Article) -> ArticleVersion | None:
    """What would answer for an article: its draft, or what an archived one said."""
    standing: dict[str, ArticleVersion] = {
        one.state: one for one in article.versions.exclude(state=Version.PAST)
    }
    said = standing.get(Version.PUBLISHED) if article.archived_at is not None else None
    return standing.get(Version.DRAFT) or said


def _all_drafts() -> list[ArticleVersion]:
    drafts = ArticleVersion.objects.filter(state=Version.DRAFT, article__archived_at=None)
    return list(drafts.order_by("id")[: MOST_VERSIONS + 1])
