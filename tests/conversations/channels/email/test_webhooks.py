"""Providers' webhooks: each report once, refused where the secret or the form is wrong.

The payloads are ours, written from the fields in the vendors' documentation (the page stands beside each).
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from conversations.actions.channels import reset_token
from conversations.actions.messages import send_reply
from conversations.channels.email import webhooks
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from tenants.kit import http
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business

RAW = (
    "From: Ana <ana@example.com>\r\nTo: tienda@example.com\r\nSubject: Bici\r\nMessage-ID: <1@x>\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n¿Tienen cámaras?\r\n"
)
SIGNING_KEY = "key-of-ana"


class Hook:
    """The business's mail channel, as a provider calls it."""

    def __init__(self, business: Business) -> None:
        self.business = business
        with tenant_scope(business.tenant.id):
            self.channel = Channel.objects.get(kind="email")
            self.token = reset_token(channel=self.channel, by=business.actor())

    def post(
        self, provider: str, body: Any, content_type: str = "", token: str | None = None, **headers: str
    ) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        secret = base64.b64encode(f"puente:{self.token if token is None else token}".encode()).decode()
        sent = {"Authorization": f"Basic {secret}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return Client().post(
            f"/hooks/email/{self.channel.pk}/{provider}/",
            raw,
            content_type=content_type or "application/json",
            headers={name: value for name, value in sent.items() if value},
        )

    def take_in(self, provider: str, body: Any, content_type: str = "", **headers: str) -> tuple[str, str]:
        answer = self.post(provider, body, content_type, **headers)
        assert answer.status_code == 200, answer.content
        read_everything(self.business)
        with tenant_scope(self.business.tenant.id):
            event = InboundEvent.objects.get(pk=answer.json()["id"])
            return event.outcome, event.reason

    def set(self, provider: str, **secrets: str) -> None:
        with tenant_scope(self.business.tenant.id):
            self.channel.settings = {**self.channel.settings, "provider": provider}
            self.channel.secrets = secrets
            self.channel.save()

    def answered(self) -> UUID:
        """An answer of ours that the provider took."""
        with tenant_scope(self.business.tenant.id):
            conversation = Conversation.objects.get()
            send_reply(conversation=conversation, text="Sí", by=self.business.actor(self.business.agent))
            Delivery.objects.update(status="sent", provider_id="abc@bicis.example")
            return Delivery.objects.get().pk

    def delivery(self) -> tuple[str, str]:
        with tenant_scope(self.business.tenant.id):
            found = Delivery.objects.get()
            return found.status, found.reason


@pytest.fixture
def hook(business: Business) -> Hook:
    return Hook(business)


def form(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


def multipart(
    fields: dict[str, str], files: dict[str, tuple[str, str, bytes]] | None = None
) -> tuple[bytes, str]:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value.encode()
        for name, value in fields.items()
    ]
    for name, (filename, kind, content) in (files or {}).items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content)
    body = b"".join(b"--xYzZY\r\n" + part + b"\r\n" for part in parts) + b"--xYzZY--\r\n"
    return body, "multipart/form-data; boundary=xYzZY"


FORM = "application/x-www-form-urlencoded"
HEADERS = {
    "From": "Ana <ana@example.com>",
    "To": "tienda@example.com",
    "Subject": "Bici",
    "Message-ID": "<1@x>",
}


def sns(message: Any, kind: str = "Notification", **fields: str) -> dict[str, Any]:
    # Amazon SNS Developer Guide, "HTTP/HTTPS notification JSON format"
    return {
        "Type": kind,
        "MessageId": str(uuid4()),
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:correo",
        "Message": json.dumps(message) if not isinstance(message, str) else message,
        "Timestamp": "2026-11-21T12:00:00.000Z",
        **fields,
    }


SES = {"X_Amz_Sns_Message_Type": "Notification"}

