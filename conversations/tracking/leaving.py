"""Who unsubscribes tells so on the line of the mail whose link he followed, else of the last he got."""

from datetime import datetime
from typing import Any

from conversations.actions.campaigns import marks
from conversations.models import Recipient
from conversations.tracking import tokens
from crm.models import Customer
from crm.signals import unasked_ended


def register() -> None:
    """Called once, when the app starts."""
    unasked_ended.connect(_note, dispatch_uid="conversations.opted_out")


def _note(sender: Any, *, customer: Customer, at: datetime, mail: str, **kwargs: Any) -> None:
    door = tokens.read(mail)
    named = Recipient.objects.filter(customer=customer, pk=door.target_id) if door else None
    found = named.values_list("pk", flat=True).first() if named is not None else None
    marks.opted_out(customer.pk, at, found)
