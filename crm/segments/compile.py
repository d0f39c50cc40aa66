"""Rules as conditions on Customer: one statement however deep they go.

A rule that names what is no longer there matches nobody. Counts and samples are of the customers whom the
actor sees, and give up after a while: then a share of all customers, chosen by chance, tells about how many.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import and_, or_
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, transaction
from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Right
from django.utils import timezone
from psycopg.errors import QueryCanceled

from crm import queries
from crm.models import Customer, Segment, SegmentMember
from crm.segments import rules
from crm.segments.params import Names
from crm.segments.periods import Clock
from crm.segments.registry import CONDITIONS, Context, Values
from crm.segments.rules import ALL, ANY, Node, Rule
from tenants.actors import Actor
from tenants.models import Tenant

PATIENCE = 1_500  # milliseconds that a page waits for a count
SAMPLE = 10
SHARE, CHANCE = 256, "a7"  # one customer in so many stands for the others: whose identifier ends so
# Memory for the sets of a rule; indexes, which hold all that is asked, as cheap to read as they are on
# solid disks; and one process, since parallel ones would each build all of the sets.
SETTINGS = {"work_mem": "128MB", "random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}
NOBODY, EVERYBODY = Q(pk__isnull=True), Q(pk__isnull=False)


class Broken(Exception):
    """A rule that names what is no longer there."""


class TooLate(Exception):
    """A question that took longer than anybody waits."""


class Counted(NamedTuple):
    """How many there are: exactly, about, or None when that could not be told in time."""

    count: int | None  # type: ignore[assignment]  # a tuple could count itself, too
    is_exact: bool


def context_of(names: Names | None = None, among: Sequence[UUID] | None = None) -> Context:
    """In what rules of the current business are compiled now."""
    tenant = Tenant.objects.get()
    clock = Clock(timezone.now(), ZoneInfo(tenant.timezone))
    return Context(names or Names(), clock, tenant.currency, None if among is None else tuple(among))


# --- a rule as a condition ---


def compiled(rule: Rule, context: Context) -> Q:
    """The condition on Customer that a rule is; of a broken one, a condition that nobody meets."""
    try:
        return _group_of(rule, context)
    except Broken:
        return NOBODY


def _group_of(rule: Rule, context: Context) -> Q:
    if rules.missing(rule, context.names):
        raise Broken
    return _node(rule["where"], context)


def _node(node: Node, context: Context) -> Q:
    match = rules.match_of(node)
    if not match:
        return condition(node, context)
    parts = [_node(one, context) for one in node[match]]
    if match == ALL:
        return reduce(and_, parts)
    found = reduce(or_, parts)
    return found if match == ANY else ~found


def condition(node: Values, context: Context) -> Q:
    """One condition."""
    return CONDITIONS[node["is"]].q(node, context)


def of_segment(segment: Segment, context: Context) -> Q:
    """The condition that a segment is. Raises `Broken`."""
    if segment.is_list:
        rows = context.rows(SegmentMember.objects.filter(segment=segment))
        return Q(pk__in=rows.values("customer_id"))
    if str(segment.pk) in context.path:
        raise Broken
    return _group_of(segment.rule, _deeper(context, segment))


def _deeper(context: Context, segment: Segment) -> Context:
    path = (*context.path, str(segment.pk))
    return Context(context.names, context.clock, context.currency, context.among, path)


def in_segment(segment: Segment, context: Context) -> Q:
    """The same, of a broken one a condition that nobody meets."""
    try:
        return of_segment(segment, context)
    except Broken:
        return NOBODY


def named_segment(values: Values, context: Context) -> Q:
    """The condition of being in, or not in, another segment. Raises `Broken`."""
    found = of_segment(context.names.of("segment_row")[values["segment"]], context)
    return found if values["op"] == "in" else ~found


def problems(segment: Segment, names: Names) -> list[str]:
    """Why a segment matches nobody although it should, in sentences; nothing is wrong with most."""
    if segment.is_list:
        return []
    found = rules.missing(segment.rule, names)
    for pk in rules.uses(segment.rule, "segment", "segment"):
        other = names.of("segment_row").get(pk)
        if other and not other.is_list and pk != str(segment.pk):
            found += [f"{other}: {problem}" for problem in rules.missing(other.rule, names)]
    return list(dict.fromkeys(found))


# --- asking ---


@contextmanager
def roomy(milliseconds: int | None = None, **more: str) -> Iterator[None]:
    """More memory for the sets of a rule, and an end to waiting. Raises `TooLate` then.

    `more` are further settings of PostgreSQL for the transaction.
    """
    limits = {**SETTINGS, **({"statement_timeout": str(milliseconds)} if milliseconds else {}), **more}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            before = {}
            for name, value in limits.items():
                cursor.execute("SELECT current_setting(%s), set_config(%s, %s, true)", [name, name, value])
                before[name] = cursor.fetchone()[0]
            yield
            for name, value in before.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooLate from error
        raise


def customers(found: Q, actor: Actor) -> QuerySet[Customer]:
    """The customers whom an actor sees and a condition means."""
    return queries.customers_visible_to(actor).filter(found)


def count(rule: Rule, actor: Actor, names: Names, *, patience: int = PATIENCE) -> Counted:
    """How many customers a rule means, told within about twice the patience (milliseconds)."""
    return _counted(lambda context: compiled(rule, context), actor, names, patience)


def count_in(segment: Segment, actor: Actor, *, patience: int = PATIENCE) -> Counted:
    """How many customers are in a segment now."""
    return _counted(lambda context: in_segment(segment, context), actor, Names(), patience)


def _counted(meant: Callable[[Context], Q], actor: Actor, names: Names, patience: int) -> Counted:
    try:
        with roomy(patience):
            return Counted(customers(meant(context_of(names)), actor).count(), is_exact=True)
    except TooLate:
        pass
    try:
        with roomy(patience):
            return Counted(_estimate(meant, actor, names), is_exact=False)
    except TooLate:
        return Counted(None, is_exact=False)


def _estimate(meant: Callable[[Context], Q], actor: Actor, names: Names) -> int:
    """By one customer in `SHARE`: the last digits of an identifier are chance."""
    last = Right(Cast("pk", TextField()), 2)
    seen = queries.customers_visible_to(actor)
    chosen = list(seen.alias(last=last).filter(last=CHANCE).values_list("pk", flat=True))
    context = context_of(names, among=chosen)
    return customers(meant(context), actor).filter(pk__any=chosen).count() * SHARE


def sample(rule: Rule, actor: Actor, names: Names, *, patience: int = PATIENCE) -> list[Customer] | None:
    """A few of them, the latest contact first; None when that could not be told in time."""
    try:
        with roomy(patience):
            found = customers(compiled(rule, context_of(names)), actor)
            return list(found.order_by("-last_contact_at", "-id")[:SAMPLE])
    except TooLate:
        return None


# --- why ---


class Reason(NamedTuple):
    """A condition and whether a customer meets it; what it was that counted, where that can be said."""

    sentence: str
    is_met: bool
    evidence: str


def why(rule: Rule, ids: Sequence[UUID], names: Names) -> Mapping[UUID, list[Reason]]:
    """What each of some customers meets of a rule, condition by condition: one query, and one for each
    condition that shows what counted."""
    nodes = list(rules.walk(rule["where"]))
    context = context_of(names, among=ids)
    if rules.missing(rule, names) or not ids:
        return {}
    met = _met([_safely(node, context) for node in nodes], ids)
    shown = [_evidence(node, context) for node in nodes]
    said = [rules.said(node, names) for node in nodes]
    return {
        customer: [
            Reason(said[number], bool(is_met), shown[number].get(customer, "") if is_met else "")
            for number, is_met in enumerate(row)
        ]
        for customer, row in met.items()
    }


def _safely(node: Node, context: Context) -> Q:
    try:
        return condition(node, context)
    except Broken:
        return NOBODY


def _met(conditions: Sequence[Q], ids: Sequence[UUID]) -> dict[UUID, list[bool]]:
    """Which of some conditions each of some customers meets, in one query."""
    columns = {
        f"c{number}": Case(When(one, then=Value(True)), default=Value(False))
        for number, one in enumerate(conditions)
    }
    rows = Customer.objects.filter(pk__any=list(ids)).annotate(**columns).values_list("pk", *columns)
    return {row[0]: list(row[1:]) for row in rows}


def _evidence(node: Node, context: Context) -> Mapping[UUID, str]:
    known = CONDITIONS[node["is"]]
    return known.evidence(node, context) if known.evidence else {}


def segments_of(customer: Customer, segments: Sequence[Segment], names: Names) -> list[Segment]:
    """Those of some segments in which a customer is now, in one query."""
    context = context_of(names, among=[customer.pk])
    if not segments:
        return []
    met = _met([in_segment(one, context) for one in segments], [customer.pk])
    return [one for one, is_met in zip(segments, met.get(customer.pk, ()), strict=False) if is_met]
