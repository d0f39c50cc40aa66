"""Merging and taking it back leaves every table as it was, byte for byte, whatever the tables hold."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from conversations.models import Conversation
from crm.actions.choosing import differences
from crm.actions.merging import CannotPart, merge_customers, tables, undo_merge
from crm.models import Consent, ConsentEvent, Customer, CustomerMerge
from tenants.models import AuditEvent
from tests.crm.actions.test_merging import write
from tests.factories.anything import make_row
from tests.factories.tenants import Business

LEFT_OUT = (CustomerMerge, AuditEvent)  # they tell of it
Dump = dict[tuple[str, str], str]


def seeds(quick: int, *slow: int) -> list[Any]:
    """The first for every run, the others for `make test-slow`."""
    return [quick, *(pytest.param(seed, marks=pytest.mark.slow) for seed in slow)]


def dump() -> Dump:
    """Every row of the business as PostgreSQL writes it, by table and identifier."""
    found: Dump = {}
    for app in ("crm", "conversations", "feedback"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model in LEFT_OUT:
                continue
            name = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id::text, t::text FROM {name} t WHERE tenant_id IS NOT NULL")
                found |= {(name, pk): row for pk, row in cursor.fetchall()}
    return found


def different(one: Dump, other: Dump) -> list[tuple[str, str | None, str | None]]:
    """What differs, in words."""
    keys = sorted(one.keys() | other.keys())
    return [(key[0], one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)]


def fill(rng: Random, people: Iterable[Customer], *, each: int = 2) -> None:
    """Rows of some customers in every table that points at customers."""
    for one in tables():
        for customer in people:
            for _row in range(rng.randint(1, each)):
                make_row(one.model, rng, **{one.field: customer})


def clash(source: Customer, target: Customer, rng: Random) -> None:
    """Rows that both cannot have at once: the same but for whose they are."""
    for one in tables():
        for row in one.rows().filter(**{one.field: source})[:1]:
            if not one.once or rng.random() < 0.3:
                continue
            same = {
                name: getattr(row, name)
                for constraint in one.once
                for name in constraint.fields
                if name not in {one.field, "tenant"}
            }
            if not one.rows().filter(**{one.field: target}, **same).exists():
                make_row(one.model, rng, **{one.field: target}, **same)


def people(rng: Random) -> tuple[Customer, Customer]:
    """Two customers with something in every table, and a third who has nothing to do with it."""
    source, target, other = (make_row(Customer, rng, merged_into=None) for _ in range(3))
    fill(rng, [other], each=1)
    fill(rng, [source, target])
    clash(source, target, rng)
    return source, target


def chosen(rng: Random, source: Customer, target: Customer) -> dict[str, str]:
    """Some of what can be chosen, at random."""
    open_ones = [one.key for one in differences(source, target) if one.is_open]
    return {key: rng.choice(["source", "target"]) for key in open_ones if rng.random() < 0.7}


@pytest.mark.parametrize("seed", seeds(0, 1, 2, 3))
def test_undo_leaves_every_row_as_it_was(scope: Business, seed: int) -> None:
    rng = Random(seed)
    source, target = people(rng)
    before = dump()
    made = merge_customers(source=source, target=target, by=scope.actor(), fields=chosen(rng, source, target))
    assert len(different(before, dump())) > len(tables())
    undo_merge(made=made, by=scope.actor())
    assert different(before, dump()) == []


@pytest.mark.parametrize("seed", seeds(10, 11, 12))
def test_what_happens_in_between_goes_where_it_belongs(scope: Business, seed: int) -> None:
    rng = Random(seed)
    theirs, ours = write("web", f"visitor-{seed}"), write("email", f"a{seed}@example.com", channel="email")
    source, target = theirs.customer, ours.customer
    fill(rng, [source, target], each=1)
    clash(source, target, rng)
    keep_way_clear(theirs, ours)
    before = dump()
    made = merge_customers(source=source, target=target, by=scope.actor())
    merged = dump()
    later_of_source = write("web", f"visitor-{seed}", text="Luego")
    later_of_target = write("email", f"a{seed}@example.com", channel="email", text="Luego")
    fill_alone(rng, target)
    meanwhile = dump()
    undo_merge(made=made, by=scope.actor())
    after = dump()
    added = meanwhile.keys() - merged.keys()
    touched = {("crm_customer", str(source.pk))} | {
        key for key in merged.keys() & meanwhile.keys() if merged[key] != meanwhile[key]
    }
    assert (
        different(
            {key: row for key, row in before.items() if key not in touched},
            {key: row for key, row in after.items() if key not in touched | added},
        )
        == []
    )
    for conversation, whose in ((later_of_source, source), (later_of_target, target)):
        conversation.refresh_from_db()
        assert conversation.customer_id == whose.pk
        whose.refresh_from_db()
        assert whose.last_contact_at == conversation.last_inbound_at
    assert {key for key in added if str(source.pk) in after[key]} == {
        key
        for key in added
        if f"visitor-{seed}" in after[key] or key in by_context(later_of_source.pk, added)
    }


def keep_way_clear(*real: Conversation) -> None:
    """Let later messages find the conversations they continue, not random ones by the same address.

    Random ones may be somebody else's, be put together with a stranger's, or lack an episode: none real does.
    """
    random_ones = Conversation.objects.exclude(pk__in=[one.pk for one in real])
    random_ones.update(identity=None, merged_into=None)


def fill_alone(rng: Random, target: Customer) -> None:
    """What a shop's systems tell of the one who stayed, naming no address and no conversation."""
    for one in tables():
        soft = {
            field.name: None
            for field in one.model._meta.concrete_fields
            if field.null
            and field.name != one.field
            and isinstance(field, models.UUIDField | models.ForeignKey)
        }
        derives = one.model in {Consent, ConsentEvent}  # what stands is read from the words
        if not derives and not points_at_customers(one.model):
            make_row(one.model, rng, **{one.field: target}, **soft)


