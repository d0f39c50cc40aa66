"""Making one customer out of two who are the same person, and two again: exactly, for a month.

Whatever table points at customers goes along without being named here. What moved is written down row by
row; what came later goes with the address it came by.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import likeness
from crm.actions.customers import tell
from crm.models import Customer, CustomerMerge, Identity, Likeness
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.refusals import Conflicting, Refused

UNDO_FOR = timedelta(days=30)
WHOSE = "whose"  # the event by which a chat learns that it belongs to another customer
OWN = (Customer, CustomerMerge, Likeness)
KEPT = (
    "name",
    "name_confirmed",
    "company",
    "language",
    "timezone",
    "attributes",
    "last_contact_at",
    "last_contact_channel",
)


class CannotMergeCustomers(Refused):
    """These cannot be made one; the sentence says why."""


class CannotPart(Conflicting):
    """It can no longer be taken back; the sentence says why."""


@transaction.atomic
def merge_customers(*, source: Customer, target: Customer, by: Actor) -> CustomerMerge:
    """Give all that `source` has to `target`, who stays. Raises `CannotMergeCustomers`."""
    source, target = _locked(source, target)
    if source.pk == target.pk:
        raise CannotMergeCustomers(_("Choose somebody else: this is the same customer."))
    if source.merged_into_id or target.merged_into_id:
        raise CannotMergeCustomers(_("One of them was merged meanwhile. Look again."))
    before = {"source": _fields(source), "target": _fields(target)}
    moved = {table(model): _move(model, field, source, target) for model, field in tables()}
    _complete(target, source)
    source.merged_into = target
    source.save(update_fields=["merged_into", "updated_at"])
    made: CustomerMerge = CustomerMerge.objects.create(
        source=source,
        target=target,
        before=before,
        after=_fields(target),
        moved=moved,
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


def tables() -> list[tuple[type[Model], str]]:
    """Every model with rows of a customer, and the field that says whose."""
    found = []
    for relation in Customer._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        is_ours = relation.one_to_many and relation.auto_created and not relation.concrete
        if is_ours and model not in OWN and not model._meta.auto_created:
            found.append((model, relation.field.name))  # type: ignore[union-attr]
    return sorted(found, key=lambda pair: table(pair[0]))


def table(model: type[Model]) -> str:
    """The name under which rows of a model are written down."""
    return model._meta.label_lower


def _rows(model: Any) -> QuerySet[Any]:
    """What a table holds of this business."""
    rows: QuerySet[Any] = model.objects.all()
    return rows


def _move(model: type[Model], field: str, source: Customer, target: Customer) -> list[str]:
    """Let rows belong to the other, except where he has the same already; returns which."""
    rows: QuerySet[Any] = _rows(model).filter(**{field: source})
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and field in constraint.fields:
            others = [name for name in constraint.fields if name not in {field, "tenant"}]
            same = _rows(model).filter(**{field: target}, **{name: OuterRef(name) for name in others})
            rows = rows.exclude(Exists(same))
    ids = list(rows.values_list("pk", flat=True))
    _rows(model).filter(pk__in=ids).update(**{field: target})
    return [str(pk) for pk in ids]


def _fields(customer: Customer) -> dict[str, Any]:
    values = {name: getattr(customer, name) for name in KEPT}
    return values | {"last_contact_at": customer.last_contact_at.isoformat()}


def _complete(target: Customer, source: Customer) -> None:
    """What the one lacks the other gives; a name that a person entered stays before one that nobody did."""
    if source.name and (not target.name or (source.name_confirmed and not target.name_confirmed)):
        target.name, target.name_confirmed = source.name, source.name_confirmed
    for name in ("company", "language", "timezone"):
        setattr(target, name, getattr(target, name) or getattr(source, name))
    target.attributes = {**source.attributes, **target.attributes}
    if source.last_contact_at > target.last_contact_at:
        target.last_contact_at = source.last_contact_at
        target.last_contact_channel = source.last_contact_channel or target.last_contact_channel
    target.save(update_fields=[*KEPT, "updated_at"])


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
    if made.undone_at or source.merged_into_id != target.pk:
        raise CannotPart(_("This was taken back before."))
    if made.made_at <= timezone.now() - UNDO_FOR:
        raise CannotPart(_("This can be taken back for 30 days only."))
    if target.merged_into_id:
        raise CannotPart(_("Take back first what was merged afterwards."))
    moved = {model: made.moved.get(table(model), []) for model, _field in tables()}
    came_since = _came_by(moved[Identity], target)
    for model, field in tables():
        rows = _rows(model).filter(Q(pk__in=moved[model]) | Q(pk__in=came_since.get(model, [])))
        rows.filter(**{field: target}).update(**{field: source})
    _restore(target, made)
    source.merged_into = None
    source.last_contact_at = max(source.last_contact_at, _last_heard(source))
    source.save(update_fields=["merged_into", "last_contact_at", "updated_at"])
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    _forget_decision(source, target)
    audit.record("customer.parted", target=target, by=by, other=str(source))
    _tell_both(source, target)
    return source


def _came_by(addresses: list[str], target: Customer) -> dict[type[Model], list[UUID]]:
    """Rows that name one of some addresses, and the rows that hang on those."""
    found: dict[type[Model], list[UUID]] = {}
    hung: list[UUID] = []
    for model, field in tables():
        names = [one.name for one in model._meta.concrete_fields if one.related_model is Identity]
        for name in names:
            rows = _rows(model).filter(**{field: target, f"{name}__in": addresses})
            found[model] = list(rows.values_list("pk", flat=True))
            hung += found[model]
    for model, field in tables():
        if any(one.name == "context_id" for one in model._meta.concrete_fields):
            rows = _rows(model).filter(**{field: target}, context_id__in=hung)
            found[model] = list(rows.values_list("pk", flat=True))
    return found


def _restore(target: Customer, made: CustomerMerge) -> None:
    now, before, after = _fields(target), made.before["target"], made.after
    for name in KEPT:
        if now[name] == after[name] and before[name] != after[name]:
            value = before[name]
            setattr(target, name, datetime.fromisoformat(value) if name == "last_contact_at" else value)
    target.save(update_fields=[*KEPT, "updated_at"])


def _last_heard(source: Customer) -> datetime:
    last = source.timeline.filter(kind="message_in").order_by("-happened_at").first()  # type: ignore[attr-defined]
    return last.happened_at if last else source.last_contact_at


def _forget_decision(one: Customer, other: Customer) -> None:
    """Who takes it back no longer says that they are the same."""
    first, second = sorted([one.pk, other.pk])
    pairs = Likeness.objects.filter(first_id=first, second_id=second, state=Likeness.State.SAME)
    pairs.update(state=Likeness.State.SUGGESTED, decided_at=None, decided_by_label="")


# --- what colleagues say ---


@transaction.atomic
def say_same(*, pair: Likeness, by: Actor, keep: Customer | None = None) -> CustomerMerge:
    """A colleague says that these are one person: who came first stays, or the one given.

    Raises `CannotMergeCustomers`.
    """
    pair = Likeness.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    source, target = pair.second, pair.first
    if keep is not None and keep.pk == pair.second_id:
        source, target = target, source
    made = merge_customers(source=source, target=target, by=by)
    _decide(pair, Likeness.State.SAME, by)
    return made


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
