"""A vendor's stand-in, registered as one more kind of channel."""

import pytest

from conversations.channels import registry
from conversations.models import Channel
from tests.conversations.actions.vendor import Vendor, open_channel
from tests.factories.tenants import Business


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    stand_in = Vendor()
    monkeypatch.setitem(registry.adapters(), "vendor", stand_in)
    return stand_in


@pytest.fixture
def channel(business: Business, vendor: Vendor) -> Channel:
    return open_channel(business)
