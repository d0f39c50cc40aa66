"""Sending at a stand-in for Twilio, through real sockets."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from conversations.actions.deliveries import look_up
from conversations.channels import media_out
from conversations.channels.base import File
from conversations.channels.registry import adapter_for
from conversations.models import Attachment, Delivery, Template
from tenants.scoping import tenant_scope
from tests.conversations.channels.twilio.line import ANA, Line
from tests.vendors.stand_in import Mood, Person
from tests.vendors.twilio import NUMBER, SERVICE

PNG = File("ola.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 20)
VOICE = File("v.ogg", "audio/ogg", b"OggS" + b"\0" * 23 + b"OpusHead")
PDF = File("c.pdf", "application/pdf", b"%PDF-1.7")


def opened(address: str) -> int:
    """What an address of ours answers a vendor."""
    answer = Client().get(urlsplit(address).path)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return answer.status_code


def test_text_goes_out_with_an_address_for_its_status(sms: Line) -> None:
    sms.says("Hola")
    row = sms.send("Sí, abrimos a las 9")
    sent = sms.vendor.sent[0]
    assert (row.status, row.provider_id, row.reason) == ("sent", sent.id, "")
    assert sent.body == {
        "To": "+523312345678",
        "From": NUMBER,
        "Body": "Sí, abrimos a las 9",
        "StatusCallback": f"http://localhost:8000/hooks/sms/{sms.channel.pk}/status/{row.pk}/",
        "MediaUrl": [],
    }


def test_messaging_service_takes_the_place_of_the_number(business: Any, twilio: Any) -> None:
    line = Line(business, twilio, messaging_service=SERVICE)
    line.says("Hola")
    assert line.send().status == "sent"
    assert (twilio.sent[0].body.get("From"), twilio.sent[0].body["MessagingServiceSid"]) == (None, SERVICE)


@pytest.mark.parametrize("address", ["+5213312345678", "+5491123456789"])
def test_answer_goes_to_the_number_as_it_wrote(whatsapp: Line, address: str) -> None:
    whatsapp.says("Hola", Person(address))
    assert whatsapp.send().status == "sent"
    assert whatsapp.vendor.sent[0].to == f"whatsapp:{address}"


def test_files_are_fetched_from_a_door_of_their_own(sms: Line) -> None:
    sms.says("Hola")
    assert sms.send("Mira", (PNG, PDF)).status == "sent"
    body = sms.vendor.sent[0].body
    assert (len(body["MediaUrl"]), body["Body"]) == (2, "Mira")
    answer = Client().get(urlsplit(body["MediaUrl"][0]).path)
    assert b"".join(answer.streaming_content) == PNG.content  # type: ignore[arg-type]
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ola.png"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_whatsapp_takes_one_file_a_message_and_none_with_a_voice_note(whatsapp: Line) -> None:
    whatsapp.says("Hola")
    whatsapp.send("Mira", (PNG, PDF))
    whatsapp.send("Oye", (VOICE,))
    told = [(len(sent.body["MediaUrl"]), sent.text) for sent in whatsapp.vendor.sent]
    assert told == [(1, "Mira"), (1, ""), (0, "Oye"), (1, "")]


def test_door_of_a_file_shuts(sms: Line, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sms.says("Hola")
    sms.send("", (PNG,))
    path = urlsplit(sms.vendor.sent[0].body["MediaUrl"][0]).path
    assert opened(path) == 200
    assert Client().post(path).status_code == 405
    with tenant_scope(sms.business.tenant.id):
        attachment = Attachment.objects.get()
    other = signing.dumps([sms.channel.pk.hex, sms.channel.pk.hex], salt=media_out.SALT)
    elsewhere = signing.dumps([attachment.pk.hex, attachment.pk.hex], salt=media_out.SALT)
    number = signing.dumps(7, salt=media_out.SALT)
    for token in (other, elsewhere, number, "x", signing.dumps([sms.channel.pk.hex, attachment.pk.hex])):
        assert Client().get(f"/media-out/{token}").status_code == 404
    monkeypatch.setattr(media_out, "LIFETIME", -1)
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    ("text", "files", "reason"),
    [
        ("x" * 1_601, (), "The text is longer than Twilio takes."),
        ("", (), "There is nothing in this message that could be sent."),
        ("", (File("v.mp4", "video/mp4", b"x" * 500_001),), "Send it in another format or smaller."),
    ],
)
def test_what_twilio_never_takes_fails_before_the_call(
    sms: Line, text: str, files: tuple[File, ...], reason: str
) -> None:
    sms.says("Hola")
    row = sms.answer("x", files)
    with tenant_scope(sms.business.tenant.id):
        row.message.text = text
        row.message.save()
    kept = sms.deliver(row)
    assert kept.status == "failed"
    assert reason in kept.reason
    assert sms.vendor.sent == []


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (21408, "failed", "The account may not write to this country."),
        (21614, "failed", "This is a landline, or a carrier that takes no messages."),
        (20003, "pending", "Twilio no longer accepts the account's keys."),
        (21606, "pending", "Twilio does not let this account send from this number."),
        (21611, "pending", "Too many messages wait at Twilio for this number."),
        (12345, "failed", "Twilio refused the message: Refused (12345)"),
    ],
)
def test_refusals_say_what_to_do(sms: Line, code: int, status: str, reason: str) -> None:
    sms.says("Hola")
    sms.vendor.become(Mood.REFUSES, code)
    row = sms.send()
    assert row.status == status
    assert row.reason.startswith(reason)


def test_throttled_waits(sms: Line) -> None:
    sms.says("Hola")
    sms.vendor.become(Mood.THROTTLES)
    row = sms.send()
    assert (row.status, row.reason) == ("pending", "Twilio asks us to slow down. We try again.")


def test_answer_that_says_nothing_leaves_the_outcome_unknown(sms: Line) -> None:
    sms.says("Hola")
    sms.vendor.become(Mood.BREAKS)
    assert sms.send().status == "unknown"


def test_window_of_whatsapp_is_said(whatsapp: Line) -> None:
    whatsapp.says("Hola")
    row = whatsapp.answer()
    whatsapp.vendor.wrote(ANA, hours_ago=25)
    kept = whatsapp.deliver(row)
    assert kept.status == "failed"
    assert kept.reason.startswith("More than 24 hours have passed")


# --- looking up what is unknown ---


def unknown(line: Line, text: str) -> Delivery:
    """An answer that Twilio took and did not confirm."""
    row = line.answer(text)
    with tenant_scope(line.business.tenant.id):
        Delivery.objects.filter(pk=row.pk).update(
            status="unknown", calling_at=timezone.now(), due_at=timezone.now()
        )
    return row


def taken(line: Line, text: str) -> None:
    line.vendor.take("whatsapp:+5213312345678" if line.vendor.prefix else ANA.address, text, {})


def looked_up(line: Line, row: Delivery) -> tuple[str, str]:
    look_up(line.business.tenant.id, row.pk)
    with tenant_scope(line.business.tenant.id):
        kept = Delivery.objects.get(pk=row.pk)
        return kept.status, kept.provider_id


@pytest.mark.parametrize("name", ["sms", "whatsapp"])
def test_the_one_fitting_message_settles_it(name: str, request: pytest.FixtureRequest) -> None:
    line: Line = request.getfixturevalue(name)
    line.says("Hola")
    row = unknown(line, "Tu bici está lista")
    taken(line, "Otra cosa")
    taken(line, "Tu bici está lista")
    assert looked_up(line, row) == ("delivered", line.vendor.sent[1].id)


def test_two_fitting_ones_none_or_an_old_one_leave_it_unknown(sms: Line) -> None:
    sms.says("Hola")
    row = unknown(sms, "Sí")
    assert looked_up(sms, row) == ("unknown", "")
    taken(sms, "Sí")
    sms.vendor.sent[0].at -= 3600
    assert looked_up(sms, row) == ("unknown", "")
    sms.vendor.sent[0].at += 3600
    taken(sms, "Sí")
    assert looked_up(sms, row) == ("unknown", "")


def test_message_of_another_delivery_is_not_taken_for_this_one(sms: Line) -> None:
    sms.says("Hola")
    first = sms.send("Sí")
    row = unknown(sms, "Sí")
    assert looked_up(sms, row) == ("unknown", "")
    assert first.provider_id == sms.vendor.sent[0].id


# --- templates ---


def test_templates_are_read_as_ours_and_sent_by_sid(whatsapp: Line) -> None:
    approved = {"name": "lista", "status": "approved", "category": "UTILITY"}
    action = {"type": "URL", "title": "Ver", "url": "https://tienda.mx/{{2}}"}
    types = {"twilio/call-to-action": {"body": "Hola {{1}}", "actions": [action]}}
    content = {"sid": "HX1", "language": "es_MX", "friendly_name": "l", "variables": {"1": "Ana", "2": "p7"}}
    whatsapp.vendor.contents = [
        content | {"types": types, "approval_requests": approved},
        content | {"sid": "HX2", "types": types, "approval_requests": {"status": "unsubmitted"}},
        content
        | {"sid": "HX3", "types": {"twilio/carousel": {}}, "approval_requests": approved | {"name": "c"}},
    ]
    adapter = whatsapp_adapter()
    first, other = adapter.templates(whatsapp.channel)
    assert (first.vendor_id, first.name, first.status, other.vendor_id) == ("HX1", "lista", "approved", "HX3")
    assert first.components == [
        {
            "type": "BODY",
            "text": "Hola {{1}}",
            "example": {"body_text_named_params": [{"param_name": "1", "example": "Ana"}]},
        },
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Ver", "url": "https://tienda.mx/{{2}}"}]},
    ]
    with tenant_scope(whatsapp.business.tenant.id):
        Template.objects.create(
            channel=whatsapp.channel,
            vendor_id="HX1",
            name="lista",
            language="es_MX",
            status="approved",
            components=first.components,
            is_named=True,
        )
    whatsapp.says("Hola")
    row = whatsapp.answer(
        "Hola Ana",
        template={
            "name": "lista",
            "language": "es_MX",
            "components": [
                {"type": "body", "parameters": [{"type": "text", "parameter_name": "1", "text": "Ana"}]},
                {
                    "type": "button",
                    "sub_type": "url",
                    "index": "0",
                    "parameters": [{"type": "text", "text": "p7"}],
                },
            ],
        },
    )
    whatsapp.vendor.wrote(ANA, hours_ago=50)
    assert whatsapp.deliver(row).status == "sent"
    body = whatsapp.vendor.sent[0].body
    assert (body["ContentSid"], json.loads(body["ContentVariables"])) == ("HX1", {"1": "Ana", "2": "p7"})
    assert "Body" not in body


def test_template_that_is_not_known_is_not_sent(whatsapp: Line) -> None:
    whatsapp.says("Hola")
    row = whatsapp.send("Hola", template={"name": "x", "language": "es", "components": []})
    assert (row.status, row.reason) == (
        "failed",
        "There is no such template in this language, or it is not approved.",
    )


def test_template_is_submitted_and_removed(whatsapp: Line) -> None:
    adapter = whatsapp_adapter()
    buttons = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Sí"}]}
    body = {"type": "BODY", "text": "¿Vienes, {{1}}?", "example": {"body_text": [["Ana"]]}}
    with tenant_scope(whatsapp.business.tenant.id):
        ours = Template.objects.create(
            channel=whatsapp.channel,
            name="cita",
            language="es",
            category="utility",
            components=[body, buttons],
        )
    kept = adapter.submit_template(whatsapp.channel, ours, None)
    made = whatsapp.vendor.contents[0]
    assert (kept.vendor_id, kept.status) == (made["sid"], "pending")
    assert made["types"] == {
        "twilio/quick-reply": {
            "body": "¿Vienes, {{1}}?",
            "actions": [{"type": "QUICK_REPLY", "title": "Sí", "id": "Sí"}],
        }
    }
    assert made["variables"] == {"1": "Ana"}
    assert made["approval_requests"]["category"] == "UTILITY"
    ours.vendor_id = kept.vendor_id
    adapter.remove_template(whatsapp.channel, ours)
    adapter.remove_template(whatsapp.channel, ours)
    assert whatsapp.vendor.contents == []


def whatsapp_adapter() -> Any:

    return adapter_for("twilio_whatsapp")
