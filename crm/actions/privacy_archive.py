"""Everything known of one customer in one file: pages to read, the same as JSON, and the files themselves."""

from __future__ import annotations

import html
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Field, FileField, ForeignKey
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from crm import holdings
from crm.models import Customer, CustomerArchive
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.secrets import EncryptedJSONField
from tenants.kit.tasks import ring
from tenants.models import Tenant
from tenants.permissions import Sees
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

KEPT = timedelta(days=7)
LEASE = timedelta(minutes=30)
MOST_ATTEMPTS = 3
TOLD_EVERY = 2_000  # rows


class CannotArchive(Refused):
    """Who may not see everything of a customer cannot have all of it in a file."""


@transaction.atomic
def request_archive(*, customer: Customer, by: Actor) -> CustomerArchive:
    """Have everything known of a customer put together; one that is being made is returned again.

    Raises `CannotArchive`.
    """
    if by.sees != Sees.ALL:
        raise CannotArchive(
            _("Ask somebody who sees every conversation: everything of this customer is in it.")
        )
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    waiting = CustomerArchive.objects.filter(customer=customer, state=CustomerArchive.State.WAITING).first()
    if waiting:
        return waiting
    archive: CustomerArchive = CustomerArchive.objects.create(
        customer=customer, made_by=by.membership, made_by_label=by.label[:150]
    )
    audit.record("customer.archive_made", target=customer, by=by)
    from crm.privacy_tasks import build_archive  # noqa: PLC0415 -- the task names this module

    ring(build_archive, archive.tenant_id, archive.pk)
    return archive


def build(tenant_id: UUID, archive_id: UUID) -> bool:
    """Make the file of an archive that waits; False when somebody else does or did. Harmless twice."""
    with tenant_scope(tenant_id):
        if not _claim(archive_id):
            return False
    with tenant_scope(tenant_id), tempfile.TemporaryFile() as content:
        archive = CustomerArchive.objects.select_related("customer").get(pk=archive_id)
        rows = _write(archive, content)
        archive.size = content.tell()
        content.seek(0)
        archive.file.save("archive", File(content), save=False)
        archive.state, archive.due_at, archive.done = CustomerArchive.State.READY, None, rows
        archive.expires_at = timezone.now() + KEPT
        archive.save(update_fields=["file", "size", "state", "due_at", "done", "expires_at"])
        _tell(archive)
    return True


def _claim(archive_id: UUID) -> bool:
    """Count the attempt before the work; the third that ended without an end is the last."""
    free = CustomerArchive.objects.select_for_update(of=("self",), skip_locked=True)
    archive = free.filter(pk=archive_id, due_at__lte=timezone.now()).first()
    if archive is None:
        return False
    if archive.attempts >= MOST_ATTEMPTS:
        archive.state, archive.due_at = CustomerArchive.State.FAILED, None
        archive.save(update_fields=["state", "due_at"])
        _tell(archive)
        return False
    archive.attempts += 1
    archive.due_at = timezone.now() + LEASE
    archive.save(update_fields=["attempts", "due_at"])
    return True


def _tell(archive: CustomerArchive) -> None:
    events.publish("customer", {"id": str(archive.customer_id)})


def forget_old() -> int:
    """Remove the files whose time is over; returns how many."""
    old = CustomerArchive.objects.filter(
        state=CustomerArchive.State.READY, expires_at__lte=timezone.now()
    ).order_by("expires_at")
    number = 0
    for archive in old[:100]:
        archive.file.delete(save=False)
        archive.state = CustomerArchive.State.EXPIRED
        archive.save(update_fields=["state", "file"])
        number += 1
    return number


def is_downloadable(archive: CustomerArchive) -> bool:
    """Whether its file is there and its time is not over."""
    ready = archive.state == CustomerArchive.State.READY and archive.expires_at is not None
    return bool(ready and archive.expires_at and archive.expires_at > timezone.now())


def name_of(archive: CustomerArchive) -> str:
    """A name to save it by, without the customer's."""
    return f"archive-{archive.created_at:%Y-%m-%d}-{archive.pk.hex[-8:]}.zip"


# --- the file ---


