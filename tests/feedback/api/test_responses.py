"""/api/v1/responses/"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.actions.conversations import close
from conversations.actions.messages import send_reply
from conversations.models import Conversation
from feedback.actions.surveys import respond
from feedback.models import Invitation, Response
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.test_base import problem
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business


def rate(business: Business, score: int, comment: str = "") -> Response:
    """A customer who was answered by the agent, and said how it was."""
    with tenant_scope(business.tenant.id):
        by = business.actor(business.agent)
        conversation: Conversation = make_conversation(kind="web")
        send_reply(conversation=conversation, text="Hola", by=by)
        close(conversation=conversation, by=by)
        return respond(invitation=Invitation.objects.latest("id"), score=score, comment=comment)


def test_one_rating(api: Api, business: Business) -> None:
    response = rate(business, 4, "Bien")
    body = api.get(f"responses/{response.pk}/").json()
    assert body == {
        "id": str(response.pk),
        "customer_id": str(response.customer_id),
        "conversation_id": str(response.invitation.conversation_id),
        "agent_id": str(business.agent.pk),
        "channel_kind": "web",
        "score": 4,
        "comment": "Bien",
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert api.get(f"responses/{response.pk}/", {"fields": "score"}).json() == {"score": 4}


def test_list_is_newest_first_in_pages_and_filtered(api: Api, business: Business) -> None:
    made = [rate(business, score) for score in (5, 1, 5)]
    wanted = [str(row.pk) for row in reversed(made)]
    first = api.get("responses/", {"limit": "2"}).json()
    rate(business, 3)
    second = api.get("responses/", {"limit": "2", "cursor": first["next_cursor"]}).json()
    assert [row["id"] for row in first["data"] + second["data"]] == wanted
    assert [row["id"] for row in api.get("responses/", {"score": "5"}).json()["data"]] == [
        wanted[0],
        wanted[2],
    ]
    found = api.get("responses/", {"customer": str(made[1].customer_id)}).json()["data"]
    assert [row["id"] for row in found] == [wanted[1]]


@pytest.mark.parametrize(
    "query", [{"score": "x"}, {"customer": "x"}, {"cursor": "x"}, {"score": "\x00"}, {"fields": "token"}]
)
def test_bad_parameters_are_400(api: Api, query: dict[str, str]) -> None:
    assert problem(api.get("responses/", query)) == (400, "malformed")


NO_SCORES: list[str] = ["9" * 30, "-1", "0", "6", "1e400", "NaN", "4.5", "Infinity"]


def test_score_that_is_none_is_400(api: Api) -> None:
    for score in NO_SCORES:
        assert problem(api.get("responses/", {"score": score})) == (400, "malformed"), score


def test_strangers_and_unknown_ids_are_404(api: Api, stranger: Api, business: Business) -> None:
    response = rate(business, 4)
    assert problem(stranger.get(f"responses/{response.pk}/")) == (404, "not-found")
    assert problem(api.get(f"responses/{uuid4()}/")) == (404, "not-found")
    assert problem(api.get("responses/x/")) == (404, "not-found")
    assert stranger.get("responses/", {"customer": str(response.customer_id)}).json()["data"] == []


def test_ratings_are_read_only_and_need_their_scope(
    api: Api, limited: Callable[..., Api], business: Business
) -> None:
    response = rate(business, 4)
    assert problem(limited("conversations:read").get("responses/")) == (403, "forbidden")
    assert limited("feedback:read").get("responses/").status_code == 200
    calls: list[Any] = [api.post("responses/", {}), api.patch(f"responses/{response.pk}/", {"score": 5})]
    assert [problem(call)[0] for call in calls] == [405, 405]


def test_list_costs_the_same_with_one_and_three(api: Api, business: Business) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get("responses/").status_code == 200
        return len(queries)

    rate(business, 4)
    cost()
    one = cost()
    rate(business, 5)
    rate(business, 3)
    assert cost() == one