# provider: body, content type, further headers of a call that brings RAW
INBOUND: dict[str, tuple[Any, str, dict[str, str]]] = {
    # Mailgun, "Receive HTTP Requests with Parsed Messages" and "... raw MIME" (routes, forward())
    "mailgun": (
        form(
            {
                "sender": "ana@example.com",
                "recipient": "tienda@example.com",
                "body-mime": RAW,
                "timestamp": "1795262400",
                "token": "t",
                "signature": "s",
            }
        ),
        FORM,
        {},
    ),
    # Postmark, "Inbound webhook" with "Include raw email content in JSON payload"
    "postmark": (
        {"FromFull": {"Email": "ana@example.com", "Name": "Ana"}, "MessageID": "73e6d360", "RawEmail": RAW},
        "",
        {},
    ),
    # Twilio SendGrid, "Inbound Email Parse Webhook", raw
    "sendgrid": (
        *multipart({"email": RAW, "envelope": '{"to":["tienda@example.com"],"from":"ana@example.com"}'}),
        {},
    ),
    # Amazon SES Developer Guide, "Contents of notifications for Amazon SES email receiving"
    "amazon-ses": (
        sns(
            {
                "notificationType": "Received",
                "receipt": {"action": {"type": "SNS", "encoding": "BASE64"}},
                "content": base64.b64encode(RAW.encode()).decode(),
            }
        ),
        "text/plain; charset=UTF-8",
        SES,
    ),
    # Brevo, "Parsed email: the payload"
    "brevo": (
        {
            "items": [
                {
                    "Uuid": ["u-1"],
                    "Headers": HEADERS,
                    "RawTextBody": "¿Tienen cámaras?",
                    "RawHtmlBody": "",
                    "Attachments": [],
                }
            ]
        },
        "",
        {},
    ),
    # Mailjet, "Parse API: inbound emails"
    "mailjet": (
        {
            "Sender": "ana@example.com",
            "Recipient": "tienda@example.com",
            "Headers": HEADERS,
            "Parts": [],
            "Text-part": "¿Tienen cámaras?",
        },
        "",
        {},
    ),
}


@pytest.mark.parametrize("provider", INBOUND)
def test_mail_that_a_provider_received_becomes_one_message(hook: Hook, provider: str) -> None:
    body, content_type, headers = INBOUND[provider]
    assert hook.take_in(provider, body, content_type, **headers)[0] == "message"
    assert hook.take_in(provider, body, content_type, **headers)[0] == "message"  # the same event
    with tenant_scope(hook.business.tenant.id):
        message = Message.objects.get(kind="inbound")
        assert (message.text, message.data["message_id"]) == ("¿Tienen cámaras?", "1@x")
        conversation = Conversation.objects.get()
        assert (conversation.subject, conversation.identity.value) == ("Bici", "ana@example.com")
        event = InboundEvent.objects.get()
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        assert bytes(event.body).endswith(b"\r\n\r\n" + raw)


def test_the_same_mail_by_webhook_and_by_post_is_one_message(hook: Hook) -> None:
    body, content_type, _headers = INBOUND["postmark"]
    assert hook.take_in("postmark", body, content_type)[0] == "message"
    answer = Client().post(
        f"/hooks/email/{hook.channel.pk}/",
        RAW.encode(),
        content_type="message/rfc822",
        headers={"authorization": f"Bearer {hook.token}"},
    )
    read_everything(hook.business)
    with tenant_scope(hook.business.tenant.id):
        assert InboundEvent.objects.get(pk=answer.json()["id"]).outcome == "duplicate"


def test_files_come_along_in_parsed_forms(hook: Hook) -> None:
    # Twilio SendGrid, "Inbound Email Parse Webhook", default parameters
    body, content_type = multipart(
        {
            "headers": "\n".join(f"{name}: {value}" for name, value in HEADERS.items()),
            "text": "Foto",
            "charsets": '{"text":"UTF-8"}',
            "attachment-info": '{"attachment1":{"filename":"bici.png","type":"image/png"}}',
        },
        {"attachment1": ("bici.png", "image/png", b"\x89PNG\r\n\x1a\n")},
    )
    assert hook.take_in("sendgrid", body, content_type)[0] == "message"
    with tenant_scope(hook.business.tenant.id):
        message = Message.objects.get(kind="inbound")
        assert [attachment.name for attachment in message.attachments.all()] == ["bici.png"]


