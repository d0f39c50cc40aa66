"""The pages that belong to nobody's business: gallery, front page, errors."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.factories.tenants import Business


def test_gallery_is_hidden_from_visitors(client: Client, db: None) -> None:
    assert client.get("/dev/components/").status_code == 404


def test_gallery_is_hidden_from_members(owner_client: Client) -> None:
    assert owner_client.get("/dev/components/").status_code == 404


def test_gallery_is_shown_to_staff(business: Business, owner_client: Client) -> None:
    business.owner.user.is_staff = True
    business.owner.user.save()
    response = owner_client.get("/dev/components/")
    assert (response.status_code, b'id="workspace"' in response.content) == (200, True)


def test_front_page_is_for_everyone(client: Client, db: None) -> None:
    response = client.get("/")
    assert (response.status_code, b'href="/signup/"' in response.content) == (200, True)


@pytest.mark.parametrize("code", [403, 404, 429, 500])
def test_error_page_needs_no_context(code: int) -> None:
    assert "<h1" in render_to_string(f"{code}.html")


@pytest.mark.parametrize("address", ["/login/", "/signup/", "/password/reset/", "/confirm-email/"])
def test_entrance_looks_like_ours(client: Client, db: None, address: str) -> None:
    assert b'class="entrance-card"' in client.get(address).content


@pytest.mark.parametrize(
    "address", ["/email/", "/password/change/", "/2fa/", "/sessions/", "/2fa/webauthn/", "/logout/"]
)
def test_account_page_looks_like_ours(owner_client: Client, address: str) -> None:
    content = owner_client.get(address, follow=True).content
    assert b"entrance-card" in content or b"account-main" in content
