"""The address that mail is posted to."""

import hmac
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conversations.actions import inbound
from conversations.channels.entrance import Entrance, through
from tenants import doors
from tenants.kit.problems import problem

LARGEST = 40 * 1024 * 1024  # bytes


@csrf_exempt
@require_POST
def receive_email(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Store a raw message (RFC 5322) and answer 200 with its id once it is committed.

    The channel's token comes as bearer. Unknown channels and wrong tokens get the same 401.
    Whatever the body is, it is kept: what is no mail ends parked with the reason.
    """
    return through(channel_id, lambda entrance: _receive(request, entrance))


def _receive(request: HttpRequest, entrance: Entrance | None) -> HttpResponse:
    token = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip()
    if not (entrance and entrance.token and hmac.compare_digest(doors.fingerprint(token), entrance.token)):
        return problem(401, "This channel or its token is unknown.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in request.META or not (length.isascii() and length.isdigit()):
        return problem(411, "Send the message with its Content-Length.")
    if int(length[:20]) > LARGEST:
        return problem(413, "The message is larger than 40 MB.")
    body = request.body
    if len(body) != int(length):
        return problem(400, "The message did not arrive whole. Send it again.")
    event_id = inbound.accept(entrance=entrance, body=body, content_type="message/rfc822")
    return JsonResponse({"id": str(event_id)})
