"""The list of a person's businesses, and opening one."""

import pytest
from django.test import Client, RequestFactory

from tenants.actions.businesses import create_business
from tenants.actions.members import deactivate_member
from tenants.scoping import tenant_scope
from tenants.views.public import guessed_country
from tests.factories.tenants import Business


def test_single_business_is_entered_at_once(business: Business, owner_client: Client) -> None:
    assert owner_client.get("/b/").headers["Location"] == business.base


def test_several_businesses_are_listed(business: Business, other: Business, owner_client: Client) -> None:
    create_business(name="Segunda", country="MX", owner=business.owner.user)
    response = owner_client.get("/b/")
    assert [found.name for found in response.context["businesses"]] == ["Bicis Tapatías", "Segunda"]


def test_ended_access_is_not_listed(business: Business, teammate_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        deactivate_member(membership=business.agent, by=business.actor())
    assert teammate_client.get("/b/").context["businesses"] == []


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same(
    business: Business, owner_client: Client, number: int, django_assert_num_queries: object
) -> None:
    for count in range(number + 1):
        create_business(name=f"Otra {count}", country="MX", owner=business.owner.user)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert owner_client.get("/b/").status_code == 200


def test_nobody_is_asked_to_log_in(db: None, client: Client) -> None:
    assert client.get("/b/").headers["Location"] == "/login/?next=/b/"
    assert client.get("/b/new/").headers["Location"] == "/login/?next=/b/new/"


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "\x00"}, {"name": "x" * 121}, {"country": "XX"}, {"country": ""}]
)
def test_opening_refuses(business: Business, owner_client: Client, changes: dict[str, str]) -> None:
    response = owner_client.post("/b/new/", {"name": "Bicis", "country": "MX", **changes})
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(changes))


def test_name_of_signs_only_still_opens(business: Business, owner_client: Client) -> None:
    response = owner_client.post("/b/new/", {"name": "🚲 🚲", "country": "MX"})
    assert response.headers["Location"] == "/b/negocio/start/"


def test_opening_is_limited(business: Business, owner_client: Client) -> None:
    statuses = [
        owner_client.post("/b/new/", {"name": f"B{n}", "country": "MX"}).status_code for n in range(21)
    ]
    assert statuses == [302] * 20 + [429]


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        ("es-AR,es;q=0.9", "AR"),
        ("pt-BR,pt;q=0.9,en;q=0.5", "BR"),
        ("pt", "BR"),
        ("es-419,es;q=0.9", "MX"),
        ("en-US,en;q=0.5", "US"),
        ("fr-FR,fr;q=0.9,es-CO;q=0.3", "CO"),
        ("", "MX"),
        ("\x00;;;---,,", "MX"),
    ],
)
def test_country_is_guessed(languages: str, country: str) -> None:
    request = RequestFactory().get("/b/new/", headers={"accept-language": languages})
    assert guessed_country(request) == country
