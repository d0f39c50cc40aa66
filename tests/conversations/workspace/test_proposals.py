"""What customers really wrote, proposed as wordings of an answer: on its page and at the API."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conversations import wordings
from conversations.models import Article, Bot, Conversation, Decision, Turn
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.conversations import make_inbound
from tests.factories.knowledge import HOURS, make_article
from tests.factories.tenants import Business

Action = Decision.Action


@pytest.fixture
def article(business: Business) -> Article:
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True)
        return make_article(business)


def decided(business: Business, article: Article | None, *texts: str, **what: Any) -> None:
    """What customers each wrote to the bot, the oldest first, decided with an answer or without."""
    with tenant_scope(business.tenant.id):
        version = article.versions.get(state="published") if article else None
        action = Action.ANSWER if article else Action.ASK
        for text in texts:
            message = make_inbound(text, kind="web", address=str(uuid4()), name="Rosa Peña")
            turn = Turn.objects.get(conversation=message.conversation)
            Decision.objects.create(
                conversation=message.conversation, message=message, turn=turn, version=version,
                **{"action": action, "language": "es", **what},
            )  # fmt: skip


def at(business: Business, tail: str) -> str:
    return f"{business.base}settings/knowledge/{tail}"


def proposed(page: str) -> list[str]:
    """The proposals on a page, in order."""
    return [unescape(one) for one in re.findall(r'name="add" value="([^"]*)"', page)]


def test_what_was_decided_for_an_answer_is_proposed_and_added_with_one_press(
    business: Business, owner_client: Client, article: Article
) -> None:
    with tenant_scope(business.tenant.id):
        other = make_article(business, question="¿Dónde están?", phrasings=["donde quedan"], answer="Aquí.")
    decided(business, article, "hasta q hora atienden?", "soy Rosa, a que hora cierran", "Horario", "abren?",
            "A QUE HORA CIERRAN", "mi pedido 448812 ya está? a qué hora abren", "a q hora abren")  # fmt: skip
    decided(business, article, "esto no era", helped=False)
    decided(business, article, "y esto tampoco era", review=Decision.Review.WRONG)
    decided(business, other, "en que calle quedan")
    change = at(business, f"{article.pk}/change/")
    found = ["A QUE HORA CIERRAN", "soy, a que hora cierran", "hasta q hora atienden?"]
    assert proposed(owner_client.get(change).text) == found
    form = {**HOURS, "category": "general", "add": found[2]}
    added = owner_client.post(change, form)
    assert (added.status_code, proposed(added.text)) == (200, found[:2])
    assert f'name="phrasings" value="{found[2]}"' in added.text
    with tenant_scope(business.tenant.id):
        assert article.versions.count() == 1


def test_no_more_are_proposed_than_can_be_looked_through(
    business: Business, owner_client: Client, article: Article
) -> None:
    decided(business, article, *[f"abren el dia {number} de mayo" for number in range(10)])
    page = owner_client.get(at(business, f"{article.pk}/change/")).text
    assert proposed(page) == [f"abren el dia {number} de mayo" for number in range(9, 9 - wordings.SHOWN, -1)]


def test_question_nobody_answered_is_proposed_what_sounds_like_it(
    business: Business, owner_client: Client, article: Article
) -> None:
    decided(
        business, None, "mandan a monterrey?", "hacen envios a Monterrey y cuanto tardan", "tienen cascos"
    )
    decided(business, article, "hacen envios los domingos?")
    asked = {"question": "¿Hacen envíos a Monterrey?", "language": "es"}
    said = ["hacen envios a Monterrey y cuanto tardan", "mandan a monterrey?"]
    assert proposed(owner_client.get(at(business, "new/")).text) == []
    assert proposed(owner_client.get(at(business, "proposals/"), asked).text) == said
    more = owner_client.post(at(business, "new/"), {**HOURS, **asked, "op": "more"}).text
    assert proposed(more) == said
    assert (
        owner_client.get(at(business, "proposals/"), {"question": "\0 ", "language": "x" * 99}).status_code
        == 200
    )


def test_api_proposes_the_same_to_keys_that_may_read_conversations(
    business: Business, other: Business, article: Article
) -> None:
    decided(business, article, "hasta q hora atienden?")
    decided(business, None, "mandan a monterrey?")
    api, one = Api(key_for(business)), f"knowledge/{article.pk}/proposals/"
    [found] = api.get(one).json()["data"]
    assert (found["text"], set(found)) == (
        "hasta q hora atienden?", {"text", "message_id", "conversation_id", "said_at"},
    )  # fmt: skip
    like = "knowledge/proposals/?question=env%C3%ADan+a+Monterrey"
    assert [row["text"] for row in api.get(like).json()["data"]] == ["mandan a monterrey?"]
    assert api.get("knowledge/proposals/").status_code == 400
    assert Api(key_for(other)).get(one).status_code == 404
    assert Api(key_for(other)).get(like).json() == {"data": []}
    writer = Api(key_for(business, ["knowledge:write"]))
    assert writer.get(one).json() == {"data": []}
    assert Api(key_for(business, ["knowledge:read"])).get(one).status_code == 403


def test_who_sees_fewer_conversations_is_proposed_what_was_said_in_those(
    business: Business, article: Article
) -> None:
    narrowed = business.add_member(Role.SUPERVISOR, sees=Sees.OWN)
    decided(business, article, "hasta q hora atienden?", "a que hora cierran")
    with tenant_scope(business.tenant.id):
        Conversation.objects.filter(messages__text="a que hora cierran").update(assignee=narrowed)
    page = business.client(narrowed).get(at(business, f"{article.pk}/change/")).text
    assert proposed(page) == ["a que hora cierran"]
