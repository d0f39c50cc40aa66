"""What the business sells, as its own systems tell it."""

from typing import Any

from tests.api.conftest import Api
from tests.factories.tenants import Business

CASCO: dict[str, Any] = {
    "source": "pos",
    "external_id": "77",
    "name": "Casco Sierra",
    "price": "1150.00",
    "stock": 4,
}


def test_product_is_reported_changed_filtered_and_deleted(business: Business, api: Api) -> None:
    made = api.post("products/", CASCO)
    assert (made.status_code, made.json()["price"], made.json()["currency"]) == (201, "1150.00", "MXN")
    again = api.post("products/", {**CASCO, "stock": 3})
    assert (again.status_code, again.json()["stock"], again.json()["id"]) == (200, 3, made.json()["id"])
    at = f"products/{made.json()['id']}/"
    assert api.patch(at, {"stock": 0, "aliases": ["casco negro"]}).json()["aliases"] == ["casco negro"]
    assert len(api.get("products/?q=CASCO+negro&in_stock=false&source=pos").json()["data"]) == 1
    assert api.get("products/?in_stock=true").json()["data"] == []
    assert [api.patch(at, {"name": ""}).status_code, api.patch(at, {"price": -1}).status_code] == [422, 422]
    assert [api.delete(at).status_code, api.get(at).status_code] == [204, 404]


def test_many_are_kept_at_once_and_a_fault_stops_all(business: Business, api: Api) -> None:
    rows = [CASCO, {"name": "Cámara 29", "external_id": "78", "price": "x"}]
    stopped = api.post("products/import/", {"rows": rows, "source": "pos"}).json()
    assert (stopped["written"], stopped["refused"], stopped["results"][1]["field"]) == (False, 1, "price")
    done = api.post("products/import/", {"rows": rows, "source": "pos", "only_good": True}).json()
    assert (done["written"], done["created"]) == (True, 1)
    assert api.post("products/import/", {"rows": [CASCO]}).json()["unchanged"] == 1


def test_pages_of_the_list_follow_one_another(business: Business, api: Api) -> None:
    api.post("products/import/", {"rows": [{"name": f"Producto {n}"} for n in range(5)]})
    first = api.get("products/?limit=3").json()
    second = api.get(f"products/?limit=3&cursor={first['next_cursor']}").json()
    assert len({one["id"] for one in [*first["data"], *second["data"]]}) == 5
