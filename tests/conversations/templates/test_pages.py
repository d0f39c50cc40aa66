"""The pages of templates: written, looked at, saved by versions, put away and brought back."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from conversations.actions.message_templates import create_message_template, latest
from conversations.models import MessageTemplate, MessageTemplateFile
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

MAIL = {
    "op": "save", "base": "1", "name": "Primavera", "purpose": "promotion", "subject": "Tu bici te extraña",
    "preheader": "", "b": ["0", "1"], "b0-kind": "text",
    "b0-text": 'Hola {{ customer.first_name | default: "tú" }}', "b1-kind": "button", "b1-text": "Reserva",
    "b1-url": "mirasol.mx/cita",
}  # fmt: skip


def picture() -> SimpleUploadedFile:
    held = BytesIO()
    Image.new("RGB", (1_600, 900), "teal").save(held, "JPEG")
    return SimpleUploadedFile("bici.jpg", held.getvalue(), "image/jpeg")


@pytest.fixture
def template(business: Business) -> MessageTemplate:
    with tenant_scope(business.tenant.id):
        return create_message_template(
            name="Primavera", by=Actor.system(), contents={"sms": {"es": {"text": "Hola"}}}
        )


def url(business: Business, template: MessageTemplate, tail: str = "") -> str:
    return f"{business.base}templates/{template.pk}/{tail}"


def says(business: Business, template: MessageTemplate) -> Any:
    with tenant_scope(business.tenant.id):
        return latest(template)


def test_owner_writes_a_mail_of_blocks(
    business: Business, owner_client: Client, template: MessageTemplate
) -> None:
    address = url(business, template, "?medium=email&language=es")
    added = owner_client.post(address, {**MAIL, "op": "add:image"})
    assert added.status_code == 200
    assert b'name="b2-upload"' in added.content
    dropped = owner_client.post(address, {**MAIL, "op": "drop:0"})
    assert b'value="back:0"' in dropped.content
    assert says(business, template).number == 1
    saved = owner_client.post(address, {**MAIL, "b": ["1", "0"]})
    assert saved.status_code == 302
    version = says(business, template)
    assert version.number == 2
    assert version.contents["sms"]["es"]["text"] == "Hola"
    blocks = version.contents["email"]["es"]["blocks"]
    assert [one["kind"] for one in blocks] == ["button", "text"]
    assert blocks[0]["url"] == "https://mirasol.mx/cita"
    late = owner_client.post(address, {**MAIL, "subject": "Otra"})
    assert late.status_code == 409
    assert says(business, template).number == 2


def test_look_shows_a_customer_his_mail_and_what_is_wrong(
    business: Business, owner_client: Client, template: MessageTemplate
) -> None:
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana <b> Robles")
    body = {**MAIL, "b0-text": "Hola {{ customer.first_name }} {{ customer.nick }}", "customer": str(ana.pk)}
    wrong = owner_client.post(url(business, template, "look/?medium=email&language=es"), body)
    assert "customer.nick" in wrong.text
    assert "iframe" not in wrong.text
    body["b0-text"] = "Hola {{ customer.name }}"
    right = owner_client.post(url(business, template, "look/?medium=email&language=es"), body)
    frame = re.search(r'<iframe src="([^"]+)"', right.text)
    assert frame
    shown = owner_client.get(frame[1])
    assert "Ana &lt;b&gt; Robles" in shown.text
    assert "sandbox" in shown.headers["Content-Security-Policy"]


def test_uploaded_picture_is_made_small_and_open_to_who_has_the_mail(
    business: Business, owner_client: Client, client: Client, template: MessageTemplate
) -> None:
    body = {"op": "look", "subject": "x", "b": ["0"], "b0-kind": "image", "b0-upload": picture()}
    response = owner_client.post(url(business, template, "?medium=email&language=es"), body)
    shown = re.search(r'<img src="(/i/[^"]+)"', response.text)
    assert shown
    found: Any = client.get(shown[1])
    assert found.status_code == 200
    assert b"".join(found.streaming_content)[:3] == b"\xff\xd8\xff"
    with tenant_scope(business.tenant.id):
        assert MessageTemplateFile.objects.get().width == 1_200
    assert client.get(shown[1][:-4] + "xxx/").status_code == 404
    broken = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    refused = owner_client.post(
        url(business, template, "?medium=email&language=es"), {**body, "b0-upload": broken}
    )
    assert refused.status_code == 422


def test_put_away_undone_copied_and_an_earlier_version_again(
    business: Business, owner_client: Client, template: MessageTemplate
) -> None:
    address = url(business, template, "?medium=sms&language=es")
    owner_client.post(address, {"op": "save", "base": "1", "text": "Otro", "name": "Primavera"})
    owner_client.post(url(business, template, "versions/1/restoration/"))
    assert says(business, template).number == 3
    assert says(business, template).contents == {"sms": {"es": {"text": "Hola"}}}
    gone = owner_client.post(url(business, template, "archiving/"))
    press_undo(owner_client, gone)
    assert "Primavera" in owner_client.get(f"{business.base}templates/").text
    owner_client.post(url(business, template, "copy/"))
    assert "Primavera (2)" in owner_client.get(f"{business.base}templates/").text
    assert owner_client.get(url(business, template, "versions/")).status_code == 200


def test_agents_read_strangers_see_nothing(
    business: Business, teammate_client: Client, other: Business, template: MessageTemplate
) -> None:
    assert teammate_client.get(url(business, template)).status_code == 200
    assert teammate_client.post(url(business, template), MAIL).status_code == 403
    assert teammate_client.get(f"{business.base}templates/new/").status_code == 403
    stranger = other.client(other.owner)
    for tail in ("", "versions/", "look/", "copy/"):
        assert stranger.get(url(business, template, tail)).status_code in (404, 405)
        elsewhere = f"{other.base}templates/{template.pk}/{tail}"
        assert stranger.post(elsewhere, MAIL).status_code in (404, 405)


def test_list_costs_the_same_for_many(
    business: Business, owner_client: Client, template: MessageTemplate
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert "Primavera" in owner_client.get(f"{business.base}templates/?purpose=promotion").text
        return len(caught)

    queries()
    few = queries()
    with tenant_scope(business.tenant.id):
        for name in ("A", "B"):
            create_message_template(name=name, by=Actor.system())
    assert queries() == few
