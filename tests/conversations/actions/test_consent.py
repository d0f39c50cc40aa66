"""Senders and consent: words that end what comes unasked, returned mail, surveys, what is still answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from conversations.actions.consents import learn_from_report
from conversations.actions.content import CannotSend
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.actions.reach import apply_reach
from conversations.actions.scheduled import schedule
from conversations.channels.base import InboundReach, InboundStatus
from conversations.leaving import is_leaving
from conversations.models import Channel, Conversation, Delivery, Message, Template
from conversations.workspace import composing
from crm.actions import consents
from crm.actions.consents import Proof
from crm.models import Consent, ConsentEvent, Medium, Purpose, Suppression
from feedback.actions.surveys import invite
from tests.factories.conversations import make_conversation, make_inbound, make_message
from tests.factories.tenants import Business

ADDRESS = "ana@example.com"


def _stands() -> set[tuple[str, str, str]]:
    return set(Consent.objects.values_list("medium", "purpose", "state"))


def _no(conversation: Conversation, purpose: str, medium: str = Medium.EMAIL) -> None:
    proof = Proof(source=ConsentEvent.Source.CUSTOMER)
    consents.unsubscribe(customer=conversation.customer, media=[medium], purposes=[purpose], proof=proof)


@pytest.mark.parametrize("text", ["BAJA", " alto. ", "Cancelar", "SAIR!", "parar", "Unsubscribe", "¡No más!"])
def test_a_word_that_is_the_whole_message_ends_what_comes_unasked(scope: Business, text: str) -> None:
    conversation = make_conversation(text, address=ADDRESS)
    event = ConsentEvent.objects.filter(purpose="promotion").get()
    told = Message.objects.filter(conversation=conversation, data__event="unsubscribed").count()
    assert _stands() == {("email", "promotion", "withdrawn"), ("email", "survey", "withdrawn")}
    assert (event.source, event.text_shown, event.address, told) == ("stop_word", text, ADDRESS, 1)


@pytest.mark.parametrize(
    "text", ["Quiero dar de baja mi pedido", "no pares", "alto ahí, ¿y mi bici?", "stop it", ""]
)
def test_a_word_within_a_sentence_ends_nothing(text: str) -> None:
    assert is_leaving(text) is False


def test_a_word_in_the_chat_or_of_a_machine_ends_nothing(scope: Business) -> None:
    make_inbound("BAJA", kind="web")
    make_inbound("BAJA", data={"automatic": True})
    assert _stands() == set()


def test_who_wrote_it_is_still_answered_and_sent_no_survey(scope: Business) -> None:
    conversation = make_conversation("BAJA", address=ADDRESS)
    make_message(conversation, "Hecho, no le escribiremos más.", by=scope.actor())
    invitation = invite(conversation=conversation, episode=conversation.episodes.get(), by=scope.actor())
    shown = composing.of(conversation)
    assert (invitation, Delivery.objects.count()) == (None, 1)
    assert (shown.refused, bool(shown.no_offers)) == ("", True)


def test_a_closed_channel_withdraws_what_comes_unasked_there(scope: Business) -> None:
    channel = Channel.objects.create(kind="sms", name="SMS", address="+523300000000")
    now = timezone.now()
    shut = InboundReach("SM1", "phone", "+523312345678", is_open=False, at=now, word="STOP")
    apply_reach(channel=channel, item=shut)
    opened = InboundReach("SM2", "phone", "+523312345678", is_open=True, at=now + timedelta(minutes=1))
    apply_reach(channel=channel, item=opened)
    assert _stands() == {("sms", "promotion", "withdrawn"), ("sms", "survey", "withdrawn")}


def test_start_in_a_chat_after_a_word_that_left_is_explained_once(scope: Business) -> None:
    make_conversation("Alta", address=ADDRESS)
    assert Message.objects.filter(kind="outbound").count() == 0
    for word in ("BAJA", "alta", "alta"):
        make_inbound(word, address=ADDRESS)
    assert Message.objects.filter(kind="outbound").count() == 1
    assert _stands() == {
        ("email", "service", "given"), ("email", "promotion", "withdrawn"), ("email", "survey", "withdrawn"),
    }  # fmt: skip


def _report(status: str, category: str = "", **fields: Any) -> InboundStatus:
    details = {"category": category, "permanent": True} if category else {}
    return InboundStatus(provider_id="x", status=status, details=details, **fields)


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        (_report("failed", "no_mailbox"), [(ADDRESS, "bounce", "all")]),
        (_report("failed", "no_domain"), [(ADDRESS, "bounce", "all")]),
        (_report("complaint", address="victim@example.com"), [(ADDRESS, "complaint", "unasked")]),
        (_report("failed", "full_mailbox"), []),
        (_report("failed", "blocked"), []),
        (_report("delayed"), []),
    ],
)
def test_returned_mail_and_complaints_suppress_at_once_whom_we_wrote(
    scope: Business, item: InboundStatus, wanted: list[Any]
) -> None:
    conversation = make_conversation(address=ADDRESS)
    message = make_message(conversation, "Hola", by=scope.actor())
    learn_from_report(channel=conversation.channel, item=item, message=message)
    learn_from_report(channel=conversation.channel, item=item, message=None)
    assert list(Suppression.objects.values_list("value", "reason", "covers")) == wanted


def test_mail_that_comes_back_stops_answers_until_he_writes_again(scope: Business) -> None:
    conversation = make_conversation(address=ADDRESS)
    message = make_message(conversation, "Hola", by=scope.actor())
    learn_from_report(channel=conversation.channel, item=_report("failed", "no_mailbox"), message=message)
    conversation.refresh_from_db()
    refused = composing.of(conversation).refused
    with pytest.raises(CannotSend) as reason:
        send_reply(conversation=conversation, text="¿Llegó?", by=scope.actor())
    again = make_inbound("Ya funciona", address=ADDRESS)
    make_message(again.conversation, "Gracias", by=scope.actor())
    assert (str(reason.value), Delivery.objects.count()) == (refused, 2)


def test_who_says_no_while_a_message_waits_does_not_get_it(scope: Business) -> None:
    conversation = make_conversation(address=ADDRESS)
    make_message(conversation, "Hola", by=scope.actor())
    make_message(conversation, "¿Sigues ahí?", by=scope.actor())
    delivery = Delivery.objects.earliest("id")
    Delivery.objects.filter(pk=delivery.pk).update(purpose=Purpose.SURVEY)
    _no(conversation, Purpose.SURVEY)
    deliver(scope.tenant.id, delivery.pk)
    delivery.refresh_from_db()
    found = (delivery.status, delivery.details.get("category"), len(mail.outbox))
    assert found == ("failed", "consent", 0)


@pytest.mark.parametrize(("category", "goes"), [("marketing", False), ("utility", True), ("", True)])
def test_a_template_with_offers_needs_consent(scope: Business, category: str, goes: bool) -> None:
    channel = Channel.objects.create(kind="whatsapp", name="WA", address="123")
    conversation = make_conversation(address=ADDRESS)
    identity = conversation.customer.identities.create(
        tenant=scope.tenant, kind="whatsapp", value="+523312345678", display="33 1234 5678"
    )
    Conversation.objects.filter(pk=conversation.pk).update(channel=channel, identity=identity)
    conversation = Conversation.objects.get(pk=conversation.pk)
    body = [{"type": "BODY", "text": "Hola"}]
    template = Template.objects.create(
        channel=channel, name="x", language="es", status="approved", category=category, components=body
    )
    given = {"conversation": conversation, "text": "", "by": scope.actor()}
    data = {"template": {"id": str(template.pk), "values": {}}}
    tries = []
    for act in (send_reply, lambda **kw: schedule(send_at=timezone.now() + timedelta(hours=1), **kw)):
        try:
            act(**given, data=data)
            tries.append(True)
        except CannotSend:
            tries.append(False)
    assert tries == [goes, goes]


def test_a_survey_by_mail_has_a_way_out_by_one_click_and_an_answer_has_none(scope: Business) -> None:
    conversation = make_conversation(address=ADDRESS)
    make_message(conversation, "Ya está lista", by=scope.actor())
    invite(conversation=conversation, episode=conversation.episodes.get(), by=scope.actor())
    for delivery in Delivery.objects.order_by("id"):
        deliver(scope.tenant.id, delivery.pk)
    answer, survey = mail.outbox
    assert "List-Unsubscribe" not in answer.extra_headers
    assert survey.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert survey.extra_headers["List-Unsubscribe"].endswith("/email/survey/>")
