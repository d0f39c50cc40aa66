"""Facts and preferences on a customer's page and in his panel."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from crm.models import Attribute, Customer, Preference
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


@pytest.fixture
def ana(business: Business) -> Customer:
    with tenant_scope(business.tenant.id):
        for name, kind, options in (
            ("Talla", "choice", ["S", "M"]),
            ("Estatura", "number", []),
            ("Colores", "choices", ["Rojo", "Azul"]),
            ("Web", "link", []),
        ):
            Attribute.objects.create(key=name, name=name, kind=kind, options=options)
        return make_customer(
            "Ana", attributes={"Talla": "enorme", "Libre": "sí", "Web": "https://ana.example"}
        )


def facts(business: Business) -> dict[str, object]:
    with tenant_scope(business.tenant.id):
        found: dict[str, object] = Customer.objects.get(name="Ana").attributes
        return found


def kept(business: Business) -> list[tuple[str, str, bool]]:
    with tenant_scope(business.tenant.id):
        rows = Preference.objects.filter(forgotten_at=None).order_by("topic")
        return [(row.topic, row.value, row.confirmed_at is not None) for row in rows]


def test_each_fact_has_the_field_of_its_kind(business: Business, ana: Customer, owner_client: Client) -> None:
    page = owner_client.get(f"{business.base}customers/{ana.id}/").content.decode()
    assert "does not fit" in page or "no cabe" in page
    assert '<a class="fact-link" href="https://ana.example"' in page
    assert '<input type="hidden" name="many" value="1">' in page
    path = f"{business.base}customers/{ana.id}/attributes/"
    owner_client.post(path, {"key": "Talla", "value": "m"})
    owner_client.post(path, {"key": "Estatura", "value": "1,720.5"})
    owner_client.post(path, {"key": "Colores", "many": "1", "value": ["", "Azul", "Rojo"]})
    owner_client.post(path, {"key": "Libre", "value": ""})
    assert facts(business) == {
        "Talla": "M",
        "Estatura": "1720.5",
        "Colores": ["Rojo", "Azul"],
        "Web": "https://ana.example",
    }
    wrong = owner_client.post(path, {"key": "Estatura", "value": "alta"})
    assert (wrong.status_code, "Estatura: " in wrong.content.decode()) == (422, True)
    owner_client.post(path, {"key": "Colores", "many": "1", "value": [""]})
    assert "Colores" not in facts(business)


def test_a_fact_that_was_set_corrected_or_forgotten_is_taken_back(
    business: Business, ana: Customer, owner_client: Client
) -> None:
    path, before = f"{business.base}customers/{ana.id}/attributes/", facts(business)
    panel = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "customer-panel"}
    for key, value in (("Talla", "M"), ("talla", ""), ("Nuevo", "x"), ("Libre", ""), ("Web", "https://b.mx")):
        done = owner_client.post(path, {"key": key, "value": value})
        assert (facts(business) != before, press_undo(owner_client, done).status_code) == (True, 302)
        assert facts(business) == before
    done = owner_client.post(path, {"key": "Libre", "value": "no"}, **panel)
    offered = json.loads(done["HX-Trigger"])["puente:undo"]
    owner_client.post(path, {"key": "Libre", "value": "quizá"})
    late = owner_client.post(offered["url"], offered["fields"], **panel)
    assert (late.status_code, facts(business)["Libre"]) == (409, "quizá")
    assert owner_client.post(f"{path}restoration/", {"undo": "x"}, **panel).status_code == 409
    assert "HX-Trigger" not in owner_client.post(path, {"key": "Libre", "value": "quizá"}, **panel)


def test_preferences_are_told_confirmed_corrected_forgotten_and_undone(
    business: Business, ana: Customer, owner_client: Client
) -> None:
    base = f"{business.base}customers/{ana.id}/preferences/"
    panel = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "customer-panel"}
    told = {"topic": "Preferred channel", "value": "WhatsApp", "source": "customer"}
    answer = owner_client.post(base, told, **panel)
    text = answer.content.decode()
    assert (answer.status_code, 'id="composer-knows"' in text, "WhatsApp" in text) == (200, True, True)
    with tenant_scope(business.tenant.id):
        one = Preference.objects.get()

    def take_back(response: object) -> None:
        offered = json.loads(response.headers["HX-Trigger"])["puente:undo"]  # type: ignore[attr-defined]
        owner_client.post(offered["url"], offered["fields"], **panel)

    for act, data, after in (
        ("confirmation", {}, [("channel", "whatsapp", True)]),
        ("correction", {"value": "email"}, [("channel", "email", True)]),
        ("forgetting", {}, []),
    ):
        response = owner_client.post(f"{base}{one.id}/{act}/", data, **panel)
        assert (response.status_code, kept(business)) == (200, after)
        take_back(response)
        assert kept(business) == [("channel", "whatsapp", False)]
    take_back(answer)
    assert kept(business) == []
    late = owner_client.post(f"{base}restoration/", {"undo": "x"}, **panel)
    assert late.status_code == 409


def test_wrong_preferences_are_shown_again(business: Business, ana: Customer, owner_client: Client) -> None:
    base = f"{business.base}customers/{ana.id}/preferences/"
    for data in (
        {},
        {"topic": "channel", "value": "paloma", "source": "agent"},
        {"topic": "a", "value": "b", "source": "behaviour"},
        {"topic": "\x00", "value": "b", "source": "agent"},
    ):
        assert owner_client.post(base, data).status_code == 422
    assert owner_client.post(f"{base}{uuid4()}/confirmation/").status_code == 404
    assert kept(business) == []


def test_nobody_else_reads_or_writes_them(
    business: Business, ana: Customer, teammate_client: Client, stranger_client: Client, other: Business
) -> None:
    with tenant_scope(business.tenant.id):
        made = Preference.objects.create(
            customer=ana, topic="Alergias", value="níquel", learned_at=ana.created_at
        )
    narrowed = business.client(business.add_member(Role.AGENT, sees=Sees.OWN))
    analyst = business.client(business.add_member(Role.ANALYST))
    tails = (
        "attributes/restoration/",
        "preferences/",
        "preferences/restoration/",
        f"preferences/{made.id}/confirmation/",
        f"preferences/{made.id}/correction/",
        f"preferences/{made.id}/forgetting/",
    )
    for tail in tails:
        path = f"customers/{ana.id}/{tail}"
        assert stranger_client.post(business.base + path).status_code == 404
        assert stranger_client.post(other.base + path).status_code == 404
        assert narrowed.post(business.base + path).status_code == 404
        assert analyst.post(business.base + path).status_code == 403
    page = analyst.get(f"{business.base}customers/{ana.id}/").content.decode()
    assert ("níquel" in page, "/confirmation/" in page) == (True, False)
    assert teammate_client.post(f"{business.base}customers/{ana.id}/preferences/{made.id}/confirmation/").url
    assert kept(business) == [("Alergias", "níquel", True)]
