"""Coming in by an invitation."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from tenants import tasks
from tenants.actions.invites import create_invite
from tenants.models import DirectoryEntry, Invite, Membership, User
from tenants.scoping import tenant_scope
from tests.factories.tenants import PASSWORD, Business

BACKEND = "tenants.backends.PersonBackend"


@pytest.fixture
def address(business: Business) -> str:
    """Where the mail to ana@example.com leads."""
    with tenant_scope(business.tenant.id):
        invite = create_invite(email="ana@example.com", role="supervisor", by=business.actor())
    tasks.send_invite(str(business.tenant.id), str(invite.id))
    found = re.search(r"/invite/[\w-]+/", str(mail.outbox[-1].body))
    assert found
    return found[0]


def as_user(email: str, verified: bool = True) -> Client:
    user = User.objects.create_user(email, PASSWORD, name="Ana")
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def members(business: Business) -> list[tuple[str, str]]:
    with tenant_scope(business.tenant.id):
        return list(Membership.objects.filter(role="supervisor").values_list("user__email", "role"))


def test_new_person_signs_up_with_the_invited_address(
    business: Business, address: str, client: Client
) -> None:
    page = client.get(address).content.decode()
    assert "ana@example.com" in page
    data = {"name": "Ana", "email": "other@example.com", "password1": PASSWORD}
    response = client.post(address, data)
    assert (response.status_code, response.headers["Location"]) == (302, business.base)
    assert members(business) == [("ana@example.com", "supervisor")]
    assert EmailAddress.objects.get(email="ana@example.com").verified is True
    assert client.get(f"{business.base}settings/people/").status_code == 200
    assert len(mail.outbox) == 1


def test_link_works_once(business: Business, address: str, client: Client) -> None:
    client.post(address, {"name": "Ana", "password1": PASSWORD})
    assert Client().get(address).status_code == 410
    assert Client().post(address, {"name": "Eva", "password1": PASSWORD}).status_code == 410
    assert User.objects.filter(name="Eva").exists() is False


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "\x00"}, {"password1": "short"}])
def test_sign_up_by_invitation_refuses(
    business: Business, address: str, client: Client, changes: dict[str, str]
) -> None:
    response = client.post(address, {"name": "Ana", "password1": PASSWORD, **changes})
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(changes))
    assert members(business) == []


def test_invited_person_who_is_logged_in_accepts(business: Business, address: str) -> None:
    client = as_user("ana@example.com")
    client.get(address)
    assert members(business) == []
    response = client.post(address)
    assert (response.status_code, response.headers["Location"]) == (302, business.base)
    assert members(business) == [("ana@example.com", "supervisor")]


def test_invited_person_with_an_account_logs_in_first(
    business: Business, address: str, client: Client
) -> None:
    as_user("ana@example.com")
    page = client.get(address).content.decode()
    assert f"/login/?next={address}" in page
    assert client.post(address, {"name": "Eva", "password1": PASSWORD}).status_code == 200
    assert members(business) == []


def test_somebody_else_cannot_accept(business: Business, address: str) -> None:
    client = as_user("eva@example.com")
    assert client.post(address).status_code == 200
    assert members(business) == []
    client.post(address, {"leave": "1"})
    assert "_auth_user_id" not in client.session


def test_unverified_address_cannot_accept(business: Business, address: str) -> None:
    assert as_user("ana@example.com", verified=False).post(address).status_code == 200
    assert members(business) == []


def test_expired_invitation_says_so(business: Business, address: str, client: Client) -> None:
    late = timezone.now() - timedelta(seconds=1)
    with tenant_scope(business.tenant.id):
        DirectoryEntry.objects.filter(kind="invite").update(expires_at=late)
    assert client.get(address).status_code == 410
    with tenant_scope(business.tenant.id):
        Invite.objects.update(expires_at=late)
        DirectoryEntry.objects.filter(kind="invite").update(expires_at=None)
    assert client.get(address).status_code == 410


@pytest.mark.parametrize("token", ["x", "%00", "../../", "ñ" * 300, "a" * 3000])
def test_made_up_links_lead_nowhere(db: None, client: Client, token: str) -> None:
    assert client.get(f"/invite/{token}/").status_code in (404, 410)
    assert client.get(f"/login-link/{token}/").status_code in (404, 410)


def test_trying_links_is_limited(db: None, client: Client) -> None:
    statuses = {client.get(f"/invite/{number}/").status_code for number in range(61)}
    assert statuses == {410, 429}
