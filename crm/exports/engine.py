"""Making an export: rows streamed out of the database into a file that one person may have."""

import csv
import io
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from typing import IO, Any, cast
from uuid import UUID

import structlog
from django.db import DatabaseError
from django.utils import timezone, translation

from crm.exports import tables
from crm.imports.cells import escaped
from crm.imports.refused_rows import BOM
from crm.imports.store import drop, keep
from crm.models import Export
from tenants.actors import Actor
from tenants.kit import events
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.exports")
State = Export.State
LEASE = timedelta(seconds=150)
KEPT = timedelta(days=7)
MOST_ATTEMPTS = 3
LONGEST_SHEET_CELL = 32_000


def advance(tenant_id: UUID | str, export_id: UUID | str) -> None:
    """Make it, or delete the file of one that has expired. Harmless when run twice."""
    with tenant_scope(tenant_id):
        export = Export.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=export_id).first()
        if export is None or export.due_at is None or export.due_at > timezone.now():
            return
        if export.state == State.DONE:
            _expire(export)
            return
        by = actor_of(export)
        if export.attempts >= MOST_ATTEMPTS or by is None:
            _end(export, State.FAILED)
            return
        export.attempts, export.due_at = export.attempts + 1, timezone.now() + LEASE
        export.save(update_fields=["attempts", "due_at"])
    try:
        with tenant_scope(tenant_id):
            _make(Export.objects.get(pk=export_id), by)
    except Refused as refusal:  # what the list was narrowed by went away meanwhile
        log.info("export refused", export=str(export_id), reason=str(refusal))
        with tenant_scope(tenant_id):
            _end(Export.objects.get(pk=export_id), State.FAILED)
    except (DatabaseError, OSError) as error:
        log.exception("export failed", export=str(export_id), error=str(error))


def actor_of(export: Export) -> Actor | None:
    """Whose it is, with what he may do now; None when he may no longer."""
    by = None
    if export.membership and export.membership.is_active:
        by = Actor.of_membership(export.membership)
    elif export.api_key and export.api_key.revoked_at is None:
        by = Actor.of_key(export.api_key)
    return by if by and by.can(Permission.CUSTOMERS_EXPORT) else None


def _make(export: Export, by: Actor) -> None:
    tenant = Tenant.objects.get()
    language = export.membership.user.language if export.membership else ""
    with translation.override(language or tenant.language), timezone.override(tenant.zone):
        titles = {column.code: column.title for column in tables.columns(export.target)}
        codes = [code for code in export.columns if code in titles]
        rows = tables.rows(export.target, by, export.filters, codes)
        counted = _Counted(rows)
        with tempfile.TemporaryFile() as kept:
            write = {Export.Format.CSV: write_csv, Export.Format.XLSX: write_xlsx}[
                Export.Format(export.format)
            ]
            write(cast("IO[bytes]", kept), [titles[code] for code in codes], counted)
            export.file = keep("exports", export.pk, cast("IO[bytes]", kept))
    export.rows = counted.count
    _end(export, State.DONE)


def _end(export: Export, state: str) -> None:
    now = timezone.now()
    export.state, export.finished_at = state, now
    export.expires_at = export.due_at = now + KEPT if state == State.DONE else None
    export.save()
    events.publish("export", {"id": str(export.pk)}, assignee_id=export.membership_id)


def _expire(export: Export) -> None:
    drop(export.file.name)
    export.file, export.state, export.due_at = "", State.EXPIRED, None
    export.save(update_fields=["file", "state", "due_at"])


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[list[str]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Any:
        for row in self._rows:
            self.count += 1
            yield row


def write_csv(out: IO[bytes], titles: list[str], rows: Iterable[list[str]]) -> None:
    """CSV as spreadsheets open it: UTF-8 with its mark, formulas escaped."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(map(escaped, titles))
    for row in rows:
        writer.writerow(map(escaped, row))
    text.detach()


def write_xlsx(out: IO[bytes], titles: list[str], rows: Iterable[list[str]]) -> None:
    """A workbook of one sheet, written row by row; every cell is text."""
    from openpyxl import Workbook  # noqa: PLC0415 -- 20 MB where nobody wants a spreadsheet

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Puente")
    sheet.append([_sheet_cell(title) for title in titles])
    for row in rows:
        sheet.append([_sheet_cell(cell) for cell in row])
    book.save(out)


def _sheet_cell(text: str) -> str:
    """Without the control characters that ECMA-376 forbids."""
    plain = "".join(char for char in text[:LONGEST_SHEET_CELL] if char >= " " or char in "\t\n\r")
    return escaped(plain)
