"""The list of customers, the page of one, and its panel."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from crm.actions.cases import open_case
from crm.actions.customers import add_note
from crm.models import Customer
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import kinds_of, make_customer, make_history, make_label, make_order
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(business: Business) -> Customer:
    with tenant_scope(business.tenant.id):
        customer = make_customer("Ana Flores", phone="33 1234 5678", email="ana@example.com")
        customer.label_links.create(label=make_label("VIP"))
        make_order(customer)
        make_history(customer, 25)
        add_note(customer=customer, body="Prefiere la tarde", by=business.actor())
        open_case(customer=customer, subject="Freno que rechina", by=business.actor())
        return customer


def names_in(response: Any) -> list[str]:
    return [row.name for row in response.context["rows"]]


def test_list_shows_the_latest_contact_first(business: Business, teammate_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Vieja", last_contact_at="2025-01-01T00:00Z")
        make_customer("Nueva")
    response = teammate_client.get(f"{business.base}customers/")
    assert response.status_code == 200
    assert names_in(response) == ["Nueva", "Vieja"]
    assert "Nueva" in response.content.decode()


def test_number_of_a_browser_is_shown_to_nobody(business: Business, owner_client: Client) -> None:
    number = str(uuid4())
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana", email="ana@example.com")
        ana.identities.create(kind="web", value=number, display=number)
    listed = owner_client.get(f"{business.base}customers/")
    assert [row.about for row in listed.context["rows"]] == ["ana@example.com"]
    page = owner_client.get(f"{business.base}customers/{ana.id}/").content.decode()
    assert (number in page, f"Visitante web {number[:4]}" in page) == (
        False,
        True,
    )


def test_empty_list_says_what_comes(business: Business, owner_client: Client) -> None:
    assert "picture" in owner_client.get(f"{business.base}customers/").content.decode()


def test_list_searches_live(business: Business, owner_client: Client, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Luis Peña")
    path = f"{business.base}customers/"
    whole = owner_client.get(path, query_params={"q": "pena"})
    part = owner_client.get(path, query_params={"q": "pena"}, headers=HTMX)
    assert (names_in(whole), names_in(part)) == (["Luis Peña"], ["Luis Peña"])
    assert "<html" in whole.content.decode()
    assert part.content.decode().strip().startswith('<div id="customer-list"')


def test_list_filters_by_label(business: Business, owner_client: Client, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Luis")
        label = ana.labels.get()
    path = f"{business.base}customers/"
    assert names_in(owner_client.get(path, query_params={"label": str(label.id)})) == ["Ana Flores"]
    assert names_in(owner_client.get(path, query_params={"label": str(label.id), "q": "luis"})) == []
    assert names_in(owner_client.get(path, query_params={"label": "x"})) == ["Luis", "Ana Flores"]


def test_list_pages_by_cursor(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        for number in range(52):
            make_customer(f"Cliente {number}")
    first = owner_client.get(f"{business.base}customers/")
    cursor = first.context["next_cursor"]
    assert f"?cursor={cursor}" in first.content.decode()
    second = owner_client.get(f"{business.base}customers/", query_params={"cursor": cursor})
    assert names_in(second) == ["Cliente 1", "Cliente 0"]


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"q": "\x00"}, {"q": "\ud800"}, {"label": "\x00"}, {"q": "x" * 3000}]
)
def test_list_survives_anything_typed(
    business: Business, owner_client: Client, query: dict[str, str]
) -> None:
    query = {name: value.encode("utf-8", "surrogatepass").decode("latin-1") for name, value in query.items()}
    assert owner_client.get(f"{business.base}customers/", query_params=query).status_code in {200, 302}


def test_list_costs_the_same_for_one_and_three(
    business: Business, owner_client: Client, django_assert_num_queries: Callable
) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label()
        make_customer("Ana", phone="33 1234 5678").label_links.create(label=label)
    owner_client.get(f"{business.base}customers/")
    with django_assert_num_queries(14):
        owner_client.get(f"{business.base}customers/")
    with tenant_scope(business.tenant.id):
        for number in range(2):
            make_customer("Luis", phone=f"33 1234 000{number}").label_links.create(label=label)
    with django_assert_num_queries(14):
        owner_client.get(f"{business.base}customers/")


def test_new_customer(business: Business, teammate_client: Client) -> None:
    path = f"{business.base}customers/new/"
    assert teammate_client.get(path).status_code == 200
    response = teammate_client.post(
        path, {"name": "Ana Flores", "phone": "044 33 1234 5678", "email": "Ana@example.com"}
    )
    with tenant_scope(business.tenant.id):
        customer = Customer.objects.get()
        assert response.url == f"{business.base}customers/{customer.id}/"
        assert (customer.name, customer.name_confirmed, customer.created_by_id) == (
            "Ana Flores",
            True,
            business.agent.id,
        )
        assert sorted(customer.identities.values_list("value", flat=True)) == [
            "+523312345678",
            "ana@example.com",
        ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "__all__"),
        ({"phone": "12"}, "phone"),
        ({"name": "x", "email": "x"}, "email"),
        ({"name": "x" * 151}, "name"),
        ({"name": "x", "timezone": "Mars"}, "timezone"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_new_customer_with_errors_keeps_what_was_typed(
    business: Business, owner_client: Client, data: dict[str, str], field: str
) -> None:
    response = owner_client.post(f"{business.base}customers/new/", data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 0


def test_new_customer_with_somebody_elses_address(
    business: Business, owner_client: Client, ana: Customer
) -> None:
    response = owner_client.post(
        f"{business.base}customers/new/", {"name": "Luis", "email": "ANA@example.com"}
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])


def test_customer_page_shows_everything(business: Business, teammate_client: Client, ana: Customer) -> None:
    html = teammate_client.get(f"{business.base}customers/{ana.id}/").content.decode()
    for word in (
        "Ana Flores",
        "+52 33 1234 5678",
        "ana@example.com",
        "VIP",
        "A-1",
        "Freno que rechina",
        "línea 0",
    ):
        assert word in html
    assert "Prefiere la tarde" in html


def test_history_filters_and_older_ones_with_and_without_htmx(
    business: Business, owner_client: Client, ana: Customer
) -> None:
    path = f"{business.base}customers/{ana.id}/"
    assert len(owner_client.get(path).context["lines"]) == 20
    notes = owner_client.get(path, query_params={"kind": "notes"})
    assert [line.text for line in notes.context["lines"]] == ["Prefiere la tarde"]
    first = owner_client.get(path, query_params={"kind": "messages"})
    cursor = first.context["next_cursor"]
    plain = owner_client.get(path, query_params={"kind": "messages", "cursor": cursor})
    fragment = owner_client.get(
        f"{path}timeline/", query_params={"kind": "messages", "cursor": cursor}, headers=HTMX
    )
    older = [f"línea {number}" for number in range(20, 25)]
    assert [line.text for line in plain.context["lines"]] == older
    assert [line.text for line in fragment.context["lines"]] == older
    assert fragment.content.decode().count("<li") == 5
    redirected = owner_client.get(f"{path}timeline/", query_params={"kind": "messages", "cursor": cursor})
    assert redirected.url == f"{path}?kind=messages&cursor={cursor}"


@pytest.mark.parametrize("tail", ["", "timeline/", "panel/"])
def test_wrong_cursor_begins_again(
    business: Business, owner_client: Client, ana: Customer, tail: str
) -> None:
    path = f"{business.base}customers/{ana.id}/{tail}"
    assert owner_client.get(path, query_params={"cursor": "x"}, headers=HTMX).status_code == 302


def test_customer_page_costs_the_same_for_one_and_three(
    business: Business, owner_client: Client, django_assert_num_queries: Callable
) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer("Ana")
        for number in range(3):
            make_order(customer, f"A-{number}")
            add_note(customer=customer, body="x", by=business.actor())
            open_case(customer=customer, subject="x", by=business.actor())
        quiet = make_customer("Luis", phone="33 1234 5678")
        make_order(quiet, "B-1")
    owner_client.get(f"{business.base}customers/{quiet.id}/")
    with django_assert_num_queries(27):
        owner_client.get(f"{business.base}customers/{quiet.id}/")
    with django_assert_num_queries(27):
        owner_client.get(f"{business.base}customers/{customer.id}/")


def test_panel_is_a_fragment_and_without_htmx_the_page(
    business: Business, owner_client: Client, ana: Customer
) -> None:
    path = f"{business.base}customers/{ana.id}/panel/"
    html = owner_client.get(path, headers=HTMX).content.decode()
    assert "<html" not in html
    assert 'hx-target="#customer-panel"' in html
    assert owner_client.get(path).url == f"{business.base}customers/{ana.id}/"


def test_details_are_changed(business: Business, teammate_client: Client, ana: Customer) -> None:
    path = f"{business.base}customers/{ana.id}/details/"
    assert teammate_client.get(path).context["form"].initial["name"] == "Ana Flores"
    response = teammate_client.post(
        path, {"name": "Ana F.", "company": "Flores", "language": "pt-br", "timezone": "America/Tijuana"}
    )
    assert response.url == f"{business.base}customers/{ana.id}/"
    with tenant_scope(business.tenant.id):
        changed = Customer.objects.get(pk=ana.pk)
        assert (changed.name, changed.company, changed.language, changed.timezone) == (
            "Ana F.",
            "Flores",
            "pt-br",
            "America/Tijuana",
        )


PARTS = [
    ("identities/", {"kind": "whatsapp", "value": "5213312345678"}, "customer"),
    ("attributes/", {"key": "talla", "value": "M"}, "customer"),
    ("notes/", {"body": "Llamó"}, "note"),
    ("cases/", {"kind": "warranty", "subject": "Cámara"}, "case"),
    ("follow-ups/", {"title": "Llamar", "due_at": "2030-01-01T10:00", "assignee": ""}, "follow_up"),
]


@pytest.mark.parametrize(("tail", "data", "kind"), PARTS)
def test_parts_are_added_from_the_page_and_from_the_panel(
    business: Business, teammate_client: Client, tail: str, data: dict[str, str], kind: str
) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer("Ana")
    page = f"{business.base}customers/{customer.id}/"
    assert teammate_client.post(page + tail, data).url == page
    with tenant_scope(business.tenant.id):
        assert kinds_of(customer) == [kind]
        second = make_customer("Luis")
    headers = {**HTMX, "HX-Target": "customer-panel"}
    data = {**data, **({"value": "5215512345678"} if "kind" in data and "value" in data else {})}
    fragment = teammate_client.post(f"{business.base}customers/{second.id}/{tail}", data, headers=headers)
    assert fragment.status_code == 200
    assert fragment.content.decode().lstrip().startswith('<div class="customer-card">')
    with tenant_scope(business.tenant.id):
        assert kinds_of(second) == [kind]


WRONG_PARTS: list[tuple[str, dict[str, str]]] = [
    ("identities/", {"kind": "phone", "value": "12"}),
    ("identities/", {"kind": "pigeon", "value": "12"}),
    ("identities/", {"kind": "email", "value": "a\x00@b"}),
    ("attributes/", {"key": "", "value": "M"}),
    ("attributes/", {"key": "a\x00", "value": "M"}),
    ("notes/", {"body": "  "}),
    ("cases/", {"kind": "x", "subject": ""}),
    ("cases/", {"kind": "other", "subject": "x", "context_id": "x"}),
    ("follow-ups/", {"title": "x", "due_at": "ayer"}),
    ("follow-ups/", {"title": "x", "due_at": "0001-01-01T00:00"}),
    ("follow-ups/", {"title": "x", "due_at": "9999-12-31T23:59"}),
    ("follow-ups/", {"title": "x", "due_at": "2030-01-01T10:00", "assignee": "x"}),
    ("labels/", {"label": "x"}),
    ("labels/", {"label": str(uuid4())}),
]


def test_parts_with_errors_are_shown_again(business: Business, owner_client: Client, ana: Customer) -> None:
    for tail, data in WRONG_PARTS:
        path = f"{business.base}customers/{ana.id}/{tail}"
        page = owner_client.post(path, data)
        panel = owner_client.post(path, data, headers={**HTMX, "HX-Target": "customer-panel"})
        assert (page.status_code, panel.status_code) == (422, 422), (tail, data)
        assert page.context["error"] != "", (tail, data)
        assert 'role="alert"' in panel.content.decode(), (tail, data)


def test_fact_is_forgotten_when_emptied(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer("Ana", attributes={"talla": "M", "items": "x"})
    path = f"{business.base}customers/{customer.id}/"
    assert "talla" in owner_client.get(path).content.decode()
    owner_client.post(f"{path}attributes/", {"key": "talla"})
    with tenant_scope(business.tenant.id):
        assert Customer.objects.get().attributes == {"items": "x"}


def test_labels_are_set(business: Business, owner_client: Client, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        taller = make_label("Taller")
    owner_client.post(f"{business.base}customers/{ana.id}/labels/", {"label": [str(taller.id)]})
    with tenant_scope(business.tenant.id):
        assert [label.name for label in ana.labels.all()] == ["Taller"]


def test_address_is_removed_and_case_resolved(
    business: Business, owner_client: Client, ana: Customer
) -> None:
    with tenant_scope(business.tenant.id):
        identity, case = ana.identities.get(kind="email"), ana.cases.get()
    base = f"{business.base}customers/{ana.id}/"
    assert owner_client.post(f"{base}identities/{identity.id}/removal/").url == base
    assert owner_client.post(f"{base}cases/{case.id}/resolution/", {"resolution": "Ajustado"}).url == base
    with tenant_scope(business.tenant.id):
        assert list(ana.identities.values_list("kind", flat=True)) == ["phone"]
        case = ana.cases.get()
        assert (case.resolution, case.resolved_at is not None) == ("Ajustado", True)


GETS = ["", "panel/", "timeline/", "details/"]
POSTS = [tail for tail, _data, _kind in PARTS] + ["labels/", "details/"]


def test_strangers_and_foreign_customers_are_404(
    business: Business, stranger_client: Client, other: Business, ana: Customer
) -> None:
    for method, tail in [*[("get", tail) for tail in GETS], *[("post", tail) for tail in POSTS]]:
        for base in (business.base, other.base):
            assert getattr(stranger_client, method)(f"{base}customers/{ana.id}/{tail}").status_code == 404, (
                method,
                tail,
            )


def test_customer_of_another_customers_part_is_404(
    business: Business, owner_client: Client, ana: Customer
) -> None:
    with tenant_scope(business.tenant.id):
        luis = make_customer("Luis")
        identity, case = ana.identities.first(), ana.cases.get()
    base = f"{business.base}customers/{luis.id}/"
    assert owner_client.post(f"{base}identities/{identity.id}/removal/").status_code == 404
    assert owner_client.post(f"{base}cases/{case.id}/resolution/").status_code == 404


def test_analyst_reads_and_writes_nothing(business: Business, ana: Customer) -> None:
    client = business.client(business.add_member(Role.ANALYST))
    base = f"{business.base}customers/{ana.id}/"
    page = client.get(base)
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1].split("</main>")[0]
    assert [client.post(base + tail).status_code for tail in POSTS] == [403] * len(POSTS)
    assert client.get(f"{business.base}customers/new/").status_code == 403


def test_narrowed_member_sees_whom_he_made(business: Business, ana: Customer) -> None:
    client = business.client(business.add_member(Role.AGENT, Sees.OWN))
    made = client.post(f"{business.base}customers/new/", {"name": "Luis"}).url
    assert client.get(made).status_code == 200
    assert names_in(client.get(f"{business.base}customers/")) == ["Luis"]
    assert names_in(client.get(f"{business.base}customers/", query_params={"q": "ana"})) == []
    assert client.get(f"{business.base}customers/{ana.id}/").status_code == 404
    assert client.get(f"{business.base}customers/{ana.id}/panel/", headers=HTMX).status_code == 404
