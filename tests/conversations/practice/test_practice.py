"""Practising: the customer reacts, the feedback says what was there to see, and nothing real is touched."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from conversations.actions import practice
from conversations.actions.practice import NothingToPractise, RunEnded
from conversations.models import Episode, Handoff, Mood, PracticeRun, PracticeTurn, Turn
from conversations.practice import judging
from conversations.practice.lines import LANGUAGES
from crm.models import Product
from tenants.permissions import Role, Sees
from tenants.refusals import Refused
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, api, limited, stranger
from tests.factories.conversations import make_canned_reply, make_conversation
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

__all__ = ["api", "limited", "stranger"]
ANSWERS = {
    "¿A qué hora abren?": "De martes a sábado, de 10 a 19 h.",
    "¿Cuánto cuesta el envío?": "El envío cuesta $99 y tarda 3 días.",
    "¿Hacen servicio a bicis de otras marcas?": "Sí, damos servicio a todas las marcas en el taller.",
}


@pytest.fixture
def answers(scope: Business) -> Business:
    for question, answer in ANSWERS.items():
        make_article(scope, question=question, answer=answer, phrasings=[])
    return scope


def begun(business: Business, mood: str = "calm", language: str = "es") -> PracticeRun:
    by = business.actor(business.agent)
    return practice.begin(language=language, mood=mood, by=by, chance=Random(7))


def right(run: PracticeRun) -> str:
    """The business's own answer to what is asked now."""
    return str(practice.questions_of(run)[run.state["at"]].answer)


def says(business: Business, run: PracticeRun, text: str) -> PracticeRun:
    return practice.answer(run=run, text=text, by=business.actor(business.agent))


def finish(business: Business, run: PracticeRun, reply: Callable[[PracticeRun], str]) -> PracticeRun:
    for _turn in range(8):
        if run.ended_at is None:
            run = says(business, run, reply(run))
    assert run.ended_at is not None
    return run


def kinds(run: PracticeRun) -> set[str]:
    return {note["kind"] for note in run.feedback["notes"]}


def test_customer_asks_what_the_business_answers_and_leaves_content(answers: Business) -> None:
    run = finish(answers, begun(answers), lambda run: f"¡Hola! Con gusto. {right(run)} Sí, así es.")
    assert (run.feedback["answered"], run.feedback["questions"]) == (3, 3)
    assert run.score == 100
    assert kinds(run) == {"all_answered", "nothing_asked_again"}
    assert run.feedback["better"] == []
    assert 4 <= PracticeTurn.objects.filter(speaker="customer").count() <= 6
    with pytest.raises(RunEnded):
        says(answers, run, "¿Sigues ahí?")


def test_upset_customer_wants_to_hear_that_it_is_seen(answers: Business) -> None:
    cold = finish(answers, begun(answers, "angry"), right)
    assert "no_empathy" in cold.state["told"]
    assert "no_empathy" in kinds(cold)
    warm = finish(answers, begun(answers, "angry"), lambda run: f"Lamento mucho la espera. {right(run)}")
    assert warm.state["told"][0] == "next"
    assert "empathy" in kinds(warm)
    assert (warm.score or 0) > (cold.score or 0)
    assert cold.feedback["better"][0]["better"].startswith("Lamento la espera, ")
    assert any(answer in cold.feedback["better"][0]["better"] for answer in ANSWERS.values())


def test_what_was_told_already_is_not_asked_again_without_being_noticed(answers: Business) -> None:
    run = says(answers, begun(answers, "angry"), "Disculpa. ¿Cuál es tu número de pedido?")
    order = run.scenario["known"]["order"]
    last = PracticeTurn.objects.latest("number")
    assert last.text == f"Eso ya te lo dije: {order}."
    run = practice.stop(run=run, by=answers.actor(answers.agent))
    assert "asked_again" in kinds(run)
    assert run.feedback["knowing"] == 50


def test_customer_who_gets_no_answer_loses_patience(answers: Business) -> None:
    run = finish(answers, begun(answers, "hurried"), lambda run: "Ok.")
    assert run.feedback["left"]
    assert {"unanswered", "left"} <= kinds(run)
    assert PracticeTurn.objects.latest("number").text.startswith("Mejor lo dejo así")
    assert (run.score or 0) < 50


def test_what_the_business_never_said_is_told(answers: Business) -> None:
    run = finish(answers, begun(answers), lambda run: f"{right(run)} Y te doy 90 % de descuento. Sí, así es.")
    (note,) = [one for one in run.feedback["notes"] if one["kind"] == "invented"]
    assert {"90 %", "descuento"} <= set(note["words"].split(", "))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mood", Mood.values)
