"""The addresses that Meta calls: verification, signatures, our app for everybody."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conversations.channels.meta.signature import sign
from conversations.models import InboundEvent, Message
from tests.conversations.channels.meta_line import ANA, Line
from tests.factories.tenants import Business
from tests.vendors.messenger import Messenger

APP = "/hooks/messenger/"
QUESTION = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}


@pytest.fixture
def app(settings: Any) -> None:
    """The installation has its own app at Meta."""
    settings.META_APP_SECRET, settings.META_VERIFY_TOKEN = "our-secret", "our-token"


def stored(line: Line) -> int:
    with line.scope():
        return InboundEvent.objects.count()


def test_verification_echoes_the_challenge(line: Line, app: None) -> None:
    for path, token in ((line.path, "verify"), (APP, "our-token")):
        answer = Client().get(path, {**QUESTION, "hub.verify_token": token})
        assert (answer.status_code, answer.content) == (200, b"1158201444")
        assert Client().get(path, {**QUESTION, "hub.verify_token": "no"}).status_code == 403


def test_unsigned_oversized_and_foreign_calls_keep_nothing(line: Line) -> None:
    hook = line.vendor.text(line.channel.pk, ANA, "Hola")
    assert line.call(line.vendor.forged(hook)).status_code == 401
    assert line.call(hook._replace(headers={})).status_code == 401
    assert line.call(hook._replace(path=f"{APP}{uuid4()}/")).status_code == 401
    assert line.call(hook._replace(path=line.path.replace("messenger", "instagram"))).status_code == 401
    assert line.call(line.vendor.hook(line.channel.pk, b"[1]")).status_code == 400
    assert stored(line) == 0


def test_our_app_splits_a_batch_by_page(line: Line, vendor: Messenger, other: Business, app: None) -> None:
    theirs = Line(other, vendor, account="999")
    events = [
        vendor.event(vendor.from_person(ANA, message={"mid": f"m_{account}", "text": text}), account=account)
        for text, account in (("Mío", vendor.account), ("Suyo", "999"), ("De nadie", "000"))
    ]
    entries = [entry for event in events for entry in event["entry"]]
    hook = vendor.hook(line.channel.pk, {"object": "page", "entry": entries})
    signed = hook._replace(path=APP, headers={"X-Hub-Signature-256": sign(hook.body, "our-secret")})
    answer = line.call(signed, times=2)
    assert (answer.status_code, answer.json()) == (200, {"kept": 2})
    assert line.call(hook._replace(path=APP)).status_code == 401
    for owner, text in ((line, "Mío"), (theirs, "Suyo")):
        owner.take_in(vendor.event(vendor.from_person(ANA, message={"mid": "m_z", "text": "…"})))
        with owner.scope():
            assert sorted(Message.objects.values_list("text", flat=True)) == sorted([text, "…"])
