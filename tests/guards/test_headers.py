"""What every answer tells the browser, whatever page it is."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.canary import driver
from tests.factories.tenants import Business
from tests.guards.addresses import Address, addresses

PLAIN = [a for a in addresses() if not driver.row_parameters(a) and not driver.undrivable(a) and not a.is_api]


def answer(business: Business, address: Address, client: Client) -> Any:
    values = {**driver.STANDINS, "tenant_slug": business.tenant.slug}
    client.raise_request_exception = False
    return client.get(address.path(**{name: values[name] for name in address.converters}))


def missing_headers(response: Any) -> list[str]:
    """The protections an answer lacks (ASVS 5.0: 3.4.3 to 3.4.6)."""
    policy = response.headers.get("Content-Security-Policy", "")
    wanted = ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
    lacking = [directive for directive in wanted if directive not in policy]
    lacking += [] if re.search("default-src '(self|none)'", policy) else ["default-src"]
    lacking += [word for word in ("unsafe-inline", "unsafe-eval") if word in policy]
    lacking += [] if response.headers.get("X-Content-Type-Options") == "nosniff" else ["nosniff"]
    lacking += [] if "Referrer-Policy" in response.headers else ["Referrer-Policy"]
    lacking += [] if "camera=()" in response.headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    opener = response.headers.get("Cross-Origin-Opener-Policy")
    lacking += [] if opener == "same-origin" else ["Cross-Origin-Opener-Policy"]
    return lacking


def loose_cookies(response: Any) -> list[str]:
    """Cookies that scripts or other sites could use (ASVS 5.0: 3.3.2, 3.3.4)."""
    found = []
    for name, cookie in response.cookies.items():
        if cookie["samesite"] not in ("Lax", "Strict"):
            found.append(f"{name} goes to other sites")
        if name == "sessionid" and not cookie["httponly"]:
            found.append(f"{name} can be read by scripts")
    return found


def kept(response: Any) -> str:
    """How a browser or a cache on the way may keep an answer."""
    return str(response.headers.get("Cache-Control", ""))


SHARED = {"widget-script"}  # the same for everybody, on every site


def loosely_kept(response: Any, *, shared: bool) -> list[str]:
    """What lets a browser keep an answer, or another site use it."""
    policy = response.headers.get("Cross-Origin-Resource-Policy")
    told = [] if ("no-store" in kept(response)) is not shared else [f"Cache-Control: {kept(response)}"]
    return told + ([] if policy == ("cross-origin" if shared else "same-origin") else [f"used by {policy}"])


def test_every_page_protects_itself_and_is_kept_by_no_browser(business: Business) -> None:
    """For nobody and for the owner."""
    wrong: dict[str, list[str]] = {}
    owner = business.client(business.owner)
    for address in PLAIN:
        for client in (Client(), owner):
            response = answer(business, address, client)
            told = missing_headers(response) + loose_cookies(response)
            told += loosely_kept(response, shared=address.name in SHARED) if client is owner else []
            if told:
                wrong[address.label] = told
    assert wrong == {}
    assert owner.get(business.base, follow=True).status_code == 200  # he was himself to the end


def test_answer_that_says_not_modified_keeps_what_was_said() -> None:
    tag = Client().get("/widget.js").headers["ETag"]
    again = Client().get("/widget.js", headers={"if-none-match": tag})
    assert (again.status_code, kept(again), again.headers.get("Cross-Origin-Resource-Policy")) == (
        304,
        "",
        None,
    )


def test_missing_protection_is_told() -> None:
    response = HttpResponse(headers={"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"})
    response.set_cookie("sessionid", "x")
    assert missing_headers(response) == [
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "unsafe-inline",
        "nosniff",
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
    ]
    assert loose_cookies(response) == ["sessionid goes to other sites", "sessionid can be read by scripts"]


def test_passwords_are_kept_by_argon2() -> None:
    """The tests put a cheap hasher before it; nothing else does (tests/conftest.py)."""
    assert settings.PASSWORD_HASHERS[:2] == [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]
