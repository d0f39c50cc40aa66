"""Writes down what is to be said of a thing in the transaction of what happens to it, and takes it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from conversations import gate, right_time
from conversations.confirmations.catalogue import Told, happenings, is_true, thing_of
from conversations.left_out import TOO_LATE, UNTRUE
from conversations.models import Confirmation, ConfirmationStep
from conversations.personalising.gathering import zones_of
from conversations.right_time import Hours
from tenants.queries import own

State = Confirmation.State
BEFORE_QUIET = timedelta(minutes=30)
OVERDUE = timedelta(minutes=5)  # a reminder whose time was so long ago when the appointment was made


def plan(row: Any, before: Mapping[str, Any] | None) -> list[Confirmation]:
    """Let everything be said that a change of a thing calls for, and nothing that it made untrue.

    Run twice it writes nothing twice.
    """
    now = timezone.now()
    told = list(happenings(row, before, now))
    withdraw(row)
    steps = ConfirmationStep.objects.filter(is_on=True, happening__in=[one.happening for one in told])
    found = list(steps) if told else []
    if not found:
        return []
    tenant = own()
    zone = zones_of([row.customer_id], tenant)[row.customer_id]
    hours = right_time.hours_of(gate.policy(), tenant)
    made = []
    for one in told:
        for step in found:
            if step.happening == one.happening:
                due, reason = due_at(step, one, zone, hours, now)
                if due:
                    made.append(_row(row, step, one, due, reason))
    Confirmation.objects.bulk_create(made, ignore_conflicts=True)
    return made


def due_at(
    step: ConfirmationStep, told: Told, zone: Any, hours: Hours, now: datetime
) -> tuple[datetime | None, str]:
    """When a step is said, and why not; None where its time was over before there was anything to say.

    What would fall into quiet hours waits for their end. What must come before the happening goes out
    before they begin where it would wait too long.
    """
    wanted = told.at + timedelta(minutes=step.minutes)
    if step.minutes < 0 and wanted < now - OVERDUE:
        return None, ""
    due = max(wanted, now)
    if not step.can_wait:
        return due, ""
    due = right_time.next_allowed(due, zone, hours, promotion=False)
    if step.minutes >= 0 or due < told.at:
        return due, ""
    evening = datetime.combine(wanted.astimezone(zone).date(), hours.quiet_from)
    if wanted.astimezone(zone).time() < hours.quiet_until:
        evening -= timedelta(days=1)
    earlier = right_time.instant(evening.date(), evening.time(), zone) - BEFORE_QUIET
    return (earlier, "") if earlier >= now else (due, TOO_LATE)


def _row(row: Any, step: ConfirmationStep, told: Told, due: datetime, reason: str) -> Confirmation:
    made = Confirmation(
        step=step,
        customer_id=row.customer_id,
        happening=told.happening,
        thing=thing_of(row),
        thing_id=row.pk,
        stamp=told.stamp,
        happens_at=told.at,
        due_at=due,
        state=State.LEFT_OUT if reason else State.WAITING,
        reason=reason,
    )
    if step.asks and step.call_minutes and not reason:
        call_at = told.at - timedelta(minutes=step.call_minutes)
        made.call_at = call_at if call_at > due else None
    return made


def withdraw(row: Any) -> int:
    """Take back what waits and is no longer true, and calls that nobody needs; returns how many."""
    written = Confirmation.objects.filter(thing=thing_of(row), thing_id=row.pk)
    open_ones = written.filter(Q(state=State.WAITING) | Q(call_at__isnull=False))
    untrue = [
        one.pk
        for one in open_ones.select_for_update(of=("self",))
        if not is_true(one.happening, one.stamp, row)
    ]
    Confirmation.objects.filter(pk__in=untrue).update(call_at=None)
    return int(
        Confirmation.objects.waiting().filter(pk__in=untrue).update(state=State.WITHDRAWN, reason=UNTRUE)
    )
