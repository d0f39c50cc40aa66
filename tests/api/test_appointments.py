"""Appointments, payments, activities and relations through the API."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.actions.merging import merge_customers, undo_merge
from crm.models import Activity, Customer, Identity, TimelineEntry
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business

APPOINTMENT = {
    "source": "agenda",
    "external_id": "77",
    "identity": {"kind": "phone", "value": "33 1234 5678"},
    "customer_name": "Ana Flores",
    "service": "Servicio completo",
    "place": "Taller",
    "staff": "Toño",
    "starts_at": "2026-03-02T10:00:00-06:00",
    "ends_at": "2026-03-02T11:00:00-06:00",
    "changed_at": "2026-03-01T10:00:00-06:00",
}


def told(business: Business, kind: str) -> list[tuple[str, str]]:
    """The history's lines of a kind: moment and status."""
    with tenant_scope(business.tenant.id):
        entries = TimelineEntry.objects.filter(kind=kind).order_by("happened_at", "id")
        return [(entry.happened_at.isoformat()[:16], entry.data["status"]) for entry in entries]


def test_first_report_makes_appointment_and_customer(api: Api, business: Business) -> None:
    response = api.post("appointments/", APPOINTMENT)
    body = response.json()
    assert response.status_code == 201
    assert body == {
        "id": body["id"],
        "customer_id": body["customer_id"],
        "source": "agenda",
        "external_id": "77",
        "service": "Servicio completo",
        "place": "Taller",
        "staff": "Toño",
        "status": "booked",
        "starts_at": "2026-03-02T16:00:00Z",
        "ends_at": "2026-03-02T17:00:00Z",
        "note": "",
        "changed_at": "2026-03-01T16:00:00Z",
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert api.get(f"appointments/{body['id']}/").json() == body
    assert api.get(f"customers/{body['customer_id']}/").json()["name"] == "Ana Flores"
    assert told(business, "appointment") == [("2026-03-01T16:00", "booked")]


def test_appointment_is_moved_confirmed_and_reported_late(api: Api, business: Business) -> None:
    name = {"source": "agenda", "external_id": "77"}
    api.post("appointments/", APPOINTMENT)
    assert api.post("appointments/", APPOINTMENT).status_code == 200
    moved = {
        **name,
        "starts_at": "2026-03-03T16:00:00Z",
        "ends_at": "2026-03-03T17:00:00Z",
        "changed_at": "2026-03-01T18:00:00Z",
    }
    api.post("appointments/", moved)
    late = {**name, "status": "confirmed", "changed_at": "2026-03-01T17:00:00Z"}
    assert api.post("appointments/", late).json()["status"] == "booked"
    assert told(business, "appointment") == [
        ("2026-03-01T16:00", "booked"),
        ("2026-03-01T17:00", "confirmed"),
        ("2026-03-01T18:00", "booked"),
    ]


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"service": None}, 422, "/service"),
        ({"starts_at": None}, 422, "/starts_at"),
        ({"ends_at": "2026-03-02T09:00:00-06:00"}, 422, "/ends_at"),
        ({"identity": None}, 422, "/customer_id"),
        ({"identity": {"kind": "phone", "value": "x"}}, 422, "/identity/value"),
        ({"status": "eaten"}, 422, "/status"),
        ({"source": "A B"}, 422, "/source"),
    ],
)
def test_appointment_that_cannot_be_is_refused(api: Api, change: dict, status: int, pointer: str) -> None:
    report = {name: value for name, value in {**APPOINTMENT, **change}.items() if value is not None}
    response = api.post("appointments/", report)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (status, pointer)


