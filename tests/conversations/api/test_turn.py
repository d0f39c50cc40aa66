"""Turn, hand-offs and promises for integrators."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.actions import thinking
from conversations.models import Bot, Conversation, Promise
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business


@pytest.fixture
def chat(business: Business) -> Conversation:
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True, name="Tapi")
        return make_conversation("quiero hablar con una persona", kind="web", name="")


def due(hours: float = 2) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def test_turn_is_read_taken_and_given_back(api: Api, business: Business, chat: Conversation) -> None:
    at = f"conversations/{chat.pk}/"
    before = api.get(f"{at}turn/").json()
    assert (before["holder"], before["why"], before["can_give_back"]) == ("bot", "opened", False)
    assert api.get(at).json()["with_bot"] is True
    assert [one["id"] for one in api.get("conversations/", {"with_bot": "true"}).json()["data"]] == [
        str(chat.pk)
    ]
    taken = api.post(f"{at}turn/", {"holder": "person"}).json()
    assert (taken["holder"], taken["why"], taken["can_give_back"]) == ("person", "taken", True)
    assert api.post(f"{at}turn/", {"holder": "person"}).json() == taken
    assert api.post(f"{at}turn/", {"holder": "bot"}).json()["why"] == "given_back"
    assert api.post(f"{at}turn/", {"holder": "cat"}).status_code == 422
    with tenant_scope(business.tenant.id):
        Bot.objects.update(is_on=False)
    api.post(f"{at}turn/", {"holder": "person"})
    assert api.post(f"{at}turn/", {"holder": "bot"}).status_code == 422


def test_handoff_is_read_as_people_read_it(api: Api, business: Business, chat: Conversation) -> None:
    assert api.get(f"conversations/{chat.pk}/handoffs/").json()["data"] == []
    thinking.think(business.tenant.id, chat.pk)
    (card,) = api.get(f"conversations/{chat.pk}/handoffs/", headers={"Accept-Language": "es"}).json()["data"]
    assert (card["reason"], card["sentence"], card["missing"], card["asked"]) == (
        "asked", "Pidió hablar con una persona.", ["name"], [],
    )  # fmt: skip
    assert card["suggestion"].startswith("Hola.")
    (promise,) = api.get("promises/").json()["data"]
    assert (promise["kind"], promise["due_at"]) == ("answer", card["promised_at"])


def test_promise_is_made_put_off_kept_and_listed(
    api: Api, business: Business, conversation: Conversation
) -> None:
    at = f"conversations/{conversation.pk}/promises/"
    given = {
        "text": "Llamar con el precio",
        "due_at": due(),
        "kind": "call",
        "owner_id": str(business.agent.pk),
    }
    made = api.post(at, given, key="uno").json()
    assert api.post(at, given, key="uno").json() == made
    assert (made["owner_id"], made["kept_at"]) == (str(business.agent.pk), None)
    one = f"promises/{made['id']}/"
    assert api.patch(one, {"due_at": due(5)}).json()["due_at"] > made["due_at"]
    assert api.patch(one, {"due_at": due(-5)}).status_code == 422
    assert api.post(f"{one}keeping/").json()["kept_at"] is not None
    assert api.post(f"{one}withdrawal/").status_code == 409
    lists = {
        state: len(api.get("promises/", {"state": state}).json()["data"])
        for state in ("open", "late", "kept")
    }
    assert lists == {"open": 0, "late": 0, "kept": 1}
    assert api.post(f"{one}reopening/").json()["kept_at"] is None
    assert api.post(f"{one}withdrawal/").json()["withdrawn_at"] is not None
    assert [row["id"] for row in api.get(at).json()["data"]] == [made["id"]]
    assert api.get(one).json()["text"] == "Llamar con el precio"
    assert api.post(at, {**given, "owner_id": str(conversation.pk)}).status_code == 422
    assert api.get("promises/", {"state": "gone"}).status_code in (400, 422)


def test_strangers_find_nothing_and_scopes_are_asked_for(
    business: Business, conversation: Conversation, stranger: Api, limited: Callable[..., Api], api: Api
) -> None:
    made = api.post(f"conversations/{conversation.pk}/promises/", {"text": "x", "due_at": due()}).json()
    reader = limited("conversations:read")
    calls: list[tuple[str, str, Any]] = [
        ("post", f"conversations/{conversation.pk}/turn/", {"holder": "person"}),
        ("post", f"conversations/{conversation.pk}/promises/", {"text": "x", "due_at": due()}),
        ("patch", f"promises/{made['id']}/", {"due_at": due()}),
        ("post", f"promises/{made['id']}/keeping/", None),
    ]
    for method, path, body in calls:
        assert getattr(stranger, method)(path, body).status_code == 404
        assert getattr(reader, method)(path, body).status_code == 403
    for path in (f"conversations/{conversation.pk}/handoffs/", f"promises/{made['id']}/"):
        assert (stranger.get(path).status_code, reader.get(path).status_code) == (404, 200)
    assert stranger.get("promises/").json()["data"] == []
    with tenant_scope(business.tenant.id):
        assert Promise.objects.count() == 1
