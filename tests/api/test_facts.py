"""/api/v1/attributes/ and what is remembered of customers."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from crm.models import Attribute, Customer, Preference
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


def customer_of(business: Business, **fields: object) -> Customer:
    with tenant_scope(business.tenant.id):
        return make_customer(**fields)  # type: ignore[arg-type]


def test_a_fact_is_defined_used_changed_and_archived(api: Api, business: Business) -> None:
    ana = customer_of(business, attributes={"Talla": "m", "Estatura": 172})
    created = api.post("attributes/", {"name": "Talla", "kind": "choice", "options": ["S", "M", "L"]})
    assert created.status_code == 201
    body = created.json()
    assert {**body, "id": "", "created_at": ""} == {
        "id": "",
        "key": "Talla",
        "name": "Talla",
        "kind": "choice",
        "options": ["S", "M", "L"],
        "hint": "",
        "position": 1,
        "archived_at": None,
        "created_at": "",
        "values": {"state": "done", "seen": 1, "fit": 0, "ready": 1, "unfit": 0},
    }
    path = f"attributes/{body['id']}/"
    assert api.post(f"{path}conversion/").json()["values"]["ready"] == 1
    assert api.get(f"customers/{ana.id}/").json()["attributes"] == {"Talla": "M", "Estatura": 172}
    wrong = api.patch(f"customers/{ana.id}/", {"attributes": {"Talla": "XXL"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/attributes")
    assert wrong.json()["errors"][0]["detail"] == "Talla: “XXL” is not one of the choices: S, M, L."
    fine = api.patch(f"customers/{ana.id}/", {"attributes": {"talla": "l", "otra": "libre"}})
    assert fine.json()["attributes"] == {"Talla": "L", "Estatura": 172, "otra": "libre"}
    assert api.patch(path, {"options": ["S", "M"]}).status_code == 409
    change = {"options": ["S", "M", "Grande"], "renamed_options": {"L": "Grande"}, "position": 0, "hint": "x"}
    assert api.patch(path, change).json()["options"] == ["S", "M", "Grande"]
    assert api.get(f"customers/{ana.id}/").json()["attributes"]["Talla"] == "Grande"
    kind = api.patch(path, {"kind": "number"}).json()
    assert (kind["kind"], kind["values"]["state"], kind["values"]["unfit"]) == ("choice", "refused", 1)
    assert api.delete(path).status_code == 204
    assert api.get(path).json()["archived_at"] is not None
    assert api.patch(path, {"is_archived": False}).json()["archived_at"] is None
    assert [one["name"] for one in api.get("attributes/").json()["data"]] == ["Talla"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": ""}, 422),
        ({"name": "x", "kind": "plaid"}, 422),
        ({"name": "x", "kind": "choice"}, 422),
        ({"name": "x", "kind": "choice", "options": "a"}, 422),
        ({"name": "x", "kind": "choice", "options": [None]}, 422),
        ({"name": "x", "unknown": 1}, 422),
    ],
)
def test_wrong_facts_are_problems(api: Api, body: dict[str, object], status: int) -> None:
    assert api.post("attributes/", body).status_code == status


def test_facts_need_their_scope_and_strangers_find_none(
    api: Api, stranger: Api, limited: Callable[..., Api], business: Business
) -> None:
    made = api.post("attributes/", {"name": "Talla"}).json()
    reader = limited("customers:read", "customers:write")
    assert reader.get("attributes/").status_code == 200
    assert reader.post("attributes/", {"name": "Otra"}).status_code == 403
    assert stranger.get("attributes/").json()["data"] == []
    for method in ("get", "delete"):
        assert getattr(stranger, method)(f"attributes/{made['id']}/").status_code == 404
    assert stranger.post(f"attributes/{made['id']}/conversion/").status_code == 404
    with tenant_scope(business.tenant.id):
        assert Attribute.objects.get().archived_at is None


def test_a_preference_is_remembered_confirmed_corrected_and_forgotten(api: Api, business: Business) -> None:
    ana = customer_of(business)
    path = f"customers/{ana.id}/preferences/"
    told = {"topic": "Canal preferido", "value": "WhatsApp", "source": "customer", "confidence": 80}
    created = api.post(path, told)
    assert created.status_code == 201
    body = created.json()
    assert {**body, "id": "", "learned_at": ""} == {
        "id": "",
        "topic": "channel",
        "value": "whatsapp",
        "source": "customer",
        "source_label": "Tienda",
        "conversation_id": None,
        "confidence": 80,
        "learned_at": "",
        "confirmed_at": None,
        "confirmed_by_id": None,
        "contradiction": None,
    }
    one = f"{path}{body['id']}/"
    assert api.post(f"{one}confirmation/").json()["confirmed_at"] is not None
    other = api.post(path, {"topic": "channel", "value": "Email", "source": "customer"})
    assert (other.status_code, other.json()["value"]) == (200, "whatsapp")
    assert other.json()["contradiction"]["value"] == "email"
    fixed = api.patch(one, {"value": "email"}).json()
    assert (fixed["value"], fixed["contradiction"], fixed["source"]) == ("email", None, "agent")
    assert [row["value"] for row in api.get(path).json()["data"]] == ["email"]
    assert api.get(one).json()["value"] == "email"
    assert api.delete(one).status_code == 204
    assert api.get(path).json()["data"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"topic": "channel", "value": "paloma"},
        {"topic": "\x00", "value": "x"},
        {"topic": "a", "value": " "},
        {"topic": "a", "value": "b", "source": "behaviour"},
        {"topic": "a", "value": "b", "confidence": 0},
        {"topic": "a", "value": "b", "confidence": 10**30},
    ],
)
def test_wrong_preferences_are_problems(api: Api, business: Business, body: dict[str, object]) -> None:
    path = f"customers/{customer_of(business).id}/preferences/"
    assert api.post(path, body).status_code in {400, 422}


def test_preferences_of_others_are_found_nowhere(
    api: Api, stranger: Api, limited: Callable[..., Api], business: Business, other: Business
) -> None:
    ana, eva = customer_of(business), customer_of(business)
    path = f"customers/{ana.id}/preferences/"
    made = api.post(path, {"topic": "Alergias", "value": "níquel"}).json()
    assert limited("customers:read").post(path, {"topic": "a", "value": "b"}).status_code == 403
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"topic": "a", "value": "b"}).status_code == 404
    theirs = customer_of(other)
    for place in (f"customers/{eva.id}", f"customers/{uuid4()}"):
        assert api.get(f"{place}/preferences/{made['id']}/").status_code == 404
    for method in ("get", "delete"):
        assert (
            getattr(stranger, method)(f"customers/{theirs.id}/preferences/{made['id']}/").status_code == 404
        )
    with tenant_scope(business.tenant.id):
        assert Preference.objects.get().value == "níquel"
