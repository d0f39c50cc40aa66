"""Exclusion lists such as REPEP: uploaded, read by a worker, replaced by newer versions, deleted with undo.

A version counts once it has been read to its end; until then the one before it does. The worker keeps how
far it came with every batch, so it can die at any moment.
"""

import io
import time as clock
from datetime import timedelta
from typing import IO, Any, NamedTuple
from uuid import UUID

import structlog
from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm import exclusion_reading as reading
from crm.models import ExclusionEntry, ExclusionList, ExclusionVersion
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.files import delete_after_commit
from tenants.kit.tasks import ring
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused
from tenants.scoping import current_tenant_id, tenant_scope, uuid7

log = structlog.get_logger("puente.exclusions")
State = ExclusionVersion.State
OPEN = (State.WAITING, State.READING)
LARGEST = 100_000_000  # bytes
BATCH = 2_000  # lines that commit together
LEASE = timedelta(seconds=60)  # after which a worker that says nothing is taken for dead
TURN = 40.0  # seconds after which a worker lets others have a turn; its limit is 90
MAX_ATTEMPTS = 60
SHOWN = 200  # lines not understood that are kept
KEPT_AFTER = timedelta(days=30)  # entries of what was replaced or deleted
FORGET = 5_000  # entries deleted at a time
MOST_FORGOTTEN = 40  # times in one run
MOST_LISTS = 50
PROBLEMS = {
    reading.NOT_TEXT: gettext_noop("This is no text file. Save it as CSV or TXT."),
    reading.NOTHING_IN_IT: gettext_noop("There is no address in this file that could be understood."),
}
GONE = gettext_noop("The file is no longer there. Upload it again.")
POISON = gettext_noop("Reading was interrupted again and again. Upload the file again.")

INSERT = """
INSERT INTO crm_exclusionentry (id, tenant_id, version_id, value)
SELECT id, %s, %s, value FROM unnest(%s::uuid[], %s::text[]) AS given (id, value)
ON CONFLICT (tenant_id, version_id, value) DO NOTHING
"""


class Changed(NamedTuple):
    """What a batch did."""

    taken: int
    doubled: int
    refused: list[list[Any]]


@transaction.atomic
def create_list(*, name: str, kind: str, covers: str, by: Actor) -> ExclusionList:
    """An empty list. Raises `Refused`."""
    name = one_line(name, 80)
    if not name:
        raise Refused(_("Give the list a name."), "name")
    if ExclusionList.objects.kept().count() >= MOST_LISTS:
        raise Refused(_("These are too many lists. Upload a new version of one instead."))
    made: ExclusionList = ExclusionList.objects.create(name=name, kind=kind, covers=covers)
    audit.record("exclusion_list.created", target=made, by=by, name=name)
    return made


@transaction.atomic
def create_with_file(
    *, name: str, kind: str, covers: str, file: IO[bytes], file_name: str, by: Actor
) -> ExclusionList:
    """A list with its first version. Raises `Refused`; then there is no list either."""
    made = create_list(name=name, kind=kind, covers=covers, by=by)
    upload(exclusion_list=made, file=file, name=file_name, by=by)
    return made


