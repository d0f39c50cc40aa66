"""E-mail by a provider's webhooks: what it received for us, and what became of what we sent.

Each provider's formats are read by django-anymail's parsers. One address takes both of its webhooks,
and tells them apart by what they bring. A call is kept as an HTTP message (RFC 9112 §10.1): its
body byte for byte under the headers that the parsers need.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast
from urllib.parse import quote, urlsplit
from uuid import UUID

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType
from anymail.utils import get_request_basic_auth
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoInboundWebhookView, BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView, MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView, SendGridTrackingWebhookView
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.channels.base import Ignored, Inbound, InboundStatus, Unreadable
from conversations.channels.email import incoming
from conversations.channels.email.diagnosis import MAX_DIAGNOSTIC_CHARS, diagnose
from conversations.channels.email.parts import one_line
from conversations.channels.email.verdict import Failure
from conversations.models import Channel, Delivery
from tenants.kit import http

CONTENT_TYPE = "message/http"
KEPT_HEADERS = ("Content-Type", "X-Amz-Sns-Message-Type")
REFERENCE = "puente_delivery"  # the name under which providers echo our delivery's id
OLDEST_SIGNATURE = 24 * 3600  # seconds; providers sign every attempt anew
SENDGRID_STAMP = "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_TIMESTAMP"
MAX_FILE_BYTES = 25 * 1024 * 1024  # of one that has to be fetched
UNKNOWN_FORM = gettext_noop("The provider's report has a form we do not know.")
UNKNOWN_KIND = gettext_noop("A kind of report we do not know yet.")
ONLY_SNS = gettext_noop("Amazon SES keeps this mail in S3. Let its rule publish to SNS instead.")
NOTHING_TO_DO = gettext_noop("A report that changes nothing here.")
CONFIRMED = gettext_noop("The provider asked whether this address wants its reports.")
Parser = type[AnymailBaseWebhookView]


class _BrevoInbound(BrevoInboundWebhookView):
    def _fetch_attachment(self, attachment: dict[str, Any]) -> Any:
        """Fetch a file by our own client. Raises `HttpError`, and the event is tried again."""
        url = f"{self.api_url}inbound/attachments/{quote(str(attachment['DownloadToken']), safe='')}"
        answer = http.get(url, headers={"api-key": self.api_key}, seconds=20, max_bytes=MAX_FILE_BYTES)
        if answer.status >= 400:
            raise http.HttpError(f"It answered {answer.status}.")
        return AnymailInboundMessage.construct_attachment(
            content_type=answer.headers.get("content-type") or attachment["ContentType"],
            content=answer.body,
            filename=attachment.get("Name"),
            content_id=attachment.get("ContentID"),
        )


class _SendGridInbound(SendGridInboundWebhookView):
    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)


class _SendGridTracking(SendGridTrackingWebhookView):
    warn_if_no_basic_auth = False  # it is judged by its signature

    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider of e-mail: its parsers, how its two webhooks differ, and how it signs."""

    title: str
    inbound: Parser | None  # None for both: those of `amazon_ses`
    tracking: Parser | None
    brings_mail: Callable[[HttpRequest, Any], bool]  # the call, its JSON (None for a form)
    takes_forms: bool = False
    signs: bool = False  # with a key that the owner brings
    raw_field: str = ""  # where the mail stands as it was sent


def _is_form(request: HttpRequest, data: Any) -> bool:
    return data is None


