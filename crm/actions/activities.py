"""Activities: anything else a shop records about a customer, one or a thousand at a time.

However many come, the statements are the same few: whose they are, the rows, and their lines of history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm import identities, queries
from crm.actions.customers import tell
from crm.actions.records import CustomerMissing, OfAnotherCustomer
from crm.models import Activity, TimelineEntry
from crm.signals import activities_told
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Refused

MOST = 1_000  # in one call
SHOWN = 200  # characters of its details that a line shows
TOLD = 50  # customers whose open pages hear of a call; of more, pages read it when they are opened


class NoSuchCustomer(Refused):
    """An activity of a customer whom the business does not have, or the actor does not see."""


@dataclass(frozen=True, slots=True)
class Report:
    """One activity as a shop reports it."""

    external_id: str
    kind: str
    happened_at: datetime
    source: str = "api"
    customer_id: UUID | None = None
    identity: tuple[str, str] | None = None
    customer_name: str = ""
    amount: Decimal | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as another."""
        return self.source, self.external_id


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report: the activity as it stands and whether it is new, or why it was refused."""

    activity: Activity | None
    is_new: bool = False
    refusal: Refused | None = None


@transaction.atomic
def record_activities(*, reports: Sequence[Report], by: Actor) -> list[Taken]:
    """Take reports about activities, in their order; what is wrong with one does not hold up the others.

    An activity is one per `source` and `external_id`: what is known already stays as it is. Refusals are
    `CustomerMissing`, `NoSuchCustomer`, `InvalidIdentity`, `OfAnotherCustomer`.
    """
    whose = _owners(reports, by)
    fresh: dict[tuple[str, str], Activity] = {}
    for report, owner in zip(reports, whose, strict=True):
        if isinstance(owner, UUID):
            fresh.setdefault(report.key, _activity(report, owner))
    Activity.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    known = _known(list(fresh))
    new = [one for key, one in fresh.items() if known[key].pk == one.pk]
    TimelineEntry.objects.bulk_create([_line(one, by) for one in new], ignore_conflicts=True)
    if new:
        activities_told.send(Activity, rows=new)
    for customer_id in list(dict.fromkeys(one.customer_id for one in new))[:TOLD]:
        tell(customer_id)
    unseen = {one.pk for one in new}
    taken = []
    for report, owner in zip(reports, whose, strict=True):
        activity = known.get(report.key)
        taken.append(_taken(activity, owner, activity is not None and activity.pk in unseen))
        if activity is not None:
            unseen.discard(activity.pk)
    return taken


def _owners(reports: Sequence[Report], by: Actor) -> list[UUID | Refused]:
    """Whose each is, or why that cannot be said."""
    named = {report.customer_id for report in reports if report.customer_id}
    seen = set(queries.customers_visible_to(by).filter(pk__in=named).values_list("pk", flat=True))
    asked = [
        (*report.identity, report.customer_name)
        for report in reports
        if report.identity and not report.customer_id
    ]
    found = iter(identities.resolve_many(asked, country=Tenant.objects.get().country) if asked else ())
    owners: list[UUID | Refused] = []
    for report in reports:
        if report.customer_id:
            is_seen = report.customer_id in seen
            refusal = NoSuchCustomer(_("There is nothing with this identifier."), "customer_id")
            owners.append(report.customer_id if is_seen else refusal)
        elif report.identity:
            owners.append(next(found))
        else:
            owners.append(CustomerMissing(_("Say whose it is: a customer or an identity."), "customer_id"))
    return owners


def _activity(report: Report, customer_id: UUID) -> Activity:
    return Activity(
        customer_id=customer_id,
        source=report.source,
        external_id=report.external_id,
        kind=one_line(report.kind, 60),
        happened_at=report.happened_at,
        amount=report.amount,
        data=dict(report.data),
    )


def _known(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Activity]:
    """The activities of these names, whoever reported them first."""
    found = Activity.objects.filter(
        source__in={source for source, _id in keys}, external_id__in=[one for _source, one in keys]
    )
    return {(one.source, one.external_id): one for one in found}


def _line(activity: Activity, by: Actor) -> TimelineEntry:
    told = [(name, value) for name, value in activity.data.items() if isinstance(value, str | int | float)]
    return TimelineEntry(
        customer_id=activity.customer_id,
        kind=TimelineEntry.Kind.ACTIVITY,
        happened_at=activity.happened_at,
        object_id=activity.pk,
        actor_label=by.label[:150],
        data={
            "kind": activity.kind,
            "amount": None if activity.amount is None else str(activity.amount),
            "text": one_line(" · ".join(f"{name}: {value}" for name, value in told), SHOWN),
        },
    )


def _taken(activity: Activity | None, owner: UUID | Refused, is_new: bool) -> Taken:
    if isinstance(owner, Refused):
        return Taken(None, refusal=owner)
    assert activity is not None
    if activity.customer_id != owner:
        refusal = OfAnotherCustomer(_("This belongs to another customer."), "customer_id")
        return Taken(None, refusal=refusal)
    return Taken(activity, is_new)
