"""Takes each customer from step to step; each step is done in one transaction with the place it leads to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations import gate, right_time
from conversations.actions.failures import in_short, whereabouts
from conversations.automatic import LeftOut
from conversations.journeys import saying
from conversations.journeys.asking import CHOSEN
from conversations.journeys.content import BIRTHDAY, CHOICES, SILENCE, Step, after, out_of, step_at
from conversations.left_out import (
    ANSWERED,
    BOUGHT,
    COMPLAINT_OPEN,
    ERASED,
    NO_TEMPLATE,
    NOT_WRITTEN,
    SWITCHED_OFF,
)
from conversations.models import JourneyPlace, Message, MessageTemplate
from conversations.personalising.gathering import zones_of
from crm.actions.follow_ups import open_follow_up
from crm.models import Case, Order, Segment
from crm.segments import asking
from tenants.actors import Actor
from tenants.kit import events
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.journeys")
BATCH = 100
MOST_ATTEMPTS = 5
MOST_AT_ONCE = 20  # steps done in one go; the rest a moment later
AGAIN = timedelta(minutes=1)
State = JourneyPlace.State
REASONS = {"answered": ANSWERED, "bought": BOUGHT, "complained": COMPLAINT_OPEN}


def advance_due(tenant_id: UUID | str) -> bool:
    """Take everybody on whose time has come; returns whether more wait.

    Harmless when run twice or in parallel.
    """
    found = due(tenant_id)
    for pk in found:
        take_on(tenant_id, pk)
    return len(found) == BATCH


def due(tenant_id: UUID | str) -> list[UUID]:
    """The places of those whose time has come, the longest waiting first."""
    with tenant_scope(tenant_id):
        rows = JourneyPlace.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
        return list(rows.values_list("pk", flat=True)[:BATCH])


def take_on(tenant_id: UUID | str, pk: UUID) -> None:
    """Do the next steps of one customer, if he is still due."""
    with tenant_scope(tenant_id):
        held = attempt(pk)
    if held is None:
        return
    try:
        with tenant_scope(tenant_id):
            advance(pk, held)
    except Exception as error:  # noqa: BLE001 -- nothing of it was kept: it is tried again
        log.error("no step further", place=str(pk), error=in_short(error), at=whereabouts(error))


def attempt(pk: UUID) -> datetime | None:
    """Count an attempt at who is still due; returns until when he is ours, None where he is not."""
    place = _locked(pk, due_at__lte=timezone.now())
    if place is None:
        return None
    place.attempts += 1
    place.due_at = timezone.now() + AGAIN * place.attempts
    if place.attempts > MOST_ATTEMPTS:
        _end(place, State.STOPPED, NOT_WRITTEN)
        return None
    place.save(update_fields=["attempts", "due_at"])
    return place.due_at


def _locked(pk: UUID, **due: datetime) -> JourneyPlace | None:
    rows = JourneyPlace.objects.select_for_update(skip_locked=True, of=("self",))
    found: JourneyPlace | None = (
        rows.filter(pk=pk, **due).select_related("customer", "version", "journey").first()
    )
    return found


def advance(pk: UUID, held: datetime) -> None:
    """Do his next steps, unless another worker has taken him on since he was ours."""
    place = _locked(pk, due_at=held)
    if place is None:
        return
    if place.customer.merged_into_id or place.journey.archived_at:
        _end(place, State.STOPPED, SWITCHED_OFF if place.journey.archived_at else ERASED)
        return
    steps = place.version.content["steps"]
    now = timezone.now()
    for _turn in range(MOST_AT_ONCE):
        if reason := stopped(place):
            _end(place, State.STOPPED, reason)
            return
        step = step_at(steps, place.step)
        if step is None:
            place.step = out_of(place.step)
            if not place.step:
                _end(place, State.DONE, "")
                return
            continue
        until = DO[step["do"]](place, step, now)
        if place.state != State.WAITING:
            return
        if until:
            _wait(place, until)
            return
    _wait(place, now)


def _wait(place: JourneyPlace, until: datetime) -> None:
    place.due_at, place.attempts = until, 0
    place.save(update_fields=["due_at", "attempts", "step", "trail", "message", "asked_at", "choice"])
    _tell(place)


def _end(place: JourneyPlace, state: State, reason: str) -> None:
    place.state, place.reason, place.due_at = state, reason, None
    place.finished_at = timezone.now()
    place.save()
    _tell(place)


def _tell(place: JourneyPlace) -> None:
    events.publish("journey", {"id": str(place.journey_id), "customer": str(place.customer_id)})


def stopped(place: JourneyPlace) -> str:
    """Why it ends for him now; "" where it goes on."""
    for stop in place.version.content["stops"]:
        if STOPS[stop](place):
            return REASONS[stop]
    return ""


def leave_unasked(pk: UUID, message: UUID) -> None:
    """Let him go on behind a question that was taken out of the outbox, in the caller's transaction."""
    rows = JourneyPlace.objects.select_for_update(skip_locked=True, of=("self",))
    place = rows.filter(pk=pk, message_id=message, state=State.WAITING, asked_at__isnull=False).first()
    if place:
        place.step, place.asked_at, place.choice = after(place.step), None, ""
        _wait(place, timezone.now())


def _note(place: JourneyPlace, what: str, detail: str = "") -> None:
    line = {"step": place.step, "at": timezone.now().isoformat(), "what": what, "detail": detail[:300]}
    place.trail = [*place.trail, line]


