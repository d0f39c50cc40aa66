"""What a polite, a hesitant or a known customer gets, as a worker answers him; words alone, no encoder."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import bots, thinking
from conversations.actions.trying import try_out
from conversations.bot.dialogue import Action as StepAction
from conversations.bot.dialogue import Step
from conversations.models import Decision, Handoff, Message, Turn
from crm.actions.appointments import record_appointment
from crm.models import CustomerLabel, Identity
from tenants.actors import Actor
from tests.conversations.turns.conftest import Customer
from tests.factories.crm import make_label, make_order
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

Action, Doubt, Review = Decision.Action, Decision.Doubt, Decision.Review


@pytest.fixture(autouse=True)
def by_words(settings: Any) -> None:
    """The encoder is tested where meaning matters."""
    settings.BOT_ENCODER = False


def hours_ago(hours: int) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def test_who_thanks_twice_is_not_handed_over(ana: Customer, business: Business) -> None:
    make_article(
        business, question="¿Dónde están?", phrasings=["dirección", "donde quedan"], answer="Juárez 1."
    )
    for text in ("a q hora abren?", "sí gracias", "donde quedan?", "sí gracias"):
        ana.writes(text)
    assert not Handoff.objects.exists()
    assert list(Decision.objects.order_by("id").values_list("action", "helped")) == [
        (Action.ANSWER, True), (Action.ASK, None),
    ] * 2  # fmt: skip


def test_thanks_without_end_end_in_silence_and_greetings_with_a_person(
    ana: Customer, business: Business
) -> None:
    beto = Customer(business, name="Beto Ruiz")
    beto.address = "1c8f3c1a-visitor"
    for text in ("a q hora abren?", *["muchas gracias"] * 8):
        assert beto.writes(text) is not None
    assert not Handoff.objects.exists()
    assert 1 < len(beto.reads) < 9
    assert beto.conversation is not None
    beto.conversation.refresh_from_db()
    assert (beto.conversation.status, beto.conversation.waiting_since) == ("waiting", None)
    greeted = [ana.writes("hola, buenas tardes") for _time in range(5)]
    assert [one.action for one in greeted if one] == [*[Action.ASK] * 4, Action.HAND_OFF]
    assert all(text.strip() for text in (*ana.reads, *beto.reads))


def test_second_voice_note_of_an_episode_is_for_a_person_who_can_hear_it(ana: Customer) -> None:
    ana.writes("", data={"kind": "voice"})
    ana.writes("a q hora abren?")
    last = ana.writes("", data={"kind": "voice"})
    assert last is not None
    assert (last.action, Handoff.objects.get().reason) == (Action.HAND_OFF, "unreadable")


def test_wish_behind_a_long_story_is_heard_in_one_message_and_in_two(
    ana: Customer, business: Business
) -> None:
    story = "les cuento que el sábado miramos la página con mi prima y vimos varias cosas lindas " * 9
    beto = Customer(business, name="Beto Ruiz")
    beto.address = "1c8f3c1a-visitor"
    beto.sends(story)
    for last in (beto.writes("quiero hablar con alguien"), ana.writes(f"{story}. quiero hablar con alguien")):
        assert last is not None
        assert (last.action, last.rules[0]["rule"]) == (Action.HAND_OFF, "asked")


def test_contradiction_is_reviewed_however_long_it_is(ana: Customer) -> None:
    ana.writes("a q hora abren?")
    ana.writes("no, eso no es lo que pregunté")
    first, last = Decision.objects.order_by("id")
    assert (first.helped, first.review, first.doubt) == (False, Review.DUE, Doubt.CONTRADICTED)
    assert (last.action, Handoff.objects.get().asked[0]["helped"]) == (Action.HAND_OFF, False)


def test_answer_that_is_asked_for_again_is_reviewed_and_not_held_for_no_help(ana: Customer) -> None:
    ana.writes("a q hora abren?")
    ana.writes("a q hora abren?")
    first = Decision.objects.order_by("id")[0]
    assert (first.helped, first.review, first.doubt) == (None, Review.DUE, Doubt.CONTRADICTED)
    assert Handoff.objects.get().reason == "repeated"


def test_hand_overs_are_sampled_like_answers() -> None:
    one_in_twenty = [Message(pk=UUID(int=number)) for number in range(2 * thinking.SAMPLED)]
    for action, doubts in (("answer", 2), ("hand_off", 2), ("ask", 0)):
        step = Step(StepAction(action), reason="asked" if action == "hand_off" else "")
        assert [thinking._doubt(one, step) for one in one_in_twenty].count(Doubt.SAMPLE) == doubts
    assert thinking._doubt(one_in_twenty[1], Step(StepAction.HAND_OFF, reason="unsure")) == Doubt.UNSURE


def test_who_comes_back_sees_his_order_first_where_it_is_surely_his(ana: Customer) -> None:
    ana.sends("hola")
    assert ana.conversation is not None
    make_order(ana.conversation.customer, number="1042", status="delivered", placed_at=hours_ago(30))
    make_order(ana.conversation.customer, number="1043", status="shipped", placed_at=hours_ago(20))
    for verified, told in ((False, False), (True, True)):
        Identity.objects.update(is_verified=verified)
        Turn.objects.update(state={})
        ana.writes("hola buenas", is_sure=verified)
        assert ("Tu pedido 1043: enviado." in ana.reads[-1]) is told
    Turn.objects.update(state={})
    ana.writes("a q hora abren?")
    assert "1043" not in ana.reads[-1]


def test_closed_order_is_not_told(ana: Customer) -> None:
    ana.sends("hola")
    assert ana.conversation is not None
    Identity.objects.update(is_verified=True)
    make_order(ana.conversation.customer, number="1043", status="delivered")
    ana.writes("buenas")
    assert "1043" not in ana.reads[-1]


def test_rules_go_by_what_is_kept_of_the_customer(business: Business, ana: Customer) -> None:
    ana.sends("a q hora abren?")
    assert ana.conversation is not None
    customer, label = ana.conversation.customer, make_label("Mayoreo")
    CustomerLabel.objects.create(customer=customer, label=label)
    make_order(customer, total="5000", placed_at=hours_ago(2))
    record_appointment(external_id="c1", by=Actor.system(), customer=customer, service="corte",
                       starts_at=timezone.now())  # fmt: skip
    for rules, text, reason in (
        ({"vip_labels": [str(label.pk)]}, "a q hora abren?", "vip"),
        ({"vip_labels": [str(make_label("Otra").pk)]}, "a q hora abren?", ""),
        ({"high_value": 5_000}, "a q hora abren?", "high_value"),
        ({"high_value": 5_001}, "a q hora abren?", ""),
        ({}, "zorrillos interestelares cuadrados", "appointment_today"),
        ({}, "a q hora abren?", ""),
        ({"appointment_today": False}, "zorrillos interestelares cuadrados", ""),
    ):
        bots.save_bot(by=business.actor(), rules=rules)
        assert try_out(text, customer=customer).reason == reason, (rules, text)


def test_question_about_the_policy_is_answered_or_handed_over_as_the_business_wants(
    business: Business, ana: Customer
) -> None:
    asked = "¿cuál es la política de devoluciones?"
    make_article(business, question=asked, phrasings=[], answer="Tienes 30 días con tu ticket.")
    assert try_out(asked).text == "Tienes 30 días con tu ticket."
    bots.save_bot(by=business.actor(), harmless="hand_off")
    assert (try_out(asked).reason, try_out("a q hora abren?").reason) == ("words", "")


@time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC))
def test_at_night_the_customer_hears_when_somebody_answers(ana: Customer, business: Business) -> None:
    business.tenant.hours = {**business.tenant.hours, "mon": [["10:00", "19:00"]]}
    business.tenant.save()
    ana.writes("quiero hablar con una persona")
    told = ana.reads[-1].split("\n\n")[2]
    assert told.startswith("Ahora no hay nadie de turno: te responde por aquí a más tardar ")
    assert told.endswith(" a las 10:15.")
