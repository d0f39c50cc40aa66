"""Mailboxes entered by permission: asked, given, renewed, taken back."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from django.test import Client
from django.utils import timezone

from conversations.actions.mailboxes import read_mailbox
from conversations.channels.email import connection, oauth
from conversations.models import Channel, InboundEvent, Mailbox
from tenants.scoping import tenant_scope
from tests.conversations.channels.email.test_mailbox import Outgoing
from tests.factories.tenants import Business
from tests.vendors.imap import HOST, ImapServer
from tests.vendors.mail_oauth import CLIENT_ID, CLIENT_SECRET, TokenServer

ADDRESS = "tienda@example.com"


class TokenOutgoing(Outgoing):
    """Takes mail from whoever brings the token."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Google's and Microsoft's mechanism."""
        words = base64.b64decode(args[1]).decode()
        right = words == f"user={ADDRESS}\x01auth=Bearer token-1\x01\x01"
        return AuthResult(success=right, handled=False)


class World:
    """A provider with its three servers, and the pages that lead there."""

    def __init__(self, business: Business, client: Client, tokens: TokenServer, imap: ImapServer) -> None:
        self.business, self.client, self.tokens, self.imap = business, client, tokens, imap
        with tenant_scope(business.tenant.id):
            self.channel = Channel.objects.get(kind="email")
        self.page = f"{business.base}settings/channels/{self.channel.pk}/mailbox/"

    def ask(self, username: str = ADDRESS) -> Any:
        return self.client.post(f"{self.page}permission/google/", {"grant-username": username})

    def come_back(self, state: str, **answer: str) -> Any:
        return self.client.get("/oauth/mail/", {"state": state, **answer}, follow=True)

    def connect(self) -> Any:
        return self.come_back(self.tokens.visited(self.ask().context["question"]), code=self.tokens.code)

    @property
    def grant(self) -> dict[str, Any]:
        with tenant_scope(self.business.tenant.id):
            found: dict[str, Any] = Channel.objects.get(pk=self.channel.pk).secrets.get("mailbox_grant") or {}
            return found

    def read(self) -> str:
        with tenant_scope(self.business.tenant.id):
            Mailbox.objects.update(due_at=timezone.now())
        read_mailbox(self.business.tenant.id, self.channel.pk)
        with tenant_scope(self.business.tenant.id):
            return str(Mailbox.objects.get().problem)


@pytest.fixture
def world(business: Business, owner_client: Client, settings: Any) -> Iterator[World]:
    with TokenServer() as tokens, ImapServer() as imap, TokenOutgoing() as outgoing:
        settings.OUTBOUND_ALLOWED = ["127.0.0.1/32", "::1/128"]
        settings.MAIL_CA = imap.ca + outgoing.ca
        settings.MAIL_OAUTH = {
            "google": {
                "title": "Google",
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "authorize_url": "https://accounts.example.com/auth",
                "token_url": tokens.url,
                "scope": ["mail"],
                "imap": (HOST, imap.port),
                "smtp": (HOST, outgoing.port),
            },
            "microsoft": {"title": "Microsoft", "client_id": ""},
        }
        yield World(business, owner_client, tokens, imap)


def test_permission_connects_the_mailbox_for_receiving_and_sending(world: World) -> None:
    response = world.connect()
    assert response.redirect_chain[-1][0] == world.page
    assert world.read() == ""
    world.imap.deliver(b"From: ana@example.com\r\nSubject: x\r\n\r\nHola")
    assert world.read() == ""
    with tenant_scope(world.business.tenant.id):
        assert InboundEvent.objects.count() == 1
        channel = Channel.objects.get(pk=world.channel.pk)
    findings = connection.EmailConnection().check(channel).findings
    assert [(finding.what, finding.works) for finding in findings] == [
        (connection.RECEIVING, True),
        (connection.SENDING, True),
    ]
    shown = world.client.get(world.page).content.decode()
    assert "token-1" not in shown
    assert "refresh-1" not in shown
    assert len(world.tokens.asked) == 1  # the token was good all the time