@transaction.atomic
def upload(*, exclusion_list: ExclusionList, file: IO[bytes], name: str, by: Actor) -> ExclusionVersion:
    """A new version out of a file; a worker reads it. Raises `Refused` for an empty or too large one."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not size:
        raise Refused(_("This file is empty."), "file")
    if size > LARGEST:
        raise Refused(_("This file is too large: at most 100 MB."), "file")
    version = ExclusionVersion(
        exclusion_list=exclusion_list,
        file_name=one_line(name, 200) or _("file"),
        size=size,
        uploaded_by_label=by.label[:150],
    )
    version.file.save("list", File(file), save=False)
    version.save()
    audit.record("exclusion_list.uploaded", target=exclusion_list, by=by, size=size)
    _ring(version.pk)
    return version


def _ring(version_id: UUID) -> None:
    from crm.consent_tasks import read_exclusion_version  # noqa: PLC0415 -- tasks name actions

    ring(read_exclusion_version, current_tenant_id(), version_id)


@transaction.atomic
def cancel(*, version: ExclusionVersion, by: Actor) -> None:
    """Read no further; what stood before keeps standing. Raises `Conflicting` for one that is read."""
    ours = ExclusionVersion.objects.filter(pk=version.pk, state__in=OPEN)
    if not ours.update(state=State.CANCELLED, due_at=None, finished_at=timezone.now()):
        raise Conflicting(_("This file has been read already."))
    audit.record("exclusion_list.cancelled", target=version, by=by)


@transaction.atomic
def remove(*, exclusion_list: ExclusionList, by: Actor) -> None:
    """Delete a list: its addresses may be written to again at once. `restore` brings it back for a month."""
    if ExclusionList.objects.kept().filter(pk=exclusion_list.pk).update(removed_at=timezone.now()):
        audit.record("exclusion_list.removed", target=exclusion_list, by=by, name=exclusion_list.name)


@transaction.atomic
def restore(*, exclusion_list: ExclusionList, by: Actor) -> None:
    """Bring a deleted list back. Raises `Conflicting` when its addresses have been forgotten."""
    late = timezone.now() - KEPT_AFTER
    back = ExclusionList.objects.filter(pk=exclusion_list.pk, removed_at__gt=late)
    if back.update(removed_at=None):
        audit.record("exclusion_list.restored", target=exclusion_list, by=by, name=exclusion_list.name)
    elif not ExclusionList.objects.kept().filter(pk=exclusion_list.pk).exists():
        raise Conflicting(_("It is too late to undo this."))


# --- the worker ---


def read(tenant_id: UUID | str, version_id: UUID | str) -> None:
    """Read a version, batch by batch, for one turn or to its end. Harmless when run twice or killed."""
    until = clock.monotonic() + TURN
    with tenant_scope(tenant_id):
        version = _claim(version_id)
        if version is None:
            return
        attempt = version.attempts
        try:
            layout, country = _layout(version), Tenant.objects.get().country
            raw = version.file.open("rb").file
        except (reading.Unreadable, OSError) as error:
            _fail(version, PROBLEMS.get(str(error), GONE))
            return
    with raw, io.TextIOWrapper(raw, encoding=layout.encoding, errors="replace", newline=None) as text:
        lines = reading.lines_of(text, version.lines)
        for batch in reading.batches(lines, BATCH):
            with tenant_scope(tenant_id):
                if not _take(version_id, attempt, batch, layout, country, raw.tell()):
                    return
                if clock.monotonic() > until:
                    _let_go(version_id, attempt)
                    return
    with tenant_scope(tenant_id):
        _finish(version_id, attempt)


def _claim(version_id: UUID | str) -> ExclusionVersion | None:
    """Make a due version ours; counts the attempt before the work."""
    rows = ExclusionVersion.objects.select_for_update(skip_locked=True, of=("self",))
    now = timezone.now()
    version: ExclusionVersion | None = rows.filter(pk=version_id, state__in=OPEN, due_at__lte=now).first()
    if version is None:
        return None
    version.attempts += 1
    if version.attempts > MAX_ATTEMPTS:
        _fail(version, POISON)
        return None
    version.state, version.due_at = State.READING, now + LEASE
    version.save(update_fields=["state", "due_at", "attempts"])
    return version


def _layout(version: ExclusionVersion) -> reading.Layout:
    if not version.layout:
        kind, country = version.exclusion_list.kind, Tenant.objects.get().country
        with version.file.open("rb") as stream:
            version.layout = reading.plain(reading.layout_of(stream, kind, country))
        version.save(update_fields=["layout"])
    return reading.Layout(**version.layout)


def _take(  # one batch and how far it came, in one transaction
    version_id: UUID | str,
    attempt: int,
    batch: list[str],
    layout: reading.Layout,
    country: str,
    position: int,
) -> bool:
    """Keep what a batch holds; False when the version is no longer ours."""
    rows = ExclusionVersion.objects.select_for_update(of=("self",)).select_related("exclusion_list")
    version = rows.filter(pk=version_id, attempts=attempt, state=State.READING).first()
    if version is None:
        return False
    done = _insert(version, batch, layout, country)
    version.lines += len(batch)
    version.taken += done.taken
    version.doubled += done.doubled
    version.refused += len(done.refused)
    version.refused_lines = [*version.refused_lines, *done.refused][:SHOWN]
    version.bytes_read, version.due_at = min(position, version.size), timezone.now() + LEASE
    version.save(
        update_fields=["lines", "taken", "doubled", "refused", "refused_lines", "bytes_read", "due_at"]
    )
    _tell(version)
    return True


def _insert(version: ExclusionVersion, batch: list[str], layout: reading.Layout, country: str) -> Changed:
    """The addresses of some lines, each once."""
    values: list[str] = []
    refused: list[list[Any]] = []
    kind = version.exclusion_list.kind
    for number, line in enumerate(batch, version.lines + 1):
        if not line.strip():
            continue
        value = reading.read(reading.cell_of(line, layout), kind, country)
        if value:
            values.append(value)
        elif number > 1 or any(character.isdigit() or character == "@" for character in line):
            refused.append([number, one_line(line, 120)])  # a first line without any address is a heading
    with connection.cursor() as cursor:
        once = list(dict.fromkeys(values))
        tenant_id = current_tenant_id()
        cursor.execute(INSERT, [tenant_id, version.pk, [uuid7() for _value in once], once])
        taken = cursor.rowcount
    return Changed(taken, len(values) - taken, refused)


def _let_go(version_id: UUID | str, attempt: int) -> None:
    """Leave the rest to the next turn."""
    ours = ExclusionVersion.objects.filter(pk=version_id, attempts=attempt, state=State.READING)
    for version in ours.select_for_update(of=("self",)):
        version.due_at = timezone.now()
        version.save(update_fields=["due_at"])
        _ring(version.pk)


def _finish(version_id: UUID | str, attempt: int) -> None:
    """Read to the end: from now on this version counts, and the one before it no longer does."""
    rows = ExclusionVersion.objects.select_for_update(of=("self",)).select_related("exclusion_list")
    version = rows.filter(pk=version_id, attempts=attempt, state=State.READING).first()
    if version is None:
        return
    siblings = ExclusionVersion.objects.filter(exclusion_list=version.exclusion_list)
    newer = siblings.filter(pk__gt=version.pk, is_current=True).exists()
    if not newer:
        siblings.filter(is_current=True).update(is_current=False)
    version.state, version.due_at, version.finished_at = State.DONE, None, timezone.now()
    version.is_current, version.bytes_read = not newer, version.size
    version.save(update_fields=["state", "due_at", "finished_at", "is_current", "bytes_read"])
    _forget_file(version)
    _tell(version)


def _fail(version: ExclusionVersion, problem: str) -> None:
    version.state, version.due_at, version.finished_at = State.FAILED, None, timezone.now()
    version.problem = problem
    version.save(update_fields=["state", "due_at", "finished_at", "problem", "attempts"])
    _forget_file(version)
    _tell(version)


def _forget_file(version: ExclusionVersion) -> None:
    """What was read stands in the rows: the file is not kept."""
    if version.file.name:
        delete_after_commit(version.file)
        version.file = ""
        version.save(update_fields=["file"])


def _tell(version: ExclusionVersion) -> None:
    events.publish("exclusion_list", {"id": str(version.exclusion_list_id)})


def forget_old() -> int:
    """Drop entries of versions that were replaced or deleted a month ago, some at a time; how many."""
    late = timezone.now() - KEPT_AFTER
    removed = ExclusionVersion.objects.filter(exclusion_list__removed_at__lt=late)
    replaced = ExclusionVersion.objects.filter(is_current=False, finished_at__lt=late)
    stale = list((removed | replaced).values_list("pk", flat=True))
    gone = 0
    for _time in range(MOST_FORGOTTEN):
        ids = list(ExclusionEntry.objects.filter(version_id__in=stale).values_list("pk", flat=True)[:FORGET])
        if not ids:
            break
        gone += ExclusionEntry.objects.filter(pk__in=ids).delete()[0]
    return gone


def problem_of(version: ExclusionVersion) -> str:
    """Why a version could not be read, in the reader's language."""
    return translation.gettext(version.problem) if version.problem else ""
