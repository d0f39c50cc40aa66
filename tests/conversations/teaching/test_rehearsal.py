"""Rehearsals: what drafts would change is shown before they are published, and nothing else happens."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations import knowledge, rehearsals, rehearsing
from conversations.actions import rehearsal as acts
from conversations.actions import thinking
from conversations.actions.articles import archive_article, write_article
from conversations.models import (
    Article,
    Bot,
    Conversation,
    Decision,
    Delivery,
    Message,
    RehearsalExample,
    RehearsalRun,
    Turn,
)
from conversations.rehearsing import Played, change_of
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.conversations import make_inbound, make_message
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

PARKING = {
    "question": "¿Tienen estacionamiento?",
    "phrasings": ["hay estacionamiento", "donde me estaciono", "tienen estacionamiento para clientes"],
    "answer": "Sí, atrás de la tienda, gratis.",
}


@pytest.fixture
def asked(business: Business, bot: Bot) -> list[Decision | None]:
    """One asks for the hours, which the bot knows; one for parking, which it does not."""
    decided = []
    with tenant_scope(business.tenant.id):
        for text in ("¿A qué hora abren?", "¿Tienen estacionamiento?"):
            message = make_inbound(text, kind="web")
            decided.append(thinking.think(business.tenant.id, message.conversation_id))
    return decided


@pytest.fixture
def parking(business: Business, bot: Bot) -> Article:
    """A draft that answers what was not answered."""
    with tenant_scope(business.tenant.id):
        return make_article(business, publish=False, **PARKING)


def played(business: Business, **given: Any) -> RehearsalRun:
    """A rehearsal, played to the end by a worker."""
    with tenant_scope(business.tenant.id):
        run = acts.rehearse(by=business.actor(), **given)
    rehearsing.work(business.tenant.id, run.pk)
    with tenant_scope(business.tenant.id):
        return RehearsalRun.objects.get(pk=run.pk)


def rows() -> tuple[int, ...]:
    """What a rehearsal must not touch."""
    return tuple(model.objects.count() for model in (Message, Delivery, Decision, Turn, Conversation))


@pytest.mark.usefixtures("scope")
def test_draft_is_seen_to_answer_before_it_is_published(
    business: Business, asked: list[Decision], parking: Article
) -> None:
    assert [one.action for one in asked] == ["answer", "ask"]
    before = rows()
    run = played(business)
    assert (run.state, run.found, run.total, run.place) == ("done", 2, 2, 2)
    assert run.counts["now"] == {"answer": 1, "ask": 1}
    assert run.counts["draft"] == {"answer": 2}
    assert (run.counts["changes"], run.counts["by_draft"]) == ({"answered": 1}, 1)
    (example,) = RehearsalExample.objects.all()
    assert (example.message.text, example.before["action"]) == (PARKING["question"], "ask")
    assert (example.after["question"], example.after["answer"]) == (PARKING["question"], PARKING["answer"])
    assert rows() == before
    assert [one.question for one in knowledge.published()] == ["¿A qué hora abren?"]


@pytest.mark.usefixtures("scope")
def test_other_words_and_silence_are_told_apart(business: Business, asked: list[Decision]) -> None:
    hours = Article.objects.get()
    write_article(article=hours, by=business.actor(), answer="De lunes a viernes, de 9 a 18 h.")
    assert played(business).counts["changes"] == {"reworded": 1}
    write_article(
        article=hours, by=business.actor(), question="¿Venden refacciones?", phrasings=["refacciones"],
        answer="Sí, de casi todas las marcas.", valid_until="2020-01-01",
    )  # fmt: skip
    silenced = played(business)
    assert sum(silenced.counts["changes"].values()) == silenced.counts["changed"]
    assert "reworded" not in silenced.counts["changes"]


@pytest.mark.usefixtures("scope")
def test_archived_answer_and_earlier_version_are_rehearsed_and_published(
    business: Business, asked: list[Decision]
) -> None:
    parking = make_article(business, **PARKING)
    parking = archive_article(article=parking, by=business.actor())
    back = played(business, chosen=[parking])
    assert back.counts["changes"] == {"answered": 1}
    assert [acts.publish(run=back, by=business.actor()) for _twice in range(2)] == [1, 1]
    assert len(knowledge.published()) == 2
    parking.refresh_from_db()
    write_article(article=parking, by=business.actor(), publish=True, answer="Ya no.")
    first = parking.versions.get(number=1)
    acts.publish(run=played(business, versions=[first]), by=business.actor())
    assert parking.versions.get(state="published") == first


@pytest.mark.usefixtures("scope")
def test_killed_worker_goes_on_where_it_was_and_two_do_it_once(
    business: Business, asked: list[Decision], parking: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "AT_ONCE", 1)
    run = acts.rehearse(by=business.actor())
    assert acts.rehearse(by=business.actor()) == run
    real, calls = rehearsing._play, []

    def dies_at_the_second(*given: Any) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("killed")
        real(*given)

    monkeypatch.setattr(rehearsing, "_play", dies_at_the_second)
    assert rehearsing.work(business.tenant.id, run.pk) is False
    run.refresh_from_db()
    assert (run.state, run.place, run.counts["messages"]) == ("running", 1, 1)
    assert rehearsing.work(business.tenant.id, run.pk) is False  # its lease still runs
    RehearsalRun.objects.update(due_at=timezone.now())
    for _twice in range(2):
        rehearsing.work(business.tenant.id, run.pk)
    run.refresh_from_db()
    assert (run.state, run.place, run.counts["messages"]) == ("done", 2, 2)


@pytest.mark.usefixtures("scope")
def test_run_that_always_breaks_fails_in_the_end(
    business: Business, asked: list[Decision], parking: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = acts.rehearse(by=business.actor())
    monkeypatch.setattr(rehearsing, "_play", lambda *given: 1 / 0)
    for _try in range(4):
        rehearsing.work(business.tenant.id, run.pk)
        RehearsalRun.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.due_at) == ("failed", None)


@pytest.mark.usefixtures("scope")
def test_without_a_bot_what_came_before_a_person_is_played(business: Business, bot: Bot) -> None:
    Bot.objects.update(is_on=False)
    message = make_inbound("¿Tienen estacionamiento?", kind="web")
    make_message(message.conversation, "Sí, atrás.", by=business.actor())
    make_inbound("¿A qué hora abren?", kind="email")
    make_article(business, publish=False, **PARKING)
    counts = played(business).counts
    assert (counts["messages"], counts["changes"]) == (1, {"answered": 1})


@pytest.mark.parametrize(
    ("now", "then", "change"),
    [
        (Played("answer", "a"), Played("hand_off"), "escalated"),
        (Played("answer", "a"), Played("ask"), "silenced"),
        (Played("answer", "a"), Played("answer", "b"), "other"),
        (Played("answer", "a"), Played("answer", "a"), None),
        (Played("hand_off"), Played("answer", "a"), "answered"),
        (Played("hand_off"), Played("ask"), "asked"),
        (Played("answer", "a"), Played("answer", "b", is_looped=True), "looped"),
        (Played("answer", "a"), Played("person"), None),
        (Played("person"), Played("answer", "a"), "answered"),
        (Played("hand_off"), Played("hand_off"), None),
    ],
)
def test_change_is_named(now: Played, then: Played, change: str | None) -> None:
    assert change_of(now, then) == change


@pytest.mark.usefixtures("scope")
def test_owner_rehearses_looks_and_publishes(
    business: Business, owner_client: Client, asked: list[Decision], parking: Article
) -> None:
    base = f"{business.base}settings/knowledge/rehearsals/"
    assert "1 borrador espera" in owner_client.get(base).text
    at = owner_client.post(f"{base}new/", {"article": parking.pk})["Location"]
    assert "Esperando su turno." in owner_client.get(at).text
    rehearsing.work(business.tenant.id, RehearsalRun.objects.get().pk)
    page = owner_client.get(at).text
    assert ("Ahora sí se respondería" in page, PARKING["answer"] in page) == (True, True)
    write_article(article=parking, by=business.actor(), answer="Sí, pero de paga.")
    late = owner_client.post(f"{at}publication/", follow=True).text
    assert "se cambió o se descartó desde este ensayo" in late
    again = owner_client.post(f"{base}new/", {"article": parking.pk})["Location"]
    rehearsing.work(business.tenant.id, RehearsalRun.objects.latest("id").pk)
    owner_client.post(f"{again}publication/")
    assert parking.versions.get(state="published").answer == "Sí, pero de paga."
    write_article(article=parking, by=business.actor(), answer="Cerrado por obra.")
    third = owner_client.post(f"{base}new/", {"article": parking.pk})["Location"]
    rehearsing.work(business.tenant.id, RehearsalRun.objects.latest("id").pk)
    owner_client.post(f"{third}discarding/")
    assert not parking.versions.filter(state="draft").exists()
    assert "No hay nada que ensayar" not in owner_client.get(base).text


def test_nobody_else_sees_a_rehearsal_and_narrowed_only_his_own(
    business: Business, narrow: Membership, narrow_client: Client, stranger_client: Client, stranger: Api,
    teammate_client: Client, asked: list[Decision], parking: Article,
) -> None:  # fmt: skip
    run = played(business)
    base = f"{business.base}settings/knowledge/rehearsals/"
    for client, status in ((narrow_client, 404), (stranger_client, 404), (teammate_client, 403)):
        assert client.get(f"{base}{run.pk}/").status_code == status
        assert client.post(f"{base}{run.pk}/publication/").status_code == status
        assert client.post(f"{base}{run.pk}/discarding/").status_code == status
    assert stranger.get(f"bot/rehearsals/{run.pk}/").status_code == 404
    assert stranger.post("bot/rehearsals/", {"articles": [str(parking.pk)]}).status_code == 422
    with tenant_scope(business.tenant.id):
        Conversation.objects.filter(pk=asked[1].conversation_id).update(assignee=narrow)
    own = narrow_client.post(f"{base}new/")["Location"]
    with tenant_scope(business.tenant.id):
        mine = RehearsalRun.objects.latest("id")
    rehearsing.work(business.tenant.id, mine.pk)
    assert "1 mensaje de 1 conversaciones." in narrow_client.get(own).text


def test_api_begins_reads_and_publishes(
    business: Business, api: Api, asked: list[Decision], parking: Article
) -> None:
    begun = api.post("bot/rehearsals/", {"articles": [str(parking.pk)]})
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    at = f"bot/rehearsals/{begun.json()['id']}/"
    rehearsing.work(business.tenant.id, begun.json()["id"])
    done = api.get(at).json()
    assert (done["state"], done["messages"], done["changes"], done["by_draft"]) == (
        "done", 2, {"answered": 1}, 1,
    )  # fmt: skip
    (example,) = api.get(f"{at}examples/").json()
    assert (example["text"], example["after"]["article"]) == (PARKING["question"], str(parking.pk))
    assert api.post(f"{at}publication/").status_code == 200
    assert api.post("bot/rehearsals/", {}).status_code == 422


@pytest.mark.usefixtures("scope")
def test_rehearsals_are_forgotten_and_go_with_the_message(
    business: Business, asked: list[Decision], parking: Article
) -> None:
    run = played(business)
    Message.objects.filter(text=PARKING["question"]).delete()
    assert rehearsals.changes(run, business.actor())[0].examples == []
    RehearsalRun.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert [acts.forget_old() for _twice in range(2)] == [1, 0]
