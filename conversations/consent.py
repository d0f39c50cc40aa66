"""Asking crm whether a customer may be written to, in the words of conversations."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from conversations.channels.base import ChannelError
from conversations.models import Channel, Conversation, Delivery, Template
from crm import sending_rules
from crm.models import Medium, Purpose
from crm.sending_rules import ALLOWED, Verdict

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
