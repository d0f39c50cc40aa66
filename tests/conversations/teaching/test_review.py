"""The review queue at both doors: owner, narrowed supervisor, agent, stranger."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations import knowledge, review
from conversations.models import Article, ArticleVersion, Conversation, Correction, Decision
from tenants.models import AuditEvent, Membership
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.conversations.teaching.conftest import Doubt
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/knowledge/reviews/{tail}"


def state(decision: Decision) -> str:
    return str(Decision.objects.get(pk=decision.pk).review)


@pytest.mark.usefixtures("scope")
def test_owner_judges_one_after_the_other_and_undoes(
    business: Business, owner_client: Client, doubt: Doubt
) -> None:
    first, second = doubt("aceptan vales?"), doubt("me pueden facturar?")
    page = owner_client.get(url(business))
    assert page.context["decision"] == second
    assert "<strong>2</strong> por revisar" in page.text
    after = owner_client.post(url(business, f"{second.pk}/verdict/"), {"verdict": "wrong"}, follow=True)
    assert (after.context["decision"], after.context["last"]) == (first, second)
    owner_client.post(url(business, f"{second.pk}/verdict/"), {"verdict": "wrong"})
    assert AuditEvent.objects.filter(action="decision.reviewed").count() == 1
    refused = owner_client.post(url(business, f"{second.pk}/verdict/"), {"verdict": "right"}, follow=True)
    assert ("Alguien revisó esto mientras tanto" in refused.text, state(second)) == (True, "wrong")
    back = owner_client.post(url(business, f"{second.pk}/undoing/"), follow=True)
    assert (back.context["decision"], state(second)) == (second, "due")
    skipped = owner_client.get(url(business), {"after": review.place_of(first)})
    assert "Las que saltaste siguen esperando" in skipped.text


@pytest.mark.usefixtures("scope")
def test_wording_goes_onto_a_draft_which_somebody_publishes_or_undoes(
    business: Business, owner_client: Client, doubt: Doubt
) -> None:
    article = Article.objects.get()
    decision = doubt("Soy Ana, a que hora cierran los sabados?")
    better = url(business, f"{decision.pk}/better/")
    assert "Soy, a que hora cierran los sabados?" in owner_client.get(better).text
    form = {"kind": "known", "article": article.pk, "phrasing": "a que hora cierran los sabados?"}
    for _twice in range(2):
        owner_client.post(better, form)
    draft = article.versions.get(state="draft")
    assert (draft.phrasings[-1], draft.source, state(decision)) == (form["phrasing"], "learned", "better")
    assert form["phrasing"] not in knowledge.published()[0].phrasings
    owner_client.post(url(business, f"{decision.pk}/undoing/"))
    assert (article.versions.filter(state="draft").exists(), state(decision)) == (False, "due")
    owner_client.post(better, {**form, "publish": "1"})
    assert form["phrasing"] in knowledge.published()[0].phrasings
    owner_client.post(url(business, f"{decision.pk}/undoing/"))
    assert form["phrasing"] in knowledge.published()[0].phrasings


@pytest.mark.usefixtures("scope")
def test_new_answer_is_a_draft_and_says_what_is_missing(
    business: Business, owner_client: Client, doubt: Doubt, replied: Any
) -> None:
    decision = doubt("me pueden facturar?")
    replied(decision.message, "Claro Ana, mándanos tu RFC y te la enviamos el mismo día.")
    better = url(business, f"{decision.pk}/better/")
    page = owner_client.get(better)
    assert page.context["typed"]["answer"] == "Claro, mándanos tu RFC y te la enviamos el mismo día."
    form = {"kind": "new", "question": "¿Me pueden facturar?", "phrasing": "", "category": "sales"}
    missing = owner_client.post(better, {**form, "answer": ""})
    assert (missing.status_code, "Escribe la respuesta." in missing.text) == (422, True)
    assert owner_client.post(better, {"kind": "known"}).status_code == 422
    owner_client.post(better, {**form, "answer": "Sí, con tu RFC."})
    made = ArticleVersion.objects.get(answer="Sí, con tu RFC.")
    assert (made.state, made.language, Correction.objects.get().is_new) == ("draft", "es", True)
    owner_client.post(url(business, f"{decision.pk}/undoing/"))
    assert not ArticleVersion.objects.filter(pk=made.pk).exists()


@pytest.mark.usefixtures("scope")
def test_evidence_is_shown_in_a_constant_number_of_queries(
    business: Business, api: Api, doubt: Doubt, django_assert_num_queries: Any
) -> None:
    version = ArticleVersion.objects.get()
    fields = {
        "candidates": [
            {"id": str(version.pk), "probability": 0.41},
            {"id": "fact:hours", "probability": 0.2},
        ],
        "rules": [{"rule": "unsure", "words": "nose"}],
        "probability": 0.41,
    }
    doubt("y los domingos?", **fields)
    one = api.get("bot/reviews/").json()["data"][0]
    assert (one["text"], one["candidates"][0]["question"], one["candidates"][1]["fact"]) == (
        "y los domingos?", version.question, "hours",
    )  # fmt: skip
    found = review.page(business.actor()).items
    with django_assert_num_queries(1):
        evidence = review.evidence(found)[found[0].pk]
    assert evidence.best is not None
    assert (evidence.best.percent, evidence.rules[0]["words"]) == (41, "nose")
    doubt("otra", **fields)
    doubt("otra mas", **fields)
    owner = business.actor()
    with django_assert_num_queries(2):
        review.evidence(review.page(owner).items)


@pytest.mark.usefixtures("scope")
def test_api_judges_corrects_and_takes_back(business: Business, api: Api, doubt: Doubt) -> None:
    article = Article.objects.get()
    decision, other = doubt("a q hora cierran"), doubt("hacen envios?")
    at = f"bot/reviews/{decision.pk}/"
    assert [one["id"] for one in api.get("bot/reviews/", {"doubt": "unsure"}).json()["data"]] == [
        str(other.pk), str(decision.pk),
    ]  # fmt: skip
    assert api.post(at, {"verdict": "maybe"}).status_code == 422
    assert api.post(at, {"verdict": "better"}).status_code == 422
    made = api.post(at, {"verdict": "better", "article_id": str(article.pk)}).json()
    assert (made["review"], article.versions.get(state="draft").phrasings[-1]) == (
        "better",
        "a q hora cierran",
    )
    assert api.post(at, {"verdict": "right"}).status_code == 409
    assert api.post(f"{at}undoing/").json()["review"] == "due"
    assert api.post(at, {"verdict": "right"}).json()["review"] == "right"


def test_narrowed_sees_his_own_only_and_agents_and_strangers_nothing(
    business: Business, narrow: Membership, narrow_client: Client, teammate_client: Client,
    stranger_client: Client, stranger: Api, doubt: Doubt,
) -> None:  # fmt: skip
    mine, theirs = doubt("mia"), doubt("ajena")
    with tenant_scope(business.tenant.id):
        Conversation.objects.filter(pk=mine.conversation_id).update(assignee=narrow)
    page = narrow_client.get(url(business))
    assert (page.context["decision"], page.context["left"], "ajena" in page.text) == (mine, 1, False)
    for tail in ("verdict/", "better/", "undoing/"):
        assert narrow_client.post(url(business, f"{theirs.pk}/{tail}")).status_code == 404
        assert stranger_client.post(url(business, f"{theirs.pk}/{tail}")).status_code == 404
        assert teammate_client.post(url(business, f"{theirs.pk}/{tail}")).status_code == 403
    assert teammate_client.get(url(business)).status_code == 403
    at = f"bot/reviews/{theirs.pk}/"
    assert (stranger.get(at).status_code, stranger.post(at, {"verdict": "right"}).status_code) == (404, 404)
    with tenant_scope(business.tenant.id):
        assert state(theirs) == "due"


@pytest.mark.usefixtures("scope")
def test_knowledge_page_says_how_many_wait(business: Business, owner_client: Client, doubt: Doubt) -> None:
    doubt()
    assert (
        "1 decisión del bot espera revisión." in owner_client.get(f"{business.base}settings/knowledge/").text
    )


def test_key_without_conversations_reads_no_words(limited: Callable[..., Api]) -> None:
    assert limited("knowledge:write").get("bot/reviews/").status_code == 403
    assert limited("conversations:read").get("bot/reviews/").status_code == 403
    assert limited("knowledge:write", "conversations:read").get("bot/reviews/").status_code == 200


@pytest.mark.usefixtures("scope")
def test_archived_answer_learns_nothing(business: Business, doubt: Doubt, api: Api) -> None:
    article = make_article(business, question="¿Tienen baño?", answer="Sí.")
    Article.objects.filter(pk=article.pk).update(archived_at=article.created_at)
    decision = doubt()
    given = {"verdict": "better", "article_id": str(article.pk)}
    assert api.post(f"bot/reviews/{decision.pk}/", given).status_code == 409
    assert state(decision) == "due"
