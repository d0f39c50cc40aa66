"""A business that was made once for real, printed again: the same rows with other identifiers.

Thousands of tests begin with a business. Making one costs two dozen statements, printing one costs four.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from tenants import doors
from tenants.actions.businesses import free_slug
from tenants.models import Membership
from tenants.scoping import tenant_scope, uuid7

# Where its rows are, and of whom; each table behind those it points at.
TABLES = {
    "tenants.Tenant": "id = %(tenant)s",
    "tenants.User": "id = ANY(%(users)s)",
    "tenants.Membership": "tenant_id = %(tenant)s",
    "tenants.DirectoryEntry": "tenant_id = %(tenant)s",
    "conversations.Channel": "tenant_id = %(tenant)s",
    "tenants.AuditEvent": "tenant_id = %(tenant)s",
}
UNIQUE = re.compile(
    r"(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"|(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*\+00:00)"
    r"|(?P<fingerprint>\b[0-9a-f]{64}\b)"
    r"|(?P<tag>\b[0-9a-f]{8}(?=@example\.com))"
)
Rows = dict[str, list[dict[str, Any]]]
made: dict[Any, str] = {}


def stamped(kind: Any, name: str, make: Callable[[], tuple[Membership, ...]]) -> tuple[Membership, ...]:
    """The members of a business of that kind: `make` makes the first, the others are printed from it."""
    if kind not in made:
        members = make()
        made[kind] = _read(members)
        return members
    return _print(made[kind], name)


def _read(members: tuple[Membership, ...]) -> str:
    tenant = members[0].tenant
    of = {"tenant": tenant.id, "users": [member.user_id for member in members]}
    rows = {}
    with tenant_scope(tenant.id), connection.cursor() as cursor:
        for label, where in TABLES.items():
            table = apps.get_model(label)._meta.db_table
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {where}", of)
            rows[label] = [row if isinstance(row, dict) else json.loads(row) for (row,) in cursor.fetchall()]
    for door in rows["tenants.DirectoryEntry"]:
        del door["id"]
    return json.dumps(rows).replace(f'"{tenant.slug}', '"{slug}')


def _print(text: str, name: str) -> tuple[Membership, ...]:
    # Its last row becomes as old as now: none is made later than what a test makes next.
    moments = [datetime.fromisoformat(found[0]) for found in UNIQUE.finditer(text) if found["moment"]]
    later = timezone.now() - max(moments)
    swaps: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        value = found[0]
        if found["moment"]:
            return (datetime.fromisoformat(value) + later).isoformat()
        if value not in swaps:
            swaps[value] = {
                "uuid": lambda: str(uuid7()),
                "fingerprint": lambda: doors.fingerprint(doors.new_secret()),
                "tag": lambda: uuid7().hex[-8:],
            }[str(found.lastgroup)]()
        return swaps[value]

    rows: Rows = json.loads(UNIQUE.sub(other, text).replace("{slug}", free_slug(name)))
    tenant = _row("tenants.Tenant", rows["tenants.Tenant"][0])
    with tenant_scope(tenant.id), connection.cursor() as cursor:
        statements, given = zip(*map(_insert, rows, rows.values()), strict=True)
        cursor.execute(";".join(statements), given)
    people = {row["id"]: _row("tenants.User", row) for row in rows["tenants.User"]}
    members = []
    for row in rows["tenants.Membership"]:
        member = _row("tenants.Membership", row)
        member.tenant, member.user = tenant, people[row["user_id"]]
        members.append(member)
    return tuple(members)


def _insert(label: str, rows: list[dict[str, Any]]) -> tuple[str, str]:
    table, columns = apps.get_model(label)._meta.db_table, ", ".join(f'"{name}"' for name in rows[0])
    select = f"SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    return f"INSERT INTO {table} ({columns}) {select}", json.dumps(rows)


def _row(label: str, values: dict[str, Any]) -> Any:
    model: type[models.Model] = apps.get_model(label)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: fields[name].to_python(value) for name, value in values.items()})
    row._state.adding, row._state.db = False, "default"
    return row
