"""The business itself for integrators: read, and changed as its page would."""

from collections.abc import Callable
from typing import Any

import pytest

from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.tenants import Business


def test_address_and_colour_are_changed_and_written_down(
    business: Business, other: Business, api: Api, stranger: Api
) -> None:
    found = api.get("business/").json()
    changes = {"address": "Av. Vallarta 1458, Guadalajara", "accent": "#ffe600"}
    assert api.patch("business/", changes).json() == {**found, **changes}
    assert api.get("business/?fields=address").json() == {"address": changes["address"]}
    assert stranger.get("business/").json()["id"] == str(other.tenant.id)
    with tenant_scope(business.tenant.id):
        event = AuditEvent.objects.filter(action="business.updated").latest("id")
    assert event.details["changes"] == {name: [found[name], value] for name, value in changes.items()}


def test_another_country_forgets_the_region(business: Business, api: Api) -> None:
    moved = api.patch("business/", {"country": "BR", "timezone": "America/Sao_Paulo", "region": "SP"}).json()
    assert (moved["country"], moved["region"]) == ("BR", "SP")
    back = api.patch("business/", {"country": "MX", "timezone": "America/Mexico_City"}).json()
    assert (back["country"], back["region"]) == ("MX", "")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"accent": "red"}, "/accent"),
        ({"timezone": "Mars/Base"}, "/timezone"),
        ({"country": "ZZ"}, "/country"),
        ({"name": ""}, "/name"),
        ({"reopen_hours": 100_000}, "/reopen_hours"),
        ({"slug": "otro"}, "/slug"),
    ],
)
def test_what_its_page_would_refuse_is_a_problem(
    business: Business, api: Api, body: dict[str, Any], pointer: str
) -> None:
    refused = api.patch("business/", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


def test_key_without_settings_neither_reads_nor_writes(limited: Callable[..., Api]) -> None:
    key = limited("knowledge:write")
    assert [key.get("business/").status_code, key.patch("business/", {}).status_code] == [403, 403]