def points_at_customers(model: Any) -> bool:
    """Whether rows must name other rows of customers: those of either would do, and say whose they are."""
    theirs = {one.model for one in tables()}
    return any(
        field.related_model in theirs and not field.null
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    )


def by_context(conversation: Any, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Rows that belong to a conversation."""
    found = set()
    for one in tables():
        for field in one.model._meta.concrete_fields:
            if field.name == "context_id":
                rows = one.rows().filter(context_id=conversation).values_list("pk", flat=True)
                found |= {(one.model._meta.db_table, str(pk)) for pk in rows}
    return found & set(keys)


def test_a_chain_is_taken_back_from_its_end(scope: Business) -> None:
    rng = Random(1)
    one, two, three = (make_row(Customer, rng, merged_into=None) for _ in range(3))
    fill(rng, [one, two, three], each=1)
    stages, merges = [dump()], []
    for source, target in ((one, two), (two, three)):
        merges.append(merge_customers(source=source, target=target, by=scope.actor()))
        stages.append(dump())
    with pytest.raises(CannotPart, match=r"(?i)primero|first"):
        undo_merge(made=merges[0], by=scope.actor())
    undo_merge(made=merges[1], by=scope.actor())
    assert different(stages[1], dump()) == []
    undo_merge(made=merges[0], by=scope.actor())
    assert different(stages[0], dump()) == []


def test_two_merged_into_one_are_taken_back_the_last_first(scope: Business) -> None:
    rng = Random(2)
    one, two, stays = (make_row(Customer, rng, merged_into=None) for _ in range(3))
    before = dump()
    first = merge_customers(source=one, target=stays, by=scope.actor())
    second = merge_customers(source=two, target=stays, by=scope.actor())
    with pytest.raises(CannotPart):
        undo_merge(made=first, by=scope.actor())
    undo_merge(made=second, by=scope.actor())
    undo_merge(made=first, by=scope.actor())
    assert different(before, dump()) == []
