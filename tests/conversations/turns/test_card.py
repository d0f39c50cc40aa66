"""What the colleague reads when the bot hands over, and who speaks then."""

from django.test import Client
from django.utils import translation

from conversations.actions import sla
from conversations.actions.messages import send_reply
from conversations.actions.turn_taking import give_back, take_over
from conversations.models import Conversation, Handoff, Message, SlaPolicy, Turn
from conversations.workspace import handoff_card
from conversations.workspace.event_lines import EVENT_ICONS, event_text
from tests.conversations.turns.conftest import Customer
from tests.factories.conversations import thread_url
from tests.factories.crm import make_order
from tests.factories.tenants import Business


def complain(ana: Customer) -> Conversation:
    ana.writes("hola, a q hora abren?")
    ana.writes("kiero hablar c alguien")
    assert ana.conversation is not None
    ana.conversation.refresh_from_db()
    return ana.conversation


def test_card_says_what_was_asked_and_proposes_a_reply(ana: Customer) -> None:
    conversation = complain(ana)
    handoff = Handoff.objects.get()
    (asked,) = handoff.asked
    assert (asked["did"], asked["helped"]) == ("answer", None)
    assert handoff.missing == []
    assert handoff.suggestion.startswith(
        "Hola, Ana. Gracias por escribirnos. Ya leí lo que escribiste: “hola, a q hora"
    )
    with translation.override("es"):
        card = handoff_card.card_of(conversation, [])
    assert card is not None
    assert (card.is_open, card.reason, card.words) == (True, "Pidió hablar con una persona.", handoff.words)
    assert card.promised is not None


def test_card_is_read_above_the_conversation_and_folds_with_the_answer(
    ana: Customer, business: Business, owner_client: Client
) -> None:
    conversation = complain(ana)
    url = thread_url(business, conversation)
    handoff = Handoff.objects.get()
    page = owner_client.get(url).content.decode()
    assert f'id="handoff-{handoff.pk}" data-handoff open' in page
    assert handoff.suggestion.replace('"', "&quot;") in page
    assert 'aria-label="Bot"' in page  # what the bot said is marked as the bot's
    send_reply(conversation=conversation, text="Yo te ayudo", by=business.actor())
    page = owner_client.get(url).content.decode()
    assert f'id="handoff-{handoff.pk}-answered" data-handoff >' in page
    assert "data-use-reply" not in page


def test_card_is_gone_with_the_next_episode_and_when_the_bot_has_it_again(
    ana: Customer, business: Business
) -> None:
    conversation = complain(ana)
    assert handoff_card.latest(conversation) is not None
    returned = give_back(conversation=conversation, by=business.actor())
    assert handoff_card.latest(returned) is None
    taken = take_over(conversation=returned, by=business.actor())
    taken.episode_count += 1
    assert handoff_card.latest(taken) is None


def test_name_that_became_known_is_not_missing(bot: object, business: Business) -> None:
    nobody = Customer(business, name="")
    nobody.writes("quiero hablar con una persona")
    handoff = Handoff.objects.select_related("conversation__customer").get()
    assert handoff.missing == ["name"]
    assert handoff_card.missing_of(handoff, handoff.conversation) == ["name"]
    handoff.conversation.customer.name = "Ana"
    assert handoff_card.missing_of(handoff, handoff.conversation) == []


def test_order_is_proposed_to_whom_it_surely_belongs(ana: Customer) -> None:
    ana.sends("hola")
    assert ana.conversation is not None
    make_order(ana.conversation.customer, number="1043", status="shipped")
    ana.writes("esto es un reclamo, mi pedido llegó roto")
    handoff = Handoff.objects.get()
    assert "Lamento lo que pasó." in handoff.suggestion
    assert "pedido 1043 (enviado)" in handoff.suggestion


def test_a_person_takes_it_and_the_bot_answers_again_after_it_is_given_back(
    ana: Customer, business: Business
) -> None:
    ana.writes("hola, a q hora abren?")
    assert ana.conversation is not None
    owner = business.actor()
    taken = take_over(conversation=ana.conversation, by=owner)
    assert (taken.with_bot, taken.assignee_id, taken.status) == (False, business.owner.pk, "open")
    assert take_over(conversation=ana.conversation, by=owner).assignee_id == business.owner.pk
    assert ana.writes("y a q hora cierran?") is None
    given = give_back(conversation=ana.conversation, by=owner)
    assert give_back(conversation=ana.conversation, by=owner).with_bot
    assert (given.status, given.assignee_id) == ("waiting", business.owner.pk)
    assert ana.writes("gracias, a q hora abren el sábado?") is not None
    whys = list(Turn.objects.order_by("id").values_list("why", flat=True))
    assert whys == ["opened", "taken", "given_back"]
    lines = Message.objects.filter(kind=Message.Kind.EVENT).order_by("id")
    assert [line.data["event"] for line in lines] == ["assigned", "turn_given_back"]


def test_lines_of_turns_and_promises_are_sentences() -> None:
    told = {
        "reason": "asked",
        "why": "Se cerró la ventana.",
        "text": "Te llamo",
        "until": "2026-11-21T10:00:00+00:00",
    }
    ours = [what for what in EVENT_ICONS if what.startswith(("handed", "not_told", "turn", "promise"))]
    with translation.override("es"):
        said = {
            what: event_text(Message(author_label="Rocío", data={"event": what, **told})) for what in ours
        }
    assert len(said) == 10
    assert said["handed_off"] == "El bot pasó la conversación: pidió hablar con una persona"
    assert said["not_told"].endswith("Se cerró la ventana.")
    assert all(what != sentence and "%(" not in sentence for what, sentence in said.items())


def test_long_waits_are_told_by_the_clock(ana: Customer, business: Business) -> None:
    policy = SlaPolicy(name="Todos", first_minutes=240, around_the_clock=True)
    sla.save_policy(policy=policy, by=business.actor())
    ana.writes("quiero hablar con una persona")
    told = ana.reads[-1]
    assert "240" not in told
    assert "a más tardar" in told
