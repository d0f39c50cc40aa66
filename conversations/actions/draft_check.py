"""A look at what somebody is writing: does it ask the customer for what is known already?"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from conversations import known
from conversations.bot import language
from conversations.bot.reask import reasks
from conversations.models import Conversation
from tenants.actors import Actor
from tenants.queries import own

TOPICS = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "order": _("Order"),
    "document": _("Document"),
    "appointment": _("Appointment"),
    "product": _("Product"),
    "reason": _("Why he writes"),
    "photo": _("Picture"),
    "purchase_date": _("Date of purchase"),
    "payment_method": _("Payment method"),
    "hour": _("Time of day"),
    "pet": _("The pet's name"),
    "branch": _("Branch"),
}
TOLD = frozenset({"photo", "reason"})
"""What is to be read, not written to the customer."""


class Finding(NamedTuple):
    """Something a draft asks for that is known."""

    kind: str
    topic: str
    words: str
    fact: str
    was_said: bool
    """By the customer in this conversation; else it stands in his record."""

    @property
    def insert(self) -> str:
        """What can be put into the draft instead."""
        return "" if self.kind in TOLD else self.fact


def check_draft(*, conversation: Conversation, text: str, by: Actor) -> list[Finding]:
    """What the draft asks for again. Nothing is kept; sending is never stopped."""
    if len(text.strip()) < 3:
        return []
    fallback = (conversation.customer.language or own().language).partition("-")[0]
    spoken = language.detect(text, fallback=fallback).code
    facts = known.of(conversation, by)
    found = reasks(text, {key: fact.value for key, fact in facts.items()}, spoken)
    return [
        Finding(one.kind, str(TOPICS[one.kind]), one.words, one.fact, facts[one.kind].was_said)
        for one in found
    ]
