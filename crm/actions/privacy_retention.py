"""How long things are kept: rules that are off until somebody switches them on, applied at night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions.privacy_erasure import plan_erasure
from crm.models import Customer, Erasure, RetentionRule
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Refused

Kind = RetentionRule.Kind
BATCH = 500
FEWEST_DAYS, MOST_DAYS = 1, 36_500
USUAL = {Kind.CONVERSATIONS: 730, Kind.FILES: 365, Kind.INBOUND: 90, Kind.CUSTOMERS: 1_825}


class InvalidRule(Refused):
    """A rule that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """What a rule is about: the rows that are older than a moment, and what is done with some of them."""

    old: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int]


_keepers: dict[str, Keeper] = {}


def register(kind: str, keeper: Keeper) -> None:
    """Say how a kind is kept; the apps above know conversations and files."""
    _keepers[kind] = keeper


def rule_of(kind: str) -> RetentionRule:
    """The rule of a kind, off where nobody has decided."""
    found: RetentionRule | None = RetentionRule.objects.filter(kind=kind).first()
    return found or RetentionRule(kind=kind, days=USUAL[Kind(kind)])


def rules() -> list[RetentionRule]:
    """One rule of each kind that something keeps."""
    known = {rule.kind: rule for rule in RetentionRule.objects.all()}
    return [
        known.get(kind) or RetentionRule(kind=kind, days=USUAL[kind]) for kind in Kind if kind in _keepers
    ]


def concerned(kind: str, days: int) -> int:
    """How much a rule would remove if it were applied now."""
    return _keepers[kind].old(_before(days)).count()


def _before(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


@transaction.atomic
def set_rule(*, kind: str, is_on: bool, days: int, by: Actor) -> RetentionRule:
    """Switch a rule on or off, or change its days. Raises `InvalidRule`."""
    if kind not in _keepers:
        raise InvalidRule(_("There is no such rule."), "kind")
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise InvalidRule(_("Choose between 1 and 36,500 days."), "days")
    rule: RetentionRule
    rule, _made = RetentionRule.objects.update_or_create(kind=kind, defaults={"is_on": is_on, "days": days})
    audit.record("retention.changed", target=rule, by=by, kind=str(kind), is_on=is_on, days=days)
    return rule


def apply_batch(kind: str) -> int:
    """Remove some of what a rule no longer keeps, in one transaction; returns how much, 0 at the end."""
    rule = RetentionRule.objects.filter(kind=kind, is_on=True).first()
    if rule is None or kind not in _keepers:
        return 0
    keeper = _keepers[kind]
    ids = list(keeper.old(_before(rule.days)).values_list("pk", flat=True)[:BATCH])
    number = 0
    if ids:
        keeper.remove(keeper.old(_before(rule.days)).model.objects.filter(pk__in=ids))
        number = len(ids)
        RetentionRule.objects.filter(pk=rule.pk).update(removed=F("removed") + number)
    return number


def note_run(kind: str, number: int) -> None:
    """Write down that a rule was applied, and how much it removed."""
    rule = RetentionRule.objects.filter(kind=kind).first()
    if rule is None:
        return
    RetentionRule.objects.filter(pk=rule.pk).update(run_at=timezone.now())
    if number:
        audit.record(
            "retention.applied",
            target=rule,
            by=Actor.system(),
            kind=str(kind),
            days=rule.days,
            removed=number,
        )


# --- customers whom nobody has heard of for long ---


def old_customers(before: datetime) -> QuerySet[Customer]:
    """Those without contact since, who are not to be erased already and for whom nothing is running."""
    waiting = Erasure.objects.filter(state__in=[Erasure.State.PLANNED, Erasure.State.RUNNING])
    return (
        Customer.objects.filter(merged_into=None, last_contact_at__lt=before)
        .exclude(pk__in=waiting.values("customer_id"))
        .exclude(orders__placed_at__gte=before)
        .exclude(appointments__starts_at__gte=before)
        .exclude(cases__resolved_at=None, cases__isnull=False)
    )


def plan_for(customers: QuerySet[Any]) -> int:
    """Let each be erased after the usual days, in which it can be taken back."""
    number = 0
    for customer in customers:
        plan_erasure(customer=customer, by=Actor.system(), reason=Erasure.Reason.RETENTION)
        number += 1
    return number


register(Kind.CUSTOMERS, Keeper(old_customers, plan_for))