def test_every_mood_speaks_every_language(scope: Business, mood: str, language: str) -> None:
    code = {"pt": "pt-br"}.get(language, language)
    for number in range(3):
        make_article(scope, question=f"Q{number}?", answer="A B C.", phrasings=[], language=code)
    run = finish(scope, begun(scope, mood, language), lambda run: "…")
    assert run.feedback["left"]
    assert "{" not in "".join(PracticeTurn.objects.values_list("text", flat=True))


def test_likeness_goes_by_what_can_be_checked() -> None:
    answer = "El envío cuesta $99 y tarda 3 días."
    for text, is_right in (
        ("Cuesta 99 pesos y llega en 3 días", True),
        ("El envío cuesta $120 y tarda 8 días.", False),
        ("Claro, con gusto", False),
    ):
        assert (judging.likeness(text, answer, "es") >= judging.ANSWERED) is is_right, text


def real_rows() -> dict[str, list[Any]]:
    """Every row of the business that is no practice."""
    ours = {"conversations", "crm", "feedback", "tenants"}
    models = [m for m in apps.get_models() if m._meta.app_label in ours and hasattr(m, "tenant_id")]
    own = {"PracticeRun", "PracticeTurn"}
    return {
        m.__name__: list(m._default_manager.order_by("pk").values()) for m in models if m.__name__ not in own
    }


def test_what_stands_in_his_record_needs_no_asking(answers: Business) -> None:
    run = begun(answers)
    mail = run.scenario["record"]["email"]
    run = says(answers, run, "Con gusto. ¿Cuál es tu correo?")
    assert PracticeTurn.objects.latest("number").text == f"¿Eso no lo tienen ya ahí? Es {mail}."
    run = says(answers, run, f"Te escribo a {mail}. {right(run)}")
    assert PracticeTurn.objects.latest("number").text.startswith("Ok, gracias.")
    run = practice.stop(run=run, by=answers.actor(answers.agent))
    assert "on_record" in kinds(run)
    assert "invented" not in kinds(run)
    assert run.feedback["knowing"] == 50


def handed_over(times: int, mood: str) -> None:
    """The bot has handed so many customers over who were in a mood."""
    made = make_conversation("Hola")
    episode = Episode.objects.get(conversation=made)
    for _number in range(times):
        turn = Turn.objects.create(
            conversation=made, episode=episode, holder="bot", why="opened", ended_at=made.created_at
        )
        Handoff.objects.create(conversation=made, episode=episode, turn=turn, reason="complaint", mood=mood)


def test_customer_is_of_the_business_own_kind(scope: Business) -> None:
    make_article(scope)
    sold = Product.objects.create(external_id="1", name="Bici urbana", price=7800, currency="MXN")
    Product.objects.create(external_id="2", name="Bici vieja", currency="MXN", is_active=False)
    run = begun(scope, "angry")
    order = run.scenario["record"]["order"]
    assert (order["item"], order["number"]) == (sold.name, run.scenario["known"]["order"])
    handed_over(30, mood="negative")
    by = scope.actor(scope.agent)
    moods = [practice.begin(language="es", mood="", by=by, chance=Random(seed)).mood for seed in range(20)]
    assert moods.count("angry") > 10


def test_begin_says_what_is_missing_and_ends_what_was_left(scope: Business) -> None:
    with pytest.raises(NothingToPractise):
        begun(scope)
    assert practice.languages() == []
    make_article(scope)
    with pytest.raises(Refused):
        begun(scope, "bored")
    left = begun(scope)
    begun(scope)
    left.refresh_from_db()
    assert (left.ended_at is not None, left.score) == (True, None)


# --- the doors ---


@pytest.fixture
def run(business: Business) -> PracticeRun:
    with tenant_scope(business.tenant.id):
        for question, answer in ANSWERS.items():
            make_article(business, question=question, answer=answer, phrasings=[])
        return begun(business, "angry")


def test_agent_practises_on_the_page(business: Business, teammate_client: Client) -> None:
    at = f"{business.base}practice/"
    assert "Todavía no hay qué practicar" in teammate_client.get(at).text
    assert teammate_client.post(at, {"language": "es", "mood": "calm"})["Location"] == at
    with tenant_scope(business.tenant.id):
        make_article(business)
    here = teammate_client.post(at, {"language": "es", "mood": "angry"})["Location"]
    assert 'name="text"' in teammate_client.get(here).text
    assert teammate_client.post(f"{here}replies/", {"text": " "}).status_code == 422
    for _turn in range(6):
        teammate_client.post(
            f"{here}replies/", {"text": "Lamento la espera. De martes a sábado, de 10 a 19 h. Sí."}
        )
    page = teammate_client.get(here).text
    assert "Cómo te fue" in page
    assert "Respondiste todo lo que se preguntó." in page
    assert teammate_client.post(f"{here}replies/", {"text": "¿Sigues?"}).status_code == 422
    assert "/ 100" in teammate_client.get(at).text


