"""The files of an answer: added to its draft or taken out, kept as long as a version names them, and sent
with what a version says where a channel takes files."""

from collections.abc import Iterable
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conversations.actions.article_content import InvalidArticle
from conversations.actions.articles import ArticleArchived, drop_unnamed_files, write_article
from conversations.channels.base import Capabilities, File
from conversations.models import Article, ArticleFile, ArticleVersion
from tenants import audit
from tenants.actors import Actor
from tenants.kit import filetypes
from tenants.kit.text import one_line

MOST, LARGEST = 5, 5_000_000  # files of a version; bytes of one
MOST_KEPT = 50  # of an answer, over all its versions
Source = ArticleVersion.Source


@transaction.atomic
def add_file(
    *, article: Article, file: File, by: Actor, publish: bool = False, source: str = Source.MANUAL
) -> ArticleFile:
    """Keep one more file with the draft, and publish it if so wished.

    Raises `InvalidArticle` for one too many, an empty or a large one, `ArticleArchived`.
    """
    article = _open(article)
    names = _named(article)
    if len(names) >= MOST:
        raise InvalidArticle(_("At most %(most)s files.") % {"most": MOST}, "file")
    if files_of(article).count() >= MOST_KEPT:
        raise InvalidArticle(
            _("Its versions keep %(most)s files already. Write a new answer for further ones.")
            % {"most": MOST_KEPT},
            "file",
        )
    if not file.content:
        raise InvalidArticle(_("This file is empty."), "file")
    if len(file.content) > LARGEST:
        most = LARGEST // 1_000_000
        raise InvalidArticle(_("This file is too large: at most %(most)s MB.") % {"most": most}, "file")
    kept = ArticleFile(
        article=article,
        name=one_line(file.name, 200) or _("file"),
        content_type=filetypes.settled(file.content_type, file.content[: filetypes.HEAD]),
        size=len(file.content),
    )
    kept.file.save(kept.name, ContentFile(file.content), save=False)
    kept.save()
    write_article(article=article, by=by, publish=publish, source=source, file_ids=[*names, kept.pk])
    audit.record("article.file_added", target=article, by=by, name=kept.name)
    return kept


@transaction.atomic
def remove_file(*, file: ArticleFile, by: Actor, publish: bool = False, source: str = Source.MANUAL) -> None:
    """Take a file out of the draft; earlier versions and the messages it went out with keep it.

    Raises `InvalidArticle` for one that is not in it, `ArticleArchived`.
    """
    article = _open(file.article)
    names = _named(article)
    if file.pk not in names:
        raise InvalidArticle(_("This file is of an earlier version, which keeps it."), "file")
    left = [one for one in names if one != file.pk]
    write_article(article=article, by=by, publish=publish, source=source, file_ids=left)
    audit.record("article.file_removed", target=article, by=by, name=file.name)
    drop_unnamed_files(article)


def files_of(article: Article) -> QuerySet[ArticleFile]:
    """Those of an article, of all its versions, the oldest first."""
    found: QuerySet[ArticleFile] = ArticleFile.objects.filter(article=article)
    return found


def named(file_ids: Iterable[UUID]) -> list[ArticleFile]:
    """The files a version names, in its order."""
    wanted = list(file_ids)
    found = {file.pk: file for file in ArticleFile.objects.filter(pk__in=wanted)} if wanted else {}
    return [found[one] for one in wanted if one in found]


def sendable(version: ArticleVersion, can: Capabilities) -> list[File]:
    """The files of a version that a channel takes, as many as fit into one message."""
    if not can.attachments:
        return []
    found: list[File] = []
    left = can.attachment_limit
    for kept in named(version.file_ids):
        if kept.size <= left:
            left -= kept.size
            with kept.file.open("rb") as opened:
                found.append(File(kept.name, kept.content_type, opened.read()))
    return found


def _open(article: Article) -> Article:
    found: Article = Article.objects.select_for_update().get(pk=article.pk)
    if found.archived_at is not None:
        raise ArticleArchived(_("This answer is archived. Bring it back first."))
    return found


def _named(article: Article) -> list[UUID]:
    """The files of its draft, else of what is published."""
    standing = article.versions.exclude(state=ArticleVersion.State.PAST).order_by("state")
    return list(standing.values_list("file_ids", flat=True).first() or ())
