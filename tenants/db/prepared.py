"""Queries whose SQL is written once.

For the small reads of a page Django takes five times as long to write the SQL as PostgreSQL to answer it.

    class Named(NamedTuple):
        id: UUID
        name: str

    @prepared(Named)
    def labels() -> QuerySet[Label]:
        return Label.objects.all()

    labels()  # [Named(id=…, name="VIP"), …]

Positional arguments shape the SQL: each combination is written once. Keyword arguments are values:
identifiers, texts, moments, lists of identifiers for `__any`, and an `Actor`, of whom `sees` belongs to
the shape. The function sees stand-ins for them, and for the business; where those turn up among the
parameters, the true values are put at each call. A row has the fields of the given tuple, or is an
object of the given model.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, wraps
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

from tenants.actors import Actor
from tenants.scoping import current_tenant_id, standing_in

WRITTEN = 1_024  # statements kept of each query


class Statement(NamedTuple):
    """SQL, and what stands at each place of its parameters: the name of a value, or "" and the value."""

    sql: str
    parameters: tuple[tuple[str, Any], ...]
    compiler: Any
    converters: Any


def prepared[Row](
    row: type[Row], *related: str, without: tuple[str, ...] = (), extra: tuple[str, ...] = ()
) -> Callable[[Callable[..., QuerySet[Any]]], Callable[..., list[Row]]]:
    """Make a function that builds a queryset one that returns its rows, read by SQL written once.

    Of a model: `related` objects come along, those of a path after those on the way; fields `without` which
    it is read are deferred; `extra` names annotations. The new function raises TypeError for a value that
    cannot be a parameter, or did not become one.
    """
    fields, make = _reading(row, related, without, extra)

    def decorate(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Row]]:
        @lru_cache(maxsize=WRITTEN)
        def written(shape: tuple[Any, ...], kinds: tuple[tuple[str, Any], ...]) -> Statement:
            stand_ins = {name: _stand_in(kind) for name, kind in kinds}
            tenant_id = uuid4()
            with standing_in(tenant_id):
                queryset = build(*shape, **stand_ins).values_list(*fields)
                return _write(queryset, {"tenant": tenant_id, **_parameters(stand_ins)})

        @wraps(build)
        def read(*shape: Any, **values: Any) -> list[Row]:
            statement = written(shape, tuple([(name, _kind(value)) for name, value in values.items()]))
            known = _parameters(values)
            if ("tenant", None) in statement.parameters:
                known["tenant"] = current_tenant_id()
            with connection.cursor() as cursor:
                cursor.execute(
                    statement.sql, [known[name] if name else value for name, value in statement.parameters]
                )
                rows = cursor.fetchall()
            if statement.converters:
                rows = statement.compiler.apply_converters(rows, statement.converters)
            return [make(*one) for one in rows]

        return read

    return decorate


def _reading(
    row: Any, related: tuple[str, ...], without: tuple[str, ...], extra: tuple[str, ...]
) -> tuple[tuple[str, ...], Callable[..., Any]]:
    """The fields to read, and what makes a row of them."""
    if not issubclass(row, Model):
        return row._fields, row
    own = [name for name in _names(row) if name not in without]
    others = [(path.rpartition("__"), _model_at(row, path)) for path in related]
    fields = [*own, *extra]
    for path, (_place, model) in zip(related, others, strict=True):
        fields += [f"{path}__{name}" for name in _names(model)]

    def make(*values: Any) -> Any:
        made = row.from_db(DEFAULT_DB_ALIAS, own, values[: len(own)])
        at = len(own)
        for name in extra:
            setattr(made, name, values[at])
            at += 1
        known = {"": made}
        for (before, _line, last), model in others:
            names = _names(model)
            part, at = values[at : at + len(names)], at + len(names)
            one = known[f"{before}__{last}" if before else last] = (
                model.from_db(DEFAULT_DB_ALIAS, names, part)
                if part[names.index(model._meta.pk.attname)]
                else None
            )
            if known[before] is not None:
                setattr(known[before], last, one)
        return made

    return tuple(fields), make


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _model_at(model: Any, path: str) -> Any:
    """The model that a path of keys leads to."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def _kind(value: Any) -> Any:
    """What of a value belongs to the shape."""
    if isinstance(value, Actor):
        return (Actor, value.sees, value.membership is None)
    return list if isinstance(value, list | tuple | set | frozenset) else type(value)


def _stand_in(kind: Any) -> Any:
    """A value of a kind that equals no other."""
    if kind is UUID:
        return uuid4()
    if kind is str:
        return uuid4().hex
    if kind is list:
        return [uuid4()]
    if kind is datetime:
        return datetime.fromtimestamp(uuid4().int % 1_000_000_000 / 1_000, UTC)
    if isinstance(kind, tuple):
        _actor, sees, is_nobody = kind
        member: Any = None if is_nobody else SimpleNamespace(id=uuid4())
        return Actor(uuid4(), "", frozenset(), sees, membership=member, team_ids=frozenset([uuid4()]))
    raise TypeError(f"{kind} belongs to the shape of the query: give it by position")


def _parameters(values: dict[str, Any]) -> dict[str, Any]:
    """The values by name, an actor's one by one."""
    known: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Actor):
            known |= {f"{name}.member": value.membership_id, f"{name}.teams": list(value.team_ids)}
        else:
            known[name] = list(value) if _kind(value) is list else value
    return known


def _write(queryset: QuerySet[Any], stand_ins: dict[str, Any]) -> Statement:
    """The SQL of a queryset, with the names of its values."""
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([expression for expression, *_rest in compiler.select])
    named = tuple(
        next(((name, None) for name, known in stand_ins.items() if _same(known, value)), ("", value))
        for value in parameters
    )
    lost = {name for name in stand_ins if "." not in name} - {"tenant", *dict(named)}
    if lost:
        raise TypeError(f"did not become parameters: {', '.join(sorted(lost))}")
    return Statement(sql, named, compiler, converters)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other
