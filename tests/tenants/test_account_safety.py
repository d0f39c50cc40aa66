"""Sessions, proof of who it is, and passwords: what stands between a stranger and an account."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tenants.kit import valkey
from tenants.models import ApiKey, Membership, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.tenants import PASSWORD, Business
from tests.tenants.test_second_factor import activated, code

NEW = {"name": "Tienda", "scopes": ["customers:read", "orders:read"]}
PROOF = "/reauthenticate/"


@pytest.fixture
def ana(db: None) -> User:
    user = User.objects.create_user("ana@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def log_in(client: Client | None = None, **extra: Any) -> Client:
    client = client or Client()
    client.post("/login/", {"login": "ana@example.com", "password": PASSWORD}, **extra)
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def stale(client: Client) -> Client:
    """The same browser, an hour after its person last said who he is."""
    session = client.session
    methods = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**method, "at": time.time() - 3600} for method in methods]
    session.save()
    return client


def test_session_is_new_at_log_in_and_gone_at_log_out(ana: User) -> None:
    client = Client()
    client.get("/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    log_in(client)
    assert client.session.session_key != planted
    assert Session.objects.filter(session_key=planted).exists() is False
    inside = client.session.session_key
    client.post("/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = inside
    assert is_in(client) is False


def test_kept_session_ends_two_weeks_after_the_log_in_used_or_not(ana: User) -> None:
    began = timezone.now()
    client = Client()
    client.post("/login/", {"login": "ana@example.com", "password": PASSWORD, "remember": "on"})
    with time_machine.travel(began + timedelta(days=13, hours=23)):
        client.post("/me/", {"name": "Ana", "language": "es"})
        assert is_in(client) is True
    with time_machine.travel(began + timedelta(days=14, minutes=1)):
        assert is_in(client) is False


def test_session_without_the_tick_ends_with_the_browser(ana: User) -> None:
    cookie = log_in().cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_new_password_ends_the_other_sessions(ana: User) -> None:
    here, elsewhere = log_in(), log_in()
    data = {"oldpassword": PASSWORD, "password1": "una-clave-bien-nueva", "password2": "una-clave-bien-nueva"}
    here.post(PROOF, {"password": PASSWORD})
    here.post("/password/change/", data)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_person_logs_out_everywhere_else(ana: User) -> None:
    here, elsewhere = log_in(), [log_in(), log_in()]
    assert (
        "Log out everywhere else"
        in here.get("/sessions/", headers={"accept-language": "en"}).content.decode()
    )
    here.post("/sessions/")
    assert [is_in(client) for client in (here, *elsewhere)] == [True, False, False]


def test_code_of_the_step_before_still_works(db: None, client: Client) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        secret = activated(client)
        clock.shift(60)
        shown = code(secret)
        clock.shift(30)
        fresh = Client()
        log_in(fresh)
        assert fresh.post("/2fa/authenticate/", {"code": shown}).status_code == 302
        clock.shift(90)
        late = Client()
        log_in(late)
        assert late.post("/2fa/authenticate/", {"code": shown}).status_code == 200


def keys(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return list(ApiKey.objects.values_list("name", flat=True))


def test_key_is_made_after_proof_with_what_was_typed(business: Business) -> None:
    client = stale(business.client(business.owner))
    address = f"{business.base}settings/keys/"
    asked = urlsplit(client.post(address, NEW).headers["Location"])
    back = parse_qs(asked.query)["next"][0]
    assert (asked.path, urlsplit(back).path, keys(business)) == (PROOF, address, [])
    assert client.post(PROOF, {"password": "wrong", "next": back}).status_code == 200
    assert client.post(PROOF, {"password": PASSWORD, "next": back}).headers["Location"] == back
    form = client.get(back).context["form"]
    assert {name: form[name].value() for name in NEW} == NEW
    assert client.post(address, NEW).context["secret"].startswith("pt_")
    assert keys(business) == ["Tienda"]


def test_fresh_log_in_is_proof(business: Business) -> None:
    user = business.owner.user
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    assert client.post(f"{business.base}settings/keys/", NEW).context["secret"].startswith("pt_")


def test_person_without_password_is_not_asked_for_one(business: Business) -> None:
    client = stale(business.client(business.owner))
    key = client.session.session_key
    user = business.owner.user
    user.set_unusable_password()
    user.save()
    client.force_login(user, backend="tenants.backends.PersonBackend")
    assert client.session.session_key != key
    assert client.post(f"{business.base}settings/keys/", NEW).context["secret"].startswith("pt_")


@pytest.mark.parametrize(("role", "asks"), [(Role.OWNER, True), (Role.ADMIN, False)])
def test_owners_change_after_proof(business: Business, role: str, asks: bool) -> None:
    client = stale(business.client(business.owner))
    address = f"{business.base}settings/people/{business.agent.pk}/"
    data = {"role": role, "sees": "all", "capacity": 20}
    answer = client.post(address, data)
    assert answer.headers["Location"].startswith(PROOF) is asks
    client.post(PROOF, {"password": PASSWORD})
    client.post(address, data)
    with tenant_scope(business.tenant.id):
        assert Membership.objects.get(pk=business.agent.pk).role == role


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/email/", {"action_add": "", "email": "new@example.com"}),
        ("/2fa/totp/activate/", {}),
        ("/2fa/webauthn/add/", {}),
    ],
)
def test_ways_to_get_in_change_after_proof(business: Business, path: str, data: dict[str, str]) -> None:
    client = stale(business.client(business.owner))
    answer = client.post(path, data)
    assert (answer.status_code, urlsplit(answer.headers["Location"]).path) == (302, PROOF)


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("puentepuente1", False),
        ("Puente-2026", False),
        ("BicisTapatías7", False),
        ("contraseña22", False),
        ("el puente viejo de mi pueblo", True),
        ("correcto-caballo-bateria", True),
    ],
)
def test_password_is_more_than_words_of_the_context(business: Business, password: str, fine: bool) -> None:
    client = business.client(business.owner)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post("/password/change/", data)
    business.owner.user.refresh_from_db()
    assert business.owner.user.check_password(password) is fine


COOKIES = """
import json, django
django.setup()
from django.conf import settings as s
print(json.dumps([
    [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME],
    [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE],
    [s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN], [s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH],
]))
"""


@pytest.mark.parametrize(
    ("base", "names"),
    [
        ("https://crm.example.com", ["__Host-session", "__Host-csrf", "__Host-language"]),
        ("http://localhost:8000", ["sessionid", "csrftoken", "django_language"]),
    ],
)
def test_cookies_are_bound_to_the_host_over_https(base: str, names: list[str]) -> None:
    environment = os.environ | {"PUENTE_BASE_URL": base, "DJANGO_SETTINGS_MODULE": "config.settings"}
    run = subprocess.run(
        [sys.executable, "-c", COOKIES],
        env=environment,
        check=True,
        capture_output=True,
        cwd=settings.BASE_DIR,
    )
    secure = base.startswith("https")
    assert json.loads(run.stdout) == [names, [secure] * 3, [None, None], ["/", "/"]]


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The security events so far."""
    return [cast(Any, record.msg) for record in caplog.records if record.name == "puente.security"]


