"""Customers of a chunk of rows: found by set, made and changed by set.

`People.settle` says of each row whose it is and what it changes, in memory; `People.write` writes all of it
in a few statements and gives back the journal from which it can be undone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Lookup, TextField
from django.utils import timezone

from crm import erased, identities, likeness, queries
from crm.imports.values import Row, as_text
from crm.imports.writing import insert
from crm.models import (
    Customer,
    CustomerLabel,
    Identity,
    Import,
    Label,
    TimelineEntry,
)
from tenants.actors import Actor
from tenants.kit.text import folded
from tenants.permissions import Sees
from tenants.scoping import uuid7

CREATED, CHANGED, SAME, REFUSED = "created", "changed", "same", "refused"
REPEATED = "repeated"
OUTCOMES = (CREATED, CHANGED, SAME, REFUSED, REPEATED)
PLAIN = ("name", "company", "language", "timezone")
KEYS = ("any", "id", "phone", "email", "external", "name")
ANY_KEY = "any"


class PlainAny(Lookup):  # type: ignore[type-arg]
    """`sort_name__plain_any=[…]`: one of these texts, without accents and capitals as the database has it."""

    lookup_name = "plain_any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        alike = " ".join([left, "= ANY(ARRAY(SELECT crm_plain(one) FROM unnest(%s::text[]) AS one))"])
        return alike, [*parameters, list(self.rhs)]


TextField.register_lookup(PlainAny)


@dataclass(slots=True)
class Found:
    """A customer whom rows speak of: as he is in the database, and as he is to be."""

    id: UUID
    is_new: bool
    name: str = ""
    company: str = ""
    language: str = ""
    timezone: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    addresses: set[tuple[str, str]] = field(default_factory=set)
    labels: set[UUID] = field(default_factory=set)
    new_addresses: list[tuple[str, str, str]] = field(default_factory=list)
    new_labels: list[UUID] = field(default_factory=list)

    def state(self) -> dict[str, Any]:
        """His own fields, as they are kept."""
        return {**{name: getattr(self, name) for name in PLAIN}, "attributes": dict(self.attributes)}

    @property
    def is_changed(self) -> bool:
        return bool(self.new_addresses or self.new_labels or self.state() != self.before)


@dataclass(slots=True)
class Settled:
    """What becomes of a row."""

    row: Row
    outcome: str
    found: Found | None = None
    repeated: bool = False


def group(kind: str) -> str:
    """Phone numbers and WhatsApp ids are one kind of address here."""
    return identities.alike(kind)[0]


def key_name(row: Row, key: str) -> str:
    """What a row is known by inside its file, "" for nothing."""
    if row.id:
        return f"id:{row.id}"
    if key == "name":
        return f"name:{folded(row.name)}:{folded(row.company)}" if row.name else ""
    for kind, value, _shown in row.addresses:
        if key == ANY_KEY or group(kind) == key or kind == key:
            return f"{group(kind)}:{value}"
    return ""


class People:
    """The customers of one chunk. `seen(names)` tells which key names came earlier in the file."""

    def __init__(self, job: Import, by: Actor, labels: "LabelsOfImport") -> None:
        self.key = str(job.options.get("key") or ANY_KEY)
        self.replaces = job.options.get("conflict", "replace") == "replace"
        self.empties = bool(job.options.get("clear")) and job.target == Import.Target.CUSTOMERS
        self.refuses_repeated = job.options.get("repeated") == "refuse"
        self.is_target = job.target == Import.Target.CUSTOMERS
        self.job, self.by, self.labels = job, by, labels
        self.now = timezone.now()
        self.by_address: dict[tuple[str, str], Found] = {}
        self.by_id: dict[UUID, Found] = {}
        self.by_name: defaultdict[str, list[Found]] = defaultdict(list)
        self.claimed: set[tuple[str, str]] = set()
        self.hidden: set[tuple[str, str]] = set()
        self.names_here: set[str] = set()
        self.erased: set[tuple[str, str]] = set()

    # --- who they are ---

    def settle(self, rows: Sequence[Row], seen: set[str], *, trial: bool = False) -> list[Settled]:
        """What becomes of each row, in order: later rows see what earlier ones did."""
        self._load(rows, lock=not trial)
        return [self._settle_one(row, seen) for row in rows]

    def _load(self, rows: Sequence[Row], *, lock: bool) -> None:
        values: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            for kind, value, _shown in row.addresses:
                values[group(kind)].add(value)
        owners = self._owners(values)
        ids = {customer for _kind, _value, customer, is_claimed in owners if not is_claimed}
        ids |= {row.id for row in rows if row.id}
        if self.key == "name":
            ids |= self._ids_of_names({row.name for row in rows if row.name})
        customers = self._customers(ids, lock=lock)
        for kind, value, customer, is_claimed in owners:
            if is_claimed:
                self.claimed.add((kind, value))
            elif customer in customers:
                self.by_address[group(kind), value] = customers[customer]
            else:
                self.hidden.add((group(kind), value))
        given = {(kind, value) for row in rows for kind, value, _shown in row.addresses}
        self.erased = erased.erased_among(given - self.by_address.keys())
        self._load_parts(customers)

    def _owners(self, values: dict[str, set[str]]) -> list[tuple[str, str, UUID, bool]]:
        found: list[tuple[str, str, UUID, bool]] = []
        for kind, texts in values.items():
            known = Identity.objects.filter(kind__in=identities.alike(kind), value__any=list(texts))
            found += known.values_list("kind", "value", "customer_id", "is_claimed")
        return found

    def _ids_of_names(self, names: set[str]) -> set[UUID]:
        alike = Customer.objects.filter(merged_into=None, sort_name__plain_any=list(names))
        return set(alike.values_list("id", flat=True))

    def _customers(self, ids: set[UUID], *, lock: bool) -> dict[UUID, Found]:
        """Those whom the actor may see, locked in the order of their identifiers."""
        if not ids:
            return {}
        rows = Customer.objects.filter(pk__any=list(ids)).order_by("id")
        if lock:
            rows = rows.select_for_update(of=("self",))
        visible = None
        if self.by.sees != Sees.ALL:
            seen = queries.customers_visible_to(self.by).filter(pk__any=list(ids))
            visible = set(seen.values_list("id", flat=True))
        customers: dict[UUID, Found] = {}
        for customer in rows:
            kept = likeness.stands_for(customer) if customer.merged_into_id else customer
            if visible is not None and customer.pk not in visible:
                continue
            found = self.by_id.get(kept.pk) or self._found(kept)
            customers[customer.pk] = self.by_id[kept.pk] = found
            self.by_id[customer.pk] = found
        return customers

    def _found(self, customer: Customer) -> Found:
        fields = {name: getattr(customer, name) for name in PLAIN}
        found = Found(customer.pk, False, **fields, attributes=dict(customer.attributes))
        found.before = found.state()
        if self.key == "name" and customer.name:
            self.by_name[folded(customer.name)].append(found)
        return found

    def _load_parts(self, customers: dict[UUID, Found]) -> None:
        by_id = {found.id: found for found in customers.values()}
        ids = list(by_id)
        if not ids:
            return
        own = Identity.objects.filter(customer_id__any=ids, is_claimed=False)
        for customer, kind, value in own.values_list("customer_id", "kind", "value"):
            by_id[customer].addresses.add((kind, value))
        for customer, label in CustomerLabel.objects.filter(customer_id__any=ids).values_list(
            "customer_id", "label_id"
        ):
            by_id[customer].labels.add(label)

    def _settle_one(self, row: Row, seen: set[str]) -> Settled:
        if row.problems:
            return Settled(row, REFUSED)
        name = key_name(row, self.key)
        repeated = self.is_target and bool(name) and (name in seen or name in self.names_here)
        if repeated and self.refuses_repeated and self.is_target:
            return self._refuse(row, "repeated", _said(row))
        found = self._match(row)
        if row.problems:
            return Settled(row, REFUSED)
        self.names_here.add(name)
        if found is None:
            found = Found(uuid7(), True)
            found.before = found.state()
            self.by_id[found.id] = found
            self._apply(found, row)
            if self.key == "name" and found.name:
                self.by_name[folded(found.name)].append(found)
            return Settled(row, CREATED, found, repeated)
        outcome = CHANGED if self._apply(found, row) else SAME
        return Settled(row, outcome, found, repeated)

    def _refuse(self, row: Row, code: str, value: str, column: str = "") -> Settled:
        row.problems.append((code, column, value))
        return Settled(row, REFUSED)

    def _match(self, row: Row) -> Found | None:  # noqa: PLR0911 -- each way to refuse ends it
        """Whom a row speaks of, None for somebody new. What is in the way goes to the row's problems."""
        if row.id:
            found = self.by_id.get(row.id)
            if found is None:
                self._refuse(row, "unknown_id", str(row.id))
                return None
            return self._alone(row, found)
        matched: list[tuple[str, Found]] = []
        has_key = self.key == "name" and bool(row.name)
        if self.key == "name":
            namesakes = self._namesakes(row)
            if len(namesakes) > 1:
                self._refuse(row, "several_people", row.name)
                return None
            matched = [(row.name, found) for found in namesakes]
        for kind, value, shown in row.addresses:
            if self.key not in {ANY_KEY, kind, group(kind)}:
                continue
            has_key = True
            if (group(kind), value) in self.hidden:
                self._refuse(row, "taken", shown)
                return None
            owner = self.by_address.get((group(kind), value))
            if owner is not None:
                matched.append((shown, owner))
        if not has_key:
            self._refuse(row, "no_name" if self.key == "name" else "no_key", "")
            return None
        first = matched[0][1] if matched else None
        for shown, other in matched[1:]:
            if other is not first:
                self._refuse(row, "two_people", shown)
                return None
        return self._alone(row, first)

    def _namesakes(self, row: Row) -> list[Found]:
        alike = self.by_name.get(folded(row.name), [])
        exact = [found for found in alike if folded(found.company) == folded(row.company)]
        return (exact or [one for one in alike if not one.company or not row.company]) if row.name else []

    def _alone(self, row: Row, found: Found | None) -> Found | None:
        """The same; with a problem when one of the row's addresses is somebody else's."""
        for kind, value, shown in row.addresses:
            owner = self.by_address.get((group(kind), value))
            if (group(kind), value) in self.hidden or (owner is not None and owner is not found):
                self._refuse(row, "taken", shown)
                return None
            if (kind, value) in self.erased and owner is None:
                self._refuse(row, "erased", shown)
                return None
        return found

    # --- what changes ---

    def _apply(self, found: Found, row: Row) -> bool:
        """Let a customer become what the row says; whether anything changed."""
        before = found.state(), len(found.new_addresses), len(found.new_labels)
        fills_only = not (self.replaces and self.is_target)
        for name in PLAIN:
            text = getattr(row, name)
            if text and not (fills_only and getattr(found, name)):
                setattr(found, name, text)
            elif self.empties and name in row.emptied and (name != "name" or not row.name):
                setattr(found, name, "" if not found.is_new else getattr(found, name))
        self._apply_facts(found, row, fills_only)
        for kind, value, shown in row.addresses:
            if (kind, value) not in found.addresses:
                found.addresses.add((kind, value))
                found.new_addresses.append((kind, value, shown))
                self.by_address[group(kind), value] = found
        for word in row.labels:
            label = self.labels.named(word)
            if label not in found.labels:
                found.labels.add(label)
                found.new_labels.append(label)
        return before != (found.state(), len(found.new_addresses), len(found.new_labels))

    def _apply_facts(self, found: Found, row: Row, fills_only: bool) -> None:
        for key, value in row.facts.items():
            held = found.attributes.get(key)
            if held is not None and (fills_only or held == value or as_text(held) == value):
                continue
            if value is not None:
                found.attributes[key] = value
        if self.empties:
            for code in row.emptied:
                if code.startswith("attribute:"):
                    found.attributes.pop(code.removeprefix("attribute:"), None)

    # --- writing ---

    def write(self) -> dict[str, Any]:
        """Write what changed; returns the journal."""
        touched = [found for found in _distinct(self.by_id.values()) if found.is_changed or found.is_new]
        new = [found for found in touched if found.is_new]
        old = [found for found in touched if not found.is_new]
        self._create(new)
        self._change(old)
        identity_ids = self._add_addresses(touched)
        label_ids = self._add_labels(touched)
        lines = self._tell(new, old)
        return {
            "created": [[str(found.id), found.state()] for found in new],
            "changed": [[str(found.id), _differences(found)] for found in old],
            "identities": identity_ids,
            "labels": label_ids,
            "lines": lines,
        }

    def keep_only(self, ids: set[UUID]) -> None:
        """Forget the new ones of whom only refused rows spoke."""
        self.by_id = {key: found for key, found in self.by_id.items() if not found.is_new or found.id in ids}

    def _create(self, new: list[Found]) -> None:
        common = {"last_contact_at": self.now, "created_by_id": self.by.membership_id}
        rows = [
            {"id": found.id, "name_confirmed": bool(found.name), **found.state(), **common} for found in new
        ]
        insert(Customer, rows)

    def _change(self, old: list[Found]) -> None:
        changed = [found for found in old if found.state() != found.before]
        rows = [
            Customer(id=found.id, name_confirmed=True, updated_at=self.now, **found.state())
            for found in changed
        ]
        named = {found.id for found in changed if found.name != found.before["name"]}
        common = [*PLAIN, "attributes", "updated_at"]
        Customer.objects.bulk_update([row for row in rows if row.id not in named], common, batch_size=500)
        Customer.objects.bulk_update(
            [row for row in rows if row.id in named], [*common, "name_confirmed"], batch_size=500
        )
        done = {found.id for found in changed}
        others = [found.id for found in old if found.id not in done]
        if others:
            Customer.objects.filter(pk__any=others).update(updated_at=self.now)

    def _add_addresses(self, touched: Iterable[Found]) -> list[str]:
        fresh: list[dict[str, Any]] = []
        claims = []
        for found in touched:
            for kind, value, shown in found.new_addresses:
                if any((alike, value) in self.claimed for alike in identities.alike(kind)):
                    claims.append((found, kind, shown))
                    continue
                row = {"id": uuid7(), "customer_id": found.id, "kind": kind, "value": value, "display": shown}
                fresh.append(row)
        insert(Identity, fresh)
        ids = [str(row["id"]) for row in fresh]
        for found, kind, shown in claims:
            customer = Customer.objects.get(pk=found.id)
            identity, _new = identities.attach(customer, kind, shown, country=str(self.labels.country))
            ids.append(str(identity.id))
        return ids

    def _add_labels(self, touched: Iterable[Found]) -> list[str]:
        links = [
            {"id": uuid7(), "customer_id": found.id, "label_id": label}
            for found in touched
            for label in found.new_labels
        ]
        insert(CustomerLabel, links, ignore=True)
        return [str(link["id"]) for link in links]

    def _tell(self, new: list[Found], old: list[Found]) -> list[str]:
        """One line of history for everybody who came or changed."""
        about: dict[str, Any] = {"import": str(self.job.pk), "file": self.job.name[:100]}
        told = [(found, {"event": "created", **about}) for found in new]
        told += [(found, {"event": "changed", "fields": _named(found), **about}) for found in old]
        lines = [
            {
                "id": uuid7(),
                "customer_id": found.id,
                "kind": TimelineEntry.Kind.CUSTOMER,
                "happened_at": self.now,
                "object_id": found.id,
                "actor_label": self.by.label[:150],
                "data": data,
            }
            for found, data in told
        ]
        insert(TimelineEntry, lines)
        return [str(line["id"]) for line in lines]


