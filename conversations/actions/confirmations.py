"""What a person does with one message of a sequence: takes it back before it goes out, or sends it now."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.left_out import BY_HAND
from conversations.models import Confirmation
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.refusals import Conflicting

State = Confirmation.State


class NotWaiting(Conflicting):
    """It went out, was withdrawn or left out already."""


@transaction.atomic
def withdraw_confirmation(*, confirmation: Confirmation, by: Actor) -> Confirmation:
    """Do not say it. Raises `NotWaiting`."""
    held = _held(confirmation)
    held.state, held.reason, held.call_at = State.WITHDRAWN, BY_HAND, None
    held.save(update_fields=["state", "reason", "call_at"])
    audit.record("confirmation.withdrawn", target=held, by=by, happening=held.happening)
    tell(held)
    return held


@transaction.atomic
def send_confirmation_now(*, confirmation: Confirmation, by: Actor) -> Confirmation:
    """Say it at once, whatever the hour. Raises `NotWaiting`."""
    held = _held(confirmation)
    held.state, held.reason, held.due_at, held.attempts = State.WAITING, "", timezone.now(), 0
    held.any_hour = True
    held.save(update_fields=["state", "reason", "due_at", "attempts", "any_hour"])
    audit.record("confirmation.hastened", target=held, by=by, happening=held.happening)
    bells.send_confirmations()
    tell(held)
    return held


def _held(confirmation: Confirmation) -> Confirmation:
    found: Confirmation = Confirmation.objects.select_for_update(of=("self",)).get(pk=confirmation.pk)
    if found.state != State.WAITING and not found.is_held:
        raise NotWaiting(_("It does not wait any more."))
    return found


def tell(confirmation: Confirmation) -> None:
    """Let the open pages know that something became of it."""
    events.publish("confirmation", {"id": str(confirmation.pk), "customer": str(confirmation.customer_id)})
