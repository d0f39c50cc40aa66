"""Fixtures of every test: a fresh database, and three personas who meet in each of them."""

import gc
import re
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.test import Client, TransactionTestCase
from redis.backoff import NoBackoff
from redis.retry import Retry

from tenants.kit import asking, valkey
from tenants.scoping import tenant_scope
from tests import savepoints, servers
from tests.factories.tenants import Business, make_business

# A password that costs nothing to hash: every test makes people. Argon2 stays for those that log in by it.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
savepoints.ride_along()
# Hashed names need collectstatic; pages under test name the files themselves.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Random identifiers in parameters get one name, so that every worker collects the same tests."""
    return _UUID.sub("uuid", val) if isinstance(val, str) and _UUID.search(val) else None


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The worker's own copy of the migrated template."""
    servers.copy_template()


def _empty(self: TransactionTestCase) -> None:
    servers.empty_tables()


TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign] -- the app role may not truncate


@pytest.fixture(autouse=True)
def _clean_valkey() -> None:
    valkey.client().flushdb()


@pytest.fixture(autouse=True)
def _workers_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a web process asks a worker is answered here and now."""

    def ring_now(task: Any, tenant_id: object, number: str, **_: Any) -> bool:
        task(str(tenant_id), number)
        return True

    monkeypatch.setattr(asking, "ring_now", ring_now)


@pytest.fixture
def no_valkey(monkeypatch: pytest.MonkeyPatch) -> None:
    """Valkey is gone, and its client finds out as quickly as the product's own."""
    dead = redis.Redis(unix_socket_path="/nowhere/valkey.sock", retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(valkey, "client", lambda: dead)


@pytest.fixture
def business(db: None) -> Business:
    """A business with an owner and an agent ("teammate")."""
    return make_business("Bicis Tapatías")


@pytest.fixture
def scope(business: Business) -> Iterator[Business]:
    """Inside that business, for tests that touch rows directly."""
    with tenant_scope(business.tenant.id):
        yield business


@pytest.fixture
def other(db: None) -> Business:
    """Another business: its people are the strangers."""
    return make_business("Café Ajeno")


@pytest.fixture
def owner_client(business: Business) -> Client:
    return business.client(business.owner)


@pytest.fixture
def teammate_client(business: Business) -> Client:
    return business.client(business.agent)


@pytest.fixture
def stranger_client(other: Business) -> Client:
    return other.client(other.owner)
