"""A page of a business at its stand-in."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conversations.channels.meta_line import Line
from tests.factories.tenants import Business
from tests.vendors.messenger import Messenger


@pytest.fixture
def vendor(settings: Any) -> Iterator[Messenger]:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
    with Messenger() as stand_in:
        for name, value in stand_in.django_settings().items():
            setattr(settings, name, value)
        yield stand_in


@pytest.fixture
def line(business: Business, vendor: Messenger) -> Line:
    return Line(business, vendor)
