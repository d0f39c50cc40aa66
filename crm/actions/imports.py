"""Bringing a file in: taken, its columns named, tried, imported, taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions.attributes import define_attribute
from crm.imports import fields
from crm.imports.bells import ring_import
from crm.imports.engine import ALL, KEPT, tell
from crm.imports.limits import LARGEST, MB, MOST_COLUMNS
from crm.imports.people import KEYS, REFUSED
from crm.imports.problems import file_sentence
from crm.models import Attribute, Import, ImportChunk, ImportMapping
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import folded, one_line
from tenants.localities import LOCALITIES
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused

State = Import.State
UNDO_FOR = KEPT
GOING = (State.CHECKING, State.RUNNING, State.UNDOING)
CHANGEABLE = (State.READY, State.CHECKED)
# What else than customers' own permission an import needs.
NEEDS = {
    Import.Target.CUSTOMERS: Permission.CUSTOMERS_WRITE,
    Import.Target.ORDERS: Permission.ORDERS_WRITE,
    Import.Target.APPOINTMENTS: Permission.ORDERS_WRITE,
    Import.Target.CONSENTS: Permission.CUSTOMERS_WRITE,
}
OPTIONS: dict[str, tuple[str, ...]] = {
    "key": KEYS,
    "conflict": ("replace", "keep"),
    "repeated": ("join", "refuse"),
    "mode": ("good", ALL),
    "dates": ("", "days", "months"),
}
NEW_KINDS = ("text", "number", "money", "date", "yes_no", "link")


class CannotImport(Refused):
    """This file cannot be imported so; the sentence says why."""


class NotNow(Conflicting):
    """The import is not in a state in which this can be done."""


def take_file(
    *, file: File, name: str, target: str, by: Actor, format: Mapping[str, Any] | None = None
) -> Import:
    """Keep a file and let a worker read it. Raises `CannotImport`."""
    if target not in Import.Target.values:
        raise CannotImport(_("There is nothing of this kind to import."), "target")
    if not by.can(NEEDS[Import.Target(target)]):
        raise CannotImport(_("You may not import this."), "target")
    if not file.size:
        raise CannotImport(file_sentence("empty"), "file")
    if file.size > LARGEST:
        raise CannotImport(too_large(), "file")
    job = Import(
        target=target,
        name=one_line(name, 200) or "?",
        size=file.size,
        format=_format(format or {}),
        membership=by.membership,
        api_key=by.api_key,
        made_by_label=by.label[:150],
        due_at=timezone.now(),
    )
    job.file.save(job.name, file, save=False)
    with transaction.atomic():
        job.save()
        audit.record("import.uploaded", target=job, by=by, file=job.name, of=target)
        ring_import(job)
    return job


def too_large() -> str:
    """What to say of a file over the limit."""
    return file_sentence(f"too_large:{LARGEST // MB}")


def _format(given: Mapping[str, Any]) -> dict[str, Any]:
    """How the person wants the file read: what he says wins over what is guessed."""
    wanted: dict[str, Any] = {}
    encoding = str(given.get("encoding") or "")
    if encoding:
        if encoding not in ENCODINGS:
            raise CannotImport(_("There is no such encoding."), "encoding")
        wanted["encoding"] = encoding
    delimiter = {"tab": "\t", "\\t": "\t"}.get(str(given.get("delimiter") or ""), given.get("delimiter"))
    if delimiter:
        if delimiter not in {",", ";", "\t", "|"}:
            raise CannotImport(_("Columns can be separated by comma, semicolon, tab or bar."), "delimiter")
        wanted["delimiter"] = delimiter
    if given.get("sheet"):
        wanted["sheet"] = one_line(str(given["sheet"]), 100)
    if given.get("has_header") is not None:
        wanted["has_header"] = bool(given["has_header"])
    return wanted


ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "cp1252",
    "latin-1",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "mac-roman",
    "cp850",
)


def _locked(job: Import, *states: str) -> Import:
    """The import, locked, in one of some states. Raises `NotNow`."""
    found: Import = Import.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if found.state not in states:
        raise NotNow(
            _("This is not possible now: the import is “%(state)s”.") % {"state": found.get_state_display()}
        )
    return found


@transaction.atomic
def read_again(*, job: Import, format: Mapping[str, Any], by: Actor) -> Import:
    """Read the file in another way than was guessed. Raises `CannotImport`, `NotNow`."""
    wanted = _format(format)
    job = _locked(job, *CHANGEABLE, State.FAILED)
    if not job.file or ImportChunk.objects.filter(job=job, is_trial=False).exists():
        raise NotNow(
            _("This is not possible now: the import is “%(state)s”.") % {"state": job.get_state_display()}
        )
    _forget_trial(job)
    job.format, job.state, job.reason = wanted, State.READING, ""
    job.due_at, job.finished_at = timezone.now(), None
    job.save()
    ring_import(job)
    return job


@transaction.atomic
def name_columns(
    *, job: Import, mapping: Sequence[str] | None = None, options: Mapping[str, Any] | None = None, by: Actor
) -> Import:
    """Say what the columns are and how to import, and let a worker try the whole file.

    `mapping` has a code for each column: "" for one to leave out, a field's, `attribute:<key>`, or
    `new:<kind>` for a fact to be defined. It is remembered for files with the same words over their columns.
    Raises `CannotImport`, `NotNow`.
    """
    job = _locked(job, *CHANGEABLE)
    if mapping is not None:
        job.mapping = _checked_mapping(job, mapping, by)
    job.options = {**job.options, **_checked_options(options or {}), "failures": 0}
    if not any(job.mapping):
        raise CannotImport(_("Say of at least one column what it holds."), "mapping")
    _check_key(job)
    remembered = {name: job.options[name] for name in OPTIONS if name in job.options}
    ImportMapping.objects.update_or_create(
        target=job.target,
        signature=job.signature,
        defaults={"tenant_id": job.tenant_id, "mapping": job.mapping, "options": remembered},
    )
    _forget_trial(job)
    job.state, job.due_at = State.CHECKING, timezone.now()
    job.save()
    ring_import(job)
    return job


def _forget_trial(job: Import) -> None:
    ImportChunk.objects.filter(job=job, is_trial=True).delete()
    job.position = job.byte_position = 0
    job.checked = {}


def _checked_mapping(job: Import, mapping: Sequence[str], by: Actor) -> list[str]:
    if len(mapping) != len(job.columns) or len(mapping) > MOST_COLUMNS:
        raise CannotImport(
            _("There must be one code for each of the %(count)s columns.") % {"count": len(job.columns)},
            "mapping",
        )
    known = {attribute.key for attribute in Attribute.objects.all()}
    seen: set[str] = set()
    for place, code in enumerate(mapping):
        title = job.columns[place]
        field = fields.field_of(job.target, code) if code else None
        if code and field is None and not _is_fact(job, code, known, by):
            raise CannotImport(_("Column “%(column)s” cannot be that.") % {"column": title}, "mapping")
        if code in seen and not (field and field.several) and not code.startswith(fields.NEW_ATTRIBUTE):
            raise CannotImport(
                _("Column “%(column)s”: another column is the same already.") % {"column": title}, "mapping"
            )
        if code:
            seen.add(code)
    return [str(code) for code in mapping]


def _is_fact(job: Import, code: str, known: set[str], by: Actor) -> bool:
    if job.target != Import.Target.CUSTOMERS:
        return False
    if code.startswith(fields.ATTRIBUTE):
        return code.removeprefix(fields.ATTRIBUTE) in known
    if code.startswith(fields.NEW_ATTRIBUTE):
        return code.removeprefix(fields.NEW_ATTRIBUTE) in NEW_KINDS and by.can(Permission.ATTRIBUTES_WRITE)
    return False


def _checked_options(given: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, choices in OPTIONS.items():
        if name in given and given[name] is not None:
            if given[name] not in choices:
                raise CannotImport(_("There is no such choice."), name)
            wanted[name] = given[name]
    if given.get("country"):
        if given["country"] not in LOCALITIES:
            raise CannotImport(_("We do not know this country yet."), "country")
        wanted["country"] = given["country"]
    if given.get("clear") is not None:
        wanted["clear"] = bool(given["clear"])
    if given.get("source"):
        wanted["source"] = one_line(str(given["source"]), 40)
    return wanted


def _check_key(job: Import) -> None:
    """The columns must hold what customers are known by."""
    chosen, key = set(job.mapping), job.options.get("key", "any")
    needed = {
        "any": {"id", *fields.ADDRESSES},
        "phone": {"phone", "whatsapp", "id"},
        "name": {"name", "first_name", "last_name", "id"},
    }.get(key, {key, "id"})
    if not chosen & needed:
        raise CannotImport(
            _("No column holds what customers are to be known by. Name one, or choose another way."),
            "key",
        )


@transaction.atomic
def start(*, job: Import, by: Actor) -> Import:
    """Import what was tried. Raises `NotNow`, `CannotImport` when all must be good and some rows are not."""
    job = _locked(job, State.CHECKED)
    if Import.objects.filter(state__in=(State.RUNNING, State.UNDOING)).exists():
        raise NotNow(_("Another import is under way. Wait until it is done."))
    if job.options.get("mode") == ALL and job.checked.get(REFUSED):
        raise CannotImport(file_sentence("refused_rows"), "mode")
    _define_facts(job, by)
    job.membership, job.api_key, job.made_by_label = by.membership, by.api_key, by.label[:150]
    job.state, job.position, job.byte_position, job.counts = State.RUNNING, 0, 0, {}
    job.due_at = timezone.now()
    job.save()
    audit.record("import.started", target=job, by=by, file=job.name, of=job.target, rows=job.total)
    ring_import(job)
    tell(job)
    return job


def _define_facts(job: Import, by: Actor) -> None:
    """Columns that are to be new facts become some; one that there is by now is taken as it is."""
    made: list[str] = job.made.get("attributes", [])
    by_name = {folded(one.name): one.key for one in Attribute.objects.all()}
    for place, code in enumerate(job.mapping):
        if not code.startswith(fields.NEW_ATTRIBUTE):
            continue
        title = one_line(job.columns[place], 60)
        key = by_name.get(folded(title))
        if key is None:
            kind = code.removeprefix(fields.NEW_ATTRIBUTE)
            key = define_attribute(name=title, kind=kind, by=by).key
            made.append(key)
        job.mapping[place] = fields.ATTRIBUTE + key
    job.made["attributes"] = made
    ImportMapping.objects.filter(target=job.target, signature=job.signature).update(mapping=job.mapping)


@transaction.atomic
def cancel(*, job: Import, by: Actor) -> Import:
    """Stop it. What was written already stays, and can be taken back. Raises `NotNow`."""
    job = _locked(job, State.READING, State.READY, State.CHECKING, State.CHECKED, State.RUNNING)
    now = timezone.now()
    job.state, job.due_at, job.finished_at = State.CANCELLED, now + KEPT, now
    job.save(update_fields=["state", "due_at", "finished_at"])
    audit.record("import.cancelled", target=job, by=by, file=job.name)
    tell(job)
    return job


@transaction.atomic
def undo(*, job: Import, by: Actor) -> Import:
    """Take the whole import back. Raises `NotNow`."""
    job = _locked(job, State.DONE, State.CANCELLED, State.FAILED)
    if not can_be_undone(job):
        raise NotNow(_("An import can be taken back for 30 days, once."))
    if Import.objects.filter(state__in=(State.RUNNING, State.UNDOING)).exists():
        raise NotNow(_("Another import is under way. Wait until it is done."))
    job.state, job.due_at, job.reason = State.UNDOING, timezone.now(), ""
    job.made = {**job.made, "taken_back": {}}
    job.save(update_fields=["state", "due_at", "reason", "made"])
    audit.record("import.undone", target=job, by=by, file=job.name, of=job.target)
    ring_import(job)
    tell(job)
    return job


def can_be_undone(job: Import) -> bool:
    """Whether it wrote something, lately enough."""
    if (
        job.state not in {State.DONE, State.CANCELLED, State.FAILED}
        or job.created_at < timezone.now() - UNDO_FOR
    ):
        return False
    return bool(ImportChunk.objects.filter(job=job, is_trial=False, undone_at=None).exists())
