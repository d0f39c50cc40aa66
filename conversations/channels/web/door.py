"""What stands before every address of the widget: origin, channel, visitor, limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from conversations.channels.web.tokens import read_token
from conversations.models import Channel
from tenants import doors
from tenants.kit.problems import problem
from tenants.kit.ratelimit import address_of, allow
from tenants.models import Tenant
from tenants.scoping import tenant_scope

LARGEST = 64 * 1024  # bytes
PER_ADDRESS = (240, 60)  # requests, seconds
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Caller:
    """A widget that may speak: its channel and business, and the visitor when he has a token."""

    tenant: Tenant
    channel: Channel
    visitor: UUID | None
    body: dict[str, Any]


class Refused(Exception):
    """The request cannot be taken; the sentence tells the visitor why."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.response = problem(status, detail)
        for name, value in headers.items():
            self.response[name.replace("_", "-")] = value


def too_often() -> Refused:
    """Speaking faster than a person does."""
    return Refused(429, _("Too many messages at once. Wait a moment."), Retry_After="10")


def admitted(origin: str, channel: Channel) -> bool:
    """Whether a site may carry this chat. An empty list admits every site; our own is always admitted."""
    allowed = channel.settings.get("origins") or []
    if not allowed or origin == settings.BASE_URL:
        return True
    host = urlsplit(origin).hostname or ""
    for entry in allowed:
        scheme, _sep, pattern = entry.partition("://")
        wild = (
            pattern.startswith("*.") and host.endswith(pattern[1:]) and host.count(".") == pattern.count(".")
        )
        if entry == origin or (wild and origin.startswith(f"{scheme}://")):
            return True
    return False


def visitor_view(*methods: str, needs_visitor: bool = True) -> Callable[[View], View]:
    """A view of the widget: checks method, origin, channel, token and rate, and enters the business.

    The view takes a `Caller` after the request and may raise `Refused`. Every answer, errors included,
    carries the CORS headers of an admitted origin; cookies are never looked at.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, channel_id: UUID) -> HttpResponse:
            door = doors.by_channel(channel_id)
            if door is None:
                return with_cors(request, problem(404, "There is no such chat."))
            with tenant_scope(door.tenant_id):
                tenant = Tenant.objects.get()
                channel = Channel.objects.active().filter(pk=channel_id, kind="web").first()
                if channel is None:
                    return with_cors(request, problem(404, "There is no such chat."))
                with translation.override(language_for(request, tenant)):
                    if not may_carry(request, channel):
                        return problem(403, "This site may not carry the chat.")
                    try:
                        response = _answer(request, tenant, channel, view, needs_visitor, methods)
                    except Refused as refusal:
                        transaction.set_rollback(True)
                        response = refusal.response
                    return with_cors(request, response)

        return guarded

    return decorate


def may_carry(request: HttpRequest, channel: Channel) -> bool:
    """Whether the request comes from a site that may carry the chat, or from no site at all."""
    origin = request.headers.get("Origin", "")
    return not origin or origin == f"{request.scheme}://{request.get_host()}" or admitted(origin, channel)


def _answer(
    request: HttpRequest,
    tenant: Tenant,
    channel: Channel,
    view: View,
    needs_visitor: bool,
    methods: tuple[str, ...],
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in methods:
        raise Refused(405, _("This is not possible here."))
    limit, seconds = PER_ADDRESS
    if not allow("widget", f"{channel.pk}:{address_of(request)}", limit=limit, seconds=seconds):
        raise too_often()
    token = request.headers.get("Authorization", "").removeprefix("Visitor ").strip()
    visitor = read_token(token, channel.pk)
    if needs_visitor and visitor is None:
        raise Refused(401, _("The chat has to begin anew."))
    body = json_body(request) if request.method == "POST" else {}
    return view(request, Caller(tenant, channel, visitor, body))


def with_cors(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the admitted site read the answer."""
    origin = request.headers.get("Origin")
    if origin:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "Retry-After"
        response["Access-Control-Allow-Methods"] = "GET, POST"
        response["Access-Control-Allow-Headers"] = "authorization, content-type"
        response["Access-Control-Max-Age"] = "7200"
    response["Vary"] = "Origin"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a POST. Raises `Refused` for anything else."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise Refused(413, _("This message is too long."))
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, _("The message could not be read."))
    return body


def language_for(request: HttpRequest, tenant: Tenant) -> str:
    """What the page speaks, the nearest of ours, else the business's language."""
    header = request.headers.get("Accept-Language", "")[:200].lower()
    accepted = [code for code, _quality in parse_accept_lang_header(header)]
    for code in [request.GET.get("lang", "")[:20].replace("_", "-").lower(), *accepted]:
        with suppress(LookupError):
            return translation.get_supported_language_variant(code)
    return tenant.language
