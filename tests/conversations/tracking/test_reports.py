"""Mails that come back, are taken for spam, or are unsubscribed from: on the line, and never again."""

import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.channels.base import InboundStatus
from conversations.models import Channel, InboundEvent, Recipient
from conversations.tracking import reports
from crm.models import Consent, ConsentEvent, Segment, Suppression
from tests.conversations.inbound import read_everything
from tests.conversations.tracking.test_links import sent
from tests.factories.campaigns import Sink, make_campaign
from tests.factories.tenants import Business

REPORT = """From: MAILER-DAEMON@correo.example
To: hola@mirasol.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn-1@correo.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=b

--b
Content-Type: text/plain

No such user.
--b
{status}
--b
Content-Type: message/rfc822

{original}
--b--
"""
DSN = """Content-Type: message/delivery-status

Reporting-MTA: dns; correo.example

Final-Recipient: rfc822; clientas0@correo.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user here
"""
ARF = """Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: FBL/1.0
Version: 1
Original-Rcpt-To: clientas0@correo.example
"""


def take_in(business: Business, mail: EmailMessage, kind: str, status: str) -> InboundEvent:
    """A report on a mail, as it comes to its channel's mailbox."""
    original = f"From: {mail['From']}\nTo: {mail['To']}\nSubject: x\nMessage-ID: {mail['Message-ID']}\n\nHola"
    raw = REPORT.format(kind=kind, status=status, original=original)
    event = InboundEvent.objects.create(
        channel_id=Recipient.objects.get().channel_id,
        body=raw.encode().replace(b"\n", b"\r\n"),
        body_hash="1",
        content_type="message/rfc822",
    )
    read_everything(business)
    event.refresh_from_db()
    return event


def test_returned_mail_fails_and_is_never_written_to_again(scope: Business, sink: Sink) -> None:
    [mail] = sent(sink)
    event = take_in(scope, mail, "delivery-status", DSN)
    assert event.outcome == "delivery_failure"
    row = Recipient.objects.get()
    assert (row.state, row.reason, row.bounced_at is not None) == ("failed", "refused", True)
    assert "No such user" in row.detail
    assert Suppression.objects.get().value == "clientas0@correo.example"
    assert Suppression.objects.get().covers == "all"


def test_complaint_is_noted_and_ends_what_comes_unasked(scope: Business, sink: Sink) -> None:
    [mail] = sent(sink)
    event = take_in(scope, mail, "feedback-report", ARF)
    assert event.outcome == "complaint"
    row = Recipient.objects.get()
    assert row.complained_at is not None
    assert (Suppression.objects.get().reason, Suppression.objects.get().covers) == ("complaint", "unasked")


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [("sent", "unknown", "sent"), ("delivered", "sent", "delivered"), ("sent", "delivered", "delivered")],
)
def test_providers_say_what_arrived(
    scope: Business, sink: Sink, status: str, before: str, after: str
) -> None:
    sent(sink)
    Recipient.objects.update(state=before)
    row = Recipient.objects.get()
    told: list[dict[str, Any]] = [{"delivery_id": row.pk}, {"message_reference": row.provider_id}]
    for how in told:
        Recipient.objects.update(state=before)
        reports.hear(channel=Channel.objects.get(pk=row.channel_id), item=InboundStatus("x", status, **how))
        assert Recipient.objects.get().state == after


def test_reports_of_no_mail_of_ours_do_nothing(scope: Business, sink: Sink) -> None:
    [mail] = sent(sink)
    del mail["Message-ID"]
    mail["Message-ID"] = "<forged@elsewhere.example>"
    take_in(scope, mail, "delivery-status", DSN)
    assert Recipient.objects.get().state == "sent"
    assert not Suppression.objects.exists()


def one_click(mail: EmailMessage) -> str:
    """The address a mail program posts to."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://localhost:8000(/p/\S+)>", mail["List-Unsubscribe"])
    assert found
    return found[1]


def test_mail_programs_unsubscribe_by_one_click(scope: Business, sink: Sink) -> None:
    """RFC 8058: by what stands in the mail alone; no cookie, no token, no redirect."""
    [mail] = sent(sink)
    address, client = one_click(mail), Client(enforce_csrf_checks=True)
    for look in (client.get, client.head):
        assert look(address).status_code == 200
        assert not ConsentEvent.objects.filter(state="withdrawn").exists()
        assert Recipient.objects.get().opted_out_at is None

    for _ in range(2):
        answer = client.post(address, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        assert (answer.status_code, answer.content) == (200, b"OK")
        assert not answer.cookies
    assert Consent.objects.get().state == Consent.State.WITHDRAWN
    assert Recipient.objects.get().opted_out_at is not None


def test_unsubscribing_counts_where_it_came_from(scope: Business, sink: Sink) -> None:
    [mail] = sent(sink)
    row = Recipient.objects.get()
    later = make_campaign(Segment.objects.get(), name="Otra")
    last = Recipient.objects.create(
        campaign=later,
        customer_id=row.customer_id,
        address="x@y.example",
        state="sent",
        sent_at=timezone.now(),
    )
    data = {"List-Unsubscribe": "One-Click"}

    Client().post(one_click(mail), data)
    assert Recipient.objects.exclude(opted_out_at=None).get() == row

    Client().post(one_click(mail).replace("?m=", "?m=x"), data)
    assert set(Recipient.objects.exclude(opted_out_at=None)) == {row, last}
