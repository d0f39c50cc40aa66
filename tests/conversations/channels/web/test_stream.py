"""The visitor's event stream: his own messages at once, nobody else's ever."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from conversations.actions.channels import update_channel
from conversations.actions.conversations import close
from conversations.actions.messages import add_note, send_reply
from conversations.actions.seen import mark_seen
from conversations.channels.web import stream
from conversations.models import Conversation
from tenants import live
from tenants.kit import events, ratelimit, valkey
from tenants.kit.events import stream_key
from tenants.scoping import tenant_scope
from tests.conversations.channels.web.test_chat import Visitor
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(transaction=True)


class Listening:
    """An open stream, read event by event."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.bytes: AsyncIterator[bytes] = aiter(response.streaming_content)

    async def chunk(self) -> str:
        return (await asyncio.wait_for(anext(self.bytes), 10)).decode()

    async def event(self) -> tuple[str, Any]:
        """Name and data of the next event, beats apart."""
        while True:
            text = await self.chunk()
            if text.startswith(":"):
                continue
            assert text.endswith("\n\n")
            assert "\r" not in text
            fields = dict(line.split(": ", 1) for line in text.strip().split("\n"))
            self.last = fields.get("id", "")
            return fields["event"], json.loads(fields["data"])

    async def close(self) -> None:
        await self.bytes.aclose()  # type: ignore[attr-defined]


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A test on a loop of its own, which leaves no connection behind."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
        try:
            async with asyncio.timeout(20):
                await test()
        finally:
            await live.hub().client.aclose()
            await loop.run_in_executor(None, connections.close_all)
            await sync_to_async(connections.close_all)()

    asyncio.run(main())


async def listen(visitor: Visitor, since: str = "", **headers: str) -> Any:
    query = f"?since={since}" if since else ""
    return await AsyncClient().get(
        f"/w/{visitor.channel.pk}/events/{query}",
        headers={"authorization": f"Visitor {visitor.token}", **headers},
    )


async def opened(visitor: Visitor, since: str = "") -> Listening:
    listening = Listening(await listen(visitor, since))
    assert await listening.chunk() == ": hello\n\n"
    return listening


async def following(business: Business) -> None:
    """Until the process follows the business's stream."""
    while str(business.tenant.id) not in live.hub().readers:
        await asyncio.sleep(0.01)
    await live.hub().readers[str(business.tenant.id)].following.wait()
    await asyncio.sleep(0.05)


@pytest.fixture
def visitor(business: Business) -> Visitor:
    visitor = Visitor(business).begin()
    visitor.say("Hola", answers={"name": "Ana", "email": "ana@example.com"})
    return visitor


def conversation_of(visitor: Visitor) -> Conversation:
    found: Conversation = Conversation.objects.get(identity__value=str(visitor_id(visitor)))
    return found


def visitor_id(visitor: Visitor) -> UUID:
    from conversations.channels.web.tokens import read_token

    found = read_token(visitor.token, visitor.channel.pk)
    assert found
    return found


def in_scope(visitor: Visitor, act: Callable[[Conversation], Any]) -> Any:
    with tenant_scope(visitor.business.tenant.id):
        return act(conversation_of(visitor))


acting = sync_to_async(in_scope)


# --- who may listen ---


def test_without_or_with_a_wrong_token_it_is_401(visitor: Visitor, other: Business) -> None:
    stranger = Visitor(other).begin()

    async def test() -> None:
        for token in ("", "nope", "\x00", stranger.token):
            response = await listen(visitor, authorization=f"Visitor {token}", origin="https://shop.example")
            assert response.status_code == 401
            assert response["Content-Type"] == "application/problem+json"
            assert response["Access-Control-Allow-Origin"] == "https://shop.example"

    run(test)


def test_unknown_or_closed_chat_is_404(visitor: Visitor) -> None:
    with tenant_scope(visitor.business.tenant.id):
        update_channel(channel=visitor.channel, by=visitor.business.actor(), is_active=False)

    async def test() -> None:
        assert (await AsyncClient().get(f"/w/{uuid4()}/events/")).status_code == 404
        assert (await listen(visitor)).status_code == 404

    run(test)


