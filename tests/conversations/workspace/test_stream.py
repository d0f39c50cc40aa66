"""GET /events/, under ASGI."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from conversations.models import Conversation
from conversations.workspace import stream
from tenants import live
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "tenants.backends.PersonBackend"


def publish(business: Business, kind: str, **fields: str) -> str:
    entry: Any = {
        "kind": kind,
        "data": json.dumps({"n": kind}),
        "team": "",
        "assignee": "",
        "audience": "members",
    }
    written: Any = valkey.client().xadd(stream_key(business.tenant.pk), entry | fields)
    return str(written)


def listen(
    business: Business,
    member: Membership | None,
    then: Callable[[], Any],
    *,
    since: str = "0-0",
    events: int = 1,
) -> list[str]:
    """Open the stream as a member, do something, and return the kinds heard (the status for a refusal)."""

    async def main() -> list[str]:
        client = AsyncClient()
        if member:
            await sync_to_async(client.force_login)(member.user, backend=BACKEND)
        response = await client.get(f"{business.base}events/", {"since": since})
        if response.status_code != 200:
            return [str(response.status_code)]
        assert response["Content-Type"] == "text/event-stream"
        kinds: list[str] = []
        body = aiter(response.streaming_content)  # type: ignore[attr-defined]
        assert (await anext(body)).startswith(b"retry:")
        await sync_to_async(then)()
        try:
            async with asyncio.timeout(3):
                async for chunk in body:
                    if b"data: " in chunk:
                        kinds.append(json.loads(chunk.split(b"data: ")[1])["kind"])
                    if len(kinds) == events:
                        break
        except TimeoutError:
            kinds.append("silence")
        await body.aclose()  # type: ignore[attr-defined]
        await live.hub().client.aclose()
        return kinds

    return asyncio.run(main())


def test_members_hear_what_happens(business: Business) -> None:
    publish(business, "missed")
    heard = listen(business, business.owner, lambda: publish(business, "message"), events=2)
    assert heard == ["missed", "message"]


def test_visitors_events_are_not_for_members(business: Business) -> None:
    def happen() -> None:
        publish(business, "agent_typing", audience="visitor")
        publish(business, "message", audience="both")

    assert listen(business, business.owner, happen) == ["message"]


def test_narrowed_members_hear_of_what_they_see(
    business: Business, narrow: Membership, conversation: Conversation
) -> None:
    def happen() -> None:
        publish(business, "foreign", assignee=str(business.owner.pk))
        publish(business, "unassigned")
        publish(business, "own", assignee=str(narrow.pk))

    assert listen(business, narrow, happen) == ["own"]


def test_strangers_and_the_logged_out_get_404(business: Business, other: Business) -> None:
    assert listen(business, other.owner, lambda: None) == ["404"]
    assert listen(business, None, lambda: None) == ["404"]


def test_stream_ends_when_the_membership_does(business: Business) -> None:
    def revoke() -> None:
        with tenant_scope(business.tenant.id):
            Membership.objects.filter(pk=business.agent.pk).update(is_active=False)
        publish(business, "membership", data=json.dumps({"membership": str(business.agent.pk)}))
        publish(business, "message")

    assert listen(business, business.agent, revoke) == []


def test_stream_ends_after_logging_out(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "RECHECK_SECONDS", -1)

    def log_out() -> None:
        from django.contrib.sessions.models import Session

        Session.objects.all().delete()
        publish(business, "message")

    assert listen(business, business.agent, log_out) == []


def test_a_gap_says_read_again(business: Business) -> None:
    publish(business, "message")
    assert listen(business, business.owner, lambda: None, since="1-1") == ["resync"]


def test_stream_is_not_served_under_wsgi(owner_client: Client, business: Business) -> None:
    assert owner_client.get(f"{business.base}events/").status_code == 503


def test_the_page_says_from_where_to_listen(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    newest = publish(business, "message")
    assert owner_client.get(f"{business.base}inbox/").context["since"] == newest