def bounced(provider: str, delivery: UUID) -> tuple[Any, dict[str, str]]:
    echo = {webhooks.REFERENCE: str(delivery)}
    return {
        # Mailgun, "Tracking failures": permanent failure
        "mailgun": (
            {
                "signature": {"timestamp": "1795262400", "token": "t", "signature": "s"},
                "event-data": {
                    "event": "failed",
                    "severity": "permanent",
                    "reason": "bounce",
                    "timestamp": 1795262400.5,
                    "id": "e1",
                    "recipient": "ana@example.com",
                    "user-variables": echo,
                    "message": {"headers": {"message-id": "other@mailgun"}},
                    "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
                },
            },
            {},
        ),
        # Postmark, "Bounce webhook"
        "postmark": (
            {
                "RecordType": "Bounce",
                "Type": "HardBounce",
                "ID": 7,
                "Email": "ana@example.com",
                "Details": "smtp;550 5.1.1 no such user",
                "BouncedAt": "2026-11-21T12:00:00Z",
                "MessageID": "pm-1",
                "Metadata": echo,
            },
            {},
        ),
        # Twilio SendGrid, "Event Webhook Reference": bounce
        "sendgrid": (
            [
                {
                    "event": "bounce",
                    "email": "ana@example.com",
                    "timestamp": 1795262400,
                    "smtp-id": "<abc@bicis.example>",
                    "sg_event_id": "sg-1",
                    "status": "5.1.1",
                    "reason": "550 5.1.1 no such user",
                }
            ],
            {},
        ),
        # Amazon SES Developer Guide, "Amazon SNS notification contents": bounce
        "amazon-ses": (
            sns(
                {
                    "notificationType": "Bounce",
                    "bounce": {
                        "bounceType": "Permanent",
                        "bounceSubType": "General",
                        "bouncedRecipients": [
                            {
                                "emailAddress": "ana@example.com",
                                "diagnosticCode": "smtp; 550 5.1.1 no such user",
                            }
                        ],
                    },
                    "mail": {
                        "messageId": "ses-1",
                        "destination": ["ana@example.com"],
                        "headers": [{"name": "X-Metadata", "value": json.dumps(echo)}],
                    },
                }
            ),
            SES,
        ),
        # Brevo, "Transactional webhooks": hard bounce
        "brevo": (
            {
                "event": "hard_bounce",
                "email": "ana@example.com",
                "message-id": "<abc@bicis.example>",
                "ts_epoch": 1795262400000,
                "reason": "550 5.1.1 no such user",
            },
            {},
        ),
        # Mailjet, "Event API: bounce"
        "mailjet": (
            [
                {
                    "event": "bounce",
                    "time": 1795262400,
                    "MessageID": 1,
                    "email": "ana@example.com",
                    "hard_bounce": True,
                    "error": "user unknown",
                    "comment": "550 5.1.1 no such user",
                    "Payload": json.dumps(echo),
                }
            ],
            {},
        ),
    }[provider]


@pytest.mark.parametrize("provider", webhooks.PROVIDERS)
def test_a_bounce_fails_our_delivery_and_says_why(hook: Hook, provider: str) -> None:
    hook.take_in("postmark", INBOUND["postmark"][0])
    body, headers = bounced(provider, hook.answered())
    outcome, reason = hook.take_in(provider, body, **headers)
    assert (outcome, reason.partition(":")[0]) == ("delivery_failure", "This mailbox does not exist")
    assert hook.delivery() == ("failed", reason)
    assert hook.take_in(provider, body, **headers) == (outcome, reason)
    with tenant_scope(hook.business.tenant.id):
        told = Message.objects.get(kind="event", data__event="delivery_failed").data
        assert (told["category"], told["permanent"], told["address"]) == (
            "no_mailbox",
            True,
            "ana@example.com",
        )


