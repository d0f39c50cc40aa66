"""A business whose bot doubts, and the people who teach it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.models import Bot, Conversation, Decision, Message, Turn
from tenants.models import Membership
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.api.conftest import api, limited, stranger
from tests.factories.conversations import make_inbound, make_message
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

__all__ = ["api", "limited", "stranger"]
Doubt = Callable[..., Decision]


@pytest.fixture(autouse=True)
def by_words(settings: Any) -> None:
    """The encoder is tested where meaning matters; here it would only take time."""
    settings.BOT_ENCODER = False


@pytest.fixture
def bot(business: Business) -> Bot:
    """It is on, and knows the hours."""
    with tenant_scope(business.tenant.id):
        make_article(business)
        return Bot.objects.create(is_on=True, name="Tapi")


@pytest.fixture
def doubt(business: Business, bot: Bot) -> Doubt:
    """A message the bot was not sure of, without thinking."""

    def made(text: str = "me pueden facturar?", name: str = "Ana Flores", **fields: object) -> Decision:
        given = {"doubt": "unsure", "review": "due", "language": "es", "action": "ask", **fields}
        with tenant_scope(business.tenant.id):
            message = make_inbound(text, kind="web", name=name)
            turn = Turn.objects.filter(conversation=message.conversation_id).order_by("-id").first()
            return Decision.objects.create(
                conversation_id=message.conversation_id, message=message, turn=turn, **given
            )

    return made


@pytest.fixture
def replied(business: Business) -> Callable[[Message, str], Message]:
    """A colleague answers a message."""

    def made(message: Message, text: str) -> Message:
        with tenant_scope(business.tenant.id):
            conversation = Conversation.objects.get(pk=message.conversation_id)
            return make_message(conversation, text, by=business.actor())

    return made


@pytest.fixture
def narrow(business: Business) -> Membership:
    """A supervisor who sees only his own conversations."""
    return business.add_member(Role.SUPERVISOR, sees=Sees.OWN, name="Nico Estrecho")


@pytest.fixture
def narrow_client(business: Business, narrow: Membership) -> Client:
    return business.client(narrow)
