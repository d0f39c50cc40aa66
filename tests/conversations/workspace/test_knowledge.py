"""The pages of answers: owner, agent who reads, stranger."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations import knowledge
from conversations.models import Article, ArticleVersion
from tenants.scoping import tenant_scope
from tests.factories.knowledge import HOURS, make_article
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/knowledge/{tail}"


FORM: dict[str, Any] = {**HOURS, "category": "general", "buttons": ["Mapa", ""], "op": "publish"}


@pytest.fixture
def article(business: Business) -> Article:
    with tenant_scope(business.tenant.id):
        return make_article(business)


def answers(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return [one.answer for one in knowledge.published()]


def test_owner_writes_publishes_changes_and_rolls_back(business: Business, owner_client: Client) -> None:
    assert "Escribir la primera respuesta" in owner_client.get(url(business)).text
    done = owner_client.post(url(business, "new/"), FORM)
    assert (done.status_code, answers(business)) == (302, [HOURS["answer"]])
    at = done["Location"]
    owner_client.post(f"{at}change/", {**FORM, "answer": "De martes a viernes, de 10 a 19 h.", "op": "draft"})
    page = owner_client.get(at).text
    assert "<del>sábado</del><ins>viernes</ins>" in page
    assert answers(business) == [HOURS["answer"]]
    owner_client.post(f"{at}publication/")
    assert answers(business) == ["De martes a viernes, de 10 a 19 h."]
    with tenant_scope(business.tenant.id):
        first = ArticleVersion.objects.get(number=1)
    owner_client.post(f"{at}versions/{first.pk}/publication/")
    assert answers(business) == [HOURS["answer"]]


def test_form_says_what_is_wrong_and_keeps_what_was_typed(business: Business, owner_client: Client) -> None:
    refused = owner_client.post(
        url(business, "new/"),
        {**FORM, "answer": "Escribí esto", "valid_from": "2026-12-02", "valid_until": "2026-12-01"},
    )
    assert (refused.status_code, answers(business)) == (422, [])
    assert "Termina antes de empezar." in refused.text
    assert "Escribí esto" in refused.text
    more = owner_client.post(url(business, "new/"), {**FORM, "answer": "", "op": "more"})
    assert (more.status_code, more.text.count('name="phrasings"')) == (200, 4)
    assert 'value="horario"' in more.text


def test_change_of_what_somebody_else_changed_is_asked_about_once(
    business: Business, owner_client: Client, article: Article
) -> None:
    at = url(business, f"{article.pk}/change/")
    seen = owner_client.get(at).context["seen"]
    owner_client.post(at, {**FORM, "answer": "Uno", "seen": seen})
    late = owner_client.post(at, {**FORM, "answer": "Dos", "seen": seen})
    assert (late.status_code, answers(business)) == (422, ["Uno"])
    assert "Olga Dueña cambió esta respuesta" in late.text
    owner_client.post(at, {**FORM, "answer": "Dos", "seen": late.context["seen"]})
    assert answers(business) == ["Dos"]


def test_draft_is_discarded_and_several_are_published_together(
    business: Business, owner_client: Client, article: Article
) -> None:
    owner_client.post(url(business, f"{article.pk}/change/"), {**FORM, "answer": "x", "op": "draft"})
    owner_client.post(url(business, f"{article.pk}/draft/removal/"))
    with tenant_scope(business.tenant.id):
        drafts = [make_article(business, question=f"¿{n}?", answer=n, publish=False) for n in ("uno", "dos")]
    page = owner_client.get(url(business), {"state": "draft"}).text
    assert (str(drafts[0].pk) in page, str(article.pk) in page) == (True, False)
    owner_client.post(url(business, "publication/"), {"article": [str(one.pk) for one in drafts]})
    assert answers(business) == [HOURS["answer"], "uno", "dos"]


def test_archived_answer_is_brought_back_by_undo(
    business: Business, owner_client: Client, article: Article
) -> None:
    done = owner_client.post(url(business, f"{article.pk}/archiving/"))
    assert answers(business) == []
    press_undo(owner_client, done)
    assert answers(business) == [HOURS["answer"]]
    owner_client.post(url(business, f"{article.pk}/archiving/"))
    assert str(article.pk) in owner_client.get(url(business), {"state": "archived"}).text
    owner_client.post(url(business, f"{article.pk}/restoration/"))
    assert answers(business) == [HOURS["answer"]]


def test_list_is_searched_without_accents_at_a_constant_cost(
    business: Business, owner_client: Client, article: Article, django_assert_num_queries: Any
) -> None:
    found = owner_client.get(url(business), {"q": "ESTAN horário"}).text
    assert HOURS["question"] in found
    assert "Ninguna respuesta coincide" in owner_client.get(url(business), {"q": "camello"}).text
    with django_assert_num_queries(COST):
        owner_client.get(url(business))
    with tenant_scope(business.tenant.id):
        make_article(business, question="¿Dos?")
        make_article(business, question="¿Tres?", publish=False)
    with django_assert_num_queries(COST):
        owner_client.get(url(business))


COST = 13


def test_file_is_looked_at_and_then_imported(
    business: Business, owner_client: Client, article: Article
) -> None:
    rows = "pregunta,respuesta\n¿A que hora abren,De 9 a 18 h.\n¿Envían?,Sí\n¿Nada?,\n"
    sent = SimpleUploadedFile("respuestas.csv", rows.encode())
    looked = owner_client.post(url(business, "import/"), {"file": sent, "publish": "1", "op": "look"})
    assert "Importar sólo las filas sin errores" in looked.text
    assert answers(business) == [HOURS["answer"]]
    with tenant_scope(business.tenant.id):
        assert Article.objects.count() == 1
    kept = looked.context["rows_json"]
    done = owner_client.post(
        url(business, "import/"), {"rows": kept, "publish": "1", "op": "import", "only_good": "1"}
    )
    assert (done.status_code, answers(business)) == (302, ["De 9 a 18 h.", "Sí"])
    assert owner_client.post(url(business, "import/"), {"op": "look"}).status_code == 422
    odd = '[{"\\ud800": 1}, {"question": "\\ud800\\u0000", "answer": [[]]}, [], null]'
    for op, status in (("look", 200), ("import", 200)):
        answered = owner_client.post(url(business, "import/"), {"rows": odd, "op": op})
        assert (answered.status_code, answered.context["done"].counts["refused"]) == (status, 4)


def test_agent_reads_and_searches_only(business: Business, teammate_client: Client, article: Article) -> None:
    page = teammate_client.get(url(business), {"q": "horario"}).text
    assert (HOURS["question"] in page, "Nueva respuesta" in page) == (True, False)
    own = teammate_client.get(url(business, f"{article.pk}/"))
    assert (own.status_code, "Archivar esta respuesta" in own.text) == (200, False)
    for tail in ("new/", "import/", f"{article.pk}/change/"):
        assert teammate_client.get(url(business, tail)).status_code == 403
    for tail in ("publication/", f"{article.pk}/publication/", f"{article.pk}/archiving/",
                 f"{article.pk}/restoration/", f"{article.pk}/draft/removal/"):  # fmt: skip
        assert teammate_client.post(url(business, tail)).status_code == 403
    assert answers(business) == [HOURS["answer"]]


def test_answer_of_another_business_does_not_exist(
    business: Business, other: Business, stranger_client: Client, article: Article
) -> None:
    assert stranger_client.get(url(business)).status_code == 404
    for tail in ("", "change/"):
        assert stranger_client.get(url(other, f"{article.pk}/{tail}")).status_code == 404
    for tail in ("publication/", "archiving/", "restoration/", "draft/removal/"):
        assert stranger_client.post(url(other, f"{article.pk}/{tail}")).status_code == 404
    ticked = stranger_client.post(url(other, "publication/"), {"article": [str(article.pk)]})
    assert ticked.status_code == 404


def test_owner_adds_a_file_and_takes_it_away_and_agent_saves_it(
    business: Business,
    article: Article,
    owner_client: Client,
    teammate_client: Client,
    stranger_client: Client,
) -> None:
    sent = {"file": SimpleUploadedFile("lista.pdf", b"%PDF-1.7 lista")}
    assert teammate_client.post(url(business, f"{article.pk}/files/new/"), sent).status_code == 403
    owner_client.post(
        url(business, f"{article.pk}/files/new/"), {"file": SimpleUploadedFile("lista.pdf", b"%PDF-1")}
    )
    with tenant_scope(business.tenant.id):
        kept = article.files.get()
    at = url(business, f"files/{kept.pk}/")
    saved = teammate_client.get(at)
    assert (b"".join(saved.streaming_content), saved["Content-Disposition"][:10]) == (b"%PDF-1", "attachment")
    assert stranger_client.get(at).status_code == 404
    assert "lista.pdf" in owner_client.get(url(business, f"{article.pk}/")).text
    owner_client.post(f"{at}removal/")
    assert owner_client.get(at).status_code == 404