DELIVERED: dict[str, tuple[Any, dict[str, str]]] = {
    # the same pages as the bounces
    "mailgun": (
        {
            "signature": {"timestamp": "1", "token": "t", "signature": "s"},
            "event-data": {
                "event": "delivered",
                "timestamp": 1795262400.5,
                "id": "e2",
                "recipient": "ana@example.com",
                "message": {"headers": {"message-id": "abc@bicis.example"}},
            },
        },
        {},
    ),
    "postmark": (
        {
            "RecordType": "Delivery",
            "Recipient": "ana@example.com",
            "DeliveredAt": "2026-11-21T12:00:00Z",
            "MessageID": "abc@bicis.example",
        },
        {},
    ),
    "sendgrid": (
        [
            {
                "event": "delivered",
                "email": "ana@example.com",
                "timestamp": 1795262400,
                "smtp-id": "<abc@bicis.example>",
                "sg_event_id": "sg-2",
            }
        ],
        {},
    ),
    "amazon-ses": (
        sns(
            {
                "eventType": "Delivery",
                "delivery": {"recipients": ["ana@example.com"], "smtpResponse": "250 ok"},
                "mail": {"messageId": "abc@bicis.example"},
            }
        ),
        SES,
    ),
    "brevo": (
        {
            "event": "delivered",
            "email": "ana@example.com",
            "message-id": "<abc@bicis.example>",
            "ts_epoch": 1795262400000,
        },
        {},
    ),
    "mailjet": (
        {
            "event": "sent",
            "time": 1795262400,
            "MessageID": "abc@bicis.example",
            "email": "ana@example.com",
            "smtp_reply": "sent (250 2.0.0 OK)",
        },
        {},
    ),
}
COMPLAINT: dict[str, tuple[Any, dict[str, str]]] = {
    "mailgun": (
        {
            "signature": {"timestamp": "1", "token": "t", "signature": "s"},
            "event-data": {
                "event": "complained",
                "timestamp": 1795262400.5,
                "id": "e3",
                "recipient": "ana@example.com",
                "message": {"headers": {"message-id": "abc@bicis.example"}},
            },
        },
        {},
    ),
    "postmark": (
        {
            "RecordType": "SpamComplaint",
            "Type": "SpamComplaint",
            "ID": 8,
            "Email": "ana@example.com",
            "BouncedAt": "2026-11-21T12:00:00Z",
            "MessageID": "abc@bicis.example",
        },
        {},
    ),
    "sendgrid": (
        [
            {
                "event": "spamreport",
                "email": "ana@example.com",
                "timestamp": 1795262400,
                "smtp-id": "<abc@bicis.example>",
                "sg_event_id": "sg-3",
            }
        ],
        {},
    ),
    "amazon-ses": (
        sns(
            {
                "notificationType": "Complaint",
                "complaint": {
                    "complainedRecipients": [{"emailAddress": "ana@example.com"}],
                    "complaintFeedbackType": "abuse",
                },
                "mail": {"messageId": "abc@bicis.example"},
            }
        ),
        SES,
    ),
    "brevo": (
        {
            "event": "spam",
            "email": "ana@example.com",
            "message-id": "<abc@bicis.example>",
            "ts_epoch": 1795262400000,
        },
        {},
    ),
    "mailjet": (
        [{"event": "spam", "time": 1795262400, "MessageID": "abc@bicis.example", "email": "ana@example.com"}],
        {},
    ),
}


@pytest.mark.parametrize("provider", webhooks.PROVIDERS)
def test_delivered_and_complaints_are_told(hook: Hook, provider: str) -> None:
    hook.take_in("postmark", INBOUND["postmark"][0])
    hook.answered()
    assert hook.take_in(provider, DELIVERED[provider][0], **DELIVERED[provider][1])[0] == "status"
    assert hook.delivery() == ("delivered", "")
    assert hook.take_in(provider, COMPLAINT[provider][0], **COMPLAINT[provider][1])[0] == "complaint"
    assert hook.delivery() == ("delivered", "")


