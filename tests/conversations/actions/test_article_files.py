"""The files of an answer belong to its versions: published and rolled back with them."""

import pytest

from conversations.actions import article_files, articles
from conversations.actions.article_content import InvalidArticle
from conversations.channels.base import Capabilities, File
from conversations.models import Article, ArticleFile, ArticleVersion
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

pytestmark = pytest.mark.usefixtures("scope")
CAN = Capabilities(text_limit=1_000, attachments=True, attachment_limit=1_000)


@pytest.fixture
def article(business: Business) -> Article:
    return make_article(business)


def add(article: Article, business: Business, name: str, *, publish: bool = True) -> ArticleFile:
    file = File(name, "text/plain", name.encode())
    return article_files.add_file(article=article, file=file, by=business.actor(), publish=publish)


def sent(article: Article) -> list[str]:
    says = article.versions.get(state=ArticleVersion.State.PUBLISHED)
    return [file.name for file in article_files.sendable(says, CAN)]


def test_file_goes_out_once_published_and_an_earlier_version_has_its_own(
    article: Article, business: Business
) -> None:
    old = add(article, business, "viejo.txt", publish=False)
    assert sent(article) == []
    articles.publish_articles(articles=[article], by=business.actor())
    article_files.remove_file(file=old, by=business.actor(), publish=True)
    add(article, business, "nuevo.txt")
    assert sent(article) == ["nuevo.txt"]
    articles.roll_back(article=article, number=2, by=business.actor())
    assert sent(article) == ["viejo.txt"]
    articles.roll_back(article=article, number=1, by=business.actor())
    assert sent(article) == []
    with pytest.raises(InvalidArticle):
        article_files.remove_file(file=old, by=business.actor())


def test_words_changed_later_keep_the_files(article: Article, business: Business) -> None:
    add(article, business, "mapa.txt")
    articles.write_article(article=article, by=business.actor(), publish=True, answer="Otra cosa.")
    assert sent(article) == ["mapa.txt"]


def test_file_that_no_version_names_is_gone_with_its_bytes(
    article: Article, business: Business, django_capture_on_commit_callbacks: object
) -> None:
    kept, dropped = add(article, business, "a.txt"), add(article, business, "b.txt", publish=False)
    storage = dropped.file.storage
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        articles.discard_draft(article=article, by=business.actor())
    assert [one.pk for one in article_files.files_of(article)] == [kept.pk]
    assert (storage.exists(str(kept.file.name)), storage.exists(str(dropped.file.name))) == (True, False)
