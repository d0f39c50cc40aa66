"""/inbox/call/ and how calls look in a conversation, in the strip of facts and in the history."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from conversations.models import Conversation, Message
from crm.models import Customer, Identity
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business


def form(**changes: Any) -> dict[str, Any]:
    now = (timezone.now() - timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")  # over in every zone of ours
    given = {
        "client_id": str(uuid4()),
        "kind": "in",
        "phone": "33 1234 5678",
        "name": "Luis",
        "started_at": now,
    }
    return given | changes


def test_call_of_somebody_new(teammate_client: Client, business: Business) -> None:
    url = f"{business.base}inbox/call/"
    assertContains(teammate_client.get(url), 'name="phone"')
    data = form(minutes="4.5", note="Quiere dos\x00 cajas", recording="https://pbx.example/1?a=1&b=2")
    places = {teammate_client.post(url, data)["Location"] for _again in range(2)}
    with tenant_scope(business.tenant.id):
        message = Message.objects.get(kind="inbound")
        assert (Customer.objects.get().name, Identity.objects.get().value) == ("Luis", "+523312345678")
        assert (message.text, message.data["call"]["seconds"]) == ("Quiere dos cajas", 270)
    assert places == {f"{business.base}inbox/{message.conversation_id}/"}
    page = teammate_client.get(places.pop()).content.decode()
    for said in ("El cliente llamó", "4 min 30 s", "Quiere dos cajas", "https://pbx.example/1?a=1&amp;b=2"):
        assert said in page
    assert 'rel="noopener noreferrer nofollow"' in page


def test_call_with_a_known_customer_shows_in_facts_and_history(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    url = f"{business.base}inbox/call/{conversation.customer_id}/"
    page = owner_client.get(url)
    assertContains(page, "Ana Flores")
    assert b'name="phone"' not in page.content
    assert owner_client.post(url, form(kind="visit")).status_code == 302
    assertContains(owner_client.get(f"{business.base}inbox/{conversation.pk}/"), "Pasó hace")
    assert owner_client.post(url, form()).status_code == 302
    assertContains(owner_client.get(f"{business.base}inbox/{conversation.pk}/"), "Llamó hace")
    history = owner_client.get(f"{business.base}customers/{conversation.customer_id}/")
    assertContains(history, "El cliente llamó")
    assertContains(history, "Visita en el mostrador")
    assert owner_client.post(url, form(kind="missed")).status_code == 302
    assertContains(owner_client.get(f"{business.base}inbox/{conversation.pk}/"), "nadie contestó")


def test_conversation_of_calls_offers_no_composer_text(owner_client: Client, business: Business) -> None:
    place = owner_client.post(f"{business.base}inbox/call/", form())["Location"]
    answer = owner_client.post(f"{place}replies/", {"text": "Hola", "client_id": str(uuid4())})
    assert answer.status_code == 422
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="outbound").count() == 0


WRONG: list[dict[str, str]] = [
    {"phone": ""},
    {"phone": "no"},
    {"phone": "\x00"},
    {"kind": "mail"},
    {"kind": ""},
    {"minutes": "-1"},
    {"minutes": "1e9"},
    {"minutes": "x"},
    {"started_at": "2999-01-01T10:00"},
    {"started_at": "0001-01-01T10:00"},
    {"started_at": ""},
    {"recording": "javascript:alert(1)"},
    {"client_id": "x"},
]


def test_what_is_wrong_is_explained(owner_client: Client, business: Business) -> None:
    for changes in WRONG:
        assert owner_client.post(f"{business.base}inbox/call/", form(**changes)).status_code == 422, changes
        with tenant_scope(business.tenant.id):
            assert not Message.objects.exists(), changes


def test_who_may(
    analyst_client: Client,
    stranger_client: Client,
    narrow_client: Client,
    business: Business,
    conversation: Conversation,
) -> None:
    for url in (f"{business.base}inbox/call/", f"{business.base}inbox/call/{conversation.customer_id}/"):
        assert analyst_client.get(url).status_code == 403
        assert stranger_client.get(url).status_code == 404
    assert narrow_client.get(f"{business.base}inbox/call/{conversation.customer_id}/").status_code == 404
    assert narrow_client.get(f"{business.base}inbox/call/{uuid4()}/").status_code == 404


def test_narrow_agent_finds_what_he_wrote_down(
    narrow_client: Client, narrow: Membership, business: Business
) -> None:
    answer = narrow_client.post(f"{business.base}inbox/call/", form())
    with tenant_scope(business.tenant.id):
        conversation = Conversation.objects.get()
    assert answer["Location"] == f"{business.base}inbox/{conversation.pk}/"
    assert conversation.assignee_id == narrow.pk


def test_buttons_lead_there(owner_client: Client, business: Business, conversation: Conversation) -> None:
    assertContains(owner_client.get(f"{business.base}inbox/new/"), f"{business.base}inbox/call/")
    customer = conversation.customer_id
    assertContains(
        owner_client.get(f"{business.base}customers/{customer}/"), f"{business.base}inbox/call/{customer}/"
    )
