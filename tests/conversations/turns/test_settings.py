"""What the bot's settings do to conversations: let go, balanced, tried on the past."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.actions import bots, thinking
from conversations.actions.bot_content import InvalidBot
from conversations.actions.trying import try_out
from conversations.bot.rules import Rules
from conversations.models import Bot, Conversation, Decision, Handoff, Message, Turn
from conversations.rules_past import dry_run, set_of
from crm.models import CustomerLabel
from tenants.models import AuditEvent
from tests.conversations.turns.conftest import Customer
from tests.factories.crm import make_label, make_order
from tests.factories.tenants import Business

WEIRD = "zorrillos interestelares cuadrados"


def test_switched_off_bot_gives_what_it_holds_to_people(business: Business, ana: Customer) -> None:
    beto = Customer(business, "Beto Ruiz")
    beto.address = "1c8f3c1a-visitor"
    beto.writes("a q hora abren?")
    ana.sends("hola, a q hora abren?")
    bots.save_bot(by=business.actor(), is_on=False)
    for one in Turn.objects.filter(ended_at=None, due_at__isnull=False):
        thinking.think(business.tenant.id, one.conversation_id)
    assert not Conversation.objects.filter(with_bot=True).exists()
    card = Handoff.objects.get()
    assert (card.conversation_id, card.reason) == (ana.conversation.pk, "off")
    assert "Te paso con" in ana.reads[-1]
    assert len(beto.reads) == 1
    assert set(Turn.objects.filter(ended_at=None).values_list("why", flat=True)) == {"handed_off", "off"}
    assert AuditEvent.objects.filter(action="bot.turned_off").count() == 1


def test_bot_keeps_other_channels_when_one_is_taken_from_it(business: Business, ana: Customer) -> None:
    ana.writes("hola, a q hora abren?")
    channel = ana.conversation.channel
    bots.save_bot(by=business.actor(), channel_ids=[str(channel.pk)])
    assert not Turn.objects.filter(due_at__isnull=False).exists()
    assert bots.save_bot(by=business.actor(), channel_ids=[channel.pk]).before == {}


def test_balance_puts_a_person_first_for_whom_it_says(business: Business, ana: Customer) -> None:
    rows = [{"mode": "person", "stage": "purchase"}, {"mode": "hybrid", "stage": "discovery"}]
    bots.save_bot(by=business.actor(), balance={"default": "automation", "rows": rows})
    ana.sends("hola, a q hora abren?")
    make_order(ana.conversation.customer, status="placed")
    thinking.think(business.tenant.id, ana.conversation.pk)
    assert Handoff.objects.get().reason == "person_first"


def test_balance_asks_for_its_circumstances_only(
    business: Business, ana: Customer, django_assert_max_num_queries: object
) -> None:
    label = make_label("Mayoreo")
    rows = [{"mode": "hybrid", "label": str(label.pk)}, {"mode": "hybrid", "worth": 10}]
    bots.save_bot(by=business.actor(), balance={"rows": rows})
    ana.writes("hola, a q hora abren?")
    assert try_out(WEIRD, conversation=ana.conversation).mode == "automation"
    CustomerLabel.objects.create(customer=ana.conversation.customer, label=label)
    trial = try_out(WEIRD, conversation=ana.conversation)
    assert (trial.mode, trial.action, trial.reason) == ("hybrid", "hand_off", "unsure")


def test_trial_sends_and_writes_nothing(business: Business, ana: Customer) -> None:
    ana.writes("hola, a q hora abren?")
    kept = [model.objects.count() for model in (Message, Decision, Turn)]
    state = Turn.objects.get().state
    sure = try_out("a q hora abren?", customer=ana.conversation.customer)
    assert (sure.action, sure.text) == ("answer", "De martes a sábado, de 10 a 19 h.")
    assert sure.answer is not None
    wish = try_out("kiero hablar c alguien", conversation=ana.conversation)
    assert (wish.action, wish.reason, wish.rules[0]["rule"]) == ("hand_off", "asked", "asked")
    assert try_out("🤷").action == "ask"
    assert [model.objects.count() for model in (Message, Decision, Turn)] == kept
    assert Turn.objects.get().state == state


def test_dry_run_counts_who_would_have_gone_another_way(business: Business, ana: Customer) -> None:
    ana.writes(WEIRD)
    ana.writes("pantuflas magnéticas del submarino")
    beto = Customer(business, "Beto Ruiz")
    beto.address = "1c8f3c1a-visitor"
    beto.writes("a q hora abren?")
    make_order(beto.conversation.customer, total="5000", placed_at=timezone.now() - timedelta(days=1))
    old = set_of(Bot.objects.get(), "MX")
    by = business.actor()
    assert (dry_run(old, old, by).more, dry_run(old, old, by).fewer) == (0, 0)
    found = dry_run(old, replace(old, rules=replace(Rules(), unsure=3, high_value=4_000.0)), by)
    assert (found.turns, found.messages, found.more, found.fewer) == (2, 3, 1, 1)
    assert [one.conversation_id for one in found.more_examples] == [beto.conversation.pk]
    assert found.fewer_examples[0].rule == "unsure"


def test_narrowed_member_tries_rules_on_what_he_sees(business: Business, ana: Customer) -> None:
    ana.writes(WEIRD)
    narrowed = business.add_member("admin", sees="own")
    old = set_of(Bot.objects.get(), "MX")
    assert dry_run(old, old, business.actor(narrowed)).messages == 0


SENSELESS: list[dict[str, object]] = [
    {"rules": {"repeated": 1}},
    {"rules": {"repeated": True}},
    {"rules": {"unsure": "dos"}},
    {"rules": {"high_value": float("nan")}},
    {"rules": {"high_value": 10**400}},
    {"rules": {"vip_labels": ["x"]}},
    {"rules": {"sometimes": 1}},
    {"rules": []},
    {"words": ["a"]},
    {"words": "reclamo"},
    {"balance": {"rows": [{"stage": "purchase"}]}},
    {"balance": {"rows": [{"mode": "person", "stage": "never"}]}},
    {"balance": {"rows": [{"mode": "person", "label": "x"}]}},
    {"balance": {"rows": [3]}},
    {"texts": {"es": {"hello": "Hola, {apodo}."}}},
    {"texts": {"es": {"hello": "Hola, {name."}}},
    {"texts": {"es": {"intro": "Soy {bot}, de {business}."}}},
    {"texts": {"es": {"person_hint": "Gracias por escribir."}}},
    {"texts": {"es": {"person_button": "Hablar con una persona del equipo"}}},
    {"texts": {"fr": {}}},
    {"channel_ids": ["x"]},
    {"harmless": "sometimes"},
    {"closes_after": 0},
    {"closes_after": 721},
    {"closes_after": True},
    {"closes_after": "2"},
    {"teams": []},
    {"teams": {"sales": "x"}},
    {"teams": {"sales": "01939b2f-0000-7000-8000-000000000000"}},
    {"teams": {"vip": None}},
]


def test_settings_that_make_no_sense_are_refused(scope: Business) -> None:
    for given in SENSELESS:
        with pytest.raises(InvalidBot):
            bots.save_bot(by=scope.actor(), **given)
        assert not Bot.objects.exclude(version=1).exists(), given


def test_own_texts_are_said_and_an_empty_one_brings_ours_back(business: Business, ana: Customer) -> None:
    by = business.actor()
    bots.save_bot(
        by=by, texts={"es": {"intro": "Aquí {bot}, el robot de {business}.", "how": ["¿Qué buscas?"]}}
    )
    ana.writes("hola, a q hora abren?")
    assert "Aquí Tapi, el robot de Bicis Tapatías." in ana.reads[-1]
    saved = bots.save_bot(by=by, texts={"es": {"intro": "", "how": "¿En qué te ayudo?"}})
    assert saved.bot.texts == {}
