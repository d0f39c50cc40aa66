"""A look at what somebody is writing: does it ask for what is known already, and does it sound human?"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from conversations import draft_meaning, humane, known
from conversations.bot import language
from conversations.bot.reask import reasks
from conversations.models import Conversation, Handoff
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
    spoken = _language(conversation, text)
    facts = known.of(conversation, by)
    meant = draft_meaning.meant(text, spoken) if facts else None
    return findings_of(text, facts, spoken, meant)


def findings_of(
    text: str, facts: Mapping[str, known.Known], spoken: str, meant: Mapping[str, float] | None
) -> list[Finding]:
    """What a draft asks for although it is known, given what it means (`draft_meaning.meant`)."""
    found = reasks(text, {key: fact.value for key, fact in facts.items()}, spoken, meant)
    return [
        Finding(one.kind, str(TOPICS[one.kind]), one.words, one.fact, facts[one.kind].was_said)
        for one in found
    ]


def sounds(*, conversation: Conversation, text: str) -> list[humane.Finding]:
    """What of a draft does not sound like a person; a customer who is upset wants to be understood first."""
    if len(text.split()) < 3:
        return []
    handed = Handoff.objects.filter(conversation=conversation, episode__closed_at=None, mood="negative")
    is_upset = conversation.waiting_since is not None and handed.exists()
    return humane.check(
        text,
        language=_language(conversation, text),
        kind="reply",
        audience_upset=is_upset,
        formality=own().formality,
    )


def _language(conversation: Conversation, text: str) -> str:
    fallback = (conversation.customer.language or own().language).partition("-")[0]
    return language.detect(text, fallback=fallback).code
