"""The second step of a log-in: codes of an app, recovery codes, and passkeys in a real browser."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

from tenants.models import User
from tests.chromium import chromium
from tests.factories.tenants import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def person() -> User:
    user = User.objects.create_user("ana@example.com", PASSWORD, name="Ana")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def log_in(client: Client) -> Any:
    return client.post("/login/", {"login": "ana@example.com", "password": PASSWORD})


def activated(client: Client) -> str:
    """Ana switches the app on; its secret."""
    person()
    log_in(client)
    assert client.get("/2fa/totp/activate/").headers["Location"].startswith("/reauthenticate/")
    client.post("/reauthenticate/", {"password": PASSWORD})
    page = client.get("/2fa/totp/activate/").content.decode()
    found = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert found
    assert 'src="data:image/svg+xml' in page
    assert client.post("/2fa/totp/activate/", {"code": code(found[0])}).status_code == 302
    return found[0]


def test_code_is_asked_for_after_the_password(db: None, client: Client) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        secret = activated(client)
        clock.shift(60)
        fresh = Client()
        assert log_in(fresh).headers["Location"] == "/2fa/authenticate/"
        assert fresh.get("/b/").headers["Location"] == "/login/?next=/b/"
        assert fresh.post("/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert fresh.post("/2fa/authenticate/", {"code": code(secret)}).headers["Location"] == "/b/new/"
        again = Client()
        log_in(again)
        assert again.post("/2fa/authenticate/", {"code": code(secret)}).status_code == 200
        assert "_auth_user_id" not in again.session


def test_recovery_code_works_once(db: None, client: Client) -> None:
    activated(client)
    page = client.get("/2fa/recovery-codes/").content.decode()
    recovery = re.findall(r"\b[0-9a-z]{8}\b", client.get("/2fa/recovery-codes/download/").content.decode())
    assert recovery[0] in page
    fresh = Client()
    log_in(fresh)
    assert fresh.post("/2fa/authenticate/", {"code": recovery[0]}).status_code == 302
    again = Client()
    log_in(again)
    assert again.post("/2fa/authenticate/", {"code": recovery[0]}).status_code == 200


def test_passkey_is_added_and_logs_in(live_server: Any) -> None:
    person()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    with chromium() as browser:
        page = browser.new_page(base_url=live_server.url, locale="en-US")
        page.on("console", listen)
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        add_passkey(page)
        page.context.clear_cookies()
        page.goto("/login/")
        page.click("#passkey_login")
        page.wait_for_url("**/b/new/")
    assert complaints == []


def add_passkey(page: Page) -> None:
    """Log in with the password, prove it again, and register the browser's key."""
    page.goto("/login/?next=/2fa/webauthn/add/")
    page.fill("[name=login]", "ana@example.com")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/reauthenticate/**")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/2fa/webauthn/add/")
    page.fill("[name=name]", "Laptop")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile(r"/2fa/(recovery-codes/.*)?$"))
