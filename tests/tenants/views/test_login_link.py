"""The operator's log-in link, and the command that makes it."""

import json
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client

from conversations.models import Channel
from tenants import doors
from tenants.models import ApiKey, DirectoryEntry, Membership, User
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.factories.tenants import PASSWORD


def create(*args: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "create_business", *(args or ("Bicis", "olga@example.com")), json=True, stdout=out, **options
    )
    return dict(json.loads(out.getvalue()))


@pytest.fixture
def made(db: None) -> dict[str, Any]:
    return create()


@pytest.fixture
def link(made: dict[str, Any]) -> str:
    return urlsplit(made["login_url"]).path


def test_command_prints_what_the_contract_says(made: dict[str, Any]) -> None:
    assert list(made) == ["tenant_id", "slug", "owner_id", "login_url", "api_key", "channels"]
    with tenant_scope(made["tenant_id"]):
        assert made["channels"]["web"] == {"id": str(Channel.objects.get(kind="web").id)}
        assert made["channels"]["email"]["id"] == str(Channel.objects.get(kind="email").id)
        assert set(ApiKey.objects.get().scopes) == {str(permission) for permission in Permission}
        assert str(Membership.objects.get().user_id) == made["owner_id"]
    door = doors.by_secret(DirectoryEntry.Kind.API_KEY, made["api_key"])
    assert door is not None
    assert str(door.tenant_id) == made["tenant_id"]
    channel = doors.by_channel(made["channels"]["email"]["id"])
    assert channel is not None
    assert channel.label == doors.fingerprint(made["channels"]["email"]["token"])


def test_second_run_makes_another_business_for_the_same_person(made: dict[str, Any]) -> None:
    again = create("Bicis", "OLGA@example.com", country="br")
    assert again["owner_id"] == made["owner_id"]
    assert (made["slug"], again["slug"]) == ("bicis", "bicis-2")
    assert len(doors.businesses_of(User.objects.get().id)) == 2


@pytest.mark.parametrize(
    ("args", "options"),
    [
        (("Bicis", "olga@example.com"), {"country": "XX"}),
        (("Bicis", "olga@example.com"), {"country": ""}),
        (("Bicis", "nobody"), {}),
        ((" \x00 ", "olga@example.com"), {}),
    ],
)
def test_command_refuses_with_a_sentence(db: None, args: tuple[str, str], options: dict[str, str]) -> None:
    with pytest.raises(CommandError) as refused:
        create(*args, **options)
    assert refused.value.returncode == 2
    assert User.objects.count() == 0


def test_looking_does_not_spend_the_link(link: str, made: dict[str, Any], client: Client) -> None:
    for _time in range(2):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    response = client.post(link)
    assert (response.status_code, response.headers["Location"]) == (302, f"/b/{made['slug']}/")
    assert client.get(f"/b/{made['slug']}/start/").status_code == 200


def test_link_works_once(link: str, client: Client) -> None:
    client.post(link)
    elsewhere = Client()
    assert elsewhere.post(link).status_code == 410
    assert elsewhere.get(link).status_code == 410
    assert "_auth_user_id" not in elsewhere.session


def test_link_of_an_ended_account_does_not_work(link: str, client: Client) -> None:
    User.objects.update(is_active=False)
    assert client.post(link).status_code == 410


def test_link_stands_for_the_password_not_for_the_second_factor(link: str, client: Client) -> None:
    TOTP.activate(User.objects.get(), generate_totp_secret())
    assert Authenticator.objects.count() == 1
    assert client.post(link).headers["Location"] == "/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_owner_without_password_can_set_one(link: str, client: Client) -> None:
    client.post(link)
    assert client.get("/password/change/").headers["Location"] == "/password/set/"
    new = "otra-clave-muy-larga"
    assert client.post("/password/set/", {"password1": new, "password2": new}).status_code == 302
    assert User.objects.get().check_password(new) is True


def test_account_nobody_proved_loses_its_password(db: None) -> None:
    squatter = User.objects.create_user("olga@example.com", PASSWORD)
    create()
    squatter.refresh_from_db()
    assert squatter.has_usable_password() is False
    assert EmailAddress.objects.get().verified is True


def test_proven_account_keeps_its_password(db: None) -> None:
    owner = User.objects.create_user("olga@example.com", PASSWORD)
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    create()
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD) is True
