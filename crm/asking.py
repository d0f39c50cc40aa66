"""How a customer is asked to confirm a consent; the apps above know the channels and register it here."""

from typing import Protocol

from crm.models import Customer, Identity


class Sender(Protocol):
    """Brings a text to an address of a customer."""

    def __call__(self, *, customer: Customer, identity: Identity, medium: str, text: str) -> None:
        """Send it. Raises `Refused` with a sentence where there is no way."""


_senders: list[Sender] = []


def register(sender: Sender) -> None:
    """Say how a text is brought to somebody; called once from an app's `ready()`."""
    _senders[:] = [sender]


def send(*, customer: Customer, identity: Identity, medium: str, text: str) -> None:
    """Bring a text to an address of a customer. Raises `Refused` with a sentence where there is no way."""
    for sender in _senders:
        sender(customer=customer, identity=identity, medium=medium, text=text)
