"""After a backup was restored: what may have gone out since it was made is held, and a person decides.

docs/adr/0007. Held are campaigns (paused), confirmations (left out, with a reason of their own), places of
journeys (without a time) and messages in the outbox (unknown). None of them goes out again by itself.
"""

from typing import NamedTuple

import structlog
from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.actions import bells, notifications, scheduled
from conversations.actions.campaigns import steering
from conversations.actions.turn_taking import take_over
from conversations.confirmation_queries import seen
from conversations.left_out import RESTORED, UNKNOWN
from conversations.models import (
    Campaign,
    Confirmation,
    Delivery,
    Journey,
    JourneyPlace,
    Notification,
    Recipient,
    ScheduledReply,
    Turn,
)
from conversations.queries import visible_to
from tenants import audit, pulse
from tenants.actors import Actor
from tenants.kit import events
from tenants.permissions import Permission, Sees
from tenants.queries import own
from tenants.refusals import Conflicting
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.restored")
ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('puente restored', 0))"
MAY_HAVE_GONE = gettext_noop("A backup was restored: it may have been sent already.")


class NotHeld(Conflicting):
    """Nothing of it is held."""


def look(*, is_certain: bool = False) -> int | None:
    """Hold everything back where the database is a restored one, or where somebody is certain that it is.

    In how many businesses; None where it is not, or while another does it. Harmless when it dies in
    between: until the end every business counts as restored, and nothing goes out.
    """
    with transaction.atomic(using="ops"), connections["ops"].cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return None
        found = pulse.standstill()
        if not is_certain and (found is None or found.why != pulse.Why.RESTORED):
            return None
        cursor.execute("SELECT id FROM tenants_tenant ORDER BY id")
        tenants = [pk for (pk,) in cursor.fetchall()]
        for tenant_id in tenants:
            with tenant_scope(tenant_id):
                counts = hold_back()
            log.warning("held after a restored backup", tenant=str(tenant_id), **counts)
        pulse.settle()
    return len(tenants)


def hold_back() -> dict[str, int]:
    """Everything of a business that may have gone out since the backup; returns how much of each."""
    counts = {
        "campaigns": _campaigns(),
        "confirmations": _confirmations(),
        "journeys": _journeys(),
        "messages": _messages(),
        "scheduled": _scheduled(),
        "turns": _turns(),
    }
    counts = {name: count for name, count in counts.items() if count}
    if counts:
        audit.record("backup.restored", target=own(), by=Actor.system(), **counts)
        notifications.tell(
            to=notifications.answering(Permission.CAMPAIGNS_SEND),
            kind=Notification.Kind.CAMPAIGN,
            key=f"restored:{timezone.now():%s}",
            data={"why": "held", "page": "confirmations/held/"},
        )
    return counts


def _campaigns() -> int:
    """Whoever may decides whether it goes on, and is told of each."""
    live = Campaign.objects.filter(state__in=[Campaign.State.SCHEDULED, Campaign.State.SENDING])
    found = list(live.select_for_update(of=("self",)))
    for one in found:
        steering.brake(one, Campaign.Braked.RESTORED)
    return len(found)


def _confirmations() -> int:
    due = Confirmation.objects.waiting().filter(due_at__lte=timezone.now())
    return int(due.update(state=Confirmation.State.LEFT_OUT, reason=RESTORED, call_at=None))


def _journeys() -> int:
    """Places whose time had come; who came into a journey's segment meanwhile entered it then."""
    now = timezone.now()
    Journey.objects.filter(is_on=True, looked_at__lt=now).update(looked_at=now)
    due = JourneyPlace.objects.filter(state=JourneyPlace.State.WAITING, due_at__lte=now)
    return int(due.update(due_at=None, reason=RESTORED))


