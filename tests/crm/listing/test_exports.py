"""A file of exactly what the list shows, by page and by API."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.actions.attributes import archive_attribute
from crm.exports import engine, tables
from crm.models import Attribute, Customer, Export, FollowUp, Segment, SegmentMember
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, KeyMaker, api, key_for, limited, stranger  # noqa: F401 -- fixtures
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


@pytest.fixture
def path(business: Business, people: dict[str, Customer]) -> str:
    return f"{business.base}customers/"


def made(business: Business) -> Export:
    """The newest, after the worker's turn."""
    with tenant_scope(business.tenant.id):
        newest = Export.objects.order_by("-id")[0].pk
    engine.advance(business.tenant.id, newest)
    with tenant_scope(business.tenant.id):
        return Export.objects.get(pk=newest)


def names(business: Business) -> list[str]:
    """Who stands in the newest file."""
    with tenant_scope(business.tenant.id), made(business).file.open("rb") as file:
        head, *rows = csv.reader(io.StringIO(file.read().decode("utf-8-sig")))
    name = head.index("Nombre") if "Nombre" in head else 0
    return sorted(row[name] for row in rows)


def test_all_that_the_list_has_or_the_chosen_ones(
    business: Business,
    people: dict[str, Customer],
    owner_client: Client,
    teammate_client: Client,
    stranger_client: Client,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "FOUND_AT_ONCE", 2)
    monkeypatch.setattr(tables, "BATCH", 1)
    everybody = {"all": "1"}
    assert teammate_client.post(f"{path}exports/listed/", everybody).status_code == 403
    assert stranger_client.post(f"{path}exports/listed/", everybody).status_code == 404
    owner_client.post(f"{path}views/new/?language=es", {"name": "Español"})
    view = owner_client.get(path).context["views"][0][0]
    chosen = {"id": [str(people["beto"].pk), str(people["Carla"].pk)]}
    for address, data, found in (
        ("", everybody, ["", "Carla", "beto", "Álvaro"]),
        ("?language=es&label=any", everybody, ["Álvaro"]),
        (f"?view={view}", everybody, ["Carla", "Álvaro"]),
        ("?q=alvaro", everybody, ["Álvaro"]),
        ("?language=es", chosen, ["Carla", "beto"]),
    ):
        assert owner_client.post(f"{path}exports/listed/{address}", data).url.startswith(f"{path}exports/")
        assert (address, names(business)) == (address, found)
    assert owner_client.post(f"{path}exports/listed/?language=es", {}).url == path
    with tenant_scope(business.tenant.id):
        assert Export.objects.count() == 5


def test_a_segment_and_a_cell_that_would_compute(
    business: Business, people: dict[str, Customer], owner_client: Client, path: str
) -> None:
    with tenant_scope(business.tenant.id):
        ride = Segment.objects.create(name="Rodada", is_list=True)
        evil = make_customer("=1+1")
        for one in (evil, people["beto"]):
            SegmentMember.objects.create(segment=ride, customer=one, since=one.created_at)
    page = owner_client.get(f"{path}segments/{ride.pk}/").text
    assert f"{path}exports/listed/?segment={ride.pk}" in page
    owner_client.post(f"{path}exports/listed/?segment={ride.pk}", {"all": "1"})
    assert names(business) == ["'=1+1", "beto"]


def test_narrowed_members_take_only_theirs(
    business: Business, people: dict[str, Customer], path: str
) -> None:
    member = business.add_member(Role.SUPERVISOR, Sees.OWN)
    with tenant_scope(business.tenant.id):
        FollowUp.objects.create(
            customer=people["Carla"], title="Llamar", due_at=timezone.now(), assignee=member
        )
    client = business.client(member)
    for data in ({"all": "1"}, {"id": [str(one.pk) for one in people.values()]}):
        client.post(f"{path}exports/listed/?language=es", data)
        assert names(business) == ["Carla"]
    client.post(f"{path}exports/listed/", {"id": [str(people["beto"].pk)]})
    assert names(business) == []


def test_what_went_away_meanwhile_exports_nobody(business: Business, owner_client: Client, path: str) -> None:
    owner_client.post(f"{path}exports/listed/?fact.talla=M", {"all": "1"})
    with tenant_scope(business.tenant.id):
        archive_attribute(attribute=Attribute.objects.get(key="talla"), by=business.actor())
    failed = made(business)
    assert (failed.state, failed.file.name, failed.rows) == ("failed", "", 0)


def test_export_of_the_list_by_the_api(
    business: Business,
    people: dict[str, Customer],
    api: Api,  # noqa: F811
    stranger: Api,  # noqa: F811
    limited: Any,  # noqa: F811
) -> None:
    body = {"filter": {"language": ["es"]}, "q": "alvaro"}
    assert limited("customers:read").post("exports/", body).status_code == 403
    assert api.post("exports/", body).status_code == 201
    assert names(business) == ["Álvaro"]
    assert api.post("exports/", {"filter": {"label": ["none"]}}).status_code == 201
    assert names(business) == ["", "Carla"]
    assert api.post("exports/", {"target": "orders", "filter": {"language": ["en"]}}).status_code == 201
    assert made(business).rows == 0
    assert stranger.post("exports/", body).status_code == 201
    for bad in ({"filter": {"language": ["xx"]}}, {"filter": {"nothing": ["x"]}}, {"filter": 1}, {"q": []}):
        assert (bad, api.post("exports/", bad).status_code) == (bad, 422)
