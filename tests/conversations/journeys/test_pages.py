"""The pages and the API of journeys: from a recipe, written by steps, switched, who is where."""

import json
from typing import Any

import pytest
from django.test import Client

from conversations.actions.journeys import newest_of
from conversations.models import Journey, JourneyPlace
from crm.actions.orders import record_order
from crm.models import Customer
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.crm import make_customer
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


@pytest.fixture
def journey(business: Business, owner_client: Client) -> Journey:
    """After a sale, out of the recipe."""
    owner_client.post(f"{business.base}journeys/new/", {"recipe": "after_sale"})
    with tenant_scope(business.tenant.id):
        return Journey.objects.get()


def base(business: Business, journey: Journey, tail: str = "") -> str:
    return f"{business.base}journeys/{journey.pk}/{tail}"


def content(business: Business, journey: Journey) -> dict[str, Any]:
    with tenant_scope(business.tenant.id):
        return newest_of(journey).content


def form(business: Business, journey: Journey, **more: Any) -> dict[str, Any]:
    kept = content(business, journey)
    return {
        "name": "Tras la venta", "entry": "order_delivered", "stops": ["complained"], "base": "1",
        "steps": json.dumps(kept["steps"]), "0-count": "3", "0-unit": "days",
        "1-template": kept["steps"][1]["template"], "1-count": "5", "1-unit": "days",
        "1-choice-a": "Todo bien", "1-choice-b": "Algo salió mal", "1-choice-c": "",
        "1.b.0-title": "Llamar", "1.b.0-days": "0",
        "1.silence.0-template": kept["steps"][1]["silence"][0]["template"], **more,
    }  # fmt: skip


@pytest.mark.parametrize("recipe", ["birthday", "no_show", "win_back", "x"])
def test_recipes(business: Business, owner_client: Client, recipe: str) -> None:
    answer = owner_client.post(f"{business.base}journeys/new/", {"recipe": recipe})
    assert answer.status_code == (422 if recipe in ("x", "win_back") else 302)
    assert owner_client.get(f"{business.base}journeys/").status_code == 200


def test_steps_are_moved_added_and_saved_as_a_version(
    business: Business, owner_client: Client, journey: Journey
) -> None:
    url = base(business, journey)
    assert owner_client.get(url).status_code == 200
    added = owner_client.post(url, form(business, journey, op="add:task:1.b"))
    assert b'name="1.b.1-title"' in added.content
    assert b'value="up:1" autofocus' in owner_client.post(url, form(business, journey, op="down:0")).content
    branch = {"op": "add:branch:1.a", "1-choice-c": "Otra cosa"}
    assert "Otra cosa" in owner_client.post(url, form(business, journey, **branch)).content.decode()
    for op in ("drop:99", "up:x", "add:x:", "add:wait:9.then", "add:wait:0.then", "down:1.silence.0.", "::"):
        assert owner_client.post(url, form(business, journey, op=op)).status_code == 200
    for odd in ({"steps": "[{}]"}, {"steps": "["}, {"0-count": "x"}, {"1-choice-a": ""}, {"entry": "y"}):
        assert owner_client.post(url, form(business, journey, op="drop:0", **odd)).status_code == 200
    assert owner_client.post(url, form(business, journey, op="save", entry="y")).status_code == 422
    same = {"1-choice-b": "todo  bien!"}
    assert owner_client.post(url, form(business, journey, op="save", **same)).status_code == 422
    changed = {"0-count": "4", "1-choice-c": "Otra cosa"}
    assert owner_client.post(url, form(business, journey, op="save", **changed)).status_code == 302
    [wait, ask] = content(business, journey)["steps"]
    assert wait["minutes"] == 4 * 1440
    assert (ask["choices"], ask["c"]) == (["Todo bien", "Algo salió mal", "Otra cosa"], [])
    assert owner_client.get(url).status_code == 200
    assert owner_client.post(url, form(business, journey, op="save")).status_code == 409


def test_customers_enter_are_shown_and_taken_out(
    business: Business, owner_client: Client, stranger_client: Client, journey: Journey
) -> None:
    owner_client.post(base(business, journey, "switching/"), {"on": "1"})
    with tenant_scope(business.tenant.id):
        ana: Customer = make_customer("Ana Flores")
        record_order(external_id="A-1", customer=ana, status="delivered", by=Actor.system())
        place = JourneyPlace.objects.get()
    people = base(business, journey, "people/")
    assert "Ana Flores" in owner_client.get(people).content.decode()
    assert stranger_client.get(people).status_code == 404
    assert owner_client.get(f"{people}?cursor=x").status_code == 302
    owner_client.post(f"{people}{place.pk}/end/")
    with tenant_scope(business.tenant.id):
        place.refresh_from_db()
        assert (place.state, place.reason, place.due_at) == ("stopped", "by_hand", None)
    assert "Ana Flores" in owner_client.get(f"{people}?state=stopped").content.decode()
    done = owner_client.post(base(business, journey, "archiving/"))
    press_undo(owner_client, done)
    with tenant_scope(business.tenant.id):
        journey.refresh_from_db()
        assert (journey.archived_at, journey.is_on) == (None, False)


def test_api(business: Business, other: Business) -> None:
    api, stranger = Api(key_for(business)), Api(key_for(other))
    made = api.post("journeys/", {"recipe": "no_show"}).json()
    at = f"journeys/{made['id']}/"
    assert [one["id"] for one in api.get("journeys/").json()["data"]] == [made["id"]]
    assert api.patch(at, {"content": {"steps": []}}).status_code == 422
    steps = {"entry": {"on": "order_paid"}, "steps": [{"do": "wait", "minutes": 5}], "stops": []}
    assert api.patch(at, {"content": steps, "base": 1}).json()["latest"]["version"] == 2
    writer = Api(key_for(business, ["campaigns:read", "campaigns:write"]))
    assert writer.put(f"{at}switching/", {"is_on": True}).status_code == 403
    assert api.put(f"{at}switching/", {"is_on": True}).json()["is_on"] is True
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana Flores")
        record_order(external_id="A-1", customer=ana, status="paid", by=Actor.system())
    place = api.get(f"{at}places/").json()["data"][0]
    assert stranger.get(f"{at}places/").status_code == 404
    assert api.post(f"{at}places/{place['id']}/end/").json()["reason"] == "by_hand"
    assert api.post(f"{at}places/{place['id']}/end/").status_code == 409
    for odd in ({}, {"content": [], "name": "x"}, {"recipe": []}, {"name": "x", "content": {"steps": "x"}}):
        assert api.post("journeys/", odd).status_code in (400, 422)
    assert api.delete(at).status_code == 204
