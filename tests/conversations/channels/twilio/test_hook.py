"""The addresses that Twilio calls: signatures, and what is not let in."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.channels.twilio.signature import is_signed, sign
from conversations.models import InboundEvent, Message
from tenants.scoping import tenant_scope
from tests.conversations.channels.twilio.line import ANA, Line
from tests.vendors.twilio import FORM, TOKEN

# twilio.com/docs/usage/security, "Validating signatures from Twilio": the documented example
EXAMPLE_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
EXAMPLE = [
    ("To", "+18005551212"),
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+12349013030"),
    ("Digits", "1234"),
    ("From", "+12349013030"),
]
EXAMPLE_SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def stored(line: Line) -> int:
    with tenant_scope(line.business.tenant.id):
        return InboundEvent.objects.count()


def test_documented_example_of_a_signature() -> None:
    assert sign(EXAMPLE_URL, EXAMPLE, "12345") == EXAMPLE_SIGNATURE
    assert is_signed(EXAMPLE_URL, EXAMPLE, EXAMPLE_SIGNATURE, "12345")
    assert not is_signed(EXAMPLE_URL, [*EXAMPLE, ("Extra", "")], EXAMPLE_SIGNATURE, "12345")
    assert not is_signed(EXAMPLE_URL, EXAMPLE, EXAMPLE_SIGNATURE, "1234")
    assert not is_signed(EXAMPLE_URL, EXAMPLE, sign(EXAMPLE_URL, EXAMPLE, ""), "")


@pytest.mark.parametrize(
    ("signed", "called"),
    [
        ("https://crm.example.com:443/hooks", "https://crm.example.com/hooks"),
        ("https://crm.example.com/hooks", "https://crm.example.com:443/hooks"),
        ("http://localhost:80/hooks", "http://localhost/hooks"),
        ("http://localhost:8000/hooks", "http://localhost:8000/hooks"),
        ("http://localhost/hooks", "http://localhost:8000/hooks"),
    ],
)
def test_port_may_be_named_or_not(signed: str, called: str) -> None:
    assert is_signed(called, EXAMPLE, sign(signed, EXAMPLE, "12345"), "12345")


def test_another_port_or_scheme_is_another_address() -> None:
    header = sign("https://crm.example.com/hooks", EXAMPLE, "12345")
    assert not is_signed("https://crm.example.com:8443/other", EXAMPLE, header, "12345")
    assert not is_signed("http://crm.example.com/hooks", EXAMPLE, header, "12345")


def test_address_is_that_of_the_installation_whatever_the_proxy_says(sms: Line, settings: Any) -> None:
    settings.BASE_URL = "https://crm.example.com"
    hook = sms.vendor.text(sms.channel.pk, ANA, "Hola")
    assert sms.post(hook, **{"X-Forwarded-Host": "evil.example", "Host": "localhost"}).status_code == 200


def test_message_is_answered_with_an_empty_response_and_kept_once(sms: Line) -> None:
    hook = sms.vendor.text(sms.channel.pk, ANA, "Hola", event_id="SM1")
    answer = sms.post(hook)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert answer.content.endswith(b"<Response></Response>")
    sms.post(hook)
    event = sms.take_in(sms.vendor.message(sms.channel.pk, ANA, event_id="SM1", Body="Hola", AddOns="{}"))
    assert event.outcome == "duplicate"
    with tenant_scope(sms.business.tenant.id):
        assert Message.objects.get().text == "Hola"
        assert InboundEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_event_costs_one_message_to_the_database(sms: Line) -> None:
    sms.post(sms.vendor.text(sms.channel.pk, ANA, "Uno"))
    with CaptureQueriesContext(connection) as queries:
        assert sms.post(sms.vendor.text(sms.channel.pk, ANA, "Dos")).status_code == 200
    assert len(queries) == 1


@pytest.mark.parametrize("header", ["", "ñ", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="])
def test_wrong_signature_is_403_and_keeps_nothing(sms: Line, header: str) -> None:
    hook = sms.vendor.text(sms.channel.pk, ANA, "Hola")
    assert sms.post(hook, **{"X-Twilio-Signature": header}).status_code == 403
    assert sms.post(sms.vendor.forged(hook)).status_code == 403
    assert stored(sms) == 0


def test_signed_call_at_another_address_is_403(sms: Line, whatsapp: Line) -> None:
    hook = sms.vendor.text(sms.channel.pk, ANA, "Hola")
    for path in (f"/hooks/sms/{uuid4()}/", f"/hooks/sms/{whatsapp.channel.pk}/", f"{hook.path}status/"):
        assert sms.post(hook._replace(path=path)).status_code == 403
    assert stored(sms) == 0


def test_what_is_no_form_is_4xx_and_keeps_nothing(sms: Line) -> None:
    path = f"/hooks/sms/{sms.channel.pk}/"
    header = {"X-Twilio-Signature": sign(f"http://testserver{path}", [], TOKEN)}
    for body, kind in [
        (b'{"Body": "Hola"}', "application/json"),
        (b"\xff\xfe", FORM),
        (b"no form", FORM),
        (b"a=1&" * 1_001, FORM),
        (b"a=" + b"x" * 300_000, FORM),
    ]:
        status = Client().post(path, body, content_type=kind, headers=header).status_code
        assert 400 <= status < 500
    assert Client().get(path).status_code == 405
    assert stored(sms) == 0
