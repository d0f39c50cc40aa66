"""Orders, cases, follow-ups and labels: each act, twice."""

import threading
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from crm.actions.cases import InvalidCase, open_case, resolve_case
from crm.actions.follow_ups import complete_follow_up, open_follow_up, reassign_follow_up
from crm.actions.labels import InvalidLabel, LabelExists, create_label, delete_label, update_label
from crm.actions.orders import record_order
from crm.actions.records import CustomerMissing, OfAnotherCustomer, Outcome
from crm.models import Case, Customer, FollowUp, Label, Order, TimelineEntry
from tenants.actors import Actor
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.factories.crm import kinds_of, make_customer
from tests.factories.tenants import Business, make_business

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)


def test_order_outcomes(scope: Business) -> None:
    ana = make_customer("Ana")
    by = Actor.system()
    report = {"external_id": "1", "customer": ana, "total": Decimal("10.00"), "by": by}
    assert record_order(**report).outcome == Outcome.CREATED
    assert record_order(**report).outcome == Outcome.UNCHANGED
    assert record_order(**report | {"total": Decimal("12.00")}).outcome == Outcome.CHANGED
    assert record_order(**report | {"status": "paid"}).outcome == Outcome.CHANGED
    assert record_order(
        **report | {"status": "placed", "changed_at": datetime(2020, 1, 1, tzinfo=UTC)}
    ).outcome == (Outcome.LATE)
    order = Order.objects.get()
    assert (order.status, order.total) == ("paid", Decimal("10.00"))
    assert [entry.data["status"] for entry in TimelineEntry.objects.order_by("happened_at")] == [
        "placed",
        "placed",
        "paid",
    ]


def test_two_statuses_at_one_moment_are_two_lines(scope: Business) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    report = {"external_id": "1", "customer": make_customer("Ana"), "by": Actor.system()}
    record_order(**report, status="placed", changed_at=at)
    record_order(**report, status="paid", changed_at=at)
    entries = TimelineEntry.objects.order_by("happened_at")
    assert [entry.data["status"] for entry in entries] == ["placed", "paid"]


def test_order_without_a_customer_is_refused(scope: Business) -> None:
    with pytest.raises(CustomerMissing):
        record_order(external_id="1", by=Actor.system())
    record_order(external_id="1", customer=make_customer("Ana"), by=Actor.system())
    with pytest.raises(OfAnotherCustomer):
        record_order(external_id="1", customer=make_customer("Luis"), by=Actor.system())


@pytest.mark.django_db(transaction=True)
def test_order_reported_in_parallel_is_one() -> None:
    business = make_business()
    barrier = threading.Barrier(5)
    outcomes: list[Outcome] = []

    def report() -> None:
        barrier.wait()
        try:
            with tenant_scope(business.tenant.id):
                recorded = record_order(
                    external_id="1", identity=("phone", "33 1234 5678"), status="paid", by=Actor.system()
                )
                outcomes.append(recorded.outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=report) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.CREATED, *[Outcome.UNCHANGED] * 4]
    with tenant_scope(business.tenant.id):
        assert (Order.objects.count(), Customer.objects.count(), TimelineEntry.objects.count()) == (1, 1, 1)


def test_case_is_opened_and_resolved_once(scope: Business) -> None:
    ana, by = make_customer("Ana"), scope.actor()
    conversation = uuid4()
    case = open_case(customer=ana, subject=" Freno \n que rechina ", context_id=conversation, by=by)
    assert (case.subject, case.kind, case.opened_by_id) == ("Freno que rechina", "complaint", scope.owner.id)
    assert list(Case.objects.open()) == [case]
    first = resolve_case(case=case, resolution="Ajustado", by=by)
    again = resolve_case(case=case, resolution="Otra cosa", by=by)
    assert (again.resolved_at, again.resolution) == (first.resolved_at, "Ajustado")
    assert kinds_of(ana) == ["case", "case"]
    assert set(TimelineEntry.objects.values_list("context_id", flat=True)) == {conversation}
    assert sorted(AuditEvent.objects.filter(target_id=case.id).values_list("action", flat=True)) == [
        "case.opened",
        "case.resolved",
    ]


@pytest.mark.parametrize(("subject", "kind"), [("", "complaint"), (" \n", "complaint"), ("x", "chisme")])
def test_case_without_sense_is_refused(scope: Business, subject: str, kind: str) -> None:
    with pytest.raises(InvalidCase):
        open_case(customer=make_customer("Ana"), subject=subject, kind=kind, by=scope.actor())


def test_follow_up_of_one_source_is_opened_once(scope: Business) -> None:
    ana, source = make_customer("Ana"), uuid4()
    asked = {"customer": ana, "title": "Llamar", "due_at": DUE, "reason": "bad_rating", "source_id": source}
    first = open_follow_up(**asked, by=Actor.system())
    assert open_follow_up(**asked | {"title": "Otra vez"}, by=Actor.system()) == first
    assert open_follow_up(**asked | {"source_id": uuid4()}, by=Actor.system()) != first
    assert FollowUp.objects.count() == 2
    assert kinds_of(ana) == ["follow_up", "follow_up"]


def test_follow_up_is_reassigned_and_done_once(scope: Business) -> None:
    follow_up = open_follow_up(customer=make_customer("Ana"), title="Llamar", due_at=DUE, by=scope.actor())
    reassign_follow_up(follow_up=follow_up, assignee=scope.agent, by=scope.actor())
    assert FollowUp.objects.get().assignee_id == scope.agent.id
    done = complete_follow_up(follow_up=follow_up, by=scope.actor(scope.agent))
    again = complete_follow_up(follow_up=follow_up, by=scope.actor())
    assert (again.done_at, again.done_by_id) == (done.done_at, scope.agent.id)
    assert FollowUp.objects.open().count() == 0
    assert TimelineEntry.objects.count() == 2


def test_labels_keep_their_names_apart(scope: Business) -> None:
    by = scope.actor()
    vip = create_label(name=" VIP ", color="teal", by=by)
    with pytest.raises(LabelExists):
        create_label(name="vip", by=by)
    taller = create_label(name="Taller", by=by)
    with pytest.raises(LabelExists):
        update_label(label=taller, name="Vip", by=by)
    with pytest.raises(InvalidLabel):
        create_label(name=" ", by=by)
    with pytest.raises(InvalidLabel):
        create_label(name="x", color="plaid", by=by)
    delete_label(label=vip, by=by)
    assert [label.name for label in Label.objects.all()] == ["Taller"]
    assert AuditEvent.objects.get(action="label.deleted").details == {"name": "VIP"}
