"""The addresses that Twilio's webhooks call: a customer's message, and what became of one of ours.

Source: twilio.com/docs/messaging/guides/webhook-request; …/docs/messaging/guides/outbound-message-status-in-
status-callbacks (API 2010-04-01).
"""

from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from conversations.actions import inbound
from conversations.channels.base import Unreadable
from conversations.channels.entrance import Entrance, through
from conversations.channels.posted import secrets_of, whole_body
from conversations.channels.twilio import fields, signature
from tenants.kit.problems import problem

log = structlog.get_logger("puente.hooks")
LARGEST = 256 * 1024  # bytes
NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


def received(
    request: HttpRequest, channel_id: UUID, kind: str, delivery_id: UUID | None = None
) -> HttpResponse:
    """Take in a call. The delivery that a status speaks of stands in its address, not in its form."""

    def take(entrance: Entrance | None) -> HttpResponse:
        return _take(request, entrance, kind, delivery_id)

    return through(channel_id, take)


def incoming_address(kind: str, channel_id: UUID) -> str:
    """Where Twilio brings customers' messages."""
    return settings.BASE_URL + reverse(f"channels:{kind}-hook", args=[channel_id])


def status_address(kind: str, channel_id: UUID, delivery_id: UUID) -> str:
    """Where Twilio tells what became of a message: with our reference, since it echoes none itself."""
    return settings.BASE_URL + reverse(f"channels:{kind}-status", args=[channel_id, delivery_id])


def _take(
    request: HttpRequest, entrance: Entrance | None, kind: str, delivery_id: UUID | None
) -> HttpResponse:
    body = whole_body(request, LARGEST)
    if isinstance(body, HttpResponse):
        return body
    if request.content_type != fields.CONTENT_TYPE:
        return problem(415, "Send the event as a form.")
    try:
        posted = fields.pairs(body)
    except Unreadable:
        return problem(400, "The body is no form.")
    is_known = entrance is not None and entrance.kind == kind
    token = str(secrets_of(entrance).get("auth_token") or "") if entrance and is_known else ""
    url = settings.BASE_URL + request.get_full_path()
    if not signature.is_signed(url, posted, request.META.get("HTTP_X_TWILIO_SIGNATURE", ""), token):
        log.warning("webhook refused", path=request.path)
        return problem(403, "The signature was not made with this account's token.")
    assert entrance
    reference = f"; delivery={delivery_id}" if delivery_id else ""
    inbound.accept(entrance=entrance, body=body, content_type=fields.CONTENT_TYPE + reference)
    return HttpResponse(NOTHING_TO_SAY, content_type="text/xml; charset=utf-8")
