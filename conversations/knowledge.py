"""Reading what the business knows: what answers now, the list, one article with its versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from conversations.models import Article, ArticleVersion
from tenants.kit import cursors
from tenants.kit.text import bare
from tenants.models import Tenant

State = ArticleVersion.State
ORDER = ("-updated_at", "-id")
PAGE = 50
MOST_WORDS = 6
STATES = ("published", "draft", "outside", "archived")


def published(
    language: str | None = None, channel_kind: str | None = None, at: datetime | None = None
) -> list[ArticleVersion]:
    """What may be answered with at a moment, in a language, on a kind of channel. Two queries.

    Dates are days of the business's own zone, the last one included.
    """
    day = today(at)
    found = ArticleVersion.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_until=None) | Q(valid_until__gte=day),
        state=State.PUBLISHED,
        article__archived_at=None,
    )
    if language:
        found = found.filter(language=language)
    if channel_kind:
        found = found.filter(Q(channel_kinds=[]) | Q(channel_kinds__contains=[channel_kind]))
    return list(found.order_by("id"))


@dataclass(frozen=True, slots=True)
class Narrow:
    """What narrows the list."""

    q: str = ""
    state: str = ""
    category: str = ""
    language: str = ""
    channel_kind: str = ""


def articles(narrow: Narrow) -> QuerySet[Article]:
    """Articles that fit; archived ones only when they are asked for. In no order."""
    found = Article.objects.archived() if narrow.state == "archived" else Article.objects.standing()
    versions = ArticleVersion.objects.filter(article=OuterRef("pk")).exclude(state=State.PAST)
    if narrow.state in (State.PUBLISHED, State.DRAFT):
        versions = versions.filter(state=narrow.state)
    elif narrow.state == "outside":
        day = today()
        versions = versions.filter(Q(valid_from__gt=day) | Q(valid_until__lt=day), state=State.PUBLISHED)
    if narrow.category:
        versions = versions.filter(category=narrow.category)
    if narrow.language:
        versions = versions.filter(language=narrow.language)
    if narrow.channel_kind:
        versions = versions.filter(Q(channel_kinds=[]) | Q(channel_kinds__contains=[narrow.channel_kind]))
    if words := bare(narrow.q).split()[:MOST_WORDS]:
        versions = versions.alias(said=_SAID).filter(*[Q(said__contains=word) for word in words])
    return found.filter(Exists(versions))


def page(narrow: Narrow, cursor: str = "") -> cursors.Page:
    """Articles with what they say, the latest change first. Raises `BadCursor`."""
    found = cursors.page(articles(narrow), ordering=ORDER, limit=PAGE, cursor=cursor)
    with_versions(found.items)
    return found


def with_versions(found: Iterable[Article]) -> list[Article]:
    """The articles with `published`, `draft` and `shown` set. One query."""
    rows = list(found)
    by_article: dict[Any, dict[str, ArticleVersion]] = {}
    standing = ArticleVersion.objects.filter(article__in=[one.pk for one in rows]).exclude(state=State.PAST)
    for version in standing:
        by_article.setdefault(version.article_id, {})[version.state] = version
    for article in rows:
        own = by_article.get(article.pk, {})
        article.published, article.draft = own.get(State.PUBLISHED), own.get(State.DRAFT)
        article.shown = article.published or article.draft
    return rows


def history(article: Article) -> QuerySet[ArticleVersion]:
    """What was published at some time, the newest first."""
    found: QuerySet[ArticleVersion] = article.versions.exclude(state=State.DRAFT).order_by("-number")
    return found


def today(at: datetime | None = None) -> date:
    """The business's own day, now or at a moment."""
    tenant: Tenant = Tenant.objects.get()
    return (at or timezone.now()).astimezone(tenant.zone).date()


_SAID = Func(
    Concat(
        F("question"),
        Value(" "),
        Func(F("phrasings"), Value(" "), function="array_to_string", output_field=TextField()),
        Value(" "),
        F("answer"),
        output_field=TextField(),
    ),
    function="crm_plain",
    output_field=TextField(),
)
