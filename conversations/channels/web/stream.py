"""The visitor's event stream (docs/guides/web-chat-protocol.md), served under ASGI."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from json import dumps
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from conversations.channels.web import messages
from conversations.channels.web.door import may_carry, with_cors
from conversations.channels.web.tokens import read_token
from conversations.models import Channel
from crm.models import Identity
from tenants import doors
from tenants.kit.problems import problem
from tenants.live import RESYNC, Event, hub
from tenants.scoping import tenant_scope

LONGEST = 3_600  # seconds; the widget connects again


@dataclass(frozen=True, slots=True)
class Listener:
    """A visitor with the chat open."""

    tenant_id: UUID
    channel_id: UUID
    visitor: UUID


@csrf_exempt
async def events(request: HttpRequest, channel_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """What happens in the visitor's conversation, from now on or after `since`."""
    answer = await in_pool(_enter)(request, channel_id)
    if isinstance(answer, HttpResponse):
        return with_cors(request, answer)
    response = StreamingHttpResponse(
        _stream(answer, request.GET.get("since", "")[:64]), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return with_cors(request, response)  # type: ignore[arg-type]


def in_pool(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that asks the database, run in a pool of threads: an open stream holds none of its own."""

    def asking(*args: Any) -> Any:
        close_old_connections()
        return function(*args)

    return sync_to_async(asking, thread_sensitive=False)


def _enter(request: HttpRequest, channel_id: UUID) -> Listener | HttpResponse:
    door = doors.by_channel(channel_id)
    if door is None:
        return problem(404, "There is no such chat.")
    with tenant_scope(door.tenant_id):
        channel = Channel.objects.active().filter(pk=channel_id, kind="web").first()
        if channel is None:
            return problem(404, "There is no such chat.")
        if not may_carry(request, channel):
            return problem(403, "This site may not carry the chat.")
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    token = request.headers.get("Authorization", "").removeprefix("Visitor ").strip()
    visitor = read_token(token, channel_id)
    if visitor is None:
        return problem(401, "The chat has to begin anew.")
    return Listener(door.tenant_id, channel_id, visitor)


async def _stream(listener: Listener, since: str) -> AsyncIterator[bytes]:
    yield b": hello\n\n"
    theirs = in_pool(_translate)
    async for event in hub().subscribe(listener.tenant_id, since, _may_concern):
        if event.kind == "beat":
            yield b": beat\n\n"
        elif event.kind == RESYNC:
            yield _sse(event.id, RESYNC, {})
        elif (found := await theirs(listener, event)) is not None:
            yield _sse(event.id, *found)


def _may_concern(event: Event) -> bool:
    """Cheap first look: what is for members alone never concerns a visitor."""
    return event.kind == RESYNC or event.audience in {"visitor", "both"}


def _translate(listener: Listener, event: Event) -> tuple[str, dict[str, Any]] | None:
    """What the widget is told of an event; None when it is not about this visitor."""
    if not event.visitor:
        return None
    with tenant_scope(listener.tenant_id):
        mine = Identity.objects.filter(
            kind=Identity.Kind.WEB, value=str(listener.visitor), customer_id=event.visitor
        )
        if not mine.exists():
            return None
        channel = Channel.objects.get(pk=listener.channel_id)
        if event.kind == "agent_typing":
            conversation = messages.conversation_of(channel, listener.visitor)
            if conversation is None or str(conversation.pk) != event.data.get("conversation"):
                return None
            return "typing", {"name": event.data.get("name", ""), "on": bool(event.data.get("on", True))}
        if not event.data.get("message"):
            return None
        message = messages.one(channel, listener.visitor, UUID(event.data["message"]))
        return None if message is None else ("message", {"message": message})


def _sse(event_id: str, name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event (HTML standard §9.2.6)."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: {dumps(data)}\n\n".encode()
