"""Which customers and which lines of their history a narrowed member sees.

The apps above know what visibility follows (conversations), so they register it here.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from crm.models import FollowUp
from tenants.actors import Actor
from tenants.permissions import Sees

Filter = Callable[[Actor], Q]
_customer_filters: list[Filter] = []
_context_filters: list[Filter] = []


def register(*, customers: Filter, contexts: Filter) -> None:
    """Say what narrowed members see; called once from an app's `ready()`.

    `customers(actor)` is a condition on Customer, such as `Q(id__in=<subquery of customer ids>)`;
    `contexts(actor)` a condition on anything with `context_id`, such as `Q(context_id__in=<subquery>)`.
    Both are asked only for members who do not see everything.
    """
    if customers not in _customer_filters:
        _customer_filters.append(customers)
        _context_filters.append(contexts)


def narrow_customers(queryset: QuerySet, actor: Actor) -> QuerySet:  # type: ignore[type-arg]
    """The customers an actor sees: besides the registered ones, those he made or has to follow up."""
    if actor.sees == Sees.ALL:
        return queryset
    condition = Q(created_by_id=actor.membership_id)
    condition |= Q(id__in=FollowUp.objects.filter(assignee_id=actor.membership_id).values("customer_id"))
    for registered in _customer_filters:
        condition |= registered(actor)
    return queryset.filter(condition)


def narrow_contexts(queryset: QuerySet, actor: Actor) -> QuerySet:  # type: ignore[type-arg]
    """Rows that belong to no conversation, or to one the actor sees."""
    if actor.sees == Sees.ALL:
        return queryset
    condition = Q(context_id=None)
    for registered in _context_filters:
        condition |= registered(actor)
    return queryset.filter(condition)
