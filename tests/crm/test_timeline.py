"""One history: written once, narrowed to the viewer, and read in constant time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from crm import timeline
from crm.models import Customer, TimelineEntry
from crm.queries import CALM, timeline_page
from tenants.kit.cursors import BadCursor, encode
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope, uuid7
from tests.factories.crm import make_customer, make_history
from tests.factories.tenants import Business

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_recording_is_one_insert_and_twice_is_once(
    scope: Business, django_assert_num_queries: Callable
) -> None:
    ana, thing = make_customer("Ana"), uuid4()
    for _twice in range(2):
        with django_assert_num_queries(1):
            timeline.record(
                customer=ana, kind="message_in", happened_at=NOW, object_id=thing, data={"text": "hola"}
            )
    assert TimelineEntry.objects.count() == 1


def test_pages_neither_skip_nor_double_at_one_moment(scope: Business) -> None:
    ana = make_customer("Ana")
    for number in range(7):
        timeline.record(customer=ana, kind="note", happened_at=NOW, data={"n": number})
    seen, cursor = [], ""
    for _page in range(4):
        page = timeline_page(ana, scope.actor(), limit=2, cursor=cursor)
        seen += [entry.data["n"] for entry in page.items]
        cursor = page.next_cursor
    assert (seen, cursor) == ([6, 5, 4, 3, 2, 1, 0], "")


def test_kinds_are_merged_in_order(scope: Business) -> None:
    ana = make_customer("Ana")
    for number in range(9):
        kind = ("note", "order", "message_in")[number % 3]
        timeline.record(
            customer=ana, kind=kind, happened_at=NOW + timedelta(minutes=number), data={"n": number}
        )
    first = timeline_page(ana, scope.actor(), kinds=["note", "order"], limit=4)
    rest = timeline_page(ana, scope.actor(), kinds=["order", "note"], limit=4, cursor=first.next_cursor)
    assert [entry.data["n"] for entry in first.items + rest.items] == [7, 6, 4, 3, 1, 0]
    assert timeline_page(ana, scope.actor(), kinds=[]).items == []


def test_new_line_does_not_disturb_a_reader(scope: Business) -> None:
    ana = make_customer("Ana")
    make_history(ana, 4, newest=NOW)
    first = timeline_page(ana, scope.actor(), limit=2)
    timeline.record(customer=ana, kind="note", happened_at=NOW + timedelta(hours=1))
    rest = timeline_page(ana, scope.actor(), limit=2, cursor=first.next_cursor)
    assert [entry.data["text"] for entry in first.items + rest.items] == [f"línea {n}" for n in range(4)]


NO_CURSORS: list[str] = ["x", "W10", "WyJhIiwiYiJd", "bnVsbA", "e30", "é", "=" * 9, "W" * 5000]


def test_cursor_that_is_none_is_refused(scope: Business) -> None:
    for cursor in NO_CURSORS:
        with pytest.raises(BadCursor):
            timeline_page(make_customer("Ana"), scope.actor(), cursor=cursor)


def test_narrowed_member_does_not_see_lines_of_hidden_conversations(scope: Business) -> None:
    ana = make_customer("Ana")
    timeline.record(customer=ana, kind="note", happened_at=NOW, data={"text": "de todos"})
    timeline.record(
        customer=ana, kind="message_in", happened_at=NOW, context_id=uuid4(), data={"text": "ajeno"}
    )
    narrowed = scope.actor(scope.add_member(Role.AGENT, Sees.OWN))
    assert [entry.data["text"] for entry in timeline_page(ana, narrowed).items] == ["de todos"]
    assert len(timeline_page(ana, scope.actor()).items) == 2


def test_history_of_another_business_is_empty(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
        make_history(ana, 3)
    with tenant_scope(other.tenant.id):
        assert timeline_page(ana, other.actor()).items == []


def _plan(page: Callable[[], object]) -> list[dict]:
    """The plans of what a page reads, with the buffers each touched."""
    plans = []

    def explain(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if sql.startswith("SELECT") and "crm_timelineentry" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
                [plan] = cursor.fetchone()
            plans.append((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        page()
    return plans


def _nodes(plan: dict) -> list[dict]:
    return [plan, *[node for inner in plan.get("Plans", []) for node in _nodes(inner)]]


@pytest.mark.slow
def test_page_of_a_hundred_thousand_lines_reads_as_little_as_of_a_hundred(scope: Business) -> None:
    ana, quiet = make_customer("Ana"), make_customer("Luis")
    make_history(quiet, 100, newest=NOW)
    _fill(ana, 100_000)
    middle = timeline_page(ana, scope.actor(), limit=30)
    for _page in range(3):
        middle = timeline_page(ana, scope.actor(), limit=30, cursor=middle.next_cursor)
    deep = timeline_page(ana, scope.actor(), limit=30, cursor=_cursor_at(ana, 90_000))
    assert len(deep.items) == 30
    for kinds in (None, CALM, ["note", "order"]):
        for cursor in ("", middle.next_cursor, _cursor_at(ana, 90_000)):
            plans = _plan(
                lambda k=kinds, c=cursor: timeline_page(ana, scope.actor(), kinds=k, limit=30, cursor=c)
            )
            assert len(plans) == (1 if kinds is CALM else 2)
            for plan in plans:
                nodes = [node["Node Type"] for node in _nodes(plan)]
                assert nodes == ["Limit", "Result", "Index Scan"]  # Result: the tenant, compared once
                assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 60


def _fill(customer: Customer, count: int) -> None:
    kinds = ("message_in", "message_out", "note", "order")
    entries = [
        TimelineEntry(
            id=uuid7(),
            customer=customer,
            kind=kinds[number % 4],
            happened_at=NOW - timedelta(seconds=number),
            data={"n": number},
        )
        for number in range(count)
    ]
    TimelineEntry.objects.bulk_create(entries, batch_size=5_000)


def _cursor_at(customer: Customer, number: int) -> str:
    entry = TimelineEntry.objects.get(customer=customer, happened_at=NOW - timedelta(seconds=number))
    return encode([entry.happened_at, entry.id])
