"""Rows by SQL: INSERT … SELECT with the defaults of a model, and indexes made at the end."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db.models import NOT_PROVIDED, DateTimeField, Field, Model
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from psycopg.types.json import Jsonb


def insert_rows(connection: psycopg.Connection, model: type[Model], source: str, /, **columns: str) -> None:
    """INSERT … SELECT with an SQL expression for some columns and the model's default for the others."""
    expressions: dict[str, sql.Composable] = {
        name: sql.SQL(text)  # type: ignore[arg-type]
        for name, text in columns.items()
    }
    for field in model._meta.concrete_fields:
        if str(field.column) not in expressions and not field.generated:
            expressions[str(field.column)] = _default(field)
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM ").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, expressions)),
            sql.SQL(", ").join(expressions.values()),
        )
        + sql.SQL(source)  # type: ignore[arg-type]
    )


def _default(field: "Field[Any, Any]") -> sql.Composable:
    if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add):
        return sql.SQL("now()")
    if field.null:
        return sql.SQL("NULL")
    if field.default is NOT_PROVIDED and not field.empty_strings_allowed:
        raise LookupError(f"bench must say what {field.model.__name__}.{field.name} holds")
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        value = field.db_default
    return sql.Literal(Jsonb(value) if isinstance(value, dict | list) else value)


PLAIN_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
WHERE c.relname = ANY(%s) AND k.oid IS NULL
"""


def without_indexes(connection: psycopg.Connection, models: Iterable[type[Model]]) -> list[str]:
    """Drop what is faster made at the end; returns the statements that make it."""
    tables = [model._meta.db_table for model in models]
    found = connection.execute(PLAIN_INDEXES, [tables]).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    return [definition for _name, definition in found]
