"""Every kind of message that Twilio documents, read as what it says."""

from typing import Any

import pytest

from conversations.actions.media import fetch
from conversations.actions.messages import CannotSend, send_reply
from conversations.channels.twilio.wishes import wish
from conversations.models import Attachment, Conversation, Delivery, InboundEvent, Message, Reach
from crm.models import Consent, Customer, Identity
from tenants.scoping import tenant_scope
from tests.conversations.channels.twilio.line import ANA, Line
from tests.vendors.stand_in import Person, Upload


def read(attachment: Attachment) -> bytes:
    with attachment.file.open() as content:
        return bytes(content.read())


PICTURE = Upload("foto.jpg", "image/jpeg", b"\xff\xd8\xff\xe0picture")


def test_text_makes_a_customer_known_by_the_number(sms: Line) -> None:
    message = sms.says("¿Abren mañana? 😀")
    with tenant_scope(sms.business.tenant.id):
        conversation = Conversation.objects.get()
        assert (conversation.identity.kind, conversation.identity.value) == ("phone", "+523312345678")
        assert conversation.identity.is_verified
        assert (message.text, message.provider_id) == ("¿Abren mañana? 😀", f"SM{1:032x}")


def test_phone_whatsapp_and_sms_are_one_customer(sms: Line, whatsapp: Line) -> None:
    sms.says("Hola")
    whatsapp.says("Hola", Person("+5213312345678", "Ana Gómez"))  # WhatsApp keeps Mexico's old 1
    with tenant_scope(sms.business.tenant.id):
        customer = Customer.objects.get()
        assert customer.name == "Ana Gómez"
        assert sorted(customer.identities.values_list("kind", "value")) == [
            ("phone", "+523312345678"),
            ("whatsapp", "+523312345678"),
        ]
        assert Conversation.objects.count() == 2


@pytest.mark.parametrize("sender", ["22345", "AMAZON"])
def test_short_code_or_name_is_read_and_cannot_be_answered(sms: Line, sender: str) -> None:
    sms.says("Tu código es 1234", Person(sender))
    row = sms.send("Gracias")
    assert (row.status, row.reason) == ("failed", "This sender cannot be answered: it is no phone number.")
    with tenant_scope(sms.business.tenant.id):
        assert Identity.objects.get().value == f"sms:{sender}"


def test_pictures_are_fetched_with_our_credentials_and_led_to_the_file_without(sms: Line) -> None:
    sids = [sms.vendor.keep(PICTURE), sms.vendor.keep(Upload("v.mp4", "video/mp4", b"video"))]
    message = sms.says("Mira", **sms.vendor.media(*sids))
    assert message.data["kind"] == "image"
    with tenant_scope(sms.business.tenant.id):
        names = list(message.attachments.order_by("id").values_list("name", "content_type"))
        ids = list(message.attachments.values_list("pk", flat=True))
    assert names == [("image.jpg", "image/jpeg"), ("video.mp4", "video/mp4")]
    for pk in ids:
        fetch(sms.business.tenant.id, pk)
    with tenant_scope(sms.business.tenant.id):
        here = Attachment.objects.filter(state="here").order_by("id")
        assert [read(one) for one in here] == [PICTURE.content, b"video"]


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/latest", "https://evil.example/x", "https://mms.twiliocdn.com.evil.example"],
)
def test_file_elsewhere_is_not_fetched(sms: Line, place: str) -> None:
    sid = sms.vendor.keep(PICTURE)
    sms.vendor.foreign[sid] = place
    message = sms.says("Mira", **sms.vendor.media(sid))
    with tenant_scope(sms.business.tenant.id):
        pk = message.attachments.get().pk
    fetch(sms.business.tenant.id, pk)
    with tenant_scope(sms.business.tenant.id):
        found = Attachment.objects.get()
        assert (found.state, found.reason) == (
            "failed",
            "The file lies where no file of Twilio lies. It was not fetched.",
        )


