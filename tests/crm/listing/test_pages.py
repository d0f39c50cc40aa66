"""The list's page: filters in the address, columns, saved views."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from crm.api.filters import CustomerFilter
from crm.listing import filters, reading
from crm.models import Customer, Label, SavedView, Segment, SegmentMember
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, KeyMaker, api, key_for, limited  # noqa: F401 -- fixtures
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

HTMX = {"HX-Request": "true"}
LIST = {"HX-Request": "true", "HX-Target": "customer-list"}


@pytest.fixture
def path(business: Business, people: dict[str, Customer]) -> str:
    return f"{business.base}customers/"


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["rows"]]


def test_filters_stand_in_the_address_and_chips_take_them_out(owner_client: Client, path: str) -> None:
    page = owner_client.get(f"{path}?language=es&contact_within=30&sort=name&cursor=")
    assert names(page) == ["Álvaro"]
    without = [address for _title, _text, address in page.context["chips"]]
    assert without == [f"{path}?contact_within=30&sort=name", f"{path}?language=es&sort=name"]
    assert names(owner_client.get(without[1])) == ["Álvaro", "Carla"]
    part = owner_client.get(f"{path}?language=es", headers=LIST).content.decode()
    assert (part.strip().startswith('<div id="customer-list"'), "list-chips" in part) == (True, True)


def test_what_the_form_leaves_empty_leaves_the_address(owner_client: Client, path: str) -> None:
    sent = owner_client.get(f"{path}?filtered=1&sort=contact&language=&label=&company=&case=open&cursor=x")
    assert sent["Location"] == f"{path}?sort=contact&case=open"
    assert names(owner_client.get(sent["Location"])) == ["beto"]


def test_filters_are_offered(owner_client: Client, path: str) -> None:
    form = owner_client.get(f"{path}filters/?language=es&fact.talla=M", headers=HTMX).content.decode()
    assert ('value="es" selected' in form, 'name="fact.talla"' in form, "Mayoreo" in form) == (True,) * 3


def test_the_number_is_known_or_asked_for(owner_client: Client, path: str) -> None:
    assert "4 " in owner_client.get(path).context["count"]
    assert "2 " in owner_client.get(f"{path}count/?language=es", headers=HTMX).content.decode()
    assert owner_client.get(f"{path}count/?language=es")["Location"] == f"{path}?language=es"


def test_columns_are_remembered_for_each_member(
    owner_client: Client, teammate_client: Client, analyst_client: Client, path: str
) -> None:
    usual = [name for name, *_rest in owner_client.get(path).context["heads"]]
    chosen = ["company", "orders", "fact.talla", "nonsense"]
    assert owner_client.post(f"{path}columns/choice/?language=es", {"column": chosen}).status_code == 302
    page = owner_client.get(path)
    assert [name for name, *_rest in page.context["heads"]] == ["company", "orders", "fact.talla"]
    cells = {row.name: [cell.value for cell in row.cells] for row in page.context["rows"]}
    assert cells["Álvaro"][::2] == ["Bicis Norte", "M"]
    assert ("2 " in cells["Álvaro"][1], "1,500" in cells["Álvaro"][1], cells["beto"][1]) == (True, True, "")
    assert [name for name, *_rest in teammate_client.get(path).context["heads"]] == usual
    assert analyst_client.post(f"{path}columns/choice/", {"column": "company"}).status_code == 302
    assert "fact.puntos" in owner_client.get(f"{path}columns/", headers=HTMX).content.decode()


def test_views_are_saved_shared_renamed_and_deleted(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client, path: str
) -> None:
    made = owner_client.post(f"{path}views/new/?language=es&sort=name", {"name": "Hispanos", "shared": "1"})
    with tenant_scope(business.tenant.id):
        view = SavedView.objects.get()
    assert (view.filters, view.sort, view.owner_id) == ({"language": ["es"]}, "name", None)
    assert made["Location"] == f"{path}?view={view.pk}"
    page = teammate_client.get(made["Location"])
    assert (names(page), page.context["views"]) == (["Álvaro", "Carla"], ((str(view.pk), "Hispanos", 1),))
    narrowed = owner_client.get(f"{path}?view={view.pk}&sort=name&label=any")
    assert (names(narrowed), narrowed.context["is_changed"]) == (["Álvaro", "beto"], 1)
    address = f"{path}views/{view.pk}/"
    assert stranger_client.post(address, {"name": "x"}).status_code == 404
    teammate_client.post(address, {"name": "Otra"})  # an agent may not change what all use
    owner_client.post(f"{address}?view={view.pk}&sort=quiet&label=any", {"take": "1"})
    owner_client.post(address, {"name": "Con etiqueta", "shared": "1"})
    with tenant_scope(business.tenant.id):
        view.refresh_from_db()
    assert (view.name, view.filters, view.sort) == ("Con etiqueta", {"label": ["any"]}, "quiet")
    assert stranger_client.post(f"{address}removal/").status_code == 404
    gone = owner_client.post(f"{address}removal/")
    assert teammate_client.get(path).context["views"] == ()
    press_undo(owner_client, gone)
    assert [name for _id, name, _current in owner_client.get(path).context["views"]] == ["Con etiqueta"]


def test_ones_own_views_are_nobody_elses(
    business: Business, owner_client: Client, teammate_client: Client, path: str
) -> None:
    teammate_client.post(f"{path}views/new/?case=open", {"name": "Míos"})
    with tenant_scope(business.tenant.id):
        view = SavedView.objects.get()
    assert (view.owner_id, owner_client.get(path).context["views"]) == (business.agent.pk, ())
    assert owner_client.post(f"{path}views/{view.pk}/removal/").status_code == 404
    again = teammate_client.post(f"{path}views/new/?case=open", {"name": "MÍOS"})
    assert teammate_client.get(again["Location"]).status_code == 200
    teammate_client.post(f"{path}views/new/?case=open", {"name": " "})
    with tenant_scope(business.tenant.id):
        assert SavedView.objects.count() == 1


def test_a_view_that_names_what_is_gone_still_opens(
    business: Business, owner_client: Client, path: str
) -> None:
    with tenant_scope(business.tenant.id):
        view = SavedView.objects.create(
            name="Rota", filters={"fact.gone": ["1"], "label": [str(Label.objects.first().pk)]}, sort="x"
        )
        Label.objects.all().delete()
    page = owner_client.get(f"{path}?view={view.pk}")
    assert (page.status_code, names(page), len(page.context["chips"])) == (200, [], 1)


def test_narrow_members_see_only_theirs(narrow_client: Client, path: str) -> None:
    assert names(narrow_client.get(path)) == ["Carla"]
    assert names(narrow_client.get(f"{path}?label=any")) == []
    assert "1 " in narrow_client.get(f"{path}count/", headers=HTMX).content.decode()


# --- the same by the API ---


def test_the_api_narrows_by_the_same(
    business: Business,
    people: dict[str, Customer],
    api: Api,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tenant_scope(business.tenant.id):
        vip, other = (str(Label.objects.get(name=name).pk) for name in ("VIP", "Mayoreo"))
        ride = Segment.objects.create(name="Rodada", is_list=True)
        SegmentMember.objects.create(segment=ride, customer=people["Carla"], since=timezone.now())
    narrowed = [
        (f"label={vip}&label={other}", ["beto", "Álvaro"]),
        ("label=none", ["", "Carla"]),
        ("language=es", ["Carla", "Álvaro"]),
        ("language=es&contact_within=30", ["Álvaro"]),
        (f"came_before={timezone.localdate() - timedelta(days=30)}", ["Carla"]),
        ("fact.talla=L&channel=", ["beto"]),
        ("company=BICIS%20norte", ["Álvaro"]),
        (f"segment={ride.pk}", ["Carla"]),
        ("language=es&q=alvaro", ["Álvaro"]),
        ("case=none&updated_since=2000-01-01", ["Álvaro", "Carla", ""]),
        ("case=none&updated_since=2190-01-01T00:00:00Z", []),
    ]

    def found(query: str) -> list[str]:
        rows, cursor = [], ""
        while True:
            page = api.get(f"customers/?{query}&limit=1&fields=name&cursor={cursor}").json()
            rows += [row["name"] for row in page["data"]]
            cursor = page["next_cursor"]
            if not cursor:
                return rows

    for few, patience in ((3_000, 1), (0, 1), (0, -1)):
        monkeypatch.setattr(reading, "FEW", few)
        monkeypatch.setattr(reading, "PATIENCE", patience)
        monkeypatch.setattr(reading, "FIRST_STRETCH", 1)
        for query, expected in narrowed:
            assert (few, query, found(query)) == (few, query, expected)


def test_who_is_in_a_segment_is_told_to_keys_that_read_segments(
    business: Business,
    people: dict[str, Customer],
    limited: Callable[..., Api],  # noqa: F811
) -> None:
    with tenant_scope(business.tenant.id):
        ride = Segment.objects.create(name="Rodada", is_list=True)
    key = limited("customers:read", "customers:write", "customers:export")
    body = {"filter": {"segment": [str(ride.pk)]}, "action": "company", "to": "x"}
    assert key.get(f"customers/?segment={ride.pk}").status_code == 403
    assert key.post("customers/bulk/", body).status_code == 403
    refused = key.post("exports/", {"filter": body["filter"]})
    assert (refused.status_code, refused.json()["detail"]) == (403, "This needs the scope segments:read.")


SENSELESS: list[tuple[str, str]] = [
    ("language=xx", "language"),
    ("label=x", "label"),
    ("label=any&label=none", "label"),
    ("came_since=31/02", "came_since"),
    ("contact_within=0", "contact_within"),
    ("consent=whatsapp", "consent"),
    ("segment=x", "segment"),
    ("fact.nothing=1", "fact.nothing"),
    ("fact.talla=XS", "fact.talla"),
    ("&".join(f"label={UUID(int=number)}" for number in range(21)), "label"),
]


def test_the_api_says_what_makes_no_sense(
    api: Api,  # noqa: F811
    people: dict[str, Customer],
) -> None:
    for query, parameter in SENSELESS:
        refused = api.get(f"customers/?{query}")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, parameter), (
            query,
            parameter,
        )
        assert refused.json()["detail"], (query, parameter)


def test_the_schema_names_every_filter(client: Client) -> None:
    assert filters.names() <= set(CustomerFilter.base_filters)
    schema = client.get("/api/v1/schema/?format=json").json()
    named = {one["name"]: one for one in schema["paths"]["/api/v1/customers/"]["get"]["parameters"]}
    assert filters.names() <= set(named)
    assert (named["label"]["schema"]["type"], named["came_since"]["schema"]["format"]) == ("array", "date")
