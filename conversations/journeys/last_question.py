"""What is asked of a journey's message once more before it leaves the outbox."""

from functools import partial

from django.utils import timezone

from conversations import gate
from conversations.actions.last_question import WAITS, Withheld
from conversations.his_hour import his_hour
from conversations.journeys.advancing import leave_unasked, stopped
from conversations.journeys.saying import OF
from conversations.left_out import ANSWERED, SENTENCES, SWITCHED_OFF
from conversations.models import Delivery, JourneyPlace
from crm.models import Purpose


def ask(delivery: Delivery) -> None:
    """Raise `Withheld` where it is not to go any more, or only at another hour. His journey goes on."""
    rows = JourneyPlace.objects.select_related("journey", "version")
    place = rows.filter(pk=delivery.message.data[OF]).first()
    if place is None:
        return
    if why := _against(place, delivery.purpose):
        raise Withheld(SENTENCES[why], then=partial(leave_unasked, place.pk, delivery.message_id))
    now = timezone.now()
    hour = his_hour(place.customer_id, now, promotion=delivery.purpose == Purpose.PROMOTION)
    if hour > now:
        raise Withheld(WAITS, until=hour)


def _against(place: JourneyPlace, purpose: str) -> str:
    """Why he does not get it after all; the cap counted it when it was put into the outbox."""
    if place.journey.archived_at:
        return SWITCHED_OFF
    if reason := stopped(place):
        return reason
    if gate.paused_until(place.customer_id, timezone.now()):
        return ANSWERED
    for code, rows in gate.shields(timezone.now(), gate.policy(), purpose).items():
        if rows.filter(customer=place.customer_id).exists():
            return code
    return ""