@pytest.mark.parametrize(
    ("fields", "text", "data"),
    [
        (
            {"Latitude": "20.67", "Longitude": "-103.35", "Label": "Taller", "Address": "Av. Vallarta 1"},
            "Taller, Av. Vallarta 1",
            {
                "kind": "location",
                "location": {
                    "latitude": 20.67,
                    "longitude": -103.35,
                    "name": "Taller",
                    "address": "Av. Vallarta 1",
                },
            },
        ),
        ({"Latitude": "nan", "Longitude": "1e999", "Body": "x"}, "x", {}),
        (
            {"ButtonText": "Sí", "ButtonPayload": "si", "Body": "Sí", "OriginalRepliedMessageSid": "SM9"},
            "Sí",
            {"kind": "choice", "choice": {"id": "si", "title": "Sí"}, "reply_to": "SM9"},
        ),
        (
            {"ListId": "l", "ListTitle": "Lunes"},
            "Lunes",
            {"kind": "choice", "choice": {"id": "l", "title": "Lunes"}},
        ),
        (
            {
                "Body": "Hola",
                "ReferralSourceUrl": "https://fb.me/1",
                "ReferralHeadline": "Oferta",
                "ReferralBody": "-20 %",
            },
            "Hola",
            {"referral": {"url": "https://fb.me/1", "title": "Oferta", "text": "-20 %"}},
        ),
        ({"Body": "Hola", "Forwarded": "true"}, "Hola", {"forwarded": True}),
        (
            {"InteractiveData": '{"talla": "M", "cuantas": 2, "flow_token": "x"}'},
            "",
            {"kind": "form", "form": {"talla": "M", "cuantas": "2"}},
        ),
        ({"FlowData": "[" * 5_000}, "", {"kind": "form", "form": {}}),
        (
            {"MessageType": "order"},
            "Un mensaje de un tipo que todavía no conocemos.",
            {"kind": "unknown", "type": "order"},
        ),
    ],
)
def test_kinds_of_whatsapp(whatsapp: Line, fields: dict[str, str], text: str, data: dict[str, Any]) -> None:
    message = whatsapp.says(fields.pop("Body", ""), **fields)
    assert message.data == data | {"wrote_from": "whatsapp:+523312345678"}
    assert message.text == text


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("audio/ogg", "voice"),
        ("image/webp", "sticker"),
        ("application/pdf", "document"),
        ("text/vcard", "document"),
    ],
)
def test_files_of_whatsapp(whatsapp: Line, content_type: str, kind: str) -> None:
    sid = whatsapp.vendor.keep(Upload("", content_type, b"x"))
    assert whatsapp.says("", **whatsapp.vendor.media(sid)).data["kind"] == kind


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"MessageSid": "", "SmsSid": ""}, "The event lacks the id of what it speaks of."),
        ({"From": ""}, "The sender's address is none that one could answer."),
        (
            {"From": "whatsapp:+523312345678"},
            "This came over another channel of Twilio's. Give that one its own address.",
        ),
    ],
)
def test_what_cannot_be_read_is_parked(sms: Line, fields: dict[str, str], reason: str) -> None:
    event = sms.take_in(sms.vendor.message(sms.channel.pk, ANA, Body="Hola", **fields))
    assert (event.outcome, event.reason) == ("parked", reason)


def test_nul_and_long_text_are_kept_fit(sms: Line) -> None:
    assert sms.says("a\x00b" + "x" * 70_000).text == ("ab" + "x" * 70_000)[:65_536]


# --- STOP and START ---


@pytest.mark.parametrize(
    ("meaning", "texts"),
    [
        ("stop", "STOP| stop! |«Alto»|BAJA|darme de  baja.|Cancelar|PARAR|sair|No más|Não quero mais"),
        ("start", "start|ALTA|Volver|Começar|voltar…|Dar de alta"),
        ("", "No pares|quiero cancelar mi pedido|stop it||alta costura|🚫"),
    ],
)  # fmt: skip
def test_words(meaning: str, texts: str) -> None:
    assert {wish(text) for text in texts.split("|")} == {meaning}


