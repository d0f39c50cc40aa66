"""People go from step to step, once, with the version they began with, until something ends it."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from conversations import gate
from conversations.journeys import advancing, content, entering
from conversations.journeys.advancing import advance_due
from conversations.journeys.entering import look_for_entries
from conversations.left_out import ANSWERED
from conversations.models import (
    Channel,
    Journey,
    JourneyPlace,
    JourneyVersion,
    Message,
    MessageTemplate,
    MessageTemplateVersion,
    Pause,
    SendingPolicy,
)
from crm import identities
from crm.actions.orders import record_order
from crm.models import Attribute, Customer, FollowUp, Segment, SegmentChange
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.campaigns import make_template
from tests.factories.conversations import make_channel, make_inbound, make_message
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

STATES = JourneyPlace.State
NOBODY = "01900000-0000-7000-8000-000000000000"


def work(title: str) -> dict[str, Any]:
    return {"do": "task", "title": title, "days": 0}


ASK = {
    "do": "ask", "choices": ["Todo bien", "Algo salió mal"], "minutes": 60, "a": [work("bien")],
    "b": [work("mal")], "other": [work("otra cosa")], "silence": [work("nada")],
}  # fmt: skip


@pytest.fixture
def ana(business: Business) -> Customer:
    with tenant_scope(business.tenant.id):
        make_channel("email")
        SendingPolicy.objects.create(quiet_from=time(3), quiet_until=time(3))
        customer = make_customer("Ana Flores")
        identities.attach(customer, kind="email", raw="ana@ejemplo.mx", country="MX", verified=True)
        return customer


def journey(entry: dict[str, str], steps: list[dict[str, Any]], stops: tuple[str, ...] = ()) -> Journey:
    made = Journey.objects.create(name=f"Viaje {Journey.objects.count()}", is_on=True)
    kept = content.tidy({"entry": entry, "steps": steps, "stops": list(stops)})
    JourneyVersion.objects.create(journey=made, number=1, content=kept)
    return made


def deliver(customer: Customer, number: str = "A-1") -> None:
    record_order(external_id=number, customer=customer, status="delivered", by=Actor.system())


def due_now() -> None:
    JourneyPlace.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def test_steps_are_done_once_and_in_order(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        template = make_template(text="Gracias {{ customer.first_name | default: 'a ti' }}")
        MessageTemplate.objects.update(purpose="service")
        branch = {
            "do": "branch",
            "if": {"is": "answered"},
            "then": [{"do": "task", "title": "Agradecer", "days": 0}],
            "else": [{"do": "task", "title": "Llamar a Ana", "days": 1}, {"do": "wait", "minutes": 5}],
        }
        wait = {"do": "wait", "minutes": 60}
        journey({"on": "order_delivered"}, [{"do": "send", "template": str(template.pk)}, wait, branch])
        deliver(ana)
        deliver(ana)
        due_now()
    for _ in range(3):
        advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        place = JourneyPlace.objects.get()
        assert [line["what"] for line in place.trail] == ["sent", "wait"]
        assert Message.objects.get().text.startswith("Gracias Ana")
        JourneyVersion.objects.create(
            journey=place.journey, number=2, content=content.tidy(
                {"entry": {"on": "order_delivered"}, "steps": [{"do": "stop"}]}
            ),
        )  # fmt: skip
        due_now()
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert FollowUp.objects.get().title == "Llamar a Ana"
        due_now()
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert JourneyPlace.objects.get().state == STATES.DONE


def test_buying_ends_it(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        journey({"on": "order_delivered"}, [{"do": "wait", "minutes": 60}, {"do": "stop"}], ("bought",))
        deliver(ana)
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        record_order(external_id="A-2", customer=ana, status="placed", by=Actor.system())
        due_now()
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        place = JourneyPlace.objects.get()
        assert (place.state, place.reason) == (STATES.STOPPED, "bought")


def test_birthday_once_a_year(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        Attribute.objects.create(key="birthday", name="Cumpleaños", kind="date")
        today = timezone.now().astimezone(business.tenant.zone).date()
        Customer.objects.filter(pk=ana.pk).update(attributes={"birthday": f"1990-{today:%m-%d}"})
        made = journey({"on": "birthday", "attribute": "birthday"}, [{"do": "stop"}])
        assert look_for_entries(made) == 1
        made.refresh_from_db()
        assert look_for_entries(made) == 0
        Journey.objects.update(looked_at=None)
        made.refresh_from_db()
        assert look_for_entries(made) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {"entry": {}, "steps": [{"do": "stop"}]},
        {"entry": {"on": "order_paid"}, "steps": []},
        {"entry": {"on": "order_paid"}, "steps": [{"do": "wait", "minutes": True}]},
        {"entry": {"on": "order_paid"}, "steps": [{"do": "send", "template": "no"}]},
        {"entry": {"on": "order_paid"}, "steps": [{"do": "fly"}]},
        {"entry": {"on": "order_paid"}, "steps": [{"do": "branch", "if": {"is": "rain"}}]},
        {"entry": {"on": "birthday"}, "steps": [{"do": "stop"}]},
        *(
            {"entry": {"on": "order_paid"}, "steps": [{**ASK, "template": NOBODY, **odd}]}
            for odd in (
                {"choices": []},
                {"choices": "Sí"},
                {"choices": ["Sí", ""] * 2},
                {"choices": ["", "Sí"]},
                {"choices": ["x" * 21]},
                {"choices": ["Sí", "si!"]},
                {"choices": ["Sí"], "b": [{"do": "stop"}]},
                {"minutes": 0},
                {"template": ""},
            )
        ),
    ],
)
def test_what_nobody_can_go_through_is_refused(wrong: Any) -> None:
    with pytest.raises(content.InvalidJourney):
        content.tidy(wrong)


def test_of_two_workers_who_hold_the_same_place_one_takes_him_on(business: Business, ana: Customer) -> None:
    tenant = business.tenant.id
    with tenant_scope(tenant):
        journey({"on": "order_delivered"}, [{"do": "wait", "minutes": 4320}, work("Llamar")])
        deliver(ana)
        due_now()
    [his] = advancing.due(tenant)
    advance_due(tenant)
    advancing.take_on(tenant, his)
    with tenant_scope(tenant):
        assert not FollowUp.objects.exists()
        due_now()
        held = advancing.attempt(his)
        assert held
        due_now()
    advance_due(tenant)
    with tenant_scope(tenant):
        advancing.advance(his, held)
        assert FollowUp.objects.count() == 1


def test_everybody_who_comes_into_a_segment_enters_once(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "AT_ONCE", 2)
    with tenant_scope(business.tenant.id):
        segment = Segment.objects.create(name="Nuevas", is_list=True)
        made = journey({"segment": str(segment.pk)}, [{"do": "stop"}])
        Journey.objects.update(looked_at=timezone.now() - timedelta(hours=1))
        made.refresh_from_db()
        now = timezone.now()
        changes = [
            SegmentChange(segment=segment, customer=make_customer(f"Ana {n}"), entered=True, happened_at=now)
            for n in range(5)
        ]
        SegmentChange.objects.bulk_create(changes)
        key = f"segment:{changes[1].pk}"
        entering.enter(made.versions.get(), changes[1].customer_id, key=key, due_at=now)  # then it was killed
    assert look_for_entries(made) == 4
    assert look_for_entries(made) == 0  # by one who read the journey before
    with tenant_scope(business.tenant.id):
        assert JourneyPlace.objects.count() == 5
        made.refresh_from_db()
    assert made.looked_at
    assert made.looked_at >= now
    assert look_for_entries(made) == 0


def test_texts_are_as_they_were_when_he_entered_and_about_what_he_entered_by(
    business: Business, ana: Customer
) -> None:
    with tenant_scope(business.tenant.id):
        template = make_template(text="Tu pedido {{ order.number }} llegó")
        MessageTemplate.objects.update(purpose="service")
        journey({"on": "order_delivered"}, [{"do": "send", "template": str(template.pk)}])
        deliver(ana, "A-1")
        record_order(external_id="A-2", customer=ana, status="placed", by=Actor.system())
        mail = {"subject": "Hola", "blocks": [{"kind": "text", "text": "Otro texto"}]}
        MessageTemplateVersion.objects.create(template=template, number=2, contents={"email": {"es": mail}})
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert Message.objects.get().text.startswith("Tu pedido A-1 llegó")
        deliver(ana, "A-2")
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert "Otro texto" in Message.objects.latest("pk").text


def test_an_answer_to_a_journey_lets_its_next_message_wait(business: Business, ana: Customer) -> None:
    tenant = business.tenant.id
    with tenant_scope(tenant):
        template = make_template(text="¿Todo bien con {{ order.number }}?")
        MessageTemplate.objects.update(purpose="service")
        send = {"do": "send", "template": str(template.pk)}
        journey({"on": "order_delivered"}, [send, {"do": "wait", "minutes": 60}, send])
        make_inbound("Hola", address="ana@ejemplo.mx")
        assert gate.paused_until(ana.pk, timezone.now()) is None  # nothing was said to her by itself
        deliver(ana)
    advance_due(tenant)
    with tenant_scope(tenant):
        make_inbound("Llegó una rueda floja", address="ana@ejemplo.mx")
        due_now()
    advance_due(tenant)
    with tenant_scope(tenant):
        place = JourneyPlace.objects.get()
        assert [line["what"] for line in place.trail] == ["sent", "wait", "paused"]
        assert place.due_at == gate.paused_until(ana.pk, timezone.now())
        assert gate.judge([ana.pk], purpose="promotion", at=timezone.now()) == {ana.pk: ANSWERED}
        Pause.objects.update(wrote_at=F("wrote_at") - timedelta(days=SendingPolicy.objects.get().pause_days))
        due_now()
    advance_due(tenant)
    with tenant_scope(tenant):
        place.refresh_from_db()
        assert [line["what"] for line in place.trail][-1] == "sent"


@pytest.fixture
def asked(business: Business, ana: Customer) -> JourneyPlace:
    """Ana was asked by mail whether all is well."""
    with tenant_scope(business.tenant.id):
        template = make_template(text="¿Todo bien con {{ order.number }}?")
        MessageTemplate.objects.update(purpose="service")
        journey({"on": "order_delivered"}, [{**ASK, "template": str(template.pk)}], ("answered",))
        deliver(ana)
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        return JourneyPlace.objects.get()


def answers(asked: JourneyPlace, text: str) -> Message:
    assert asked.message
    return make_inbound(text, address="ana@ejemplo.mx", conversation_id=asked.message.conversation_id)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("Todo bien", "bien"),
        ("¡TODO BIEN, muchas gracias!", "bien"),
        ("la 2, por favor", "mal"),
        ("algo salio mal", "mal"),
        ("", "nada"),
    ],
)
def test_it_goes_on_by_what_was_answered(
    business: Business, asked: JourneyPlace, text: str, done: str
) -> None:
    tenant = business.tenant.id
    with tenant_scope(tenant):
        question = asked.message
        assert question
        assert "\n\n1. Todo bien\n2. Algo salió mal\nResponde con el número.\n\n" in question.text
        assert "2. Algo salió mal" in question.html
        if text:
            said = answers(asked, text)
            assert (said.conversation.status, said.conversation.waiting_since) == ("waiting", None)
        else:
            due_now()
    for _ in range(2):
        advance_due(tenant)
    with tenant_scope(tenant):
        assert [one.title for one in FollowUp.objects.all()] == [done]
        asked.refresh_from_db()
        assert (asked.state, asked.asked_at, asked.choice) == (STATES.DONE, None, "")
        assert gate.paused_until(asked.customer_id, timezone.now()) is None


@pytest.mark.parametrize("text", ["Llegó roto", "¿2?", "2 de ellas", "todo mal"])
def test_what_is_none_of_the_answers_is_read_by_a_person(
    business: Business, asked: JourneyPlace, text: str
) -> None:
    tenant = business.tenant.id
    with tenant_scope(tenant):
        said = answers(asked, text)
        assert said.conversation.waiting_since
        asked.refresh_from_db()
        assert asked.choice == "other"
        assert gate.paused_until(asked.customer_id, timezone.now())
        JourneyVersion.objects.update(content={**asked.version.content, "stops": []})
    advance_due(tenant)
    with tenant_scope(tenant):
        assert FollowUp.objects.get().title == "otra cosa"


def test_an_answer_is_not_taken_from_a_talk_with_a_person(business: Business, asked: JourneyPlace) -> None:
    with tenant_scope(business.tenant.id):
        assert asked.message
        said = answers(asked, "Hola, quiero otra bici")
        JourneyPlace.objects.update(choice="")
        make_message(said.conversation, "¿Una o 2?", by=Actor.system())
        assert answers(asked, "2").conversation.waiting_since
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        assert (asked.state, asked.reason) == (STATES.STOPPED, "answered")


def test_channels_with_buttons_show_the_answers(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        Channel.objects.create(kind="telegram", name="Telegram")
        identities.attach(ana, kind="telegram", raw="12345", country="MX", verified=True)
        template = make_template(telegram={"es": {"text": "¿Todo bien?"}})
        MessageTemplate.objects.update(purpose="service")
        journey({"on": "order_delivered"}, [{**ASK, "template": str(template.pk)}])
        deliver(ana)
    advance_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        said = Message.objects.get()
        assert said.text == "¿Todo bien?"
        assert [one["title"] for one in said.data["buttons"]] == ASK["choices"]
