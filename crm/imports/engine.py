"""An import's way through its states, one chunk of rows in each transaction.

The rows of the table say how far it is: a worker that dies loses the chunk it was at, and the next goes on
behind the last one that was written. Run twice at once, one of the two finds the row locked and goes.
"""

import json
import tempfile
import time as clock
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import IO, Any, cast
from uuid import UUID

import structlog
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone, translation

from crm.imports import bells, files, guess, taking_back, values
from crm.imports.files import Format, NoTable
from crm.imports.limits import CHUNK, READING_TIME, SAMPLE, TURN
from crm.imports.people import OUTCOMES, REFUSED, LabelsOfImport, People, key_name
from crm.imports.records import records_for
from crm.imports.refused_rows import write_problems
from crm.imports.seen import Seen, number_of
from crm.imports.store import drop, keep
from crm.imports.values import Row, RowReader
from crm.models import Import, ImportChunk, ImportMapping
from tenants.actors import Actor
from tenants.kit import events
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.imports")
State = Import.State
LEASE = timedelta(seconds=150)
KEPT = timedelta(days=30)  # files and journals: so long an import can be taken back
MOST_FAILURES = 5
ALL = "all"
CHUNKS = {Import.Target.CONSENTS: 500}  # each of its rows takes several statements
MOVING = (State.READING, State.CHECKING, State.RUNNING, State.UNDOING)


def advance(tenant_id: UUID | str, job_id: UUID | str) -> bool:
    """A worker's turn; whether another one is needed. Harmless when run twice."""
    try:
        return _advance(tenant_id, job_id)
    except (DatabaseError, OSError) as error:
        log.exception("import failed at a chunk", job=str(job_id), error=str(error))
        _count_failure(tenant_id, job_id)
        return False


def _advance(tenant_id: UUID | str, job_id: UUID | str) -> bool:
    until = clock.monotonic() + TURN
    with tenant_scope(tenant_id):
        job = Import.objects.filter(pk=job_id).first()
        if job is None or job.state not in MOVING:
            if job is not None and job.due_at and job.due_at <= timezone.now():
                _forget(job)
            return False
        state = job.state
        with translation.override(_language(job)):
            seen_before = _seen_so_far(job) if state in {State.CHECKING, State.RUNNING} else []
    if state == State.READING:
        _read(tenant_id, job_id)
        return False
    with Seen() as seen:
        for numbers in seen_before:
            seen.add(numbers)
        while clock.monotonic() < until:
            with tenant_scope(tenant_id):
                found = (
                    Import.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=job_id).first()
                )
                if found is None or found.state != state:
                    return False
                with translation.override(_language(found)):
                    goes_on = _step(found, seen)
            if not goes_on:
                return False
    return True


def _step(job: Import, seen: Seen) -> bool:
    """One chunk; whether there is more of the same."""
    if job.state == State.UNDOING:
        return taking_back.step(job)
    by = actor_of(job)
    if by is None:
        return fail(job, "no_actor")
    return _chunk(job, by, seen)


def _language(job: Import) -> str:
    if job.membership and job.membership.user.language:
        return str(job.membership.user.language)
    return Tenant.objects.get().language


def actor_of(job: Import) -> Actor | None:
    """Who began it, with what he may do now; None when he may no longer."""
    by = None
    if job.membership and job.membership.is_active:
        by = Actor.of_membership(job.membership)
    elif job.api_key and job.api_key.revoked_at is None:
        by = Actor.of_key(job.api_key)
    return by if by and by.can(Permission.CUSTOMERS_IMPORT) else None


def fail(job: Import, reason: str) -> bool:
    """End it with a reason; there is nothing more to do."""
    now = timezone.now()
    job.state, job.reason, job.due_at, job.finished_at = State.FAILED, reason[:300], now + KEPT, now
    job.save(update_fields=["state", "reason", "due_at", "finished_at"])
    tell(job)
    return False


def _forget(job: Import) -> None:
    """Delete the files and the journal of an import that nobody can take back any more."""
    for file in (job.file, job.rows_file, job.problems_file):
        drop(file.name)
    job.file = job.rows_file = job.problems_file = ""
    job.sample, job.due_at = [], None
    if job.state in {State.READY, State.CHECKED}:
        job.state, job.reason = State.FAILED, "gone"
    job.save()
    ImportChunk.objects.filter(job=job).delete()