def _write(archive: CustomerArchive, content: IO[bytes]) -> int:
    """The ZIP; returns how many rows are in it."""
    tenant = Tenant.objects.get()
    people = holdings.people_of(archive.customer)
    total, sections = 0, []
    profile = holdings.Part(Customer, ("pk",))
    ordered = sorted(
        [profile, *holdings.parts()], key=lambda one: (holdings.shown(one.label).order, one.label)
    )
    with (
        translation.override(tenant.language),
        timezone.override(tenant.zone),
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in ordered:
            number = _write_part(packed, part, people, tenant)
            if number:
                sections.append((holdings.shown(part.label).title, part.label, number))
                total += number
        context = {
            "business": tenant,
            "customer": archive.customer,
            "sections": sections,
            "made": timezone.now(),
        }
        packed.writestr("index.html", render_to_string("crm/privacy_archive.html", context))
    return total


def _write_part(packed: zipfile.ZipFile, part: holdings.Part, people: list[UUID], tenant: Tenant) -> int:
    """One part as JSON, its files, and a page to read; returns how many rows."""
    number = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as page:
        columns = _columns(part)
        with packed.open(f"data/{part.label}.json", "w", force_zip64=True) as data:
            data.write(b"[")
            for row in part.batches(people):
                data.write((b",\n" if number else b"\n") + _as_json(part, row))
                page.write(_as_line(part, row, columns))
                number += 1
            data.write(b"\n]\n")
        if not number:
            return 0
        page.seek(0)
        _write_page(packed, part, columns, page, tenant)
    if part.files():
        for row in part.batches(people):
            _write_files(packed, part, row)
    return number


def _columns(part: holdings.Part) -> list[Field[Any, Any]]:
    """What people read of a part: what was said for it, else all that is not an identifier."""
    named = holdings.shown(part.label).fields
    if named:
        return [part.model._meta.get_field(name) for name in named]
    plain = [one for one in part.model._meta.concrete_fields if one.get_internal_type() != "UUIDField"]
    return [
        one for one in plain if not isinstance(one, ForeignKey) and not isinstance(one, EncryptedJSONField)
    ]


def _write_page(
    packed: zipfile.ZipFile,
    part: holdings.Part,
    columns: list[Field[Any, Any]],
    lines: Iterable[str],
    tenant: Tenant,
) -> None:
    context = {
        "title": holdings.shown(part.label).title,
        "heads": [str(column.verbose_name).capitalize() for column in columns],
        "business": tenant,
    }
    before, after = render_to_string("crm/privacy_archive_part.html", context).split("<!-- rows -->")
    with packed.open(f"{part.label}.html", "w", force_zip64=True) as page:
        page.write(before.encode())
        for line in lines:
            page.write(line.encode())
        page.write(after.encode())


def _as_line(part: holdings.Part, row: Any, columns: list[Field[Any, Any]]) -> str:
    cells = "".join(f"<td>{_shown(part, row, column)}</td>" for column in columns)
    return f"<tr>{cells}</tr>\n"


def _shown(part: holdings.Part, row: Any, column: Field[Any, Any]) -> str:
    """A value as a person reads it."""
    if isinstance(column, FileField):
        file = getattr(row, column.name)
        return f'<a href="{_file_path(part, row, column)}">{_("File")}</a>' if file else ""
    if column.choices:
        return html.escape(str(getattr(row, f"get_{column.name}_display")()))
    value = getattr(row, column.name)
    return html.escape(_words(value)).replace("\n", "<br>")


def _words(value: Any) -> str:  # noqa: PLR0911 -- one case per kind
    match value:
        case None | "":
            return ""
        case True:
            return _("Yes")
        case False:
            return _("No")
        case datetime():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case int() | Decimal():
            return number_format(value)
        case dict():
            return "; ".join(f"{key}: {_words(one)}" for key, one in value.items())
        case list():
            return "\n".join(_words(one) for one in value)
        case _:
            return str(value)


def _as_json(part: holdings.Part, row: Any) -> bytes:
    columns = [
        one
        for one in part.model._meta.concrete_fields
        if one.name != "tenant" and not isinstance(one, EncryptedJSONField)
    ]
    values = {one.name: _plain(part, row, one) for one in columns}
    return json.dumps(values, ensure_ascii=False, default=str).encode()


def _plain(part: holdings.Part, row: Any, column: Field[Any, Any]) -> Any:
    if isinstance(column, FileField):
        return _file_path(part, row, column) if getattr(row, column.name) else None
    value = getattr(row, column.attname)
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else value


def _file_path(part: holdings.Part, row: Any, column: Field[Any, Any]) -> str:
    """Where a file lies in the archive, by a name that opens anywhere."""
    given = getattr(row, "name", "") or getattr(row, "answer_file_name", "") or column.name
    safe = re.sub(r"[^\w.\- ]", "_", str(given)).strip(". ")[-80:] or "file"
    return f"files/{part.label}/{row.pk.hex}-{column.name}-{safe}"


def _write_files(packed: zipfile.ZipFile, part: holdings.Part, row: Any) -> None:
    if part.model is CustomerArchive:
        return  # an archive of archives would only grow
    for column in part.files():
        file = getattr(row, column.name)
        if not file or not file.storage.exists(file.name):
            continue
        with (
            file.open("rb") as source,
            packed.open(_file_path(part, row, column), "w", force_zip64=True) as to,
        ):
            for piece in _pieces(source):
                to.write(piece)


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(256 * 1024):
        yield piece
