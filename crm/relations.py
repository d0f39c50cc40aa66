"""Whom a customer has to do with."""

from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from crm import queries
from crm.actions.relations import MOST
from crm.models import Customer, RelationEnd
from crm.models.customer import NAMELESS
from tenants.actors import Actor
from tenants.db.prepared import prepared


class _End(NamedTuple):
    relation_id: UUID
    customer_id: UUID
    customer__name: str
    word: str


class Related(NamedTuple):
    """Somebody a customer has to do with: what he is to the customer, and the customer to him."""

    id: UUID  # of the relation
    customer_id: UUID
    name: str
    word: str
    back: str


@prepared(_End)
def _ends(*, customer: UUID, by: Actor) -> QuerySet[RelationEnd]:
    own = RelationEnd.objects.filter(customer_id=customer).values("relation_id")
    seen = Q(customer_id=customer) | Q(customer__in=queries.customers_visible_to(by))
    return RelationEnd.objects.filter(seen, relation_id__in=own).order_by("id")[: 2 * MOST]


def related_to(customer: Customer, actor: Actor) -> list[Related]:
    """The people a customer has to do with whom an actor may see, the latest last."""
    pairs: defaultdict[UUID, list[_End]] = defaultdict(list)
    for end in _ends(customer=customer.pk, by=actor):
        pairs[end.relation_id].append(end)
    found = []
    for relation_id, ends in pairs.items():
        mine = [end for end in ends if end.customer_id == customer.pk]
        others = [end for end in ends if end.customer_id != customer.pk]
        if mine and others:
            [own], [other] = mine, others
            name = other.customer__name or str(NAMELESS)
            found.append(Related(relation_id, other.customer_id, name, other.word, own.word))
    return found