def test_payment_is_the_orders_customers(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        order = make_order(make_customer("Ana"))
        stranger = make_customer("Luis")
    paid = {
        "external_id": "p1",
        "order_id": str(order.id),
        "amount": "250.00",
        "status": "due",
        "due_at": "2026-03-05T00:00:00Z",
        "happened_at": "2026-03-01T00:00:00Z",
    }
    body = api.post("payments/", paid).json()
    assert (body["customer_id"], body["currency"], body["status"]) == (str(order.customer_id), "MXN", "due")
    body = api.post("payments/", {"external_id": "p1", "status": "paid", "method": "Tarjeta"}).json()
    assert (body["status"], body["method"], body["amount"]) == ("paid", "Tarjeta", "250.00")
    assert [status for _at, status in told(business, "payment")] == ["due", "paid"]
    other = {**paid, "external_id": "p2", "customer_id": str(stranger.id)}
    assert [len(api.get("payments/", {"method": one}).json()["data"]) for one in ("Tarjeta", "Pix")] == [1, 0]
    assert api.post("payments/", other).status_code == 409
    assert api.post("payments/", {**paid, "external_id": "p3", "amount": "-1"}).status_code == 422
    assert api.post("payments/", {**paid, "external_id": "p4", "order_id": str(uuid4())}).status_code == 422


@pytest.mark.parametrize("path", ["appointments/", "payments/", "activities/"])
def test_lists_are_paged_and_narrowed(api: Api, business: Business, path: str) -> None:
    with tenant_scope(business.tenant.id):
        ana, luis = make_customer("Ana"), make_customer("Luis")
    for number, customer in enumerate((ana, ana, luis)):
        report = {"external_id": f"n{number}", "customer_id": str(customer.id)}
        report |= {
            "appointments/": {"service": "Ajuste", "starts_at": f"2026-03-0{number + 1}T10:00:00Z"},
            "payments/": {"amount": "10.00", "happened_at": f"2026-03-0{number + 1}T10:00:00Z"},
            "activities/": {"kind": "seen", "happened_at": f"2026-03-0{number + 1}T10:00:00Z"},
        }[path]
        assert api.post(path, report).status_code == 201
    first = api.get(f"{path}?limit=2").json()
    rest = api.get(f"{path}?limit=2&cursor={first['next_cursor']}").json()
    names = [one["external_id"] for one in first["data"] + rest["data"]]
    assert (names, rest["has_more"]) == (["n2", "n1", "n0"], False)
    of_ana = api.get(f"{path}?customer={ana.id}").json()["data"]
    assert [one["external_id"] for one in of_ana] == ["n1", "n0"]
    assert [one["external_id"] for one in api.get(f"{path}?external_id=n1").json()["data"]] == ["n1"]


def test_stranger_finds_nothing(api: Api, stranger: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    made = {
        "appointments": {"service": "Ajuste", "starts_at": "2026-03-01T10:00:00Z"},
        "payments": {"amount": "10.00"},
        "activities": {"kind": "seen", "happened_at": "2026-03-01T10:00:00Z"},
    }
    for path, fields in made.items():
        report = {"external_id": "1", "customer_id": str(ana.id), **fields}
        body = api.post(f"{path}/", report).json()
        assert stranger.get(f"{path}/{body['id']}/").status_code == 404
        assert stranger.get(f"{path}/").json()["data"] == []
        assert stranger.post(f"{path}/", report).status_code == 422
    assert stranger.get(f"customers/{ana.id}/relations/").status_code == 404


SEEN = {"source": "shop", "kind": "viewed product", "happened_at": "2026-03-01T10:00:00Z"}


def test_one_activity_is_recorded_once(api: Api, business: Business) -> None:
    report = {
        **SEEN,
        "external_id": "e1",
        "identity": {"kind": "email", "value": "Ana@Example.com"},
        "customer_name": "Ana",
        "amount": "99.90",
        "data": {"product": "Marlin 5", "tags": ["mtb"]},
    }
    first = api.post("activities/", report)
    body = first.json()
    assert first.status_code == 201
    assert body == {
        "id": body["id"],
        "customer_id": body["customer_id"],
        "source": "shop",
        "external_id": "e1",
        "kind": "viewed product",
        "happened_at": "2026-03-01T10:00:00Z",
        "amount": "99.90",
        "data": {"product": "Marlin 5", "tags": ["mtb"]},
        "created_at": body["created_at"],
    }
    again = api.post("activities/", {**report, "kind": "other"})
    assert (again.status_code, again.json()) == (200, body)
    [entry] = api.get(f"customers/{body['customer_id']}/timeline/?kind=activity").json()["data"]
    assert (entry["happened_at"], entry["data"]) == (
        "2026-03-01T10:00:00Z",
        {"kind": "viewed product", "amount": "99.90", "text": "product: Marlin 5"},
    )


def test_list_of_activities_answers_row_by_row(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana, luis = make_customer("Ana"), make_customer("Luis")
        Identity.objects.create(
            customer=luis, kind="email", value="luis@example.com", display="luis@example.com"
        )
    mail = {"kind": "email", "value": "LUIS@example.com"}
    new = {"kind": "phone", "value": "+52 33 1234 5678"}
    calls = [
        {**SEEN, "external_id": "1", "customer_id": str(ana.id)},
        {**SEEN, "external_id": "2", "identity": mail},
        {**SEEN, "external_id": "3", "identity": new, "customer_name": "Eva"},
        {**SEEN, "external_id": "4", "identity": {**new, "kind": "whatsapp"}},
        {**SEEN, "external_id": "1", "customer_id": str(ana.id)},
        {**SEEN, "external_id": "1", "customer_id": str(luis.id)},
        {**SEEN, "external_id": "5"},
        {**SEEN, "external_id": "6", "customer_id": str(uuid4())},
        {**SEEN, "external_id": "7", "identity": {"kind": "email", "value": "nobody"}},
        {**SEEN, "external_id": "8", "happened_at": "soon"},
        "what",
    ]
    answer = api.post("activities/", calls)
    body = answer.json()
    assert answer.status_code == 200
    assert [one["outcome"] for one in body["results"]] == [
        *["created"] * 4,
        "unchanged",
        *["refused"] * 6,
    ]
    assert (body["created"], body["unchanged"], body["refused"]) == (4, 1, 6)
    assert body["results"][4]["id"] == body["results"][0]["id"]
    assert [one["errors"][0]["pointer"] for one in body["results"][5:]] == [
        "/customer_id",
        "/customer_id",
        "/customer_id",
        "/identity/value",
        "/happened_at",
        "",
    ]
    with tenant_scope(business.tenant.id):
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Ana", "Eva", "Luis"]
        assert Activity.objects.filter(customer__name="Eva").count() == 2
        assert TimelineEntry.objects.filter(kind="activity").count() == 4
    assert api.post("activities/", calls).json()["unchanged"] == 5


@pytest.mark.parametrize("count", [0, 1001])
def test_list_of_none_or_too_many_is_refused(api: Api, count: int) -> None:
    response = api.post("activities/", [{**SEEN, "external_id": "1"}] * count)
    assert (response.status_code, response.json()["type"]) == (422, "urn:puente:problem:invalid")


def test_statements_do_not_grow_with_the_list(api: Api, business: Business) -> None:
    def asked(count: int, first: int) -> int:
        reports = [
            {
                **SEEN,
                "external_id": f"{number}",
                "identity": {"kind": "email", "value": f"a{number}@example.com"},
            }
            for number in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert api.post("activities/", reports).json()["created"] == count
        return len(captured)

    asked(1, 0)
    assert asked(3, 10) == asked(300, 1000)


def test_relation_is_seen_from_both_ends_and_survives_a_merge(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana, luis, twin = make_customer("Ana"), make_customer("Luis"), make_customer("Ana Flores")
    made = api.post(
        f"customers/{luis.id}/relations/", {"customer_id": str(ana.id), "word": "esposa", "back": "esposo"}
    )
    [relation] = made.json()
    assert (made.status_code, relation) == (
        201,
        {"id": relation["id"], "customer_id": str(ana.id), "name": "Ana", "word": "esposa", "back": "esposo"},
    )
    again = {"customer_id": str(luis.id), "word": "esposo", "back": "esposa"}
    assert len(api.post(f"customers/{ana.id}/relations/", again).json()) == 1
    with tenant_scope(business.tenant.id):
        merge = merge_customers(source=ana, target=twin, by=business.actor())
    [seen] = api.get(f"customers/{luis.id}/relations/").json()
    assert (seen["name"], seen["word"]) == ("Ana Flores", "esposa")
    with tenant_scope(business.tenant.id):
        undo_merge(made=merge, by=business.actor())
    [back] = api.get(f"customers/{ana.id}/relations/").json()
    assert (back["name"], back["word"]) == ("Luis", "esposo")
    assert api.delete(f"customers/{ana.id}/relations/{relation['id']}/").status_code == 204
    assert api.get(f"customers/{luis.id}/relations/").json() == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"word": "x"}, "/customer_id"), ({"customer_id": "self", "word": "x"}, "/customer_id")],
)
def test_relation_that_cannot_be_is_refused(api: Api, business: Business, body: dict, pointer: str) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    body = {name: str(ana.id) if value == "self" else value for name, value in body.items()}
    response = api.post(f"customers/{ana.id}/relations/", body)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, pointer)