def test_site_outside_the_list_is_403_without_cors_and_an_admitted_one_is_echoed(visitor: Visitor) -> None:
    with tenant_scope(visitor.business.tenant.id):
        update_channel(
            channel=visitor.channel, by=visitor.business.actor(), settings={"origins": ["https://bicis.mx"]}
        )

    async def test() -> None:
        refused = await listen(visitor, origin="https://malo.example")
        assert (refused.status_code, "Access-Control-Allow-Origin" in refused) == (403, False)
        response = await listen(visitor, origin="https://bicis.mx")
        assert response.status_code == 200
        assert response["Access-Control-Allow-Origin"] == "https://bicis.mx"
        assert response["Content-Type"] == "text/event-stream"
        assert (response["Cache-Control"], response["X-Accel-Buffering"]) == ("no-store", "no")
        await aiter(response.streaming_content).aclose()  # type: ignore[attr-defined]

    run(test)


def test_preflight_is_204_and_other_methods_405(visitor: Visitor) -> None:
    async def test() -> None:
        address = f"/w/{visitor.channel.pk}/events/"
        preflight = await AsyncClient().options(address, headers={"origin": "https://shop.example"})
        assert preflight.status_code == 204
        assert preflight["Access-Control-Allow-Headers"] == "authorization, content-type"
        assert (await AsyncClient().post(address, {})).status_code == 405

    run(test)


def test_who_connects_too_often_waits(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "allow", lambda *_args, **_kwargs: False)
    assert ratelimit.allow("x", "y", limit=1, seconds=1) is True

    async def test() -> None:
        response = await listen(visitor)
        assert (response.status_code, response["Retry-After"]) == (429, "10")

    run(test)


# --- what he hears ---


def test_hello_comes_at_once_and_then_answers_but_never_notes(visitor: Visitor) -> None:
    by = visitor.business.actor(visitor.business.agent)

    async def test() -> None:
        listening = await opened(visitor)
        waiting = asyncio.ensure_future(listening.event())
        await following(visitor.business)
        await acting(visitor, lambda conversation: add_note(conversation=conversation, text="Ojo", by=by))
        await acting(visitor, lambda conversation: send_reply(conversation=conversation, text="Sí.", by=by))
        name, data = await waiting
        assert (name, data["message"]["text"], data["message"]["from"]) == ("message", "Sí.", "agent")
        assert data["message"]["author"] == {"name": "Aldo"}
        assert data == {"message": (await sync_to_async(visitor.get)("messages")).json()["messages"][-1]}
        await listening.close()

    run(test)


def test_other_visitors_hear_nothing_not_even_one_with_the_same_customer(visitor: Visitor) -> None:
    impostor = Visitor(visitor.business).begin()
    impostor.say("Hola", answers={"email": "ana@example.com"})  # joins Ana, unverified
    by = visitor.business.actor()

    async def test() -> None:
        listening = await opened(impostor)
        waiting = asyncio.ensure_future(listening.event())
        await following(visitor.business)
        await acting(
            visitor, lambda conversation: send_reply(conversation=conversation, text="Secreto", by=by)
        )
        await acting(visitor, lambda conversation: mark_seen(conversation=conversation, by=by))
        await acting(impostor, lambda conversation: send_reply(conversation=conversation, text="Tuyo", by=by))
        name, data = await waiting
        assert (name, data["message"]["text"]) == ("message", "Tuyo")
        await listening.close()

    run(test)


def test_another_business_s_visitor_hears_nothing(visitor: Visitor, other: Business) -> None:
    stranger = Visitor(other).begin()
    stranger.say("Hola")

    async def test() -> None:
        listening = await opened(stranger)
        waiting = asyncio.ensure_future(listening.event())
        await following(other)
        await acting(visitor, lambda c: send_reply(conversation=c, text="Aquí", by=visitor.business.actor()))
        await acting(stranger, lambda c: send_reply(conversation=c, text="Allá", by=other.actor()))
        assert (await waiting)[1]["message"]["text"] == "Allá"
        await listening.close()

    run(test)


