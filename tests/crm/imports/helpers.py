"""Files to import, and the worker's turns in the test's own process."""

import io
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from crm.actions import exports, imports
from crm.exports import engine as export_engine
from crm.imports import engine
from crm.models import Export, Import
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business


def work(business: Business, job: Import) -> Import:
    """What the worker does until there is nothing left to do; must be called outside a scope."""
    while engine.advance(business.tenant.id, job.pk):
        pass
    with tenant_scope(business.tenant.id):
        return Import.objects.get(pk=job.pk)


def take(
    business: Business,
    content: bytes | str,
    *,
    target: str = "customers",
    name: str = "clientes.csv",
    by: Actor | None = None,
    **format: Any,
) -> Import:
    """A file, handed in and read."""
    data = content.encode() if isinstance(content, str) else content
    with tenant_scope(business.tenant.id):
        job = imports.take_file(
            file=ContentFile(data), name=name, target=target, format=format, by=by or business.actor()
        )
    return work(business, job)


def check(business: Business, job: Import, mapping: list[str] | None = None, **options: Any) -> Import:
    """Its columns named, and tried."""
    with tenant_scope(business.tenant.id):
        imports.name_columns(job=job, mapping=mapping, options=options, by=business.actor())
    return work(business, job)


def bring_in(
    business: Business,
    content: bytes | str,
    *,
    mapping: list[str] | None = None,
    target: str = "customers",
    name: str = "clientes.csv",
    **options: Any,
) -> Import:
    """A file, imported from beginning to end."""
    job = check(business, take(business, content, target=target, name=name), mapping, **options)
    with tenant_scope(business.tenant.id):
        imports.start(job=job, by=business.actor())
    return work(business, job)


def undo(business: Business, job: Import) -> Import:
    """The whole import, taken back."""
    with tenant_scope(business.tenant.id):
        imports.undo(job=job, by=business.actor())
    return work(business, job)


def export(
    business: Business,
    *,
    target: str = "customers",
    format: str = "csv",
    by: Actor | None = None,
    **given: Any,
) -> bytes:
    """The bytes of an export."""
    with tenant_scope(business.tenant.id):
        made = exports.ask(target=target, format=format, by=by or business.actor(), **given)
    export_engine.advance(business.tenant.id, made.pk)
    with tenant_scope(business.tenant.id):
        made = Export.objects.get(pk=made.pk)
        with made.file.open("rb") as file:
            return bytes(file.read())


def sheet(rows: list[list[Any]]) -> bytes:
    """A spreadsheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
