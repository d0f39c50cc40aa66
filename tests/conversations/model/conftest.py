"""A business with a model, whose server is on this machine and does what a test tells it."""

from collections.abc import Iterator
from typing import Any

import pytest

from conversations.actions.model_endpoint import save_endpoint
from conversations.models import ModelEndpoint
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business
from tests.vendors.model import ModelServer

ALL = ["draft", "rephrase", "summary", "rank"]


@pytest.fixture
def server(settings: Any) -> Iterator[ModelServer]:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
    with ModelServer() as server:
        yield server


@pytest.fixture
def endpoint(business: Business, server: ModelServer) -> ModelEndpoint:
    """Everything allowed, and a dollar for a thousand tokens."""
    with tenant_scope(business.tenant.id):
        return save_endpoint(
            by=business.actor(),
            base_url=server.base_url,
            model=server.model,
            key=server.key,
            uses=ALL,
            seconds=2,
            price_input=1_000,
            price_output=1_000,
            budget=100,
        )
