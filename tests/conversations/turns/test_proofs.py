"""Whose an order, an appointment or a payment is: what shows it, how often it may be tried, and who looks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from conversations import live_facts
from conversations.actions import trying
from conversations.facts import records
from conversations.models import Bot, Decision, Handoff, Message
from crm.actions.appointments import record_appointment
from crm.actions.payments import record_payment
from crm.models import Customer as Person
from tenants.actors import Actor
from tenants.kit import valkey
from tests.conversations.turns.conftest import Customer
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business

Action = Decision.Action
NOON = datetime(2026, 11, 21, 18, tzinfo=UTC)


class Visitor(Customer):
    """Somebody whom nobody has vouched for."""

    def sends(self, text: str, **fields: Any) -> Message:
        return super().sends(text, is_sure=False, **fields)


@pytest.fixture
def ana(bot: Bot, business: Business) -> Visitor:
    return visitor(business, 0)


def visitor(business: Business, number: int) -> Visitor:
    """One who has not been seen before."""
    found = Visitor(business, name="")
    found.address = f"visitor-{number}"
    return found


@pytest.fixture
def luis(ana: Visitor) -> Person:
    """Somebody else, who has ordered something."""
    owner = make_customer("Luis Vega", phone="+523312345678", email="luis@example.com")
    make_order(owner, "W-1043", status="shipped")
    return owner


def attempts() -> list[Any]:
    """What was tried, as Valkey counts it."""
    return list(valkey.client().keys("puente:limit:proof*"))


def test_one_telephone_or_address_is_read_however_it_is_written() -> None:
    for text, found in [
        ("5678", ["5678"]),
        ("mi pedido W-1043, termina en 5678", ["5678"]),
        ("pedido 1043 tel 5678", ["5678"]),
        ("+52 (33) 1234-5678", ["523312345678"]),
        ("luis.w1043@example.com.", ["luis.w1043@example.com"]),
        ("es w-1043", []),
        ("el 3 de mayo", []),
    ]:
        assert records.proofs_in(text, "W-1043") == found, text
    for text in ["5678, 5679", "0000\n5678", "5678 o luis@example.com", "a@example.com b@example.com"]:
        assert len(records.proofs_in(text, "W-1043")) == 2, text


def test_several_guesses_prove_nothing_and_one_is_asked_for(ana: Visitor, luis: Person) -> None:
    ana.writes("donde esta mi pedido W-1043?")
    assert "últimos cuatro dígitos" in ana.reads[-1]
    ana.writes("0000, 1111, 5678")
    assert "Dame un solo dato" in ana.reads[-1]
    assert attempts() == []
    ana.writes("33 1234 5678")
    assert "Pedido W-1043: enviado." in ana.reads[-1]


def test_who_goes_on_guessing_gets_a_person(ana: Visitor, luis: Person) -> None:
    ana.writes("donde esta mi pedido W-1043?")
    ana.writes("5675, 5676, 5678")
    last = ana.writes("5677, 5678")
    assert last is not None
    assert last.action == Action.HAND_OFF
    assert not any("enviado" in text for text in ana.reads)


def test_a_number_is_tried_so_often_whoever_tries(ana: Visitor, luis: Person, business: Business) -> None:
    for number in range(1, live_facts.TRIES_OF_ALL + 1):
        other = visitor(business, number)
        other.writes("donde esta mi pedido W-1043?")
        other.writes(f"{number:04}")
        assert "No encuentro nada" in other.reads[-1]
    ana.writes("donde esta mi pedido w-1043?")
    last = ana.writes("5678")
    assert last is not None
    assert (last.action, Handoff.objects.get().reason) == (Action.HAND_OFF, "identity")
    assert "Eso lo busca una persona" in ana.reads[-1]
    assert not any("enviado" in text for text in ana.reads)


def test_a_telephone_is_tried_so_often_whatever_it_is_tried_on(
    ana: Visitor, luis: Person, business: Business
) -> None:
    for number in range(1, live_facts.TRIES_OF_ALL + 1):
        visitor(business, number).writes(f"donde esta mi pedido W-{number}00? 5678")
    last = ana.writes("donde esta mi pedido W-1043? 33 1234 5678")
    assert last is not None
    assert last.action == Action.HAND_OFF


def test_what_is_only_tried_out_costs_no_attempt_and_shows_nothing(ana: Visitor, luis: Person) -> None:
    ana.writes("donde esta mi pedido W-1043?")
    for number in range(live_facts.TRIES + 1):
        trial = trying.try_out(f"{number:04}", conversation=ana.conversation)
    right = trying.try_out("5678", conversation=ana.conversation)
    whole = trying.try_out("donde esta mi pedido W-1043? 5678")
    assert (right.action, right.text) == (trial.action, trial.text) == ("ask", "")
    assert (whole.action, whole.text) == ("ask", "")
    assert attempts() == []
    ana.writes("5678")
    assert "Pedido W-1043: enviado." in ana.reads[-1]


@time_machine.travel(NOON)
def test_visitor_shows_whose_the_appointment_is_and_hears_when_it_begins(ana: Visitor, luis: Person) -> None:
    record_appointment(external_id="C-17", by=Actor.system(), customer=luis, service="limpieza dental",
                       place="Consultorio 4", starts_at=NOON + timedelta(days=2))  # fmt: skip
    first = ana.writes("¿cuándo es mi cita?")
    assert first is not None
    assert first.action == Action.ASK
    assert "¿Cuál es el folio de tu cita?" in ana.reads[-1]
    ana.writes("C-17")
    assert "últimos cuatro dígitos" in ana.reads[-1]
    ana.writes("5678")
    assert "Cita C-17: lunes 23 de noviembre de 2026 a las 12:00, reservada." in ana.reads[-1]
    assert not any(secret in " ".join(ana.reads) for secret in ("Luis", "dental", "Consultorio", "331234"))


def test_visitor_shows_whose_the_payment_is_and_hears_no_amount(
    ana: Visitor, luis: Person, business: Business
) -> None:
    record_payment(external_id="p-uuid", by=Actor.system(), customer=luis, status="due",
                   order=luis.orders.get(), amount=Decimal(350))  # fmt: skip
    ana.writes("ya les llego mi pago?")
    assert "¿Cuál es tu número de pedido o el folio del pago?" in ana.reads[-1]
    ana.writes("W-1043")
    ana.writes("LUIS@example.com")
    assert "Pago W-1043: por pagar." in ana.reads[-1]
    assert "350" not in " ".join(ana.reads)


def test_who_has_no_number_gets_a_person_who_looks(ana: Visitor, luis: Person) -> None:
    record_payment(external_id="F-350", by=Actor.system(), customer=luis, status="due", amount=Decimal(350))
    ana.writes("cuanto debo?")
    last = ana.writes("no lo tengo")
    assert last is not None
    assert (last.action, Handoff.objects.get().reason) == (Action.HAND_OFF, "identity")
    assert "Eso lo busca una persona" in ana.reads[-1]


def test_where_appointments_have_no_numbers_a_person_looks_at_once(ana: Visitor, luis: Person) -> None:
    record_appointment(
        external_id="5b0c8d52-0d6c-4f7a-9d3e-3c1f0a9b7e11", by=Actor.system(), customer=luis,
        service="corte", starts_at=NOON + timedelta(days=900),
    )  # fmt: skip
    last = ana.writes("cuando es mi cita?")
    assert last is not None
    assert (last.action, Handoff.objects.get().reason) == (Action.HAND_OFF, "identity")
    assert "Eso lo busca una persona" in ana.reads[-1]
