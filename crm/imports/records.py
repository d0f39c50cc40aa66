"""Orders, appointments and consents of a chunk of rows, once it is known whose they are."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from crm.actions import appointments, consents, orders
from crm.actions.records import STEP, Reports
from crm.imports.people import CHANGED, CREATED, REFUSED, SAME, People, Settled
from crm.imports.values import Row
from crm.models import Appointment, Consent, ConsentEvent, Customer, Import, TimelineEntry
from crm.signals import appointments_imported
from tenants.actors import Actor
from tenants.models import Tenant

OWN_SOURCE = "import"
AHEAD = timedelta(minutes=5)
MOST_ITEMS = 100


class Records:
    """What rows tell beside the customer. `complete` runs before it is known whose they are."""

    def complete(self, row: Row) -> None:
        """Add what a row leaves out, and what is wrong with it to its problems."""

    def settle(self, settled: list[Settled]) -> None:
        """Set each row's outcome to what becomes of its own thing."""

    def write(self, people: People) -> dict[str, Any]:
        """Write it; returns the journal."""
        return {}


@dataclass(slots=True)
class Thing:
    """An order or an appointment, as it is and as it is to be."""

    row: Any
    is_new: bool
    before: dict[str, Any]
    told: list[dict[str, Any]] = field(default_factory=list)


class Reported(Records):
    """Orders and appointments: one per source and identifier."""

    def __init__(
        self,
        reports: Reports[Any],
        names: tuple[str, ...],
        id_code: str,
        finish: Callable[[Row, Tenant], None],
        *,
        job: Import,
        tenant: Tenant,
        by: Actor,
    ) -> None:
        self.reports, self.names, self.id_code, self.finish = reports, names, id_code, finish
        self.tenant, self.by = tenant, by
        self.source = str(job.options.get("source") or OWN_SOURCE)
        self.things: dict[tuple[str, str], Thing] = {}
        self.now = timezone.now()

    def complete(self, row: Row) -> None:
        self.finish(row, self.tenant)

    def settle(self, settled: list[Settled]) -> None:
        good = [one for one in settled if one.outcome != REFUSED]
        self._load({self._key(one.row) for one in good})
        for one in good:
            self._settle_one(one)

    def _key(self, row: Row) -> tuple[str, str]:
        return row.rest.get("source") or self.source, row.rest[self.id_code]

    def _load(self, keys: set[tuple[str, str]]) -> None:
        for source in {source for source, _identifier in keys}:
            wanted = [identifier for one, identifier in keys if one == source]
            held = self.reports.model.objects.select_for_update(of=("self",)).filter(
                source=source, external_id__in=wanted
            )
            for row in held.order_by("id"):
                before = {name: getattr(row, name) for name in (*self.names, "changed_at")}
                self.things[source, row.external_id] = Thing(row, False, before)

    def _settle_one(self, one: Settled) -> None:
        assert one.found is not None
        key = self._key(one.row)
        given = {name: one.row.rest[name] for name in self.names if one.row.rest.get(name) is not None}
        thing = self.things.get(key)
        if thing is None:
            thing = self.things[key] = Thing(self._new(key, one.found.id, given), True, {})
            thing.told.append(dict(self.reports.shown(thing.row)))
            one.outcome = CREATED
            return
        if thing.row.customer_id != one.found.id:
            one.row.problems.append(("others_order", "", key[1]))
            one.outcome = REFUSED
            return
        differing = [name for name, value in given.items() if getattr(thing.row, name) != value]
        one.outcome = CHANGED if differing else SAME
        for name in differing:
            setattr(thing.row, name, given[name])
        if not set(differing).isdisjoint(self.reports.told) and not thing.is_new:
            thing.row.changed_at = max(self.now, thing.row.changed_at + STEP)
            thing.told = [dict(self.reports.shown(thing.row))]
        elif thing.is_new:
            thing.told = [dict(self.reports.shown(thing.row))]

    def _new(self, key: tuple[str, str], customer_id: UUID, given: Mapping[str, Any]) -> Any:
        at = given.get(self.reports.begun) or self.now
        known = {**self.reports.complete(key[1], given, at), **given, "changed_at": at}
        return self.reports.model(source=key[0], external_id=key[1], customer_id=customer_id, **known)

    def write(self, people: People) -> dict[str, Any]:
        new = [thing for thing in self.things.values() if thing.is_new]
        old = [thing for thing in self.things.values() if not thing.is_new and self._differs(thing)]
        rows = self.reports.model.objects
        rows.bulk_create([thing.row for thing in new])
        for thing in old:
            thing.row.updated_at = people.now
        rows.bulk_update(
            [thing.row for thing in old], [*self.names, "changed_at", "updated_at"], batch_size=500
        )
        lines = [
            TimelineEntry(
                customer_id=thing.row.customer_id,
                kind=self.reports.kind,
                happened_at=thing.row.changed_at,
                object_id=thing.row.pk,
                actor_label=self.by.label[:150],
                data=data,
            )
            for thing in [*new, *old]
            for data in thing.told
        ]
        TimelineEntry.objects.bulk_create(lines, ignore_conflicts=True)
        if self.reports.model is Appointment:
            appointments_imported.send(Appointment, rows=[thing.row for thing in (*new, *old)])
        return {
            "things": [[str(thing.row.pk), self._state(thing.row)] for thing in new],
            "altered": [[str(thing.row.pk), plain(thing.before), self._state(thing.row)] for thing in old],
            "thing_lines": [str(line.pk) for line in lines],
        }

    def _differs(self, thing: Thing) -> bool:
        return any(getattr(thing.row, name) != value for name, value in thing.before.items())

    def _state(self, row: Any) -> dict[str, Any]:
        return plain({name: getattr(row, name) for name in (*self.names, "changed_at")})


def plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as JSON can hold them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value if _is_plain(value) else str(value)
        for name, value in fields.items()
    }


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | bool | list | dict)


def finish_order(row: Row, tenant: Tenant) -> None:
    """An order's number names it where nothing else does; products become lines."""
    rest = row.rest
    rest.setdefault("order_id", rest.get("number"))
    if not rest["order_id"]:
        row.problems.append(("missing", "", str(Import.Target.ORDERS.label)))
    if rest.get("items"):
        rest["items"] = items_of(rest["items"])
    if rest.get("placed_at") and rest["placed_at"] > timezone.now() + timedelta(days=1):
        row.problems.append(("in_future", "", rest["placed_at"].date().isoformat()))


def items_of(text: str) -> list[dict[str, Any]]:
    """Products out of one cell: "2 x Casco; 1 x Luz" or plain names."""
    lines = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    return [_item(line) for line in lines[:MOST_ITEMS]]


def _item(line: str) -> dict[str, Any]:
    count, cross, name = line.partition(" x ")
    if cross and count.strip().isdigit() and len(count) < 6:
        return {"name": name.strip()[:200], "quantity": int(count)}
    return {"name": line[:200], "quantity": 1}


def finish_appointment(row: Row, tenant: Tenant) -> None:
    """Day and time out of two columns are one moment; an identifier that lacks is made of the rest."""
    rest = row.rest
    starts, hour = rest.get("starts_at"), rest.pop("starts_time", None)
    if starts is None:
        row.problems.append(("missing", "", str(Appointment._meta.get_field("starts_at").verbose_name)))
        return
    if isinstance(hour, time):
        local = starts.astimezone(tenant.zone)
        starts = datetime.combine(local.date(), hour, tenant.zone).astimezone(UTC)
        rest["starts_at"] = starts
    if isinstance(rest.get("ends_at"), time):
        ends = datetime.combine(starts.astimezone(tenant.zone).date(), rest["ends_at"], tenant.zone)
        rest["ends_at"] = ends.astimezone(UTC)
    if rest.get("ends_at") and rest["ends_at"] < starts:
        row.problems.append(
            ("ends_before", "", rest["ends_at"].astimezone(tenant.zone).isoformat(" ", "minutes"))
        )
    if not rest.get("appointment_id"):
        who = row.addresses[0][1] if row.addresses else str(row.id or row.name)
        words = f"{who}|{starts.isoformat()}|{rest.get('service', '')}"
        rest["appointment_id"] = hashlib.sha256(words.encode()).hexdigest()[:32]
    rest.setdefault("service", "—")


# --- consents ---


