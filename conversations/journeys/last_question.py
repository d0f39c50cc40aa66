"""What is asked of a journey's message once more before it leaves the outbox."""

from django.utils import timezone

from conversations import gate
from conversations.actions.last_question import WAITS, Withheld
from conversations.his_hour import his_hour
from conversations.journeys.advancing import IS, REASONS
from conversations.journeys.saying import OF
from conversations.left_out import SENTENCES, SWITCHED_OFF
from conversations.models import Delivery, JourneyPlace
from crm.models import Purpose


def ask(delivery: Delivery) -> None:
    """Raise `Withheld` where it is not to go any more, or only at another hour. His journey goes on."""
    rows = JourneyPlace.objects.select_related("journey", "version")
    place = rows.filter(pk=delivery.message.data[OF]).first()
    if place is None:
        return
    if why := _against(place, delivery.purpose):
        raise Withheld(SENTENCES[why])
    now = timezone.now()
    hour = his_hour(place.customer_id, now, promotion=delivery.purpose == Purpose.PROMOTION)
    if hour > now:
        raise Withheld(WAITS, until=hour)


def _against(place: JourneyPlace, purpose: str) -> str:
    """Why he does not get it after all; the cap counted it when it was put into the outbox."""
    if place.journey.archived_at:
        return SWITCHED_OFF
    for stop in place.version.content["stops"]:
        if IS[stop](place):
            return REASONS[stop]
    for code, rows in gate.shields(timezone.now(), gate.policy(), purpose).items():
        if rows.filter(customer=place.customer_id).exists():
            return code
    return ""
