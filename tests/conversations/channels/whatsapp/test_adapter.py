"""Sending and fetching at a stand-in for the vendor, through real sockets."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from conversations.actions.channels import update_channel
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.channels.base import ChannelError, File
from conversations.channels.meta import graph
from conversations.channels.registry import adapter_for
from conversations.models import Attachment, Channel, Conversation, Delivery, Message
from tenants.kit import http
from tenants.scoping import tenant_scope
from tests.conversations.channels.whatsapp.channel import Number, event, says
from tests.factories.tenants import Business
from tests.vendors.mail import free_port
from tests.vendors.whatsapp import TOKEN, Mood, Stored, WhatsApp

ANA = "523312345678"
USER = "MX.13491208655302741918"
TOKEN_GONE = "WhatsApp no longer accepts the access token. Enter a new one on the channel's page."
WINDOW = "More than 24 hours have passed since the customer's last message. Only a template can be sent now."


@pytest.fixture
def vendor(settings: Any) -> Iterator[WhatsApp]:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
    with WhatsApp() as stand_in:
        settings.META_API = stand_in.url
        stand_in.customer_writes(ANA)
        stand_in.customer_writes(USER)
        yield stand_in


def bodies(vendor: WhatsApp) -> list[dict[str, Any]]:
    """What the vendor took, as it came."""
    return [sent.body for sent in vendor.sent]


class Line:
    """A number with a customer who has just written."""

    def __init__(self, business: Business, who: dict[str, Any] | None = None) -> None:
        self.number = Number(business)
        self.business = business
        self.number.take_in(event(says("Hola", "wamid.hi", int(time.time()), **(who or {}))))

    def answer(self, text: str = "Sí", files: tuple[File, ...] = (), **data: Any) -> Delivery:
        """Write an answer; returns its row of the outbox."""
        with tenant_scope(self.business.tenant.id):
            actor = self.business.actor(self.business.agent)
            message = send_reply(conversation=Conversation.objects.get(), text="x", by=actor)
            Message.objects.filter(pk=message.pk).update(text=text, data=data)
            for file in files:
                kept = {"name": file.name, "content_type": file.content_type, "size": len(file.content)}
                Attachment.objects.create(message=message, file=ContentFile(file.content, file.name), **kept)
            return Delivery.objects.get(message=message)

    def send(self, *args: Any, **data: Any) -> Delivery:
        """Write an answer and take it to the vendor; returns its row as it ended."""
        row = self.answer(*args, **data)
        deliver(self.business.tenant.id, row.pk)
        with tenant_scope(self.business.tenant.id):
            return Delivery.objects.get(pk=row.pk)


@pytest.fixture
def line(business: Business) -> Line:
    return Line(business)


def test_text_goes_out_with_our_reference_and_returns_the_vendors_id(vendor: WhatsApp, line: Line) -> None:
    row = line.send("Sí, abrimos a las 9")
    assert (row.status, row.provider_id, row.reason) == ("sent", "wamid.1", "")
    assert bodies(vendor) == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": ANA,
            "type": "text",
            "text": {"body": "Sí, abrimos a las 9", "preview_url": True},
            "biz_opaque_callback_data": str(row.pk),
        }
    ]


def test_vendors_word_settles_by_our_reference(vendor: WhatsApp, line: Line) -> None:
    row = line.send()
    said = {"id": "wamid.1", "status": "read", "timestamp": "1760000000"}
    line.number.take_in(event(statuses=[{**said, "biz_opaque_callback_data": str(row.pk)}]))
    with tenant_scope(line.business.tenant.id):
        assert Delivery.objects.get(pk=row.pk).status == "read"


def test_person_without_a_number_is_answered_by_his_user_id(vendor: WhatsApp, business: Business) -> None:
    Line(business, {"from_user_id": USER}).send()
    assert vendor.sent[0].body["recipient"] == USER
    assert "to" not in vendor.sent[0].body


def test_argentine_mobile_keeps_its_nine(vendor: WhatsApp, business: Business) -> None:
    vendor.customer_writes("5491123456789")
    Line(business, {"from": "5491123456789"}).send()
    assert vendor.sent[0].body["to"] == "5491123456789"


def test_answer_buttons_and_template(vendor: WhatsApp, line: Line) -> None:
    line.send(
        "¿Confirmas?", reply_to="wamid.q", buttons=[{"id": "si", "title": "Sí"}, {"id": "no", "title": "No"}]
    )
    template = {"name": "hola", "language": "es_MX", "components": [{"type": "body", "parameters": []}]}
    vendor.have("hola", "es_MX", [{"type": "BODY", "text": "Hola"}])
    vendor.customer_writes(ANA, hours_ago=30)
    assert line.send(template=template).status == "sent"
    assert vendor.sent[0].body["context"] == {"message_id": "wamid.q"}
    assert vendor.sent[0].body["interactive"]["action"]["buttons"] == [
        {"type": "reply", "reply": {"id": "si", "title": "Sí"}},
        {"type": "reply", "reply": {"id": "no", "title": "No"}},
    ]
    assert vendor.sent[1].body["template"] == {
        "name": "hola",
        "language": {"code": "es_MX"},
        "components": [{"type": "body", "parameters": []}],
    }


def test_files_are_uploaded_and_sent_by_id_the_first_with_the_text(vendor: WhatsApp, line: Line) -> None:
    files = (File('a"b.jpg', "image/jpeg", b"\xff\xd8"), File("c.pdf", "application/pdf", b"%PDF"))
    row = line.send("Mira", files)
    assert (row.status, row.provider_id) == ("sent", "wamid.1")
    first, second = bodies(vendor)
    assert (first["image"]["caption"], second["document"].keys()) == ("Mira", {"id"})
    kept = [vendor.files[first["image"]["id"]], vendor.files[second["document"]["id"]]]
    assert [(file.content, file.content_type) for file in kept] == [
        (b"\xff\xd8", "image/jpeg"),
        (b"%PDF", "application/pdf"),
    ]


def test_voice_note_takes_no_caption_so_the_text_goes_first(vendor: WhatsApp, line: Line) -> None:
    assert line.send("Oye", (File("v.ogg", "audio/ogg; codecs=opus", b"OggS"),)).status == "sent"
    assert [body["type"] for body in bodies(vendor)] == ["text", "audio"]


def test_large_picture_goes_as_a_document(vendor: WhatsApp, line: Line) -> None:
    line.send("", (File("g.png", "image/png", b"x" * 5_000_001),))
    assert vendor.sent[0].body["type"] == "document"


@pytest.mark.parametrize(
    ("text", "data", "reason"),
    [
        ("x" * 4_097, {}, "The text is longer than WhatsApp takes."),
        ("", {}, "There is nothing in this message that WhatsApp could send."),
        ("¿?", {"buttons": [{"id": str(n), "title": str(n)} for n in range(4)]}, "up to three buttons"),
        ("¿?", {"buttons": [{"id": "1", "title": "x" * 21}]}, "up to three buttons"),
    ],
)
def test_what_whatsapp_never_takes_fails_before_the_call(
    vendor: WhatsApp, line: Line, text: str, data: dict[str, Any], reason: str
) -> None:
    row = line.send(text, **data)
    assert row.status == "failed"
    assert reason in row.reason
    assert vendor.sent == []


def test_longest_text_goes(vendor: WhatsApp, line: Line) -> None:
    assert line.send("ñ" * 4_096).status == "sent"


def test_closed_window_fails_for_good_and_says_what_helps(vendor: WhatsApp, line: Line) -> None:
    vendor.customer_writes(ANA, hours_ago=25)
    row = line.send()
    assert (row.status, row.reason) == ("failed", WINDOW)


def test_expired_token_holds_the_message_and_says_how_to_mend_it(vendor: WhatsApp, line: Line) -> None:
    set_token(line, "old")
    row = line.send()
    assert (row.status, row.reason, row.attempts) == ("pending", TOKEN_GONE, 0)
    set_token(line, TOKEN)
    with tenant_scope(line.business.tenant.id):
        Delivery.objects.update(due_at=timezone.now())
    deliver(line.business.tenant.id, row.pk)
    assert len(vendor.sent) == 1


def set_token(line: Line, token: str) -> None:
    with tenant_scope(line.business.tenant.id):
        channel = Channel.objects.get(pk=line.number.channel.pk)
        update_channel(channel=channel, by=line.business.actor(), secrets={"access_token": token})


def test_number_without_token_holds_the_message(vendor: WhatsApp, line: Line) -> None:
    set_token(line, "")
    row = line.send()
    assert (row.status, row.attempts) == ("pending", 0)
    assert "not connected" in row.reason


@pytest.mark.parametrize(
    ("mood", "code", "status", "reason"),
    [
        (Mood.THROTTLES, 0, "pending", "WhatsApp asks us to slow down. We try again."),
        (Mood.REFUSES, 131056, "pending", "Too many messages to this person in a short time. We try again."),
        (Mood.REFUSES, 80007, "pending", "WhatsApp asks us to slow down. We try again."),
        (Mood.REFUSES, 131026, "failed", "This person cannot be reached on WhatsApp: no account there"),
        (Mood.REFUSES, 139999, "failed", "WhatsApp refused the message: (#139999) Refused (139999)"),
        (Mood.REFUSES, 190, "pending", TOKEN_GONE),
        (Mood.REFUSES, 368, "pending", "Meta has restricted the account for breaking its rules."),
        (Mood.BREAKS, 0, "unknown", "Puente was interrupted while handing it over. It may have arrived."),
    ],
)
def test_each_refusal_has_its_end(
    vendor: WhatsApp, line: Line, mood: Mood, code: int, status: str, reason: str
) -> None:
    vendor.become(mood, code)
    row = line.send()
    assert row.status == status
    assert row.reason.startswith(reason)
    assert vendor.sent == []


def test_throttling_names_how_long_to_stay_away(vendor: WhatsApp, line: Line) -> None:
    vendor.become(Mood.THROTTLES)
    with pytest.raises(ChannelError) as refused:
        send(line)
    assert (refused.value.permanent, refused.value.wait) == (False, 7)


def send(line: Line) -> str:
    """Hand an answer to the adapter, past the outbox."""
    row = line.answer()
    adapter = adapter_for("whatsapp")
    with tenant_scope(line.business.tenant.id):
        prepared = adapter.prepare(Delivery.objects.get(pk=row.pk))
    return adapter.send(prepared)


def test_silence_after_the_call_leaves_the_outcome_unknown(
    vendor: WhatsApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "SECONDS", 0.5)
    vendor.become(Mood.HANGS_AFTER)
    row = line.send()
    assert (row.status, len(vendor.sent)) == ("unknown", 1)
    said = {"id": "wamid.1", "status": "sent", "biz_opaque_callback_data": str(row.pk)}
    line.number.take_in(event(statuses=[said]))
    with tenant_scope(line.business.tenant.id):
        settled = Delivery.objects.get(pk=row.pk)
    assert (settled.status, settled.provider_id) == ("sent", "wamid.1")


def test_slow_answer_is_waited_for(vendor: WhatsApp, line: Line) -> None:
    vendor.become(Mood.SLOW)
    assert line.send().status == "sent"


def test_nobody_there_is_tried_again(vendor: WhatsApp, line: Line, settings: Any) -> None:
    settings.META_API = f"http://127.0.0.1:{free_port()}/v24.0"
    row = line.send()
    assert (row.status, row.reason) == ("pending", "Meta cannot be reached. We try again.")


def test_private_address_is_never_called(vendor: WhatsApp, line: Line, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED = []
    assert line.send().status == "pending"
    assert vendor.sent == []


def test_second_part_refused_after_the_first_went_is_not_sent_again_by_itself(
    vendor: WhatsApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = WhatsApp.take

    def once(self: WhatsApp, number: str, body: dict[str, Any]) -> Any:
        if self.sent:
            self.become(Mood.THROTTLES)
        return take(self, number, body)

    monkeypatch.setattr(WhatsApp, "take", once)
    assert line.send("Oye", (File("v.ogg", "audio/ogg", b"OggS"),)).status == "unknown"


def fetch(line: Line, reference: str) -> File:
    return adapter_for("whatsapp").fetch(line.number.channel, reference)


def test_file_is_fetched_by_its_id(vendor: WhatsApp, line: Line) -> None:
    media_id = vendor.keep(Stored(b"\xff\xd8foto", "image/jpeg"))
    assert fetch(line, media_id) == File("", "image/jpeg", b"\xff\xd8foto")


def test_file_that_is_gone_is_not_asked_for_again(vendor: WhatsApp, line: Line) -> None:
    with pytest.raises(ChannelError) as refused:
        fetch(line, "../1?x=#")
    assert refused.value.permanent


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "https://fbsbx.com.evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://evilfbsbx.com/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "https://[::1",
        "file:///etc/passwd",
        "",
    ],
)
def test_file_elsewhere_is_not_fetched(vendor: WhatsApp, line: Line, address: str) -> None:
    media_id = vendor.keep(Stored(b"x", "image/jpeg", address=address or "x"))
    with pytest.raises(ChannelError) as refused:
        fetch(line, media_id)
    assert (refused.value.permanent, refused.value.reason) == (
        True,
        "The file lies where no file of Meta lies. It was not fetched.",
    )


def test_meta_keeps_files_at_its_own_hosts() -> None:
    known = ["https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", "https://mmg.whatsapp.net/x"]
    assert [graph.is_meta(address) for address in known] == [True, True]


def test_file_larger_than_the_limit_is_refused(
    vendor: WhatsApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "MAX_FILE", 3)
    media_id = vendor.keep(Stored(b"four", "image/jpeg"))
    with pytest.raises(ChannelError) as refused:
        fetch(line, media_id)
    assert (refused.value.permanent, refused.value.reason) == (True, "The file is larger than 100 MB.")


def test_fetching_with_an_expired_token_says_so_and_an_outage_is_tried_again(
    vendor: WhatsApp, line: Line, settings: Any
) -> None:
    media_id = vendor.keep(Stored(b"x", "image/jpeg"))
    line.number.channel.secrets["access_token"] = "old"
    with pytest.raises(ChannelError) as refused:
        fetch(line, media_id)
    assert (refused.value.reason, refused.value.channel_broken) == (TOKEN_GONE, True)
    settings.META_API = f"http://127.0.0.1:{free_port()}/v24.0"
    with pytest.raises(ChannelError) as missed:
        fetch(line, media_id)
    assert not missed.value.permanent


def test_refused_connection_is_told_apart_from_a_lost_answer(vendor: WhatsApp) -> None:
    with pytest.raises(http.NotReached):
        http.get(f"http://127.0.0.1:{free_port()}/")
    vendor.become(Mood.HANGS_BEFORE)
    calls = {"headers": {"Authorization": f"Bearer {TOKEN}"}, "body": b"{}", "seconds": 0.3}
    with pytest.raises(http.TooSlow):
        http.request("POST", f"{vendor.url}/1/messages", **calls)  # type: ignore[arg-type]


def test_secrets_are_never_shown(vendor: WhatsApp, line: Line, caplog: pytest.LogCaptureFixture) -> None:
    vendor.become(Mood.BREAKS)
    row = line.send()
    assert TOKEN not in f"{row.reason} {caplog.text} {line.number.channel} {line.number.channel.settings}"


def test_same_row_taken_twice_is_sent_once(vendor: WhatsApp, line: Line) -> None:
    row = line.answer()
    deliver(line.business.tenant.id, row.pk)
    deliver(line.business.tenant.id, row.pk)
    assert len(vendor.sent) == 1
