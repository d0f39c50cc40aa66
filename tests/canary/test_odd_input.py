"""Whatever is typed, posted or mailed is answered: no door of the product has an error of its own to give.

Which of the odd things goes where is drawn by each door's name, so that a run repeats the one before;
ODD_SEED=… draws others.
"""

import json
import os
import re
from contextlib import suppress
from copy import copy
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from conversations.actions.channels import create_channel, reset_token
from conversations.channels.base import Unreadable
from conversations.channels.registry import adapter_for
from conversations.models import Channel, InboundEvent
from tenants.kit import valkey
from tenants.scoping import tenant_scope, uuid7
from tests.canary import driver, odd
from tests.canary.conftest import World
from tests.canary.odd import Knock
from tests.canary.test_api import OPERATIONS, body, name
from tests.guards.addresses import Address, addresses

OFTEN = 15  # one door in so many is knocked at in every run, all of them in the slow suite


def now_and_then(doors: list[Any]) -> list[Any]:
    """The doors, of which most are for the slow suite."""
    return [
        door if place % OFTEN == 0 else pytest.param(*listed(door), marks=pytest.mark.slow)
        for place, door in enumerate(doors)
    ]


def listed(door: Any) -> tuple[Any, ...]:
    """A door as the parameters of a test."""
    return door if type(door) is tuple else (door,)


INSIDE = [a for a in addresses() if a.is_inside and not getattr(a.view, "finds_its_business", False)]
DRIVEN_APART = ("channels:", "readyz", "metrics", "healthz")
ALLAUTH = {"key": "1-abc", "uidb36": "1", "pk": 99}
OUTSIDE = [
    a for a in addresses() if not a.is_inside and not a.is_api and not a.label.startswith(DRIVEN_APART)
]
PATHS = [
    "/%00/", "/b/%00/", "/b/x%00y/inbox/", "/b/%ED%A0%80/", "/r/%00/", "/invite/%FF/", "/login-link/%00/",
    "/w/%00/session/", "/hooks/email/%00/", "/api/v1/%00/", "/api/v1/customers/%00/", "/static/%00",
    "/static/../../etc/passwd", "/dev/mailbox/%00/", "//evil.example/",
    "/" + "a/" * 2_000, "/b/" + "x" * 9_000,
    "/confirm-email/%00/", "/password/reset/key/%00-%00/", "/widget.js%00", "/%2e%2e/%2e%2e/",
]  # fmt: skip


def draw(door: str) -> Random:
    """The dice of one door."""
    return Random(os.environ.get("ODD_SEED", "") + door)


class Visitor:
    """The browser of a customer at the web chat of ours, and the sender of mail to it."""

    def __init__(self, world: World) -> None:
        with tenant_scope(world.ours.id):
            by = world.ours.business.actor()
            self.web = Channel.objects.filter(kind="web").order_by("created_at").first()
            self.email = Channel.objects.filter(kind="email").order_by("created_at").first()
            self.mail_token = reset_token(channel=self.email, by=by)
        self.base = f"/w/{self.web.pk}/"
        answer = Client().post(f"{self.base}session/", "{}", content_type="application/json")
        self.token = answer.json()["token"]


@pytest.fixture(scope="module")
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture(scope="module")
def owner(world: World) -> Client:
    return world.ours.client()


def failures(client: Client, knocks: list[Knock], **headers: str) -> list[str]:
    """The requests that were answered by an error of ours; each is undone."""
    wrong = []
    cookies = copy(client.cookies)
    for knock in knocks:
        valkey.client().flushdb()  # else the limits answer
        client.cookies = copy(cookies)
        with transaction.atomic():
            answer = client.generic(
                knock.method,
                knock.path,
                knock.body,
                content_type=knock.content_type,
                headers={**headers, **knock.headers},
            )
            answer.close()
            if answer.status_code >= 500:
                wrong.append(f"{answer.status_code} {knock}")
            transaction.set_rollback(True)
    return wrong


@pytest.fixture(scope="module")
def tried() -> set[tuple[str, ...]]:
    """The forms sent so far: many pages show the same."""
    return set()


