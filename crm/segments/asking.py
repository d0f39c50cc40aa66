"""Who is in a segment, why, and who came and went: narrowed to whom the actor sees."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm import queries
from crm.models import Customer, Segment, SegmentChange
from crm.segments import compile as compiling
from crm.segments.compile import Reason
from crm.segments.params import Names
from tenants.actors import Actor
from tenants.permissions import Sees


def condition(segment: Segment) -> Q:
    """A segment as a condition on Customer: for lists, exports and whoever else narrows customers."""
    return compiling.in_segment(segment, compiling.context_of())


def customers_of(segment: Segment, actor: Actor) -> QuerySet[Customer]:
    """The customers in a segment now whom an actor sees."""
    return compiling.customers(condition(segment), actor)


def count_of(segment: Segment, actor: Actor) -> compiling.Counted:
    """How many they are: as last gone through for whoever sees everybody, else counted now."""
    if actor.sees == Sees.ALL and segment.count is not None and not compiling.problems(segment, Names()):
        return compiling.Counted(segment.count, is_exact=True)
    return compiling.count_in(segment, actor)


def why(segment: Segment, customer: Customer) -> tuple[bool, list[Reason]]:
    """Whether a customer is in a segment, and what he meets of its rule."""
    names = Names()
    is_in = bool(compiling.segments_of(customer, [segment], names))
    if segment.is_list:
        return is_in, []
    return is_in, compiling.why(segment.rule, [customer.pk], names).get(customer.pk, [])


def changes_of(segment: Segment, actor: Actor) -> QuerySet[SegmentChange]:
    """Who entered and who left, of those whom an actor sees."""
    seen: Any = queries.customers_visible_to(actor).filter(pk=OuterRef("customer_id"))
    return SegmentChange.objects.filter(Exists(seen), segment=segment)


def segments_with(customer: Customer) -> list[Segment]:
    """The segments in which a customer is now."""
    return compiling.segments_of(customer, list(Segment.objects.standing()), Names())


def find(segment_id: UUID) -> Segment | None:
    """A segment that was not put away."""
    found: Segment | None = Segment.objects.standing().filter(pk=segment_id).first()
    return found
