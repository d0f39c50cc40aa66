"""Who writes upset gets no offers until his conversation is settled; what is of service still reaches him."""

from django.utils import timezone

from conversations import gate, upset
from conversations.actions.conversations import close, reopen
from conversations.left_out import UPSET, sentence
from conversations.models import Conversation, Handoff
from crm.models import Customer, Identity, Purpose
from tests.conversations.campaigns.test_freezing import frozen
from tests.conversations.turns.conftest import Customer as Writing
from tests.factories.campaigns import agree, make_audience, make_campaign, make_policy, put_in
from tests.factories.tenants import Business


def against(customer: Customer, purpose: str = Purpose.PROMOTION) -> str:
    return gate.judge([customer.pk], purpose=purpose, at=timezone.now()).get(customer.pk, "")


def test_angry_message_holds_offers_until_it_is_settled(ana: Writing, scope: Business) -> None:
    ana.writes(
        "¡Dejen de molestar con promociones! Mi bici sigue rota y nadie responde, quiero poner una queja."
    )
    conversation = Conversation.objects.get()
    customer = conversation.customer
    assert Handoff.objects.get().reason in gate.UPSETTING
    assert against(customer) == UPSET
    assert against(customer, Purpose.SERVICE) == ""
    assert upset.customer(customer.pk)
    make_policy()
    segment, _others = make_audience(2)
    Identity.objects.create(customer=customer, kind="email", value="ana@correo.example")
    agree(customer)
    put_in(segment, [customer])
    assert frozen(make_campaign(segment)) == {"waiting": 2, f"left_out {UPSET}": 1}
    assert sentence(UPSET) != UPSET
    close(conversation=conversation, by=scope.actor())
    assert against(customer) == ""
    reopen(conversation=conversation, by=scope.actor())
    assert against(customer) == UPSET  # it was not settled after all


def test_calm_messages_hold_nothing(ana: Writing) -> None:
    for text in ("Hola, ¿a qué hora abren mañana?", "Quiero hablar con una persona, por favor"):
        ana.writes(text)
    assert Handoff.objects.exists()
    assert against(Conversation.objects.get().customer) == ""
