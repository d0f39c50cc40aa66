"""/api/v1/templates/, and messages that are more than text."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Channel, Conversation, Message, Template
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.conversations.channels.whatsapp.channel import Number, event, says
from tests.factories.tenants import Business

BODY = [{"type": "BODY", "text": "Hola {{1}}, ya está.", "example": {"body_text": [["Ana"]]}}]


@pytest.fixture
def number(business: Business) -> Number:
    """A number whose customer has just written."""
    made = Number(business)
    made.take_in(event(says("Hola", "wamid.hi", int(timezone.now().timestamp()))))
    return made


@pytest.fixture
def template(business: Business, number: Number) -> Template:
    with tenant_scope(business.tenant.id):
        made: Template = Template.objects.create(
            channel=number.channel, name="aviso", language="es_MX", category="utility",
            status="approved", components=BODY, vendor_id="9",
        )  # fmt: skip
        return made


@pytest.fixture
def messages(business: Business, number: Number) -> str:
    with tenant_scope(business.tenant.id):
        return f"conversations/{Conversation.objects.get().pk}/messages/"


def test_template_shows_what_there_is_to_fill_in(api: Api, stranger: Api, template: Template) -> None:
    shown = api.get(f"templates/{template.pk}/").json()
    assert shown == {
        "id": str(template.pk),
        "channel_id": str(template.channel_id),
        "name": "aviso",
        "language": "es_MX",
        "category": "utility",
        "status": "approved",
        "reason": "",
        "quality": "",
        "components": BODY,
        "places": [{"key": "body.1", "part": "body", "name": "1", "sample": "Ana"}],
        "media": "",
        "updated_at": shown["updated_at"],
    }
    assert [row["name"] for row in api.get("templates/", {"status": "approved"}).json()["data"]] == ["aviso"]
    assert api.get("templates/", {"status": "rejected"}).json()["data"] == []
    assert stranger.get(f"templates/{template.pk}/").status_code == 404
    assert stranger.get("templates/").json()["data"] == []


def test_template_is_written_and_deleted(
    api: Api, limited: Callable[..., Api], business: Business, number: Number
) -> None:
    body = {
        "channel_id": str(number.channel.pk),
        "name": "pedido_listo",
        "language": "es_MX",
        "category": "utility",
        "header": "Pedido {{number}}",
        "body": "Hola {{first_name}}, tu pedido está listo.",
        "buttons": [
            {"type": "url", "text": "Ver", "url": "https://luna.mx/p/{{1}}"},
            {"type": "quick_reply", "text": "Gracias"},
        ],
        "samples": {"header.number": "A-1", "body.first_name": "Ana", "button.0": "A-1"},
    }
    assert limited("conversations:read").post("templates/", body).status_code == 403
    made = api.post("templates/", body)
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert api.post("templates/", body).status_code == 409
    with tenant_scope(business.tenant.id):
        kept = Template.objects.get()
    assert kept.is_named
    assert [one["type"] for one in kept.components] == ["HEADER", "BODY", "BUTTONS"]
    assert [one["type"] for one in kept.components[2]["buttons"]] == ["QUICK_REPLY", "URL"]
    assert api.delete(f"templates/{kept.pk}/").status_code == 202
    with tenant_scope(business.tenant.id):
        assert Template.objects.get().status == "deleting"


BREAKS_RULES: list[tuple[dict[str, Any], str]] = [
    ({"name": "Con Espacios"}, "name"),
    ({"language": "español"}, "language"),
    ({"body": "{{1}} hola"}, "body"),
    ({"body": "hola {{1}}"}, "body"),
    ({"body": "a {{1}} b {{3}} c"}, "body"),
    ({"body": "a {{1}} b {{name}} c"}, "body"),
    ({"body": "a {{1 b"}, "body"),
    ({"body": "a {{1}} b"}, "samples"),
    ({"body": "x" * 1_025}, "body"),
    ({"header": "x" * 61}, "header"),
    ({"footer": "{{1}}."}, "footer"),
    ({"buttons": [{"type": "quick_reply", "text": "x" * 26}]}, "buttons"),
    ({"buttons": [{"type": "quick_reply", "text": "Sí"}] * 2}, "buttons"),
    ({"buttons": [{"type": "url", "text": "Ver", "url": "http://luna.mx"}]}, "buttons"),
    ({"buttons": [{"type": "phone_number", "text": "Llama", "phone": "x"}]}, "buttons"),
    ({"buttons": [{"type": "copy_code", "code": "x" * 16}]}, "buttons"),
    ({"buttons": [{"type": "copy_code", "code": "A"}] * 2}, "buttons"),
]


def test_template_that_breaks_the_vendors_rules_is_refused_at_its_field(api: Api, number: Number) -> None:
    for change, field in BREAKS_RULES:
        body = {
            "channel_id": str(number.channel.pk), "name": "a", "language": "es", "category": "utility",
            "body": "Hola.",
        }  # fmt: skip
        refused = api.post("templates/", {**body, **change})
        assert refused.status_code == 422, (change, field)
        assert field in str(refused.json()), (change, field)


def test_channel_without_templates_takes_none(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        web = Channel.objects.get(kind="web")
    body = {"channel_id": str(web.pk), "name": "a", "language": "es", "category": "utility", "body": "Hola."}
    assert api.post("templates/", body).status_code == 422


def test_message_by_template(api: Api, business: Business, template: Template, messages: str) -> None:
    sent = api.post(messages, {"template": {"id": str(template.pk), "values": {"body.1": "Ana"}}})
    assert (sent.status_code, sent.json()["text"]) == (201, "Hola Ana, ya está.")
    assert sent.json()["content"]["template"]["name"] == "aviso"
    assert api.post(messages, {"template": {"id": str(template.pk)}}).status_code == 422


def test_message_with_buttons_list_place_and_quote(
    api: Api, business: Business, number: Number, messages: str
) -> None:
    with tenant_scope(business.tenant.id):
        question = Message.objects.get()
    body = {"text": "¿Vienes?", "buttons": [{"title": "Sí"}, {"title": "No"}], "reply_to": str(question.pk)}
    content = api.post(messages, body).json()["content"]
    assert content == {
        "buttons": [{"id": "Sí", "title": "Sí"}, {"id": "No", "title": "No"}],
        "reply_to": "wamid.hi",
        "answers": {"message": str(question.pk), "text": "Hola"},
    }
    rows = {"rows": [{"title": "Mañana"}]}
    assert api.post(messages, {"text": "¿Cuándo?", "list": rows}).status_code == 201
    place = {"latitude": 19.4, "longitude": -99.1}
    assert api.post(messages, {"location": place}).json()["content"]["location"]["latitude"] == 19.4
    assert api.post(messages, {"location": {"latitude": 100, "longitude": 0}}).status_code == 422
    assert api.post(messages, {"text": "x", "buttons": [{"title": "x" * 21}]}).status_code == 422
    assert api.post(messages, {"text": ""}).status_code == 422


def test_reaction_is_put_under_a_customers_message(
    api: Api, stranger: Api, business: Business, number: Number, messages: str
) -> None:
    with tenant_scope(business.tenant.id):
        question = Message.objects.get()
    path = f"{messages}{question.pk}/reaction/"
    assert stranger.put(path, {"emoji": "👍"}).status_code == 404
    put = api.put(path, {"emoji": "👍"})
    assert (put.status_code, put.json()["content"]["reactions"]) == (200, {"business": "👍"})
    assert api.put(path, {"emoji": "no"}).status_code == 422
    assert "reactions" not in api.put(path, {"emoji": ""}).json()["content"]


def test_conversation_begins_with_a_template(
    api: Api, business: Business, template: Template, number: Number
) -> None:
    with tenant_scope(business.tenant.id):
        conversation = Conversation.objects.get()
        Conversation.objects.update(window_ends_at=None, last_inbound_at=None)
    body = {"channel_id": str(number.channel.pk), "identity_id": str(conversation.identity_id)}
    assert api.post("conversations/", {**body, "text": "Hola"}).status_code == 422
    chosen = {"id": str(template.pk), "values": {"body.1": "Ana"}}
    assert api.post("conversations/", {**body, "template": chosen}).status_code == 201


WRONG = [("a.pdf", "JVBERi0="), ("a.png", "é"), ("a.png", "")]
PNG = b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40).decode()


def test_template_with_a_picture_wants_a_sample_of_it(
    api: Api, business: Business, stranger: Api, number: Number
) -> None:
    wanted = {
        "channel_id": str(number.channel.pk), "name": "con_foto", "language": "es_MX", "category": "utility",
        "body": "Ya está lista.", "media": "image",
    }  # fmt: skip
    wrong: list[dict[str, Any]] = [{}, *({"sample": {"name": name, "content": text}} for name, text in WRONG)]
    for sample in wrong:
        refused = api.post("templates/", {**wanted, **sample})
        assert refused.status_code == 422
        assert "sample" in refused.content.decode()
    given = {**wanted, "sample": {"name": "bici.png", "content": PNG}}
    assert stranger.post("templates/", given).status_code == 422  # there is no such channel for him
    made = api.post("templates/", given)
    assert (made.status_code, made.json()["media"]) == (201, "image")
    with tenant_scope(business.tenant.id):
        kept = Template.objects.get(name="con_foto")
        with kept.sample.open() as stored:
            assert stored.read() == b64decode(PNG)


def test_answer_with_a_file_goes_out_once(api: Api, business: Business, messages: str) -> None:
    body = {
        "text": "Aquí está", "files": [{"name": "foto.png", "content": PNG}],
        "client_id": "0198f4c0-0000-7000-8000-000000000001",
    }  # fmt: skip
    sent = api.post(messages, body)
    assert sent.status_code == 201, sent.content
    [file] = sent.json()["attachments"]
    assert (file["name"], file["content_type"]) == ("foto.png", "image/png")
    assert api.post(messages, body).json()["id"] == sent.json()["id"]
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="outbound").count() == 1
    for wrong in ([{"name": "x.png"}], [{"name": "x.png", "content": 7}], [{"content": PNG}], {"name": "x"}):
        assert api.post(messages, {"text": "Otra", "files": wrong}).status_code == 422
