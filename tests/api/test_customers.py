"""/api/v1/customers/ and what hangs below a customer."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from crm.actions.customers import add_note
from crm.models import Customer, Identity, TimelineEntry
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.crm import kinds_of, make_customer, make_history, make_label
from tests.factories.tenants import Business


def test_create_answers_the_customer(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        vip = make_label("VIP")
    response = api.post(
        "customers/",
        {
            "name": "Ana Flores",
            "company": "Flores y Cía",
            "language": "es",
            "timezone": "America/Mexico_City",
            "attributes": {"talla": "M", "puntos": 12, "socia": True},
            "identities": [
                {"kind": "phone", "value": "33 1234 5678"},
                {"kind": "email", "value": "Ana@Example.com"},
            ],
            "label_ids": [str(vip.id)],
        },
    )
    assert response.status_code == 201
    body = response.json()
    assert {
        **body,
        "identities": sorted((i["kind"], i["value"], i["display"]) for i in body["identities"]),
        "labels": [label["name"] for label in body["labels"]],
    } == {
        "id": body["id"],
        "name": "Ana Flores",
        "company": "Flores y Cía",
        "language": "es",
        "timezone": "America/Mexico_City",
        "attributes": {"talla": "M", "puntos": 12, "socia": True},
        "identities": [
            ("email", "ana@example.com", "Ana@example.com"),
            ("phone", "+523312345678", "+52 33 1234 5678"),
        ],
        "labels": ["VIP"],
        "last_contact_at": body["last_contact_at"],
        "last_contact_channel": "",
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert body["created_at"].endswith("Z")
    with tenant_scope(business.tenant.id):
        customer = Customer.objects.get(pk=body["id"])
        assert customer.name_confirmed is True
        assert kinds_of(customer) == ["customer"]


def test_create_with_somebody_elses_address_is_a_conflict(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Luis", phone="33 1234 5678")
    response = api.post(
        "customers/",
        {"identities": [{"kind": "email", "value": "a@b.mx"}, {"kind": "phone", "value": "5213312345678"}]},
    )
    assert response.status_code == 409
    assert response.json()["errors"] == [
        {"pointer": "/identities/1/value", "detail": "This address belongs to another customer."}
    ]
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 1
        assert Identity.objects.count() == 1


WRONG_FIELDS: list[tuple[object, str]] = [
    ({"name": "x" * 151}, "/name"),
    ({"name": ["x"]}, "/name"),
    ({"nombre": "Ana"}, "/nombre"),
    ({"language": "klingon"}, "/language"),
    ({"timezone": "Mars/Phobos"}, "/timezone"),
    ({"attributes": []}, "/attributes"),
    ({"attributes": {"a": {"b": 1}}}, "/attributes"),
    ({"attributes": {str(n): 1 for n in range(101)}}, "/attributes"),
    ({"identities": [{"kind": "phone", "value": "12"}]}, "/identities/0/value"),
    ({"identities": [{"kind": "pigeon", "value": "12"}]}, "/identities/0/kind"),
    ({"identities": [{"kind": "phone"}]}, "/identities/0/value"),
    ({"identities": {"kind": "phone"}}, "/identities"),
    ({"label_ids": [str(uuid4())]}, "/label_ids"),
    ({"label_ids": ["x"]}, "/label_ids/0"),
    ([], ""),
]


def test_create_with_wrong_fields_points_at_them(api: Api) -> None:
    for body, pointer in WRONG_FIELDS:
        response = api.post("customers/", body)
        assert response.status_code == 422, (body, pointer)
        assert response["Content-Type"] == "application/problem+json", (body, pointer)
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer], (body, pointer)


def test_list_pages_newest_first(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        names = [make_customer(f"Cliente {n}", last_contact_at="2026-01-01T00:00Z").name for n in range(5)]
    seen, cursor = [], ""
    while True:
        body = api.get("customers/", {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [customer["name"] for customer in body["data"]]
        cursor = body["next_cursor"]
        assert body["has_more"] is bool(cursor)
        if not cursor:
            break
    assert seen == names[::-1]


def test_list_costs_the_same_for_one_and_three(
    api: Api, business: Business, django_assert_num_queries: Callable
) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label()
        make_customer("Ana", phone="33 1234 5678").label_links.create(label=label)
    api.get("customers/")
    with django_assert_num_queries(9):
        api.get("customers/")
    with tenant_scope(business.tenant.id):
        for number in range(2):
            make_customer("Luis", phone=f"33 1234 000{number}").label_links.create(label=label)
    with django_assert_num_queries(9):
        api.get("customers/")


def test_list_shows_only_the_fields_asked_for(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Ana", phone="33 1234 5678")
    assert api.get("customers/", {"fields": "name, company"}).json()["data"] == [
        {"name": "Ana", "company": ""}
    ]
    refused = api.get("customers/", {"fields": "name,secreto"})
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        [{"parameter": "fields", "detail": "There is no field secreto."}],
    )


def test_list_filters(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        vip = make_label("VIP")
        ana = make_customer("Ana Flores", phone="33 1234 5678")
        ana.label_links.create(label=vip)
        make_customer("Luis Peña", email="luis@example.com")
    names = lambda **query: [row["name"] for row in api.get("customers/", query).json()["data"]]  # noqa: E731
    assert names(label=str(vip.id)) == ["Ana Flores"]
    assert names(label=str(uuid4())) == []
    assert names(identity_kind="whatsapp", identity="5213312345678") == ["Ana Flores"]
    assert names(identity_kind="email", identity="LUIS@example.com") == ["Luis Peña"]
    assert names(q="pena") == ["Luis Peña"]
    assert names(q="flroes") == ["Ana Flores"]
    assert names(updated_since="2000-01-01T00:00:00Z") == ["Ana Flores", "Luis Peña"]
    assert names(updated_since="2190-01-01T00:00:00Z") == []


WRONG_QUERIES: list[dict[str, str]] = [
    {"label": "x"},
    {"identity": "33"},
    {"identity_kind": "phone"},
    {"identity_kind": "pigeon", "identity": "x"},
    {"identity_kind": "phone", "identity": "x"},
    {"updated_since": "ayer"},
    {"limit": "0"},
    {"limit": "101"},
    {"limit": "-1"},
    {"limit": "9" * 5000},
    {"limit": "١"},
    {"cursor": "x"},
    {"cursor": "W10"},
    {"cursor": "é"},
    {"cursor": "bnVsbA"},
    {"fields": ""},
    {"q": "a\x00b"},
    {"\x00": "b"},
]


def test_list_with_wrong_parameters_is_400(api: Api) -> None:
    for query in WRONG_QUERIES:
        response = api.get("customers/", query)
        assert response.status_code == 400, query
        assert response["Content-Type"] == "application/problem+json", query


def test_get_and_patch(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana", attributes={"talla": "M", "color": "rojo"})
    changed = api.patch(
        f"customers/{ana.id}/",
        {"name": "Ana Flores", "attributes": {"talla": "L", "color": None, "rodada": 29}},
    )
    assert changed.status_code == 200
    assert changed.json() == api.get(f"customers/{ana.id}/").json()
    assert changed.json()["name"] == "Ana Flores"
    assert changed.json()["attributes"] == {"talla": "L", "rodada": 29}
    with tenant_scope(business.tenant.id):
        entry = TimelineEntry.objects.get()
        assert (entry.kind, entry.actor_label, entry.data) == (
            "customer",
            "Tienda",
            {"event": "changed", "fields": ["name", "attributes"]},
        )


def test_patch_with_what_is_there_leaves_no_trace(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana", name_confirmed=True)
    before = api.get(f"customers/{ana.id}/").json()
    assert api.patch(f"customers/{ana.id}/", {"name": "Ana"}).json() == before
    with tenant_scope(business.tenant.id):
        assert TimelineEntry.objects.count() == 0


def test_identities_are_added_and_removed(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
        make_customer("Luis", email="luis@example.com")
    path = f"customers/{ana.id}/identities/"
    added = api.post(path, {"kind": "phone", "value": "044 33 1234 5678"})
    assert (added.status_code, added.json()["value"]) == (201, "+523312345678")
    again = api.post(path, {"kind": "phone", "value": "5213312345678"})
    assert (again.status_code, again.json()) == (200, added.json())
    taken = api.post(path, {"kind": "email", "value": "LUIS@example.com"})
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (409, "/value")
    assert api.post(path, {"kind": "phone", "value": "x"}).status_code == 422
    assert [row["id"] for row in api.get(path).json()["data"]] == [added.json()["id"]]
    removed = api.delete(f"{path}{added.json()['id']}/")
    assert (removed.status_code, removed.content) == (204, b"")
    assert api.get(path).json() == {"data": [], "next_cursor": None, "has_more": False}
    assert api.delete(f"{path}{added.json()['id']}/").status_code == 404
    with tenant_scope(business.tenant.id):
        assert [entry.data["event"] for entry in TimelineEntry.objects.order_by("id")] == [
            "identity_added",
            "identity_removed",
        ]


def test_timeline_pages_and_filters(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
        make_history(ana, 5)
        add_note(customer=ana, body="Prefiere la tarde", by=business.actor())
    path = f"customers/{ana.id}/timeline/"
    first = api.get(path, {"limit": 4}).json()
    rest = api.get(path, {"limit": 4, "cursor": first["next_cursor"]}).json()
    assert [row["kind"] for row in first["data"] + rest["data"]] == ["note", *["message_in"] * 5]
    assert first["data"][0]["data"] == {"text": "Prefiere la tarde"}
    assert first["data"][0]["actor"] == "Olga Dueña"
    assert [row["kind"] for row in api.get(path, {"kind": "note,order"}).json()["data"]] == ["note"]
    assert api.get(path, {"kind": "chisme"}).status_code == 400
    assert list(api.get(path, {"fields": "kind", "limit": 1}).json()["data"][0]) == ["kind"]


def test_timeline_shows_messages_only_to_keys_that_may_read_them(
    limited: Callable[..., Api], business: Business
) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
        make_history(ana, 2)
        add_note(customer=ana, body="Prefiere la tarde", by=business.actor())
    path = f"customers/{ana.id}/timeline/"
    kinds = lambda api: [row["kind"] for row in api.get(path).json()["data"]]  # noqa: E731
    assert kinds(limited("customers:read")) == ["note"]
    assert kinds(limited("customers:read", "conversations:read")) == ["note", "message_in", "message_in"]


def test_notes(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
    path = f"customers/{ana.id}/notes/"
    note = api.post(path, {"body": "Prefiere la tarde\r\ny el WhatsApp"})
    assert (note.status_code, note.json()["body"], note.json()["author"]) == (
        201,
        "Prefiere la tarde\ny el WhatsApp",
        "Tienda",
    )
    assert api.get(path).json()["data"] == [note.json()]
    assert api.post(path, {"body": "   "}).status_code == 422
    assert api.post(path, {}).json()["errors"] == [{"pointer": "/body", "detail": "This field is required."}]


def test_labels_of_a_customer(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana")
        vip, taller = make_label("VIP"), make_label("Taller")
    path = f"customers/{ana.id}/labels/"
    names = lambda response: [row["name"] for row in response.json()]  # noqa: E731
    assert names(api.post(path, {"label_id": str(vip.id)})) == ["VIP"]
    assert names(api.post(path, {"label_id": str(vip.id)})) == ["VIP"]
    assert names(api.put(path, {"label_ids": [str(taller.id)]})) == ["Taller"]
    assert names(api.put(path, {"label_ids": [str(taller.id), str(vip.id)]})) == ["Taller", "VIP"]
    assert api.delete(f"{path}{taller.id}/").status_code == 204
    assert names(api.get(path)) == ["VIP"]
    assert api.post(path, {"label_id": str(uuid4())}).status_code == 422


OPERATIONS = [
    ("get", "customers/{id}/", None),
    ("patch", "customers/{id}/", {"name": "x"}),
    ("get", "customers/{id}/identities/", None),
    ("post", "customers/{id}/identities/", {"kind": "email", "value": "a@b.mx"}),
    ("delete", "customers/{id}/identities/{identity}/", None),
    ("get", "customers/{id}/timeline/", None),
    ("get", "customers/{id}/notes/", None),
    ("post", "customers/{id}/notes/", {"body": "x"}),
    ("get", "customers/{id}/labels/", None),
    ("put", "customers/{id}/labels/", {"label_ids": []}),
    ("post", "customers/{id}/labels/", {"label_id": str(uuid4())}),
    ("delete", "customers/{id}/labels/{label}/", None),
]


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_strangers_find_nothing(
    stranger: Api, business: Business, method: str, path: str, body: object
) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana", phone="33 1234 5678")
        label = make_label()
        identity = ana.identities.get()
    response = getattr(stranger, method)(path.format(id=ana.id, identity=identity.id, label=label.id), body)
    assert response.status_code == 404
    assert response.json()["type"] == "urn:puente:problem:not-found"
    with tenant_scope(business.tenant.id):
        assert ana.identities.count() == 1
        assert TimelineEntry.objects.count() == 0


def test_without_the_scope_it_is_403(limited: Callable[..., Api]) -> None:
    for method, path, body in [*OPERATIONS, ("get", "customers/", None), ("post", "customers/", {})]:
        ids = {"id": uuid4(), "identity": uuid4(), "label": uuid4()}
        response = getattr(limited("orders:read"), method)(path.format(**ids), body)
        scope = "customers:read" if method == "get" else "customers:write"
        assert (response.status_code, response.json()["detail"]) == (
            403,
            f"This key lacks the scope {scope}.",
        ), path
