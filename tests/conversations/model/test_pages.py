"""The pages of the model and its texts: owner, agent, stranger."""

from decimal import Decimal

import pytest
from django.test import Client

from conversations.actions import model_endpoint, model_writing
from conversations.models import Conversation, ModelCall, ModelEndpoint
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, thread_url
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.vendors.model import ModelServer

HTMX = {"HX-Request": "true"}
PAGES = ("", "check/", "calls/")


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/model/{tail}"


def form(server: ModelServer, **changes: object) -> dict[str, object]:
    return {
        "base_url": server.base_url, "model": server.model, "key": server.key, "is_on": "on",
        "uses": ["draft", "summary"], "seconds": "2", "per_minute": "20", "most_input": "4000",
        "most_output": "400", "budget": "10", "price_input": "1000", "price_output": "1000",
        "currency": "USD",
        **changes,
    }  # fmt: skip


@pytest.fixture
def conversation(business: Business) -> Conversation:
    with tenant_scope(business.tenant.id):
        make_article(business)
        return make_conversation("¿A qué hora abren?", name="Ana Flores", kind="web")


def test_owner_plugs_in_tests_and_takes_out(
    business: Business, owner_client: Client, server: ModelServer
) -> None:
    assert "Probar la conexión" not in owner_client.get(url(business)).text
    assert owner_client.post(url(business), form(server))["Location"] == url(business) + "#check"
    with tenant_scope(business.tenant.id):
        found = ModelEndpoint.objects.get()
        assert (found.uses, found.budget, found.secrets) == (["draft", "summary"], 10, {"key": server.key})
    page = owner_client.get(url(business)).text
    assert server.key not in page
    assert "Probar la conexión" in page
    assert 'hx-trigger="every 1s"' in owner_client.post(url(business, "check/"), headers=HTMX).text
    model_endpoint.check(business.tenant.id)
    assert "modelo-1 responde." in owner_client.get(url(business, "check/"), headers=HTMX).text
    owner_client.post(url(business), form(server, key="", model="otro"))
    with tenant_scope(business.tenant.id):
        assert ModelEndpoint.objects.get().has_key
    owner_client.post(url(business, "check/"))
    model_endpoint.check(business.tenant.id)
    told = owner_client.get(url(business)).text
    assert "El proveedor no conoce el modelo o la dirección." in told
    assert "The model `otro` does not exist" in told
    assert "Prueba de la conexión" in owner_client.get(url(business, "calls/")).text
    owner_client.post(url(business, "removal/"))
    with tenant_scope(business.tenant.id):
        assert not ModelEndpoint.objects.exists()
        assert ModelCall.objects.count() == 2


def test_form_says_what_is_wrong_and_keeps_what_was_typed(
    business: Business, owner_client: Client, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    moved = owner_client.post(url(business), form(server, key="", base_url="https://otro.example/v1"))
    assert moved.status_code == 422
    assert "vuelve a escribir su llave" in moved.text
    assert "https://otro.example/v1" in moved.text
    for changes, field in (
        ({"uses": ["erase"]}, "uses"),
        ({"budget": "-1"}, "budget"),
        ({"seconds": "0"}, "seconds"),
    ):
        wrong = owner_client.post(url(business), form(server, **changes))
        assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {field})


def test_page_says_when_the_budget_is_used_up(
    business: Business, owner_client: Client, endpoint: ModelEndpoint
) -> None:
    with tenant_scope(business.tenant.id):
        model_endpoint.save_endpoint(by=business.actor(), budget=Decimal("0.01"))
        call = model_writing.model_calls.open_call("draft")
    with pytest.raises(model_writing.NotSaid):
        model_writing.model_calls.ask(business.tenant.id, call.pk, [{"role": "user", "content": "x"}])
    assert "El presupuesto de este mes se acabó" in owner_client.get(url(business)).text
    assert "Se acabó el presupuesto del mes" in owner_client.get(url(business, "calls/")).text


def test_only_owners_and_administrators_enter_and_strangers_see_nothing(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client,
    endpoint: ModelEndpoint,
) -> None:  # fmt: skip
    admin = business.client(business.add_member(Role.ADMIN))
    supervisor = business.client(business.add_member(Role.SUPERVISOR))
    for tail in PAGES:
        at = url(business, tail)
        told = [one.get(at, headers=HTMX).status_code for one in (owner_client, admin)]
        assert told == [200, 200], tail
        refused = [one.get(at).status_code for one in (teammate_client, supervisor, stranger_client)]
        assert refused == [403, 403, 404], tail
    for tail in ("check/", "removal/"):
        posted = [one.post(url(business, tail)).status_code for one in (teammate_client, stranger_client)]
        assert posted == [403, 404], tail


def test_agent_asks_for_a_draft_and_gets_it_beside_what_he_writes(
    business: Business, teammate_client: Client, endpoint: ModelEndpoint, server: ModelServer,
    conversation: Conversation,
) -> None:  # fmt: skip
    at = thread_url(business, conversation)
    assert 'data-model-use="draft"' in teammate_client.get(at).text
    server.said = "Abrimos de 10 a 19 h, con 90 % de descuento."
    asked = teammate_client.post(f"{at}model/", {"use": "draft"}, headers=HTMX)
    assert asked.status_code == 202
    waits = teammate_client.get(asked.text, headers=HTMX)
    assert (waits.status_code, "está escribiendo" in waits.text) == (202, True)
    with tenant_scope(business.tenant.id):
        call = ModelCall.objects.get()
    model_writing.write(business.tenant.id, call.pk)
    said = teammate_client.get(asked.text, headers=HTMX)
    assert said.status_code == 200
    assert '<mark title="un porcentaje">90 %</mark>' in said.text
    assert "No está en tus respuestas ni en los datos del cliente: un porcentaje, una promesa." in said.text
    assert "Abrimos de 10 a 19 h" in teammate_client.get(asked.text).text


def test_texts_are_refused_where_there_is_no_model_and_hidden_from_others(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client,
    server: ModelServer, conversation: Conversation,
) -> None:  # fmt: skip
    at = thread_url(business, conversation, "model")
    assert "data-model-use" not in teammate_client.get(thread_url(business, conversation)).text
    assert teammate_client.post(at, {"use": "draft"}, headers=HTMX).status_code == 409
    assert teammate_client.post(at, {"use": "rank"}, headers=HTMX).status_code == 422
    owner_client.post(url(business), form(server))
    asked = teammate_client.post(at, {"use": "draft"}, headers=HTMX).text
    narrow = business.client(business.add_member(sees=Sees.OWN))
    analyst = business.client(business.add_member(Role.ANALYST))
    for client, status in ((owner_client, 404), (stranger_client, 404), (narrow, 404), (analyst, 403)):
        assert client.get(asked, headers=HTMX).status_code == status
    for client, status in ((stranger_client, 404), (narrow, 404), (analyst, 403)):
        assert client.post(at, {"use": "draft"}, headers=HTMX).status_code == status
