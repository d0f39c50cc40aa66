"""Many articles at once: each row is a new answer, or a change of the one with its question and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions.article_content import NAMES, Content, InvalidArticle, checked, question_key
from conversations.actions.articles import MOST
from conversations.models import Article, ArticleVersion
from crm.imports import at_once
from crm.imports.at_once import Imported, InvalidImport, Outcome
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Refused

State = ArticleVersion.State
LISTS = ("phrasings", "channel_kinds", "buttons")
COLUMNS = {
    "question": ("question", "pregunta", "pergunta"),
    "phrasings": ("phrasings", "formas", "variantes", "frases", "otras formas", "outras formas"),
    "answer": ("answer", "respuesta", "resposta"),
    "language": ("language", "idioma", "lengua"),
    "category": ("category", "categoria"),
    "channel_kinds": ("channel kinds", "channels", "canales", "canais"),
    "valid_from": ("valid from", "valida desde", "desde", "valido desde"),
    "valid_until": ("valid until", "valida hasta", "hasta", "valida ate", "ate"),
    "buttons": ("buttons", "botones", "botoes"),
    "is_public": ("is public", "public", "publica", "publico", "centro de ayuda", "central de ajuda"),
}


def rows_of_file(content: bytes) -> list[dict[str, Any]]:
    """The rows of a CSV, XLSX or JSON file. Raises `InvalidImport`."""
    at_once.check_size(content)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        return at_once.rows_of_json(content.decode("utf-8-sig", "replace"))
    unnamed = _("The first row must name the columns, question and answer among them.")
    found = at_once.rows_of_table(content, COLUMNS, ("question", "answer"), unnamed)
    return [{name: _parts(cell) if name in LISTS else cell for name, cell in row.items()} for row in found]


def _parts(cell: str) -> list[str]:
    """A list in one cell: by lines, else by |."""
    return [part.strip() for line in cell.splitlines() for part in line.split("|") if part.strip()]


@dataclass(slots=True)
class _Standing:
    """An article as it is: its draft, and what is published."""

    draft: ArticleVersion | None = None
    published: ArticleVersion | None = None
    newest: int = 0

    @property
    def says(self) -> ArticleVersion:
        found = self.draft or self.published
        if found is None:
            raise LookupError("an article says something or is not read")
        return found


@transaction.atomic
def import_articles(
    *,
    rows: Sequence[Any],
    by: Actor,
    source: str,
    publish: bool = True,
    dry_run: bool = False,
    only_good: bool = False,
) -> Imported:
    """Write many articles in one transaction: all rows, or with `only_good` those without a fault.

    A row whose question and language are known changes that answer, onto its draft if it has one; what
    it leaves out stays. The same rows again change nothing. Raises `InvalidImport`.
    """
    at_once.check_count(rows)
    language = Tenant.objects.get().language
    ids = list(Article.objects.standing().order_by("pk").select_for_update().values_list("pk", flat=True))
    known, several = _by_question(ids)
    outcomes: list[Outcome] = []
    work: list[tuple[Outcome, _Standing | None, Content]] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=1):
        try:
            key, standing, content = _read(row, language, known, several, seen)
        except Refused as refusal:
            question = row.get("question", "") if isinstance(row, Mapping) else ""
            outcomes.append(
                Outcome(number, "refused", one_line(str(question), 300), refusal.field, str(refusal))
            )
            continue
        seen.add(key)
        outcome = Outcome(number, _kind(standing, content, publish=publish), content.question)
        outcome.object_id = standing.says.article_id if standing else None
        outcomes.append(outcome)
        work.append((outcome, standing, content))
    new = sum(1 for outcome, _s, _c in work if outcome.outcome == "created")
    if len(ids) + new > MOST:
        raise InvalidImport(
            _("At most %(most)s answers. Archive those nobody needs.") % {"most": MOST}, "rows"
        )
    result = Imported(outcomes)
    if dry_run or (result.counts["refused"] and not only_good):
        return result
    _write([one for one in work if one[0].outcome != "unchanged"], by, source, publish=publish)
    result.written = True
    audit.record("article.imported", target=None, by=by, published=publish, **result.counts)
    return result


def _by_question(ids: Sequence[Any]) -> tuple[dict[tuple[str, str], _Standing], set[tuple[str, str]]]:
    """What stands by question and language, and what several articles ask."""
    versions = ArticleVersion.objects.filter(article__in=ids).order_by()
    newest = dict(versions.values_list("article").annotate(Max("number")))
    standing = {article: _Standing(newest=number) for article, number in newest.items()}
    for version in versions.exclude(state=State.PAST):
        if version.state == State.DRAFT:
            standing[version.article_id].draft = version
        else:
            standing[version.article_id].published = version
    known: dict[tuple[str, str], _Standing] = {}
    several: set[tuple[str, str]] = set()
    for one in standing.values():
        for version in {v.pk: v for v in (one.draft, one.published) if v}.values():
            key = (question_key(version.question), version.language)
            if known.setdefault(key, one) is not one:
                several.add(key)
    return known, several


def _read(
    row: Any,
    language: str,
    known: dict[tuple[str, str], _Standing],
    several: set[tuple[str, str]],
    seen: set[tuple[str, str]],
) -> tuple[tuple[str, str], _Standing | None, Content]:
    if not isinstance(row, Mapping):
        raise InvalidArticle(_("A row must be an object with question and answer."))
    if unknown := sorted(str(name) for name in row if name not in NAMES):
        raise InvalidArticle(_("There is no such field."), one_line(unknown[0], 80))
    given = {name: value for name, value in row.items() if value is not None}
    asked = {"question": given.get("question", ""), "language": given.get("language") or language}
    named = checked({**asked, "answer": "…"})
    key = (question_key(named.question), named.language)
    if key in several:
        raise InvalidArticle(_("Several answers have this question: change them one by one."), "question")
    if key in seen:
        raise InvalidArticle(_("An earlier row asks the same."), "question")
    standing = known.get(key)
    given["language"] = named.language
    return key, standing, checked(given, Content.of(standing.says) if standing else None)


def _kind(standing: _Standing | None, content: Content, *, publish: bool) -> str:
    if standing is None:
        return "created"
    is_same = content == Content.of(standing.says)
    return "unchanged" if is_same and not (publish and standing.draft) else "changed"


def _write(
    work: Sequence[tuple[Outcome, _Standing | None, Content]], by: Actor, source: str, *, publish: bool
) -> None:
    now = timezone.now()
    articles, new, drafts, replaced, touched = [], [], [], [], []
    for outcome, standing, content in work:
        version = standing.draft if standing else None
        if version is None:
            article_id = standing.says.article_id if standing else None
            if article_id is None:
                articles.append(article := Article(created_at=now, updated_at=now))
                article_id = outcome.object_id = article.pk
            version = ArticleVersion(
                article_id=article_id, number=standing.newest + 1 if standing else 1, created_at=now
            )
            new.append(version)
        else:
            drafts.append(version)
        if standing:
            touched.append(standing.says.article_id)
        for name, value in content.columns().items():
            setattr(version, name, value)
        version.source, version.author, version.author_label = source, by.membership, by.label[:150]
        version.updated_at = now
        if publish:
            version.state, version.published_at = State.PUBLISHED, now
            if standing and standing.published:
                replaced.append(standing.published.pk)
    Article.objects.bulk_create(articles)
    Article.objects.filter(pk__in=touched).update(updated_at=now)
    ArticleVersion.objects.filter(pk__in=replaced).update(state=State.PAST)
    ArticleVersion.objects.bulk_create(new)
    ArticleVersion.objects.bulk_update(
        drafts, [*NAMES, "source", "author", "author_label", "updated_at", "state", "published_at"]
    )
