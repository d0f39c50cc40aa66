"""Reading imports and exports, narrowed to what the actor may see."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from crm.imports.limits import SHOWN
from crm.imports.people import REFUSED, LabelsOfImport, People
from crm.imports.problems import sentence
from crm.imports.records import records_for
from crm.imports.values import RowReader, as_text
from crm.models import Export, Import
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.permissions import Sees


def imports_visible_to(actor: Actor) -> QuerySet[Import]:
    """All imports of the business; of a member who does not see everything, his own."""
    found: QuerySet[Import] = Import.objects.all()
    if actor.sees == Sees.ALL:
        return found
    return found.filter(membership=actor.membership)


def exports_of(actor: Actor) -> QuerySet[Export]:
    """The exports somebody asked for himself: nobody else gets their files."""
    found: QuerySet[Export] = Export.objects.all()
    if actor.membership is not None:
        return found.filter(membership=actor.membership)
    return found.filter(api_key=actor.api_key) if actor.api_key else found.none()


class Shown(NamedTuple):
    """A row of the preview: what becomes of it, and what it would be."""

    number: int
    outcome: str
    name: str
    details: list[str]
    reasons: list[str]


def preview(job: Import, tenant: Tenant, by: Actor) -> list[Shown]:
    """The first rows as they would be. Writes nothing."""
    if not any(job.mapping):
        return []
    reader = RowReader(job, tenant)
    people = People(job, by, LabelsOfImport(reader.country))
    records = records_for(job, tenant, by)
    read = [reader.read(number, cells) for number, *cells in job.sample[:SHOWN]]
    for row in read:
        if not row.problems:
            records.complete(row)
    settled = people.settle(read, set(), trial=True)
    records.settle(settled)
    return [_shown(one, job) for one in settled]


def _shown(one: Any, job: Import) -> Shown:
    row = one.row
    details = [shown for _kind, _value, shown in row.addresses]
    details += [*row.labels, *(as_text(value) for value in row.facts.values())]
    details += [_detail(value) for code, value in row.rest.items() if value not in (None, "")]
    details += [text for text in (row.company, row.language, row.timezone) if text]
    name = row.name or (one.found.name if one.found else "")
    reasons = [sentence(problem) for problem in row.problems] if one.outcome == REFUSED else []
    return Shown(row.number, one.outcome, name, [text[:80] for text in details[:12]], reasons)


def _detail(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return (
            timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
            if hasattr(value, "tzinfo") and value.tzinfo
            else value.isoformat()
        )
    if isinstance(value, list):
        return ", ".join(
            str(item.get("name", item)) if isinstance(item, dict) else str(item) for item in value
        )
    return str(value)


def samples_of(job: Import) -> list[list[str]]:
    """A few different cells of each column, for telling what it holds."""
    found: list[list[str]] = [[] for _column in job.columns]
    rows: Sequence[Sequence[str]] = [row[1:] for row in job.sample]
    for row in rows:
        for place, text in enumerate(row[: len(found)]):
            if text and len(found[place]) < 3 and text[:60] not in found[place]:
                found[place].append(text[:60])
    return found
