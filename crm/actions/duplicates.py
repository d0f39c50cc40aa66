"""Finding customers who may be one person: those that changed, in the order in which they did, and those
who ordered something since.

The rows are the truth: how far the looking came is kept, and whoever is killed is followed by the next.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from crm import likeness
from crm.duplicates import keys, portraits, scoring
from crm.duplicates.scoring import Verdict
from crm.models import Customer, Likeness, LikenessKey, LikenessScan, Order
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.scoping import current_tenant_id, uuid7

CHUNK = 250  # customers compared in one transaction
SETTLED = timedelta(seconds=30)  # by then whoever wrote a row has committed
AT_ONCE = timedelta(seconds=5)  # in which a customer and his first order are written
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
ANEW = "likeness"  # the event by which the page of suggestions reads itself again
Pair = tuple[UUID, UUID]

# Whom the keys lead to: of each key the latest few, by the index alone.
MEET = """
SELECT mine.customer, mine.key, met.customer_id
FROM unnest(%(customers)s::uuid[], %(keys)s::bigint[]) AS mine (customer, key)
CROSS JOIN LATERAL (
    SELECT customer_id FROM crm_likenesskey
    WHERE tenant_id = %(tenant)s AND key = mine.key AND customer_id <> mine.customer
    ORDER BY customer_id DESC LIMIT %(most)s
) AS met
"""


def look_at(customers: Sequence[Customer], *, aloud: bool = True) -> int:
    """Compare some customers with all who share a key with them; returns how many new pairs there are.

    What colleagues decided stays decided. `aloud` tells open pages of what is new.
    """
    seen = {one.id: one for one in portraits.of_customers(customers)}
    own = {customer: keys.of_portrait(one) for customer, one in seen.items()}
    _keep_keys(own)
    chosen = keys.choose(_met(own))
    asked = _asked_before(seen)
    pairs: set[Pair] = {_pair(one, other) for one, other in chosen} | asked.keys()
    others = {customer for pair in pairs for customer in pair} - seen.keys()
    unmerged = Customer.objects.filter(pk__in=others, merged_into=None)
    seen |= {one.id: one for one in portraits.of_customers(unmerged.only(*FIELDS))}
    judged = {
        pair: scoring.judge(seen[pair[0]], seen[pair[1]])
        for pair in pairs
        if pair[0] in seen and pair[1] in seen
    }
    return _keep(judged, asked, aloud=aloud)


FIELDS = ("id", "tenant", "name", "company", "attributes")


def _pair(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)


def _keep_keys(own: dict[UUID, set[int]]) -> None:
    """Write down under which keys some customers are found."""
    had: dict[UUID, dict[int, UUID]] = {customer: {} for customer in own}
    rows = LikenessKey.objects.filter(customer__in=list(own))
    for customer, key, row in rows.values_list("customer_id", "key", "id"):
        had[customer][key] = row
    gone = [row for customer, known in had.items() for key, row in known.items() if key not in own[customer]]
    if gone:
        LikenessKey.objects.filter(pk__in=gone).delete()
    new = sorted((key, customer) for customer, wanted in own.items() for key in wanted - had[customer].keys())
    LikenessKey.objects.bulk_create(
        [LikenessKey(customer_id=customer, key=key) for key, customer in new], ignore_conflicts=True
    )


def _met(own: dict[UUID, set[int]]) -> list[tuple[UUID, int, UUID]]:
    flat = [(customer, key) for customer, wanted in own.items() for key in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            MEET,
            {
                "tenant": current_tenant_id(),
                "customers": [customer for customer, _key in flat],
                "keys": [key for _customer, key in flat],
                "most": keys.CROWDED,
            },
        )
        return cursor.fetchall()


def _asked_before(customers: Iterable[UUID]) -> dict[Pair, Likeness]:
    """The pairs of some customers that colleagues are asked about."""
    ids = list(customers)
    known = Likeness.objects.filter(Q(first__in=ids) | Q(second__in=ids), state=Likeness.State.SUGGESTED)
    return {(pair.first_id, pair.second_id): pair for pair in known}


def _keep(judged: dict[Pair, Verdict], asked: dict[Pair, Likeness], *, aloud: bool) -> int:
    new = {pair: found for pair, found in judged.items() if found.is_worth_asking and pair not in asked}
    decided = Likeness.objects.filter(first__in={one for one, _other in new}).exclude(
        state=Likeness.State.SUGGESTED
    )
    for pair in decided.values_list("first_id", "second_id"):
        new.pop(pair, None)
    made = [
        Likeness(first_id=one, second_id=other, **_said([], verdict)) for (one, other), verdict in new.items()
    ]
    Likeness.objects.bulk_create(made, ignore_conflicts=True)
    told = {pair for pair, row in asked.items() if pair in judged and _judge_again(row, judged[pair])}
    if aloud:
        for customer in {customer for pair in new.keys() | told for customer in pair}:
            events.publish("customer", {"id": str(customer)})
    return len(new)


def _said(reasons: list[dict[str, str]], verdict: Verdict) -> dict[str, Any]:
    """A verdict as it is kept, with what somebody said besides."""
    told = [one for one in reasons if one.get("why") in likeness.TOLD]
    found = [{"why": one.why, "value": one.value[:255]} for one in verdict.reasons]
    least = max((likeness.TOLD[one["why"]] for one in told), default=0)
    return {
        "reasons": [*told, *found][: likeness.MOST_REASONS],
        "score": max(verdict.score, least),
        "is_certain": verdict.is_certain,
    }


def _judge_again(row: Likeness, verdict: Verdict) -> bool:
    """Let a suggestion follow what is known now; it goes when nothing speaks for it. Says if it changed."""
    said = _said(row.reasons, verdict)
    if said["score"] < scoring.SUGGESTED:
        row.delete()
        return True
    if all(getattr(row, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    return True


# --- all who changed, bit by bit ---


def scan() -> LikenessScan:
    """How far the looking came in this business; it begins with the first customer."""
    found: LikenessScan
    found, _created = LikenessScan.objects.get_or_create(
        defaults={"tenant_id": current_tenant_id(), "changed_until": BEGINNING}
    )
    return found


def progress() -> LikenessScan | None:
    """How far the looking is; None where it has not begun."""
    found: LikenessScan | None = LikenessScan.objects.first()
    return found


@transaction.atomic
def look_at_all(*, by: Actor) -> LikenessScan:
    """Begin anew with everybody. Running already, it goes on as it was."""
    kept = LikenessScan.objects.select_for_update(of=("self",)).get(pk=scan().pk)
    if kept.started_at and not kept.finished_at:
        return kept
    kept.changed_until, kept.after_id = BEGINNING, None
    kept.started_at, kept.finished_at = timezone.now(), None
    kept.looked = kept.found = 0
    kept.total = Customer.objects.filter(merged_into=None).count()
    kept.save()
    audit.record("customer.duplicates_sought", target=kept, by=by)
    return kept


@transaction.atomic
def look_on() -> bool:
    """Look at the next of those who changed; False when nobody is left, or somebody else is at it."""
    scan()
    kept = LikenessScan.objects.select_for_update(of=("self",), skip_locked=True).first()
    if kept is None:
        return False
    batch, orders = list(_changed(kept)[:CHUNK]), _new_orders(kept)
    customers = {one.pk: one for one in [*batch, *_buyers(orders)] if one.merged_into_id is None}
    if customers:
        kept.found += look_at(list(customers.values()), aloud=False)
    if batch:
        kept.looked += len(batch)
        kept.changed_until, kept.after_id = batch[-1].updated_at, batch[-1].pk
    if orders:
        kept.orders_until = orders[-1].pk
    is_over = len(batch) < CHUNK and len(orders) < CHUNK
    if is_over and kept.started_at and not kept.finished_at:
        kept.finished_at, kept.total = timezone.now(), kept.looked
    kept.save()
    if customers:
        events.publish(ANEW, {})
    return not is_over


def _changed(kept: LikenessScan) -> Any:
    """Who changed since, in that order; whose row may still be on its way is left for the next time."""
    since = Q(updated_at__gt=kept.changed_until)
    if kept.after_id:
        since |= Q(updated_at=kept.changed_until, pk__gt=kept.after_id)
    changed = Customer.objects.filter(
        since, updated_at__gte=kept.changed_until, updated_at__lt=timezone.now() - SETTLED
    )
    return changed.order_by("updated_at", "id").only(*FIELDS, "updated_at", "merged_into")


def _new_orders(kept: LikenessScan) -> list[Order]:
    """Orders that came since; those before the looking began are seen with their customers."""
    if kept.orders_until is None:
        kept.orders_until = uuid7()
    came = Order.objects.filter(pk__gt=kept.orders_until, created_at__lt=timezone.now() - SETTLED)
    return list(came.select_related("customer").order_by("pk")[:CHUNK])


def _buyers(orders: Iterable[Order]) -> list[Customer]:
    """Whose orders they are, except for those who came or changed with them: they are looked at anyhow."""
    return [one.customer for one in orders if one.customer.updated_at < one.created_at - AT_ONCE]
