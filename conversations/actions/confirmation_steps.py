"""What customers are told of their appointments, orders and payments: written, switched, taken away."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.actions.message_templates import create_message_template, latest
from conversations.confirmations import ready_made
from conversations.confirmations.sentences import ASKED_OF, FORESEEN
from conversations.left_out import SWITCHED_OFF
from conversations.models import Confirmation, ConfirmationStep, Happening, MessageTemplate
from crm.models import Purpose
from tenants import audit
from tenants.actors import Actor
from tenants.queries import own
from tenants.refusals import Conflicting, Refused

MOST = 60  # steps of a business
FURTHEST = 60 * 24 * 60  # minutes before or after
CALLED = 60 * 24 * 7  # minutes before


class InvalidStep(Refused):
    """A message of a sequence that cannot be said so. `field` says where."""


class StepExists(Conflicting):
    """At this time something is said already."""


@transaction.atomic
def save_step(*, by: Actor, step: ConfirmationStep | None = None, **given: Any) -> ConfirmationStep:
    """A new step, or what is given of one changed.

    Happening, minutes, template, asks, can_wait, call_minutes; a new one is off. Raises `InvalidStep`,
    `StepExists`.
    """
    if step is None and ConfirmationStep.objects.count() >= MOST:
        raise InvalidStep(_("At most %(most)s messages. Delete those nobody needs.") % {"most": MOST})
    kept = ConfirmationStep.objects.select_for_update().get(pk=step.pk) if step else ConfirmationStep()
    for name in ("happening", "minutes", "template", "asks", "can_wait", "call_minutes"):
        if name in given:
            setattr(kept, name, given[name])
    if kept.happening not in ASKED_OF:
        kept.asks = False
    if not kept.asks:
        kept.call_minutes = None
    _check(kept)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise StepExists(_("At this time something is said already."), "minutes") from None
    act = "changed" if step else "created"
    audit.record(
        f"confirmation_step.{act}", target=kept, by=by, happening=kept.happening, minutes=kept.minutes
    )
    return kept


def _check(step: ConfirmationStep) -> None:
    if step.happening not in Happening.values:
        raise InvalidStep(_("Choose of what it tells."), "happening")
    if type(step.minutes) is not int or abs(step.minutes) > FURTHEST:
        raise InvalidStep(_("Give it at most 60 days."), "minutes")
    if step.minutes < 0 and step.happening not in FORESEEN:
        raise InvalidStep(_("Nobody knows this before it happens: say it at once or later."), "minutes")
    if step.minutes > 0 and step.asks:
        raise InvalidStep(_("Whether he comes has to be asked before."), "asks")
    if step.template_id is None or step.template.archived_at is not None:
        raise InvalidStep(_("Choose what it says."), "template")
    if step.template.purpose != Purpose.SERVICE:
        raise InvalidStep(_("Choose a template for service: an offer is no confirmation."), "template")
    call = step.call_minutes
    if call is not None and (type(call) is not int or not 0 < call <= CALLED):
        raise InvalidStep(_("Call him at most a week before."), "call_minutes")
    if call is not None and step.happening == Happening.APPOINTMENT_STARTS and call >= -step.minutes:
        raise InvalidStep(_("Call him later than he is asked."), "call_minutes")


@transaction.atomic
def switch_step(*, step: ConfirmationStep, is_on: bool, by: Actor) -> ConfirmationStep:
    """Let it be said, or no more; what is booked already is told of, too. Raises `InvalidStep`."""
    held: ConfirmationStep = ConfirmationStep.objects.select_for_update().get(pk=step.pk)
    if held.is_on == is_on:
        return held
    if is_on:
        _check(held)
        if not latest(held.template).contents:
            raise InvalidStep(_("Its template says nothing yet."), "template")
    held.is_on, held.plan_at = is_on, timezone.now() if is_on else None
    held.save(update_fields=["is_on", "plan_at"])
    act = "switched_on" if is_on else "switched_off"
    audit.record(
        f"confirmation_step.{act}", target=held, by=by, happening=held.happening, minutes=held.minutes
    )
    if is_on:
        bells.plan_ahead()
    return held


@transaction.atomic
def delete_step(*, step: ConfirmationStep, by: Actor) -> None:
    """Take it away; what waits of it is not said."""
    waiting = Confirmation.objects.waiting().filter(step=step)
    waiting.update(state=Confirmation.State.WITHDRAWN, reason=SWITCHED_OFF, call_at=None)
    audit.record(
        "confirmation_step.deleted", target=step, by=by, happening=step.happening, minutes=step.minutes
    )
    step.delete()


@transaction.atomic
def use_ready_made(*, by: Actor) -> list[ConfirmationStep]:
    """Write down the sequences that come with Puente, each off and with a template of its own.

    Where something is said at the same time already, it stays as it is. Returns what is new.
    """
    taken = set(ConfirmationStep.objects.values_list("happening", "minutes"))
    made = []
    with translation.override(own().language):
        for ready in ready_made.READY:
            if (ready.happening, ready.minutes) in taken:
                continue
            made.append(
                save_step(
                    happening=ready.happening.value,
                    minutes=ready.minutes,
                    template=_template(ready, by),
                    asks=ready.asks,
                    can_wait=ready.can_wait,
                    call_minutes=ready.call_minutes,
                    by=by,
                )
            )
    return made


def _template(ready: ready_made.Ready, by: Actor) -> MessageTemplate:
    name = _(ready.name)
    found: MessageTemplate | None = MessageTemplate.objects.kept().filter(name=name).first()
    if found is not None and found.purpose == Purpose.SERVICE:
        return found
    if found is not None:
        name = f"{name} (2)"
    return create_message_template(
        name=name, purpose=Purpose.SERVICE, contents=ready_made.contents(ready), by=by
    )
