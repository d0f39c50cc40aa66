"""Keys of integrators."""

import pytest

from tenants import doors
from tenants.actions.api_keys import ScopeBeyondOwn, create_api_key, revoke_api_key
from tenants.models import ApiKey, AuditEvent, DirectoryEntry
from tenants.permissions import Permission, Role
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

API_KEY = DirectoryEntry.Kind.API_KEY


def test_key_opens_its_business_and_only_its_hash_is_kept(scope: Business) -> None:
    key, secret = create_api_key(name="Tienda", scopes=[Permission.ORDERS_WRITE], by=scope.actor())
    door = doors.by_secret(API_KEY, secret)
    assert door is not None
    assert (door.tenant_id, door.target_id) == (scope.tenant.id, key.id)
    assert secret.startswith("pt_")
    assert len(secret) >= 40
    assert key.prefix == secret[:8]
    assert DirectoryEntry.objects.filter(key__contains=secret[8:]).exists() is False
    details = AuditEvent.objects.get(action="api_key.created").details
    assert details == {"name": "Tienda", "scopes": ["orders:write"]}


def test_key_cannot_do_more_than_its_maker(business: Business) -> None:
    supervisor = business.add_member(Role.SUPERVISOR)
    with tenant_scope(business.tenant.id), pytest.raises(ScopeBeyondOwn):
        create_api_key(name="x", scopes=["keys:write"], by=business.actor(supervisor))


def test_unknown_scope_is_refused(scope: Business) -> None:
    with pytest.raises(ScopeBeyondOwn):
        create_api_key(name="x", scopes=["everything"], by=scope.actor())


def test_revoked_key_opens_nothing(scope: Business) -> None:
    key, secret = create_api_key(name="Tienda", scopes=["orders:read"], by=scope.actor())
    for _time in range(2):
        revoke_api_key(key=key, by=scope.actor())
    assert doors.by_secret(API_KEY, secret) is None
    assert ApiKey.objects.get().revoked_at is not None
    assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1
