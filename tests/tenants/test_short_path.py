"""Machines' addresses pass by what pages need; pages and streams do not."""

from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tenants.short_path import POLICY, ShortPathMiddleware
from tests.factories.tenants import Business

NOBODY = UUID(int=7)


def long_way(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the long way")


def answer(path: str) -> Any:
    return ShortPathMiddleware(long_way)(RequestFactory().get(path))


@pytest.mark.parametrize(
    "path",
    ["/", "/login/", "/healthz", "/api/v1/docs/", "/hooks/nothing/", f"/w/{NOBODY}/events/", "/w/x/", "/api"],
)
def test_pages_streams_and_what_is_no_address_take_the_long_way(path: str) -> None:
    assert answer(path).content == b"the long way"


@pytest.mark.parametrize("path", ["/api/v1/customers/", "/api/v1/schema/"])
def test_machines_answers_may_do_nothing_in_a_browser(db: None, path: str) -> None:
    response = answer(path)
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Content-Length"] == str(len(response.content))


def test_machines_get_no_session_and_the_headers_of_every_answer(business: Business) -> None:
    response = business.client(business.owner).get("/api/v1/customers/")
    assert response.status_code == 401
    assert response.cookies == {}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert UUID(response.headers["X-Request-Id"]).version == 7


def test_language_of_a_page_before_does_not_linger(client: Client, business: Business) -> None:
    client.get("/login/", headers={"Accept-Language": "pt-br"})
    detail = client.get("/api/v1/nowhere/").json()["detail"]
    assert detail == "There is nothing at this address. Addresses end with a slash."
    detail = client.get("/api/v1/nowhere/", headers={"Accept-Language": "es"}).json()["detail"]
    assert detail != "There is nothing at this address. Addresses end with a slash."