def _messages() -> int:
    """What lay in the outbox: the vendor is asked where he can be, else a person sends it again."""
    now = timezone.now()
    waiting = Delivery.objects.filter(status__in=[Delivery.Status.PENDING, Delivery.Status.SENDING])
    offered = waiting.filter(priority=Delivery.Priority.CAMPAIGN).values_list("message_id", flat=True)
    lines = Recipient.objects.filter(message_id__in=list(offered))
    lines.filter(sent_at=None).update(sent_at=now)
    lines.update(state=Recipient.State.UNKNOWN, reason=UNKNOWN, lease_until=None)
    fresh = {"attempt_id": None, "lease_until": None, "due_at": now, "settled_at": now}
    return int(waiting.update(status=Delivery.Status.UNKNOWN, reason=MAY_HAVE_GONE, **fresh))


def _scheduled() -> int:
    found = list(ScheduledReply.objects.due().select_for_update(of=("self",)))
    for reply in found:
        scheduled.hold(reply, MAY_HAVE_GONE)
    return len(found)


def _turns() -> int:
    """What waited for the bot may have been answered: a person looks."""
    found = list(Turn.objects.filter(due_at__isnull=False).select_related("conversation"))
    for turn in found:
        take_over(conversation=turn.conversation, by=Actor.system())
    Turn.objects.filter(pk__in=[turn.pk for turn in found]).update(due_at=None)
    return len(found)


# --- what a person says of it ---


@transaction.atomic
def go_on(*, place: JourneyPlace, by: Actor) -> JourneyPlace:
    """Let a held customer take his step, though it may have been taken before. Raises `NotHeld`."""
    held: JourneyPlace = JourneyPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if held.state != JourneyPlace.State.WAITING or held.reason != RESTORED:
        raise NotHeld(_("He is not held back."))
    held.due_at, held.reason, held.attempts = timezone.now(), "", 0
    held.save(update_fields=["due_at", "reason", "attempts"])
    audit.record("journey.gone_on", target=held, by=by, customer=str(held.customer_id))
    events.publish("journey", {"id": str(held.journey_id), "customer": str(held.customer_id)})
    return held


class Held(NamedTuple):
    """What is held of a business, as far as somebody sees its customers."""

    confirmations: QuerySet[Confirmation]
    places: QuerySet[JourneyPlace]
    campaigns: QuerySet[Campaign]
    messages: QuerySet[Delivery]


def held_back(actor: Actor) -> Held:
    """What waits for a person's word since a backup was restored."""
    left_out = Confirmation.objects.filter(state=Confirmation.State.LEFT_OUT, reason=RESTORED)
    places = JourneyPlace.objects.filter(
        state=JourneyPlace.State.WAITING, reason=RESTORED, due_at__isnull=True
    )
    paused = Campaign.objects.filter(state=Campaign.State.PAUSED, braked=Campaign.Braked.RESTORED)
    unknown = Delivery.objects.filter(status=Delivery.Status.UNKNOWN, reason=MAY_HAVE_GONE)
    if actor.sees != Sees.ALL:
        unknown = unknown.filter(message__conversation__in=visible_to(actor))
    return Held(seen(left_out, actor), seen(places, actor), paused, unknown)


@transaction.atomic
def send_held(*, by: Actor) -> int:
    """Send all held confirmations now, and let all held journeys go on; returns how many. None twice."""
    held, now = held_back(by), timezone.now()
    again = {"reason": "", "due_at": now, "attempts": 0}
    confirmations = int(held.confirmations.update(state=Confirmation.State.WAITING, **again))
    places = int(held.places.update(**again))
    if confirmations or places:
        audit.record("backup.held_sent", target=own(), by=by, confirmations=confirmations, journeys=places)
        bells.send_confirmations()
    return confirmations + places


@transaction.atomic
def leave_out_held(*, by: Actor) -> int:
    """Send none of the held confirmations; who is held in a journey is taken out. Returns how many."""
    held = held_back(by)
    confirmations = int(held.confirmations.update(state=Confirmation.State.WITHDRAWN))
    places = int(held.places.update(state=JourneyPlace.State.STOPPED, finished_at=timezone.now()))
    if confirmations or places:
        audit.record(
            "backup.held_left_out", target=own(), by=by, confirmations=confirmations, journeys=places
        )
    return confirmations + places