def test_page_offers_what_the_workspace_offers_and_nothing_real_changes(
    business: Business, teammate_client: Client, run: PracticeRun
) -> None:
    with tenant_scope(business.tenant.id):
        make_canned_reply("hola", "Hola {{ customer.first_name }}, con gusto.")
        before = real_rows()
    here = f"{business.base}practice/{run.pk}/"
    page = teammate_client.get(here).text
    for piece in (
        "data-handoff",
        "data-use-reply",
        "customer-pane",
        "@example.com",
        "data-draft-check",
        "canned-open",
    ):
        assert piece in page, piece
    htmx = {"HX-Request": "true"}
    assert right(run) in teammate_client.get(f"{here}suggestions/", headers=htmx).text
    offered = teammate_client.get(f"{here}canned/", headers=htmx).text
    assert f"Hola {run.customer.split()[0]}, con gusto." in offered
    assert "De martes a sábado" in offered
    for draft, hint in (
        ("¿Me pasas tu número de pedido?", run.scenario["known"]["order"]),
        ("¿Cuál es tu correo?", run.scenario["record"]["email"]),
    ):
        assert hint in teammate_client.post(f"{here}draft-check/", {"text": draft}, headers=htmx).text
    cold, warm = (
        teammate_client.post(f"{here}draft-check/", {"text": text}, headers=htmx).text
        for text in ("Va en camino.", "Lamento mucho la espera. Va en camino.")
    )
    assert ("sound:empathy" in cold, "draft-hint" in warm) == (True, False)
    assert teammate_client.post(f"{here}replies/", {"text": ""}, headers=htmx).status_code == 422
    for said, question in enumerate(practice.questions_of(run)):
        form = {"text": f"Lamento la espera. {question.answer}", "client_id": f"c{said}"}
        answered = teammate_client.post(f"{here}replies/", form, headers=htmx).text
        again = teammate_client.post(f"{here}replies/", form, headers=htmx)  # the same, sent twice
        assert again.status_code == 200
    assert "practice-feedback" in answered
    with tenant_scope(business.tenant.id):
        assert run.turns.filter(speaker="agent").count() == 3
        assert real_rows() == before


def test_others_see_runs_only_where_they_supervise(
    business: Business,
    owner_client: Client,
    teammate_client: Client,
    stranger_client: Client,
    run: PracticeRun,
) -> None:
    here = f"{business.base}practice/{run.pk}/"
    mate = business.client(business.add_member())
    narrow = business.client(business.add_member(Role.SUPERVISOR, sees=Sees.TEAMS))
    analyst = business.client(business.add_member(Role.ANALYST))
    expected: list[tuple[Any, int, int]] = [
        (teammate_client, 200, 302), (owner_client, 200, 404), (mate, 404, 404), (narrow, 404, 404),
        (stranger_client, 404, 404), (analyst, 403, 403),
    ]  # fmt: skip
    looked_on = owner_client.get(here).text
    assert "data-handoff" in looked_on
    assert not [piece for piece in ('name="text"', "data-use-reply", "ending/") if piece in looked_on]
    for client, reads, acts in expected:
        assert client.get(here).status_code == reads
        assert client.post(f"{here}ending/").status_code == acts
    assert run.customer in owner_client.get(f"{business.base}practice/").text
    assert run.customer not in mate.get(f"{business.base}practice/").text


def test_run_from_before_there_were_records_is_still_shown(
    business: Business, teammate_client: Client, run: PracticeRun
) -> None:
    del run.scenario["record"]
    with tenant_scope(business.tenant.id):
        run.save(update_fields=["scenario"])
    here = f"{business.base}practice/{run.pk}/"
    assert "customer-card" in teammate_client.get(here).text
    assert teammate_client.post(f"{here}replies/", {"text": "Lamento la espera."}).status_code == 302


def test_runs_are_read_by_the_api(
    business: Business, api: Api, stranger: Api, limited: Callable[..., Api], run: PracticeRun
) -> None:
    (one,) = api.get("practice-runs/").json()["data"]
    assert (one["mood"], one["score"], one["clarity"]) == ("angry", None, None)
    assert stranger.get("practice-runs/").json()["data"] == []
    assert limited("conversations:read").get("practice-runs/").status_code == 403
