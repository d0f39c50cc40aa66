"""Answers by e-mail, through a real SMTP server: what arrives there, and what its refusals do."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.test import Client, override_settings
from django.utils import timezone

from conversations.actions.conversations import close
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.actions.outbound import start_conversation
from conversations.actions.outbox import resend
from conversations.channels.email import reply_address
from conversations.channels.email.adapter import signing_keys
from conversations.channels.email.outgoing import LOOP_HEADER
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from crm.models import Identity, Suppression
from tenants.scoping import tenant_scope
from tests.conversations.channels.email.test_hook import Mailbox, mail
from tests.factories.conversations import PNG, make_file
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


class Post:
    """A mail server that says what a test wants, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.says: dict[str, str] = {}

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.says:
            return self.says["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(bytes(envelope.original_content))
        self.recipients.append(envelope.rcpt_tos)
        if self.says.get("DATA") == "hang up":
            server.transport.abort()
            return "250 OK"
        if "DATA" in self.says:
            self.taken.pop()
        return self.says.get("DATA", "250 OK")

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.taken]  # type: ignore[misc]


def smtp_at(port: int) -> Any:
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    return override_settings(
        MAILERS={"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    )


@pytest.fixture
def post() -> Iterator[Post]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    with smtp_at(port):
        yield handler
    controller.stop()


@pytest.fixture
def mailbox(business: Business) -> Mailbox:
    box = Mailbox(business)
    box.take_in(mail("Bici", Message_ID="<1@ana.example>", References="<0@ana.example>"))
    return box


def answer(business: Business, text: str = "Sí, hay <tres>.", **fields: Any) -> UUID:
    """An answer to the only conversation, in the outbox."""
    with tenant_scope(business.tenant.id):
        message = send_reply(
            conversation=Conversation.objects.earliest("created_at"),
            text=text,
            by=business.actor(business.agent),
            **fields,
        )
        return Delivery.objects.get(message=message).pk


def state(business: Business, delivery_id: UUID) -> tuple[str, str]:
    with tenant_scope(business.tenant.id):
        row = Delivery.objects.get(pk=delivery_id)
        return row.status, row.reason


def test_answer_arrives_with_all_that_threads_it(business: Business, mailbox: Mailbox, post: Post) -> None:
    row = answer(business, files=[make_file("fóto.png")])
    deliver(business.tenant.id, row)
    assert state(business, row) == ("sent", "")
    (sent,), (recipients,) = post.mails, post.recipients
    with tenant_scope(business.tenant.id):
        delivery = Delivery.objects.get()
        conversation = Conversation.objects.get()
        channel = conversation.channel
    domain = channel.address.partition("@")[2]
    assert recipients == ["ana@example.com"]
    assert sent["Message-ID"] == f"<{row.hex}@{domain}>" == f"<{delivery.provider_id}>"
    assert sent["In-Reply-To"] == "<1@ana.example>"
    assert sent["References"] == "<1@ana.example>"
    assert (sent["Subject"], sent["To"]) == ("Re: Bici", "Ana <ana@example.com>")
    assert sent["From"].addresses[0].addr_spec == channel.address
    assert sent["From"].addresses[0].display_name == "Bicis Tapatías"
    assert reply_address.read(sent["Reply-To"].addresses[0].addr_spec, signing_keys()) == conversation.pk
    assert sent[LOOP_HEADER]
    assert sent["Auto-Submitted"] is None
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Sí, hay <tres>."
    assert html.get_content().strip() == "<p>Sí, hay &lt;tres&gt;.</p>"
    (file,) = sent.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "fóto.png",
        "image/png",
        PNG,
    )


def test_second_answer_refers_to_the_first_and_customer_s_reply_without_our_address_joins(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    for text in ("uno", "dos"):
        deliver(business.tenant.id, answer(business, text))
    first, second = post.mails
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"].split() == ["<1@ana.example>", first["Message-ID"]]
    with tenant_scope(business.tenant.id):
        conversation = close(conversation=Conversation.objects.get(), by=business.actor())
        Conversation.objects.update(last_inbound_at="2026-01-01T00:00Z")
    mailbox.take_in(mail("Otro asunto", Message_ID="<2@x>", In_Reply_To=str(second["Message-ID"])))
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get().pk == conversation.pk
        assert Conversation.objects.get().status == "open"


def test_first_word_from_us_begins_a_thread(business: Business, mailbox: Mailbox, post: Post) -> None:
    with tenant_scope(business.tenant.id):
        beto = make_customer("Beto", email="beto@example.com", language="pt-br")
        conversation = start_conversation(
            channel=Channel.objects.get(kind="email"),
            identity=Identity.objects.get(customer=beto),
            subject="",
            text="Su bici está lista",
            by=business.actor(),
        )
        row = Delivery.objects.get().pk
    deliver(business.tenant.id, row)
    (sent,) = post.mails
    assert (sent["In-Reply-To"], sent["References"], sent["To"]) == (None, None, "Beto <beto@example.com>")
    assert "Bicis Tapatías" in sent["Subject"]
    mailbox.take_in(
        mail("gracias", From="beto@example.com", Message_ID="<b@x>", In_Reply_To=str(sent["Message-ID"]))
    )
    with tenant_scope(business.tenant.id):
        assert conversation.messages.filter(kind="inbound").count() == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("code", "status"), [("550 5.1.1 No such user", "failed"), ("451 4.3.0 Come back later", "pending")]
)
def test_refusals_are_final_or_not_as_the_server_says(
    business: Business, mailbox: Mailbox, post: Post, command: str, code: str, status: str
) -> None:
    post.says = {command: code}
    row = answer(business)
    deliver(business.tenant.id, row)
    assert state(business, row) == (status, f"The mail server refused it: {code[4:]}")
    assert post.taken == []
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get().status == ("open" if status == "failed" else "waiting")
        assert Suppression.objects.exists() == (command == "RCPT" and status == "failed")
    if status == "pending":
        post.says = {}
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            deliver(business.tenant.id, row)
        assert state(business, row) == ("sent", "")
        assert len(post.taken) == 1


@pytest.mark.parametrize(
    ("says", "suppressed"),
    [
        ("550 No", [("ana@example.com", "bounce", "all")]),
        ("550 5.2.1 Mailbox disabled", [("ana@example.com", "bounce", "all")]),
        ("552 5.2.2 Mailbox full", []),
        ("554 5.7.1 Relay access denied", []),
        ("550 5.7.1 Blocked using a blocklist", []),
        ("554 Transaction failed", []),
    ],
)
def test_recipient_who_is_refused_for_good_is_written_to_no_more(
    business: Business, mailbox: Mailbox, post: Post, says: str, suppressed: list[tuple[str, str, str]]
) -> None:
    post.says = {"RCPT": says}
    deliver(business.tenant.id, answer(business))
    with tenant_scope(business.tenant.id):
        assert Delivery.objects.get().status == "failed"
        assert list(Suppression.objects.values_list("value", "reason", "covers")) == suppressed


def test_server_that_cannot_be_reached_is_tried_again(business: Business, mailbox: Mailbox) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        row = answer(business)
        with smtp_at(taken.getsockname()[1]):
            deliver(business.tenant.id, row)
    assert state(business, row) == ("pending", "The mail server cannot be reached. We try again.")


def test_line_that_breaks_after_the_mail_was_handed_over_leaves_it_unknown(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    post.says = {"DATA": "hang up"}
    row = answer(business)
    deliver(business.tenant.id, row)
    assert state(business, row)[0] == "unknown"
    deliver(business.tenant.id, row)
    assert len(post.taken) == 1
    post.says = {}
    with tenant_scope(business.tenant.id):
        assert resend(delivery=Delivery.objects.get(pk=row), by=business.actor()) is True
    deliver(business.tenant.id, row)
    assert state(business, row) == ("sent", "")
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_bounce_of_a_mail_whose_outcome_is_unknown_settles_it(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    post.says = {"DATA": "hang up"}
    row = answer(business)
    deliver(business.tenant.id, row)
    message_id = str(post.mails[0]["Message-ID"])
    assert mailbox.take_in(bounce(message_id))[0] == "delivery_failure"
    assert state(business, row)[0] == "failed"


def bounce(message_id: str) -> bytes:
    """A delivery status notification (RFC 3464) about a mail of ours."""
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: tienda@example.com\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        "Final-Recipient: rfc822; ana@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_address_that_no_mail_reaches_fails_with_a_reason(business: Business, post: Post) -> None:
    box = Mailbox(business)
    assert box.take_in(mail("Bici", From="josé@ejemplo.mx"))[0] == "message"
    row = answer(business)
    deliver(business.tenant.id, row)
    assert state(business, row) == ("failed", "No mail can be sent to this address.")
    assert post.taken == []


def test_customer_whose_address_was_removed_meanwhile(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    row = answer(business)
    with tenant_scope(business.tenant.id):
        Conversation.objects.update(identity=None)
    deliver(business.tenant.id, row)
    assert state(business, row) == ("failed", "This customer has no address on this channel any more.")


def test_header_injection_is_impossible(business: Business, post: Post) -> None:
    box = Mailbox(business)
    box.take_in(mail("Bici =?utf-8?q?=0D=0ABcc:_malo=40x.mx?=", From='"Ana\\" <x@y.mx>" <ana@example.com>'))
    deliver(business.tenant.id, answer(business, "x\r\nBcc: malo@x.mx\r\n.\r\nQUIT"))
    (sent,) = post.mails
    assert (sent["Bcc"], post.recipients) == (None, [["ana@example.com"]])


# --- loops ---


def test_our_own_mail_that_comes_back_is_an_ignored_automatic_reply(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    deliver(business.tenant.id, answer(business))
    with tenant_scope(business.tenant.id):
        before = Message.objects.count()
    outcome, reason = mailbox.take_in(b"Received: by mx\r\n" + post.taken[0])
    assert (outcome, reason) == ("auto_reply", "A message this business sent itself, which came back.")
    with tenant_scope(business.tenant.id):
        assert (Message.objects.count(), Delivery.objects.count()) == (before, 1)


def test_two_businesses_that_write_to_each_other_do_not_loop(
    business: Business, other: Business, mailbox: Mailbox, post: Post
) -> None:
    """A person's answer arrives as a message at the other; nothing there answers by itself."""
    deliver(business.tenant.id, answer(business))
    theirs = Mailbox(other)
    assert theirs.take_in(post.taken[0])[0] == "message"
    with tenant_scope(other.tenant.id):
        assert Delivery.objects.count() == 0


def test_absence_notice_in_answer_to_us_opens_nothing_and_answers_nothing(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    deliver(business.tenant.id, answer(business))
    (sent,) = post.mails
    notice = mail(
        "Fuera de la oficina", To=str(sent["Reply-To"]), In_Reply_To=str(sent["Message-ID"]),
        Auto_Submitted="auto-replied",
    )  # fmt: skip
    assert mailbox.take_in(notice)[0] == "auto_reply"
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get().status == "waiting"
        assert (Delivery.objects.count(), Message.objects.filter(kind="inbound").count()) == (1, 1)
        assert InboundEvent.objects.filter(outcome="pending").count() == 0


# --- the rating that is asked for by mail ---


def test_survey_by_mail_has_five_links_and_is_marked_automatic(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    deliver(business.tenant.id, answer(business))
    with tenant_scope(business.tenant.id):
        close(conversation=Conversation.objects.get(), by=business.actor(business.agent))
        survey = Delivery.objects.latest("id").pk
        message = Message.objects.get(deliveries=survey)
    deliver(business.tenant.id, survey)
    sent = post.mails[-1]
    body = sent.get_body(("plain",))
    assert body is not None
    lines = body.get_content().split()
    url = message.data["rating"]["url"]
    assert [line for line in lines if line.startswith("http")] == [
        f"{url}?score={score}" for score in (5, 4, 3, 2, 1)
    ]
    html = sent.get_body(("html",))
    assert html is not None
    assert html.get_content().count("<a href=") == 5
    assert (sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]) == ("auto-generated", "All")

    assert mailbox.take_in(bounce(str(sent["Message-ID"])))[0] == "delivery_failure"
    assert state(business, survey)[0] == "failed"
    with tenant_scope(business.tenant.id):
        conversation = Conversation.objects.get()
        assert (conversation.status, conversation.episode_count) == ("closed", 1)
        assert Delivery.objects.count() == 2


def test_rating_may_be_given_by_answering_the_survey_s_mail(
    business: Business, mailbox: Mailbox, post: Post
) -> None:
    """An answer in words is a message like any other: it reopens, and nobody is asked again."""
    deliver(business.tenant.id, answer(business))
    with tenant_scope(business.tenant.id):
        close(conversation=Conversation.objects.get(), by=business.actor(business.agent))
        survey = Delivery.objects.latest("id").pk
    deliver(business.tenant.id, survey)
    sent = post.mails[-1]
    assert (
        mailbox.take_in(mail("Re: Bici", "Muy bien", To=str(sent["Reply-To"]), Message_ID="<9@x>"))[0]
        == "message"
    )
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.get().status == "open"
        assert Delivery.objects.count() == 2


def test_file_that_is_gone_is_no_mystery(business: Business, mailbox: Mailbox, post: Post) -> None:
    row = answer(business, files=[make_file()])
    with tenant_scope(business.tenant.id):
        Message.objects.get(kind="outbound").attachments.get().file.delete(save=False)
    deliver(business.tenant.id, row)
    assert state(business, row) == ("pending", "A file of this message cannot be read.")
    assert post.taken == []


# --- what is posted must be whole ---


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ({"CONTENT_LENGTH": "x"}, 411),
        ({"CONTENT_LENGTH": "9" * 400}, 413),
        ({"CONTENT_LENGTH": str(41 * 1024 * 1024)}, 413),
        ({"CONTENT_LENGTH": "100000", "wsgi.input": BytesIO(mail())}, 400),
    ],
)
def test_mail_without_its_length_or_cut_off_is_refused_so_that_it_comes_again(
    business: Business, headers: dict[str, Any], status: int
) -> None:
    box = Mailbox(business)
    response = Client().post(
        f"/hooks/email/{box.channel.pk}/",
        mail(),
        content_type="message/rfc822",
        headers={"authorization": f"Bearer {box.token}"},
        **headers,
    )
    assert response.status_code == status
    with tenant_scope(business.tenant.id):
        assert InboundEvent.objects.count() == 0
