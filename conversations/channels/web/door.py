"""What stands before every address of the widget: origin, channel, visitor, limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, TypeGuard
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from conversations.channels.entrance import Entrance, find, through
from conversations.channels.web.identity import Claims
from conversations.channels.web.tokens import open_token
from conversations.models import Channel
from tenants.kit.problems import problem
from tenants.kit.ratelimit import Use, address_of, allow_all
from tenants.models import Tenant
from tenants.scoping import tenant_scope

LARGEST = 64 * 1024  # bytes
PER_ADDRESS = (240, 60)  # requests, seconds
PER_VISITOR = (30, 60)  # messages, seconds
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Caller:
    """A widget that may speak: its channel's entrance, and the visitor when he has a token."""

    entrance: Entrance
    visitor: UUID | None
    body: dict[str, Any]
    claims: Claims = field(default_factory=dict)  # whom the business's site vouched for

    @cached_property
    def tenant(self) -> Tenant:
        """The business; inside its scope."""
        return Tenant.objects.get()

    @cached_property
    def channel(self) -> Channel:
        """The channel; inside the scope."""
        return Channel.objects.get(pk=self.entrance.channel_id)


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


def admitted(origin: str, chosen: dict[str, Any]) -> bool:
    """Whether a site may carry a chat with these settings: any while none is named, our own always."""
    allowed = chosen.get("origins") or []
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


def visitor_view(
    *methods: str, needs_visitor: bool = True, accepts: bool = False, takes_file: bool = False
) -> Callable[[View], View]:
    """A view of the widget: checks method, origin, channel, token and rate, and enters the business.

    The view takes a `Caller` after the request and may raise `Refused`. Every answer, errors included,
    carries the CORS headers of an admitted origin; cookies are never looked at. Where a POST only stores
    (`accepts`) it is counted as a message and runs outside the scope: storing commits by itself. One that
    takes a file (`takes_file`) reads the body itself.
    """

    def decorate(view: View) -> View:
        def serve(request: HttpRequest, entrance: Entrance | None) -> HttpResponse:
            if not is_chat(entrance):
                return with_cors(request, problem(404, "There is no such chat."))
            with translation.override(language_for(request, entrance.language)):
                if not may_carry(request, entrance.settings):
                    return problem(403, "This site may not carry the chat.")
                if request.method == "OPTIONS":
                    return with_cors(request, HttpResponse(status=204))
                try:
                    response = respond(request, entrance)
                except Refused as refusal:
                    response = refusal.response
                return with_cors(request, response)

        def respond(request: HttpRequest, entrance: Entrance) -> HttpResponse:
            if request.method not in methods:
                raise Refused(405, _("This is not possible here."))
            posts = request.method == "POST"
            writes = accepts and posts
            caller = _caller(request, entrance, needs_visitor=needs_visitor, writes=writes or takes_file)
            if posts and not takes_file:
                caller = replace(caller, body=json_body(request))
            with nullcontext() if writes else tenant_scope(entrance.tenant_id):
                return view(request, caller)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, channel_id: UUID) -> HttpResponse:
            if accepts and request.method == "POST":
                return through(channel_id, lambda entrance: serve(request, entrance))
            return serve(request, find(channel_id))

        return guarded

    return decorate


def is_chat(entrance: Entrance | None) -> TypeGuard[Entrance]:
    """Whether an address is that of a chat in use."""
    return entrance is not None and entrance.kind == "web" and entrance.is_active


def may_carry(request: HttpRequest, chosen: dict[str, Any]) -> bool:
    """Whether the request comes from a site that may carry the chat, or from no site at all."""
    origin = request.headers.get("Origin", "")
    return not origin or origin == f"{request.scheme}://{request.get_host()}" or admitted(origin, chosen)


def _caller(request: HttpRequest, entrance: Entrance, *, needs_visitor: bool, writes: bool) -> Caller:
    """Who calls. Raises `Refused` when he calls too often, without a token, or sends what is no JSON."""
    token = request.headers.get("Authorization", "").removeprefix("Visitor ").strip()
    visitor, claims = open_token(token, entrance.channel_id) or (None, {})
    uses = [Use("widget", f"{entrance.channel_id}:{address_of(request)}", *PER_ADDRESS)]
    if writes and visitor:
        uses.append(Use("widget-messages", str(visitor), *PER_VISITOR))
    if not allow_all(uses):
        raise too_often()
    if needs_visitor and visitor is None:
        raise Refused(401, _("The chat has to begin anew."))
    return Caller(entrance, visitor, {}, claims)


def with_cors[Answer: HttpResponseBase](request: HttpRequest, response: Answer) -> Answer:
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
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Refused(411, _("The message could not be read."))
    if int(length[:20]) > LARGEST:
        raise Refused(413, _("This message is too long."))
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, _("The message could not be read."))
    return body


def language_for(request: HttpRequest, otherwise: str) -> str:
    """What the page speaks, the nearest of ours, else the language given."""
    header = request.headers.get("Accept-Language", "")[:200].lower()
    accepted = [code for code, _quality in parse_accept_lang_header(header)]
    for code in [request.GET.get("lang", "")[:20].replace("_", "-").lower(), *accepted]:
        with suppress(LookupError):
            return translation.get_supported_language_variant(code)
    return otherwise
