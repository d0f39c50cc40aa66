"""The address that phone systems post calls to."""

import hmac
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conversations.actions import inbound
from conversations.channels.base import Unreadable
from conversations.channels.calls import incoming, signature
from conversations.channels.entrance import Entrance, through
from conversations.channels.meta import values
from conversations.channels.posted import secrets_of, whole_body
from tenants import doors
from tenants.kit.problems import problem

log = structlog.get_logger("puente.hooks")
LARGEST = 64 * 1024  # bytes


@csrf_exempt
@require_POST
def hook(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Store what is told of a call. The channel's token comes as bearer, or the call is signed.

    Unknown channels, wrong tokens and wrong signatures get the same 401.
    """
    return through(channel_id, lambda entrance: _received(request, entrance))


def _received(request: HttpRequest, entrance: Entrance | None) -> HttpResponse:
    if entrance is None or entrance.kind != "phone":
        return _refused(request)
    body = whole_body(request, LARGEST)
    if isinstance(body, HttpResponse):
        return body
    if not _may(request, entrance, body):
        return _refused(request)
    try:
        posted: dict[str, Any] = values.load(body)
    except Unreadable:
        return problem(400, "The body is no JSON object.")
    if wrong := incoming.problem_of(posted):
        return problem(422, wrong)
    event_id = inbound.accept(entrance=entrance, body=body, content_type="application/json")
    return JsonResponse({"id": str(event_id)})


def _may(request: HttpRequest, entrance: Entrance, body: bytes) -> bool:
    header = request.META.get("HTTP_X_PUENTE_SIGNATURE", "")
    if header or entrance.settings.get("signed_only"):
        return signature.is_signed(body, header, str(secrets_of(entrance).get("signing_key") or ""))
    token = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip()
    return bool(entrance.token) and hmac.compare_digest(doors.fingerprint(token), entrance.token)


def _refused(request: HttpRequest) -> HttpResponse:
    log.warning("webhook refused", path=request.path)
    return problem(401, "This channel, its token or the signature is not known.")
