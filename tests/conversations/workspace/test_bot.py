"""The bot's settings: owner, who may not, stranger."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conversations import bot_numbers
from conversations.actions import rules_trials
from conversations.bot.balance import Numbers
from conversations.models import Bot, Decision, Message, RulesTrial
from tenants.models import AuditEvent, Team
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

PAGES = ("", "rules/", "balance/", "texts/")
RULES = {"repeated_on": "1", "repeated": "3", "unsure_on": "1", "unsure": "2", "mood_on": "1",
         "delicate_on": "1", "words": "factura\nmultas", "harmless": "hand_off"}  # fmt: skip


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/bot/{tail}"


def kept(business: Business) -> Bot:
    with tenant_scope(business.tenant.id):
        return Bot.objects.get()


def test_owner_turns_it_on_names_it_and_takes_it_back(business: Business, owner_client: Client) -> None:
    page = owner_client.get(url(business)).text
    assert "Todavía sabe poco" in page
    done = owner_client.post(url(business), {"is_on": "on", "name": " Tapi ", "seen": "1"})
    bot = kept(business)
    assert (done.status_code, bot.is_on, bot.name, bot.version) == (302, True, "Tapi", 2)
    press_undo(owner_client, done)
    assert (kept(business).is_on, kept(business).name) == (False, "")
    stale = owner_client.post(url(business), {"name": "Otro", "seen": "1"})
    assert (stale.status_code, kept(business).name) == (422, "")
    with tenant_scope(business.tenant.id):
        acts = list(AuditEvent.objects.filter(action__startswith="bot.").values_list("action", flat=True))
    assert sorted(acts) == ["bot.turned_off", "bot.turned_on"]


def test_owner_says_which_team_takes_what_and_when_it_ends(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        team = str(Team.objects.create(name="Taller").pk)
    page = owner_client.get(url(business)).text
    assert 'name="closes_after" value="24"' in page
    given = {"team_support": team, "closes_after": "48"}
    done = owner_client.post(url(business), given)
    assert (kept(business).teams, kept(business).closes_after) == ({"support": team}, 48)
    press_undo(owner_client, done)
    assert (kept(business).teams, kept(business).closes_after) == ({}, 24)
    owner_client.post(url(business), given)
    assert f'<option value="{team}" selected>Taller</option>' in owner_client.get(url(business)).text
    for wrong in ({"closes_after": "0"}, {"closes_after": "x"}, {"team_sales": "x"}):
        assert owner_client.post(url(business), wrong).status_code == 422
    owner_client.post(url(business), {"closes_after": ""})
    assert kept(business).closes_after is None


def test_rules_read_as_sentences_and_are_kept(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label()
    page = owner_client.get(url(business, "rules/")).text
    assert "Si alguien pregunta lo mismo" in page
    given = {
        **RULES,
        "vip_on": "1",
        "vip_labels": [str(label.pk)],
        "high_value_on": "1",
        "high_value": "9000",
    }
    assert owner_client.post(url(business, "rules/"), {**given, "op": "save"}).status_code == 302
    bot = kept(business)
    assert (bot.rules["repeated"], bot.rules["vip_labels"]) == (3, [str(label.pk)])
    assert (bot.rules["high_value"], bot.rules["appointment_today"]) == (9000.0, False)
    assert (bot.words, bot.harmless) == (["factura", "multas"], "hand_off")
    wrong = owner_client.post(url(business, "rules/"), {**RULES, "repeated": "muchas", "op": "save"})
    assert (wrong.status_code, kept(business).version) == (422, bot.version)
    tried = owner_client.post(url(business, "rules/"), {**RULES, "op": "try"}).text
    assert "Todavía no hay con qué comparar" not in tried
    with tenant_scope(business.tenant.id):
        trial = RulesTrial.objects.get()
    at = url(business, f"rules/trials/{trial.pk}/")
    assert at in tried
    assert at in owner_client.get(at, headers={"HX-Request": "true"}).text
    rules_trials.work(business.tenant.id, trial.pk)
    assert "Todavía no hay con qué comparar" in owner_client.get(at).text
    assert at not in owner_client.get(at, headers={"HX-Request": "true"}).text
    colleague = business.client(business.add_member("admin"))
    assert colleague.get(at).status_code == 404


def test_balance_is_built_line_by_line(business: Business, owner_client: Client) -> None:
    at = url(business, "balance/")
    line = {"mode": ["person"], "stage": ["purchase"], "category": [""], "channel_kind": ["web"],
            "label": [""], "worth": ["1500"], "default": "hybrid"}  # fmt: skip
    added = owner_client.post(at, {**line, "op": "add"})
    assert added.text.count('name="stage"') == 2
    assert not kept_any(business)
    owner_client.post(at, {**line, "op": "save"})
    assert kept(business).balance == {
        "default": "hybrid",
        "rows": [{"mode": "person", "stage": "purchase", "channel_kind": "web", "worth": 1500.0}],
    }
    preset = owner_client.post(at, {"op": "preset:clinic", "default": "hybrid"})
    assert preset.context["rows"][0].category == "complaint"
    assert owner_client.post(at, {**line, "worth": ["mucho"], "op": "save"}).status_code == 422


def test_advice_of_the_numbers_is_put_first(
    business: Business, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [Numbers("support", heard=40, handed_over=30)]
    monkeypatch.setattr(bot_numbers, "by_category", lambda: numbers)
    at = url(business, "balance/")
    assert "El 75% de los 40 mensajes de «Soporte» terminó con una persona" in owner_client.get(at).text
    put = owner_client.post(at, {"op": "advice:support", "default": "automation"})
    assert (put.context["rows"][0].mode, put.context["rows"][0].category) == ("person", "support")
    assert not kept_any(business)


def test_line_of_a_deleted_label_does_not_become_one_for_everybody(
    business: Business, owner_client: Client
) -> None:
    at, gone = url(business, "balance/"), str(uuid4())
    with tenant_scope(business.tenant.id):
        Bot.objects.create(balance={"rows": [{"mode": "person", "label": gone}]})
    assert f'<option value="{gone}" selected>' in owner_client.get(at).text
    line = {"mode": "person", "stage": "", "category": "", "channel_kind": "", "label": gone, "worth": ""}
    assert owner_client.post(at, {**line, "default": "hybrid", "op": "save"}).status_code == 422


def kept_any(business: Business) -> bool:
    with tenant_scope(business.tenant.id):
        return Bot.objects.exclude(version=1).exists()


def test_texts_are_changed_by_language_and_checked(business: Business, owner_client: Client) -> None:
    at = url(business, "texts/?language=pt")
    assert "Como posso ajudar?" in owner_client.get(at).text
    owner_client.post(at, {"text-how": "Diga!\nO que você procura?", "op": "save"})
    assert kept(business).texts == {"pt": {"how": ["Diga!", "O que você procura?"]}}
    wrong = owner_client.post(at, {"text-intro": "Sou {apelido}.", "op": "save"})
    assert wrong.status_code == 422
    assert "Sou {apelido}." in wrong.text
    owner_client.post(at, {"text-how": "x", "op": "reset"})
    assert kept(business).texts == {}


def test_try_it_says_what_it_would_do(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        make_article(business)
    said = owner_client.post(
        url(business, "trial/"), {"text": "a q hora abren?"}, HTTP_HX_REQUEST="true"
    ).text
    assert "De martes a sábado, de 10 a 19 h." in said
    over = owner_client.post(url(business, "trial/"), {"text": "quiero hablar con alguien"}).text
    assert "Pidió hablar con una persona." in over
    assert owner_client.post(url(business, "trial/"), {"text": " "}).status_code == 422
    with tenant_scope(business.tenant.id):
        assert not Message.objects.exists()
        assert not Decision.objects.exists()


def test_only_who_sets_things_up_and_only_here(
    business: Business, teammate_client: Client, stranger_client: Client
) -> None:
    for tail in PAGES:
        assert teammate_client.get(url(business, tail)).status_code == 403
        assert stranger_client.get(url(business, tail)).status_code == 404
    assert stranger_client.post(url(business), {"is_on": "on"}).status_code == 404
    assert teammate_client.post(url(business, "trial/"), {"text": "hola"}).status_code == 403


@pytest.mark.parametrize("tail", PAGES)
def test_pages_cost_the_same_however_much_there_is(
    business: Business, owner_client: Client, tail: str, django_assert_max_num_queries: Any
) -> None:
    owner_client.get(url(business, tail))
    with tenant_scope(business.tenant.id):
        for number in range(5):
            make_label(f"E{number}")
        make_article(business)
    with django_assert_max_num_queries(15):
        owner_client.get(url(business, tail))


def test_narrowed_administrator_sets_it_up_too(business: Business) -> None:
    narrowed = business.add_member(Role.ADMIN, sees="own")
    assert business.client(narrowed).get(url(business, "rules/")).status_code == 200


def test_stage_of_a_customer_stands_with_its_reason(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer()
    at = f"{business.base}customers/{customer.pk}/"
    assert "Escribe por primera vez y no ha comprado." in owner_client.get(at).text
    with tenant_scope(business.tenant.id):
        make_order(customer, number="A-7", status="shipped")
    panel = owner_client.get(f"{at}panel/records/", HTTP_HX_REQUEST="true").text
    assert "Posventa" in panel
    assert "Pedido A-7: enviado." in panel
