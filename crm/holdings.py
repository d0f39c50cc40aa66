"""What a business holds of one customer, found by walking the models.

A table hangs on a customer when it has a key to him, or a cascading key to a table that hangs on him: no
table is named here, so that one added later is in every archive and goes with every erasure by itself.
What the walk cannot know, the apps above say when they start: which keys that may be empty bind all the
same, how a part is called and shown, what is still running.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import FileField, Model, Q, QuerySet

from crm.models import Customer
from tenants.db.fields import CASCADE, TenantForeignKey
from tenants.scoping import TenantOwned

BATCH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A table that hangs on a customer, and the ways from its rows to him."""

    model: Any
    paths: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    def rows(self, people: Sequence[UUID]) -> QuerySet[Any]:
        """The rows of some customers."""
        condition = Q()
        for path in self.paths:
            condition |= Q(**{f"{path}__in": people})
        found: QuerySet[Any] = self.model.objects.filter(condition)
        return found

    def batches(self, people: Sequence[UUID]) -> Iterator[Any]:
        """All rows in the order they were made, some hundred at a time."""
        last = UUID(int=0)
        while True:
            ids = list(
                self.rows(people).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
            )
            ids = sorted(set(ids))
            if not ids:
                return
            yield from self.model.objects.filter(pk__in=ids).order_by("pk")
            last = ids[-1]

    def files(self) -> list[FileField]:
        """The fields that hold files."""
        return [one for one in self.model._meta.concrete_fields if isinstance(one, FileField)]


# --- what apps say ---


@dataclass(frozen=True, slots=True)
class Shown:
    """How a part is called and which of its fields people read."""

    title: Any
    fields: tuple[str, ...] = ()
    order: int = 500


Running = Callable[[Sequence[UUID]], Iterable[str]]
Along = Callable[[Sequence[UUID]], None]
Cut = Callable[[Any, Sequence[UUID]], Any]


@dataclass(slots=True)
class _Known:
    shown: dict[str, Shown] = field(default_factory=dict)
    binding: set[tuple[str, str]] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    running: list[Running] = field(default_factory=list)
    unrelated: dict[str, str] = field(default_factory=dict)
    settled: dict[str, Q] = field(default_factory=dict)
    along: dict[str, list[Along]] = field(default_factory=dict)
    cut: dict[tuple[str, str], Cut] = field(default_factory=dict)


_known = _Known()


def show(label: str, title: Any, fields: Sequence[str] = (), order: int = 500) -> None:
    """Say how a part is called (`app.model`) and what of it people read, in which place."""
    _known.shown[label] = Shown(title, tuple(fields), order)


def bind(label: str, key: str) -> None:
    """Say that a key which may be empty binds its row to the customer all the same."""
    _known.binding.add((label, key))
    parts.cache_clear()


def keep_emptied(label: str) -> None:
    """Say that rows of a table stay after an erasure, without a word of the customer."""
    _known.kept.add(label)


def tell_running(told: Running) -> None:
    """Say what is still running with some customers: sentences for whoever thinks of erasing them."""
    if told not in _known.running:
        _known.running.append(told)


def take_along(label: str, taken: Along) -> None:
    """Say what else goes with rows of a table, by their identifiers, where no key points at them."""
    if taken not in _known.along.setdefault(label, []):
        _known.along[label].append(taken)


def leave(label: str, why: str) -> None:
    """Say that a table outside holds no traces of customers, and why."""
    _known.unrelated[label] = why


def search_when(label: str, condition: Q) -> None:
    """Say which rows of a table are searched for traces: what waits to be read is not."""
    _known.settled[label] = condition


def cut_out(label: str, name: str, cut: Cut) -> None:
    """Say how customers are taken out of a field that tells of many, where it is not to be emptied."""
    _known.cut[label, name] = cut


def cutting(label: str, name: str) -> Cut | None:
    """How customers are taken out of a field; None where it is emptied."""
    return _known.cut.get((label, name))


def shown(label: str) -> Shown:
    """How a part is called; what nobody named by its own name, at the end."""
    known = _known.shown.get(label)
    return known or Shown(str(apps.get_model(label)._meta.verbose_name_plural).capitalize(), (), 900)


def has_name(label: str) -> bool:
    """Whether a part is called by a name that people know."""
    return label in _known.shown


def is_kept(label: str) -> bool:
    """Whether rows of a table stay, emptied."""
    return label in _known.kept


def go_along(label: str, ids: Sequence[UUID]) -> None:
    """Remove what goes with some rows that are about to go."""
    for taken in _known.along.get(label, ()):
        taken(ids)