def test_security_events_are_told_without_what_was_typed(
    ana: User, business: Business, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        Client().post("/login/", {"login": "ana@example.com", "password": "my-secret-guess"})
        client = log_in(REMOTE_ADDR="203.0.113.9")
        client.post("/password/change/", {
            "oldpassword": PASSWORD, "password1": "una-clave-bien-nueva", "password2": "una-clave-bien-nueva"
        })  # fmt: skip
        client.post("/logout/")
        business.client(business.agent).get(f"{business.base}settings/keys/")
    lines = told(caplog)
    events = [(line["event"], line["level"]) for line in lines]
    assert events == [
        ("log-in failed", "warning"),
        ("logged in", "info"),
        ("password changed", "info"),
        ("logged out", "info"),
        ("refused", "warning"),
    ]
    entry = next(line for line in lines if line["event"] == "logged in")
    assert (entry["user"], entry["caller"]) == (str(ana.pk), "203.0.113.9")
    assert [word for word in ("my-secret-guess", "ana@example.com") if word in caplog.text] == []


def test_lock_out_is_told(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        for number in range(11):
            Client().post("/login/", {"login": "ana@example.com", "password": f"wrong-{number}"})
            valkey.client().flushdb()  # somebody who stays below the limits of allauth
    assert "log-in locked" in {line["event"] for line in told(caplog)}


@pytest.mark.django_db(transaction=True)
def test_second_factor_is_told(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), time_machine.travel(1_800_000_000, tick=False) as clock:
        activated(client)
        clock.shift(120)
        fresh = log_in()
        fresh.post("/2fa/authenticate/", {"code": "000000"})
    assert [line["event"] for line in told(caplog)] == [
        "logged in",
        "second factor added",
        "second factor added",
        "second factor failed",
    ]


def test_security_txt_names_the_contact(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:seguridad@example.com"
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:seguridad@example.com"
    assert (
        timezone.now() < timezone.datetime.fromisoformat(fields["Expires"]) < timezone.now() + timedelta(365)
    )
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