PROVIDERS = {
    "mailgun": Provider(
        "Mailgun",
        MailgunInboundWebhookView,
        MailgunTrackingWebhookView,
        _is_form,
        takes_forms=True,
        signs=True,
        raw_field="body-mime",
    ),
    "postmark": Provider(
        "Postmark",
        PostmarkInboundWebhookView,
        PostmarkTrackingWebhookView,
        lambda request, data: data.get("RecordType", "Inbound") == "Inbound",
        raw_field="RawEmail",
    ),
    "sendgrid": Provider(
        "SendGrid",
        _SendGridInbound,
        _SendGridTracking,
        _is_form,
        takes_forms=True,
        signs=True,
        raw_field="email",
    ),
    "amazon-ses": Provider(
        "Amazon SES",
        None,
        None,
        lambda request, data: _sns_message(data).get("notificationType") == "Received",
    ),
    "brevo": Provider(
        "Brevo", _BrevoInbound, BrevoTrackingWebhookView, lambda request, data: "items" in data
    ),
    "mailjet": Provider(
        "Mailjet",
        MailjetInboundWebhookView,
        MailjetTrackingWebhookView,
        lambda request, data: isinstance(data, dict) and "event" not in data,
    ),
}


def _amazon() -> Any:
    """The parsers of Amazon's reports, which bring Amazon's library: 10 MB where nobody uses it."""
    from conversations.channels.email import amazon_ses  # noqa: PLC0415 -- as said

    return amazon_ses


# At the address