def tell(job: Import) -> None:
    """Let open pages look again."""
    events.publish("import", {"id": str(job.pk)})


def _count_failure(tenant_id: UUID | str, job_id: UUID | str) -> None:
    with tenant_scope(tenant_id):
        job = Import.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
        if job is None or job.state not in MOVING:
            return
        job.options["failures"] = int(job.options.get("failures", 0)) + 1
        job.save(update_fields=["options"])
        if job.options["failures"] >= MOST_FAILURES:
            fail(job, "gone" if not job.rows_file else "broken_sheet")


# --- reading ---


def _read(tenant_id: UUID | str, job_id: UUID | str) -> None:
    """Make rows of the file, once; what they are is guessed and shown."""
    with tenant_scope(tenant_id):
        job = Import.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=job_id).first()
        if (
            job is None
            or job.state != State.READING
            or (job.due_at and job.due_at > timezone.now() + LEASE / 2)
        ):
            return
        job.due_at = timezone.now() + LEASE
        job.save(update_fields=["due_at"])
    with tenant_scope(tenant_id):
        job = Import.objects.get(pk=job_id)
        try:
            with job.file.open("rb") as content, tempfile.TemporaryFile() as kept:
                _read_rows(job, cast("IO[bytes]", content), cast("IO[bytes]", kept))
        except NoTable as error:
            job.state, job.reason = State.FAILED, f"{error.code}:{error.value}"[:300]
        except FileNotFoundError:
            job.state, job.reason = State.FAILED, "gone"
        current = Import.objects.select_for_update(of=("self",)).get(pk=job_id)
        if current.state != State.READING:
            return
        job.due_at = timezone.now() + KEPT
        job.finished_at = timezone.now() if job.state == State.FAILED else None
        job.save()
        tell(job)


