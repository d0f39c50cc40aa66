"""The bot for integrators: settings, decisions, dry run."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from conversations import trials
from conversations.actions import rules_trials, thinking
from conversations.models import Bot, Decision, Message
from tenants.kit import asking
from tenants.models import Team
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.conversations import make_inbound
from tests.factories.crm import make_customer, make_order
from tests.factories.knowledge import HOURS, make_article
from tests.factories.tenants import Business


def heard(business: Business, *texts: str) -> Message:
    """What a customer wrote to the bot, decided on."""
    address = str(uuid4())
    for text in texts:
        message = make_inbound(text, kind="web", address=address)
        thinking.think(business.tenant.id, message.conversation_id)
    return message


def test_settings_are_read_and_changed(api: Api) -> None:
    first = api.get("bot/").json()
    assert (first["is_on"], first["version"], first["rules"]["repeated"]) == (False, 1, 2)
    assert first["balance"] == {"default": "automation", "rows": []}
    changed = api.patch(
        "bot/",
        {"is_on": True, "rules": {"repeated": 3, "mood": False}, "texts": {"es": {"how": "¿Qué buscas?"}},
         "balance": {"default": "hybrid", "rows": [{"mode": "person", "category": "complaint"}]}},
    ).json()  # fmt: skip
    assert (changed["is_on"], changed["version"], changed["rules"]["repeated"]) == (True, 2, 3)
    assert changed["rules"]["unsure"] == 2
    assert "3" in changed["sentences"]["repeated"]
    assert "mood" not in changed["sentences"]
    assert changed["texts"] == {"es": {"how": ["¿Qué buscas?"]}, "pt": {}, "en": {}}
    assert api.get("bot/").json() == changed
    assert api.patch("bot/", {"name": "X", "version": 1}).status_code == 409
    assert api.patch("bot/", {"rules": {"repeated": 99}}).json()["errors"][0]["pointer"] == "/rules"
    assert api.patch("bot/", {"mood": 1}).status_code == 422


def test_teams_and_the_quiet_hours_are_read_and_changed(business: Business, api: Api) -> None:
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
    none = dict.fromkeys(["sales", "support", "complaint", "general"])
    first = api.get("bot/").json()
    assert (first["teams"], first["closes_after"]) == (none, 24)
    changed = api.patch("bot/", {"teams": {"complaint": str(team.pk)}, "closes_after": None}).json()
    assert (changed["teams"], changed["closes_after"]) == ({**none, "complaint": str(team.pk)}, None)
    assert api.patch("bot/", {"teams": {"sales": str(team.pk)}}).json()["teams"]["complaint"] == str(team.pk)
    assert api.patch("bot/", {"teams": {"sales": None}}).json()["teams"] == changed["teams"]
    for wrong in ({"teams": {"sales": str(uuid4())}}, {"teams": {"vip": None}}, {"closes_after": 721}):
        problem = api.patch("bot/", wrong)
        assert (problem.status_code, problem.json()["errors"][0]["pointer"]) == (422, f"/{next(iter(wrong))}")
    with tenant_scope(business.tenant.id):
        team.delete()
    assert api.get("bot/").json()["teams"] == none


def test_decision_says_everything_and_leaves_nothing(business: Business, api: Api) -> None:
    with tenant_scope(business.tenant.id):
        article = make_article(business)
        message = heard(business, "hola")
    said = api.post("bot/decisions/", {"text": "a q hora abren?"}).json()
    assert (said["action"], said["text"], said["language"]) == ("answer", HOURS["answer"], "es")
    assert said["answer"]["id"] == str(article.pk)
    assert (said["probability"] >= 0.7, said["is_on"], said["mode"]) == (True, False, "automation")
    wish = api.post(
        "bot/decisions/", {"text": "kiero hablar c alguien", "conversation_id": str(message.conversation_id)}
    ).json()
    assert (wish["action"], wish["reason"], wish["answer"]) == ("hand_off", "asked", None)
    assert wish["rules"] == [{"rule": "asked", "words": "hablar con alguien"}]
    words = api.post("bot/decisions/", {"text": "voy a ir a profeco"}).json()
    assert (words["reason"], words["rules"][0]["words"]) == ("words", "profeco")
    with tenant_scope(business.tenant.id):
        assert (Message.objects.filter(kind="inbound").count(), Decision.objects.count()) == (1, 0)


def test_bad_text_is_a_problem(api: Api) -> None:
    for body in ({}, {"text": ""}, {"text": "x" * 4_001}, {"text": []}, {"text": "x", "customer_id": "y"}):
        assert api.post("bot/decisions/", body).status_code == 422
    assert api.post("bot/decisions/", {"text": "x", "customer_id": str(uuid4())}).status_code == 404
    assert api.post("bot/decisions/", {"text": "x", "conversation_id": str(uuid4())}).status_code == 404


def test_decisions_are_listed_and_rules_tried_on_them(
    business: Business, api: Api, stranger: Api, limited: Callable[..., Api]
) -> None:
    with tenant_scope(business.tenant.id):
        make_article(business)
        Bot.objects.create(is_on=True)
        message = heard(business, "a q hora abren?", "zorrillos interestelares cuadrados")
    listed = api.get("bot/decisions/").json()["data"]
    assert listed[0]["doubt"] == "unsure"
    assert listed[1]["action"] == "answer"
    assert listed[1]["conversation_id"] == str(message.conversation_id)
    assert listed[1]["article_id"]
    assert len(api.get("bot/decisions/", {"action": "answer"}).json()["data"]) == 1
    assert api.get("bot/decisions/", {"limit": 1}).json()["has_more"]
    begun = api.post("bot/rules/trial/", {"rules": {"unsure": 1}})
    assert (begun.status_code, begun.json()["state"], begun.json()["more_examples"]) == (202, "waiting", [])
    at = f"bot/rules/trial/{begun.json()['id']}/"
    assert api.post("bot/rules/trial/", {"rules": {"unsure": 1}}).json()["id"] == begun.json()["id"]
    for _twice in range(2):
        rules_trials.work(business.tenant.id, begun.json()["id"])
    tried = api.get(at).json()
    assert (tried["state"], stranger.get(at).status_code) == ("done", 404)
    assert limited("conversations:read").get(at).status_code == 403
    assert (tried["turns"], tried["messages"], tried["more"], tried["fewer"]) == (1, 2, 1, 0)
    assert tried["more_examples"][0]["rule"] == "unsure"
    assert api.get("bot/advice/").json() == {"data": []}


def test_doors_stay_shut(business: Business, api: Api, stranger: Api, limited: Callable[..., Api]) -> None:
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True, name="Tapi")
        message = heard(business, "hola")
    assert stranger.get("bot/").json()["name"] == ""
    assert stranger.get("bot/decisions/").json()["data"] == []
    body = {"text": "hola", "conversation_id": str(message.conversation_id)}
    assert stranger.post("bot/decisions/", body).status_code == 404
    reader = limited("conversations:read")
    assert reader.get("bot/").status_code == 200
    assert reader.patch("bot/", {"is_on": False}).status_code == 403
    assert reader.post("bot/rules/trial/", {}).status_code == 403


def test_without_a_worker_a_trial_says_when_to_try_again(
    business: Business, api: Api, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "WAIT", 0.1)
    monkeypatch.setattr(asking, "ring_now", lambda *_args, **_more: True)
    late = api.post("bot/decisions/", {"text": "a q hora abren?"})
    assert (late.status_code, late["Retry-After"], late.json()["type"]) == (
        503, "5", "urn:puente:problem:unavailable",
    )  # fmt: skip
    page = owner_client.post(f"{business.base}settings/bot/trial/", {"text": "a q hora abren?"})
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    monkeypatch.setattr(asking, "ring_now", lambda *_args, **_more: False)
    assert api.post("bot/decisions/", {"text": "hola"}).status_code == 503


def test_balance_of_a_trade_is_put_in_place(api: Api, limited: Callable[..., Api]) -> None:
    listed = {one["key"]: one for one in api.get("bot/presets/").json()["data"]}
    clinic = listed["clinic"]
    assert (clinic["name"], clinic["balance"]["default"]) == ("Clinic", "hybrid")
    assert clinic["why"]
    applied = api.post("bot/presets/clinic/application/", {"version": 1}).json()
    assert (applied["balance"], applied["version"]) == (clinic["balance"], 2)
    assert api.get("bot/").json() == applied
    assert api.post("bot/presets/clinic/application/", {"version": 1}).status_code == 409
    assert api.post("bot/presets/bakery/application/", {}).status_code == 404
    assert api.post("bot/presets/clinic/application/", {"key": "shop"}).status_code == 422
    reader = limited("conversations:read")
    assert reader.get("bot/presets/").status_code == 200
    assert reader.post("bot/presets/shop/application/", {}).status_code == 403


def test_stage_of_a_customer_is_told_with_its_reason(
    business: Business, api: Api, stranger: Api, limited: Callable[..., Api]
) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer()
    at = f"customers/{customer.pk}/stage/"
    assert api.get(at).json()["stage"] == "discovery"
    with tenant_scope(business.tenant.id):
        make_order(customer, number="A-7", status="shipped")
    assert api.get(at).json() == {"stage": "after_sale", "name": "After-sale", "why": "Order A-7: shipped."}
    assert stranger.get(at).status_code == 404
    assert limited("orders:read").get(at).status_code == 403