def test_vendors_word_goes_before_ours() -> None:
    assert (wish("Salte", "STOP"), wish("Cancelar", "HELP"), wish("x", "START")) == ("stop", "", "start")


def test_stop_closes_the_address_at_once_and_start_opens_it(sms: Line) -> None:
    sms.says("Hola")
    waiting = sms.answer("Mira nuestra oferta")
    sms.says("Baja")
    with tenant_scope(sms.business.tenant.id):
        assert not Reach.objects.get().is_open
        actor = sms.business.actor(sms.business.agent)
        with pytest.raises(CannotSend, match="Baja"):
            send_reply(conversation=Conversation.objects.get(), text="¿Seguro?", by=actor)
        events = Message.objects.filter(kind="event").values_list("data__event", flat=True)
        assert list(events) == ["stopped"]
    gone = sms.deliver(waiting)
    assert gone.status == "failed"
    assert "answered STOP" in gone.reason
    assert sms.vendor.sent == []
    for _time in range(2):
        sms.says("ALTA")
    with tenant_scope(sms.business.tenant.id):
        told = Delivery.objects.get(message__author_kind="system")
        text, customer = told.message.text, Customer.objects.get()
        stands = set(Consent.objects.values_list("purpose", "state"))
    assert stands == {("service", "given"), ("promotion", "withdrawn"), ("survey", "withdrawn")}
    assert ("/p/" in text, sms.deliver(told).status) == (True, "sent")
    page = sms.business.client(sms.business.owner).get(
        f"{sms.business.base}customers/{customer.pk}/consents/", headers={"HX-Request": "true"}
    )
    assert "Escribió “ALTA”" in page.text
    assert sms.send("Bienvenida de vuelta").status == "sent"


def test_stop_on_one_channel_leaves_the_other_open(sms: Line, whatsapp: Line) -> None:
    sms.says("Hola")
    sms.says("STOP")
    whatsapp.says("Hola")
    assert whatsapp.send().status == "sent"


# --- what became of ours ---


def test_statuses_settle_a_delivery_and_never_go_back(whatsapp: Line) -> None:
    whatsapp.says("Hola")
    row = whatsapp.send()
    sent = whatsapp.vendor.sent[0]
    for status, shown in [("queued", "sent"), ("read", "read"), ("delivered", "read"), ("sent", "read")]:
        hook = whatsapp.vendor.status(whatsapp.channel.pk, sent, status)
        assert hook is not None
        assert whatsapp.take_in(hook).outcome == "status"
        with tenant_scope(whatsapp.business.tenant.id):
            assert Delivery.objects.get(pk=row.pk).status == shown


def test_word_before_the_answer_settles_by_the_address_it_came_to(sms: Line) -> None:
    sms.says("Hola")
    row = sms.answer()
    form = {"MessageSid": "SM77", "MessageStatus": "delivered", "SmsSid": "SM77"}
    path = f"/hooks/sms/{sms.channel.pk}/status/{row.pk}/"
    sms.take_in(sms.vendor.signed(path, form))
    with tenant_scope(sms.business.tenant.id):
        kept = Delivery.objects.get(pk=row.pk)
        assert (kept.status, kept.provider_id) == ("delivered", "SM77")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (30005, "The carrier does not know this number, or it is no longer in use."),
        (30007, "The carrier took the message for unwanted advertising and held it back."),
        (21610, "This person answered STOP and gets no more messages from this number."),
        (99999, "Twilio refused the message: ? (99999)"),
    ],
)
def test_failure_says_why(sms: Line, code: int, reason: str) -> None:
    sms.says("Hola")
    row = sms.send()
    hook = sms.vendor.status(sms.channel.pk, sms.vendor.sent[0], "undelivered", code=code)
    assert hook is not None
    assert sms.take_in(hook).outcome == "delivery_failure"
    with tenant_scope(sms.business.tenant.id):
        kept = Delivery.objects.get(pk=row.pk)
        assert kept.status == "failed"
        assert kept.reason.startswith(reason)
        assert InboundEvent.objects.filter(outcome="parked").count() == 0
