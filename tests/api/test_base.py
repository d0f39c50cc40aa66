"""What holds for every operation: keys, problems, limits, idempotency, the schema."""

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, override_settings

from crm.models import Customer, CustomerNote
from tenants.actions.api_keys import revoke_api_key
from tenants.api import throttles
from tenants.models import ApiKey, IdempotencyRecord
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.crm import make_customer
from tests.factories.tenants import Business, make_business


def problem(response: Any) -> tuple[int, str]:
    """Status and kind of a problem, after checking its shape."""
    body = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert set(body) - {"errors"} == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == response.status_code
    assert body["instance"] == f"urn:uuid:{response['X-Request-Id']}"
    return response.status_code, body["type"].removeprefix("urn:puente:problem:")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nope", "Basic eA==", "Bearer \xff", "nope"]
)
def test_without_a_good_key_it_is_401(db: None, header: str) -> None:
    response = Client(headers={"Authorization": header} if header else {}).get("/api/v1/customers/")
    assert problem(response) == (401, "unauthenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="Puente API"'


def test_revoked_key_is_401_at_once(api: Api, business: Business) -> None:
    assert api.get("customers/").status_code == 200
    with tenant_scope(business.tenant.id):
        revoke_api_key(key=ApiKey.objects.get(), by=business.actor())
    assert problem(api.get("customers/")) == (401, "unauthenticated")


def test_use_of_a_key_is_noted(api: Api, business: Business) -> None:
    api.get("customers/")
    with tenant_scope(business.tenant.id):
        assert ApiKey.objects.get().last_used_at is not None


WRONG_ADDRESSES: list[tuple[str, str, tuple[int, str]]] = [
    ("get", "nothing/", (404, "not-found")),
    ("get", "customers", (404, "not-found")),
    ("get", "customers/not-a-uuid/", (404, "not-found")),
    ("get", f"customers/{uuid4()}/", (404, "not-found")),
    ("get", f"customers/{uuid4()}/timeline/", (404, "not-found")),
    ("delete", "customers/", (405, "method-not-allowed")),
    ("put", "customers/", (405, "method-not-allowed")),
    ("options", "customers/", (405, "method-not-allowed")),
    ("trace", "customers/", (405, "method-not-allowed")),
    ("post", f"customers/{uuid4()}/", (405, "method-not-allowed")),
]


def test_wrong_addresses_and_methods(api: Api) -> None:
    for method, path, expected in WRONG_ADDRESSES:
        assert problem(getattr(api, method)(path)) == expected, path


WRONG_BODIES: list[tuple[bytes, str, tuple[int, str]]] = [
    (b"{", "application/json", (400, "malformed")),
    (b"", "application/json", (422, "invalid")),
    (b"\xff\xfe", "application/json", (400, "malformed")),
    (b'{"name": "\xff"}', "application/json", (400, "malformed")),
    (b'{"name": "a\\u0000b"}', "application/json", (400, "malformed")),
    (b'{"na\\u0000me": "b"}', "application/json", (400, "malformed")),
    (b'{"name": "\\ud800"}', "application/json", (400, "malformed")),
    (b'{"attributes": {"x": NaN}}', "application/json", (400, "malformed")),
    (b'{"attributes": {"x": 1e999}}', "application/json", (400, "malformed")),
    (b'{"attributes": {"x": ' + b"9" * 5000 + b"}}", "application/json", (400, "malformed")),
    (b"[" * 100_000, "application/json", (400, "malformed")),
    (b'{"attributes": ' + b'{"a":' * 70 + b"1" + b"}" * 71, "application/json", (400, "malformed")),
    (b"name=Ana", "application/x-www-form-urlencoded", (415, "unsupported-media-type")),
    (b"<a/>", "text/xml", (415, "unsupported-media-type")),
    (b"{}", "x", (415, "unsupported-media-type")),
    (b"null", "application/json", (422, "invalid")),
    (b"7", "application/json", (422, "invalid")),
    (b"[1]", "application/json", (422, "invalid")),
]


def test_wrong_bodies(api: Api) -> None:
    for body, media, expected in WRONG_BODIES:
        response = api.client.post("/api/v1/orders/", body, content_type=media)
        assert problem(response) == expected, body[:40]


def test_large_numbers_are_kept(api: Api) -> None:
    body = {"attributes": {"grande": 10**300, "real": 1.5e10, "negativo": -(2**63) - 1}}
    response = api.post("customers/", body)
    assert (response.status_code, response.json()["attributes"]) == (201, body["attributes"])


def test_unacceptable_media_type_is_406(api: Api) -> None:
    response = api.get("customers/", headers={"Accept": "text/csv"})
    assert problem(response) == (406, "not-acceptable")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_too_large_body_is_413(api: Api) -> None:
    assert problem(api.post("customers/", {"name": "x" * 200}, key="a")) == (413, "too-large")


def test_problem_speaks_the_language_asked_for(api: Api) -> None:
    path = f"customers/{uuid4()}/"
    assert api.get(path).json()["detail"] == "There is nothing at this address."
    assert (
        api.get(path, headers={"Accept-Language": "en"}).json()["detail"]
        == "There is nothing at this address."
    )


def test_unexpected_error_is_a_problem(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("tenants.api.plain.limit_of", broken)
    api.client.raise_request_exception = False
    response = api.get("customers/")
    assert problem(response) == (500, "internal")
    assert "boom" not in response.content.decode()


def test_error_rolls_back_what_was_done(
    api: Api, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("crm.actions.customers.note_change", broken)
    api.client.raise_request_exception = False
    assert api.post("customers/", {"name": "Ana"}, key="k1").status_code == 500
    with tenant_scope(business.tenant.id):
        assert (Customer.objects.count(), IdempotencyRecord.objects.count()) == (0, 0)


def test_answers_are_not_cached_and_carry_the_rate(api: Api) -> None:
    response = api.get("customers/")
    assert response["Cache-Control"] == "no-store"
    assert response["RateLimit-Policy"] == '"key";q=6000;w=60'
    assert response["RateLimit"].startswith('"key";r=5999;t=')


@override_settings(API_RATE=2)
def test_throttled_key_is_told_when_to_come_back(
    api: Api, stranger: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.time, "time", lambda: 1_800_000_015.0)
    assert [api.get("customers/").status_code for _ in range(2)] == [200, 200]
    response = api.get("customers/")
    assert problem(response) == (429, "throttled")
    assert (response["Retry-After"], response["RateLimit"]) == ("45", '"key";r=0;t=45')
    assert stranger.get("customers/").status_code == 200
    monkeypatch.setattr(throttles.time, "time", lambda: 1_800_000_061.0)
    assert api.get("customers/").status_code == 200


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_the_api_answers(api: Api) -> None:
    response = api.get("customers/")
    assert (response.status_code, "RateLimit" in response) == (200, False)


def test_same_key_and_body_is_done_once(api: Api, business: Business) -> None:
    first = api.post("customers/", {"name": "Ana", "attributes": {"b": 1, "a": 1.5}}, key="pedido-1")
    again = api.post("customers/", {"name": "Ana", "attributes": {"b": 1, "a": 1.5}}, key="pedido-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 1


def test_same_key_with_another_body_or_address_is_422(api: Api, business: Business) -> None:
    ana = api.post("customers/", {"name": "Ana"}, key="k").json()
    assert problem(api.post("customers/", {"name": "Luis"}, key="k")) == (422, "invalid")
    assert problem(api.post(f"customers/{ana['id']}/notes/", {"name": "Ana"}, key="k")) == (422, "invalid")
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 1


def test_keys_of_two_integrators_do_not_meet(api: Api, business: Business, stranger: Api) -> None:
    second = Api(key_for(business))
    ids = {
        caller.post("customers/", {"name": "Ana"}, key="k").json()["id"] for caller in (api, second, stranger)
    }
    assert len(ids) == 3


def test_errors_are_not_remembered(api: Api, business: Business) -> None:
    assert api.post("customers/", {"language": "xx"}, key="k").status_code == 422
    response = api.post("customers/", {"language": "es"}, key="k")
    assert (response.status_code, "Idempotency-Replayed" in response) == (201, False)


@pytest.mark.parametrize("key", ["k" * 256, "ñ"])
def test_key_that_is_none_is_400(api: Api, key: str) -> None:
    assert problem(api.post("customers/", {}, key=key)) == (400, "malformed")


@pytest.mark.django_db(transaction=True)
def test_same_key_in_parallel_is_done_once() -> None:
    business = make_business()
    secret = key_for(business)
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    answers: list[tuple[int, str]] = []
    barrier = threading.Barrier(4)

    def send() -> None:
        barrier.wait()
        try:
            response = Api(secret).post(f"customers/{ana.id}/notes/", {"body": "una vez"}, key="k")
            answers.append((response.status_code, response.json()["id"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    with tenant_scope(business.tenant.id):
        assert CustomerNote.objects.count() == 1


@pytest.mark.slow
def test_schema_is_valid_openapi(db: None) -> None:
    from openapi_spec_validator import validate

    response = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    schema = json.loads(response.content)
    validate(schema)
    assert schema["openapi"].startswith("3.1")


def test_schema_tells_scope_problems_and_idempotency_of_every_operation(db: None) -> None:
    response = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    schema = json.loads(response.content)
    operations = [
        (path, method, operation)
        for path, ways in schema["paths"].items()
        for method, operation in ways.items()
    ]
    assert len(operations) > 30
    for path, method, operation in operations:
        where = f"{method} {path}"
        assert operation["security"] == [{"key": []}], where
        assert "Needs the scope `" in operation["description"], where
        assert "application/problem+json" in operation["responses"]["default"]["content"], where
        names = [parameter["name"] for parameter in operation.get("parameters", [])]
        assert ("Idempotency-Key" in names) is (method == "post"), where


def test_schema_is_made_without_a_warning(db: None) -> None:
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert (dict(GENERATOR_STATS._warn_cache), dict(GENERATOR_STATS._error_cache)) == ({}, {})


def test_docs_page_has_no_inline_script(db: None) -> None:
    response = Client().get("/api/v1/docs/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "<script>" not in html
    assert "<style" not in html
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_every_view_of_the_api_has_the_base_and_scopes() -> None:
    from config.api_urls import urlpatterns
    from tenants.api.views import TenantViewSet

    def views(patterns: list[Any]) -> list[Any]:
        found = []
        for pattern in patterns:
            found += views(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.callback]
        return found

    public = {"schema/", "docs/", ""}  # the description of the API, and the 404 of everything else
    for view in views([pattern for pattern in urlpatterns if hasattr(pattern, "url_patterns")]):
        assert issubclass(view.cls, TenantViewSet), view
        methods = {method.upper() for method in view.actions} - {"HEAD"}
        assert methods <= set(view.cls.required_scopes), view.cls
    assert {str(pattern.pattern) for pattern in urlpatterns if not hasattr(pattern, "url_patterns")} == public


@pytest.mark.parametrize("scope", ["customers:read"])
def test_head_is_get_without_a_body(limited: Callable[..., Api], scope: str) -> None:
    response = limited(scope).head("customers/")
    assert (response.status_code, response.content) == (200, b"")