# --- what a step does: returns until when to wait, None to go on at once ---


def _do_wait(place: JourneyPlace, step: Step, now: datetime) -> datetime | None:
    _note(place, "wait")
    place.step = after(place.step)
    return now + timedelta(minutes=step["minutes"])


def _do_send(place: JourneyPlace, step: Step, now: datetime) -> datetime | None:
    later, _is_said = _say(place, step, now)
    if later is None:
        place.step = after(place.step)
    return later


def _do_ask(place: JourneyPlace, step: Step, now: datetime) -> datetime | None:
    """Ask, and wait; then go on by what he answered. Who could not be asked goes on behind it."""
    if place.asked_at:
        arm = place.choice or SILENCE
        if arm in CHOICES:
            _note(place, "chosen", step["choices"][CHOICES.index(arm)])
        else:
            _note(place, arm)
        place.asked_at, place.choice = None, ""
        place.step = f"{place.step}.{arm}.0"
        return None
    later, is_said = _say(place, step, now)
    if is_said:
        place.asked_at = timezone.now()
        return now + timedelta(minutes=step["minutes"])
    if later is None:
        place.step = after(place.step)
    return later


def _say(place: JourneyPlace, step: Step, now: datetime) -> tuple[datetime | None, bool]:
    """Say what a step says: until when it waits, if it does, and whether it was said."""
    template = MessageTemplate.objects.kept().filter(pk=step["template"]).first()
    later, reason = _hindered(place, template, now)
    if later:
        return later, False
    if template and not reason:
        try:
            with transaction.atomic():
                place.message = saying.say(place, template, step.get("choices", ()))
            _note(place, "asked" if step["do"] == "ask" else "sent", template.name)
            return None, True
        except LeftOut as why:
            reason = why.reason
    _note(place, "left_out", reason)
    return None, False


def _hindered(
    place: JourneyPlace, template: MessageTemplate | None, now: datetime
) -> tuple[datetime | None, str]:
    """Until when a message of a journey waits, or why he does not get it; neither where it may go out now."""
    if template is None:
        return None, NO_TEMPLATE
    if paused := gate.paused_until(place.customer_id, now):
        if place.version.content["entry"].get("on") == BIRTHDAY:  # the day will have passed
            return None, ANSWERED
        if not place.trail or place.trail[-1]["what"] != "paused":
            _note(place, "paused")
        return paused, ""
    zone = zones_of([place.customer_id], own())[place.customer_id]
    hours = right_time.hours_of(gate.policy(), own())
    allowed = right_time.next_allowed(now, zone, hours, promotion=template.purpose == "promotion")
    if allowed > now:
        return allowed, ""
    return None, gate.judge([place.customer_id], purpose=template.purpose, at=now).get(place.customer_id, "")


def _do_task(place: JourneyPlace, step: Step, now: datetime) -> datetime | None:
    open_follow_up(
        customer=place.customer,
        title=step["title"],
        due_at=now + timedelta(days=step["days"]),
        by=Actor.system(),
        context_id=place.message.conversation_id if place.message else None,
    )
    _note(place, "task", step["title"])
    place.step = after(place.step)
    return None


def _do_branch(place: JourneyPlace, step: Step, now: datetime) -> datetime | None:
    condition = step["if"]
    if condition["is"] == "in_segment":
        segment = asking.find(UUID(condition["segment"]))
        is_so = segment is not None and _is_in(segment, place)
    else:
        is_so = IS[condition["is"]](place)
    _note(place, "yes" if is_so else "no")
    place.step = f"{place.step}.{'then' if is_so else 'else'}.0"
    return None


def _do_stop(place: JourneyPlace, step: Step, now: datetime) -> datetime | None:
    _end(place, State.DONE, "")
    return None


DO: dict[str, Callable[[JourneyPlace, Step, datetime], datetime | None]] = {
    "wait": _do_wait,
    "send": _do_send,
    "ask": _do_ask,
    "task": _do_task,
    "branch": _do_branch,
    "stop": _do_stop,
}

# --- what may be so ---


def _answered(place: JourneyPlace) -> bool:
    """Whether he wrote to us since he entered."""
    return bool(_written(place).exists())


def _wrote_freely(place: JourneyPlace) -> bool:
    """Whether he wrote anything but the answers that he was offered."""
    return bool(_written(place).exclude(data__has_key=CHOSEN).exists())


def _written(place: JourneyPlace) -> QuerySet[Message]:
    theirs: QuerySet[Message] = Message.objects.filter(
        conversation__customer_id=place.customer_id,
        kind=Message.Kind.INBOUND,
        created_at__gt=place.entered_at,
    )
    return theirs


def _bought(place: JourneyPlace) -> bool:
    since = Order.objects.filter(customer_id=place.customer_id, placed_at__gt=place.entered_at)
    return bool(since.exclude(status=Order.Status.CANCELLED).exists())


def _complained(place: JourneyPlace) -> bool:
    open_ones = Case.objects.open().filter(customer_id=place.customer_id, kind=Case.Kind.COMPLAINT)
    return bool(open_ones.exists())


def _is_in(segment: Segment, place: JourneyPlace) -> bool:
    return asking.why(segment, place.customer)[0]


IS: dict[str, Callable[[JourneyPlace], Any]] = {
    "answered": _answered,
    "bought": _bought,
}
STOPS: dict[str, Callable[[JourneyPlace], bool]] = {
    "answered": _wrote_freely,
    "bought": _bought,
    "complained": _complained,
}
