"""Taking back what one just did: the message that says it was done offers it.

What was changed is changed back at its own address. What was deleted is kept aside for a while, under a
key nobody can guess; while Valkey is away nothing is offered, and nothing else suffers.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import redis
import structlog
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tenants.kit import valkey
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.scoping import current_tenant_id

log = structlog.get_logger("puente.undo")
KEPT = 900  # seconds


@dataclass(frozen=True, slots=True)
class Undo:
    """What was done, and the address and form that take it back."""

    text: str
    url: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)


def offer(request: BusinessRequest, response: HttpResponse, undo: Undo) -> HttpResponse:
    """Let the page that is shown next say what was done, with a button that takes it back."""
    if request.htmx:
        response["HX-Trigger"] = json.dumps({"puente:undo": {**asdict(undo), "label": _("Undo")}})
    else:
        messages.success(request, undo.text, extra_tags=json.dumps({"url": undo.url, "fields": undo.fields}))
    return response


def offered(extra_tags: str | None) -> dict[str, Any] | None:
    """The address and form that a message carries; None for one without."""
    try:
        found = json.loads(extra_tags or "")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def too_late(request: BusinessRequest, response: HttpResponse) -> HttpResponse:
    """Say that it cannot be taken back any more."""
    return refused(request, response, _("It is too late to undo this."))


def refused(request: BusinessRequest, response: HttpResponse, why: object) -> HttpResponse:
    """Say why it is not taken back."""
    if request.htmx:
        return HttpResponse(str(why), status=409, content_type="text/plain; charset=utf-8")
    messages.error(request, str(why))
    return response


def keep(what: str, kept: dict[str, Any]) -> str:
    """Put aside what brings a deleted thing back; returns the key, "" when it cannot be kept."""
    key = secrets.token_urlsafe(16)
    try:
        valkey.client().set(_place(what, key), json.dumps(kept, cls=DjangoJSONEncoder), ex=KEPT)
    except redis.RedisError as error:
        log.warning("not kept for undo", what=what, error=str(error))
        return ""
    return key


def take(what: str, key: str) -> dict[str, Any] | None:
    """What was put aside under a key, once; None when it is too late."""
    try:
        found: Any = valkey.client().getdel(_place(what, key))
    except redis.RedisError as error:
        log.warning("undo does not answer", what=what, error=str(error))
        return None
    return json.loads(found) if found else None


def bring_back(
    request: BusinessRequest, response: HttpResponse, what: str, restore: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Restore what the form's `undo` names, and say how it went on the page that is shown next."""
    kept = take(what, request.POST.get("undo", ""))
    if kept is None:
        return too_late(request, response)
    try:
        restore(kept)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone."))
    return response


def _place(what: str, key: str) -> str:
    return valkey.key(current_tenant_id(), "undo", what, key)
