"""Words about consent: kept with their proof, the latest stands, the strictest wins."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.actions import consents
from crm.actions.consents import Outcome, Proof, Standing
from crm.actions.merging import merge_customers, undo_merge
from crm.models import (
    Consent,
    ConsentEvent,
    ConsentPolicy,
    Customer,
    Medium,
    Purpose,
    Suppression,
    TimelineEntry,
)
from tenants.actors import Actor
from tenants.refusals import Refused
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

State, Source = Consent.State, ConsentEvent.Source
NOON = datetime(2026, 3, 31, 12, tzinfo=timezone.get_default_timezone())


def _say(customer: Customer, state: str, at: datetime | None = None, **proof: Any) -> consents.Recorded:
    act = consents.give if state == State.GIVEN else consents.withdraw
    given = {"source": Source.IMPORT, "at": at, **proof}
    return act(
        customer=customer,
        medium=Medium.WHATSAPP,
        purpose=Purpose.PROMOTION,
        proof=Proof(**given),
        by=Actor.system(),
    )


def _stands(customer: Customer) -> list[tuple[str, str, str]]:
    rows = Consent.objects.filter(customer=customer).order_by("medium", "purpose")
    return list(rows.values_list("medium", "purpose", "state"))


def test_a_word_is_kept_with_its_proof_and_told_in_the_history(scope: Business) -> None:
    customer = make_customer(whatsapp="3312345678")
    made = _say(
        customer, State.GIVEN, NOON, text_shown="Sí, quiero", address="+523312345678", ip="203.0.113.9"
    )
    event = ConsentEvent.objects.get()
    told = TimelineEntry.objects.get(kind="consent")
    assert (event.text_shown, event.address, event.ip, event.happened_at, made.outcome) == (
        "Sí, quiero",
        "+523312345678",
        "203.0.113.9",
        NOON,
        Outcome.CHANGED,
    )
    assert (told.object_id, told.happened_at, told.data["state"]) == (event.pk, NOON, "given")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["given 0", "withdrawn 1"], "withdrawn"),
        (["withdrawn 1", "given 0"], "withdrawn"),
        (["given 1", "withdrawn 0"], "given"),
        (["withdrawn 0", "given 1"], "given"),
        (["given 0", "withdrawn 0"], "withdrawn"),
        (["withdrawn 0", "given 0"], "withdrawn"),
        (["given 0", "given 0", "withdrawn 1", "given 0"], "withdrawn"),
    ],
)
def test_the_latest_word_stands_in_whatever_order_they_come(
    scope: Business, words: list[str], wanted: str
) -> None:
    customer = make_customer()
    for word in words:
        state, hour = word.split()
        _say(customer, state, NOON + timedelta(hours=int(hour)))
    assert _stands(customer) == [("whatsapp", "promotion", wanted)]


def test_a_late_word_is_kept_and_one_said_twice_is_not_kept_twice(scope: Business) -> None:
    customer = make_customer()
    first = _say(customer, State.WITHDRAWN, NOON)
    again = _say(customer, State.WITHDRAWN, NOON)
    late = _say(customer, State.GIVEN, NOON - timedelta(days=1))
    assert (first.outcome, again.outcome, late.outcome) == (
        Outcome.CHANGED,
        Outcome.UNCHANGED,
        Outcome.LATE,
    )
    assert ConsentEvent.objects.count() == 2


def test_a_moment_that_has_not_come_is_refused(scope: Business) -> None:
    with pytest.raises(Refused) as refused:
        _say(make_customer(), State.GIVEN, timezone.now() + timedelta(days=1))
    assert (refused.value.field, ConsentEvent.objects.count()) == ("happened_at", 0)


def test_consent_runs_out_as_the_business_wants_and_a_second_run_does_nothing(scope: Business) -> None:
    ConsentPolicy.objects.create(months=11)
    customer = make_customer()
    ends = _say(customer, State.GIVEN, NOON).consent.expires_at
    assert ends == NOON.replace(year=2027, month=2, day=28)
    counts = [consents.expire_due(ends), consents.expire_due(ends)]
    last = ConsentEvent.objects.get(source=Source.EXPIRY)
    assert (counts, _stands(customer)[0][2], last.happened_at) == ([1, 0], "expired", ends)


def test_who_agrees_again_is_no_longer_kept_as_unsubscribed(scope: Business) -> None:
    customer = make_customer(whatsapp="3312345678")
    proof = Proof(source=Source.UNSUBSCRIBE)
    consents.unsubscribe(customer=customer, media=[Medium.WHATSAPP], purposes=consents.UNASKED, proof=proof)
    before = list(Suppression.objects.standing().values_list("kind", "value", "reason", "covers"))
    _say(customer, State.GIVEN)
    assert before == [("phone", "+523312345678", "unsubscribed", "unasked")]
    assert Suppression.objects.standing().count() == 0
    assert _stands(customer) == [("whatsapp", "promotion", "given"), ("whatsapp", "survey", "withdrawn")]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("given", "withdrawn", "withdrawn"),
        ("asked", "given", "asked"),
        ("expired", "given", "expired"),
        ("expired", "withdrawn", "withdrawn"),
        ("given", "given", "given"),
    ],
)
def test_the_strictest_of_two_is_the_same_whoever_comes_first(one: str, other: str, wanted: str) -> None:
    first, second = Standing(one, NOON, None), Standing(other, NOON + timedelta(days=1), None)
    found = [consents.strictest(first, second), consents.strictest(second, first)]
    assert [each.state for each in found] == [wanted, wanted]
    assert found[0] == found[1]


def test_of_two_that_gave_it_the_sooner_end_binds() -> None:
    soon, late = NOON + timedelta(days=1), NOON + timedelta(days=9)
    one, other, endless = (Standing("given", NOON, end) for end in (soon, late, None))
    assert [consents.strictest(one, other), consents.strictest(endless, other)] == [one, other]


def test_the_strictest_wins_in_a_merge_and_undoing_gives_each_what_was_his(scope: Business) -> None:
    by = scope.actor()
    ana, ana2 = make_customer(email="ana@example.com"), make_customer(whatsapp="3312345678")
    _say(ana, State.GIVEN, NOON)
    _say(ana2, State.WITHDRAWN, NOON - timedelta(days=3))
    consents.give(
        customer=ana2,
        medium=Medium.EMAIL,
        purpose=Purpose.SURVEY,
        proof=Proof(source=Source.FORM, at=NOON),
        by=by,
    )
    before = [
        list(Consent.objects.order_by("id").values()),
        list(ConsentEvent.objects.order_by("id").values()),
    ]
    made = merge_customers(source=ana2, target=ana, by=by)
    joined = _stands(ana)
    _say(ana, State.GIVEN, timezone.now(), address="+523312345678")
    undo_merge(made=made, by=by)
    assert joined == [("email", "survey", "given"), ("whatsapp", "promotion", "withdrawn")]
    assert _stands(ana) == [("whatsapp", "promotion", "given")]
    assert _stands(ana2) == [("email", "survey", "given"), ("whatsapp", "promotion", "given")]
    ConsentEvent.objects.filter(address="+523312345678").delete()
    Consent.objects.filter(customer=ana2, medium=Medium.WHATSAPP).update(
        state=State.WITHDRAWN, since=NOON - timedelta(days=3)
    )
    after = [
        list(Consent.objects.order_by("id").values()),
        list(ConsentEvent.objects.order_by("id").values()),
    ]
    assert after == before
