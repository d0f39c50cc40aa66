"""Writes down what is to be said of a thing in the transaction of what happens to it, and takes it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from conversations import gate, right_time
from conversations.confirmations.catalogue import COMING, Told, happenings, is_true, thing_of
from conversations.confirmations.sentences import FORESEEN
from conversations.left_out import OVER, TOO_LATE, UNTRUE
from conversations.models import Confirmation, ConfirmationStep, Happening
from conversations.personalising.gathering import zones_of
from conversations.right_time import Hours
from crm.models import Appointment, Payment
from tenants.queries import own
from tenants.scoping import tenant_scope

State = Confirmation.State
BEFORE_QUIET = timedelta(minutes=30)
AHEAD = timedelta(days=120)
AT_ONCE = 500  # things told of together when a step is switched on
OVERDUE = timedelta(minutes=5)  # a reminder whose time was so long ago when the appointment was made


def plan(row: Any, told: Sequence[Told]) -> list[Confirmation]:
    """Let everything be said that what happened to a thing calls for, and nothing that it made untrue.

    Run twice it writes nothing twice.
    """
    withdraw(row)
    return _write([(row, told)])


def plan_nothing(row: Any, told: Sequence[Told]) -> None:
    """Write down that nothing is said of what was over when it was told to us. Run twice it does so once."""
    happened = {one.happening for one in told}
    steps = ConfirmationStep.objects.filter(is_on=True, happening__in=happened) if happened else []
    now = timezone.now()
    made = [
        _row(row, step, one, now, OVER) for step in steps for one in told if one.happening == step.happening
    ]
    Confirmation.objects.bulk_create(made, ignore_conflicts=True)


def plan_found(rows: Sequence[Any]) -> list[Confirmation]:
    """The same for things that were there before: what is ahead of them is said, that they began is not.

    Queries: a few for however many. Run twice it writes nothing twice.
    """
    now = timezone.now()
    ahead = [(row, [one for one in happenings(row, {}, now) if one.happening in FORESEEN]) for row in rows]
    return _write([(row, told) for row, told in ahead if told])


def plan_asked(tenant_id: UUID | str) -> None:
    """What every step that was switched on says of what was there before, each in a transaction of its own.

    Harmless when run twice or in parallel.
    """
    with tenant_scope(tenant_id):
        asked = list(ConfirmationStep.objects.filter(plan_at__isnull=False).values_list("pk", flat=True))
    for pk in asked:
        with tenant_scope(tenant_id):
            mine = ConfirmationStep.objects.select_for_update(skip_locked=True, of=("self",))
            if step := mine.filter(pk=pk, plan_at__isnull=False).first():
                plan_ahead(step)
                step.plan_at = None
                step.save(update_fields=["plan_at"])


def plan_ahead(step: ConfirmationStep) -> int:
    """What a step that was switched on says of what is booked or owed already; returns of how many things."""
    now = timezone.now()
    if step.happening == Happening.APPOINTMENT_STARTS:
        rows = Appointment.objects.filter(status__in=COMING, starts_at__gt=now, starts_at__lt=now + AHEAD)
    elif step.happening == Happening.PAYMENT_DUE:
        rows = Payment.objects.filter(status=Payment.Status.DUE, due_at__gt=now, due_at__lt=now + AHEAD)
    else:
        return 0
    count = 0
    for some in batched(rows.order_by("pk").iterator(chunk_size=AT_ONCE), AT_ONCE):
        plan_found(some)
        count += len(some)
    return count


def _write(things: Sequence[tuple[Any, Sequence[Told]]]) -> list[Confirmation]:
    now = timezone.now()
    happened = {one.happening for _thing, told in things for one in told}
    steps = list(ConfirmationStep.objects.filter(is_on=True, happening__in=happened)) if happened else []
    if not steps:
        return []
    tenant = own()
    zones = zones_of({row.customer_id for row, _told in things}, tenant)
    hours = right_time.hours_of(gate.policy(), tenant)
    made = []
    for row, told in things:
        for one in told:
            for step in steps:
                if step.happening == one.happening:
                    due, reason = due_at(step, one, zones[row.customer_id], hours, now)
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
    if hours.quiet_until < hours.quiet_from and wanted.astimezone(zone).time() < hours.quiet_until:
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


def withdraw(*rows: Any) -> int:
    """Take back what waits of things and is no longer true, and calls that nobody needs; returns how many."""
    things = {row.pk: row for row in rows}
    written = Confirmation.objects.filter(thing_id__in=list(things))
    open_ones = written.filter(Q(state=State.WAITING) | Q(call_at__isnull=False))
    untrue = [
        one.pk
        for one in open_ones.select_for_update(of=("self",))
        if not is_true(one.happening, one.stamp, things[one.thing_id])
    ]
    Confirmation.objects.filter(pk__in=untrue).update(call_at=None)
    return int(
        Confirmation.objects.waiting().filter(pk__in=untrue).update(state=State.WITHDRAWN, reason=UNTRUE)
    )