def _distinct(people: Iterable[Found]) -> list[Found]:
    return list({found.id: found for found in people}.values())


def _named(found: Found) -> list[str]:
    """What changed, as the history names it."""
    now = found.state()
    fields = [name for name in now if now[name] != found.before[name]]
    return [
        *fields,
        *(["addresses"] if found.new_addresses else []),
        *(["labels"] if found.new_labels else []),
    ]


def _differences(found: Found) -> dict[str, list[Any]]:
    """From what to what, field by field and fact by fact; what was not there is null."""
    now, before = found.state(), found.before
    changes: dict[str, list[Any]] = {
        name: [before[name], now[name]] for name in PLAIN if now[name] != before[name]
    }
    for key in before["attributes"].keys() | now["attributes"].keys():
        was, is_now = before["attributes"].get(key), now["attributes"].get(key)
        if was != is_now:
            changes[f"attribute:{key}"] = [was, is_now]
    return changes


def _said(row: Row) -> str:
    return row.addresses[0][2] if row.addresses else row.name


class LabelsOfImport:
    """The labels that rows name, made when first named."""

    def __init__(self, country: str) -> None:
        self.country = country
        self.known = {folded(label.name): label.pk for label in Label.objects.all()}
        self.fresh: dict[str, Label] = {}

    def named(self, word: str) -> UUID:
        """The label a word means, a new one if there is none."""
        plain = folded(word)
        if plain not in self.known:
            self.fresh[plain] = Label(id=uuid7(), name=word)
            self.known[plain] = self.fresh[plain].pk
        return self.known[plain]

    def write(self) -> list[str]:
        """Make the new ones; returns their identifiers."""
        fresh, self.fresh = list(self.fresh.values()), {}
        Label.objects.bulk_create(fresh)
        return [str(label.pk) for label in fresh]
