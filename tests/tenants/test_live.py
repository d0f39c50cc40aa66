"""The fan-out of live events over a real Valkey."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any
from uuid import uuid4

from tenants import live
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.live import Event, Hub

TENANT = str(uuid4())


def publish(kind: str, tenant: str = TENANT, **fields: str) -> str:
    """Write an event as `events.publish` does after commit."""
    entry: Any = {
        "kind": kind,
        "data": "{}",
        "team": "",
        "assignee": "",
        "visitor": "",
        "audience": "members",
    }
    written: Any = valkey.client().xadd(stream_key(tenant), entry | fields)
    return str(written)


def run(test: Callable[[Hub], Coroutine[Any, Any, None]]) -> None:
    """Run a test with a hub of its own loop."""

    async def main() -> None:
        hub = live.hub()
        async with asyncio.timeout(15):
            await test(hub)
        await hub.client.aclose()

    asyncio.run(main())


async def take(events: AsyncGenerator[Event], count: int) -> list[str]:
    """The kinds of the next events, beats apart."""
    kinds: list[str] = []
    while len(kinds) < count:
        event = await anext(events)
        if event.kind != "beat":
            kinds.append(event.kind)
    return kinds


def everything(_event: Event) -> bool:
    return True


async def listening(events: AsyncGenerator[Event]) -> None:
    """Wait until the reader follows the stream: the first beat says so."""
    assert (await anext(events)).kind == "beat"


def test_what_is_published_reaches_every_listener_that_accepts_it() -> None:
    async def check(hub: Hub) -> None:
        all_of_it = hub.subscribe(TENANT, "", everything, beat=0.3)
        only_b = hub.subscribe(TENANT, "", lambda event: event.kind == "b", beat=0.3)
        await asyncio.gather(listening(all_of_it), listening(only_b))
        for kind in "abc":
            publish(kind)
        assert await take(all_of_it, 3) == ["a", "b", "c"]
        assert await take(only_b, 1) == ["b"]
        await all_of_it.aclose()
        await only_b.aclose()
        assert hub.readers == {}

    run(check)


def test_businesses_do_not_hear_each_other() -> None:
    async def check(hub: Hub) -> None:
        mine = hub.subscribe(TENANT, "", everything, beat=0.3)
        await listening(mine)
        publish("foreign", str(uuid4()))
        publish("own")
        assert await take(mine, 1) == ["own"]
        await mine.aclose()

    run(check)


def test_resuming_repeats_what_was_missed_once() -> None:
    async def check(hub: Hub) -> None:
        seen = publish("seen")
        publish("missed")
        events = hub.subscribe(TENANT, seen, everything, beat=0.3)
        assert await take(events, 1) == ["missed"]
        publish("new")
        assert await take(events, 1) == ["new"]
        await events.aclose()

    run(check)


def test_resuming_from_before_the_memory_means_reading_again() -> None:
    async def check(hub: Hub) -> None:
        old = publish("old")
        newest = publish("kept")
        valkey.client().xtrim(stream_key(TENANT), minid=newest, approximate=False)
        events = hub.subscribe(TENANT, old, everything, beat=0.3)
        assert await take(events, 1) == ["resync"]
        await events.aclose()

    run(check)


def test_resuming_after_valkey_lost_everything_means_reading_again() -> None:
    async def check(hub: Hub) -> None:
        events = hub.subscribe(TENANT, "1700000000000-0", everything, beat=0.3)
        assert await take(events, 1) == ["resync"]
        await events.aclose()

    run(check)


def test_resuming_from_nonsense_means_reading_again() -> None:
    async def check(hub: Hub) -> None:
        for since in ("x", "1-", "\x00", "9" * 40 + "-0"):
            events = hub.subscribe(TENANT, since, everything, beat=0.3)
            assert await take(events, 1) == ["resync"]
            await events.aclose()

    run(check)


def test_a_listener_that_falls_behind_reads_again() -> None:
    async def check(hub: Hub) -> None:
        slow = hub.subscribe(TENANT, "", everything, beat=0.3)
        await listening(slow)
        for number in range(live.QUEUE_LIMIT + 5):
            publish(f"n{number}")
        await asyncio.sleep(0.5)
        kinds = await take(slow, 1)
        assert kinds == ["resync"]
        await slow.aclose()

    run(check)


def test_a_lost_connection_is_taken_up_where_it_broke() -> None:
    async def check(hub: Hub) -> None:
        events = hub.subscribe(TENANT, "", everything, beat=0.3)
        await listening(events)
        publish("before")
        assert await take(events, 1) == ["before"]
        valkey.client().client_kill_filter(_type="normal", skipme=True)
        publish("after")
        assert await take(events, 1) == ["after"]
        await events.aclose()

    run(check)


def test_a_restart_that_empties_valkey_means_reading_again() -> None:
    async def check(hub: Hub) -> None:
        events = hub.subscribe(TENANT, "", everything, beat=0.3)
        await listening(events)
        publish("before")
        assert await take(events, 1) == ["before"]
        valkey.client().flushdb()
        valkey.client().client_kill_filter(_type="normal", skipme=True)
        assert await take(events, 1) == ["resync"]
        publish("after")
        assert await take(events, 1) == ["after"]
        await events.aclose()

    run(check)


def test_last_id_says_where_the_stream_stands() -> None:
    assert live.last_id(TENANT) == "0-0"
    newest = publish("x")
    assert live.last_id(TENANT) == newest