@pytest.mark.parametrize(
    ("provider", "body", "outcome", "reason"),
    [
        (
            "postmark",
            {"RecordType": "Open", "Recipient": "a@b.mx", "MessageID": "x"},
            "status",
            webhooks.NOTHING_TO_DO,
        ),
        ("sendgrid", [{"event": "processed", "email": "a@b.mx"}], "status", webhooks.NOTHING_TO_DO),
        ("sendgrid", [], "status", webhooks.NOTHING_TO_DO),
        ("brevo", {"event": "of-tomorrow"}, "status", webhooks.UNKNOWN_KIND),
        ("postmark", {"RecordType": "OfTomorrow"}, "status", webhooks.UNKNOWN_KIND),
        ("sendgrid", {"a": "b"}, "parked", webhooks.UNKNOWN_FORM),
        ("mailjet", [[1]], "parked", webhooks.UNKNOWN_FORM),
        ("brevo", {"items": [{"Headers": 7}]}, "parked", webhooks.UNKNOWN_FORM),
        ("postmark", [1], "parked", webhooks.UNKNOWN_FORM),
        ("amazon-ses", {"Type": "Notification", "Message": "x"}, "parked", webhooks.UNKNOWN_FORM),
    ],
)
def test_other_reports_change_nothing_and_unknown_forms_are_kept(
    hook: Hook, provider: str, body: Any, outcome: str, reason: str
) -> None:
    assert hook.take_in(provider, body, **SES) == (outcome, reason)


def test_ses_mail_kept_in_s3_says_what_to_change(hook: Hook) -> None:
    body = sns({"notificationType": "Received", "receipt": {"action": {"type": "S3", "bucketName": "b"}}})
    assert hook.take_in("amazon-ses", body, **SES) == ("parked", webhooks.ONLY_SNS)


@pytest.mark.parametrize(("status", "answer"), [(200, 200), (500, 503)])
def test_ses_subscription_is_confirmed_by_a_visit(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, status: int, answer: int
) -> None:
    visited: list[str] = []

    def visit(url: str, **limits: Any) -> http.Response:
        visited.append(url)
        return http.Response(status, b"")

    monkeypatch.setattr(http, "get", visit)
    url = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"
    body = sns("Confirm", "SubscriptionConfirmation", SubscribeURL=url, Token="1")
    call: Callable[..., Any] = hook.post
    response = call("amazon-ses", body, X_Amz_Sns_Message_Type="SubscriptionConfirmation")
    assert (response.status_code, visited) == (answer, [url])
    elsewhere = {**body, "SubscribeURL": "https://sns.example.com/"}
    assert hook.take_in("amazon-ses", elsewhere) == ("status", webhooks.CONFIRMED)
    assert visited == [url]


def test_wrong_secrets_and_unknown_channels_are_401_and_nothing_is_kept(hook: Hook) -> None:
    body = INBOUND["postmark"][0]
    for token in ("", "wrong", "ct_\x00", "ñ"):
        assert hook.post("postmark", body, token=token).status_code == 401
    assert hook.post("postmark", body, Authorization="").status_code == 401
    assert hook.post("postmark", body, Authorization="Basic ???").status_code == 401
    assert hook.post("postmark", body, Authorization=f"Bearer {hook.token}").status_code == 401
    assert Client().post(f"/hooks/email/{uuid4()}/postmark/", b"{}", "application/json").status_code == 401
    with tenant_scope(hook.business.tenant.id):
        assert InboundEvent.objects.count() == 0


def test_the_other_business_does_not_open_with_our_token(hook: Hook, other: Business) -> None:
    theirs = Hook(other)
    assert theirs.post("postmark", INBOUND["postmark"][0], token=hook.token).status_code == 401


def test_what_is_no_report_is_400_and_nothing_is_kept(hook: Hook) -> None:
    bodies = (b"", b"{", b"\x00", b"7", b'"x"', b"\xff\xfe")
    for provider, body in product(webhooks.PROVIDERS, bodies):
        assert hook.post(provider, body).status_code == 400, (provider, body)
    with tenant_scope(hook.business.tenant.id):
        assert InboundEvent.objects.count() == 0


def test_unknown_providers_are_404_and_get_is_405(hook: Hook) -> None:
    assert hook.post("nobody", {}).status_code == 404
    assert Client().get(f"/hooks/email/{hook.channel.pk}/postmark/").status_code == 405


