"""Customers of the same company.

A company is no row of its own: it is what customers have in common when the same name stands in their
`company`, however it is capitalised. Spreadsheets, forms and the API all bring the name as text, and a
table of companies would have to be made, matched, merged and tidied for what is shown here: who else is
there. The text already moves with a merge and comes back with its undo; a column the database keeps
(`company_key`, in an index of its own) makes finding the others as quick as a key would. A company that
must carry facts of its own (terms, an account manager) is the reason to change this.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Lower, Trim

from crm import queries
from crm.models import Customer
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit.text import one_line

OTHERS = 5  # colleagues named beside a customer


class Colleague(NamedTuple):
    """Somebody else of a customer's company."""

    id: UUID
    name: str


def key_of(name: str) -> Any:
    """A company's name as `Customer.company_key` holds it."""
    return Lower(Trim(Value(one_line(name, 150), output_field=CharField())))


def members(name: str, actor: Actor) -> QuerySet[Customer]:
    """The customers of a company whom an actor may see; of no name, nobody."""
    if not one_line(name, 150):
        return Customer.objects.none()
    return queries.customers_visible_to(actor).filter(company_key=key_of(name))


def colleagues(customer: Customer, actor: Actor) -> list[Colleague]:
    """A few others of a customer's company, and one more than are shown if there are more."""
    if not customer.company_key:
        return []
    return _colleagues(customer=customer.pk, key=customer.company_key, by=actor)


@prepared(Colleague)
def _colleagues(*, customer: UUID, key: str, by: Actor) -> QuerySet[Customer]:
    found = queries.customers_visible_to(by).filter(company_key=key).exclude(pk=customer)
    return found.order_by(F("id").desc())[: OTHERS + 1]