def _read_rows(job: Import, content: IO[bytes], kept: IO[bytes]) -> None:
    given = {
        name: value
        for name, value in job.format.items()
        if name in {"encoding", "delimiter", "sheet", "has_header"}
    }
    form = files.guess_format(content, given)
    if "has_header" not in given and form.kind != "vcf":
        first = next(iter(files.rows(content, form)), (0, []))[1]
        form = Format.of({**form.kept(), "has_header": files.has_header(first)})
    columns, rows = files.split_header(_timed(files.rows(content, form)), form)
    sample: list[list[Any]] = []
    job.total, width = 0, len(columns)
    for number, cells in rows:
        kept.write(json.dumps([number, *cells], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        job.total += 1
        width = max(width, len(cells))
        if len(sample) < SAMPLE:
            sample.append([number, *cells])
    if not job.total:
        raise NoTable("no_rows")
    drop(job.rows_file.name)
    job.rows_file = keep("imports", job.pk, kept, ".rows")
    job.format, job.sample = form.kept(), sample
    job.columns = columns or [files.letter(place) for place in range(width)]
    _guess(job, [row[1:] for row in sample])
    job.state, job.position, job.byte_position = State.READY, 0, 0


def _timed(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    ends = clock.monotonic() + READING_TIME
    for number, row in enumerate(rows):
        if number % 1_000 == 0 and clock.monotonic() > ends:
            raise NoTable("too_slow")
        yield row


def _guess(job: Import, cells: Sequence[Sequence[str]]) -> None:
    """What the columns are: as somebody said of such a file before, else as they look."""
    job.signature = guess.signature(job.columns)
    known = ImportMapping.objects.filter(target=job.target, signature=job.signature).first()
    if known and job.format.get("has_header") and len(known.mapping) == len(job.columns):
        job.mapping, job.options = known.mapping, {**known.options, **job.options, "remembered": True}
    else:
        job.mapping = guess.mapping(job.target, job.columns, cells)
    job.options.setdefault("dates", values.order_of_days(text for row in cells for text in row))


# --- rows ---


def rows_of(job: Import, most: int) -> tuple[list[tuple[int, list[str]]], int]:
    """The next rows of a job, and where the ones behind them begin."""
    found: list[tuple[int, list[str]]] = []
    at = job.byte_position
    with default_storage.open(str(job.rows_file.name), "rb") as content:
        content.seek(at)
        while len(found) < most and (line := content.readline()):
            at += len(line)
            number, *cells = json.loads(line)
            found.append((number, cells))
    return found, at


def _seen_so_far(job: Import) -> list[bytes]:
    is_trial = job.state == State.CHECKING
    chunks = ImportChunk.objects.filter(job=job, is_trial=is_trial, number__lte=job.position)
    return [bytes(numbers) for numbers in chunks.values_list("seen", flat=True)]


def _chunk(job: Import, by: Actor, seen: Seen) -> bool:
    """Settle the next rows, and write them when it is no trial."""
    is_trial = job.state == State.CHECKING
    rows, at = rows_of(job, CHUNKS.get(Import.Target(job.target), CHUNK))
    if not rows:
        return _end(job)
    tenant = Tenant.objects.get()
    counts, problems, journal, numbers = settle_rows(job, tenant, by, rows, seen, trial=is_trial)
    seen.add(numbers)
    ImportChunk.objects.create(
        job=job,
        is_trial=is_trial,
        number=job.position + len(rows),
        counts=counts,
        problems=problems,
        journal=journal,
        seen=numbers,
    )
    total = Counter(job.checked if is_trial else job.counts)
    total.update(counts)
    summed = {outcome: total[outcome] for outcome in OUTCOMES}
    if is_trial:
        job.checked = summed
    else:
        job.counts = summed
    job.position, job.byte_position = job.position + len(rows), at
    job.due_at = timezone.now() + LEASE
    job.save(update_fields=["checked", "counts", "position", "byte_position", "due_at"])
    tell(job)
    if not is_trial and job.options.get("mode") == ALL and counts.get(REFUSED):
        _give_up(job)
        return False
    return True


def settle_rows(
    job: Import, tenant: Tenant, by: Actor, rows: Sequence[tuple[int, list[str]]], seen: Seen, *, trial: bool
) -> tuple[dict[str, int], list[Any], dict[str, Any], bytes]:
    """What becomes of rows: counts, what is wrong with which, the journal, and what they were about."""
    reader = RowReader(job, tenant)
    labels = LabelsOfImport(reader.country)
    people = People(job, by, labels)
    records = records_for(job, tenant, by)
    read = [reader.read(number, cells) for number, cells in rows]
    for row in read:
        if not row.problems:
            records.complete(row)
    names = {row.number: name_in_file(job, row, people.key) for row in read}
    settled = people.settle(read, seen.among(names.values()), trial=trial)
    records.settle(settled)
    counts = Counter(one.outcome for one in settled)
    counts["repeated"] = sum(one.repeated for one in settled)
    problems = [[one.row.number, one.row.problems] for one in settled if one.outcome == REFUSED]
    journal: dict[str, Any] = {}
    if not trial:
        people.keep_only({one.found.id for one in settled if one.found and one.outcome != REFUSED})
        journal = {"label_definitions": labels.write(), **people.write()}
        journal |= records.write(people)
    numbers = b"".join(number_of(name) for name in names.values() if name)
    return dict(counts), problems, journal, numbers


def name_in_file(job: Import, row: Row, key: str) -> str:
    """What a row is about, for telling repeated ones; only customers are one row each."""
    return key_name(row, key) if job.target == Import.Target.CUSTOMERS and not row.problems else ""


def _give_up(job: Import) -> None:
    """All or nothing, and something was refused meanwhile: what was written is taken back."""
    job.state, job.reason, job.due_at = State.UNDOING, "refused_rows", timezone.now()
    job.save(update_fields=["state", "reason", "due_at"])
    bells.ring_import(job)


def _end(job: Import) -> bool:
    is_trial = job.state == State.CHECKING
    _write_problems(job, is_trial=is_trial)
    job.state = State.CHECKED if is_trial else State.DONE
    job.due_at, job.finished_at = timezone.now() + KEPT, None if is_trial else timezone.now()
    job.save(update_fields=["state", "due_at", "finished_at", "problems_file"])
    tell(job)
    return False


def _write_problems(job: Import, *, is_trial: bool) -> None:
    drop(job.problems_file.name)
    job.problems_file = ""
    if (job.checked if is_trial else job.counts).get(REFUSED):
        with tempfile.TemporaryFile() as kept:
            write_problems(job, cast("IO[bytes]", kept), is_trial=is_trial)
            job.problems_file = keep("imports", job.pk, cast("IO[bytes]", kept), ".problems")
