"""What a shop's own systems report about a customer: orders, appointments and payments, each by one rule.

A thing is one per `source` and `external_id`. The first report makes it, later ones change what they give.
Each change that matters is one line of the customer's history at the moment it happened there; a report
older than what is known adds its line and leaves the thing as it is; the same again changes nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import identities, timeline
from crm.actions.customers import tell
from crm.models import Appointment, Customer, Order, Payment
from crm.signals import record_told
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused

STEP = timedelta(microseconds=1)


class OfAnotherCustomer(Conflicting):
    """Something that is known as somebody else's."""


class CustomerMissing(Refused):
    """Something new that does not say whose it is."""


class Outcome(StrEnum):
    """What a report did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Recorded[Row: (Appointment, Order, Payment)]:
    """The thing as it stands, and what the report did to it."""

    row: Row
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Whose:
    """To whom a report says that a thing belongs: a customer, or an address that finds or makes him."""

    customer: Customer | None = None
    identity: tuple[str, str] | None = None
    name: str = ""

    def found(self) -> Customer | None:
        """Him, or None when the report does not say. Raises `InvalidIdentity`."""
        if self.customer is not None or self.identity is None:
            return self.customer
        try:
            country = Tenant.objects.get().country
            kind, raw = self.identity
            return identities.resolve(kind=kind, raw=raw, name=self.name, country=country)[0]
        except identities.InvalidIdentity as refusal:
            refusal.field = "identity/value"
            raise


@dataclass(frozen=True, slots=True)
class Reports[Row: (Appointment, Order, Payment)]:
    """How reports about one kind of thing are taken."""

    model: type[Row]
    kind: str  # of the lines in the history
    told: tuple[str, ...]  # fields whose change is a line; the others change in silence
    shown: Callable[[Row], Mapping[str, Any]]  # what a line says
    complete: Callable[[str, Mapping[str, Any], datetime], Mapping[str, Any]]  # what a first one leaves out
    check: Callable[[Row], None] = lambda row: None
    begun: str = ""  # the moment among its fields since which a first report holds

    def take(
        self,
        source: str,
        external_id: str,
        whose: Whose,
        given: Mapping[str, Any],
        changed_at: datetime | None,
        by: Actor,
        cleared: Collection[str] = (),
    ) -> Recorded[Row]:
        """Take one report, inside a transaction.

        `given` are the fields it gives; those that are None it does not, except what is `cleared`.
        `changed_at` is when it changed there, now when not given. Raises `CustomerMissing`,
        `OfAnotherCustomer`, `InvalidIdentity`, and what `check` does.
        """
        given = {field: value for field, value in given.items() if value is not None or field in cleared}
        customer = whose.found()
        row = self._held(source, external_id)
        if row is None:
            if customer is None:
                raise CustomerMissing(_("Say whose it is: a customer or an identity."), "customer_id")
            fresh = self._new(source, external_id, customer, given, changed_at)
            self._rows().bulk_create([fresh], ignore_conflicts=True)
            row = self._held(source, external_id)
            assert row is not None
            if row.pk == fresh.pk:
                self._tell(row, by)
                record_told.send(self.model, row=row, before=None, by=by)
                return Recorded(row, Outcome.CREATED)
        if customer is not None and row.customer_id != customer.pk:
            raise OfAnotherCustomer(_("This belongs to another customer."), "customer_id")
        return self._changed(row, given, changed_at, by)

    def _rows(self) -> QuerySet[Row]:
        rows: QuerySet[Row] = self.model.objects.all()
        return rows

    def _held(self, source: str, external_id: str) -> Row | None:
        """The row, locked until the end of the transaction."""
        found = self._rows().select_for_update(of=("self",)).filter(source=source, external_id=external_id)
        return found.select_related("customer").first()

    def _new(
        self,
        source: str,
        external_id: str,
        customer: Customer,
        given: Mapping[str, Any],
        changed_at: datetime | None,
    ) -> Row:
        at = changed_at or given.get(self.begun) or timezone.now()
        known = {"changed_at": at, **self.complete(external_id, given, at), **given}
        row = self.model(source=source, external_id=external_id, customer=customer, **known)
        self.check(row)
        return row

    def _changed(
        self, row: Row, given: Mapping[str, Any], changed_at: datetime | None, by: Actor
    ) -> Recorded[Row]:
        differing: list[str] = [field for field, value in given.items() if getattr(row, field) != value]
        if changed_at is not None and changed_at < row.changed_at:
            self._tell(self._as_told(row, given, changed_at), by)
            return Recorded(row, Outcome.LATE)
        if not differing:
            return Recorded(row, Outcome.UNCHANGED)
        before = {field: getattr(row, field) for field in differing}
        for field in differing:
            setattr(row, field, given[field])
        self.check(row)
        is_told = not set(differing).isdisjoint(self.told)
        if is_told:
            row.changed_at = max(changed_at or timezone.now(), row.changed_at + STEP)
            differing.append("changed_at")
        row.save(update_fields=[*differing, "updated_at"])
        if is_told:
            self._tell(row, by)
            record_told.send(self.model, row=row, before=before, by=by)
        tell(row.customer_id)
        return Recorded(row, Outcome.CHANGED)

    def _as_told(self, row: Row, given: Mapping[str, Any], changed_at: datetime) -> Row:
        """What a late report says, for its line only."""
        fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        late = self.model(**{**fields, "changed_at": changed_at})
        for field, value in given.items():
            if field in self.told:
                setattr(late, field, value)
        late.customer = row.customer
        return late

    def _tell(self, row: Row, by: Actor) -> None:
        timeline.record(
            customer=row.customer,
            kind=self.kind,
            happened_at=row.changed_at,
            object_id=row.pk,
            actor_label=by.label,
            data=dict(self.shown(row)),
        )
        tell(row.customer_id)
