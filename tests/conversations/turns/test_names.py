"""What a customer says he is called: to the bot, and in answer to its question when it hands over."""

from conversations.actions.messages import send_reply
from conversations.models import Bot, Handoff
from conversations.workspace import handoff_card
from crm.actions.customers import introduce, update_customer
from crm.models import Customer as Person
from crm.models import TimelineEntry
from tests.conversations.turns.conftest import Customer
from tests.factories.tenants import Business

ASKS = "quiero hablar con una persona"


def somebody(business: Business, number: int) -> Customer:
    """A visitor without a name."""
    visitor = Customer(business, name="")
    visitor.address = f"{number}b8f3c1a-visitor"
    return visitor


def called(visitor: Customer) -> str:
    assert visitor.conversation is not None
    return Person.objects.get(pk=visitor.conversation.customer_id).name


def card_of(visitor: Customer) -> Handoff:
    found: Handoff = Handoff.objects.select_related("conversation__customer").get(
        conversation=visitor.conversation
    )
    return found


def test_the_name_it_asked_for_is_heard(business: Business, bot: Bot) -> None:
    luis = somebody(business, 1)
    luis.writes(ASKS)
    assert "¿con quién tengo el gusto?" in luis.reads[-1]
    assert card_of(luis).missing == ["name"]
    for other in ("ok", "gracias", "Hola Aldo", "cuánto tardan?"):
        luis.writes(other)
        assert called(luis) == ""
    message = luis.sends("luis pérez, gracias")
    card = card_of(luis)
    assert (called(luis), card.facts["name"], card.missing) == ("Luis Pérez", "Luis Pérez", [])
    assert handoff_card.missing_of(card, card.conversation) == []
    message.refresh_from_db()
    assert message.author_label == "Luis Pérez"
    entry = TimelineEntry.objects.get(kind="customer", data__event="changed")
    assert entry.data["fields"] == ["name"]
    luis.sends("Pedro")
    assert (called(luis), card_of(luis).facts["name"]) == ("Luis Pérez", "Luis Pérez")


def test_what_people_ask_and_what_nobody_asked_is_not_heard(business: Business, bot: Bot) -> None:
    answered = somebody(business, 1)
    answered.writes(ASKS)
    send_reply(conversation=answered.conversation, text="¿Quién te atendió?", by=business.actor())
    answered.sends("Luis")
    unasked = somebody(business, 2)
    unasked.sends("Luis")
    assert (called(answered), called(unasked)) == ("", "")


def test_a_name_told_to_the_bot_is_his_and_never_another_s(business: Business, bot: Bot) -> None:
    lucia = somebody(business, 1)
    lucia.writes("hola, me llamo Lucía y quiero saber a q hora abren")
    assert called(lucia) == "Lucía"
    assert lucia.reads[-1].startswith("Hola, Lucía.")
    lucia.writes("me llamo Ana")
    assert called(lucia) == "Lucía"
    mexican = somebody(business, 2)
    mexican.writes("Soy Mexicano, a q hora abren?")
    assert called(mexican) == ""


def test_a_known_name_stays(business: Business, bot: Bot) -> None:
    ana = somebody(business, 1)
    ana.sends("hola")
    person = Person.objects.get(pk=ana.conversation.customer_id)
    stale = Person.objects.get(pk=person.pk)
    update_customer(customer=person, name="Ana Flores", by=business.actor())
    assert introduce(customer=stale, name="Luis", by=business.actor()).name == "Ana Flores"
