"""An integrator, and conversations to work on."""

import pytest

from conversations.models import Channel, Conversation
from tenants.scoping import tenant_scope
from tests.api.conftest import api, limited, stranger
from tests.conversations.actions.conftest import channel, vendor
from tests.conversations.actions.vendor import begin
from tests.factories.tenants import Business

__all__ = ["api", "channel", "limited", "stranger", "vendor"]


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


@pytest.fixture
def foreign(other: Business) -> Conversation:
    """A conversation of another business."""
    from tests.factories.conversations import make_conversation

    with tenant_scope(other.tenant.id):
        return make_conversation("Secreto ajeno")
