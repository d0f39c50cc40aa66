"""A day of confirmations at the workshop, and customers under way in two journeys."""

from datetime import datetime, timedelta

from config.demo.stage import Stage
from conversations.actions.confirmation_steps import use_ready_made
from conversations.actions.free_slots import save_agenda, save_slot_policy
from conversations.actions.journeys import create_from_recipe, newest_of, switch_journey
from conversations.journeys.entering import enter
from conversations.left_out import NO_ADDRESS
from conversations.models import Confirmation, ConfirmationStep, Journey, JourneyPlace
from crm.models import Appointment, Order
from tenants.actors import Actor
from tenants.models import Membership

State, Said = Confirmation.State, Confirmation.Answer
ON = ("appointment_booked", "appointment_starts", "appointment_moved", "appointment_cancelled", "order_ready")
TOLD = 16  # appointments of which the day tells
EVERY = timedelta(minutes=2)  # one more goes out while the demo runs
SURE = 3
SAID: tuple[str, ...] = (
    Said.CONFIRMED, Said.CONFIRMED, Said.CONFIRMED, Said.MOVED, Said.MOVING, Said.DOUBTFUL, "",
)  # fmt: skip
TAKES = ("Toño", "Marcela")
UNDER_WAY = 7


def furnish(stage: Stage, owner: Membership) -> None:
    """What is said when, a day of it, and who is where in two journeys."""
    by, now = Actor.of_membership(owner), stage.clock.now
    use_ready_made(by=by)
    ConfirmationStep.objects.filter(happening__in=ON).update(is_on=True)
    for name in TAKES:
        save_agenda(by=by, name=name, weekdays=[*range(6)])
    save_slot_policy(by=by, is_on=True, minutes=30)
    _day(now)
    for recipe in ("after_sale", "no_show"):
        switch_journey(journey=create_from_recipe(recipe=recipe, by=by), is_on=True, by=by)
    _walk(Journey.objects.get(recipe="after_sale"), now)


def _day(now: datetime) -> None:
    """Who comes next was asked today; whoever is left is asked one by one while somebody looks."""
    step = ConfirmationStep.objects.get(happening="appointment_starts", minutes=-1440)
    coming = Appointment.objects.filter(starts_at__gt=now).order_by("starts_at", "id")
    sure, open_ones = (list(coming.filter(status=one)) for one in ("confirmed", "booked"))
    for number, appointment in enumerate([*sure[:SURE], *open_ones][:TOLD]):
        row = Confirmation(
            step=step,
            customer_id=appointment.customer_id,
            happening=step.happening,
            thing=Confirmation.Thing.APPOINTMENT,
            thing_id=appointment.pk,
            stamp=appointment.starts_at.isoformat(),
            happens_at=appointment.starts_at,
            due_at=now + EVERY * (number - TOLD // 2),
        )
        if number == TOLD // 2 - 1:
            row.state, row.reason = State.LEFT_OUT, NO_ADDRESS
        elif number < TOLD // 2:
            row.state, row.sent_at = State.SENT, row.due_at
            row.answer = SAID[number]
            row.answered_at = now - EVERY / 4 if row.answer else None
            if row.answer == Said.MOVED:
                row.wished_at = appointment.starts_at
                row.happens_at = appointment.starts_at - timedelta(days=1)
                row.stamp = row.happens_at.isoformat()
            elif row.answer == Said.MOVING:
                row.wished_at = appointment.starts_at + timedelta(days=2)
        row.save()


def _walk(journey: Journey, now: datetime) -> None:
    """Some who got an order lately wait for the first question."""
    version = newest_of(journey)
    bought = Order.objects.filter(status="delivered").order_by("customer_id", "-placed_at")
    for number, order in enumerate(bought.distinct("customer_id")[:UNDER_WAY]):
        due = now + timedelta(hours=20 * (number + 1))
        if not enter(version, order.customer_id, key=f"{order.pk}:delivered", due_at=due):
            continue
        place = JourneyPlace.objects.get(journey=journey, customer_id=order.customer_id)
        place.step = "1"
        place.trail = [{"step": "0", "at": now.isoformat(), "what": "wait", "detail": ""}]
        place.save(update_fields=["step", "trail"])
