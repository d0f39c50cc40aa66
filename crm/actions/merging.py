"""Making one customer out of two who are the same person, and two again: exactly, for a month.

Whatever table points at customers goes along without being named here. What moved is written down row by
row; what came later goes with the address it came by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import (
    Exists,
    ForeignKey,
    Model,
    OuterRef,
    Q,
    QuerySet,
    UniqueConstraint,
    UUIDField,
    Value,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import likeness
from crm.actions import consents
from crm.actions.choosing import CHOSEN, Chosen, choose, conflicting, put
from crm.actions.customers import tell
from crm.duplicate_tasks import look_at
from crm.duplicates.scoring import SURE
from crm.models import Customer, CustomerMerge, Identity, Likeness, LikenessKey, Preference, TimelineEntry
from crm.signals import customers_parted
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.tasks import ring
from tenants.refusals import Conflicting, Refused
from tenants.scoping import uuid7

MOST_AT_ONCE = 50
UNDO_FOR = timedelta(days=30)
WHOSE = "whose"  # the event by which a chat learns that it belongs to another customer
OWN = (Customer, CustomerMerge, Likeness, LikenessKey)
FIXED = {"id", "tenant_id", "merged_into_id", "created_by_id", "created_at", "links_version"}
CONTACT = ("last_contact_at", "last_contact_channel")
SOFT = ("context_id", "object_id", "source_id")  # by which rows name others without a key


class CannotMergeCustomers(Refused):
    """These cannot be made one; the sentence says why."""


class CannotPart(Conflicting):
    """It can no longer be taken back; the sentence says why."""


class Batch(NamedTuple):
    """What one press of a button merged: by what to take it back, how many, and how many are left."""

    id: UUID
    done: int
    left: int


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """A table with rows of customers, and how a row says whose it is."""

    model: Any
    field: str
    name: str
    once: tuple[UniqueConstraint, ...]  # what a customer has once
    others: tuple[str, ...]  # further keys to customers

    @property
    def label(self) -> str:
        """The model's name."""
        return str(self.model._meta.label_lower)

    def rows(self) -> QuerySet[Any]:
        """What it holds of this business."""
        rows: QuerySet[Any] = self.model.objects.order_by()
        return rows


@transaction.atomic
def merge_customers(
    *,
    source: Customer,
    target: Customer,
    by: Actor,
    fields: Mapping[str, str] | None = None,
    batch: UUID | None = None,
) -> CustomerMerge:
    """Give all that `source` has to `target`, who stays.

    `fields` says whose value stands where both have one (`choosing.py`): "source" or "target". Raises
    `CannotMergeCustomers`, `UnknownChoice`.
    """
    source, target = _locked(source, target)
    if source.pk == target.pk:
        raise CannotMergeCustomers(_("Choose somebody else: this is the same customer."))
    if source.merged_into_id or target.merged_into_id:
        raise CannotMergeCustomers(_("One of them was merged meanwhile. Look again."))
    before = {"source": fields_of(source), "target": fields_of(target)}
    chosen = choose(source, target, fields or {})
    said = consents.join(source, target)
    swapped = _swap(chosen, source, target)
    moved = _move_all(source, target)
    put(target, source, chosen)
    target.save(update_fields=CHOSEN)
    source.merged_into = target
    source.save(update_fields=["merged_into", "updated_at"])
    made: CustomerMerge = CustomerMerge.objects.create(
        source=source,
        target=target,
        before=before | {"source_after": fields_of(source)},
        after=fields_of(target),
        moved=moved,
        swapped=swapped,
        consents=said,
        fields=dict(fields or {}),
        batch=batch,
        made_by=by.membership,
        made_by_label=by.label[:150],
    )
    audit.record("customer.merged", target=target, by=by, other=str(source))
    _tell_both(source, target)
    return made


def _tell_both(source: Customer, target: Customer) -> None:
    """Let open pages read them anew, and open chats look again at whose they are."""
    for customer in (source, target):
        tell(customer.pk)
        events.publish(WHOSE, {}, visitor=customer.pk, audience="visitor")


def _locked(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk, other.pk]).order_by("pk")
    known = {row.pk: row for row in rows}
    return known[one.pk], known[other.pk]


@cache
def tables() -> tuple[Table, ...]:
    """Every table with rows of a customer; one with two keys to customers stands there twice."""
    found = []
    for relation in Customer._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        is_ours = (relation.one_to_many or relation.one_to_one) and relation.auto_created
        if is_ours and not relation.concrete and model not in OWN and not model._meta.auto_created:
            found.append(_table(model, relation.field.name))  # type: ignore[union-attr]
    return tuple(sorted(found, key=lambda one: (one.name, one.field)))


