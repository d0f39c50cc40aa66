"""Log-in and sign-up while Valkey is away."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache, caches
from django.test import Client

from tenants.models import User
from tests.factories.tenants import PASSWORD


@pytest.fixture
def no_valkey(settings: Any) -> None:
    """A cache that nobody serves."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    caches.close_all()


def test_cache_forgets_instead_of_failing(no_valkey: None) -> None:
    cache.set("key", 1)
    assert (cache.get("key"), cache.get("key", 2), cache.add("key", 3), cache.delete("key")) == (
        None,
        2,
        True,
        False,
    )


def test_people_get_in(db: None, client: Client, no_valkey: None) -> None:
    user = User.objects.create_user("ana@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    response = client.post("/login/", {"login": user.email, "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/b/new/")


def test_people_sign_up(db: None, client: Client, no_valkey: None) -> None:
    data = {"name": "Ana", "email": "ana@example.com", "password1": PASSWORD}
    assert client.post("/signup/", data).headers["Location"] == "/confirm-email/"


def test_guessing_stays_slow(db: None, no_valkey: None) -> None:
    user = User.objects.create_user("ana@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for number in range(10):
        Client().post("/login/", {"login": user.email, "password": f"wrong-{number}"})
    response = Client().post("/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 429


def test_cache_works_when_it_is_there() -> None:
    cache.set("key", 1)
    assert (cache.get("key"), cache.add("key", 3), cache.delete("key"), cache.get("key")) == (
        1,
        False,
        True,
        None,
    )
