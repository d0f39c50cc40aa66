"""The widget's server side, as a visitor's browser speaks to it."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from conversations.actions.channels import update_channel
from conversations.actions.messages import add_note, send_reply
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from crm import likeness
from crm.models import Identity
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business


class Visitor:
    """A browser with the widget open."""

    def __init__(self, business: Business, **headers: str) -> None:
        self.business = business
        with tenant_scope(business.tenant.id):
            self.channel = Channel.objects.get(kind="web")
        self.client = Client(headers={"accept-language": "es", **headers})
        self.token = ""

    def post(self, name: str, body: Any, **headers: str) -> Any:
        return self.client.post(
            f"/w/{self.channel.pk}/{name}/",
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Visitor {self.token}", **headers},
        )

    def get(self, name: str, **query: str) -> Any:
        return self.client.get(
            f"/w/{self.channel.pk}/{name}/", query, headers={"authorization": f"Visitor {self.token}"}
        )

    def begin(self) -> "Visitor":
        self.token = self.post("session", {}).json()["token"]
        return self

    def say(self, text: str, client_id: UUID | None = None, **body: Any) -> Any:
        response = self.post("messages", {"client_id": str(client_id or uuid4()), "text": text, **body})
        read_everything(self.business)
        return response


@pytest.fixture
def visitor(business: Business) -> Visitor:
    return Visitor(business).begin()


def test_message_opens_a_conversation_of_a_new_customer(visitor: Visitor) -> None:
    response = visitor.say("¿Tienen la cámara 29?", answers={"name": "Ana", "email": "ana@example.com"})
    assert response.status_code == 202
    with tenant_scope(visitor.business.tenant.id):
        conversation = Conversation.objects.get()
        assert conversation.status == "open"
        assert conversation.customer.name == "Ana"
        assert sorted(conversation.customer.identities.values_list("kind", flat=True)) == ["email", "web"]
        assert conversation.preview == "¿Tienen la cámara 29?"
        assert conversation.waiting_since is not None
        assert [entry.kind for entry in conversation.customer.timeline.all()] == ["message_in"]


def test_same_client_id_is_one_message(visitor: Visitor) -> None:
    client_id = uuid4()
    assert visitor.say("Hola", client_id).json() == visitor.say("Hola", client_id).json()
    assert visitor.say("Otro texto, mismo envío", client_id).status_code == 202
    with tenant_scope(visitor.business.tenant.id):
        assert Message.objects.count() == 1
        assert InboundEvent.objects.filter(outcome="duplicate").count() == 1


def test_visitor_who_names_a_known_address_is_only_suggested_as_its_customer(visitor: Visitor) -> None:
    with tenant_scope(visitor.business.tenant.id):
        from crm.identities import resolve

        known, _created = resolve(kind="email", raw="ana@example.com", name="Ana Gómez", country="MX")
    visitor.say("Hola", answers={"email": "ANA@example.com"})
    with tenant_scope(visitor.business.tenant.id):
        newcomer = Conversation.objects.get().customer
        assert newcomer.pk != known.pk
        assert [one.kind for one in newcomer.identities.all()] == ["web"]
        [suggestion] = likeness.of_customer(known)
        assert suggestion.other == newcomer
        assert suggestion.reasons == [{"why": "same_email", "value": "ANA@example.com"}]


def test_newcomer_with_a_borrowed_address_reads_nothing_of_its_owner(visitor: Visitor) -> None:
    visitor.say("Mi pedido secreto", answers={"email": "ana@example.com"})
    impostor = Visitor(visitor.business).begin()
    impostor.say("Hola", answers={"email": "ana@example.com"})
    texts = [message["text"] for message in impostor.get("messages").json()["messages"]]
    assert texts == ["Hola"]


def test_answer_reaches_the_visitor_and_notes_do_not(visitor: Visitor) -> None:
    visitor.say("Hola")
    with tenant_scope(visitor.business.tenant.id):
        conversation = Conversation.objects.get()
        by = visitor.business.actor(visitor.business.agent)
        send_reply(conversation=conversation, text="Sí, hay tres.", by=by)
        add_note(conversation=conversation, text="Ojo: es revendedor", by=by)
        assert Delivery.objects.get().status == "sent"
    page = visitor.get("messages").json()
    assert [(m["from"], m["text"], m["read"]) for m in page["messages"]] == [
        ("visitor", "Hola", True),
        ("agent", "Sí, hay tres.", False),
    ]
    assert page["messages"][1]["author"] == {"name": "Aldo"}
    visitor.post("read", {"upto": page["messages"][1]["id"]})
    with tenant_scope(visitor.business.tenant.id):
        assert Delivery.objects.get().status == "read"


def test_pages_go_back_and_forth(visitor: Visitor) -> None:
    for number in range(29):
        visitor.post("messages", {"client_id": str(uuid4()), "text": f"n{number}"})
    read_everything(visitor.business)
    with tenant_scope(visitor.business.tenant.id):
        conversation = Conversation.objects.get()
        for number in range(29, 55):
            send_reply(conversation=conversation, text=f"n{number}", by=visitor.business.actor())
    last = visitor.get("messages").json()
    assert [m["text"] for m in last["messages"]] == [f"n{n}" for n in range(5, 55)]
    first = visitor.get("messages", before=last["before"]).json()
    assert [m["text"] for m in first["messages"]] == [f"n{n}" for n in range(5)]
    assert visitor.get("messages", after=last["cursor"]).json()["more"] is False


BAD_MESSAGES: list[tuple[Any, int]] = [
    ({"client_id": "no", "text": "Hola"}, 400),
    ({"text": "Hola"}, 400),
    ({"client_id": None, "text": "Hola"}, 400),
    ({"client_id": str(uuid4()), "text": "   "}, 422),
    ({"client_id": str(uuid4()), "text": 7}, 422),
    ({"client_id": str(uuid4()), "text": "x" * 4_001}, 422),
    ([], 400),
    ({"client_id": str(uuid4()), "text": "nulo\x00 y \ud800 suelto"}, 202),
    ({"client_id": str(uuid4()), "text": "Hola", "page": 7, "answers": ["x"]}, 202),
]


def test_bad_messages_get_a_clear_answer(visitor: Visitor) -> None:
    for body, status in BAD_MESSAGES:
        response = visitor.post("messages", body)
        assert response.status_code == status, (body, status)
        if status >= 400:
            assert response.headers["Content-Type"] == "application/problem+json", (body, status)


@pytest.mark.parametrize("raw", [b"{", b"[" * 10_000, b"\xff\xfe", b'"text"'])
def test_unreadable_bodies_are_400(visitor: Visitor, raw: bytes) -> None:
    response = visitor.client.post(
        f"/w/{visitor.channel.pk}/messages/",
        raw,
        content_type="application/json",
        headers={"authorization": f"Visitor {visitor.token}"},
    )
    assert response.status_code == 400


def test_without_token_is_401_and_foreign_token_too(visitor: Visitor, other: Business) -> None:
    stranger = Visitor(other).begin()
    stranger.channel = visitor.channel
    assert stranger.get("messages").status_code == 401
    stranger.token = ""
    assert stranger.get("messages").status_code == 401


def test_unknown_channel_is_404(db: None) -> None:
    assert Client().get(f"/w/{uuid4()}/config/").status_code == 404


def test_origin_outside_the_list_is_403_and_an_admitted_one_is_echoed(visitor: Visitor) -> None:
    with tenant_scope(visitor.business.tenant.id):
        update_channel(
            channel=visitor.channel, by=visitor.business.actor(), settings={"origins": ["https://*.bicis.mx"]}
        )
    address = f"/w/{visitor.channel.pk}/config/"
    assert Client().get(address, headers={"origin": "https://malo.example"}).status_code == 403
    assert Client().get(address, headers={"origin": "https://a.b.bicis.mx"}).status_code == 403
    response = Client().get(address, headers={"origin": "https://www.bicis.mx"})
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "https://www.bicis.mx"
    error = Client().get(f"/w/{visitor.channel.pk}/messages/", headers={"origin": "https://www.bicis.mx"})
    assert (error.status_code, error["Access-Control-Allow-Origin"]) == (401, "https://www.bicis.mx")


@pytest.mark.parametrize(("language", "send"), [("es", "Enviar"), ("pt-BR", "Enviar"), ("en", "Send")])
def test_config_speaks_the_page_s_language(visitor: Visitor, language: str, send: str) -> None:
    config = visitor.client.get(f"/w/{visitor.channel.pk}/config/", {"lang": language}).json()
    assert config["texts"]["send"] == send
    assert config["business"] == "Bicis Tapatías"
    assert [question["name"] for question in config["prechat"]] == ["name", "email"]


def test_identity_of_the_visitor_is_verified_and_of_his_claim_is_not(visitor: Visitor) -> None:
    visitor.say("Hola", answers={"email": "ana@example.com"})
    with tenant_scope(visitor.business.tenant.id):
        assert dict(Identity.objects.values_list("kind", "is_verified")) == {"web": True, "email": False}


def test_buttons_are_shown_and_pressing_one_is_told(visitor: Visitor) -> None:
    visitor.say("Hola")
    with tenant_scope(visitor.business.tenant.id):
        conversation = Conversation.objects.get()
        send_reply(
            conversation=conversation, text="¿Algo más?", by=visitor.business.actor(),
            data={"buttons": [{"id": "person", "title": "Hablar con persona"}]},
        )  # fmt: skip
    shown = visitor.get("messages").json()["messages"]
    assert [one["buttons"] for one in shown] == [[], [{"id": "person", "title": "Hablar con persona"}]]
    visitor.say("Hablar con persona", choice="person")
    with tenant_scope(visitor.business.tenant.id):
        pressed = Message.objects.latest("id")
    assert pressed.data["choice"] == {"id": "person", "title": "Hablar con persona"}
    assert visitor.say("Hola", choice=["x"]).status_code == 202