def test_case_is_changed_resolved_and_reopened(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana, member = make_customer("Ana"), business.owner
    case = api.post("cases/", {"customer_id": str(ana.id), "subject": "Freno roto"}).json()
    change = {"kind": "warranty", "subject": "Freno", "assignee_id": str(member.id)}
    body = api.patch(f"cases/{case['id']}/", change).json()
    assert {name: body[name] for name in change} == change
    assert api.get(f"cases/?assignee={member.id}").json()["data"][0]["id"] == case["id"]
    assert api.patch(f"cases/{case['id']}/", {"assignee_id": None}).json()["assignee_id"] is None
    assert (
        api.post(f"cases/{case['id']}/resolution/", {"resolution": "Cambiado"}).json()["resolution"]
        == "Cambiado"
    )
    body = api.post(f"cases/{case['id']}/reopening/").json()
    assert (body["resolved_at"], body["resolution"]) == (None, "")
    lines = api.get(f"customers/{ana.id}/timeline/?kind=case").json()["data"]
    assert [line["data"]["event"] for line in lines] == ["reopened", "resolved", "opened"]


def test_customers_of_a_company(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        (
            make_customer("Ana", company="Café Lúa"),
            make_customer("Eva", company="CAFÉ LÚA"),
            make_customer("Luis"),
        )
    found = api.get("customers/", {"company": " café lúa "}).json()["data"]
    assert [one["name"] for one in found] == ["Eva", "Ana"]
