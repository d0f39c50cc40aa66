"""What a journey says to a customer: the words as they were when he entered, about what he entered by."""

from typing import Any

from conversations.automatic import LeftOut, say_first
from conversations.confirmations.sending import MODELS, facts
from conversations.left_out import UNTRUE
from conversations.models import JourneyPlace, Message, MessageTemplate
from tenants.queries import own


def say(place: JourneyPlace, template: MessageTemplate) -> Message:
    """Say a template to whoever is at a place, in the caller's transaction. Raises `LeftOut`."""
    known = template.versions.filter(created_at__lte=place.entered_at)
    return say_first(place.customer, template, version=known.order_by("-number").first(), facts=_about(place))


def _about(place: JourneyPlace) -> dict[str, Any]:
    """What the names of the order, appointment or payment stand for by which he entered."""
    if "thing" not in place.facts:
        return {}
    thing = MODELS[place.facts["thing"]].objects.filter(pk=place.facts["id"]).first()
    if thing is None:
        raise LeftOut(UNTRUE)
    return facts(thing, place.customer_id, own())
