"""The addresses that Meta calls: verification, signatures, and what is not let in."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from conversations.actions.channels import delete_channel
from conversations.channels.meta.signature import sign
from conversations.channels.whatsapp.views import channel_hook
from conversations.models import Channel, InboundEvent, Message
from tenants.scoping import tenant_scope
from tests.conversations.channels.whatsapp.channel import ACCOUNT, Number, event, says
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.vendors import whatsapp

APP = "/hooks/whatsapp/"
QUESTION = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}


@pytest.fixture
def number(business: Business) -> Number:
    return Number(business)


@pytest.fixture
def app(settings: Any) -> None:
    """The installation has its own app at Meta."""
    settings.META_APP_SECRET, settings.META_VERIFY_TOKEN = "our-secret", "our-token"


def stored(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        return InboundEvent.objects.count()


def test_verification_echoes_the_challenge_as_plain_text(number: Number, app: None) -> None:
    for path, token in ((number.path, "verify"), (APP, "our-token")):
        answer = Client().get(path, {**QUESTION, "hub.verify_token": token})
        assert (answer.status_code, answer.content) == (200, b"1158201444")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("wrong", [{}, {"hub.verify_token": "no"}, {"hub.verify_token": "ñ\x00"}])
def test_verification_with_a_wrong_token_is_403(number: Number, app: None, wrong: dict[str, str]) -> None:
    for path in (number.path, APP, f"{APP}{uuid4()}/"):
        assert Client().get(path, QUESTION | wrong).status_code == 403
    assert Client().get(number.path, {"hub.verify_token": "verify"}).status_code == 403


def test_verification_of_an_installation_without_app_is_403(settings: Any) -> None:
    settings.META_APP_SECRET = settings.META_VERIFY_TOKEN = ""
    assert Client().get(APP, {**QUESTION, "hub.verify_token": ""}).status_code == 403
    assert whatsapp.post(Client(), APP, event(says("Hola")), secret="").status_code == 401


def test_signed_message_becomes_a_message_and_repeats_change_nothing(number: Number) -> None:
    assert number.take_in(event(says("Hola"))).outcome == "message"
    assert number.post(event(says("Hola")), times=3).status_code == 200
    assert number.take_in(event(says("Hola"), batch=2)).outcome == "duplicate"
    with tenant_scope(number.business.tenant.id):
        assert Message.objects.get().text == "Hola"
        assert InboundEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_event_costs_one_message_to_the_database(number: Number) -> None:
    number.post(event(says("Uno")))
    with CaptureQueriesContext(connection) as queries:
        assert number.post(event(says("Dos", "wamid.2"))).status_code == 200
    assert len(queries) == 1


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "ñ"])
def test_wrong_signature_is_401_and_keeps_nothing(number: Number, header: str | None) -> None:
    raw = json.dumps(event(says("Hola"))).encode()
    headers = {} if header is None else {"X-Hub-Signature-256": header.encode().decode("latin-1")}
    answer = Client().post(number.path, raw, content_type="application/json", headers=headers)
    assert (answer.status_code, stored(number.business)) == (401, 0)


def test_signature_of_other_bytes_or_another_app_is_401(number: Number, other: Business, app: None) -> None:
    headers = {"X-Hub-Signature-256": sign(b"{}", whatsapp.APP_SECRET)}
    changed = Client().post(number.path, b"{ }", content_type="application/json", headers=headers)
    assert changed.status_code == 401
    assert number.post(event(says("Hola")), secret="our-secret").status_code == 401
    assert whatsapp.post(Client(), APP, event(says("Hola"))).status_code == 401
    assert stored(number.business) == 0


def test_unknown_and_closed_channels_and_other_kinds_are_401(number: Number) -> None:
    assert whatsapp.post(Client(), f"{APP}{uuid4()}/", event(says("Hola"))).status_code == 401
    with tenant_scope(number.business.tenant.id):
        mail = Channel.objects.get(kind="email")
    assert whatsapp.post(Client(), f"{APP}{mail.pk}/", event(says("Hola"))).status_code == 401
    number.post(event(says("Hola")))
    with tenant_scope(number.business.tenant.id):
        delete_channel(channel=number.channel, by=number.business.actor())
    assert number.post(event(says("Otra", "wamid.2"))).status_code == 401
    assert stored(number.business) == 1


def test_new_app_secret_counts_at_once(number: Number) -> None:
    assert number.post(event(says("Uno"))).status_code == 200
    with tenant_scope(number.business.tenant.id):
        number.channel.secrets = {**number.channel.secrets, "app_secret": "new"}
        number.channel.save()
    assert number.post(event(says("Dos", "wamid.2")), secret="new").status_code == 200
    assert number.post(event(says("Tres", "wamid.3"))).status_code == 401


@pytest.mark.parametrize("body", [b"", b"hola", b'{"entry": [', b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_400_and_keeps_nothing(number: Number, app: None, body: bytes) -> None:
    assert number.post(body).status_code == 400
    assert whatsapp.post(Client(), APP, body, secret="our-secret").status_code == 400
    assert stored(number.business) == 0


def test_oversized_and_cut_bodies_are_refused(number: Number) -> None:
    raw = json.dumps(event(says("Hola"))).encode()
    headers = {"X-Hub-Signature-256": sign(raw, whatsapp.APP_SECRET)}
    for length, status in (("5000000", 413), ("x", 411)):
        answer = Client().post(
            number.path, raw, content_type="application/json", headers=headers, CONTENT_LENGTH=length
        )
        assert answer.status_code == status
    cut = RequestFactory().post(number.path, raw, content_type="application/json", headers=headers)
    cut.META["CONTENT_LENGTH"] = str(len(raw) + 1)
    assert channel_hook(cut, number.channel.pk).status_code == 400
    assert stored(number.business) == 0


def test_our_app_splits_a_batch_by_number_and_account(number: Number, other: Business, app: None) -> None:
    theirs = Number(other, number="999", account="888")
    mine, hers = event(says("Mío", "wamid.a")), event(says("Suyo", "wamid.b"), number="999")
    template = {"message_template_name": "hola", "message_template_language": "es", "event": "APPROVED"}
    change = {"field": "message_template_status_update", "value": template}
    nobody = event(says("De nadie", "wamid.c"), number="000")
    entries = [*mine["entry"], *hers["entry"], {"id": "888", "changes": [change]}, *nobody["entry"]]
    answer = whatsapp.post(Client(), APP, {"object": "x", "entry": entries}, secret="our-secret", times=2)
    assert (answer.status_code, answer.json()) == (200, {"kept": 3})
    for owner, texts, events in ((number.business, ["Mío"], 1), (theirs.business, ["Suyo"], 2)):
        read_everything(owner)
        with tenant_scope(owner.tenant.id):
            assert [message.text for message in Message.objects.all()] == texts
            assert InboundEvent.objects.count() == events


def test_our_app_keeps_a_single_business_part_byte_for_byte(number: Number, app: None) -> None:
    raw = json.dumps(event(says("Ñ")), indent=1).encode()
    assert whatsapp.post(Client(), APP, raw, secret="our-secret").json() == {"kept": 1}
    with tenant_scope(number.business.tenant.id):
        assert bytes(InboundEvent.objects.get().body) == raw


def test_our_app_finds_the_account_of_a_partners_event(number: Number, app: None) -> None:
    value = {"event": "PARTNER_REMOVED", "waba_info": {"waba_id": ACCOUNT}}
    payload = {"entry": [{"id": "portfolio", "changes": [{"field": "account_update", "value": value}]}]}
    assert whatsapp.post(Client(), APP, payload, secret="our-secret").json() == {"kept": 1}
    read_everything(number.business)
    with tenant_scope(number.business.tenant.id):
        assert Channel.objects.get(pk=number.channel.pk).problem


def test_app_of_a_business_with_two_numbers_calls_one_address_for_both(
    number: Number, other: Business
) -> None:
    second, hers = Number(number.business, "999", "888"), Number(other, "777", "666")
    mine, sister, stranger = (
        event(says("Uno", "a")),
        event(says("Dos", "b"), number="999"),
        event(says("Tres", "c"), number="777"),
    )
    entries = [*mine["entry"], *sister["entry"], *stranger["entry"]]
    assert number.post({"object": "x", "entry": entries}, times=2).json()["kept"] == 3
    read_everything(number.business)
    with tenant_scope(number.business.tenant.id):
        places = dict(Message.objects.values_list("text", "conversation__channel_id"))
    assert places == {"Uno": number.channel.pk, "Dos": second.channel.pk, "Tres": number.channel.pk}
    assert stored(hers.business) == 0
