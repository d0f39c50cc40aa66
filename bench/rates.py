"""How many messages a second are accepted, against a bare insert of the same bytes."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bench import floors
from bench.client import request_bytes
from bench.fill import Filled
from bench.measure import rates
from bench.report import Entry
from conversations.actions.channels import create_channel, reset_token
from conversations.channels.meta.signature import sign
from conversations.channels.web.tokens import make_token
from conversations.models import Channel
from crm.models import Identity
from tenants.actors import Actor
from tenants.scoping import tenant_scope

PREPARED = 8_000  # requests; enough for every slice
MAIL = """From: Ana Pérez <ana{number}@correo.example>\r
To: hola@negocio.example\r
Subject: =?utf-8?q?Mi_pedido?= {number}\r
Message-ID: <{number}.{tag}@correo.example>\r
Date: Mon, 02 Nov 2026 10:00:00 -0600\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Buenas tardes:\r
\r
Compré una bicicleta urbana hace dos semanas y la cadena hace ruido. ¿Puedo llevarla el jueves por\r
la mañana? La factura está a nombre de mi empresa, si hace falta se la mando.\r
\r
Gracias,\r
Ana\r
"""


def widget_posts(filled: Filled, count: int, tag: str = "") -> list[bytes]:
    """Messages of as many visitors, each from an address of his own: limits count both."""
    with tenant_scope(filled.tenant_id):
        known = Identity.objects.filter(kind="web").values_list("value", flat=True)
        visitors = [UUID(value) for value in known.order_by("-id")[:count]]
    posts = []
    for number in range(count):
        visitor = visitors[number % len(visitors)]
        body = {
            "client_id": str(uuid4()),
            "text": f"Hola, ¿ya está lista mi bicicleta? Es la azul. {tag}{number}",
            "page": {"url": "https://negocio.example/taller/", "title": "Taller"},
        }
        headers = {
            "Authorization": f"Visitor {make_token(filled.web_id, visitor)}",
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        }
        posts.append(
            request_bytes("POST", f"/w/{filled.web_id}/messages/", headers, json.dumps(body).encode())
        )
    return posts


def inbound_widget(filled: Filled, socket: Path) -> Entry:
    posts = widget_posts(filled, PREPARED)
    return _entry("inbound_widget", posts, socket, 202, "widget messages accepted")


def inbound_email(filled: Filled, socket: Path) -> Entry:
    with tenant_scope(filled.tenant_id):
        token = reset_token(
            channel=Channel.objects.get(pk=filled.email_id), by=Actor.of_membership(filled.owner)
        )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "message/rfc822"}
    tag = uuid4().hex
    posts = [
        request_bytes(
            "POST", f"/hooks/email/{filled.email_id}/", headers, MAIL.format(number=number, tag=tag).encode()
        )
        for number in range(PREPARED)
    ]
    return _entry("inbound_email", posts, socket, 200, "posted e-mails accepted")


def inbound_whatsapp(filled: Filled, socket: Path) -> Entry:
    secret = floors.SECRET.decode()
    with tenant_scope(filled.tenant_id):
        channel = create_channel(
            kind="whatsapp",
            name="WhatsApp",
            by=Actor.of_membership(filled.owner),
            settings={"phone_number_id": "100200300", "waba_id": "400500600"},
            secrets={"app_secret": secret, "access_token": "token"},
        )
    posts, floor = [], []
    for number in range(PREPARED):
        body = json.dumps(_whatsapp_event(number)).encode()
        headers = {"X-Hub-Signature-256": sign(body, secret), "Content-Type": "application/json"}
        posts.append(request_bytes("POST", f"/hooks/whatsapp/{channel.pk}/", headers, body))
        floor.append(request_bytes("POST", "/bench/accept/signed/", headers, body))
    return _entry("inbound_whatsapp", posts, socket, 200, "signed WhatsApp webhooks accepted", floor)


def _whatsapp_event(number: int) -> dict[str, Any]:
    """A text as the Cloud API posts it."""
    sender = f"5213300{number % 2_000:06d}"
    message = {
        "from": sender,
        "id": f"wamid.{uuid4().hex}",
        "timestamp": "1795000000",
        "type": "text",
        "text": {"body": f"Hola, ¿ya está lista mi bicicleta? Es la azul. {number}"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "523300000000", "phone_number_id": "100200300"},
        "contacts": [{"profile": {"name": "Ana Pérez"}, "wa_id": sender}],
        "messages": [message],
    }
    entry = {"id": "400500600", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _entry(
    name: str, posts: list[bytes], socket: Path, status: int, what: str, floor: list[bytes] | None = None
) -> Entry:
    bodies = (post.partition(b"\r\n\r\n")[2] for post in posts)
    bare_posts = floor or [request_bytes("POST", "/bench/accept/", {}, body) for body in bodies]
    ours, bare, count = rates(socket, posts, bare_posts, status)
    return Entry(name, ours, bare, "higher", "1/s", f"{what} by four clients, the workers at rest; n={count}")