def test_token_that_ended_is_renewed_and_kept(world: World) -> None:
    world.tokens.lives = 60
    world.connect()
    world.tokens.give = {"access_token": "token-2", "refresh_token": "refresh-2"}
    world.tokens.lives = 3600
    world.imap.token = "token-2"
    assert (world.read(), world.read()) == ("", "")
    assert [form["grant_type"] for form in world.tokens.asked] == ["authorization_code", "refresh_token"]
    assert (world.grant["access"], world.grant["refresh"]) == ("token-2", "refresh-2")


def test_refresh_token_that_is_not_renewed_stays(world: World) -> None:
    world.tokens.lives = 60
    world.connect()
    world.tokens.give = {"access_token": "token-1"}
    assert world.read() == ""
    assert world.grant["refresh"] == "refresh-1"


def test_permission_that_was_taken_back_wants_a_person(world: World) -> None:
    world.tokens.lives = 60
    world.connect()
    world.tokens.refuses = "invalid_grant"
    assert world.read() == f"{oauth.GRANT_GONE}: invalid_grant"
    assert world.grant["refresh"] == "refresh-1"
    world.tokens.refuses, world.tokens.lives = "", 3600
    world.connect()
    assert world.read() == ""


def test_provider_that_answers_nonsense_is_not_believed(world: World) -> None:
    world.tokens.broken = True
    world.connect()
    assert world.grant == {}


def test_no_is_an_answer(world: World) -> None:
    state = world.tokens.visited(world.ask().context["question"])
    world.come_back(state, error="access_denied")
    assert (world.grant, world.tokens.asked) == ({}, [])


def test_code_is_only_taken_with_the_state_of_this_session_and_once(
    world: World, teammate_client: Client
) -> None:
    assert world.come_back("", code="code-1").redirect_chain[0][0] == "/"
    state = world.tokens.visited(world.ask().context["question"])
    assert world.come_back("other", code="code-1").redirect_chain[0][0] == "/"
    grant = f"{world.page}grant/"
    assert teammate_client.get(grant, {"state": state, "code": "code-1"}).status_code == 403
    world.client.get(grant, {"state": "ñ", "code": "code-1"})
    world.client.get(grant, {"state": state, "code": "code-1"})  # the wrong one has spent the question
    assert (world.grant, world.tokens.asked) == ({}, [])


def test_code_for_one_channel_does_not_open_another(world: World, other: Business) -> None:
    state = world.tokens.visited(world.ask().context["question"])
    with tenant_scope(other.tenant.id):
        theirs = Channel.objects.get(kind="email").pk
    answer = {"state": state, "code": "code-1"}
    assert (
        world.client.get(f"{other.base}settings/channels/{theirs}/mailbox/grant/", answer).status_code == 404
    )
    assert world.tokens.asked == []


def test_disconnecting_forgets_the_permission_and_a_password_replaces_it(world: World) -> None:
    world.connect()
    world.client.post(f"{world.page}removal/")
    assert world.grant == {}
    world.connect()
    typed = {"username": ADDRESS, "password": "secreto", "host": HOST, "port": 993, "folder": "INBOX"}
    assert world.client.post(world.page, typed).status_code == 302
    assert world.grant == {}


@pytest.mark.parametrize("username", ["", "x", "a\x00@b.mx"])
def test_what_is_no_address_is_422(world: World, username: str) -> None:
    assert world.ask(username).status_code == 422


def test_provider_without_registration_is_not_offered(world: World, teammate_client: Client) -> None:
    assert list(world.client.get(world.page).context["vendors"]) == ["google"]
    data = {"grant-username": ADDRESS}
    assert world.client.post(f"{world.page}permission/microsoft/", data).status_code == 404
    assert teammate_client.post(f"{world.page}permission/google/", data).status_code == 403
