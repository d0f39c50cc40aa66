"""The address that mail is posted to, with real and broken mail."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from conversations.actions.channels import reset_token
from conversations.actions.messages import send_reply
from conversations.channels.email import reply_address
from conversations.channels.email.adapter import signing_keys
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from conversations.workspace.event_lines import event_text
from tenants.scoping import tenant_scope
from tests.conversations.channels.email import corpus
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business


class Mailbox:
    """The business's e-mail channel, as a mail server posts to it."""

    def __init__(self, business: Business) -> None:
        self.business = business
        with tenant_scope(business.tenant.id):
            self.channel = Channel.objects.get(kind="email")
            self.token = reset_token(channel=self.channel, by=business.actor())

    def post(self, raw: bytes, token: str | None = None) -> Any:
        return Client().post(
            f"/hooks/email/{self.channel.pk}/",
            raw,
            content_type="message/rfc822",
            headers={"authorization": f"Bearer {self.token if token is None else token}"},
        )

    def outcome(self, event_id: str) -> tuple[str, str]:
        with tenant_scope(self.business.tenant.id):
            event = InboundEvent.objects.get(pk=event_id)
            return event.outcome, event.reason

    def take_in(self, raw: bytes) -> tuple[str, str]:
        event_id = self.post(raw).json()["id"]
        read_everything(self.business)
        return self.outcome(event_id)


def mail(subject: str = "Bici", text: str = "Hola", **headers: str) -> bytes:
    """A plain mail from Ana."""
    fields = {"From": "Ana <ana@example.com>", "To": "tienda@example.com", "Subject": subject} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{head}\r\n{text}\r\n".encode()


@pytest.fixture
def mailbox(business: Business) -> Mailbox:
    return Mailbox(business)


def test_mail_becomes_a_message(mailbox: Mailbox) -> None:
    assert mailbox.take_in(mail(Message_ID="<1@x>"))[0] == "message"
    with tenant_scope(mailbox.business.tenant.id):
        conversation = Conversation.objects.get()
        assert (conversation.subject, conversation.customer.name) == ("Bici", "Ana")
        assert conversation.identity.value == "ana@example.com"
        assert Message.objects.get().text == "Hola"


def test_same_bytes_are_one_event_and_one_message(mailbox: Mailbox) -> None:
    raw = mail(Message_ID="<1@x>")
    first, second = mailbox.post(raw).json(), mailbox.post(raw).json()
    assert first == second
    read_everything(mailbox.business)
    assert mailbox.post(raw).json() == first
    read_everything(mailbox.business)
    with tenant_scope(mailbox.business.tenant.id):
        assert (InboundEvent.objects.count(), Message.objects.count()) == (1, 1)


def test_same_mail_by_two_ways_is_a_duplicate(mailbox: Mailbox) -> None:
    assert mailbox.take_in(mail(Message_ID="<1@x>"))[0] == "message"
    assert mailbox.take_in(b"Received: by mx2\r\n" + mail(Message_ID="<1@x>"))[0] == "duplicate"
    with tenant_scope(mailbox.business.tenant.id):
        assert Message.objects.count() == 1


