"""How many rows of a file are imported a second, against a bare insert of the same into the same tables."""

import json
import time
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from psycopg import sql

from bench.fill import Filled
from bench.report import Entry
from crm.actions import imports
from crm.imports import engine
from crm.imports.limits import CHUNK
from crm.models import Customer, CustomerLabel, Identity, Import, TimelineEntry
from tenants.actors import Actor
from tenants.scoping import tenant_scope, uuid7

ROWS = 10_000  # of one turn
TURNS = 4
TABLES: tuple[Any, ...] = (Customer, Identity, CustomerLabel, TimelineEntry)
FIRST = 7_000_000_000  # phone numbers of nobody else


def file_of(turn: int, rows: int = ROWS) -> bytes:
    """A shop's list: name, phone, e-mail, a label, a city."""
    lines = ["Nombre completo;Teléfono;Correo;Etiquetas"]
    for number in range(turn * rows, (turn + 1) * rows):
        label = ("VIP", "Mayoreo", "Taller")[number % 3]
        phone = FIRST + number
        lines.append(f"Ana Pérez {number};+52 {phone};ana.{number}@importados.example;{label}")
    return "\n".join(lines).encode()


def import_rows(filled: Filled) -> Entry:
    """Turns of both sides; reading, checking and writing all count for us."""
    ours = floor = 0.0
    for turn in range(TURNS):
        job, seconds = _import(filled, turn)
        ours += seconds
        floor += _insert_again(filled, job)
    count = ROWS * TURNS
    what = f"rows of CSV handed in, read, tried and imported by one worker; n={count}"
    return Entry("import_rows", count / ours, count / floor, "higher", "1/s", what)


def _import(filled: Filled, turn: int) -> tuple[Import, float]:
    content = file_of(turn)
    started = time.perf_counter()
    with tenant_scope(filled.tenant_id):
        by = Actor.of_membership(filled.owner)
        job = imports.take_file(file=ContentFile(content), name="clientes.csv", target="customers", by=by)
    _work(filled, job)
    with tenant_scope(filled.tenant_id):
        imports.name_columns(job=job, by=by)
    _work(filled, job)
    with tenant_scope(filled.tenant_id):
        imports.start(job=job, by=by)
    _work(filled, job)
    seconds = time.perf_counter() - started
    with tenant_scope(filled.tenant_id):
        job = Import.objects.get(pk=job.pk)
        if job.counts.get("created") != ROWS:
            raise RuntimeError(f"not all rows were imported: {job.state} {job.counts} {job.reason}")
    return job, seconds


def _work(filled: Filled, job: Import) -> None:
    while engine.advance(filled.tenant_id, job.pk):
        pass


def _insert_again(filled: Filled, job: Import) -> float:
    """Seconds of the same rows, with identifiers and addresses of others, inserted chunk by chunk."""
    chunks = _rows_of(filled, job)
    statements = {model: _statement(model) for model in TABLES}
    started = time.perf_counter()
    for chunk in chunks:
        with tenant_scope(filled.tenant_id), connection.cursor() as cursor:
            for model in TABLES:
                if chunk[model][0]:
                    cursor.execute(statements[model], chunk[model])
    return time.perf_counter() - started


def _columns(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _statement(model: Any) -> sql.Composed:
    """INSERT … SELECT unnest of a table's columns."""
    columns = _columns(model)
    arrays = [
        sql.SQL("%s::{}[]").format(sql.SQL(field.db_type(connection).split("(")[0]))  # type: ignore[arg-type]
        for field in columns
    ]
    return sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in columns),
        sql.SQL(", ").join(arrays),
    )


def _rows_of(filled: Filled, job: Import) -> list[dict[Any, list[list[Any]]]]:
    """What the import wrote, made ready for the bare insert."""
    with tenant_scope(filled.tenant_id):
        lines = TimelineEntry.objects.filter(data__import=str(job.pk)).order_by("id")
        customers = list(lines.values_list("customer_id", flat=True))
        return [_chunk(customers[at : at + CHUNK]) for at in range(0, len(customers), CHUNK)]


def _chunk(customers: list[Any]) -> dict[Any, list[list[Any]]]:
    others = {customer: uuid7() for customer in customers}
    chunk = {}
    for model in TABLES:
        names = [field.attname for field in _columns(model)]
        key = "id" if model is Customer else "customer_id"
        rows = model.objects.filter(**{f"{key}__any": customers}).order_by("id").values_list(*names)
        made = [_other(model, dict(zip(names, row, strict=True)), others) for row in rows]
        chunk[model] = [[row[name] for row in made] for name in names]
    return chunk


def _other(model: Any, row: dict[str, Any], others: dict[Any, Any]) -> dict[str, Any]:
    """A row of somebody else who looks the same."""
    if model is Customer:
        row["id"] = others[row["id"]]
    else:
        row["id"], row["customer_id"] = uuid7(), others[row["customer_id"]]
    if model is Identity:
        row["value"] = "9" + row["value"]
    if model is TimelineEntry:
        row["object_id"] = row["customer_id"]
    return {
        name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in row.items()
    }
