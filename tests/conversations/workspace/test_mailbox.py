"""/settings/channels/<id>/mailbox/: connecting, trying out, letting go; and naming a provider."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from conversations.actions.channels import check
from conversations.actions.mailboxes import read_mailbox
from conversations.models import Channel, Mailbox
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business
from tests.vendors.imap import HOST, ImapServer


def channel(business: Business) -> Channel:
    with tenant_scope(business.tenant.id):
        found: Channel = Channel.objects.get(kind="email")
        return found


def page(business: Business, noun: str = "mailbox/") -> str:
    return f"{business.base}settings/channels/{channel(business).pk}/{noun}"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "username": "tienda@example.com",
        "password": "secreto",
        "host": HOST,
        "port": 993,
        "folder": "INBOX",
        "smtp_host": "",
        "smtp_port": "",
    } | changes


@pytest.fixture
def server(settings: Any) -> Iterator[ImapServer]:
    with ImapServer() as running:
        settings.OUTBOUND_ALLOWED = ["127.0.0.1/32", "::1/128"]
        settings.MAIL_CA = running.ca
        yield running


def test_page_guesses_the_servers_from_the_address(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        Channel.objects.filter(kind="email").update(address="tienda@gmail.com")
    form = owner_client.get(page(business)).context["form"]
    assert (form["host"].value(), form["port"].value()) == ("imap.gmail.com", 993)
    assert (form["smtp_host"].value(), form["smtp_port"].value()) == ("smtp.gmail.com", 465)


def test_address_that_we_gave_is_no_mailbox_and_guesses_nothing(
    owner_client: Client, business: Business, settings: Any
) -> None:
    with tenant_scope(business.tenant.id):
        Channel.objects.filter(kind="email").update(address=f"bicis@{settings.MAIL_DOMAIN}")
    shown = owner_client.get(page(business)).context
    assert [shown["form"][name].value() for name in ("username", "host", "port")] == [None, None, 993]
    assert shown["grant_form"]["username"].value() == ""


def test_connected_mailbox_is_read_and_says_so(
    owner_client: Client, business: Business, server: ImapServer
) -> None:
    response = owner_client.post(page(business), typed(port=server.port))
    assert (response.status_code, response["Location"]) == (302, page(business))
    assert read_mailbox(business.tenant.id, channel(business).pk) == 0
    assert owner_client.get(page(business)).context["mailbox"].read_at is not None
    check(business.tenant.id, channel(business).pk)
    tried = owner_client.get(page(business))
    assert [finding["works"] for finding in tried.context["findings"]] == [True, True]
    assert "secreto" not in tried.content.decode()


def test_what_is_wrong_is_shown_by_the_trial_and_by_the_page(
    owner_client: Client, business: Business, server: ImapServer
) -> None:
    owner_client.post(page(business), typed(port=server.port, password="otra"))
    check(business.tenant.id, channel(business).pk)
    [receiving, _sending] = owner_client.get(page(business)).context["findings"]
    assert (receiving["works"], "otra" in receiving["said"]) == (False, False)
    read_mailbox(business.tenant.id, channel(business).pk)
    shown = owner_client.get(page(business))
    assert receiving["said"] in shown.content.decode()
    assert shown.context["channel"].problem == shown.context["mailbox"].problem != ""


def test_password_is_kept_when_left_empty_and_never_shown(owner_client: Client, business: Business) -> None:
    owner_client.post(page(business), typed())
    assert owner_client.post(page(business), typed(password="")).status_code == 302
    assert channel(business).secrets == {"mailbox_password": "secreto"}
    assert "secreto" not in owner_client.get(page(business)).content.decode()


IMPOSSIBLE: list[tuple[str, str]] = [
    ("password", ""),
    ("password", "a\x00b"),
    ("host", "no host"),
    ("host", "http://imap.example.com"),
    ("host", "x" * 300),
    ("smtp_host", "a/b"),
    ("port", "0"),
    ("port", "99999999999999999999"),
    ("port", "x"),
    ("folder", ""),
    ("username", "\x00"),
]


def test_what_cannot_be_is_422_and_nothing_is_kept(owner_client: Client, business: Business) -> None:
    for field, value in IMPOSSIBLE:
        assert owner_client.post(page(business), typed(**{field: value})).status_code == 422, (field, value)
        assert channel(business).secrets == {}, (field, value)
        with tenant_scope(business.tenant.id):
            assert Mailbox.objects.count() == 0, (field, value)


def test_removal_forgets_the_mailbox(owner_client: Client, business: Business) -> None:
    owner_client.post(page(business), typed())
    assert owner_client.post(page(business, "mailbox/removal/")).status_code == 302
    assert channel(business).secrets == {}
    with tenant_scope(business.tenant.id):
        assert Mailbox.objects.count() == 0


def test_without_a_mailbox_there_is_nothing_to_try(owner_client: Client, business: Business) -> None:
    assert owner_client.post(page(business, "check/"))["Location"] == page(business, "#check")
    assert channel(business).checking_since is None


def test_provider_is_named_and_another_ones_keys_go(owner_client: Client, business: Business) -> None:
    owner_client.post(page(business), typed())
    owner_client.post(
        page(business, "provider/"), {"provider": "mailgun", "signing_key": "mailguns-signing-key"}
    )
    owner_client.post(page(business, "provider/"), {"provider": "mailgun", "signing_key": ""})
    assert channel(business).settings["provider"] == "mailgun"
    assert channel(business).secrets == {"mailbox_password": "secreto", "signing_key": "mailguns-signing-key"}
    shown = owner_client.get(page(business)).content.decode()
    assert f"/hooks/email/{channel(business).pk}/mailgun/" in shown
    assert "mailguns-signing-key" not in shown
    owner_client.post(page(business, "provider/"), {"provider": "brevo", "provider_key": "brevos-api-key"})
    assert channel(business).secrets == {"mailbox_password": "secreto", "provider_key": "brevos-api-key"}


@pytest.mark.parametrize("data", [{"provider": "nobody"}, {"provider": "mailgun", "signing_key": "ñ"}])
def test_unknown_provider_and_strange_keys_are_422(
    owner_client: Client, business: Business, data: dict[str, str]
) -> None:
    assert owner_client.post(page(business, "provider/"), data).status_code == 422
    assert channel(business).secrets == {}


@pytest.mark.parametrize("noun", ["mailbox/", "check/", "mailbox/removal/", "provider/"])
def test_only_who_manages_channels_may(
    teammate_client: Client, stranger_client: Client, business: Business, noun: str
) -> None:
    assert teammate_client.post(page(business, noun), typed()).status_code == 403
    assert stranger_client.post(page(business, noun), typed()).status_code == 404
    assert channel(business).secrets == {}


def test_web_chat_has_no_mailbox(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        web = Channel.objects.get(kind="web")
    assert owner_client.get(f"{business.base}settings/channels/{web.pk}/mailbox/").status_code == 404
