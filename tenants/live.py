"""Live events inside one process: one reader per business, fanned out to every open page.

The stream in Valkey is the memory (tenants/kit/events.py); nothing here is kept. Whoever fell
behind, or asks for events that are no longer there, gets a `resync` and reads the page again.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import redis
import redis.asyncio
import structlog
from django.conf import settings

from tenants.kit import valkey
from tenants.kit.events import stream_key

log = structlog.get_logger("puente.live")

QUEUE_LIMIT = 500  # events a page may lag behind before it must read again
BATCH = 1_000  # events taken from Valkey at once
BLOCK_MS = 10_000
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0)
RESYNC, BEAT = "resync", "beat"
_ID = re.compile(r"\d{1,20}-\d{1,20}")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a business. `kind` is also `resync` (read again) or `beat` (still here)."""

    id: str
    kind: str
    data: dict[str, Any]
    team: str = ""
    assignee: str = ""
    visitor: str = ""
    audience: str = "members"

    @classmethod
    def of(cls, event_id: str, fields: dict[str, str]) -> "Event":
        """An entry of the stream."""
        return cls(
            id=event_id,
            kind=fields.get("kind", ""),
            data=json.loads(fields.get("data") or "{}"),
            team=fields.get("team", ""),
            assignee=fields.get("assignee", ""),
            visitor=fields.get("visitor", ""),
            audience=fields.get("audience", "members"),
        )

    def sse(self) -> bytes:
        """The event as server-sent events write it (HTML standard §9.2.6)."""
        if self.kind == BEAT:
            return b": beat\n\n"
        head = f"id: {self.id}\n" if self.id else ""
        name = "event: resync\n" if self.kind == RESYNC else ""
        return f"{head}{name}data: {json.dumps({'kind': self.kind, 'data': self.data})}\n\n".encode()


Accept = Callable[[Event], bool]


def is_newer(one: str, other: str) -> bool:
    """Whether an event's id comes after another's."""
    return _parts(one) > _parts(other)


def _parts(event_id: str) -> tuple[int, int]:
    moment, _dash, number = event_id.partition("-")
    return int(moment), int(number or 0)


def last_id(tenant_id: UUID | str) -> str:
    """Where a business's stream stands; "" when Valkey does not answer. For pages, before they read."""
    try:
        newest: Any = valkey.client().xrevrange(stream_key(tenant_id), count=1)
    except redis.RedisError:
        return ""
    return newest[0][0] if newest else "0-0"


class _Listener:
    """One open page's place in the fan-out."""

    def __init__(self, accept: Accept) -> None:
        self.accept = accept
        self.queue: asyncio.Queue[Event] = asyncio.Queue(QUEUE_LIMIT)

    def offer(self, event: Event) -> None:
        if event.kind != RESYNC and not self.accept(event):
            return
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            event = Event(event.id, RESYNC, {})
        self.queue.put_nowait(event)


class _Reader:
    """Follows the stream of one business for as long as somebody listens."""

    def __init__(self, client: redis.asyncio.Redis, tenant_id: str) -> None:
        self.client = client
        self.key = stream_key(tenant_id)
        self.listeners: set[_Listener] = set()
        self.position = ""
        self.following = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._catch_up()
                failures = 0
                await self._follow()
            except (redis.RedisError, OSError, ValueError) as error:
                self.following.clear()
                if not failures:
                    log.warning("stream lost", error=str(error))
                await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                failures += 1

    async def _catch_up(self) -> None:
        """After a break: what came meanwhile follows; if the memory is gone everyone reads again."""
        if not self.position:
            newest: Any = await self.client.xrevrange(self.key, count=1)
            self.position = newest[0][0] if newest else "0-0"
        elif await self.is_gap(self.position):
            newest = await self.client.xrevrange(self.key, count=1)
            self.position = newest[0][0] if newest else "0-0"
            self._fan_out(Event(self.position, RESYNC, {}))
        self.following.set()

    async def _follow(self) -> None:
        while True:
            answer: Any = await self.client.xread({self.key: self.position}, count=BATCH, block=BLOCK_MS)
            for event_id, fields in _entries(answer):
                self.position = event_id
                self._fan_out(Event.of(event_id, fields))

    def _fan_out(self, event: Event) -> None:
        for listener in self.listeners:
            listener.offer(event)

    async def is_gap(self, since: str) -> bool:
        """Whether events after `since` have left the stream already."""
        if since == "0-0":
            return False
        first: Any = await self.client.xrange(self.key, count=1)
        return not first or is_newer(first[0][0], since)


def _entries(answer: Any) -> list[tuple[str, dict[str, str]]]:
    """The entries of an XREAD of one stream, in either version of the protocol."""
    if not answer:
        return []
    streams = answer.values() if isinstance(answer, dict) else [entries for _key, entries in answer]
    flat: list[tuple[str, dict[str, str]]] = []
    for entries in streams:
        flat += entries[0] if entries and isinstance(entries[0], list) else entries
    return flat


class Hub:
    """All readers of one event loop."""

    def __init__(self) -> None:
        self.client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
            settings.VALKEY_URL,
            decode_responses=True,
            socket_connect_timeout=1,
            socket_timeout=BLOCK_MS / 1000 + 5,
        )
        self.readers: dict[str, _Reader] = {}

    async def subscribe(
        self, tenant_id: UUID | str, since: str, accept: Accept, *, beat: float = 15
    ) -> AsyncGenerator[Event]:
        """Events of a business that `accept` lets through, after `since` ("" means from now on).

        Yields a `beat` after every `beat` seconds of silence and `resync` where events were lost; ends
        when the caller stops iterating.
        """
        reader = self._reader(str(tenant_id))
        listener = _Listener(accept)
        reader.listeners.add(listener)
        try:
            passed = ""
            if since:
                for event in await self._missed(reader, since, accept):
                    passed = event.id
                    yield event
            while True:
                try:
                    event = await asyncio.wait_for(listener.queue.get(), beat)
                except TimeoutError:
                    yield Event("", BEAT, {})
                    continue
                if not passed or event.kind == RESYNC or is_newer(event.id, passed):
                    yield event
        finally:
            reader.listeners.discard(listener)
            await self._retire(reader, str(tenant_id))

    def _reader(self, tenant_id: str) -> _Reader:
        reader = self.readers.get(tenant_id)
        if reader is None:
            reader = self.readers[tenant_id] = _Reader(self.client, tenant_id)
        return reader

    async def _retire(self, reader: _Reader, tenant_id: str) -> None:
        if not reader.listeners and self.readers.get(tenant_id) is reader:
            del self.readers[tenant_id]
            reader.task.cancel()
            await asyncio.gather(reader.task, return_exceptions=True)

    async def _missed(self, reader: _Reader, since: str, accept: Accept) -> list[Event]:
        """What came after `since`, or one `resync` when that cannot be told."""
        again = [Event("", RESYNC, {})]
        if not _ID.fullmatch(since):
            return again
        try:
            await asyncio.wait_for(reader.following.wait(), 2)  # from here on nothing slips between
            if await reader.is_gap(since):
                return again
            rows: Any = await self.client.xrange(reader.key, min=f"({since}", count=BATCH)
        except (redis.RedisError, OSError, TimeoutError):
            return again
        if len(rows) == BATCH:
            return again
        events = [Event.of(event_id, fields) for event_id, fields in rows]
        return [event for event in events if accept(event)]


_hubs: dict[int, tuple[asyncio.AbstractEventLoop, Hub]] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    known = _hubs.get(id(loop))
    if known is None or known[0] is not loop:
        known = _hubs[id(loop)] = (loop, Hub())
    return known[1]
