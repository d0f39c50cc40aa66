"""`Idempotency-Key`: a POST sent again is answered again, and done once."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.errors import Malformed
from tenants.models import IdempotencyRecord
from tenants.refusals import Refused

LONGEST = 255
RUNNING = 0  # the status of a record whose request has not answered yet; never committed


class KeyReused(Refused):
    """The same key with another body."""


def key_of(request: Request) -> str:
    """The request's key, "" without one. Raises `Malformed`."""
    key: str = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST or not (key.isascii() and (key.isprintable() or not key)):
        raise Malformed(_("Idempotency-Key must be at most 255 printable ASCII characters."))
    return key


def fingerprint(request: Any) -> str:
    """What makes two requests the same: method, address and body."""
    body = hashlib.sha256(request._request.body).hexdigest()
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {body}".encode()).hexdigest()


def once(request: Any, key: str, answer: Callable[[], Response]) -> Response:
    """Do it, or give the answer of the first time.

    The record is written before the work and in its transaction: who comes at the same moment
    waits for the first, and an error leaves no record. Raises `KeyReused`.
    """
    caller = request.actor.api_key.id
    record = IdempotencyRecord(
        key=key, caller=caller, fingerprint=fingerprint(request), status=RUNNING, created_at=timezone.now()
    )
    IdempotencyRecord.objects.bulk_create([record], ignore_conflicts=True)
    first = IdempotencyRecord.objects.get(caller=caller, key=key)
    if first.id != record.id:
        return _again(first, record)
    response = answer()
    first.status = response.status_code
    first.response = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
    first.save(update_fields=["status", "response"])
    return response


def _again(first: IdempotencyRecord, repeated: IdempotencyRecord) -> Response:
    if first.fingerprint != repeated.fingerprint:
        raise KeyReused(
            _("This Idempotency-Key was used for another request: send a new key with a new body.")
        )
    data = None if first.status == status.HTTP_204_NO_CONTENT else first.response
    return Response(data, status=first.status, headers={"Idempotency-Replayed": "true"})
