"""Promises of answers: the business's policies, what was missed, and what other hours change."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.actions.clocks import Hours, keep
from conversations.actions.messages import add_event, lock, tell
from conversations.models import Conversation, Goal, SlaPolicy
from conversations.signals import sla_missed
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

MOST_POLICIES = 30
BATCH = 500


class NothingPromised(Refused):
    """A policy without any target."""


@transaction.atomic
def save_policy(*, policy: SlaPolicy, by: Actor) -> SlaPolicy:
    """Keep a policy, new or changed; a new one stands last. What runs is computed anew.

    Raises `NothingPromised` without a target, `Refused` beyond the most a business has.
    """
    if not any((policy.first_minutes, policy.next_minutes, policy.resolution_minutes)):
        raise NothingPromised(_("Give at least one target."), "first_minutes")
    is_new = policy._state.adding
    if is_new:
        if SlaPolicy.objects.count() >= MOST_POLICIES:
            raise Refused(_("At most %(count)s policies.") % {"count": MOST_POLICIES})
        policy.position = 1 + (SlaPolicy.objects.aggregate(last=Max("position"))["last"] or 0)
    policy.name = one_line(policy.name, 80)
    policy.narrowed_by = " ".join(
        name for name in ("team", "label") if getattr(policy, f"{name}_id") is not None
    )
    policy.save()
    audit.record("sla.created" if is_new else "sla.updated", target=policy, by=by, name=policy.name)
    bells.recompute_promises()
    return policy


@transaction.atomic
def delete_policy(*, policy: SlaPolicy, by: Actor) -> None:
    """Promise that no longer; what was kept and missed by it stays for the reports."""
    audit.record("sla.deleted", target=policy, by=by, name=policy.name)
    policy.delete()
    bells.recompute_promises()


@transaction.atomic
def move_policy(*, policy: SlaPolicy, up: bool, by: Actor) -> None:
    """Let a policy be asked before its neighbour, or after it."""
    rows = list(SlaPolicy.objects.select_for_update(of=("self",)))
    at = next((index for index, row in enumerate(rows) if row.pk == policy.pk), None)
    if at is None:
        return
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows):
        if row.position != position:
            SlaPolicy.objects.filter(pk=row.pk).update(position=position)
    audit.record("sla.updated", target=policy, by=by, name=policy.name)
    bells.recompute_promises()


def miss_due(tenant_id: UUID | str) -> int:
    """Mark what is overdue, say it in the conversation and tell whoever listens; returns how many.

    Commits one conversation after the other; harmless when run twice or in parallel.
    """
    with tenant_scope(tenant_id):
        late = Goal.objects.running().filter(missed_at=None, due_at__lte=timezone.now())
        ids = list(late.order_by("due_at").values_list("conversation_id", flat=True)[:BATCH])
    missed = 0
    for conversation_id in dict.fromkeys(ids):
        with tenant_scope(tenant_id):
            missed += _miss(conversation_id)
    return missed


def _miss(conversation_id: UUID) -> int:
    conversation = lock(conversation_id)
    late = Goal.objects.running().filter(
        conversation=conversation, missed_at=None, due_at__lte=timezone.now()
    )
    goals = list(late.order_by("due_at"))
    for goal in goals:
        goal.missed_at = goal.due_at
        goal.save(update_fields=["missed_at"])
        add_event(
            conversation,
            "sla_missed",
            Actor.system(),
            target=goal.target,
            due=goal.due_at.isoformat() if goal.due_at else "",
        )
        sla_missed.send(Conversation, conversation=conversation, target=goal.target, goal=goal)
    return len(goals)


def recompute(tenant_id: UUID | str) -> int:
    """Bring every open promise to the policies and hours as they are now; returns how many conversations.

    Commits one conversation after the other; harmless when run again.
    """
    with tenant_scope(tenant_id):
        ids = list(Conversation.objects.active().order_by("-id").values_list("pk", flat=True))
    for conversation_id in ids:
        with tenant_scope(tenant_id):
            conversation = lock(conversation_id)
            before = _shown(conversation)
            keep(conversation, rematch=True, times=Hours())
            if _shown(conversation) != before:
                tell(conversation)
    return len(ids)


def _shown(conversation: Conversation) -> tuple[Any, ...]:
    return conversation.due_at, conversation.due_target