def _table(model: Any, field: str) -> Table:
    once = tuple(
        one for one in model._meta.constraints if isinstance(one, UniqueConstraint) and field in one.fields
    )
    keys = [one.name for one in model._meta.concrete_fields if one.related_model is Customer]
    name = model._meta.label_lower if keys == [field] else f"{model._meta.label_lower}.{field}"
    return Table(model, field, name, once, tuple(key for key in keys if key != field))


def _held(customer: Customer) -> dict[Table, list[UUID]]:
    """The rows of a customer in every table, by one question."""
    every = [
        one.rows().filter(**{one.field: customer}).values_list(Value(place), "pk")
        for place, one in enumerate(tables())
    ]
    found: dict[Table, list[UUID]] = {}
    for place, pk in every[0].union(*every[1:], all=True):
        found.setdefault(tables()[place], []).append(pk)
    return found


def counts(customer: Customer) -> dict[Table, int]:
    """How many rows of a customer's would move, by table."""
    return {one: len(ids) for one, ids in _held(customer).items()}


def _move_all(source: Customer, target: Customer) -> dict[str, list[str]]:
    """Let rows belong to the other, except where he has the same already; returns which."""
    moved = {}
    for one, ids in _held(source).items():
        movable = _without_same(one, ids, target) if one.once or one.others else ids
        if went := _give(one, movable, source, target):
            moved[one.name] = [str(pk) for pk in went]
    return moved


def _without_same(one: Table, ids: list[UUID], target: Customer) -> list[UUID]:
    rows = one.rows().filter(pk__any=ids)
    for constraint in one.once:
        others = [name for name in constraint.fields if name not in {one.field, "tenant"}]
        same = one.rows().filter(**{one.field: target}, **{name: OuterRef(name) for name in others})
        if constraint.condition is not None:
            clashes = Q(Exists(same.filter(constraint.condition))) & constraint.condition
            rows = rows.exclude(pk__in=one.rows().filter(clashes, pk__any=ids).values("pk"))
        else:
            rows = rows.exclude(Exists(same))
    for key in one.others:  # nobody has to do with himself
        rows = rows.exclude(**{key: target})
    return list(rows.values_list("pk", flat=True))


def _give(one: Table, ids: list[UUID], giver: Customer, taker: Customer) -> list[UUID]:
    """Let rows belong to somebody else; what the database refuses stays where it is. Returns which went."""
    if not ids:
        return []
    rows = one.rows().filter(pk__any=ids, **{one.field: giver})
    try:
        with transaction.atomic():
            rows.update(**{one.field: taker})
    except IntegrityError:
        if len(ids) == 1:
            return []
        return [pk for each in ids for pk in _give(one, [each], giver, taker)]
    return ids


def _swap(chosen: Chosen, source: Customer, target: Customer) -> list[list[str]]:
    """Where both have a preference about one topic and the source's was chosen: each gets the other's."""
    swapped = []
    for topic, (theirs, ours) in conflicting(source, target).items():
        if chosen[f"preferences.{topic}"] == "source":
            _exchange(theirs.pk, ours.pk, topic, source, target)
            swapped.append([str(theirs.pk), str(ours.pk)])
    return swapped


def _exchange(one: UUID, other: UUID, topic: str, here: Customer, there: Customer) -> None:
    """Let a preference `one` of `here` and another of `there` change sides: a topic has its place once."""
    rows = Preference.objects.order_by()
    rows.filter(pk=other).update(topic=f"~{other}")
    rows.filter(pk=one).update(customer=there)
    rows.filter(pk=other).update(customer=here, topic=topic)


def fields_of(customer: Customer) -> dict[str, Any]:
    """A customer's own row as it is, as JSON."""
    return {
        one.attname: _as_json(getattr(customer, one.attname))
        for one in customer._meta.concrete_fields
        if one.attname not in FIXED and not one.generated
    }


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | dict | list) else str(value)


def _field(name: str) -> Any:
    return next(one for one in Customer._meta.concrete_fields if name in {one.attname, one.name})


def join(one: Customer, other: Customer) -> Customer:
    """Make one of two whom something certain shows to be one person; returns who stays: who came first.

    Not where a colleague said that these are two people: then the first of the given stays apart.
    """
    if likeness.are_different(one, other):
        return one
    target, source = sorted([one, other], key=lambda customer: customer.pk)
    merge_customers(source=source, target=target, by=Actor.system())
    target.refresh_from_db()
    return target


# --- apart again ---


def undoable(customer: Customer) -> QuerySet[CustomerMerge]:
    """Who was merged into a customer lately, the latest first."""
    lately = CustomerMerge.objects.filter(
        target=customer, undone_at=None, made_at__gt=timezone.now() - UNDO_FOR
    )
    return lately.select_related("source").order_by("-id")


