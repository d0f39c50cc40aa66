"""How many messages a second are accepted, against a bare insert of the same bytes."""

import json
from pathlib import Path
from uuid import UUID, uuid4

from bench.client import request_bytes
from bench.fill import Filled
from bench.measure import rates
from bench.report import Entry
from conversations.actions.channels import reset_token
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


def _entry(name: str, posts: list[bytes], socket: Path, status: int, what: str) -> Entry:
    bodies = (post.partition(b"\r\n\r\n")[2] for post in posts)
    floor = [request_bytes("POST", "/bench/accept/", {}, body) for body in bodies]
    ours, bare, count = rates(socket, posts, floor, status)
    return Entry(name, ours, bare, "higher", "1/s", f"{what} by four clients, the workers at rest; n={count}")
