"""A business whose bot is on, and a customer who writes to it."""

from typing import Any

import pytest

from conversations.actions import thinking
from conversations.models import Bot, Conversation, Decision, Message
from tests.factories.conversations import make_inbound
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business


class Customer:
    """Somebody on the web chat: writes, and lets the bot answer."""

    def __init__(self, business: Business, name: str = "Ana Flores") -> None:
        self.business, self.name, self.address = business, name, "0b8f3c1a-visitor"
        self.conversation: Conversation | None = None

    def writes(self, text: str, **fields: Any) -> Decision | None:
        """One message, taken in and thought about."""
        self.sends(text, **fields)
        assert self.conversation is not None
        return thinking.think(self.business.tenant.id, self.conversation.pk)

    def sends(self, text: str, **fields: Any) -> Message:
        """One message, taken in only."""
        message = make_inbound(text, kind="web", address=self.address, name=self.name, **fields)
        self.conversation = message.conversation
        return message

    @property
    def reads(self) -> list[str]:
        """What came back, in order."""
        ours = Message.objects.filter(conversation=self.conversation, kind=Message.Kind.OUTBOUND)
        return list(ours.order_by("id").values_list("text", flat=True))


@pytest.fixture
def bot(scope: Business) -> Bot:
    make_article(scope)
    return Bot.objects.create(is_on=True, name="Tapi")


@pytest.fixture
def ana(bot: Bot, business: Business) -> Customer:
    return Customer(business)