@transaction.atomic
def undo_merge(*, made: CustomerMerge, by: Actor) -> Customer:
    """Make two of them again: what moved goes back, and what came since by an address goes with it.

    What was changed since stays changed. Returns the one who is back. Raises `CannotPart`.
    """
    made = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=made.pk)
    source, target = _locked(made.source, made.target)
    _check(made, source, target)
    for one, ids in _going(made).items():
        _give(one, list(ids), target, source)
    for theirs, ours in made.swapped:
        _swap_back(theirs, ours, source, target)
    if made.consents:
        consents.part(source, target, made.consents)
    _restore(source, made.before["source"], made.before.get("source_after", {}), merged_into=None)
    _restore(target, made.before["target"], made.after)
    _restore_contact(made, source, target)
    customers_parted.send(CustomerMerge, made=made)
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    _forget_decision(source, target)
    ring(look_at, source.tenant_id, source.pk, target.pk)
    audit.record("customer.parted", target=target, by=by, other=str(source))
    _tell_both(source, target)
    source.refresh_from_db()
    return source


def _check(made: CustomerMerge, source: Customer, target: Customer) -> None:
    """Whether it can still be taken back. Raises `CannotPart`."""
    if made.undone_at or source.merged_into_id != target.pk:
        raise CannotPart(_("This was taken back before."))
    if made.made_at <= timezone.now() - UNDO_FOR:
        raise CannotPart(_("This can be taken back for 30 days only."))
    later = CustomerMerge.objects.filter(target=target, undone_at=None, pk__gt=made.pk)
    if target.merged_into_id or later.exists():
        raise CannotPart(_("Take back first what was merged afterwards."))


def _going(made: CustomerMerge) -> dict[Table, set[UUID]]:
    """What is the source's: what moved, what came since by one of his addresses, and what hangs on it."""
    going = {one: {UUID(pk) for pk in made.moved.get(one.name, [])} for one in tables()}
    addresses = [pk for one in tables() if one.model is Identity for pk in going[one]]
    for one, name in _keys(Identity):
        going[one] |= _named(made, one, name, addresses)
    hung = {pk for one, _name in _keys(Identity) for pk in going[one]}
    while hung:
        came: set[UUID] = set()
        for one, name in _references():
            new = _named(made, one, name, hung) - going[one]
            going[one] |= new
            came |= new
        hung = came
    moved = {pk for one in tables() for pk in going[one]}
    for one in tables():
        if one.model is TimelineEntry:  # what was told since of a thing that moved
            going[one] |= _named(made, one, "object_id", moved)
    return going


def _named(made: CustomerMerge, one: Table, name: str, ids: Iterable[UUID]) -> set[UUID]:
    """Rows of the target's that name one of some others and were made since two became one."""
    rows = one.rows().filter(**{one.field: made.target_id, f"{name}__any": list(ids)}, pk__gt=made.pk)
    return set(rows.values_list("pk", flat=True))


@cache
def _keys(to: type[Model]) -> tuple[tuple[Table, str], ...]:
    return tuple(
        (one, key.attname)
        for one in tables()
        for key in one.model._meta.concrete_fields
        if isinstance(key, ForeignKey) and key.related_model is to
    )


@cache
def _references() -> tuple[tuple[Table, str], ...]:
    """By what rows of customers name other rows of customers, with a key or without."""
    models = {one.model for one in tables()} - {Identity}
    keys = [pair for model in models for pair in _keys(model)]
    soft = [
        (one, field.attname)
        for one in tables()
        for field in one.model._meta.concrete_fields
        if field.name in SOFT and isinstance(field, UUIDField)
    ]
    return tuple(keys + soft)


def _swap_back(theirs: str, ours: str, source: Customer, target: Customer) -> None:
    """Each its own preference again, where both still lie where the merge put them."""
    rows = Preference.objects.in_bulk([UUID(theirs), UUID(ours)])
    one, other = rows.get(UUID(theirs)), rows.get(UUID(ours))
    if other is None or other.customer_id != source.pk:
        return
    if one is not None and one.customer_id == target.pk and one.topic == other.topic:
        _exchange(one.pk, other.pk, other.topic, target, source)
    elif one is None and not Preference.objects.filter(customer=target, topic=other.topic).exists():
        Preference.objects.filter(pk=other.pk).update(customer=target)


def _restore(customer: Customer, before: dict[str, Any], after: dict[str, Any], **values: Any) -> None:
    """A customer's own row as it was, except for what was changed since."""
    now = fields_of(customer)
    back = [name for name in before if name not in after or now.get(name) == after[name]]
    values |= {name: _field(name).to_python(before[name]) for name in back}
    Customer.objects.filter(pk=customer.pk).update(**values)


def _heard_since(made: CustomerMerge, customer: Customer) -> TimelineEntry | None:
    """The last message that is his and came since two were made one."""
    messages = TimelineEntry.objects.filter(
        customer=customer, kind=TimelineEntry.Kind.MESSAGE_IN, happened_at__gt=made.made_at
    )
    found: TimelineEntry | None = messages.order_by("-happened_at", "-id").first()
    return found


