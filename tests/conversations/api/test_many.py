"""Merging, splitting and acts on many, by the API."""

from typing import Any
from uuid import uuid4

import pytest

from conversations.actions import bulk
from conversations.models import BulkRun, Conversation, Message
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.conversations.actions.test_merging import two, write
from tests.factories.conversations import make_conversation
from tests.factories.crm import make_label
from tests.factories.tenants import Business


@pytest.fixture
def pair(business: Business) -> tuple[Conversation, Conversation]:
    with tenant_scope(business.tenant.id):
        mail, chat, _visitor = two()
    return mail, chat


def reread(business: Business, conversation: Conversation) -> Conversation:
    with tenant_scope(business.tenant.id):
        found: Conversation = Conversation.objects.get(pk=conversation.pk)
    return found


def test_merging_and_undoing(
    api: Api, stranger: Api, business: Business, pair: tuple[Conversation, Conversation]
) -> None:
    mail, chat = pair
    body = {"source_id": str(chat.pk), "answer_by_source": True}
    assert stranger.post(f"conversations/{mail.pk}/merging/", body).status_code == 404
    made = api.post(f"conversations/{mail.pk}/merging/", body)
    assert (made.status_code, made.json()["kind"]) == (201, "merge")
    assert reread(business, mail).answers_by_id == chat.pk
    moved = api.get(f"conversations/{chat.pk}/")
    assert (moved.status_code, moved["Location"]) == (308, f"/api/v1/conversations/{mail.pk}/")
    assert stranger.get(f"conversations/{chat.pk}/").status_code == 404
    assert [one["id"] for one in api.get("conversations/").json()["data"]] == [str(mail.pk)]
    way = api.post(f"conversations/{mail.pk}/way/", {"conversation_id": str(mail.pk)})
    assert (way.status_code, reread(business, mail).answers_by_id) == (204, None)
    address = f"conversations/merges/{made.json()['id']}/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}undoing/").status_code == 404
    undone = api.post(f"{address}undoing/")
    assert (undone.status_code, undone.json()["undone_at"] is None) == (200, False)
    assert api.post(f"{address}undoing/").status_code == 409
    assert reread(business, chat).status == "open"


def test_merging_with_another_businesss_conversation_names_nothing(
    api: Api, pair: tuple[Conversation, Conversation], foreign: Conversation
) -> None:
    refused = api.post(f"conversations/{pair[0].pk}/merging/", {"source_id": str(foreign.pk)})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/source_id")


def test_splitting(api: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        mail = make_conversation("Uno", address="ana@example.com", subject="Talla")
        second = write("Dos", kind="email", address="ana@example.com", subject="Talla")
    none = api.post(f"conversations/{mail.pk}/splitting/", {})
    made = api.post(f"conversations/{mail.pk}/splitting/", {"since_id": str(second.pk)})
    assert (none.status_code, made.status_code, made.json()["kind"]) == (422, 201, "split")
    with tenant_scope(business.tenant.id):
        assert str(Message.objects.get(pk=second.pk).conversation_id) == made.json()["target_id"]


def several(business: Business, count: int = 3) -> list[Conversation]:
    with tenant_scope(business.tenant.id):
        return [make_conversation(f"Hola {number}") for number in range(count)]


def test_bulk_closes_and_undoes(api: Api, stranger: Api, business: Business, foreign: Conversation) -> None:
    rows = several(business)
    ids = [str(one.pk) for one in rows] + [str(foreign.pk), str(uuid4())]
    done = api.post("conversations/bulk/", {"action": "close", "ids": ids})
    counts: dict[str, Any] = done.json()["counts"]
    assert (done.status_code, done.json()["state"], counts["changed"], counts["gone"]) == (201, "done", 3, 2)
    assert {reread(business, one).status for one in rows} == {"closed"}
    with tenant_scope(business.tenant.id):
        acts = AuditEvent.objects.filter(action__in=["conversation.closed", "conversation.bulk"])
        assert sorted(acts.values_list("action", flat=True)) == [
            "conversation.bulk",
            *["conversation.closed"] * 3,
        ]
    address = f"conversations/bulk/{done.json()['id']}/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}undoing/").status_code == 404
    api.post(f"conversations/{rows[0].pk}/reopening/")
    undone = api.post(f"{address}undoing/").json()
    assert (undone["state"], undone["counts"]["undone"], undone["counts"]["kept"]) == ("undone", 2, 1)
    assert {reread(business, one).status for one in rows} == {"open"}
    assert api.post(f"{address}undoing/").status_code == 409


NONSENSE: list[tuple[dict[str, Any], int]] = [
    ({"action": "close", "ids": []}, 422),
    ({"action": "fly", "ids": [str(uuid4())]}, 422),
    ({"action": "label", "to": "x", "ids": [str(uuid4())]}, 422),
    ({"action": "assign", "to": str(uuid4()), "ids": [str(uuid4())]}, 422),
    ({"action": "priority", "to": "9", "ids": [str(uuid4())]}, 422),
    ({"action": "snooze", "until": "2001-01-01T00:00:00Z", "ids": [str(uuid4())]}, 422),
    ({"action": "close", "filter": {"colour": "red"}}, 400),
    ({"action": "close", "filter": {"status": "asleep"}}, 400),
    ({"action": "close", "filter": {"status": ["open"]}}, 422),
    ({"action": "close", "ids": ["x"]}, 422),
]


def test_bulk_of_nonsense_is_refused(api: Api) -> None:
    for body, status in NONSENSE:
        assert api.post("conversations/bulk/", body).status_code == status, (body, status)


def test_bulk_by_filter_and_each_act(api: Api, business: Business) -> None:
    rows = several(business, 2)
    with tenant_scope(business.tenant.id):
        label = make_label("Talla")
    given = [
        {"action": "assign", "to": str(business.agent.pk)},
        {"action": "label", "to": str(label.pk)},
        {"action": "unlabel", "to": str(label.pk)},
        {"action": "priority", "to": "3"},
        {"action": "snooze", "until": "2199-01-01T00:00:00Z"},
        {"action": "reopen"},
        {"action": "wait"},
        {"action": "assign", "to": None},
    ]
    for act in given:
        done = api.post(
            "conversations/bulk/",
            {**act, "filter": {"unassigned": act["action"] == "assign" and bool(act["to"])}}
            if act["action"] == "assign" and act["to"]
            else {**act, "filter": {}},
        )
        assert (done.status_code, done.json()["counts"]["changed"]) == (201, 2), act
    assert {
        (one.status, one.priority, one.assignee_id) for one in (reread(business, row) for row in rows)
    } == {("waiting", 3, None)}


def test_many_are_done_by_a_worker_and_running_it_twice_changes_nothing(
    api: Api, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk.many, "at_once", 2)
    monkeypatch.setattr(bulk.many, "chunk", 2)
    rows = several(business, 5)
    begun = api.post(
        "conversations/bulk/", {"action": "priority", "to": "2", "ids": [str(r.pk) for r in rows]}
    )
    assert (begun.status_code, begun.json()["counts"]["pending"]) == (202, 5)
    for _time in range(2):
        bulk.many.advance(business.tenant.id, begun.json()["id"])
    now = api.get(f"conversations/bulk/{begun.json()['id']}/").json()
    assert (now["state"], now["counts"]["changed"]) == ("done", 5)
    api.post(f"conversations/bulk/{begun.json()['id']}/undoing/")
    bulk.many.advance(business.tenant.id, begun.json()["id"])
    assert {reread(business, one).priority for one in rows} == {1}
    with tenant_scope(business.tenant.id):
        assert BulkRun.objects.get().due_at is None
