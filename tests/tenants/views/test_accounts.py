"""Sign-up, log-in, verification, reset: allauth under our settings."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenants.models import User
from tests.factories.tenants import PASSWORD, Business, make_user
from tests.tenants.together import together

NEW = {"name": "Ana Pérez", "email": "ana@example.com", "password1": PASSWORD}


def link_of(message: Any) -> str:
    """The address in a mail, without the host."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found
    return found[1]


def verified(email: str = "ana@example.com", **fields: Any) -> User:
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def log_in(client: Client, email: str = "ana@example.com", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/login/", {"login": email, "password": password}, **extra)


def test_sign_up_verify_and_open_a_business(db: None, client: Client) -> None:
    response = client.post("/signup/", NEW)
    assert (response.status_code, response.headers["Location"]) == (302, "/confirm-email/")
    user = User.objects.get()
    assert (user.name, user.email, user.language) == ("Ana Pérez", "ana@example.com", "es")
    assert client.get("/b/").status_code == 302
    address = link_of(mail.outbox[0])
    client.get(address)
    assert EmailAddress.objects.get().verified is False
    response = client.post(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/b/new/")
    assert EmailAddress.objects.get().verified is True
    response = client.post("/b/new/", {"name": "Bicis Ana", "country": "AR"})
    assert (response.status_code, response.headers["Location"]) == (302, "/b/bicis-ana/start/")
    assert client.get("/b/bicis-ana/start/").status_code == 200
    assert client.get("/b/").headers["Location"] == "/b/bicis-ana/"


def test_verification_in_another_browser_asks_to_log_in(db: None, client: Client) -> None:
    client.post("/signup/", NEW)
    elsewhere = Client()
    response = elsewhere.post(link_of(mail.outbox[0]))
    assert response.headers["Location"] == "/login/"
    assert "_auth_user_id" not in elsewhere.session


def test_unverified_address_cannot_log_in(db: None, client: Client) -> None:
    User.objects.create_user("ana@example.com", PASSWORD)
    response = log_in(client)
    assert response.headers["Location"] == "/confirm-email/"
    assert "_auth_user_id" not in client.session


def test_sign_up_does_not_tell_who_is_there(db: None) -> None:
    verified("taken@example.com")
    fresh = Client().post("/signup/", NEW)
    taken = Client().post("/signup/", {**NEW, "email": "taken@example.com"})
    assert (fresh.status_code, fresh.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    assert User.objects.filter(email="taken@example.com").count() == 1
    assert [message.to for message in mail.outbox] == [["ana@example.com"], ["taken@example.com"]]


def test_reset_does_not_tell_who_is_there(db: None) -> None:
    verified()
    answers = [
        Client().post("/password/reset/", {"email": email}) for email in (NEW["email"], "nobody@example.com")
    ]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, "/password/reset/done/")
    }


def test_password_is_reset_by_the_mailed_link(db: None, client: Client) -> None:
    verified()
    client.post("/password/reset/", {"email": "ana@example.com"})
    step = client.get(link_of(mail.outbox[0])).headers["Location"]
    new = "otra-clave-muy-larga"
    assert client.post(step, {"password1": new, "password2": new}).status_code == 302
    assert User.objects.get().check_password(new) is True


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "x" * 121},
        {"email": "nope"},
        {"email": "a\x00@example.com"},
        {"email": "x" * 60 + "@" + "y" * 60 + "." + "z" * 60 + "." + "w" * 60 + "." + "v" * 60 + ".com"},
        {"password1": "short"},
        {"password1": "password123"},
        {"password1": "a\x00" * 10},
    ],
)
def test_sign_up_refuses(db: None, client: Client, changes: dict[str, str]) -> None:
    response = client.post("/signup/", {**NEW, **changes})
    assert (response.status_code, list(response.context["form"].errors)) == (200, list(changes))
    assert User.objects.count() == 0


def test_log_in_leads_to_the_business(business: Business, client: Client) -> None:
    user = business.owner.user
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    response = log_in(client, user.email.upper())
    assert response.headers["Location"] == "/b/"
    assert client.get("/b/").headers["Location"] == business.base


def test_log_in_returns_to_where_one_was_going(business: Business, client: Client) -> None:
    user = business.owner.user
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    data = {"login": user.email, "password": PASSWORD, "next": f"{business.base}settings/people/"}
    assert client.post("/login/", data).headers["Location"] == f"{business.base}settings/people/"
    client.post("/logout/")
    assert client.post("/login/", {**data, "next": "https://evil.example/"}).headers["Location"] == "/b/"


def test_log_in_speaks_the_persons_language(db: None, client: Client) -> None:
    verified(language="pt-br")
    response = log_in(client)
    assert response.cookies["django_language"].value == "pt-br"


def test_ended_account_cannot_log_in(db: None, client: Client) -> None:
    verified(is_active=False)
    assert log_in(client).headers["Location"] == "/inactive/"


def test_guessing_passwords_is_slowed_down(db: None) -> None:
    verified()
    guesses = [log_in(Client(), password=f"wrong-{number}") for number in range(12)]
    assert User.objects.get().check_password(PASSWORD) is True
    locked = log_in(Client())
    assert "Location" not in locked.headers
    assert [guess.status_code for guess in guesses[:5]] == [200] * 5


def test_sign_up_is_limited_by_address(db: None) -> None:
    statuses = [
        Client().post("/signup/", {**NEW, "email": f"a{number}@example.com"}).status_code
        for number in range(21)
    ]
    assert statuses == [302] * 20 + [429]


