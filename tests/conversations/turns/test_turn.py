"""The bot's turn: what it answers, when it steps aside, and that a person's word always takes it."""

from conversations.actions.messages import send_reply
from conversations.actions.turn_taking import give_back, take_over
from conversations.models import Bot, Decision, Delivery, Handoff, Message, Promise, Turn
from tests.conversations.turns.conftest import Customer
from tests.factories.tenants import Business

Action = Decision.Action


def test_sure_answer_is_given_word_for_word_with_the_way_to_a_person(ana: Customer) -> None:
    decision = ana.writes("hola, a q hora abren?")
    assert decision is not None
    assert decision.action == Action.ANSWER
    text = ana.reads[-1]
    assert text.startswith("Hola, Ana. Soy Tapi, el asistente automático de Bicis Tapatías.")
    assert "De martes a sábado, de 10 a 19 h." in text
    assert [one["title"] for one in Message.objects.latest("id").data["buttons"]] == [
        "Sí, gracias", "Hablar con persona",
    ]  # fmt: skip


def test_wish_for_a_person_ends_the_turn_at_once(ana: Customer) -> None:
    ana.writes("hola, a q hora abren?")
    decision = ana.writes("kiero hablar c alguien")
    assert decision is not None
    assert decision.action == Action.HAND_OFF
    card = Handoff.objects.get()
    assert (card.reason, card.words) == ("asked", "kiero hablar c alguien")
    assert [one["question"] for one in card.asked] == ["hola, a q hora abren?"]
    conversation = ana.conversation
    conversation.refresh_from_db()
    assert not conversation.with_bot
    assert conversation.status == "open"
    assert conversation.waiting_since is not None
    assert Promise.objects.get().due_at == card.promised_at
    assert ana.writes("sigo aquí") is None


def test_person_takes_the_turn_and_what_was_not_sent_is_withdrawn(ana: Customer, business: Business) -> None:
    ana.writes("hola, a q hora abren?")
    Delivery.objects.update(status=Delivery.Status.PENDING)
    send_reply(conversation=ana.conversation, text="Yo te atiendo", by=business.actor())
    assert Delivery.objects.get(message__author_kind="bot").status == Delivery.Status.DISCARDED
    assert list(Turn.objects.order_by("id").values_list("holder", flat=True)) == ["bot", "person"]
    assert ana.writes("a q hora cierran?") is None
    assert not Message.objects.filter(author_kind="bot", text__contains="cierran").exists()


def test_twice_unsure_is_a_person(ana: Customer) -> None:
    first = ana.writes("zorrillos interestelares cuadrados")
    second = ana.writes("pantuflas magnéticas del submarino")
    assert first is not None
    assert second is not None
    assert first.action in {Action.ASK, Action.CHOICES}
    assert second.action == Action.HAND_OFF
    assert Handoff.objects.get().reason == "unsure"


def test_what_he_says_of_himself_is_not_asked_again(business: Business, bot: Bot) -> None:
    unknown = Customer(business, name="")
    unknown.writes("Hola, me llamo Lucía Ramos, mi pedido es el 88231")
    unknown.writes("quiero hablar con una persona")
    assert Handoff.objects.get().facts == {"name": "Lucía Ramos", "order": "88231"}
    assert "con quién tengo el gusto" not in "".join(unknown.reads)


def test_thanks_with_a_question_is_a_question(ana: Customer) -> None:
    ana.writes("hola, a q hora abren?")
    decision = ana.writes("ok, y hacen envíos?")
    assert decision is not None
    assert decision.helped is None
    assert "Me alegra" not in ana.reads[-1]


def test_live_fact_said_before_is_not_said_again(ana: Customer) -> None:
    ana.writes("están abiertos hoy?")
    ana.writes("pero abren hoy o no?")
    said = [sentence for text in ana.reads for sentence in text.split("\n\n")[:-1]]
    assert len(said) == len(set(said))


def test_bot_answers_nobody_in_public(ana: Customer) -> None:
    assert ana.writes("a q hora abren?", data={"kind": "comment", "comment": {"id": "c1"}}) is None
    assert (ana.reads, Turn.objects.count()) == ([], 0)


def test_bot_that_gets_it_back_knows_what_was_said_before(business: Business, bot: Bot) -> None:
    lucia, by = Customer(business, name=""), business.actor()
    lucia.writes("Hola, me llamo Lucía Ramos, a q hora abren?")
    lucia.writes("mi pedido es el 88231, a q hora abren mañana?")
    take_over(conversation=lucia.conversation, by=by)
    give_back(conversation=lucia.conversation, by=by)
    lucia.writes("a q hora abren?")
    said = "\n".join(lucia.reads)
    assert (said.count("asistente automático"), said.count("De martes a sábado, de 10 a 19 h.")) == (1, 1)
    card = Handoff.objects.get()
    assert (card.reason, card.facts) == ("repeated", {"name": "Lucía Ramos", "order": "88231"})
    assert [one["question"][:5] for one in card.asked] == ["Hola,", "mi pe"]


def test_bot_that_gets_it_back_asks_and_doubts_anew_without_greeting_again(
    business: Business, ana: Customer
) -> None:
    ana.writes("quiero hablar con una persona")
    by = business.actor()
    give_back(conversation=ana.conversation, by=by)
    decision = ana.writes("a q hora abren?")
    assert decision is not None
    assert decision.action == Action.ANSWER
    assert "".join(ana.reads).count("asistente automático") == 1
    ana.writes("zorrillos interestelares cuadrados")
    take_over(conversation=ana.conversation, by=by)
    give_back(conversation=ana.conversation, by=by)
    decision = ana.writes("pantuflas magnéticas del submarino")
    assert decision is not None
    assert decision.action in {Action.ASK, Action.CHOICES}