def running(people: Sequence[UUID]) -> list[str]:
    """What is still running with some customers."""
    return [sentence for told in _known.running for sentence in told(people)]


# --- the walk ---


@cache
def parts() -> tuple[Part, ...]:
    """Every table that hangs on customers, each behind those that hang on it."""
    ways: dict[Any, tuple[str, ...]] = {Customer: ("",)}
    models = [
        model for model in apps.get_models() if issubclass(model, TenantOwned) and model is not Customer
    ]
    while True:
        found = {model: _ways(model, ways) for model in models if model not in ways}
        found = {model: paths for model, paths in found.items() if paths}
        if not found:
            break
        ways.update(found)
    del ways[Customer]
    hanging = TopologicalSorter(
        {model: [other for other in ways if other is not model and _points(other, model)] for model in ways}
    )
    return tuple(Part(model, ways[model]) for model in hanging.static_order())


def _points(model: Any, to: Any) -> bool:
    return any(key.related_model is to for key in _binding_keys(model))


def _binding_keys(model: Any) -> list[TenantForeignKey]:
    """The keys by which a row belongs to another."""
    label = model._meta.label_lower
    return [
        key
        for key in model._meta.concrete_fields
        if isinstance(key, TenantForeignKey)
        and (
            key.related_model is Customer
            or key.db_on_delete == CASCADE
            or (label, key.name) in _known.binding
        )
    ]


def _binding_keys_in(model: Any, hanging: set[Any]) -> list[TenantForeignKey]:
    return [key for key in _binding_keys(model) if key.related_model in hanging | {Customer}]


def _ways(model: Any, ways: dict[Any, tuple[str, ...]]) -> tuple[str, ...]:
    """From a model's rows to the customer: directly where it has a key, else by what it hangs on."""
    keys = [key for key in _binding_keys(model) if key.related_model in ways]
    direct = tuple(key.name for key in keys if key.related_model is Customer)
    if direct:
        return direct
    return tuple(
        f"{key.name}__{path}" for key in keys for path in ways[key.related_model][:2] if key.related_model
    )


def people_of(customer: Customer) -> list[UUID]:
    """A customer and everybody who turned out to be he."""
    found, asked = [customer.pk], [customer.pk]
    while asked:
        merged = Customer.objects.filter(merged_into_id__in=asked).exclude(pk__in=found)
        asked = list(merged.values_list("pk", flat=True))
        found += asked
    return found


def counts(people: Sequence[UUID]) -> list[tuple[str, Any, int]]:
    """How many rows each part has of some customers: label, title, number; nothing of what has none."""
    found = [(part.label, part.rows(people).values("pk").distinct().count()) for part in parts()]
    ordered = sorted(found, key=lambda one: (shown(one[0]).order, one[0]))
    return [(label, shown(label).title, number) for label, number in ordered if number]


# --- traces elsewhere ---


def elsewhere() -> list[tuple[Any, list[Any], Q]]:
    """Tables that hang on no customer and may still name one: model, personal fields, which rows."""
    hanging = {part.model for part in parts()}
    loose = {model for model in hanging if all(key.null for key in _binding_keys_in(model, hanging))}
    found = []
    for model in apps.get_models():
        label = model._meta.label_lower
        personal = getattr(model, "personal_data", ())
        if not issubclass(model, TenantOwned) or model is Customer or not personal:
            continue
        if (model in hanging and model not in loose) or label in _known.unrelated:
            continue
        named = [name for name in personal if not name.endswith("_label")]  # those are colleagues
        fields = [model._meta.get_field(name) for name in named]
        if not fields:
            continue
        found.append((model, fields, _known.settled.get(label, Q())))
    return found


def empty_value(column: Any, row_id: UUID | None = None) -> Any:
    """What a field holds when it says nothing: null, the default, or the row's id where it must differ."""
    if column.null:
        return None
    if column.get_internal_type() == "BinaryField":
        return b""
    if column.has_default() and not column.choices:
        return column.get_default()
    return str(row_id)[: column.max_length] if column.unique and row_id else ""


def holds_words(column: Any) -> bool:
    """Whether a field can hold what somebody wrote: no key, choice, number, date or identifier."""
    kind = column.get_internal_type()
    texts = {"CharField", "TextField", "JSONField", "BinaryField", "FileField", "GenericIPAddressField"}
    return not column.choices and (kind in texts or kind == "ArrayField")


def model_of(label: str) -> type[Model]:
    """The model of a part."""
    return apps.get_model(label)
