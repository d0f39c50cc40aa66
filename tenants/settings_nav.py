"""The places of a business's settings. Apps above add theirs when they start."""

from dataclasses import dataclass
from typing import Any

from tenants.actors import Actor
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the URL name, what it is called, and who may see it."""

    url_name: str
    label: Any
    icon: str
    permission: Permission
    order: int


_places: dict[str, Place] = {}


def register(place: Place) -> None:
    """Add a place; the same URL name again replaces it."""
    _places[place.url_name] = place


def places_for(actor: Actor) -> list[Place]:
    """What this person finds in the settings, in order."""
    return sorted(
        (place for place in _places.values() if actor.can(place.permission)), key=lambda place: place.order
    )
