"""Articles: what they may say, drafts, publishing, rolling back, archiving, imports, what answers now."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import knowledge
from conversations.actions import article_import, articles
from conversations.actions.article_content import InvalidArticle, checked
from conversations.models import Article, ArticleVersion
from tenants.models import AuditEvent
from tenants.refusals import Refused
from tests.factories.knowledge import HOURS, make_article
from tests.factories.tenants import Business

pytestmark = pytest.mark.usefixtures("scope")


def states(article: Article) -> list[tuple[int, str, str]]:
    rows = article.versions.order_by("number").values_list("number", "state", "answer")
    return [(number, state, answer) for number, state, answer in rows]


def acts() -> list[str]:
    return list(
        AuditEvent.objects.filter(action__startswith="article.")
        .order_by("id")
        .values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": "  "}, "question"),
        ({"question": "x" * 301}, "question"),
        ({"answer": ""}, "answer"),
        ({"answer": "x" * 4_001}, "answer"),
        ({"answer": 7}, "answer"),
        ({"language": "fr"}, "language"),
        ({"category": "gossip"}, "category"),
        ({"phrasings": "horario"}, "phrasings"),
        ({"phrasings": [f"forma {n}" for n in range(31)]}, "phrasings"),
        ({"channel_kinds": ["fax"]}, "channel_kinds"),
        ({"valid_from": "mañana"}, "valid_from"),
        ({"valid_from": "2026-02-31"}, "valid_from"),
        ({"valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "valid_until"),
        ({"buttons": [{"title": "x" * 21}]}, "buttons"),
        ({"buttons": ["a", "b", "c", "d"]}, "buttons"),
    ],
)
def test_content_that_cannot_be_kept_names_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArticle) as refusal:
        checked({**HOURS, **given})
    assert (refusal.value.field, bool(str(refusal.value))) == (field, True)


def test_content_is_trimmed_and_says_nothing_twice() -> None:
    said = checked(
        {**HOURS, "phrasings": ["A QUÉ HORA ABREN", " horario ", "Horario?", ""], "language": "PT",
         "buttons": [{"title": "Llamar"}, "Llamar"]}
    )  # fmt: skip
    assert (said.phrasings, said.language, said.buttons) == (("horario",), "pt-br", ("Llamar",))


def test_article_is_drafted_published_and_rolled_back(business: Business) -> None:
    by = business.actor()
    article = make_article(business, publish=False)
    assert knowledge.published() == []
    articles.publish_articles(articles=[article], by=by)
    articles.write_article(article=article, by=by, answer="Cerrado.")
    articles.write_article(article=article, by=by, answer="De 9 a 18 h.")
    assert [one.answer for one in knowledge.published()] == [HOURS["answer"]]
    articles.publish_articles(articles=[article], by=by)
    assert states(article) == [(1, "past", HOURS["answer"]), (2, "published", "De 9 a 18 h.")]
    articles.roll_back(article=article, number=1, by=by)
    assert states(article) == [(1, "published", HOURS["answer"]), (2, "past", "De 9 a 18 h.")]
    assert acts() == [
        "article.created", "article.published", "article.drafted", "article.drafted", "article.published",
        "article.rolled_back",
    ]  # fmt: skip


def test_change_that_changes_nothing_makes_no_version(business: Business) -> None:
    article = make_article(business)
    articles.write_article(article=article, by=business.actor(), publish=True, **HOURS)
    assert states(article) == [(1, "published", HOURS["answer"])]


def test_several_are_published_together_or_not_at_all(business: Business) -> None:
    drafted, plain = make_article(business, publish=False), make_article(business, question="¿Envían?")
    with pytest.raises(articles.NothingToPublish):
        articles.publish_articles(articles=[drafted, plain], by=business.actor())
    assert states(drafted) == [(1, "draft", HOURS["answer"])]


def test_discarded_draft_leaves_what_is_published(business: Business) -> None:
    by, article = business.actor(), make_article(business)
    articles.write_article(article=article, by=by, answer="Otra")
    assert articles.discard_draft(article=article, by=by) == article
    assert states(article) == [(1, "published", HOURS["answer"])]
    with pytest.raises(articles.NothingToPublish):
        articles.discard_draft(article=article, by=by)


def test_draft_never_published_takes_its_article_along(business: Business) -> None:
    assert articles.discard_draft(article=make_article(business, publish=False), by=business.actor()) is None
    assert Article.objects.count() == 0


def test_archived_article_answers_nothing_and_is_not_changed(business: Business) -> None:
    by, article = business.actor(), make_article(business)
    for _twice in range(2):
        articles.archive_article(article=article, by=by)
    assert (knowledge.published(), acts()[2:]) == ([], ["article.archived"])
    for act in (
        lambda: articles.write_article(article=article, by=by, answer="x"),
        lambda: articles.roll_back(article=article, number=1, by=by),
    ):
        with pytest.raises(articles.ArticleArchived):
            act()
    articles.restore_article(article=article, by=by)
    assert len(knowledge.published()) == 1


def test_drafts_and_unknown_versions_are_nothing_to_go_back_to(business: Business) -> None:
    article = make_article(business, publish=False)
    for number in (1, 9):
        with pytest.raises(articles.NoSuchVersion):
            articles.roll_back(article=article, number=number, by=business.actor())


def test_published_heeds_language_channel_and_dates_of_the_business(business: Business) -> None:
    make_article(business)
    make_article(business, question="Horário?", language="pt-br")
    make_article(business, question="¿Hay wifi?", channel_kinds=["web"])
    make_article(
        business, question="¿Buen Fin?", valid_from=date(2026, 11, 13), valid_until=date(2026, 11, 16)
    )
    late = datetime(2026, 11, 17, 5, 59, tzinfo=UTC)  # 23:59 of the 16th in Mexico City

    def asked(**given: Any) -> set[str]:
        return {one.question for one in knowledge.published(**given)}

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert asked(language="es", channel_kind="web", at=late) == {
            "¿A qué hora abren?", "¿Hay wifi?", "¿Buen Fin?"
        }  # fmt: skip
    assert len(queries) == 2
    assert asked(language="es", channel_kind="sms", at=late.replace(hour=6)) == {"¿A qué hora abren?"}
    assert asked(language="pt-br", at=late) == {"Horário?"}


def test_too_many_articles_are_refused(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "MOST", 1)
    make_article(business)
    with pytest.raises(InvalidArticle):
        make_article(business, question="¿Envían?")


def test_search_forgives_accents_and_looks_at_every_wording(business: Business) -> None:
    make_article(business)
    make_article(business, question="¿Envían a domicilio?", phrasings=["mandan a casa"], publish=False)

    def found(**narrow: Any) -> list[str]:
        return [one.shown.question for one in knowledge.page(knowledge.Narrow(**narrow)).items if one.shown]

    assert found(q="ENVIÁN casa") == ["¿Envían a domicilio?"]
    assert found(q="sabado 100%") == []
    assert found(q="que estan", state="published") == ["¿A qué hora abren?"]
    assert found(state="draft") == ["¿Envían a domicilio?"]
    assert (found(state="archived"), found(language="pt-br"), found(category="sales")) == ([], [], [])


# --- imports ---

ROWS = [
    {"question": "a que hora abren", "answer": "De 9 a 18 h."},
    {"question": "¿Envían?", "answer": "Sí.", "phrasings": ["hacen envíos"], "language": "es"},
]


def test_import_changes_what_is_known_and_makes_the_rest(business: Business) -> None:
    article, by = make_article(business), business.actor()
    trial = article_import.import_articles(rows=ROWS, by=by, source="import", dry_run=True)
    assert (trial.written, [one.outcome for one in trial.outcomes]) == (False, ["changed", "created"])
    assert Article.objects.count() == 1
    done = article_import.import_articles(rows=ROWS, by=by, source="import")
    assert (done.written, done.counts) == (True, {"created": 1, "changed": 1, "unchanged": 0, "refused": 0})
    assert states(article) == [(1, "past", HOURS["answer"]), (2, "published", "De 9 a 18 h.")]
    now = ArticleVersion.objects.get(article=article, number=2)
    assert (now.question, now.phrasings, now.source) == ("a que hora abren", HOURS["phrasings"], "import")
    again = article_import.import_articles(rows=ROWS, by=by, source="import")
    assert (again.counts["unchanged"], ArticleVersion.objects.count()) == (2, 3)


def test_import_of_drafts_leaves_what_is_published(business: Business) -> None:
    article, by = make_article(business), business.actor()
    for answer in ("Uno", "Dos"):
        row = {"question": HOURS["question"], "answer": answer}
        article_import.import_articles(rows=[row], by=by, source="import", publish=False)
    assert states(article) == [(1, "published", HOURS["answer"]), (2, "draft", "Dos")]
    article_import.import_articles(rows=[row], by=by, source="import")
    assert states(article) == [(1, "past", HOURS["answer"]), (2, "published", "Dos")]


def test_import_with_faults_says_why_row_by_row(business: Business) -> None:
    by = business.actor()
    rows: list[Any] = [
        *ROWS, "x", {"question": "¿?!", "answer": ""}, {"question": "envian", "answer": "No."},
        {"question": "¿Y?", "answer": "x", "colour": "red"}, {"answer": "x"},
        {"question": "¿N?", "answer": 5},
    ]  # fmt: skip
    stopped = article_import.import_articles(rows=rows, by=by, source="import")
    assert (stopped.written, Article.objects.count()) == (False, 0)
    refused = [(one.row, one.field) for one in stopped.outcomes if one.outcome == "refused"]
    assert refused == [(3, ""), (4, "answer"), (5, "question"), (6, "colour"), (7, "question"), (8, "answer")]
    done = article_import.import_articles(rows=rows, by=by, source="import", only_good=True)
    assert (done.written, Article.objects.count()) == (True, 2)


def test_question_that_several_articles_ask_is_left_to_people(business: Business) -> None:
    for kind in ("web", "sms"):
        make_article(business, channel_kinds=[kind])
    done = article_import.import_articles(rows=ROWS[:1], by=business.actor(), source="import")
    assert [(one.outcome, one.field) for one in done.outcomes] == [("refused", "question")]


def test_import_costs_the_same_however_many_rows(business: Business) -> None:
    make_article(business)
    counts = []
    for size in (2, 60):
        rows = [{"question": f"¿Cuánto cuesta {size}-{n}?", "answer": "x"} for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            article_import.import_articles(rows=rows, by=business.actor(), source="import")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b"\x89PNG....", b"a,b\n1,2", b"pregunta,respuesta\n"])
def test_file_that_holds_no_answers_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        article_import.rows_of_file(content)
    assert str(refusal.value)


def test_file_is_read_with_headings_in_the_business_language() -> None:
    content = (
        "Pregunta;Respuesta;Otras formas;Válida hasta;Botones\n¿Abren?;Sí;abren hoy|abierto;2026-12-31;\n"
    )
    assert article_import.rows_of_file(content.encode("cp1252")) == [
        {"question": "¿Abren?", "answer": "Sí", "phrasings": ["abren hoy", "abierto"],
         "valid_until": "2026-12-31"}
    ]  # fmt: skip