def test_typing_and_being_read_are_told(visitor: Visitor) -> None:
    by = visitor.business.actor(visitor.business.agent)
    last = visitor.get("messages").json()["messages"][-1]["id"]

    def types(conversation: Conversation) -> None:
        events.publish(
            "agent_typing",
            {"conversation": str(conversation.pk), "name": "Aldo", "on": True},
            visitor=conversation.customer_id,
            audience="both",
        )

    async def test() -> None:
        listening = await opened(visitor)
        waiting = asyncio.ensure_future(listening.event())
        await following(visitor.business)
        await acting(visitor, types)
        assert await waiting == ("typing", {"name": "Aldo", "on": True})
        await acting(visitor, lambda conversation: mark_seen(conversation=conversation, by=by))
        assert await listening.event() == ("read", {"upto": last})
        await listening.close()

    run(test)


def test_his_own_message_and_the_question_for_a_rating_come_too(visitor: Visitor) -> None:
    by = visitor.business.actor(visitor.business.agent)
    client_id = uuid4()

    async def test() -> None:
        listening = await opened(visitor)
        waiting = asyncio.ensure_future(listening.event())
        await following(visitor.business)
        await sync_to_async(visitor.say)("¿Y la cámara?", client_id)
        name, data = await waiting
        assert (name, data["message"]["client_id"], data["message"]["from"]) == (
            "message",
            str(client_id),
            "visitor",
        )
        await acting(visitor, lambda conversation: send_reply(conversation=conversation, text="Sí.", by=by))
        assert (await listening.event())[1]["message"]["text"] == "Sí."
        await acting(visitor, lambda conversation: close(conversation=conversation, by=by))
        asked = (await listening.event())[1]["message"]
        assert (asked["from"], asked["text"], asked["rating"]["scale"]) == ("system", "", [1, 2, 3, 4, 5])
        await listening.close()

    run(test)


# --- reconnecting ---


def test_what_came_meanwhile_follows_and_a_gap_is_a_resync(visitor: Visitor) -> None:
    by = visitor.business.actor()

    async def test() -> None:
        before = await sync_to_async(live.last_id)(visitor.business.tenant.id)
        await acting(visitor, lambda conversation: send_reply(conversation=conversation, text="uno", by=by))
        await acting(visitor, lambda conversation: send_reply(conversation=conversation, text="dos", by=by))
        listening = await opened(visitor, before)
        assert [(await listening.event())[1]["message"]["text"] for _ in range(2)] == ["uno", "dos"]
        last = listening.last
        await listening.close()

        again = await opened(visitor, last)
        waiting = asyncio.ensure_future(again.event())
        await following(visitor.business)
        await acting(visitor, lambda conversation: send_reply(conversation=conversation, text="tres", by=by))
        assert (await waiting)[1]["message"]["text"] == "tres"
        await again.close()

        for since in ("nonsense", "1-1", "9" * 60, "1-1\x00"):
            gap = await opened(visitor, since.replace("\x00", "%00"))
            assert await gap.event() == ("resync", {})
            await gap.close()

    run(test)


def test_lost_memory_of_the_stream_is_a_resync(visitor: Visitor) -> None:
    by = visitor.business.actor()

    async def test() -> None:
        before = await sync_to_async(live.last_id)(visitor.business.tenant.id)
        await sync_to_async(valkey.client().delete)(stream_key(visitor.business.tenant.id))
        await acting(visitor, lambda conversation: send_reply(conversation=conversation, text="uno", by=by))
        listening = await opened(visitor, before)
        assert await listening.event() == ("resync", {})
        await listening.close()

    run(test)


def test_stream_ends_after_its_time(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST", -1)

    async def test() -> None:
        listening = await opened(visitor)
        waiting = asyncio.ensure_future(listening.event())
        await following(visitor.business)
        await acting(visitor, lambda c: send_reply(conversation=c, text="Sí.", by=visitor.business.actor()))
        with pytest.raises(StopAsyncIteration):
            await waiting
        assert live.hub().readers == {}

    run(test)