def test_reply_by_reference_continues_and_another_subject_does_not(mailbox: Mailbox) -> None:
    mailbox.take_in(mail("Bici", Message_ID="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        Conversation.objects.update(last_inbound_at="2026-01-01T00:00Z")
    mailbox.take_in(mail("Otra cosa", Message_ID="<2@x>", In_Reply_To="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        Conversation.objects.update(last_inbound_at="2026-01-01T00:00Z")
    mailbox.take_in(mail("Factura", Message_ID="<3@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        counts = sorted(c.messages.filter(kind="inbound").count() for c in Conversation.objects.all())
        assert counts == [1, 2]


def test_answer_that_arrives_before_its_question_joins_it(mailbox: Mailbox) -> None:
    mailbox.take_in(mail("Re: Bici", Message_ID="<2@x>", In_Reply_To="<1@x>"))
    mailbox.take_in(mail("Cámara", Message_ID="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        assert Conversation.objects.count() == 1


def test_signed_reply_address_threads_without_any_reference(mailbox: Mailbox) -> None:
    mailbox.take_in(mail("Bici", Message_ID="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        conversation = Conversation.objects.get()
        Conversation.objects.update(last_inbound_at="2026-01-01T00:00Z")
    address = reply_address.make(conversation.pk, "tienda@example.com", signing_keys()[0])
    mailbox.take_in(mail("Sin relación", To=address.upper()))
    with tenant_scope(mailbox.business.tenant.id):
        assert Conversation.objects.count() == 1


def test_stranger_who_names_a_message_id_does_not_enter_the_thread(mailbox: Mailbox) -> None:
    mailbox.take_in(mail("Bici", Message_ID="<1@x>"))
    mailbox.take_in(mail("Bici", From="malo@example.net", Message_ID="<9@x>", In_Reply_To="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        assert Conversation.objects.count() == 2


def test_bounce_of_our_answer_fails_its_delivery_and_reopens(mailbox: Mailbox) -> None:
    mailbox.take_in(mail(Message_ID="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        answer = send_reply(
            conversation=Conversation.objects.get(),
            text="Sí",
            by=mailbox.business.actor(mailbox.business.agent),
        )
        Delivery.objects.update(status="sent", provider_id="abc@bicis.example")
    report = (
        b"From: MAILER-DAEMON@mx.example.com\r\nTo: tienda@example.com\r\nSubject: Undelivered Mail\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        b"Final-Recipient: rfc822; ana@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <abc@bicis.example>\r\n\r\n--b--\r\n"
    )
    assert mailbox.take_in(report)[0] == "delivery_failure"
    with tenant_scope(mailbox.business.tenant.id):
        assert Delivery.objects.get(message=answer).status == "failed"
        assert Conversation.objects.get().status == "open"
        event = Message.objects.get(kind="event", data__event="delivery_failed")
        assert event.data == {
            "event": "delivery_failed",
            "reason": "This mailbox does not exist: 550 5.1.1 no such user",
            "address": "ana@example.com",
            "category": "no_mailbox",
            "code": "5.1.1",
            "permanent": True,
        }


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Not delivered: This mailbox does not exist: 550 5.1.1 no such user"),
        ("es", "No entregado: Este buzón no existe: 550 5.1.1 no such user"),
        ("pt-br", "Não entregue: Esta caixa de correio não existe: 550 5.1.1 no such user"),
    ],
)
def test_failure_is_told_in_the_readers_language(language: str, shown: str) -> None:
    told = Message(
        data={"event": "delivery_failed", "reason": "This mailbox does not exist: 550 5.1.1 no such user"}
    )
    with translation.override(language):
        assert event_text(told) == shown


def test_warning_of_a_delay_is_told_and_fails_nothing(mailbox: Mailbox) -> None:
    mailbox.take_in(mail(Message_ID="<1@x>"))
    with tenant_scope(mailbox.business.tenant.id):
        actor = mailbox.business.actor(mailbox.business.agent)
        send_reply(conversation=Conversation.objects.get(), text="Sí", by=actor)
        Delivery.objects.update(status="sent", provider_id="abc@bicis.example")
    warning = (
        b"From: MAILER-DAEMON@mx.example.com\r\nTo: tienda@example.com\r\nSubject: Delayed Mail\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\n421 4.4.1 no answer from host\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        b"Final-Recipient: rfc822; ana@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <abc@bicis.example>\r\n\r\n--b--\r\n"
    )
    reason = "Another mail server is still trying: 421 4.4.1 no answer from host"
    assert mailbox.take_in(warning) == ("auto_reply", reason)
    with tenant_scope(mailbox.business.tenant.id):
        assert Delivery.objects.get().status == "sent"
        event = Message.objects.get(kind="event", data__event="delivery_delayed")
        assert event.data == {"event": "delivery_delayed", "reason": reason, "address": "ana@example.com"}


@pytest.mark.parametrize("token", ["", "ct_wrong", "\x00", "ñ"])
def test_wrong_token_is_401(mailbox: Mailbox, token: str) -> None:
    assert mailbox.post(mail(), token=token.encode().decode("latin-1")).status_code == 401


def test_unknown_channel_is_401_like_a_wrong_token(mailbox: Mailbox) -> None:
    response = Client().post(f"/hooks/email/{uuid4()}/", mail(), content_type="message/rfc822")
    assert response.status_code == 401


def test_empty_body_is_parked_and_get_405(mailbox: Mailbox) -> None:
    assert mailbox.take_in(b"")[0] == "parked"
    assert Client().get(f"/hooks/email/{mailbox.channel.pk}/").status_code == 405


def test_empty_mail_is_parked_with_a_reason(mailbox: Mailbox) -> None:
    outcome, reason = mailbox.take_in(b"\r\n\r\n")
    assert outcome == "parked"
    assert reason


# 419 files, seven of them the same bytes as another; two are another's mail by a different way.
OUTCOMES = {
    "message": 92,
    "delivery_failure": 290,
    "complaint": 8,
    "auto_reply": 18,
    "duplicate": 2,
    "parked": 2,
}
SEVENTH = {"message": 13, "delivery_failure": 43, "complaint": 1, "auto_reply": 2, "parked": 1}


@pytest.mark.parametrize(("step", "ends"), [(7, SEVENTH), pytest.param(1, OUTCOMES, marks=pytest.mark.slow)])
def test_every_real_mail_ends_somewhere_and_nothing_doubles(
    mailbox: Mailbox, step: int, ends: dict[str, int]
) -> None:
    folders = ("mime", "replies", "bounces", "bounces-not")
    files = [path for folder in folders for path in corpus.paths(folder)]
    assert len(files) == 419
    for path in files[::step]:
        raw = corpus.raw(path)
        response = mailbox.post(raw)
        assert response.status_code == 200, path.name
        assert mailbox.post(raw).json() == response.json()
    read_everything(mailbox.business)
    with tenant_scope(mailbox.business.tenant.id):
        outcomes = dict(InboundEvent.objects.values_list("id", "outcome"))
        assert "pending" not in outcomes.values()
        assert InboundEvent.objects.filter(outcome="parked", reason="").count() == 0
        assert Delivery.objects.count() == 0  # nothing answers by itself: no mail storm
        messages = Message.objects.filter(kind="inbound").count()
        assert messages == list(outcomes.values()).count("message")
    assert Counter(outcomes.values()) == ends
