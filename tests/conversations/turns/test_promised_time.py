"""When a customer is told that a person answers: in the business's own open time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from conversations.actions import promising, sla
from conversations.models import Bot, Goal, Handoff, Promise, SlaPolicy
from tenants.actions.businesses import set_special_day
from tenants.models import Membership, SpecialDay
from tests.conversations.turns.conftest import Customer
from tests.factories.tenants import Business

# Five in the afternoon of a Monday in Mexico City (UTC-6); the business is open 09:00–18:00.
FIVE = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
NINE = FIVE + timedelta(hours=16)


@pytest.fixture
def clock(bot: Bot) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIVE, tick=False) as traveller:
        yield traveller


def promise(business: Business, minutes: int, *, around_the_clock: bool = False) -> None:
    SlaPolicy.objects.all().delete()
    policy = SlaPolicy(name="Todos", first_minutes=minutes, around_the_clock=around_the_clock)
    sla.save_policy(policy=policy, by=business.actor())


def asks(business: Business, number: int) -> tuple[datetime | None, str]:
    """Until when a person answers who was asked for now, and what was said of it."""
    customer = Customer(business)
    customer.address = f"{number}b8f3c1a-visitor"
    customer.writes("quiero hablar con una persona")
    return Handoff.objects.latest("id").promised_at, customer.reads[-1]


def test_time_after_closing_is_not_promised(business: Business, clock: time_machine.Traveller) -> None:
    promise(business, 240)
    due, told = asks(business, 1)
    assert due == NINE + timedelta(hours=3)
    assert "a más tardar mañana a las 12:00" in told
    assert due == Goal.objects.get(target="first").due_at == Promise.objects.get().due_at
    clock.shift(timedelta(hours=5))
    assert promising.tell_due(business.tenant.id) == 0  # nobody is there at ten in the evening


def test_a_holiday_is_skipped_but_around_the_clock_runs_on(
    business: Business, clock: time_machine.Traveller
) -> None:
    closed = SpecialDay(date=date(2026, 11, 24), name="Inventario", hours=[])
    set_special_day(special_day=closed, by=business.actor())
    promise(business, 120)
    due, told = asks(business, 1)
    assert due == NINE + timedelta(days=1, hours=1)
    assert "a más tardar el miércoles a las 10:00" in told
    promise(business, 120, around_the_clock=True)
    assert asks(business, 2)[0] == FIVE + timedelta(hours=2)


def test_nobody_there_answers_later_than_somebody(business: Business, clock: time_machine.Traveller) -> None:
    due, told = asks(business, 1)
    assert (due, "unos 15 minutos" in told) == (FIVE + timedelta(minutes=15), True)
    Membership.objects.update(is_available=False)
    clock.shift(timedelta(minutes=30))
    due, told = asks(business, 2)
    assert due == NINE + timedelta(minutes=30)
    assert "no hay nadie de turno: te responde por aquí a más tardar mañana a las 09:30" in told
