"""Articles: drafted, published, taken back, rolled back to what they said before, archived."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions.article_content import Content, InvalidArticle, checked
from conversations.models import Article, ArticleFile, ArticleVersion
from tenants import audit
from tenants.actors import Actor
from tenants.kit.files import delete_after_commit
from tenants.refusals import Conflicting

MOST = 2_000  # articles of a business that are not archived
State, Source = ArticleVersion.State, ArticleVersion.Source


class NothingToPublish(Conflicting):
    """An article without a draft."""


class ArticleArchived(Conflicting):
    """An archived article is not changed: it is restored first."""


class NoSuchVersion(Conflicting):
    """A version that is not there to go back to."""


class ChangedMeanwhile(Conflicting):
    """Somebody else changed the article since it was opened."""


def stamp(version: ArticleVersion | None) -> str:
    """What one saw of a version when one opened it."""
    return f"{version.number}@{version.updated_at.isoformat()}" if version else ""


@transaction.atomic
def write_article(
    *,
    by: Actor,
    article: Article | None = None,
    publish: bool = False,
    source: str = Source.MANUAL,
    seen: str | None = None,
    file_ids: Sequence[UUID] | None = None,
    **given: Any,
) -> Article:
    """Keep a new article or a change of one as its draft, and publish it if so wished.

    What is not given stays as the draft says, else as is published. What changes nothing makes no
    version. `seen` is the `stamp` of what was changed, to notice that somebody else was quicker;
    `file_ids` are of files of this article (`article_files` adds and removes).
    Raises `InvalidArticle`, `ArticleArchived`, `ChangedMeanwhile`.
    """
    is_new = article is None
    if article is None:
        if Article.objects.standing().count() >= MOST:
            raise InvalidArticle(_("At most %(most)s answers. Archive those nobody needs.") % {"most": MOST})
        content = checked(given)
        article = Article.objects.create()
        draft, published = None, None
    else:
        article = _lock(article)
        draft, published = _version(article, State.DRAFT), _version(article, State.PUBLISHED)
        now_says = draft or published
        if seen is not None and now_says and seen != stamp(now_says):
            raise ChangedMeanwhile(
                _("%(who)s changed this answer meanwhile. Look at it, or save again to put yours over it.")
                % {"who": now_says.author_label}
            )
        content = checked(given, Content.of(now_says) if now_says else None)
        if file_ids is not None:
            content = replace(content, file_ids=tuple(file_ids))
        if now_says and content == Content.of(now_says):
            return publish_articles(articles=[article], by=by)[0] if publish and draft else article
    if draft is None:
        draft = ArticleVersion(article=article, number=_next_number(article))
    for name, value in content.columns().items():
        setattr(draft, name, value)
    draft.source, draft.author, draft.author_label = source, by.membership, by.label[:150]
    draft.updated_at = timezone.now()
    draft.save()
    _touch(article)
    audit.record(
        "article.created" if is_new else "article.drafted",
        target=article, by=by, question=content.question, version=draft.number,
    )  # fmt: skip
    return publish_articles(articles=[article], by=by)[0] if publish else article


@transaction.atomic
def publish_articles(*, articles: Sequence[Article], by: Actor) -> list[Article]:
    """Let the drafts of one or several answer from now on, all of them or none.

    Raises `NothingToPublish`, `ArticleArchived`.
    """
    locked = [_lock(one) for one in sorted(articles, key=lambda one: one.pk)]
    drafts = {draft.article_id: draft for draft in ArticleVersion.objects.filter(
        article__in=locked, state=State.DRAFT)}  # fmt: skip
    if len(drafts) < len(locked):
        raise NothingToPublish(_("There is no draft to publish."))
    now = timezone.now()
    ArticleVersion.objects.filter(article__in=locked, state=State.PUBLISHED).update(state=State.PAST)
    ArticleVersion.objects.filter(pk__in=[draft.pk for draft in drafts.values()]).update(
        state=State.PUBLISHED, published_at=now
    )
    Article.objects.filter(pk__in=[one.pk for one in locked]).update(updated_at=now)
    for one in locked:
        draft = drafts[one.pk]
        audit.record("article.published", target=one, by=by, question=draft.question, version=draft.number)
    return locked


@transaction.atomic
def discard_draft(*, article: Article, by: Actor) -> Article | None:
    """Take the draft away; what is published stays. An article that was never published goes with it.

    Returns None then. Raises `NothingToPublish`, `ArticleArchived`.
    """
    article = _lock(article)
    draft = _version(article, State.DRAFT)
    if draft is None:
        raise NothingToPublish(_("There is no draft to discard."))
    audit.record(
        "article.draft_discarded", target=article, by=by, question=draft.question, version=draft.number
    )
    draft.delete()
    drop_unnamed_files(article)
    if not article.versions.exists():
        article.delete()
        return None
    _touch(article)
    return article


@transaction.atomic
def roll_back(*, article: Article, number: int, by: Actor) -> Article:
    """Publish an earlier version again, as it was; a draft stays a draft.

    Raises `NoSuchVersion`, `ArticleArchived`.
    """
    article = _lock(article)
    wanted = article.versions.filter(number=number).first()
    if wanted is None or wanted.state == State.DRAFT:
        raise NoSuchVersion(_("There is no published version %(number)s.") % {"number": number}, "version")
    if wanted.state == State.PUBLISHED:
        return article
    article.versions.filter(state=State.PUBLISHED).update(state=State.PAST)
    wanted.state, wanted.published_at = State.PUBLISHED, timezone.now()
    wanted.save(update_fields=["state", "published_at"])
    _touch(article)
    audit.record("article.rolled_back", target=article, by=by, question=wanted.question, version=number)
    return article


@transaction.atomic
def archive_article(*, article: Article, by: Actor) -> Article:
    """Let it answer nothing any more; its versions are kept. Twice is once."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.archived_at is None:
        article.archived_at = timezone.now()
        _touch(article)
        audit.record("article.archived", target=article, by=by, question=_said(article))
    return article


@transaction.atomic
def restore_article(*, article: Article, by: Actor) -> Article:
    """Let it answer again as before. Raises `InvalidArticle` when there are too many by now."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.archived_at is not None:
        if Article.objects.standing().count() >= MOST:
            raise InvalidArticle(_("At most %(most)s answers. Archive those nobody needs.") % {"most": MOST})
        article.archived_at = None
        _touch(article)
        audit.record("article.restored", target=article, by=by, question=_said(article))
    return article


def drop_unnamed_files(article: Article) -> None:
    """Files that no version names any more are gone for good, once this is committed."""
    named = {one for ids in article.versions.order_by().values_list("file_ids", flat=True) for one in ids}
    for file in ArticleFile.objects.filter(article=article).exclude(pk__in=named):
        delete_after_commit(file.file)
        file.delete()


def _lock(article: Article) -> Article:
    found: Article = Article.objects.select_for_update().get(pk=article.pk)
    if found.archived_at is not None:
        raise ArticleArchived(_("This answer is archived. Bring it back first."))
    return found


def _version(article: Article, state: str) -> ArticleVersion | None:
    found: ArticleVersion | None = article.versions.filter(state=state).first()
    return found


def _next_number(article: Article) -> int:
    return int(article.versions.aggregate(most=Max("number"))["most"] or 0) + 1


def _said(article: Article) -> str:
    return str(article.versions.values_list("question", flat=True).first() or "")


def _touch(article: Article) -> None:
    article.updated_at = timezone.now()
    article.save(update_fields=["archived_at", "updated_at"])
