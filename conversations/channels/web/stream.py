"""The visitor's event stream (docs/guides/web-chat-protocol.md), served under ASGI."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from json import dumps
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from conversations.channels.entrance import find
from conversations.channels.web import messages
from conversations.channels.web.door import (
    PER_ADDRESS,
    Refused,
    is_chat,
    may_carry,
    too_often,
    with_cors,
)
from conversations.channels.web.tokens import read_token
from conversations.models import Channel
from crm.actions.merging import WHOSE
from crm.models import Identity
from tenants.kit.ratelimit import address_of, allow
from tenants.live import BEAT, RESYNC, Event, hub
from tenants.scoping import tenant_scope

LONGEST = 3_600  # seconds; the widget connects again


@dataclass(slots=True)
class Listener:
    """A visitor with the chat open; `customer` is known from the first message on."""

    tenant_id: UUID
    channel_id: UUID
    visitor: UUID
    customer: str = ""

    def may_concern(self, event: Event) -> bool:
        """A first look that costs nothing: other people's events and what is for members alone drop out."""
        for_visitors = event.audience in {"visitor", "both"} and event.visitor
        return bool(for_visitors) and self.customer in {"", event.visitor}

    def find_customer(self) -> None:
        """Look up who the visitor is, once he has written. Inside the scope."""
        identity = Identity.objects.filter(kind=Identity.Kind.WEB, value=str(self.visitor))
        self.customer = str(identity.values_list("customer_id", flat=True).first() or "")


@csrf_exempt
async def events(request: HttpRequest, channel_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """What happens in the visitor's conversation, from now on or after `since`."""
    try:
        listener = await in_pool(_enter)(request, channel_id)
    except Refused as refusal:
        known_site = refusal.response.status_code != 403
        return with_cors(request, refusal.response) if known_site else refusal.response
    if listener is None:
        return with_cors(request, HttpResponse(status=204))
    response = StreamingHttpResponse(
        _stream(listener, request.GET.get("since", "")[:64]), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return with_cors(request, response)


def in_pool(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that asks the database, run in a pool of threads: an open stream holds none of its own."""

    def asking(*args: Any) -> Any:
        close_old_connections()
        return function(*args)

    return sync_to_async(asking, thread_sensitive=False)


def _enter(request: HttpRequest, channel_id: UUID) -> Listener | None:
    """Who listens; None for the question before it (CORS preflight). Raises `Refused`."""
    entrance = find(channel_id)
    if not is_chat(entrance):
        raise Refused(404, _("There is no such chat."))
    if not may_carry(request, entrance.settings):
        raise Refused(403, _("This site may not carry the chat."))
    if request.method == "OPTIONS":
        return None
    listener = Listener(entrance.tenant_id, channel_id, _visitor(request, channel_id))
    with tenant_scope(entrance.tenant_id):
        listener.find_customer()
    return listener


def _visitor(request: HttpRequest, channel_id: UUID) -> UUID:
    if request.method != "GET":
        raise Refused(405, _("This is not possible here."))
    limit, seconds = PER_ADDRESS
    if not allow("widget", f"{channel_id}:{address_of(request)}", limit=limit, seconds=seconds):
        raise too_often()
    token = request.headers.get("Authorization", "").removeprefix("Visitor ").strip()
    visitor = read_token(token, channel_id)
    if visitor is None:
        raise Refused(401, _("The chat has to begin anew."))
    return visitor


async def _stream(listener: Listener, since: str) -> AsyncIterator[bytes]:
    yield b": hello\n\n"
    theirs, until = in_pool(_translate), time.monotonic() + LONGEST
    events = hub().subscribe(listener.tenant_id, since, listener.may_concern)
    async with aclosing(events):
        async for event in events:
            if time.monotonic() > until:
                return
            if event.kind == BEAT:
                yield b": beat\n\n"
            elif event.kind == RESYNC:
                yield _sse(event.id, RESYNC, {})
            elif (found := await theirs(listener, event)) is not None:
                yield _sse(event.id, *found)


def _translate(listener: Listener, event: Event) -> tuple[str, dict[str, Any]] | None:
    """What the widget is told of an event; None when it is not about this visitor."""
    with tenant_scope(listener.tenant_id):
        if not listener.customer or event.kind == WHOSE:
            listener.find_customer()
        if listener.customer != event.visitor or event.kind == WHOSE:
            return None
        channel = Channel.objects.get(pk=listener.channel_id)
        if event.kind in {"agent_typing", "seen"}:
            conversation = messages.conversation_of(channel, listener.visitor)
            if conversation is None or str(conversation.pk) != event.data.get("conversation"):
                return None
            if event.kind == "seen":
                return "read", {"upto": event.data.get("upto", "")}
            return "typing", {"name": event.data.get("name", ""), "on": bool(event.data.get("on", True))}
        if not event.data.get("message"):
            return None
        message = messages.one(channel, listener.visitor, UUID(event.data["message"]))
        return None if message is None else ("message", {"message": message})


def _sse(event_id: str, name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event (HTML standard §9.2.6)."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: {dumps(data)}\n\n".encode()
