"""From closing a conversation to a rating in the customer's history."""

from typing import Any

import pytest
from django.test import Client

from conversations.actions.conversations import close
from conversations.actions.messages import send_reply
from conversations.models import Conversation, Message
from crm.models import FollowUp, TimelineEntry
from feedback.models import Invitation, Response
from tenants.scoping import tenant_scope
from tests.conversations.channels.web.test_chat import Visitor
from tests.factories.tenants import Business


@pytest.fixture
def asked(business: Business) -> Visitor:
    """A visitor whose conversation was answered and closed by the agent."""
    visitor = Visitor(business).begin()
    visitor.say("Hola", answers={"name": "Ana"})
    with tenant_scope(business.tenant.id):
        conversation = Conversation.objects.get()
        by = business.actor(business.agent)
        send_reply(conversation=conversation, text="¿En qué te ayudo?", by=by)
        close(conversation=conversation, by=by)
    return visitor


def rating_of(visitor: Visitor) -> dict[str, Any]:
    return visitor.get("messages").json()["messages"][-1]["rating"]


def test_one_tap_in_the_chat_is_kept_everywhere(asked: Visitor) -> None:
    rating = rating_of(asked)
    assert rating["question"] == "How was our service?" or rating["question"]
    assert asked.post("rating", {"token": rating["token"], "score": 5}).status_code == 204
    assert rating_of(asked)["answered"] == 5
    with tenant_scope(asked.business.tenant.id):
        response = Response.objects.get()
        assert (response.score, response.agent_id) == (5, asked.business.agent.pk)
        assert TimelineEntry.objects.get(kind="survey").data == {"score": 5, "comment": ""}
        assert Message.objects.filter(kind="event", data__event="rated").count() == 1
        assert FollowUp.objects.count() == 0


def test_low_rating_opens_one_follow_up_for_the_agent(asked: Visitor) -> None:
    token = rating_of(asked)["token"]
    for score in (1, 2, 1):
        assert asked.post("rating", {"token": token, "score": score}).status_code == 204
    asked.post("rating", {"token": token, "score": 1, "comment": "Nadie llamó"})
    with tenant_scope(asked.business.tenant.id):
        follow_up = FollowUp.objects.get()
        assert (follow_up.reason, follow_up.assignee_id) == ("bad_rating", asked.business.agent.pk)
        assert Response.objects.get().comment == "Nadie llamó"
        assert TimelineEntry.objects.get(kind="survey").data == {"score": 1, "comment": "Nadie llamó"}


def test_link_shows_on_get_and_records_on_post_only(asked: Visitor) -> None:
    token = rating_of(asked)["token"]
    browser = Client()
    for _again in range(2):
        assert browser.get(f"/r/{token}/?score=5").status_code == 200
        assert browser.head(f"/r/{token}/?score=5").status_code == 200
    with tenant_scope(asked.business.tenant.id):
        assert Response.objects.count() == 0
    assert browser.post(f"/r/{token}/", {"score": "4", "comment": "Bien"}).status_code == 200
    with tenant_scope(asked.business.tenant.id):
        assert Response.objects.get().score == 4


@pytest.mark.parametrize("score", ["", "0", "6", "x", "٣", "1" * 500])
def test_bad_score_is_422_and_keeps_nothing(asked: Visitor, score: str) -> None:
    response = Client().post(f"/r/{rating_of(asked)['token']}/", {"score": score})
    assert response.status_code == 422
    with tenant_scope(asked.business.tenant.id):
        assert Response.objects.count() == 0


def test_unknown_link_says_so(db: None) -> None:
    assert Client().get("/r/nada/").status_code == 404


def test_rating_of_another_channel_is_refused(asked: Visitor, other: Business) -> None:
    stranger = Visitor(other).begin()
    assert stranger.post("rating", {"token": rating_of(asked)["token"], "score": 5}).status_code == 404


def test_nobody_is_asked_twice_within_the_cooldown(asked: Visitor) -> None:
    asked.say("Otra cosa")
    with tenant_scope(asked.business.tenant.id):
        conversation = Conversation.objects.get()
        assert conversation.status == "open"
        by = asked.business.actor(asked.business.agent)
        send_reply(conversation=conversation, text="Listo", by=by)
        close(conversation=conversation, by=by)
        assert Invitation.objects.count() == 1


def test_results_page_for_owner_teammate_and_stranger(
    asked: Visitor, owner_client: Client, teammate_client: Client, stranger_client: Client
) -> None:
    asked.post("rating", {"token": rating_of(asked)["token"], "score": 2, "comment": "Tardaron <b>mucho</b>"})
    address = f"{asked.business.base}feedback/"
    page = owner_client.get(address).content.decode()
    assert "Tardaron &lt;b&gt;mucho&lt;/b&gt;" in page
    assert teammate_client.get(address).status_code == 200
    assert stranger_client.get(address).status_code == 404
    assert teammate_client.get(f"{address}survey/").status_code == 403
    assert owner_client.get(f"{address}survey/").status_code == 200


def test_survey_can_be_switched_off(business: Business, owner_client: Client) -> None:
    response = owner_client.post(
        f"{business.base}feedback/survey/", {"question": "¿Qué tal?", "cooldown_days": "7"}
    )
    assert response.status_code == 302
    visitor = Visitor(business).begin()
    visitor.say("Hola")
    with tenant_scope(business.tenant.id):
        conversation = Conversation.objects.get()
        send_reply(conversation=conversation, text="Hola", by=business.actor())
        close(conversation=conversation, by=business.actor())
        assert Invitation.objects.count() == 0
