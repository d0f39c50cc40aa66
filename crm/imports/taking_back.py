"""An import taken back, chunk by chunk, the last one first.

Who came by it goes, unless he has been used or changed since; what it changed is as it was, field by field,
unless somebody changed it since. Who was made one with another since keeps what the import gave him: that
is taken back first. Of who was erased since nothing is left to take back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, DecimalField, Model, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from crm import sending_rules
from crm.actions.consents import UNASKED
from crm.actions.suppressions import unlift
from crm.imports.people import PLAIN
from crm.models import (
    Appointment,
    Attribute,
    Consent,
    ConsentEvent,
    Customer,
    CustomerLabel,
    CustomerMerge,
    Identity,
    Import,
    ImportChunk,
    Label,
    Medium,
    Order,
    SegmentChange,
    SegmentMember,
    TimelineEntry,
)
from tenants.kit import events

# What says nothing of whether a customer was used: parts of himself, looked at one by one below.
PARTS = {Identity, CustomerLabel, TimelineEntry}
OBSERVED = {SegmentMember, SegmentChange}  # that he fits a rule
THINGS: dict[str, type[Model]] = {Import.Target.ORDERS: Order, Import.Target.APPOINTMENTS: Appointment}
ATTRIBUTE = "attribute:"


def step(job: Import) -> bool:
    """Take back the last chunk that still stands; whether there is another."""
    chunk = ImportChunk.objects.filter(job=job, is_trial=False, undone_at=None).order_by("-number").first()
    if chunk is None:
        return _end(job)
    counts = Counter(job.made.get("taken_back", {}))
    counts.update(take_back(job, chunk.journal))
    chunk.undone_at = timezone.now()
    chunk.save(update_fields=["undone_at"])
    job.made["taken_back"] = dict(counts)
    job.save(update_fields=["made", "due_at"])
    events.publish("import", {"id": str(job.pk)})
    return True


def _end(job: Import) -> bool:
    _forget_definitions(job)
    job.state = Import.State.FAILED if job.reason else Import.State.UNDONE
    job.due_at, job.finished_at = job.created_at + timedelta(days=30), timezone.now()
    job.save(update_fields=["state", "due_at", "finished_at"])
    events.publish("import", {"id": str(job.pk)})
    return False


def take_back(job: Import, journal: Mapping[str, Any]) -> dict[str, int]:
    """Undo what a journal tells; returns how much went, came back and was kept."""
    counts: Counter[str] = Counter()
    if "words" in journal:
        counts += _take_back_words(job, journal)
    if "things" in journal:
        counts += _take_back_things(THINGS[job.target], journal)
    created = {UUID(key): state for key, state in journal.get("created", [])}
    changed = {UUID(key): fields for key, fields in journal.get("changed", [])}
    identities, labels = _ids(journal, "identities"), _ids(journal, "labels")
    lines = _ids(journal, "lines")
    there, unused = _unused(created, identities, labels, lines)
    Customer.objects.filter(pk__any=list(unused)).delete()
    counts["removed"] += len(unused)
    counts["kept"] += there - len(unused)
    counts += _restore(changed, lines)
    _remove_addresses(identities, changed)
    CustomerLabel.objects.filter(pk__any=list(labels), customer_id__any=list(changed)).delete()
    return dict(counts)


def _ids(journal: Mapping[str, Any], name: str) -> set[UUID]:
    return {UUID(key) for key in journal.get(name, [])}


# --- who came ---


def _unused(
    created: Mapping[UUID, Mapping[str, Any]], identities: set[UUID], labels: set[UUID], lines: set[UUID]
) -> tuple[int, set[UUID]]:
    """How many of the new ones there are, and who is still as he came, with nothing that points at him."""
    if not created:
        return 0, set()
    ids = list(created)
    rows = list(Customer.objects.select_for_update(of=("self",)).filter(pk__any=ids).order_by("id"))
    as_they_came = {
        row.pk
        for row in rows
        if row.merged_into_id is None
        and {**{name: getattr(row, name) for name in PLAIN}, "attributes": row.attributes}
        == dict(created[row.pk])
    }
    used = _used(Customer, ids, PARTS | OBSERVED) | _on_lists(ids)
    return len(rows), as_they_came - used - _more_than(ids, identities, labels, lines)


def _on_lists(ids: list[UUID]) -> set[UUID]:
    """Those whom somebody put on a list."""
    links = SegmentMember.objects.filter(customer_id__any=ids, segment__is_list=True)
    return set(links.values_list("customer_id", flat=True))


def _used(model: type[Model], ids: list[UUID], apart: Iterable[type[Model]] = ()) -> set[UUID]:
    """Those of the rows at which some other row points, in any app."""
    used: set[UUID] = set()
    for relation in model._meta.related_objects:
        other = relation.related_model
        if isinstance(other, str) or other in set(apart) or relation.many_to_many:
            continue
        field = relation.field.attname
        pointing: Any = other._meta.default_manager
        used |= set(pointing.filter(**{f"{field}__any": ids}).values_list(field, flat=True).distinct())
    return used


def _more_than(ids: list[UUID], identities: set[UUID], labels: set[UUID], lines: set[UUID]) -> set[UUID]:
    """Those with an address, a label or a line of history that the import did not give them."""
    more: set[UUID] = set()
    for model, ours in ((Identity, identities), (CustomerLabel, labels), (TimelineEntry, lines)):
        theirs: Any = model.objects.filter(customer_id__any=ids)
        more |= {owner for key, owner in theirs.values_list("pk", "customer_id") if key not in ours}
    own = Identity.objects.filter(pk__any=list(identities)).values_list("pk", "customer_id")
    pointed = _used(Identity, [key for key, _owner in own])
    return more | {owner for key, owner in own if key in pointed}


# --- who changed ---


def _restore(changed: Mapping[UUID, Mapping[str, list[Any]]], lines: set[UUID]) -> Counter[str]:
    """Fields as they were, where they are still as the import left them."""
    counts: Counter[str] = Counter()
    if not changed:
        return counts
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__any=list(changed)).order_by("id")
    touched, whole = [], []
    for row in rows:
        if row.merged_into_id is not None:
            counts["kept"] += 1
            continue
        kept = [name for name, pair in changed[row.pk].items() if not _put_back(row, name, *pair)]
        row.updated_at = timezone.now()
        touched.append(row)
        counts["restored" if not kept else "kept"] += 1
        if not kept:
            whole.append(row.pk)
    Customer.objects.bulk_update(touched, [*PLAIN, "attributes", "updated_at"], batch_size=500)
    TimelineEntry.objects.filter(pk__any=list(lines), customer_id__any=whole).delete()
    return counts


def _put_back(row: Customer, name: str, before: Any, after: Any) -> bool:
    """Whether a field is as it was before the import."""
    if name.startswith(ATTRIBUTE):
        key = name.removeprefix(ATTRIBUTE)
        if row.attributes.get(key) != after:
            return False
        if before is None:
            row.attributes.pop(key, None)
        else:
            row.attributes[key] = before
        return True
    if getattr(row, name) != after:
        return False
    setattr(row, name, before)
    return True


def _remove_addresses(identities: set[UUID], changed: Mapping[UUID, Any]) -> None:
    """Addresses that the import added, unless something uses them by now."""
    theirs = Identity.objects.filter(
        pk__any=list(identities), customer_id__any=list(changed), is_verified=False
    )
    ids = list(theirs.values_list("pk", flat=True))
    Identity.objects.filter(pk__any=[key for key in ids if key not in _used(Identity, ids)]).delete()


# --- orders, appointments and consents ---


def _take_back_things(model: type[Model], journal: Mapping[str, Any]) -> Counter[str]:
    counts: Counter[str] = Counter()
    rows: Any = model._meta.default_manager
    created = {UUID(key): state for key, state in journal["things"]}
    held = list(rows.select_for_update(of=("self",)).filter(pk__any=list(created)).order_by("id"))
    same = {row.pk for row in held if _is_as(row, created[row.pk])}
    gone = same - _used(model, list(created))
    TimelineEntry.objects.filter(
        pk__any=[UUID(key) for key in journal["thing_lines"]], object_id__any=list(gone)
    ).delete()
    rows.filter(pk__any=list(gone)).delete()
    counts["removed"] += len(gone)
    counts["kept"] += len(held) - len(gone)
    for key, before, after in journal["altered"]:
        row = rows.select_for_update(of=("self",)).filter(pk=key).first()
        if row is None or not _is_as(row, after):
            counts["kept"] += row is not None
            continue
        for name, value in before.items():
            setattr(row, name, _kept_value(row, name, value))
        row.save()
        TimelineEntry.objects.filter(
            pk__any=[UUID(line) for line in journal["thing_lines"]], object_id=row.pk
        ).delete()
        counts["restored"] += 1
    return counts


def _is_as(row: Model, state: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == _kept_value(row, name, value) for name, value in state.items())


def _kept_value(row: Model, name: str, value: Any) -> Any:
    field = row._meta.get_field(name)
    if value is None:
        return None
    if isinstance(field, DateTimeField):
        return parse_datetime(value)
    return Decimal(value) if isinstance(field, DecimalField) else value


def _take_back_words(job: Import, journal: Mapping[str, Any]) -> Counter[str]:
    """Consents and suppressions as they stood, unless a later word stands now; the words are gone."""
    words = _ids(journal, "words")
    people = {UUID(key.partition(":")[0]) for key in journal["stood"]}
    joined = _joined(people, job)
    gone = words - set(
        ConsentEvent.objects.filter(pk__any=list(words), customer_id__any=list(joined)).values_list(
            "pk", flat=True
        )
    )
    for key, before in journal["stood"].items():
        customer, medium, purpose = key.split(":")
        if UUID(customer) in joined:
            continue
        row = (
            Consent.objects.select_for_update(of=("self",))
            .filter(customer_id=customer, medium=medium, purpose=purpose)
            .first()
        )
        said = ConsentEvent.objects.filter(customer_id=customer, medium=medium, purpose=purpose)
        last = said.order_by("-happened_at", "-id").first()
        if row is None or last is None or last.pk not in gone:
            continue
        _suppress_again(UUID(customer), medium, journal.get("lifted", {}).get(key, {}), gone)
        if before is None:
            row.delete()
            continue
        row.state, row.since = before["state"], parse_datetime(before["since"])
        row.expires_at = parse_datetime(before["expires_at"]) if before["expires_at"] else None
        row.save()
    TimelineEntry.objects.filter(kind=TimelineEntry.Kind.CONSENT, object_id__any=list(gone)).delete()
    ConsentEvent.objects.filter(pk__any=list(gone)).delete()
    created = {UUID(key) for key, _state in journal.get("created", [])}
    return Counter(kept=len(people & joined - created))


def _joined(people: set[UUID], job: Import) -> set[UUID]:
    """Those who were made one with another since the import began, and the others."""
    either = Q(source_id__any=list(people)) | Q(target_id__any=list(people))
    merges = CustomerMerge.objects.filter(either, undone_at=None, made_at__gt=job.created_at)
    return {pk for pair in merges.values_list("source_id", "target_id") for pk in pair}


def _suppress_again(customer: UUID, medium: str, lifted: Mapping[str, str], gone: set[UUID]) -> None:
    """What the word ended, unless he agreed himself meanwhile: that would have ended it, too."""
    if not lifted:
        return
    since = min(datetime.fromisoformat(moment) for moment in lifted.values())
    media = [one for one in Medium.values if sending_rules.space(one) == sending_rules.space(medium)]
    agreed = ConsentEvent.objects.filter(
        customer_id=customer,
        medium__in=media,
        purpose__in=UNASKED,
        state=Consent.State.GIVEN,
        created_at__gt=since,
    )
    if not agreed.exclude(pk__any=list(gone)).exists():
        unlift({UUID(pk): datetime.fromisoformat(moment) for pk, moment in lifted.items()})


# --- labels and facts that were defined for it ---


def _forget_definitions(job: Import) -> None:
    """Labels and facts made for the import go, where nobody has them."""
    made: list[UUID] = []
    for journal in ImportChunk.objects.filter(job=job, is_trial=False).values_list("journal", flat=True):
        made += [UUID(key) for key in journal.get("label_definitions", [])]
    Label.objects.filter(pk__any=[key for key in made if key not in _used(Label, made)]).delete()
    for key in job.made.get("attributes", []):
        if not Customer.objects.filter(attributes__has_key=key).exists():
            Attribute.objects.filter(key=key).delete()
