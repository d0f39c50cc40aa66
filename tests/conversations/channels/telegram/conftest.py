from collections.abc import Iterator
from typing import Any

import pytest

from tests.conversations.channels.telegram.bot import Bot
from tests.factories.tenants import Business
from tests.vendors.telegram import Telegram


@pytest.fixture
def vendor(settings: Any) -> Iterator[Telegram]:
    with Telegram() as stand_in:
        for name, value in stand_in.django_settings().items():
            setattr(settings, name, value)
        yield stand_in


@pytest.fixture
def bot(business: Business, vendor: Telegram) -> Bot:
    return Bot(business, vendor)
