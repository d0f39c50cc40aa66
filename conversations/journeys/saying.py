"""What a journey says to a customer: the words as they were when he entered, about what he entered by."""

from collections.abc import Sequence
from typing import Any

from conversations.automatic import LeftOut, say_first
from conversations.confirmations.sending import MODELS, facts
from conversations.left_out import UNTRUE
from conversations.models import JourneyPlace, Message, MessageTemplate
from tenants.queries import own

OF = "journey"  # in a message's `data`: at which place somebody got it


def say(place: JourneyPlace, template: MessageTemplate, choices: Sequence[str] = ()) -> Message:
    """Say a template to whoever is at a place, with answers to choose from where it asks.

    In the caller's transaction. Raises `LeftOut`.
    """
    known = template.versions.filter(created_at__lte=place.entered_at)
    version = known.order_by("-number").first()
    return say_first(
        place.customer,
        template,
        version=version,
        facts=_about(place),
        choices=choices,
        cause={OF: str(place.pk)},
    )


def _about(place: JourneyPlace) -> dict[str, Any]:
    """What the names of the order, appointment or payment stand for by which he entered."""
    if "thing" not in place.facts:
        return {}
    thing = MODELS[place.facts["thing"]].objects.filter(pk=place.facts["id"]).first()
    if thing is None:
        raise LeftOut(UNTRUE)
    return facts(thing, place.customer_id, own())
