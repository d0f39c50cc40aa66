"""The turn on the page: shown, taken, given back; and the view of those the bot speaks with."""

from collections.abc import Iterator

import pytest
from django.test import Client

from conversations.models import Bot, Conversation
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, thread_url
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(business: Business) -> Iterator[Conversation]:
    """Ana writes to the bot."""
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True, name="Tapi")
        yield make_conversation("hola", kind="web", name="Ana Flores")


def fresh(business: Business, conversation: Conversation) -> Conversation:
    with tenant_scope(business.tenant.id):
        found: Conversation = Conversation.objects.get(pk=conversation.pk)
        return found


def test_who_speaks_is_shown_and_changed_with_undo(
    teammate_client: Client, business: Business, chat: Conversation
) -> None:
    page = teammate_client.get(thread_url(business, chat)).content.decode()
    assert 'class="turn"' in page
    url = thread_url(business, chat, "turn")
    answer = teammate_client.post(url, {"to": "person"}, headers=HTMX)
    assert answer.status_code == 200
    assert '"to": "bot"' in answer.headers["HX-Trigger"]
    assert fresh(business, chat).assignee_id == business.agent.pk
    page = teammate_client.get(thread_url(business, chat)).content.decode()
    assert 'class="turn"' not in page
    assert 'name="to" value="bot"' in page
    assert teammate_client.post(url, {"to": "bot"}).status_code == 302
    assert fresh(business, chat).with_bot
    assert teammate_client.post(url, {"to": "nobody"}, headers=HTMX).status_code == 409


def test_nobody_gives_it_back_where_no_bot_answers(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    page = teammate_client.get(thread_url(business, conversation)).content.decode()
    assert 'name="to" value="bot"' not in page
    refused = teammate_client.post(thread_url(business, conversation, "turn"), {"to": "bot"}, headers=HTMX)
    assert refused.status_code == 409


def test_with_the_bot_nobody_is_waited_for(
    owner_client: Client, business: Business, chat: Conversation
) -> None:
    row = f'id="row-{chat.pk}"'
    shown = {
        view: row in owner_client.get(f"{business.base}inbox/?view={view}").content.decode()
        for view in ("unassigned", "mine", "waiting", "bot", "all")
    }
    assert shown == {"unassigned": False, "mine": False, "waiting": False, "bot": True, "all": True}
    with tenant_scope(business.tenant.id):
        Conversation.objects.update(status="closed", closed_at="2026-11-21T10:00:00Z")
    assert row not in owner_client.get(f"{business.base}inbox/?view=bot").content.decode()


def test_strangers_readers_and_the_narrowed_change_no_turn(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    narrow: Membership,
    business: Business,
    chat: Conversation,
) -> None:
    url = thread_url(business, chat, "turn")
    said = [
        one.post(url, {"to": "person"}).status_code
        for one in (stranger_client, analyst_client, narrow_client)
    ]
    assert said == [404, 403, 404]
    assert fresh(business, chat).with_bot
