"""Thousands of rows in one statement: one JSON document that PostgreSQL takes apart.

Making objects and arrays of them costs Python several times what the insert itself costs PostgreSQL.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from tenants.scoping import TenantOwned, current_tenant_id


def insert(model: type[TenantOwned], rows: Sequence[dict[str, Any]], *, ignore: bool = False) -> None:
    """Insert rows of the current business, given as columns by name, all with the same ones.

    What they leave out has the field's default. `ignore` passes over what is there already.
    """
    if not rows:
        return
    given = tuple(rows[0])
    common = _common(model, given)
    statement = _statement(model, given, tuple(common), ignore)
    document = json.dumps(list(rows), cls=_Encoder, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*common.values(), document])


class _Encoder(DjangoJSONEncoder):
    """Moments with all their digits."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _common(model: type[TenantOwned], given: tuple[str, ...]) -> dict[str, Any]:
    """What every row has that the rows themselves do not say."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        name = field.attname
        if name in given or field.generated or (field.null and name != "tenant_id"):
            continue
        if name == "tenant_id":
            values[name] = current_tenant_id()
        elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            values[name] = timezone.now()
        elif field.has_default() or not field.has_db_default():
            value = field.get_default()
            values[name] = Jsonb(value) if isinstance(value, dict | list) else value
    return values


@lru_cache(maxsize=64)
def _statement(
    model: type[TenantOwned], given: tuple[str, ...], common: tuple[str, ...], ignore: bool
) -> sql.Composed:
    fields = {field.attname: field for field in model._meta.concrete_fields}

    def type_of(name: str) -> sql.SQL:
        return sql.SQL(str(fields[name].db_type(connection)))  # type: ignore[arg-type]

    columns = [sql.Identifier(str(fields[name].column)) for name in (*given, *common)]
    return sql.SQL(" ").join(
        [
            sql.SQL("INSERT INTO"),
            sql.Identifier(model._meta.db_table),
            sql.SQL("({})").format(sql.SQL(", ").join(columns)),
            sql.SQL("SELECT"),
            sql.SQL(", ").join(
                [
                    *(sql.SQL("r.{}").format(sql.Identifier(name)) for name in given),
                    *(sql.SQL("%s::{}").format(type_of(name)) for name in common),
                ]
            ),
            sql.SQL("FROM jsonb_to_recordset(%s::jsonb) AS r"),
            sql.SQL("({})").format(
                sql.SQL(", ").join(
                    sql.SQL("{} {}").format(sql.Identifier(name), type_of(name)) for name in given
                )
            ),
            sql.SQL("ON CONFLICT DO NOTHING" if ignore else ""),
        ]
    )
