"""A list from the shop's old notebook, imported, with a few rows that could not be read."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from config.demo.clock import MINUTE
from config.demo.rows import date_back
from config.demo.stage import Stage
from crm.actions import imports
from crm.actions.merging import tables
from crm.imports import engine
from crm.models import Customer, CustomerLabel, Identity, Import, ImportChunk, TimelineEntry
from tenants.actors import Actor
from tenants.models import AuditEvent, Membership

DAYS_AGO = 6
TOOK = timedelta(minutes=4)  # from the file to its last row: somebody looked at the columns
NAMES = (  # of those who can be read
    "Hortensia Villaseñor",
    "Eusebio Barragán",
    "Itzel Comparán",
    "Rigoberto Arámbula",
    "Amparo Zepeda",
)
NAME = "Libreta del taller.csv"
FILE = """Nombre completo;Celular;Correo;Etiquetas
Hortensia Villaseñor;33 1904 2201;hortensia.villasenor@correo.example;Taller
"Barragán, Eusebio";33 1904 2202;;Taller
Itzel Comparán;+52 33 1904 2203;itzel@correo.example;
Rigoberto Arámbula;33 1904 2204;rigo.arambula@correo.example;Taller
Ximena Orozco;33 19;;
Taller de Don Chuy;33 1904 2206;donchuy arroba correo;
Wenceslao Íñiguez;5.23319E+11;;
Amparo Zepeda;33 1904 2208;amparo.zepeda@correo.example;
"""


def furnish(stage: Stage, owner: Membership) -> set[UUID]:
    """Bring the list in as a worker would, some days ago; returns what the audit trail says of it."""
    by = Actor.of_membership(owner)
    known = set(AuditEvent.objects.values_list("pk", flat=True))
    job = imports.take_file(
        file=ContentFile(FILE.encode("cp1252")), name=NAME, target=Import.Target.CUSTOMERS, by=by
    )
    engine.advance(stage.tenant.pk, job.pk)
    imports.name_columns(job=job, by=by)
    engine.advance(stage.tenant.pk, job.pk)
    imports.start(job=job, by=by)
    engine.advance(stage.tenant.pk, job.pk)
    return _Then(stage, stage.clock.opening(DAYS_AGO)).put_back(job, known)


class _Then:
    """Lets an import have been then: all it made has identifiers of that moment, the journal too."""

    def __init__(self, stage: Stage, at: datetime) -> None:
        self.stage, self.at = stage, at
        self.ids: dict[str, str] = {}

    def put_back(self, job: Import, known: Iterable[UUID]) -> set[UUID]:
        """Date everything back; returns the audit events that are not among the known."""
        chunks = list(ImportChunk.objects.filter(job=job).order_by("id"))
        journals = [chunk.journal for chunk in chunks]
        dated = self._copied(job, self.at)
        ImportChunk.objects.filter(job=job).update(job=dated)
        Import.objects.filter(pk=job.pk).delete()
        done = self.at + TOOK
        Import.objects.filter(pk=dated.pk).update(
            created_at=self.at, finished_at=done, due_at=done + engine.KEPT
        )
        for journal in journals:
            self._customers([UUID(pk) for pk, _state in journal.get("created", [])], done)
            for model, name in (
                (Identity, "identities"),
                (CustomerLabel, "labels"),
                (TimelineEntry, "lines"),
            ):
                self._rows(model, [UUID(pk) for pk in journal.get(name, [])], done)
        for chunk in chunks:
            ImportChunk.objects.filter(pk=chunk.pk).update(
                id=self._new(chunk.pk, done), journal=self._renamed(chunk.journal)
            )
        return self._audited(known)

    def _new(self, pk: UUID, at: datetime) -> UUID:
        made = self.stage.clock.id_at(at)
        self.ids[str(pk)] = str(made)
        return made

    def _renamed(self, value: Any) -> Any:
        text = json.dumps(value)
        for old, new in self.ids.items():
            text = text.replace(old, new)
        return json.loads(text)

    def _copied(self, row: Any, at: datetime) -> Any:
        """The same row by another identifier; what points at it still points at the old one."""
        copy = type(row).objects.get(pk=row.pk)
        copy.pk = self._new(row.pk, at)
        copy.save(force_insert=True)
        return copy

    def _customers(self, ids: list[UUID], at: datetime) -> None:
        for customer in Customer.objects.filter(pk__any=ids).order_by("id"):
            dated = self._copied(customer, at)
            for one in tables():
                one.rows().filter(**{one.field: customer}).update(**{one.field: dated})
            Customer.objects.filter(pk=customer.pk).delete()
            Customer.objects.filter(pk=dated.pk).update(created_at=at, updated_at=at, last_contact_at=at)

    def _rows(self, model: Any, ids: list[UUID], at: datetime) -> None:
        for row in model.objects.filter(pk__any=ids).order_by("id"):
            values: dict[str, Any] = {"id": self._new(row.pk, at)}
            if model is TimelineEntry:
                values |= {
                    "happened_at": at,
                    "object_id": self.ids[str(row.object_id)],
                    "data": self._renamed(row.data),
                }
            elif model is Identity:
                values["created_at"] = at
            model.objects.filter(pk=row.pk).update(**values)

    def _audited(self, known: Iterable[UUID]) -> set[UUID]:
        found = set()
        events = AuditEvent.objects.exclude(pk__in=list(known)).order_by("id")
        for number, event in enumerate(events):
            pk = self._new(event.pk, self.at + number * MINUTE)
            target = self._renamed(str(event.target_id)) if event.target_id else None
            AuditEvent.objects.filter(pk=event.pk).update(id=pk, target_id=target)
            found.add(pk)
        date_back(AuditEvent)
        return found