def wrong_forms(client: Client, path: str, random: Random, tried: set[tuple[str, ...]]) -> list[Knock]:
    """Every form of a page that no page before had, gone wrong field by field."""
    knocks: list[Knock] = []
    for action, fields in driver.forms_in(driver.ask(client, "get", path), path):
        form = (re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", action), *sorted(fields))
        if form not in tried:
            tried.add(form)
            knocks += odd.one_wrong_field(action, fields, random)
    return knocks


def nobody() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", now_and_then(INSIDE), ids=lambda address: address.label)
def test_page_answers(world: World, owner: Client, address: Address, tried: set[tuple[str, ...]]) -> None:
    path, _ids = next(driver.paths(address, world.ours, None))
    random = draw(address.label)
    knocks = list(odd.anything(path, random))
    knocks += wrong_forms(owner, path, random, tried)
    assert failures(owner, knocks) == []


@pytest.mark.parametrize("address", now_and_then(OUTSIDE), ids=lambda address: address.label)
def test_page_outside_answers(
    world: World, owner: Client, address: Address, tried: set[tuple[str, ...]]
) -> None:
    values = {n: driver.STANDINS.get(n) or ALLAUTH.get(n) or uuid7() for n in address.converters}
    path = address.path(**values) if "(" not in address.route else "/api/v1/nothing/"
    random = draw(address.label)
    for client in (nobody(), owner):
        knocks = list(odd.anything(path, random))
        knocks += wrong_forms(client, path, random, tried)
        assert failures(client, knocks) == []


@pytest.mark.parametrize(("address", "method"), now_and_then(OPERATIONS), ids=name)
def test_operation_answers(world: World, address: Address, method: str) -> None:
    path, _ids = next(driver.paths(address, world.ours, None))
    random = draw(f"{method} {address.route}")
    knocks = [knock._replace(method=method.upper()) for knock in odd.anything(path, random)]
    if method in ("post", "put", "patch"):
        knocks += odd.one_wrong_value(method.upper(), path, body(address, method, world.ours), random)
    assert failures(nobody(), knocks, authorization=f"Bearer {world.ours.key}") == []


WIDGET = {
    "session": {"token": "x"},
    "messages": {"client_id": str(uuid7()), "text": "Hola", "answers": {"name": "Ana", "email": "a@b.mx"}},
    "typing": {"typing": True},
    "read": {"upto": str(uuid7())},
    "rating": {"token": "x", "score": 5, "comment": "Bien"},
    "config": {},
}  # fmt: skip


@pytest.mark.parametrize("door", sorted(WIDGET))
def test_widget_door_answers(world: World, visitor: Visitor, door: str) -> None:
    path = f"{visitor.base}{door}/"
    random = draw(door)
    knocks = [*odd.anything(path, random), *odd.one_wrong_value("POST", path, WIDGET[door], random)]
    knocks += [
        knock._replace(content_type="text/plain") for knock in knocks if knock.content_type == odd.JSON
    ]
    assert failures(nobody(), knocks, authorization=f"Visitor {visitor.token}") == []


def mails(random: Random) -> list[bytes]:
    """Mail that no program wrote, and mail that one did, with a header gone wrong."""
    good = [
        ("From", "Ana <ana@example.com>"),
        ("To", "tienda@example.com"),
        ("Subject", "Hola"),
        ("Message-ID", "<one@example.com>"),
        ("References", "<a@b> <c@d>"),
        ("Date", "Mon, 04 May 2026 10:00:00 +0000"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    wrong = [*TYPES_OF_MAIL, *(text.encode("utf-8", "surrogatepass")[:5_000] for text in odd.TEXTS)]
    made = [*odd.BODIES, b"From: \r\n\r\n", b"Subject: =?utf-8?B?" + b"A" * 9_000]
    for place, (header, _value) in enumerate(good):
        for value in random.sample(wrong, 4):
            lines = [f"{key}: {text}".encode() for key, text in good]
            lines[place] = header.encode() + b": " + value
            made.append(b"\r\n".join([*lines, b"", b"Hola\x00 \xff", b""]))
    return made


TYPES_OF_MAIL = [
    b"multipart/mixed",
    b'multipart/mixed; boundary="\x00"',
    b"text/html; charset=nonsense",
    b"text/plain; charset=utf-7",
    b"message/rfc822",
    b"multipart/alternative; boundary=x\r\n\r\n"
    + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 200,
    b"base64",
    b"=?nonsense?Q?=00?=",
    b"<>",
    b",;:<@>",
]


def test_mail_hook_answers(world: World, visitor: Visitor) -> None:
    path = f"/hooks/email/{visitor.email.pk}/"
    random = draw("mail")
    knocks = [*odd.anything(path, random)]
    knocks += [Knock("POST", path, mail, "message/rfc822") for mail in mails(random)]
    assert failures(nobody(), knocks, authorization=f"Bearer {visitor.mail_token}") == []
    assert failures(nobody(), knocks[:10], authorization="Bearer \x7f") == []


UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 8, "date": 1_700_000_000, "text": "Hola", "caption": "Hola", "media_group_id": "9",
        "from": {"id": 5, "first_name": "Ana", "language_code": "es"}, "chat": {"id": 5, "type": "private"},
        "entities": [{"type": "text_link", "offset": 0, "length": 4, "url": "https://luna.example"}],
        "photo": [{"file_id": "a", "width": 1, "height": 1}],
        "contact": {"phone_number": "5233", "user_id": 5},
        "quote": {"text": "Sí"}, "reply_to_message": {"message_id": 1, "chat": {"id": 5}},
    },
}  # fmt: skip
REPORT = {
    "id": "c1", "direction": "in", "phone": "+523312345678", "state": "ended", "seconds": 9, "name": "Ana",
    "note": "Sí", "recording": "https://pbx.example/1", "started_at": "2026-11-20T15:00:00Z",
    "at": 1_700_000_000,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "good"), [("telegram", UPDATE), ("phone", REPORT)])