def mailgun_signed(stamp: float, key: str = SIGNING_KEY) -> dict[str, str]:
    # Mailgun, "Securing webhooks"
    signature = hmac.new(key.encode(), f"{int(stamp)}tok".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": str(int(stamp)), "token": "tok", "signature": signature}


@pytest.mark.parametrize(
    ("signature", "status"),
    [
        (mailgun_signed(time.time()), 200),
        (mailgun_signed(time.time(), "other"), 401),
        (mailgun_signed(time.time() - 3 * 86_400), 401),
        ({"timestamp": "x", "token": "tok", "signature": "ñ"}, 401),
        ({}, 401),
    ],
)
def test_with_its_key_mailgun_is_known_by_its_signature_alone(
    hook: Hook, signature: dict[str, str], status: int
) -> None:
    hook.set("mailgun", signing_key=SIGNING_KEY)
    body = {"signature": signature, "event-data": {"event": "opened", "timestamp": 1.5}}
    assert hook.post("mailgun", body, Authorization="").status_code == status
    assert hook.post("mailgun", body).status_code == status  # the token does not replace it
    mail = form({"body-mime": RAW, **signature})
    assert hook.post("mailgun", mail, FORM, Authorization="").status_code == status


def test_with_its_key_sendgrid_signs_events_and_brings_mail_by_token(hook: Hook) -> None:
    # Twilio SendGrid, "Getting Started with the Event Webhook Security Features"
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    hook.set("sendgrid", signing_key=base64.b64encode(public).decode())
    body, stamp = json.dumps([{"event": "open", "email": "a@b.mx"}]).encode(), str(int(time.time()))

    def call(signed: bytes, header: str = stamp) -> int:
        signature = base64.b64encode(private.sign(signed, ec.ECDSA(hashes.SHA256()))).decode()
        name = "X_Twilio_Email_Event_Webhook"
        sent = {f"{name}_Signature": signature, f"{name}_Timestamp": header}
        answer: int = hook.post("sendgrid", body, Authorization="", **sent).status_code
        return answer

    assert call(stamp.encode() + body) == 200
    assert call(stamp.encode() + b"other") == 401
    assert call(b"1" + body, "1") == 401
    assert hook.post("sendgrid", body).status_code == 401
    mail, content_type, _headers = INBOUND["sendgrid"]
    assert hook.post("sendgrid", mail, content_type).status_code == 200
    assert hook.post("sendgrid", mail, content_type, Authorization="").status_code == 401


def test_brevo_files_are_fetched_by_our_own_client(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    # Brevo API reference, "Retrieve inbound attachment with download token"
    hook.set("brevo", provider_key="xkeysib-1")
    asked: list[tuple[str, dict[str, str]]] = []

    def fetch(url: str, headers: dict[str, str], **limits: Any) -> http.Response:
        asked.append((url, headers))
        return http.Response(200, b"%PDF-1.4", {"content-type": "application/pdf"})

    monkeypatch.setattr(http, "get", fetch)
    item = INBOUND["brevo"][0]["items"][0]
    file = {"Name": "nota.pdf", "ContentType": "application/pdf", "DownloadToken": "a/b"}
    assert hook.take_in("brevo", {"items": [{**item, "Attachments": [file]}]})[0] == "message"
    assert asked == [("https://api.brevo.com/v3/inbound/attachments/a%2Fb", {"api-key": "xkeysib-1"})]
    with tenant_scope(hook.business.tenant.id):
        assert [file.name for file in Message.objects.get().attachments.all()] == ["nota.pdf"]


def test_our_reference_goes_out_in_the_providers_own_header() -> None:
    delivery = uuid4()
    found = {slug: webhooks.reference_headers(slug, delivery) for slug in webhooks.PROVIDERS}
    assert all(str(delivery) in next(iter(headers.values())) for headers in found.values())
    assert len({next(iter(headers)) for headers in found.values()}) == len(found)
    assert webhooks.reference_headers("", delivery) == {}
