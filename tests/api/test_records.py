"""Orders, cases, follow-ups and labels through the API."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from crm.models import Case, Customer, CustomerLabel, FollowUp, Label, Order, TimelineEntry
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.tenants import Business

ORDER = {
    "source": "shopify",
    "external_id": "5001",
    "identity": {"kind": "phone", "value": "33 1234 5678"},
    "customer_name": "Ana Flores",
    "number": "#5001",
    "status": "placed",
    "total": "1250.50",
    "currency": "MXN",
    "items": [{"name": "Cámara 29", "quantity": 2, "price": "120.00"}, {"name": "Ajuste"}],
    "placed_at": "2026-03-01T10:00:00-06:00",
}


def statuses(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        entries = TimelineEntry.objects.filter(kind="order").order_by("happened_at", "id")
        return [entry.data["status"] for entry in entries]


def test_first_report_makes_order_and_customer(api: Api, business: Business) -> None:
    response = api.post("orders/", ORDER)
    body = response.json()
    assert response.status_code == 201
    assert body == {
        "id": body["id"],
        "customer_id": body["customer_id"],
        "source": "shopify",
        "external_id": "5001",
        "number": "#5001",
        "status": "placed",
        "total": "1250.50",
        "currency": "MXN",
        "items": [{"name": "Cámara 29", "quantity": 2, "price": "120.00"}, {"name": "Ajuste", "quantity": 1}],
        "placed_at": "2026-03-01T16:00:00Z",
        "changed_at": "2026-03-01T16:00:00Z",
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert api.get(f"orders/{body['id']}/").json() == body
    assert api.get(f"customers/{body['customer_id']}/").json()["name"] == "Ana Flores"
    [entry] = api.get(f"customers/{body['customer_id']}/timeline/").json()["data"]
    assert (entry["kind"], entry["happened_at"], entry["data"]) == (
        "order",
        "2026-03-01T16:00:00Z",
        {
            "number": "#5001",
            "status": "placed",
            "total": "1250.50",
            "currency": "MXN",
            "items": body["items"],
        },
    )


def test_same_report_again_changes_nothing(api: Api, business: Business) -> None:
    first = api.post("orders/", ORDER)
    again = api.post("orders/", {**ORDER, "identity": {"kind": "whatsapp", "value": "5213312345678"}})
    assert (again.status_code, again.json()) == (200, first.json())
    with tenant_scope(business.tenant.id):
        assert (Order.objects.count(), Customer.objects.count()) == (1, 1)
    assert statuses(business) == ["placed"]


def test_each_status_is_one_line_of_the_history(api: Api, business: Business) -> None:
    api.post("orders/", ORDER)
    for status in ("paid", "paid", "shipped"):
        response = api.post("orders/", {"source": "shopify", "external_id": "5001", "status": status})
        assert (response.status_code, response.json()["status"]) == (200, status)
    assert statuses(business) == ["placed", "paid", "shipped"]


def test_late_report_is_told_and_changes_nothing(api: Api, business: Business) -> None:
    api.post("orders/", ORDER)
    name = {"source": "shopify", "external_id": "5001"}
    api.post("orders/", {**name, "status": "shipped", "changed_at": "2026-03-03T10:00:00Z"})
    for _twice in range(2):
        late = api.post(
            "orders/", {**name, "status": "paid", "total": "1.00", "changed_at": "2026-03-02T10:00:00Z"}
        )
        assert (late.status_code, late.json()["status"], late.json()["total"]) == (200, "shipped", "1250.50")
    assert statuses(business) == ["placed", "paid", "shipped"]


def test_order_defaults(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    body = api.post("orders/", {"external_id": "X", "customer_id": str(ana.id)}).json()
    assert (
        body["source"],
        body["number"],
        body["status"],
        body["total"],
        body["currency"],
        body["items"],
    ) == (
        "api",
        "X",
        "placed",
        "0.00",
        "MXN",
        [],
    )


WRONG_ORDERS: list[tuple[dict, int, str]] = [
    ({"identity": None}, 422, "/identity"),
    ({"identity": {"kind": "phone", "value": "12"}}, 422, "/identity/value"),
    ({"customer_id": str(uuid4())}, 422, "/customer_id"),
    ({"customer_id": "x"}, 422, "/customer_id"),
    ({"external_id": ""}, 422, "/external_id"),
    ({"external_id": "x" * 121}, 422, "/external_id"),
    ({"source": "Mi Tienda"}, 422, "/source"),
    ({"status": "perdido"}, 422, "/status"),
    ({"total": "mucho"}, 422, "/total"),
    ({"total": "1e40"}, 422, "/total"),
    ({"total": "NaN"}, 422, "/total"),
    ({"total": 10**400}, 422, "/total"),
    ({"total": "1.005"}, 422, "/total"),
    ({"currency": "pesos"}, 422, "/currency"),
    ({"items": [{"quantity": 1}]}, 422, "/items/0/name"),
    ({"items": [{"name": "x", "quantity": -1}]}, 422, "/items/0/quantity"),
    ({"items": [{"name": "x", "sku": 1}]}, 422, "/items/0/sku"),
    ({"items": [{"name": "x"}] * 501}, 422, "/items"),
    ({"items": "x"}, 422, "/items"),
    ({"placed_at": "ayer"}, 422, "/placed_at"),
    ({"placed_at": "0001-01-01T00:00:00+14:00"}, 422, "/placed_at"),
    ({"placed_at": "9999-12-31T23:59:59-14:00"}, 422, "/placed_at"),
    ({"placed_at": 1e300}, 422, "/placed_at"),
]


def test_wrong_orders(api: Api, business: Business) -> None:
    for change, status, pointer in WRONG_ORDERS:
        response = api.post("orders/", {**ORDER, **change})
        assert response.status_code == status, change
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer], change
        with tenant_scope(business.tenant.id):
            assert (Order.objects.count(), Customer.objects.count()) == (0, 0), change


def test_new_order_must_say_whose(api: Api) -> None:
    response = api.post("orders/", {"external_id": "X"})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/customer_id")


def test_order_stays_with_its_customer(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_order(make_customer("Ana"), "X")
        luis = make_customer("Luis")
    response = api.post("orders/", {"external_id": "X", "customer_id": str(luis.id)})
    assert (response.status_code, response.json()["type"]) == (409, "urn:puente:problem:conflict")


def test_order_list_filters_and_order(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana, luis = make_customer("Ana"), make_customer("Luis")
        make_order(ana, "A-1", placed_at="2026-01-01T00:00:00Z")
        make_order(ana, "A-2", placed_at="2026-03-01T00:00:00Z", status="paid")
        make_order(luis, "B-1", placed_at="2026-02-01T00:00:00Z", source="pos")

    def found(**query: str) -> list[str]:
        return [row["external_id"] for row in api.get("orders/", query).json()["data"]]

    assert found() == ["A-2", "B-1", "A-1"]
    assert found(customer=str(ana.id)) == ["A-2", "A-1"]
    assert found(status="paid") == ["A-2"]
    assert found(source="pos") == ["B-1"]
    assert found(external_id="A-1") == ["A-1"]
    assert found(placed_since="2026-02-01T00:00:00Z") == ["A-2", "B-1"]
    assert found(placed_before="2026-02-01T00:00:00Z") == ["A-1"]
    assert api.get("orders/", {"status": "x"}).status_code == 400
    cursor = api.get("orders/", {"limit": 1}).json()["next_cursor"]
    assert found(limit="1", cursor=cursor) == ["B-1"]


def test_cases_open_and_resolve(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    opened = api.post("cases/", {"customer_id": str(ana.id), "subject": "Freno que rechina"})
    case = opened.json()
    assert (opened.status_code, case["kind"], case["resolved_at"]) == (201, "complaint", None)
    assert api.get(f"cases/{case['id']}/").json() == case
    for _twice in range(2):
        resolved = api.post(f"cases/{case['id']}/resolution/", {"resolution": "Ajustado"})
        assert (resolved.status_code, resolved.json()["resolution"]) == (200, "Ajustado")
    assert api.get("cases/", {"open": "true"}).json()["data"] == []
    assert [
        row["id"] for row in api.get("cases/", {"open": "false", "kind": "complaint"}).json()["data"]
    ] == [case["id"]]
    events = [row["data"]["event"] for row in api.get(f"customers/{ana.id}/timeline/").json()["data"]]
    assert events == ["resolved", "opened"]
    with tenant_scope(business.tenant.id):
        assert sorted(
            AuditEvent.objects.filter(action__startswith="case.").values_list("action", flat=True)
        ) == [
            "case.opened",
            "case.resolved",
        ]
    assert api.post("cases/", {"customer_id": str(uuid4()), "subject": "x"}).status_code == 422
    assert api.post("cases/", {"customer_id": str(ana.id), "subject": " "}).status_code == 422


def test_follow_ups(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    new = {"customer_id": str(ana.id), "title": "Llamar", "due_at": "2027-01-01T10:00:00Z"}
    opened = api.post("follow-ups/", {**new, "assignee_id": str(business.agent.id)})
    follow_up = opened.json()
    assert (opened.status_code, follow_up["assignee_id"], follow_up["due_at"]) == (
        201,
        str(business.agent.id),
        "2027-01-01T10:00:00Z",
    )
    path = f"follow-ups/{follow_up['id']}/"
    assert api.get(path).json() == follow_up
    assert api.patch(path, {"assignee_id": None}).json()["assignee_id"] is None
    assert api.patch(path, {"assignee_id": str(uuid4())}).status_code == 422
    for _twice in range(2):
        assert api.post(f"{path}completion/").json()["done_at"] is not None
    assert api.get("follow-ups/", {"open": "true"}).json()["data"] == []
    assert [row["id"] for row in api.get("follow-ups/", {"customer": str(ana.id)}).json()["data"]] == [
        follow_up["id"]
    ]
    events = [row["data"]["event"] for row in api.get(f"customers/{ana.id}/timeline/").json()["data"]]
    assert events == ["done", "opened"]


def test_labels(api: Api, business: Business) -> None:
    made = api.post("labels/", {"name": " VIP ", "color": "teal"})
    label = made.json()
    assert (made.status_code, label) == (201, {"id": label["id"], "name": "VIP", "color": "teal"})
    path = f"labels/{label['id']}/"
    assert api.get(path).json() == label
    assert api.post("labels/", {"name": "vip"}).status_code == 409
    assert api.patch(path, {"color": "red"}).json() == {**label, "color": "red"}
    assert api.patch(path, {"color": "plaid"}).status_code == 422
    with tenant_scope(business.tenant.id):
        make_customer("Ana").label_links.create(label_id=label["id"])
    assert api.delete(path).status_code == 204
    assert api.get("labels/").json()["data"] == []
    with tenant_scope(business.tenant.id):
        assert (Label.objects.count(), CustomerLabel.objects.count()) == (0, 0)


OPERATIONS = [
    ("get", "orders/{order}/", None, "orders:read"),
    ("get", "cases/{case}/", None, "customers:read"),
    ("post", "cases/{case}/resolution/", {}, "customers:write"),
    ("get", "follow-ups/{follow_up}/", None, "customers:read"),
    ("patch", "follow-ups/{follow_up}/", {"assignee_id": None}, "customers:write"),
    ("post", "follow-ups/{follow_up}/completion/", {}, "customers:write"),
    ("get", "labels/{label}/", None, "customers:read"),
    ("patch", "labels/{label}/", {"name": "x"}, "labels:write"),
    ("delete", "labels/{label}/", None, "labels:write"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), OPERATIONS)
def test_strangers_find_nothing(
    stranger: Api, api: Api, business: Business, method: str, path: str, body: object, scope: str
) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
        ids = {
            "order": make_order(ana).id,
            "case": Case.objects.create(customer=ana, subject="x", opened_at="2026-01-01T00:00Z").id,
            "follow_up": FollowUp.objects.create(customer=ana, title="x", due_at="2026-01-01T00:00Z").id,
            "label": make_label().id,
        }
    address = path.format(**ids)
    assert getattr(stranger, method)(address, body).status_code == 404
    assert getattr(api, method)(address, body).status_code in {200, 204}


def test_without_the_scope_it_is_403(limited: Callable[..., Api]) -> None:
    for method, path, body, scope in OPERATIONS:
        ids = dict.fromkeys(("order", "case", "follow_up", "label"), uuid4())
        response = getattr(limited("inbound:read"), method)(path.format(**ids), body)
        assert (response.status_code, response.json()["detail"]) == (
            403,
            f"This key lacks the scope {scope}.",
        ), path


@pytest.mark.parametrize("path", ["orders/", "cases/", "follow-ups/"])
def test_strangers_customers_are_refused_in_bodies(stranger: Api, business: Business, path: str) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    body = {
        "orders/": {"external_id": "X"},
        "cases/": {"subject": "x"},
        "follow-ups/": {"title": "x", "due_at": "2027-01-01T00:00:00Z"},
    }[path]
    response = stranger.post(path, {**body, "customer_id": str(ana.id)})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/customer_id")


@pytest.mark.parametrize("path", ["orders/", "cases/", "follow-ups/", "labels/"])
def test_lists_cost_the_same_for_one_and_three(
    api: Api, business: Business, django_assert_max_num_queries: Callable, path: str
) -> None:
    def add(count: int) -> None:
        with tenant_scope(business.tenant.id):
            for _number in range(count):
                ana = make_customer("Ana")
                make_order(ana, uuid4().hex)
                Case.objects.create(customer=ana, subject="x", opened_at="2026-01-01T00:00Z")
                FollowUp.objects.create(customer=ana, title="x", due_at="2026-01-01T00:00Z")
                make_label(uuid4().hex)

    add(1)
    api.get(path)
    for _one_then_three in range(2):
        with django_assert_max_num_queries(7):
            assert len(api.get(path).json()["data"]) in {1, 3}
        add(2)
