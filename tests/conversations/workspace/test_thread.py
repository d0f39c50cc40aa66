"""GET /inbox/<conversation>/ and the pieces of it that open pages fetch."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conversations.actions import conversations as acts
from conversations.models import Conversation, Delivery, Draft, Message
from tenants.models import Membership, Team
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, make_inbound, make_message, thread_url
from tests.factories.tenants import Business

EVIL = "<img src=x onerror=alert(1)>"
QUERIES = 39


def texts(response: object) -> list[str]:
    """What the feed says, messages and lines alike."""
    items = response.context["items"]  # type: ignore[attr-defined]
    return [item.text or item.message.text for item in items if item.message]


def refresh(conversation: Conversation, business: Business) -> None:
    """Read the row again."""
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()


def test_thread_shows_messages_notes_and_events(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        make_message(conversation, "Casi", by=business.actor(business.agent))
        make_message(conversation, "Falta el freno", by=business.actor(business.agent), note=True)
        acts.assign(conversation=conversation, to=business.owner, by=business.actor())
    response = owner_client.get(thread_url(business, conversation))
    assert texts(response) == [
        "¿Ya está mi bici?",
        "Casi",
        "Falta el freno",
        "Olga Dueña tomó la conversación",
    ]


def test_thread_is_404_for_strangers(
    stranger_client: Client, business: Business, other: Business, conversation: Conversation
) -> None:
    assert stranger_client.get(thread_url(business, conversation)).status_code == 404
    assert stranger_client.get(thread_url(other, conversation)).status_code == 404


def test_thread_is_404_for_who_may_not_see_it(
    narrow_client: Client, narrow: Membership, business: Business, conversation: Conversation
) -> None:
    url = thread_url(business, conversation)
    for noun in ("", "updates/", "earlier/", "presence/"):
        assert narrow_client.get(url + noun).status_code == 404
    with tenant_scope(business.tenant.id):
        acts.assign(conversation=conversation, to=narrow, by=business.actor())
    assert narrow_client.get(url).status_code == 200


@pytest.mark.parametrize("how", ["taken", "written", "never"])
def test_conversation_that_was_his_says_so_and_shows_nothing(
    narrow_client: Client, narrow: Membership, business: Business, conversation: Conversation, how: str
) -> None:
    """The link of a notification, opened after a colleague took over."""
    with tenant_scope(business.tenant.id):
        if how == "taken":
            acts.assign(conversation=conversation, to=narrow, by=business.actor())
        elif how == "written":
            make_message(conversation, "Casi", by=business.actor(narrow), note=True)
        acts.assign(conversation=conversation, to=business.agent, by=business.actor())
    url = f"{thread_url(business, conversation)}?view=closed"
    page = narrow_client.get(url)
    piece = narrow_client.get(url, headers={"hx-request": "true", "hx-target": "conversation"})
    assert (page.status_code, "moved_on" in shown(page)) == (404, how != "never")
    assert (piece.status_code, piece.get("HX-Redirect")) == ((404, None) if how == "never" else (204, url))
    if how != "never":
        assert f'href="{business.base}inbox/?view=closed"' in page.text
    for word in ("Ana Flores", "mi bici", "Casi", business.agent.name):
        assert word not in page.text
    assert narrow_client.get(url.replace("?", "updates/?")).status_code == 404


def test_conversation_that_left_his_team_says_so(
    team_client: Client, narrow_client: Client, business: Business, team: Team, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        acts.set_team(conversation=conversation, team=team, by=business.actor())
        acts.set_team(conversation=conversation, team=None, by=business.actor())
    url = thread_url(business, conversation)
    pages = [client.get(url) for client in (team_client, narrow_client)]
    assert [(page.status_code, "moved_on" in shown(page)) for page in pages] == [(404, True), (404, False)]


def shown(response: Any) -> str:
    """Names of the templates a response was made of."""
    return " ".join(template.name or "" for template in response.templates)


def test_thread_with_htmx_is_the_pane_alone(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "conversation"}
    content = owner_client.get(thread_url(business, conversation), headers=headers).content.decode()
    assert "<html" not in content
    assert 'id="conversation"' in content
    assert 'hx-swap-oob="true"' in content


def test_thread_escapes_names_subjects_and_bodies(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        evil = make_conversation(EVIL, name=EVIL, subject=EVIL, quoted=EVIL)
        make_message(evil, EVIL, by=business.actor())
        make_message(evil, EVIL, by=business.actor(), note=True)
    content = owner_client.get(thread_url(business, evil)).content.decode()
    assert "<img src=x" not in content
    assert "&lt;img src=x" in content


def test_thread_makes_links_that_open_beside_it(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        linked = make_conversation('https://example.com/?a=1&b="><script>')
    content = owner_client.get(thread_url(business, linked)).content.decode()
    assert (
        '<a target="_blank" rel="noopener noreferrer nofollow" href="https://example.com/?a=1&amp;b='
        in content
    )
    assert "<script>&quot;" not in content


def test_thread_of_analyst_has_no_composer(
    analyst_client: Client, business: Business, conversation: Conversation
) -> None:
    content = analyst_client.get(thread_url(business, conversation)).content.decode()
    assert 'id="composer"' not in content


def test_thread_query_count_does_not_grow(
    owner_client: Client, business: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with tenant_scope(business.tenant.id):
        short = make_conversation(address="una@example.com")
        long = make_conversation(address="otra@example.com")
        for number in range(3):
            make_message(long, f"n{number}", by=business.actor())
    for one in (short, long):
        owner_client.get(thread_url(business, one))
        with django_assert_num_queries(QUERIES):
            owner_client.get(thread_url(business, one))


def test_thread_shows_why_a_message_did_not_arrive(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        sent = make_message(conversation, "Va", by=business.actor())
        Delivery.objects.filter(message=sent).update(status="failed", reason="El buzón no existe.")
    content = owner_client.get(thread_url(business, conversation)).content.decode()
    assert "El buzón no existe." in content
    assert "/resend/" in content


def test_thread_earlier_episodes_on_demand(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        old = make_conversation("Primero", kind="web", address=str(uuid4()))
        acts.close(conversation=old, by=business.actor())
        Conversation.objects.update(closed_at=timezone.now() - timedelta(days=30))
        value = old.identity.value
        make_inbound("Segundo", kind="web", address=value)
    response = owner_client.get(thread_url(business, old))
    assert texts(response) == ["Segundo"]
    assert response.context["has_earlier"] is True
    before = response.context["first_id"]
    earlier = owner_client.get(thread_url(business, old, "earlier") + f"?before={before}")
    assert texts(earlier) == ["Primero", "Olga Dueña cerró la conversación"]
    plain = owner_client.get(thread_url(business, old) + f"?before={before}")
    assert texts(plain) == ["Primero", "Olga Dueña cerró la conversación"]


def test_updates_hold_what_came_after_and_what_changed(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        first = make_message(conversation, "Uno", by=business.actor())
        Message.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        last = make_message(conversation, "Dos", by=business.actor())
        make_message(conversation, "Tres", by=business.actor())
    url = thread_url(business, conversation, "updates")
    assert texts(owner_client.get(f"{url}?after={last.pk}")) == ["Tres"]
    assert texts(owner_client.get(f"{url}?after={last.pk}&changed={first.pk}")) == ["Uno", "Tres"]
    assert texts(owner_client.get(f"{url}?after={last.pk}&changed={last.pk}")) == ["Dos", "Tres"]


@pytest.mark.parametrize("query", ["", "after=x", "after=%00", "changed=1&changed=2", f"after={UUID(int=7)}"])
def test_updates_take_any_query(
    owner_client: Client, business: Business, conversation: Conversation, query: str
) -> None:
    assert owner_client.get(thread_url(business, conversation, "updates") + f"?{query}").status_code == 200


def test_updates_never_hold_another_conversation(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        foreign = Message.objects.get(conversation=make_conversation("Ajeno"))
    url = thread_url(business, conversation, "updates")
    assert "Ajeno" not in texts(owner_client.get(f"{url}?changed={foreign.pk}"))


def test_looking_marks_as_seen_for_who_answers_it(
    owner_client: Client, teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        acts.assign(conversation=conversation, to=business.owner, by=business.actor())
    teammate_client.get(thread_url(business, conversation))
    refresh(conversation, business)
    assert conversation.seen_at is None
    owner_client.get(thread_url(business, conversation))
    refresh(conversation, business)
    assert conversation.seen_at is not None


def test_draft_is_mine_alone(
    owner_client: Client, teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        Draft.objects.create(conversation=conversation, membership=business.owner, body="A medias")
    assert owner_client.get(thread_url(business, conversation)).context["draft_text"] == "A medias"
    assert teammate_client.get(thread_url(business, conversation)).context["draft_text"] == ""
