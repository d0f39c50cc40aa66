"""One fact of a customer: set, corrected or forgotten by a person, and taken back as it stood."""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions.customers import note_change, tell, update_customer
from crm.models import Customer
from tenants.actors import Actor
from tenants.refusals import Conflicting


class FactChangedSince(Conflicting):
    """Somebody changed the fact after what was to be taken back."""


class Change(NamedTuple):
    """Values by key before and after, where they differ; None is none."""

    before: dict[str, Any]
    after: dict[str, Any]


@transaction.atomic
def set_fact(*, customer: Customer, key: str, value: Any, by: Actor) -> Change:
    """Keep what a person wrote of one fact; "" forgets it. Returns what takes it back.

    Raises `InvalidAttributes`, `Unfitting`.
    """
    was = Customer.objects.select_for_update().get(pk=customer.pk).attributes
    now = update_customer(customer=customer, attributes={key: value}, by_machine=False, by=by).attributes
    changed = [one for one in {**was, **now} if was.get(one) != now.get(one)]
    return Change({one: was.get(one) for one in changed}, {one: now.get(one) for one in changed})


@transaction.atomic
def take_back(*, customer: Customer, change: Change, by: Actor) -> None:
    """The fact as it stood, also one that does not fit its kind. Raises `FactChangedSince`."""
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    kept = customer.attributes
    if any(kept.get(key) != value for key, value in change.after.items()):
        raise FactChangedSince(_("This was changed again meanwhile, so it stays as it is."))
    kept = {key: value for key, value in kept.items() if key not in change.before}
    customer.attributes = kept | {key: value for key, value in change.before.items() if value is not None}
    customer.save(update_fields=["attributes", "updated_at"])
    note_change(customer, by, event="changed", fields=["attributes"])
    tell(customer.id)
