"""A key with every scope, and clients that carry one."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import Client

from tenants.actions.api_keys import create_api_key
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

KeyMaker = Callable[..., str]


class Api:
    """Calls /api/v1/ with a key and JSON."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(path: str, data: Any = None, *, key: str = "", **extra: Any) -> Any:
            headers = {**extra.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
            if method != "get" and data is not None:
                extra |= {"data": data, "content_type": "application/json"}
            elif data is not None:
                extra |= {"query_params": data}
            return getattr(self.client, method)(f"/api/v1/{path}", headers=headers, **extra)

        return call


def key_for(business: Business, scopes: Iterable[str] | None = None) -> str:
    """The secret of a new key; all scopes unless told otherwise."""
    with tenant_scope(business.tenant.id):
        wanted = list(Permission) if scopes is None else scopes
        return create_api_key(name="Tienda", scopes=wanted, by=business.actor())[1]


@pytest.fixture
def api(business: Business) -> Api:
    """An integrator of the business, who may do everything."""
    return Api(key_for(business))


@pytest.fixture
def stranger(other: Business) -> Api:
    """An integrator of another business."""
    return Api(key_for(other))


@pytest.fixture
def limited(business: Business) -> Callable[..., Api]:
    """`limited("customers:read")`: an integrator with these scopes only."""
    return lambda *scopes: Api(key_for(business, scopes))
