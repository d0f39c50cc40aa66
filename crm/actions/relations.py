"""Who has to do with whom: wife, assistant, the one who pays."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions.customers import tell
from crm.models import Customer, Relation, RelationEnd
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Refused

MOST = 100  # of one customer


class InvalidRelation(Refused):
    """A relation without a word, with oneself, or one too many."""


@transaction.atomic
def relate(*, customer: Customer, other: Customer, word: str, by: Actor, back: str = "") -> Relation:
    """Write down that `other` is `word` to the customer, and the customer `back` to him.

    The same two with the same words are one relation. Raises `InvalidRelation`.
    """
    word, back = one_line(word, 60), one_line(back, 60)
    if customer.pk == other.pk:
        raise InvalidRelation(_("Choose somebody else: this is the same customer."), "customer_id")
    if not word:
        raise InvalidRelation(_("Say what one is to the other: wife, assistant, seller."), "word")
    both = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[customer.pk, other.pk])
    list(both.order_by("pk"))  # two who say it at once wait for each other
    ends = RelationEnd.objects.filter(customer=customer)
    if ends.count() >= MOST:
        raise InvalidRelation(_("A customer can have at most %(count)s relations.") % {"count": MOST})
    known = Relation.objects.filter(pk__in=ends.filter(word=back).values("relation_id"))
    same: Relation | None = known.filter(ends__customer=other, ends__word=word).first()
    if same is not None:
        return same
    relation: Relation = Relation.objects.create(created_by=by.membership)
    _put_ends(relation, {"customer": back, "other": word}, customer, other)
    return relation


def _put_ends(relation: Relation, words: dict[str, str], customer: Customer, other: Customer) -> None:
    RelationEnd.objects.bulk_create(
        [
            RelationEnd(relation=relation, customer=customer, word=words["customer"]),
            RelationEnd(relation=relation, customer=other, word=words["other"]),
        ]
    )
    tell(customer.pk)
    tell(other.pk)


@transaction.atomic
def unrelate(*, relation: Relation, by: Actor) -> list[dict[str, Any]]:
    """These two have nothing to do with each other. Returns what `relate_again` needs."""
    ends = [
        {"customer_id": str(end.customer_id), "word": end.word}
        for end in RelationEnd.objects.filter(relation=relation).order_by("id")
    ]
    audit.record("relation.deleted", target=relation, by=by)
    relation.delete()
    for end in ends:
        tell(end["customer_id"])  # type: ignore[arg-type]
    return ends


@transaction.atomic
def relate_again(*, ends: list[dict[str, Any]], by: Actor) -> None:
    """Bring back a relation that was taken away; of somebody who is gone meanwhile it stays away."""
    people = Customer.objects.in_bulk([end["customer_id"] for end in ends])
    if len(people) != len(ends) or len(ends) != 2:
        raise InvalidRelation(_("One of the two is gone meanwhile."))
    relation = Relation.objects.create(created_by=by.membership)
    one, two = sorted(people.values(), key=lambda found: str(found.pk) != ends[0]["customer_id"])
    _put_ends(relation, {"customer": ends[0]["word"], "other": ends[1]["word"]}, one, two)
