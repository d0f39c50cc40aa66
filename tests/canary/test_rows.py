"""Rows of another business do not exist: for the ORM, for SQL, and for the owner of the tables."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, models
from psycopg import errors, sql

from tenants.db.fields import TenantForeignKey
from tenants.scoping import OtherTenant, tenant_scope
from tests.canary.conftest import CANARY, World
from tests.canary.world import PLAIN, snapshot, tables, tenant_models

MODELS: list[Any] = list(tenant_models())
KEYS = [(m, f) for m in MODELS for f in m._meta.concrete_fields if isinstance(f, TenantForeignKey)]


def test_every_table_has_rows_of_both(world: World) -> None:
    empty = [
        table
        for side in (world.ours, world.theirs)
        for table, (count, _sum) in snapshot(side, world.sees_all).items()
        if count == 0
    ]
    assert empty == []


def test_every_text_of_theirs_holds_the_word(world: World) -> None:
    """Fields too short for the word, or with fixed values, apart."""
    with tenant_scope(world.theirs.id):
        without = [
            model._meta.label
            for model in MODELS
            if any(_holds_words(column) for column in model._meta.concrete_fields)
            and world.theirs.word not in str(list(model._default_manager.values()))
        ]
    assert without == []


def _holds_words(column: Any) -> bool:
    texts = isinstance(column, models.TextField | models.CharField) and not column.choices
    return texts and (column.max_length or 99) > len(CANARY) and column.name not in PLAIN


def test_orm_sees_none_of_theirs(world: World) -> None:
    with tenant_scope(world.ours.id):
        for model in MODELS:
            label = model._meta.label
            theirs = [row.pk for row in world.theirs.rows[label]]
            assert model.objects.filter(pk__in=theirs).count() == 0, label
            assert model._base_manager.filter(pk__in=theirs).count() == 0, label
            assert model.objects.count() >= len(world.ours.rows[label]), label
            assert model.objects.filter(pk__in=theirs).update(tenant_id=world.ours.id) == 0, label
            assert model.objects.filter(pk__in=theirs).delete()[0] == 0, label


def test_orm_saves_nothing_as_theirs(world: World) -> None:
    for model in MODELS:
        with tenant_scope(world.theirs.id):
            taken = model.objects.get(pk=world.theirs.first(model._meta.label).pk)
        for steal in (
            lambda taken=taken: taken.save(force_update=True),
            lambda taken=taken: taken.save(force_insert=True),
            lambda model=model: model.objects.all().update(tenant_id=world.theirs.id),
        ):
            with refusal_of(model._meta.label, DatabaseError), tenant_scope(world.ours.id):
                steal()
    assert world.look() == world.theirs_before


def test_key_to_theirs_is_refused(world: World) -> None:
    with psycopg_of("puente_app") as db:
        db.execute("SELECT set_config('app.tenant_id', %s, true)", [str(world.ours.id)])
        for model, key in KEYS:
            target = world.theirs.first(key.related_model._meta.label)
            mine = world.ours.first(model._meta.label)
            names = sql.Identifier(model._meta.db_table), sql.Identifier(key.column)
            query = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(*names)
            with refusal_of(str(key), errors.ForeignKeyViolation), db.transaction():
                db.execute(query, [target.pk, mine.pk])
        db.rollback()


@contextmanager
def refusal_of(what: str, error: type[Exception]) -> Iterator[None]:
    """What happens inside ends in that error; a failure names what was let through."""
    try:
        yield
    except error:
        return
    pytest.fail(f"let through: {what}")


def psycopg_of(role: str) -> psycopg.Connection:
    """A connection of a role, as no code of ours opens it."""
    name = {"puente_app": "DATABASE_URL", "puente_owner": "DATABASE_OWNER_URL"}[role]
    return psycopg.connect(os.environ[name], prepare_threshold=None)


def isolated_tables() -> list[str]:
    return sorted({model._meta.db_table for model in MODELS})


@pytest.mark.parametrize("role", ["puente_app", "puente_owner"])
def test_sql_without_a_scope_fails_on_every_table(world: World, role: str) -> None:
    answered = []
    with psycopg_of(role) as db:
        for table in isolated_tables():
            try:
                with db.transaction():
                    db.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table)))
                answered.append(table)
            except (errors.UndefinedObject, errors.InvalidTextRepresentation):
                continue
    assert answered == []


@pytest.mark.parametrize("role", ["puente_app", "puente_owner"])
def test_sql_as_us_finds_none_of_theirs(world: World, role: str) -> None:
    with psycopg_of(role) as db:
        db.execute("SELECT set_config('app.tenant_id', %s, true)", [str(world.ours.id)])
        for table in isolated_tables():
            name = sql.Identifier(table)
            count = db.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE tenant_id <> %s").format(name), [world.ours.id]
            )
            assert count.fetchone() == (0,), table
            gone = db.execute(sql.SQL("DELETE FROM {} WHERE tenant_id = %s").format(name), [world.theirs.id])
            assert gone.rowcount == 0, table
            moved = sql.SQL("UPDATE {} SET tenant_id = %s WHERE tenant_id = %s").format(name)
            assert db.execute(moved, [world.ours.id, world.theirs.id]).rowcount == 0, table
        db.rollback()


@pytest.mark.parametrize("role", ["puente_app", "puente_owner"])
def test_sql_as_us_writes_nothing_as_theirs(world: World, role: str) -> None:
    written = []
    with psycopg_of(role) as db:
        for table in isolated_tables():
            name = sql.Identifier(table)
            for query in (
                "UPDATE {} SET tenant_id = %s",
                "INSERT INTO {} (id, tenant_id) VALUES (uuidv7(), %s)",
            ):
                try:
                    with db.transaction():
                        db.execute("SELECT set_config('app.tenant_id', %s, true)", [str(world.ours.id)])
                        db.execute(sql.SQL(query).format(name), [world.theirs.id])
                    written.append(table)
                except (errors.InsufficientPrivilege, errors.NotNullViolation, errors.ForeignKeyViolation):
                    continue
        db.rollback()
    assert written == []
    assert world.look() == world.theirs_before


def test_the_business_itself_is_hidden(world: World) -> None:
    with tenant_scope(world.ours.id), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_tenant")
        assert cursor.fetchall() == [(world.ours.id,)]


def test_pages_role_may_not_truncate(world: World) -> None:
    refused = []
    with psycopg_of("puente_app") as db:
        for table in tables():
            try:
                with db.transaction():
                    db.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))
            except errors.InsufficientPrivilege:
                refused.append(table)
    assert refused == tables()


def test_copying_our_rows_into_theirs_is_refused(world: World) -> None:
    team = world.theirs.first("tenants.Team")
    with pytest.raises(OtherTenant), tenant_scope(world.ours.id):
        type(team).objects.bulk_create([team])
