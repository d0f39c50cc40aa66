"""Where a customer stands with the business, in words; the apps above know, so they register it here."""

from collections.abc import Callable
from typing import NamedTuple

from crm.models import Customer
from tenants.actors import Actor


class Standing(NamedTuple):
    """A stage of the journey by its name, and what it was read from in one line."""

    stage: str
    why: str


Tells = Callable[[Customer, Actor], Standing]
_tells: list[Tells] = []


def register(tells: Tells) -> None:
    """Say how it is told; called once from an app's `ready()`."""
    _tells[:] = [tells]


def of(customer: Customer, actor: Actor) -> Standing | None:
    """Where he stands, from what the actor may see; None where nobody tells."""
    return _tells[0](customer, actor) if _tells else None
