"""The address that Telegram calls with a bot's updates.

Source: core.telegram.org/bots/api#setwebhook (Bot API 10.3), `secret_token`.
"""

import hmac
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conversations.actions import inbound
from conversations.channels.base import Unreadable
from conversations.channels.entrance import Entrance, through
from conversations.channels.meta import values
from conversations.channels.posted import secrets_of, whole_body
from tenants.kit.problems import problem

log = structlog.get_logger("puente.hooks")
LARGEST = 1024 * 1024  # bytes; an update holds no file


@csrf_exempt
@require_POST
def hook(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Store an update of a channel's bot. Unknown channels get a wrong secret's answer."""
    return through(channel_id, lambda entrance: _received(request, entrance))


def _received(request: HttpRequest, entrance: Entrance | None) -> HttpResponse:
    if not _is_telegram(request, entrance):
        log.warning("webhook refused", path=request.path)
        return problem(401, "The secret token is not the one of this address.")
    assert entrance
    body = whole_body(request, LARGEST)
    if isinstance(body, HttpResponse):
        return body
    try:
        update = values.load(body)
    except Unreadable:
        return problem(400, "The body is no JSON object.")
    if not isinstance(update.get("update_id"), int):
        return problem(400, "An update has an update_id.")
    event_id = inbound.accept(entrance=entrance, body=body, content_type="application/json")
    return JsonResponse({"id": str(event_id)})


def _is_telegram(request: HttpRequest, entrance: Entrance | None) -> bool:
    if entrance is None or entrance.kind != "telegram":
        return False
    secret = str(secrets_of(entrance).get("webhook_secret") or "").encode()
    brought = request.META.get("HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN", "").encode("utf-8", "replace")
    return bool(secret) and hmac.compare_digest(secret, brought)
