"""What sets rules off, noted in the transaction of its cause; workers run the rules after the commit.

A rule's own acts set off further rules once, not more: their events have depth 1, and what happens while
those are worked off is noted nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations.actions import bells
from conversations.models import Conversation, Message, Rule, RuleEvent, RuleRun, Trigger
from tenants.db.prepared import prepared
from tenants.scoping import current_tenant_id, uuid7

DEEPEST = 1
KEPT = timedelta(days=30)
AT_ONCE = 500
_depth: ContextVar[int] = ContextVar("rule_depth", default=0)

# Customers who wait longer than a rule allows, of whom it has not heard, since it is on.
WAITING = """
SELECT r.id, c.id, c.waiting_since FROM conversations_rule r
JOIN conversations_conversation c ON c.tenant_id = r.tenant_id AND c.status = 'open'
    AND c.waiting_since <= %(now)s - make_interval(mins => r.minutes)
    AND c.waiting_since >= r.activated_at - make_interval(mins => r.minutes)
WHERE r.tenant_id = %(tenant)s AND r.is_active AND r.minutes IS NOT NULL AND NOT EXISTS (
    SELECT FROM conversations_ruleevent e WHERE e.tenant_id = r.tenant_id
        AND e.key = 'waited:' || r.id || ':' || c.id || ':' || floor(extract(epoch FROM c.waiting_since)))
ORDER BY c.waiting_since LIMIT %(limit)s
"""


@contextmanager
def acting(depth: int) -> Iterator[None]:
    """What happens meanwhile was brought about by a rule."""
    token = _depth.set(depth)
    try:
        yield
    finally:
        _depth.reset(token)


def asked_for() -> set[str]:
    """The triggers that some rule of the business waits for."""
    return {rule.trigger for rule in _waiting()}


class _Waiting(NamedTuple):
    trigger: str


@prepared(_Waiting)
def _waiting() -> QuerySet[Rule]:
    return Rule.objects.filter(is_active=True).order_by("trigger").distinct("trigger")


def note(
    trigger: str,
    key: str,
    conversation: Conversation,
    *,
    message: Message | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Keep that something happened, once, if a rule asks for it."""
    if _depth.get() > DEEPEST or trigger not in asked_for():
        return
    event = RuleEvent(
        trigger=trigger,
        key=key[:150],
        conversation_id=conversation.pk,
        message=message,
        data=data or {},
        depth=_depth.get(),
        happened_at=at or timezone.now(),
    )
    RuleEvent.objects.bulk_create([event], ignore_conflicts=True)
    bells.run_rules()


@transaction.atomic
def notice_waiting() -> int:
    """Keep that customers have waited long enough for a rule; returns how many."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"now": now, "tenant": current_tenant_id(), "limit": AT_ONCE})
        rows: list[tuple[UUID, UUID, datetime]] = cursor.fetchall()
    events = [
        RuleEvent(
            id=uuid7(),
            trigger=Trigger.WAITED,
            key=f"waited:{rule}:{conversation}:{int(since.timestamp())}",
            conversation_id=conversation,
            data={"rule": str(rule)},
            happened_at=now,
        )
        for rule, conversation, since in rows
    ]
    RuleEvent.objects.bulk_create(events, ignore_conflicts=True)
    if events:
        bells.run_rules()
    return len(events)


def forget_old() -> int:
    """Drop what rules did long ago."""
    before = timezone.now() - KEPT
    old = RuleEvent.objects.filter(happened_at__lt=before, due_at=None)
    RuleRun.objects.filter(event__in=old.values("pk")).delete()
    gone: int = old.delete()[0]
    return gone
