"""An account of a business at its stand-in."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conversations.channels.meta_line import Line
from tests.factories.tenants import Business
from tests.vendors.instagram import Instagram


@pytest.fixture(params=[False, True], ids=["own_login", "by_page"])
def vendor(request: pytest.FixtureRequest, settings: Any) -> Iterator[Instagram]:
    """Both ways to reach an account."""
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
    with Instagram(by_page=request.param) as stand_in:
        for name, value in stand_in.django_settings().items():
            setattr(settings, name, value)
        yield stand_in


@pytest.fixture
def line(business: Business, vendor: Instagram) -> Line:
    return Line(business, vendor)