def test_reset_is_limited_by_address_and_person(db: None) -> None:
    statuses = [
        Client().post("/password/reset/", {"email": "ana@example.com"}).status_code for _time in range(6)
    ]
    assert statuses[-1] == 429


def test_log_out_needs_a_press(business: Business, owner_client: Client) -> None:
    owner_client.get("/logout/")
    assert "_auth_user_id" in owner_client.session
    owner_client.post("/logout/")
    assert "_auth_user_id" not in owner_client.session


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_pages_outside_are_there(db: None, client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_change_password", "mfa_index", "usersessions_list", "tenants_public:profile",
     "account_logout", "mfa_list_webauthn"],
)  # fmt: skip
def test_pages_of_the_account_are_there(business: Business, owner_client: Client, name: str) -> None:
    assert owner_client.get(reverse(name)).status_code == 200


def test_own_session_is_listed(db: None, client: Client) -> None:
    verified()
    log_in(client, headers={"user-agent": "Navegador de Ana"})
    assert "Navegador de Ana" in client.get("/sessions/").content.decode()


def test_profile_is_saved_and_speaks_at_once(business: Business, owner_client: Client) -> None:
    response = owner_client.post("/me/", {"name": "Olga D.", "language": "en"})
    assert (response.status_code, response.cookies["django_language"].value) == (302, "en")
    user = User.objects.get(pk=business.owner.user_id)
    assert (user.name, user.language) == ("Olga D.", "en")
    assert '<html lang="en">' in owner_client.get(f"{business.base}settings/people/").content.decode()


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "\x00"}, {"language": "tlh"}])
def test_profile_refuses(business: Business, owner_client: Client, changes: dict[str, str]) -> None:
    assert owner_client.post("/me/", {"name": "Olga", "language": "es", **changes}).status_code == 422
    assert User.objects.get(pk=business.owner.user_id).name == "Olga Dueña"


def test_language_is_switched_from_the_menu(business: Business, owner_client: Client) -> None:
    back = f"{business.base}settings/people/"
    response = owner_client.post("/me/language/", {"language": "pt-br", "next": back})
    assert (response.headers["Location"], response.cookies["django_language"].value) == (back, "pt-br")
    assert User.objects.get(pk=business.owner.user_id).language == "pt-br"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_language_switch_leads_nowhere_else(db: None, client: Client, back: str) -> None:
    response = client.post("/me/language/", {"language": "en", "next": back})
    assert (response.headers["Location"], response.cookies["django_language"].value) == ("/", "en")


def test_unknown_language_changes_nothing(business: Business, owner_client: Client) -> None:
    response = owner_client.post("/me/language/", {"language": "tlh\x00"})
    assert "django_language" not in response.cookies
    assert User.objects.get(pk=business.owner.user_id).language == ""


def test_person_without_business_is_told_what_to_do(db: None, client: Client) -> None:
    client.force_login(make_user(), backend="tenants.backends.PersonBackend")
    page = client.get("/b/").content.decode()
    assert "/b/new/" in page
    assert client.get("/b/new/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_at_once_make_one_person() -> None:
    outcomes = together(*(lambda: Client().post("/signup/", NEW).headers["Location"] for _time in range(2)))
    assert outcomes == ["/confirm-email/", "/confirm-email/"]
    assert (User.objects.count(), EmailAddress.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/login/", {"login": "a\x00@example.com", "password": PASSWORD}),
        ("/login/", {"login": "ana@example.com", "password": "\x00"}),
        ("/login/", {"login": "x" * 5000, "password": "y" * 5000}),
        ("/login/", {"login": "ana@example.com", "password": "x", "next": "\x00//evil"}),
        ("/login/?next=%00", {"login": "ana@example.com", "password": "x"}),
        ("/password/reset/", {"email": "a\x00@example.com"}),
        ("/password/reset/", {"email": ""}),
        ("/reauthenticate/", {"password": "\x00"}),
        ("/2fa/authenticate/", {"code": "\x00"}),
        ("/confirm-email/odd:key/", {}),
        ("/password/reset/key/zz-zz/", {}),
        ("/password/reset/key/zzzzzzzzzzzzzzzzzzzzzzzzzzzz-%00/", {}),
    ],
)
def test_odd_input_is_answered(db: None, path: str, data: dict[str, str]) -> None:
    verified()
    for client in (Client(), Client()):
        assert client.get(path).status_code < 500
        assert client.post(path, data).status_code < 500


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/email/", {"action_add": "", "email": "a\x00@example.com"}),
        ("/email/", {"action_add": "", "email": "b@" + "x" * 300 + ".com"}),
        ("/email/", {"action_remove": "", "email": "\x00"}),
        ("/email/", {"action_primary": "", "email": "nobody@example.com"}),
        ("/password/change/", {"oldpassword": "\x00", "password1": "x", "password2": "y"}),
        ("/sessions/", {}),
        ("/2fa/totp/activate/", {"code": "\x00"}),
        ("/2fa/webauthn/add/", {"name": "\x00", "credential": "{"}),
        ("/2fa/webauthn/keys/99999999999999999999/edit/", {"name": "x"}),
    ],
)
def test_odd_input_of_a_person_is_answered(db: None, client: Client, path: str, data: dict[str, str]) -> None:
    verified()
    log_in(client)
    client.post("/reauthenticate/", {"password": PASSWORD})
    assert client.get(path).status_code < 500
    assert client.post(path, data).status_code < 500
