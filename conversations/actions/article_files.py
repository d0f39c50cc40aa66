"""The files of an answer: kept with the article, and sent with what it says where a channel takes files."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conversations.actions.article_content import InvalidArticle
from conversations.actions.articles import ArticleArchived
from conversations.channels.base import Capabilities, File
from conversations.models import Article, ArticleFile
from tenants import audit
from tenants.actors import Actor
from tenants.kit import filetypes
from tenants.kit.text import one_line

MOST, LARGEST = 5, 5_000_000  # files of an article; bytes of one


@transaction.atomic
def add_file(*, article: Article, file: File, by: Actor) -> ArticleFile:
    """Keep one more file. Raises `InvalidArticle` for one too many, an empty or a large one."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.archived_at is not None:
        raise ArticleArchived(_("This answer is archived. Bring it back first."))
    if files_of(article).count() >= MOST:
        raise InvalidArticle(_("At most %(most)s files.") % {"most": MOST}, "file")
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
    audit.record("article.file_added", target=article, by=by, name=kept.name)
    return kept


def files_of(article: Article) -> QuerySet[ArticleFile]:
    """Those of an article, the oldest first."""
    found: QuerySet[ArticleFile] = ArticleFile.objects.filter(article=article)
    return found


@transaction.atomic
def remove_file(*, file: ArticleFile, by: Actor) -> None:
    """Send it no more; the messages it went out with keep theirs."""
    audit.record("article.file_removed", target=file.article, by=by, name=file.name)
    file.file.delete(save=False)
    file.delete()


def sendable(article_id: object, can: Capabilities) -> list[File]:
    """The files of an article that a channel takes, as many as fit into one message."""
    if not can.attachments:
        return []
    found: list[File] = []
    left = can.attachment_limit
    for kept in ArticleFile.objects.filter(article_id=article_id)[:MOST]:
        if kept.size <= left:
            left -= kept.size
            with kept.file.open("rb") as opened:
                found.append(File(kept.name, kept.content_type, opened.read()))
    return found
