"""Appointments, payments, cases, relations and companies on pages."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.actions.appointments import record_appointment
from crm.actions.cases import open_case
from crm.actions.payments import record_payment
from crm.models import Appointment, Case, Customer, Payment, RelationEnd
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business


@pytest.fixture
def ana(business: Business) -> Customer:
    with tenant_scope(business.tenant.id):
        return make_customer("Ana Flores", email="ana@example.com", company="Café Lúa")


def page_of(business: Business, customer: Customer, tab: str = "") -> str:
    return f"{business.base}customers/{customer.pk}/{f'?tab={tab}' if tab else ''}"


@pytest.fixture
def full(business: Business, ana: Customer) -> Customer:
    """Ana with one of everything."""
    now, by = timezone.now(), business.actor()
    with tenant_scope(business.tenant.id):
        make_order(ana, number="A-100")
        record_appointment(
            external_id="1", customer=ana, service="Ajuste", starts_at=now + timedelta(hours=2), by=by
        )
        record_payment(
            external_id="1", customer=ana, amount=Decimal(75), due_at=now - timedelta(days=2), by=by
        )
        record_payment(external_id="2", customer=ana, amount=Decimal(25), status="paid", by=by)
        open_case(customer=ana, subject="Freno roto", by=by)
        make_customer("Eva", company="café lúa")
    return ana


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("orders", ["A-100"]),
        ("payments", ["$75", "$25", "Vencido"]),
        ("appointments", ["Ajuste"]),
        ("cases", ["Freno roto"]),
        ("files", []),
        ("nonsense", ["timeline"]),
    ],
)
def test_tabs(
    business: Business, teammate_client: Client, full: Customer, tab: str, words: list[str]
) -> None:
    response = teammate_client.get(page_of(business, full, tab))
    assert response.status_code == 200
    assert [word for word in words if word not in response.text] == []


def test_page_and_panel_sum_up(business: Business, teammate_client: Client, full: Customer) -> None:
    panel = f"{business.base}customers/{full.pk}/panel/records/"
    for text in (
        teammate_client.get(page_of(business, full)).text,
        teammate_client.get(panel, headers={"HX-Request": "true"}).text,
    ):
        assert [word for word in ("Ajuste", "$75", "$25", "Eva", "Café Lúa") if word not in text] == []
    assert teammate_client.get(panel).url == page_of(business, full)


def test_history_shows_kinds_apart(business: Business, teammate_client: Client, full: Customer) -> None:
    def titles(kind: str) -> list[str]:
        response = teammate_client.get(f"{page_of(business, full)}?kind={kind}")
        return [line.title for line in response.context["lines"]]

    here = page_of(business, full)
    assert f'href="{here}?kind=orders"' in teammate_client.post(f"{here}notes/", {"body": ""}).text
    assert titles("appointments") == ["Cita: Ajuste"]
    assert sorted(titles("payments")) == ["Pago de $25", "Pago de $75"]
    assert titles("activities") == []
    assert len(titles("")) == len(titles("everything"))


def test_appointment_by_hand(business: Business, teammate_client: Client, ana: Customer) -> None:
    path = f"{business.base}customers/{ana.pk}/appointments/"
    data = {
        "service": "Ajuste",
        "starts_at": "2026-12-01T10:00",
        "ends_at": "2026-12-01T11:00",
        "status": "booked",
        "place": "",
        "staff": "Toño",
        "note": "",
    }
    assert teammate_client.post(f"{path}new/", data).url == page_of(business, ana, "appointments")
    with tenant_scope(business.tenant.id):
        made = Appointment.objects.get()
    assert (made.source, made.service, made.staff, made.starts_at.isoformat()) == (
        "hand",
        "Ajuste",
        "Toño",
        "2026-12-01T16:00:00+00:00",
    )
    assert "2026-12-01T10:00" in teammate_client.get(f"{path}{made.pk}/").text
    teammate_client.post(f"{path}{made.pk}/", {**data, "ends_at": "", "status": "no_show"})
    with tenant_scope(business.tenant.id):
        made.refresh_from_db()
    assert (made.status, made.ends_at) == ("no_show", None)


@pytest.mark.parametrize(
    "change",
    [
        {"service": ""},
        {"starts_at": "soon"},
        {"starts_at": "9999-01-01T00:00"},
        {"ends_at": "2026-11-01T10:00"},
        {"status": "x"},
    ],
)
def test_appointment_that_cannot_be_is_shown_again(
    business: Business, teammate_client: Client, ana: Customer, change: dict[str, str]
) -> None:
    data = {"service": "Ajuste", "starts_at": "2026-12-01T10:00", "status": "booked", **change}
    response = teammate_client.post(f"{business.base}customers/{ana.pk}/appointments/new/", data)
    assert response.status_code == 422
    with tenant_scope(business.tenant.id):
        assert Appointment.objects.count() == 0


def test_payment_by_hand(business: Business, teammate_client: Client, ana: Customer) -> None:
    path = f"{business.base}customers/{ana.pk}/payments/"
    with tenant_scope(business.tenant.id):
        order = make_order(ana)
    data = {"amount": "99.50", "status": "due", "due_at": "2026-12-01T10:00", "order": str(order.pk)}
    assert teammate_client.post(f"{path}new/", data).url == page_of(business, ana, "payments")
    with tenant_scope(business.tenant.id):
        made = Payment.objects.get()
    assert (made.amount, made.currency, made.status, made.order_id) == (
        Decimal("99.50"),
        "MXN",
        "due",
        order.pk,
    )
    teammate_client.post(f"{path}{made.pk}/", {"amount": "99.50", "status": "paid", "method": "Efectivo"})
    with tenant_scope(business.tenant.id):
        made.refresh_from_db()
    assert (made.status, made.method, made.due_at, made.order_id) == ("paid", "Efectivo", None, None)
    assert teammate_client.post(f"{path}new/", {"amount": "-1", "status": "due"}).status_code == 422


def case_of(business: Business, customer: Customer, subject: str, **fields: Any) -> Case:
    with tenant_scope(business.tenant.id):
        return open_case(customer=customer, subject=subject, by=business.actor(), **fields)


def subjects(response: Any) -> list[str]:
    return [case.subject for case in response.context["page"].items]


def test_list_of_cases(business: Business, teammate_client: Client, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        luis = make_customer("Luis Ortega")
    case_of(business, ana, "Freno", kind="warranty", assignee=business.agent)
    case_of(business, luis, "Cobro")
    path = f"{business.base}cases/"

    def seen(**query: str) -> list[str]:
        return subjects(teammate_client.get(path, query_params=query))

    assert seen() == ["Cobro", "Freno"]
    assert seen(view="mine") == ["Freno"]
    assert seen(kind="complaint") == ["Cobro"]
    assert seen(q="ana flores") == ["Freno"]
    assert seen(view="resolved") == []
    assert teammate_client.get(path, {"cursor": "x"}).url == path


def test_case_is_resolved_and_taken_back(business: Business, teammate_client: Client, ana: Customer) -> None:
    path = f"{business.base}cases/"
    case = case_of(business, ana, "Freno")
    response = teammate_client.post(f"{path}{case.pk}/resolution/", {"resolution": "Cambiado", "next": path})
    assert response.url == path
    assert subjects(teammate_client.get(path, {"view": "resolved"})) == ["Freno"]
    response = teammate_client.post(f"{path}{case.pk}/reopening/", headers={"HX-Request": "true"})
    assert '"resolution": "Cambiado"' in response.headers["HX-Trigger"]
    assert subjects(teammate_client.get(path)) == ["Freno"]
    teammate_client.post(f"{path}{case.pk}/assignee/", {"assignee": str(business.agent.pk)})
    changed = {"kind": "return", "subject": "Freno delantero", "assignee": ""}
    assert teammate_client.post(f"{path}{case.pk}/", changed).url == page_of(business, ana, "cases")
    with tenant_scope(business.tenant.id):
        case.refresh_from_db()
    assert (case.kind, case.subject, case.assignee_id) == ("return", "Freno delantero", None)
    assert teammate_client.post(f"{path}{case.pk}/", {**changed, "subject": ""}).status_code == 422


def test_appointments_by_day(business: Business, teammate_client: Client, ana: Customer) -> None:
    today = timezone.localtime(timezone=timezone.get_fixed_timezone(-360)).replace(hour=12)
    with tenant_scope(business.tenant.id):
        for number, days in enumerate((-1, 0, 1, 1)):
            at = today + timedelta(days=days)
            record_appointment(
                external_id=f"{number}", customer=ana, service=f"s{number}", starts_at=at, by=business.actor()
            )
    path = f"{business.base}appointments/"

    def seen(**query: str) -> list[str]:
        return [one.service for one in teammate_client.get(path, query_params=query).context["page"].items]

    assert seen() == ["s1", "s2", "s3"]
    assert seen(view="past") == ["s0"]
    assert seen(status="done") == []
    assert seen(q="nobody at all") == []
    assert teammate_client.get(path).text.count("day-row") == 2


def test_payments_narrowed(business: Business, teammate_client: Client, ana: Customer) -> None:
    now = timezone.now()
    with tenant_scope(business.tenant.id):
        eva = make_customer("Eva Ruiz")
        for number, (whose, status, method, days, due) in enumerate(
            [
                (ana, "paid", "OXXO", 9, None),
                (eva, "paid", "Pix", 3, None),
                (ana, "due", "", 2, 5),
                (eva, "due", "", 1, -1),
            ]
        ):
            record_payment(
                external_id=f"{number}",
                customer=whose,
                amount=Decimal(10),
                status=status,
                method=method,
                note=f"p{number}",
                happened_at=now - timedelta(days=days),
                due_at=due and now + timedelta(days=due),
                by=business.actor(),
            )
    path = f"{business.base}payments/"

    def seen(**query: str) -> list[str]:
        return [one.note for one in teammate_client.get(path, query_params=query).context["page"].items]

    def day(days: int) -> str:
        return (timezone.localtime(now, business.tenant.zone) - timedelta(days=days)).date().isoformat()

    assert seen() == ["p3", "p2", "p1", "p0"]
    assert seen(status="overdue") == ["p3"]
    assert seen(status="due") == ["p3", "p2"]
    assert seen(method="Pix") == ["p1"]
    assert seen(since=day(3), until=day(2)) == ["p2", "p1"]
    assert seen(q="eva ruiz", status="paid") == ["p1"]
    assert seen(status="x", since="31/02", until="2026-02-31", method="\x00") == ["p3", "p2", "p1", "p0"]
    assert seen(method="Trueque") == []
    page = teammate_client.get(path)
    assert (page.context["methods"], "p0" in page.text) == (["OXXO", "Pix"], True)
    assert teammate_client.get(path, {"cursor": "x"}).url == path


def test_relations_by_hand(business: Business, teammate_client: Client, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Luis Ortega", phone="33 1234 5678")
    path = f"{business.base}customers/{ana.pk}/relations/"
    response = teammate_client.post(path, {"other": "3312345678", "word": "esposo", "back": "esposa"})
    assert response.url == page_of(business, ana)
    assert "Luis Ortega" in teammate_client.get(page_of(business, ana)).text
    assert teammate_client.post(path, {"other": "Nadie Conocido", "word": "x"}).status_code == 422
    with tenant_scope(business.tenant.id):
        relation = RelationEnd.objects.first().relation_id
    response = teammate_client.post(f"{path}{relation}/removal/", follow=True)
    [message] = response.context["messages"]
    assert "Luis Ortega" not in response.text
    [key] = [part for part in message.extra_tags.split('"') if len(part) > 20 and "/" not in part]
    assert "Luis Ortega" in teammate_client.post(f"{path}restoration/", {"undo": key}, follow=True).text


def test_company(business: Business, teammate_client: Client, full: Customer) -> None:
    response = teammate_client.get(f"{business.base}customers/companies/", {"name": "CAFÉ LÚA"})
    assert [person.name for person, _addresses in response.context["people"]] == ["Eva", "Ana Flores"]
    assert teammate_client.get(f"{business.base}customers/companies/", {"name": " "}).context["people"] == []


def test_strangers_and_narrowed_members_find_nothing(
    business: Business, stranger_client: Client, full: Customer
) -> None:
    with tenant_scope(business.tenant.id):
        case = Case.objects.get()
        appointment = Appointment.objects.get()
        narrow = business.client(business.add_member(Role.AGENT, Sees.OWN))
    paths = [
        f"cases/{case.pk}/",
        f"customers/{full.pk}/?tab=payments",
        f"customers/{full.pk}/panel/records/",
        f"customers/{full.pk}/payments/new/",
        f"customers/{full.pk}/appointments/{appointment.pk}/",
    ]
    for path in paths:
        assert stranger_client.get(f"{business.base}{path}").status_code == 404
        assert narrow.get(f"{business.base}{path}").status_code == 404
    assert narrow.post(f"{business.base}cases/{case.pk}/resolution/").status_code == 404
    assert subjects(narrow.get(f"{business.base}cases/")) == []
    for path in ("appointments/", "payments/"):
        assert narrow.get(f"{business.base}{path}").context["page"].items == []
        assert stranger_client.get(f"{business.base}{path}").status_code == 404
    assert narrow.get(f"{business.base}payments/").context["methods"] == []
    company = narrow.get(f"{business.base}customers/companies/", {"name": "Café Lúa"})
    assert company.context["people"] == []


def test_lists_cost_the_same_for_one_and_three(
    business: Business, teammate_client: Client, full: Customer
) -> None:
    paths = [
        "cases/",
        "appointments/",
        "payments/",
        *(f"customers/{full.pk}/?tab={tab}" for tab in ("payments", "cases")),
    ]

    def costs() -> list[int]:
        found = []
        for path in paths:
            teammate_client.get(f"{business.base}{path}")
            with CaptureQueriesContext(connection) as asked:
                teammate_client.get(f"{business.base}{path}")
            found.append(len(asked))
        return found

    before = costs()
    with tenant_scope(business.tenant.id):
        for number in range(2):
            other = make_customer(f"Otro {number}")
            by, at = business.actor(), timezone.now() + timedelta(hours=3)
            record_appointment(external_id=f"o{number}", customer=other, service="x", starts_at=at, by=by)
            record_payment(external_id=f"o{number}", customer=other, amount=Decimal(1), by=by)
            open_case(customer=full, subject="x", by=by, assignee=business.agent)
    assert costs() == before