def keep(slug: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The call as an HTTP message: the headers that the parsers need, then the body as it came."""
    kept = [f"{name}: {one_line(headers[name])[:300]}" for name in KEPT_HEADERS if headers.get(name)]
    head = "\r\n".join([f"POST /{slug}/ HTTP/1.1", *kept])
    return head.encode("latin-1", "replace") + b"\r\n\r\n" + body


def is_readable(slug: str, kept: bytes) -> bool:
    """Whether a call is JSON (or a form, where the provider sends such) at all."""
    with closing(_request(kept)) as request:
        try:
            return isinstance(_data(PROVIDERS[slug], request), dict | list | None)
        except (ValueError, SuspiciousOperation, MultiPartParserError):
            return False


def password(request: HttpRequest) -> str:
    """The password of HTTP's basic authentication, or ''."""
    try:
        return str(get_request_basic_auth(request) or "").partition(":")[2]
    except ValueError:
        return ""


def is_signed(slug: str, request: HttpRequest, kept: bytes, key: str) -> bool | None:
    """Whether the provider's signature is right; None where this call is one that it does not sign.

    Mailgun: documentation.mailgun.com, "Securing Webhooks". SendGrid: docs.sendgrid.com, "Getting Started
    with the Event Webhook Security Features" (its inbound parse webhook has none).
    """
    with closing(_request(kept)) as again:
        for name, value in request.META.items():
            if name.startswith("HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_"):
                again.META[name] = value
        try:
            if slug == "sendgrid" and _data(PROVIDERS[slug], again) is None:
                return None
            stamp = _mailgun_stamp(again) if slug == "mailgun" else again.META[SENDGRID_STAMP]
            _verifier(slug, key).run_validators(again)
            return abs(timezone.now().timestamp() - float(stamp)) < OLDEST_SIGNATURE
        except (AnymailWebhookValidationFailure, SuspiciousOperation, MultiPartParserError):
            return False
        except (KeyError, TypeError, ValueError, UnsupportedAlgorithm):
            return False


def _verifier(slug: str, key: str) -> AnymailBaseWebhookView:
    """What checks a signature. Raises `ValueError` where the key is none."""
    if slug == "mailgun":
        return MailgunTrackingWebhookView(webhook_signing_key=key)
    view = _SendGridTracking()
    pem = f"-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----"
    view.webhook_verification_key = load_pem_public_key(pem.encode())
    return view


def _mailgun_stamp(request: HttpRequest) -> str:
    if request.content_type == "application/json":
        return str(json.loads(request.body)["signature"]["timestamp"])
    return str(request.POST["timestamp"])


def confirm(kept: bytes) -> bool:
    """Tell Amazon that its topic may post here; False when it should ask again.

    Amazon SNS, "HTTP/HTTPS subscription confirmation JSON format": the answer is a visit to SubscribeURL.
    """
    with closing(_request(kept)) as request:
        data = json.loads(request.body)
    if not isinstance(data, dict) or data.get("Type") != "SubscriptionConfirmation":
        return True
    url = str(data.get("SubscribeURL", ""))
    host = urlsplit(url).hostname or ""
    if not url.startswith("https://") or not host.startswith("sns.") or not _is_amazon(host):
        return True  # nobody that may ask
    try:
        return http.get(url, seconds=8).status < 400
    except http.HttpError:
        return False


def _is_amazon(host: str) -> bool:
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn"))


# In the task


def read(kept: bytes, channel: Channel) -> list[Inbound]:
    """What a kept call says. Raises `Unreadable`, and `HttpError` where a file could not be fetched."""
    with closing(_request(kept)) as request:
        slug = request.path.strip("/")
        provider = PROVIDERS.get(slug)
        if provider is None:
            raise Unreadable(UNKNOWN_FORM)
        try:
            return _items(provider, request, channel, _digest(kept))
        except (AnymailError, SuspiciousOperation, MultiPartParserError) as error:
            raise Unreadable(UNKNOWN_FORM) from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Unreadable(UNKNOWN_FORM) from error


def _items(provider: Provider, request: HttpRequest, channel: Channel, identity: str) -> list[Inbound]:
    data = _data(provider, request)
    if provider.inbound is None and data.get("Type") != "Notification":
        return [Ignored("status", CONFIRMED, identity)]
    if provider.brings_mail(request, data):
        return [incoming.read(raw, channel) for raw in _mails(provider, request, data, channel)]
    events = _parser(provider.tracking or _amazon().Tracking, channel).parse_events(request)
    return [_status(event) for event in events] or [Ignored("status", NOTHING_TO_DO, identity)]


def _request(kept: bytes) -> WSGIRequest:
    """The kept call as Django would have it."""
    head, _gap, body = kept.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": first.split(" ")[1]}
    for line in lines:
        name, _colon, value = line.partition(": ")
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    environ["CONTENT_TYPE"] = environ.get("HTTP_CONTENT_TYPE", "")
    environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    return WSGIRequest(environ)


def _data(provider: Provider, request: HttpRequest) -> Any:
    """The call's JSON, or None for a form. Raises `ValueError` for neither."""
    body = request.body
    if provider.takes_forms and request.content_type in (
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ):
        if not request.POST:
            raise ValueError("an empty form")
        return None
    data = json.loads(body)
    if not isinstance(data, dict | list):
        raise ValueError("neither an object nor a list")
    return data


def _parser(view: Parser, channel: Channel) -> AnymailBaseWebhookView:
    """An instance that parses; who called was decided before."""
    options: dict[str, Any] = {"webhook_secret": "kept:before"}
    if view in (MailgunInboundWebhookView, MailgunTrackingWebhookView):
        options["webhook_signing_key"] = "kept before"
    if view is _BrevoInbound:
        options["api_key"] = channel.secrets.get("provider_key", "")
    return view(**options)


def _mails(provider: Provider, request: HttpRequest, data: Any, channel: Channel) -> list[bytes]:
    """The mails as they were sent where the provider brings them so, else put together again."""
    if provider.inbound is None:
        return [_ses_mail(_sns_message(data))]
    source = request.POST if data is None else data
    raw = source.get(provider.raw_field) if provider.raw_field else None
    if isinstance(raw, str) and raw.strip():
        return [raw.encode("utf-8", "surrogateescape")]
    events = cast(
        list[AnymailInboundEvent],
        _parser(provider.inbound or _amazon().Inbound, channel).parse_events(request),
    )
    return [_put_together(event.message) for event in events]


def _ses_mail(notification: dict[str, Any]) -> bytes:
    """Amazon SES Developer Guide, "Contents of notifications for Amazon SES email receiving"."""
    action = notification["receipt"]["action"]
    if action["type"] != "SNS":
        raise Unreadable(ONLY_SNS)
    content = str(notification["content"]).encode("utf-8", "surrogateescape")
    return b64decode(content) if str(action.get("encoding")).upper() == "BASE64" else content


def _put_together(message: AnymailInboundMessage) -> bytes:
    return bytes(message.as_bytes(policy=message.policy.clone(refold_source="none", utf8=True)))


def _sns_message(data: Any) -> dict[str, Any]:
    """What Amazon SNS wraps: SES's notification."""
    try:
        found = json.loads(data["Message"])
    except (KeyError, TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


STATUSES: dict[str, str] = {
    EventType.SENT: Delivery.Status.SENT,
    EventType.DELIVERED: Delivery.Status.DELIVERED,
    EventType.DEFERRED: "delayed",
    EventType.BOUNCED: Delivery.Status.FAILED,
    EventType.REJECTED: Delivery.Status.FAILED,
    EventType.FAILED: Delivery.Status.FAILED,
    EventType.COMPLAINED: "complaint",
}


def _status(event: AnymailTrackingEvent) -> Inbound:
    status = STATUSES.get(event.event_type, "")
    identity = _digest(
        repr((event.event_type, event.message_id, event.event_id, event.recipient, event.timestamp)).encode()
    )
    if not status:
        known = event.event_type != EventType.UNKNOWN
        return Ignored("status", NOTHING_TO_DO if known else UNKNOWN_KIND, identity)
    failure = _failure(event) if status == Delivery.Status.FAILED else None
    return InboundStatus(
        provider_id=identity,
        status=status,
        reason=incoming.why(failure) if failure else _reason(event, status),
        outcome={"failed": "delivery_failure", "complaint": "complaint"}.get(status, "status"),
        message_reference=str(event.message_id or "").strip("<> "),
        address=one_line(str(event.recipient or ""))[:254].lower(),
        details=incoming.details(failure) if failure else {},
        delivery_id=_echoed(event),
        at=event.timestamp,
    )


def _reason(event: AnymailTrackingEvent, status: str) -> str:
    said = one_line(str(event.mta_response or event.description or ""))[:MAX_DIAGNOSTIC_CHARS]
    if status == "delayed":
        return ": ".join(filter(None, [incoming.STILL_TRYING, said]))
    return said if status == "complaint" else ""


def _failure(event: AnymailTrackingEvent) -> Failure:
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    told = (event.mta_response, raw.get("comment"), raw.get("error"), event.description)
    sayings = [one_line(said) for said in told if said and isinstance(said, str)]
    found = diagnose(str(raw.get("status") or ""), [*sayings, str(event.reject_reason or "")])
    return Failure(
        address=str(event.recipient or ""),
        category=found.category,
        permanent=found.permanent,
        status=found.status,
        diagnostic=next(iter(sayings), "")[:MAX_DIAGNOSTIC_CHARS],
    )


def _echoed(event: AnymailTrackingEvent) -> UUID | None:
    """Our delivery's id, as the provider gives it back."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    try:
        return UUID(str(metadata.get(REFERENCE, "")))
    except ValueError:
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reference_headers(slug: str, delivery_id: UUID) -> dict[str, str]:
    """The header by which a provider's SMTP server takes our reference, to echo it in its reports.

    Mailgun, "Attaching Metadata to Messages"; Postmark, "Custom metadata FAQ"; SendGrid, "Unique
    Arguments"; Brevo, "X-Mailin-custom"; Mailjet, "X-MJ-EventPayload"; Amazon SES returns all headers.
    """
    value = json.dumps({REFERENCE: str(delivery_id)})
    return {
        "mailgun": {"X-Mailgun-Variables": value},
        "postmark": {f"X-PM-Metadata-{REFERENCE}": str(delivery_id)},
        "sendgrid": {"X-SMTPAPI": json.dumps({"unique_args": {REFERENCE: str(delivery_id)}})},
        "amazon-ses": {"X-Metadata": value},
        "brevo": {"X-Mailin-custom": value},
        "mailjet": {"X-MJ-EventPayload": value},
    }.get(slug, {})
