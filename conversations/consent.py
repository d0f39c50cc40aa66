"""Asking crm whether a customer may be written to, in the words of conversations."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from conversations.channels.base import ChannelError
from conversations.models import Channel, Conversation, Delivery, Template
from crm import sending_rules
from crm.models import Medium, Purpose
from crm.sending_rules import ALLOWED, Reason, Verdict

# The medium that a kind of channel serves.
MEDIA: dict[str, str] = {
    "email": Medium.EMAIL,
    "whatsapp": Medium.WHATSAPP,
    "twilio_whatsapp": Medium.WHATSAPP,
    "sms": Medium.SMS,
    "phone": Medium.PHONE,
    "messenger": Medium.MESSENGER,
    "instagram": Medium.INSTAGRAM,
    "telegram": Medium.TELEGRAM,
    "web": Medium.WEB,
}
WORTH_A_WORD = (
    Reason.COMPLAINT,
    Reason.UNSUBSCRIBED,
    Reason.BY_HAND,
    Reason.EXCLUDED,
    Reason.WITHDRAWN,
)
MARKETING = "marketing"  # Meta's category of templates with offers


def medium_of(channel: Channel) -> str:
    """The medium by which a channel writes; "" for one by which nobody is written to, such as visits."""
    return MEDIA.get(channel.kind, "")


def may_send(conversation: Conversation, purpose: str) -> Verdict:
    """Whether the customer of a conversation may be written to there now, for a purpose."""
    medium, identity = medium_of(conversation.channel), conversation.identity
    if not medium or identity is None:
        return ALLOWED  # nothing goes out there: the outbox says so
    return sending_rules.may_send(
        conversation.customer,
        medium,
        purpose,
        identity.value,
        at=timezone.now(),
        heard_at=conversation.last_inbound_at,
    )


def said_no(conversation: Conversation) -> tuple[str, str]:
    """Why he may not be answered here, and why he gets no offers here though nobody asked; "" where he may.

    That he never agreed to offers is not worth a word.
    """
    medium, identity = medium_of(conversation.channel), conversation.identity
    if not medium or identity is None:
        return "", ""
    found = sending_rules.verdicts(
        conversation.customer,
        medium,
        [Purpose.SERVICE, Purpose.PROMOTION],
        identity.value,
        at=timezone.now(),
        heard_at=conversation.last_inbound_at,
    )
    offers = found[Purpose.PROMOTION]
    return found[Purpose.SERVICE].sentence, offers.sentence if offers.reason in WORTH_A_WORD else ""


def purpose_of(data: Mapping[str, Any] | None) -> str:
    """What a person's message is for: an answer is service, a template with offers is not."""
    template = data.get("template") if data else None
    if not isinstance(template, Mapping):
        return Purpose.SERVICE
    category = Template.objects.filter(pk=template.get("id")).values_list("category", flat=True).first()
    return Purpose.PROMOTION if (category or "").lower() == MARKETING else Purpose.SERVICE


def check_delivery(delivery: Delivery, conversation: Conversation) -> None:
    """Ask once more before a message goes: he may have said no meanwhile. Raises `ChannelError`."""
    verdict = may_send(conversation, delivery.purpose)
    if not verdict.allowed:
        raise ChannelError(verdict.kept, permanent=True, category="consent")