def _restore_contact(made: CustomerMerge, source: Customer, target: Customer) -> None:
    """When and where each last wrote, now that each has his own messages again."""
    wrote = {who.pk: _heard_since(made, who) for who in (source, target)}
    for who, side in ((source, "source"), (target, "target")):
        if last := wrote[who.pk]:
            values = {"last_contact_at": last.happened_at, "last_contact_channel": last.channel}
            Customer.objects.filter(pk=who.pk, last_contact_at__lt=last.happened_at).update(**values)
        elif side == "target" and wrote[source.pk]:
            before = made.before[side]
            values = {name: _field(name).to_python(before[name]) for name in CONTACT}
            Customer.objects.filter(pk=who.pk).update(**values)


def _forget_decision(one: Customer, other: Customer) -> None:
    """Who takes it back no longer says that they are the same."""
    first, second = sorted([one.pk, other.pk])
    pairs = Likeness.objects.filter(first_id=first, second_id=second, state=Likeness.State.SAME)
    pairs.update(state=Likeness.State.SUGGESTED, decided_at=None, decided_by_label="")


# --- what colleagues say ---


@transaction.atomic
def say_same(
    *,
    pair: Likeness,
    by: Actor,
    keep: Customer | None = None,
    fields: Mapping[str, str] | None = None,
    batch: UUID | None = None,
) -> CustomerMerge:
    """A colleague says that these are one person: who came first stays, or the one given.

    Raises `CannotMergeCustomers`.
    """
    pair = Likeness.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    source, target = pair.second, pair.first
    if keep is not None and keep.pk == pair.second_id:
        source, target = target, source
    made = merge_customers(source=source, target=target, by=by, fields=fields, batch=batch)
    _decide(pair, Likeness.State.SAME, by)
    return made


@transaction.atomic
def merge_chosen(
    *, source: Customer, target: Customer, fields: Mapping[str, str], by: Actor
) -> CustomerMerge:
    """Make one of two whom somebody compared; a suggestion about them is decided by that.

    Raises `CannotMergeCustomers`, `UnknownChoice`.
    """
    made = merge_customers(source=source, target=target, fields=fields, by=by)
    first, second = sorted([source.pk, target.pk])
    for pair in Likeness.objects.filter(first_id=first, second_id=second, state=Likeness.State.SUGGESTED):
        _decide(pair, Likeness.State.SAME, by)
    return made


def merge_certain(pairs: QuerySet[Likeness], *, by: Actor) -> Batch:
    """Make one of each of some pairs, those alone in which an address was shown to be theirs.

    Some at a time; who of them was merged meanwhile is left out. All can be taken back together.
    """
    certain = pairs.filter(state=Likeness.State.SUGGESTED, is_certain=True, score__gte=SURE)
    batch, done = uuid7(), 0
    for pair in certain.order_by("-score", "-id").select_related("first", "second")[:MOST_AT_ONCE]:
        try:
            with transaction.atomic():
                say_same(pair=pair, by=by, batch=batch)
        except CannotMergeCustomers:
            continue
        done += 1
    return Batch(batch, done, certain.count())


def undo_batch(batch: UUID, *, by: Actor) -> tuple[int, int]:
    """Take back what one press of a button merged: how many of how many could be."""
    merges = list(CustomerMerge.objects.filter(batch=batch, undone_at=None).order_by("-id"))
    done = 0
    for made in merges:
        try:
            undo_merge(made=made, by=by)
        except CannotPart:
            continue
        done += 1
    return done, len(merges)


@transaction.atomic
def say_different(*, pair: Likeness, by: Actor) -> None:
    """A colleague says that these are two people: nobody is asked again, and nothing joins them by itself."""
    pair = Likeness.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if pair.state == Likeness.State.SUGGESTED:
        _decide(pair, Likeness.State.DIFFERENT, by)
        audit.record("customer.told_apart", target=pair.first, by=by, other=str(pair.second))


@transaction.atomic
def ask_again(*, pair: Likeness, by: Actor) -> None:
    """Take back that these are two people."""
    if Likeness.objects.filter(pk=pair.pk, state=Likeness.State.DIFFERENT).update(
        state=Likeness.State.SUGGESTED, decided_at=None, decided_by_label=""
    ):
        audit.record("customer.asked_again", target=pair.first, by=by, other=str(pair.second))
        tell(pair.first_id)
        tell(pair.second_id)


def _decide(pair: Likeness, state: str, by: Actor) -> None:
    pair.state, pair.decided_at, pair.decided_by_label = state, timezone.now(), by.label[:150]
    pair.save(update_fields=["state", "decided_at", "decided_by_label"])
    tell(pair.first_id)
    tell(pair.second_id)