class Consents(Records):
    """What customers agreed to: each a word with its proof, kept as any other (crm/actions/consents.py)."""

    def __init__(self, *, by: Actor) -> None:
        self.by = by
        self.wanted: list[Settled] = []
        self.now = timezone.now()

    def complete(self, row: Row) -> None:
        rest = row.rest
        rest.setdefault("state", Consent.State.GIVEN)
        for code in ("medium", "purpose", "since"):
            if not rest.get(code) and not row.problems:
                row.problems.append(("missing", "", str(FIELD_NAMES[code])))
        if rest["state"] == Consent.State.GIVEN and not (rest.get("text_shown") or rest.get("proof")):
            row.problems.append(("no_proof", "", ""))
        if rest.get("since") and rest["since"] > self.now + AHEAD:
            row.problems.append(("in_future", "", rest["since"].date().isoformat()))
        if isinstance(rest.get("expires_at"), time):
            row.problems.append(("bad_date", "", rest["expires_at"].isoformat()))

    def settle(self, settled: list[Settled]) -> None:
        good = [one for one in settled if one.outcome != REFUSED and one.found]
        known = self._known([one.found.id for one in good if one.found])
        for one in good:
            assert one.found is not None
            rest = one.row.rest
            word = (one.found.id, rest["medium"], rest["purpose"], rest["state"], rest["since"])
            one.outcome = SAME if word in known else CREATED
            if word not in known:
                known.add(word)
                self.wanted.append(one)

    def _known(self, ids: Sequence[UUID]) -> set[tuple[UUID, str, str, str, datetime]]:
        events = ConsentEvent.objects.filter(customer_id__any=list(set(ids)))
        return set(events.values_list("customer_id", "medium", "purpose", "state", "happened_at"))

    def write(self, people: People) -> dict[str, Any]:
        ids = list({one.found.id for one in self.wanted if one.found})
        customers = Customer.objects.in_bulk(ids)
        before = {
            f"{row.customer_id}:{row.medium}:{row.purpose}": plain(
                {"state": row.state, "since": row.since, "expires_at": row.expires_at}
            )
            for row in Consent.objects.filter(customer_id__any=ids)
        }
        words: list[str] = []
        touched: set[str] = set()
        lifted: dict[str, dict[str, str]] = {}
        for one in self.wanted:
            assert one.found is not None
            made = self._keep(customers[one.found.id], one.row)
            key = f"{one.found.id}:{made.event.medium}:{made.event.purpose}"
            words.append(str(made.event.pk))
            touched.add(key)
            for row in made.lifted:
                assert row.lifted_at is not None
                lifted.setdefault(key, {})[str(row.pk)] = row.lifted_at.isoformat()
        return {"words": words, "stood": {key: before.get(key) for key in touched}, "lifted": lifted}

    def _keep(self, customer: Customer, row: Row) -> consents.Recorded:
        rest = row.rest
        proof = consents.Proof(
            source=ConsentEvent.Source.IMPORT,
            at=rest["since"],
            text_shown=rest.get("text_shown", ""),
            address=row.addresses[0][2] if row.addresses else "",
            ip=rest.get("ip"),
            note=rest.get("proof", ""),
            expires_at=rest.get("expires_at"),
        )
        act = consents.withdraw if rest["state"] == Consent.State.WITHDRAWN else consents.give
        return act(customer=customer, medium=rest["medium"], purpose=rest["purpose"], proof=proof, by=self.by)


FIELD_NAMES: dict[str, Any] = {
    "medium": ConsentEvent._meta.get_field("medium").verbose_name,
    "purpose": ConsentEvent._meta.get_field("purpose").verbose_name,
    "since": Consent._meta.get_field("since").verbose_name,
}
ORDER_NAMES = ("number", "status", "total", "currency", "items", "placed_at")
APPOINTMENT_NAMES = ("service", "place", "staff", "status", "starts_at", "ends_at", "note")


def records_for(job: Import, tenant: Tenant, by: Actor) -> Records:
    """What writes the rows of a target, beside their customers."""
    match job.target:
        case Import.Target.ORDERS:
            return Reported(
                orders.REPORTS, ORDER_NAMES, "order_id", finish_order, job=job, tenant=tenant, by=by
            )
        case Import.Target.APPOINTMENTS:
            return Reported(
                appointments.REPORTS,
                APPOINTMENT_NAMES,
                "appointment_id",
                finish_appointment,
                job=job,
                tenant=tenant,
                by=by,
            )
        case Import.Target.CONSENTS:
            return Consents(by=by)
    return Records()