def test_told_by_a_bot_or_a_phone(world: World, kind: str, good: dict[str, object]) -> None:
    """What is kept is read as well: it ends as a message, set aside, or parked."""
    with tenant_scope(world.ours.id):
        by = world.ours.business.actor()
        channel = create_channel(kind=kind, name=kind, by=by, secrets={"bot_token": f"5:{'A' * 35}"})
        token = reset_token(channel=channel, by=by)
    path = f"/hooks/{'telegram' if kind == 'telegram' else 'calls'}/{channel.pk}/"
    headers = {
        "X-Telegram-Bot-Api-Secret-Token": channel.secrets.get("webhook_secret", ""),
        "Authorization": f"Bearer {token}",
    }
    random = draw(kind)
    knocks = [*odd.anything(path, random), *odd.one_wrong_value("POST", path, good, random)]
    assert failures(nobody(), knocks, **headers) == []
    with tenant_scope(world.ours.id):
        for knock in knocks:
            body = knock.body if isinstance(knock.body, bytes) else knock.body.encode("utf-8", "replace")
            event = InboundEvent(channel=channel, body=body, content_type="application/json")
            with suppress(Unreadable):
                adapter_for(kind).parse(event, channel)


def test_addresses_nobody_made_answer(world: World, owner: Client) -> None:
    for client in (nobody(), owner):
        assert failures(client, [Knock(method, path) for path in PATHS for method in ("GET", "POST")]) == []


def test_the_walk_knocks_with_what_views_read() -> None:
    """The names are taken from the source; were there none, nothing would be tried."""
    assert {"q", "view", "cursor", "text", "next", "labels"} <= set(odd.names())
    tried = [json.loads(k.body) for k in odd.one_wrong_value("POST", "/", {"a": {"b": 1}, "c": []}, Random(1))
             if k.body.startswith(b'{"a": {"b": "\\u0000"')]  # fmt: skip
    assert tried == [{"a": {"b": "\x00"}, "c": []}]
