"""GET and POST /inbox/<conversation>/presence/"""

import pytest
from django.test import Client

from conversations.models import Conversation
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tests.factories.conversations import thread_url
from tests.factories.tenants import Business


def present(
    client: Client, business: Business, conversation: Conversation, **data: str
) -> list[tuple[str, bool]]:
    """Who else is there after a sign of life."""
    url = thread_url(business, conversation, "presence")
    response = client.post(url, data) if data else client.get(url)
    assert response.status_code == 200
    return [(one.name, one.is_typing) for one in response.context["present"]]


def published(business: Business) -> list[str]:
    """The kinds of events members were told."""
    rows: list[tuple[str, dict[str, str]]] = valkey.client().xrange(stream_key(business.tenant.pk))  # type: ignore[assignment]
    return [fields["kind"] for _id, fields in rows]


def test_colleagues_see_each_other_look_type_and_leave(
    owner_client: Client, teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    assert present(owner_client, business, conversation, typing="0") == []
    assert present(teammate_client, business, conversation, typing="1", kind="note") == [
        ("Olga Dueña", False)
    ]
    assert present(owner_client, business, conversation) == [("Aldo Agente", True)]
    present(teammate_client, business, conversation, leaving="1")
    assert present(owner_client, business, conversation) == []


@pytest.mark.django_db(transaction=True)
def test_only_news_is_told(owner_client: Client, business: Business, conversation: Conversation) -> None:
    before = len(published(business))
    for _time in range(3):
        present(owner_client, business, conversation, typing="0")
    present(owner_client, business, conversation, typing="1", kind="note")
    assert published(business)[before:] == ["presence", "presence"]


@pytest.mark.django_db(transaction=True)
def test_the_visitor_hears_of_replies_and_never_of_notes(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    present(owner_client, business, conversation, typing="1", kind="note")
    assert "agent_typing" not in published(business)
    present(owner_client, business, conversation, typing="1", kind="reply")
    assert published(business)[-1] == "agent_typing"


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_nobody_is_shown(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    assert present(owner_client, business, conversation, typing="1") == []
    assert owner_client.get(thread_url(business, conversation)).status_code == 200


def test_presence_is_for_members_who_see_it(
    stranger_client: Client, narrow_client: Client, business: Business, conversation: Conversation
) -> None:
    url = thread_url(business, conversation, "presence")
    assert stranger_client.post(url).status_code == 404
    assert narrow_client.post(url).status_code == 404
