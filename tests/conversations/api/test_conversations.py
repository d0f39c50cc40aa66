"""/api/v1/conversations/ and what hangs below a conversation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import conversations as actions
from conversations.actions.messages import send_reply
from conversations.models import Channel, Conversation, Delivery, Message
from tenants.models import AuditEvent, Team
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.test_base import problem
from tests.conversations.actions.vendor import begin
from tests.factories.crm import make_label
from tests.factories.tenants import Business

FAR = (timezone.now() + timedelta(days=3)).isoformat()


def path(conversation: Conversation, noun: str = "") -> str:
    return f"conversations/{conversation.pk}/" + (f"{noun}/" if noun else "")


def pointers(response: Any) -> list[str]:
    return [error.get("pointer", error.get("parameter")) for error in response.json().get("errors", [])]


# --- reading ---


def test_one_conversation(api: Api, business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        actions.set_labels(conversation=conversation, labels=[make_label("VIP")], by=business.actor())
        conversation.refresh_from_db()
        label = conversation.labels.get()
    body = api.get(path(conversation)).json()
    assert body == {
        "id": str(conversation.pk),
        "customer_id": str(conversation.customer_id),
        "channel_id": str(conversation.channel_id),
        "subject": "",
        "status": "open",
        "priority": 1,
        "assignee_id": None,
        "team_id": None,
        "labels": [{"id": str(label.pk), "name": "VIP", "color": "teal"}],
        "preview": "Hola",
        "last_message_at": body["last_message_at"],
        "waiting_since": body["last_message_at"],
        "window_ends_at": None,
        "snoozed_until": None,
        "wakes_on_reply": True,
        "with_bot": False,
        "due_at": None,
        "due_target": "",
        "closed_at": None,
        "episode_count": 1,
        "created_at": body["created_at"],
    }
    assert body["last_message_at"].endswith("Z")


def test_list_is_newest_first_and_pages_stay_stable(api: Api, business: Business, channel: Channel) -> None:
    made = [begin(business, channel, **{"from": f"c{n}"}) for n in range(5)]
    wanted = [str(row.pk) for row in reversed(made)]
    first = api.get("conversations/", {"limit": "2"}).json()
    assert ([row["id"] for row in first["data"]], first["has_more"]) == (wanted[:2], True)
    begin(business, channel, **{"from": "nuevo"})  # arrives between two pages
    second = api.get("conversations/", {"limit": "2", "cursor": first["next_cursor"]}).json()
    third = api.get("conversations/", {"limit": "2", "cursor": second["next_cursor"]}).json()
    assert [row["id"] for row in second["data"] + third["data"]] == wanted[2:]
    assert (third["has_more"], third["next_cursor"]) == (False, None)


def test_filters(api: Api, business: Business, channel: Channel) -> None:
    closed, mine, other_one = (begin(business, channel, **{"from": f"c{n}"}) for n in range(3))
    with tenant_scope(business.tenant.id):
        by = business.actor()
        team, label = Team.objects.create(name="Taller"), make_label()
        actions.close(conversation=closed, by=by)
        actions.assign(conversation=mine, to=business.agent, by=by)
        actions.set_team(conversation=mine, team=team, by=by)
        actions.set_labels(conversation=other_one, labels=[label, make_label("Otra")], by=by)
        send_reply(conversation=mine, text="Hola", by=by)

    def found(**query: Any) -> set[str]:
        response = api.get("conversations/", query)
        assert response.status_code == 200
        return {row["id"] for row in response.json()["data"]}

    names = {str(closed.pk): "closed", str(mine.pk): "mine", str(other_one.pk): "other"}
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"status": "closed"}, {"closed"}),
        ({"status": ["closed", "open"]}, {"closed", "other"}),
        ({"assignee": str(business.agent.pk)}, {"mine"}),
        ({"unassigned": "true"}, {"closed", "other"}),
        ({"unassigned": "false"}, {"mine"}),
        ({"unanswered": "true"}, {"other"}),
        ({"unanswered": "false"}, {"closed", "mine"}),
        ({"team": str(team.pk)}, {"mine"}),
        ({"label": str(label.pk)}, {"other"}),
        ({"customer": str(mine.customer_id)}, {"mine"}),
        ({"channel": str(channel.pk)}, {"closed", "mine", "other"}),
        ({"channel": str(uuid4())}, set()),
        ({"status": "open", "unassigned": "true"}, {"other"}),
    ]
    for query, expected in cases:
        assert {names[one] for one in found(**query)} == expected, query


BAD_PARAMETERS: list[dict[str, str]] = [
    {"status": "bogus"},
    {"customer": "x"},
    {"assignee": "\x00"},
    {"label": "7"},
    {"cursor": "x"},
    {"limit": "0"},
    {"limit": "101"},
    {"limit": "ñ"},
    {"fields": "nope"},
    {"fields": "id,secrets"},
    {"team": "9" * 500},
    {"channel": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
]


def test_bad_parameters_are_400(api: Api) -> None:
    for query in BAD_PARAMETERS:
        response = api.get("conversations/", query)
        assert problem(response) == (400, "malformed"), query


def test_sparse_fields_narrow_answers_and_queries(
    api: Api, business: Business, conversation: Conversation
) -> None:
    assert api.get(path(conversation), {"fields": "id,status"}).json() == {
        "id": str(conversation.pk),
        "status": "open",
    }
    assert api.get("conversations/", {"fields": "preview"}).json()["data"] == [{"preview": "Hola"}]


@pytest.mark.parametrize("noun", ["", "messages"])
def test_lists_cost_the_same_with_one_and_three(
    api: Api, business: Business, channel: Channel, conversation: Conversation, noun: str
) -> None:
    address = path(conversation, noun) if noun else "conversations/"

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(address).status_code == 200
        return len(queries)

    with tenant_scope(business.tenant.id):
        actions.set_labels(conversation=conversation, labels=[make_label()], by=business.actor())
    cost()
    one = cost()
    for number in range(2):
        second = begin(business, channel, **{"from": f"c{number}"})
        with tenant_scope(business.tenant.id):
            actions.set_labels(conversation=second, labels=[make_label(f"L{number}")], by=business.actor())
            send_reply(conversation=conversation, text="Hola", by=business.actor())
    assert cost() == one


def test_narrowed_integrators_do_not_exist_but_other_businesses_do(
    api: Api, stranger: Api, conversation: Conversation, foreign: Conversation
) -> None:
    assert [row["id"] for row in api.get("conversations/").json()["data"]] == [str(conversation.pk)]
    for noun in ("", "messages"):
        assert problem(stranger.get(path(conversation, noun))) == (404, "not-found")
        assert problem(api.get(path(foreign, noun))) == (404, "not-found")


# --- changing ---


def test_change_does_what_the_pages_do(api: Api, business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        team, label = Team.objects.create(name="Taller"), make_label()
    change = {
        "assignee_id": str(business.agent.pk),
        "team_id": str(team.pk),
        "priority": 3,
        "label_ids": [str(label.pk)],
    }
    for _again in range(2):
        body = api.patch(path(conversation), change).json()
        assert (body["assignee_id"], body["team_id"], body["priority"]) == (
            change["assignee_id"],
            change["team_id"],
            3,
        )
        assert [row["id"] for row in body["labels"]] == change["label_ids"]
    with tenant_scope(business.tenant.id):
        lines = list(
            Message.objects.filter(kind="event").order_by("id").values_list("data__event", flat=True)
        )
        assert lines == ["priority_changed", "labelled", "team_changed", "assigned"]
        acts = AuditEvent.objects.filter(action__startswith="conversation.").values_list(
            "actor_label", flat=True
        )
        assert list(acts) == ["Tienda"] * 4
    body = api.patch(path(conversation), {"assignee_id": None, "team_id": None, "label_ids": []}).json()
    assert (body["assignee_id"], body["team_id"], body["labels"]) == (None, None, [])


def test_change_with_nothing_changes_nothing(
    api: Api, business: Business, conversation: Conversation
) -> None:
    assert api.patch(path(conversation), {}).json() == api.get(path(conversation)).json()


BAD_CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"assignee_id": str(uuid4())}, "/assignee_id"),
    ({"team_id": str(uuid4())}, "/team_id"),
    ({"label_ids": [str(uuid4())]}, "/label_ids"),
    ({"label_ids": None}, "/label_ids"),
    ({"label_ids": "x"}, "/label_ids"),
    ({"label_ids": ["x"]}, "/label_ids/0"),
    ({"label_ids": [str(uuid4())] * 101}, "/label_ids"),
    ({"assignee_id": 7}, "/assignee_id"),
    ({"assignee_id": {"x": 1}}, "/assignee_id"),
    ({"priority": 4}, "/priority"),
    ({"priority": -1}, "/priority"),
    ({"priority": None}, "/priority"),
    ({"priority": [1]}, "/priority"),
    ({"priority": 10**30}, "/priority"),
    ({"priority": "alta"}, "/priority"),
    ({"priority": True}, "/priority"),
    ({"status": "closed"}, "/status"),
    ({"nope": 1}, "/nope"),
]


def test_bad_changes_are_422_and_change_nothing(
    api: Api, business: Business, conversation: Conversation
) -> None:
    for body, pointer in BAD_CHANGES:
        before = api.get(path(conversation)).json()
        response = api.patch(path(conversation), {"priority": 2, **body})
        assert problem(response) == (422, "invalid"), (body, pointer)
        assert pointer in pointers(response), (body, pointer)
        assert api.get(path(conversation)).json() == before, (body, pointer)


def test_another_business_s_rows_are_422_in_bodies(
    api: Api, business: Business, other: Business, conversation: Conversation, foreign: Conversation
) -> None:
    with tenant_scope(other.tenant.id):
        team, label = Team.objects.create(name="Ajeno"), make_label("Ajena")
    for body in (
        {"assignee_id": str(other.agent.pk)},
        {"team_id": str(team.pk)},
        {"label_ids": [str(label.pk)]},
    ):
        assert problem(api.patch(path(conversation), body)) == (422, "invalid")
    assert problem(api.patch(path(foreign), {"priority": 2})) == (404, "not-found")
    queries = (
        {"customer": str(foreign.customer_id)},
        {"channel": str(foreign.channel_id)},
        {"team": str(team.pk)},
    )
    assert [api.get("conversations/", query).json()["data"] for query in queries] == [[], [], []]


def test_analyst_cannot_be_assigned(api: Api, business: Business, conversation: Conversation) -> None:
    analyst = business.add_member(Role.ANALYST)
    assert problem(api.patch(path(conversation), {"assignee_id": str(analyst.pk)})) == (422, "invalid")


# --- states ---


@pytest.mark.parametrize(
    ("noun", "body", "status"),
    [
        ("closure", None, "closed"),
        ("waiting", None, "waiting"),
        ("snooze", {"until": FAR}, "snoozed"),
        ("snooze", {"until": FAR, "until_reply": False}, "snoozed"),
        ("snooze", {"until_reply": True}, "snoozed"),
    ],
)
def test_states_twice_and_back(
    api: Api, business: Business, conversation: Conversation, noun: str, body: Any, status: str
) -> None:
    for _again in range(2):
        response = api.post(path(conversation, noun), body)
        assert (response.status_code, response.json()["status"]) == (200, status)
    for _again in range(2):
        assert api.post(path(conversation, "reopening")).json()["status"] == "open"
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="event").count() == 2


BAD_SNOOZES: list[Any] = [
    {},
    {"until": ""},
    {"until": "mañana"},
    {"until": None},
    {"until": None, "until_reply": False},
    {"until": 7},
    {"until": "2001-01-01T00:00Z"},
    {"until": "9999-12-31T23:59:59-12:00"},
    {"until": "2500-01-01T00:00Z"},
    {"until": FAR, "x": 1},
    {"until": "0001-01-01T00:00:00+14:00"},
]


def test_bad_snooze_is_422(api: Api, conversation: Conversation) -> None:
    for body in BAD_SNOOZES:
        assert problem(api.post(path(conversation, "snooze"), body)) == (422, "invalid"), body


@pytest.mark.parametrize(("noun", "body"), [("waiting", None), ("snooze", {"until": FAR})])
def test_closed_conversation_is_not_put_off(
    api: Api, conversation: Conversation, noun: str, body: Any
) -> None:
    api.post(path(conversation, "closure"))
    assert problem(api.post(path(conversation, noun), body)) == (422, "invalid")


@pytest.mark.parametrize("noun", ["closure", "reopening", "waiting", "snooze", "messages", "notes"])
def test_posts_to_what_is_not_there_are_404(api: Api, foreign: Conversation, noun: str) -> None:
    body = {"snooze": {"until": FAR}, "messages": {"text": "x"}, "notes": {"text": "x"}}.get(noun)
    for conversation_id in (foreign.pk, uuid4()):
        assert problem(api.post(f"conversations/{conversation_id}/{noun}/", body)) == (404, "not-found")
    assert problem(api.post(f"conversations/x/{noun}/", body)) == (404, "not-found")


# --- messages and notes ---


def test_answer_goes_to_the_outbox(api: Api, business: Business, conversation: Conversation) -> None:
    response = api.post(path(conversation, "messages"), {"text": "Sí, hay."})
    assert response.status_code == 201
    body = response.json()
    with tenant_scope(business.tenant.id):
        delivery = Delivery.objects.get()
    assert body == {
        "id": str(delivery.message_id),
        "conversation_id": str(conversation.pk),
        "episode_id": body["episode_id"],
        "kind": "outbound",
        "author_kind": "key",
        "author_id": None,
        "author": "Tienda",
        "text": "Sí, hay.",
        "quoted": "",
        "subject": "",
        "event": "",
        "client_id": None,
        "content": {},
        "attachments": [],
        "delivery": {"id": str(delivery.pk), "status": "pending", "reason": ""},
        "created_at": body["created_at"],
    }
    assert api.get(f"{path(conversation, 'messages')}{body['id']}/").json() == body
    assert api.get(path(conversation, "messages")).json()["data"][0] == body
    assert api.get(path(conversation)).json()["status"] == "waiting"


def test_same_client_id_or_idempotency_key_is_one_message(
    api: Api, business: Business, conversation: Conversation
) -> None:
    body = {"text": "uno", "client_id": str(uuid4())}
    first, second = (api.post(path(conversation, "messages"), body).json() for _again in range(2))
    assert first == second
    keyed = [api.post(path(conversation, "messages"), {"text": "dos"}, key="k") for _again in range(2)]
    assert keyed[0].json() == keyed[1].json()
    assert keyed[1]["Idempotency-Replayed"] == "true"
    with tenant_scope(business.tenant.id):
        assert Delivery.objects.count() == 2


@pytest.mark.parametrize("noun", ["closure", "notes"])
def test_idempotency_key_holds_for_every_post(
    api: Api, business: Business, conversation: Conversation, noun: str
) -> None:
    body = {"text": "nota"} if noun == "notes" else None
    answers = [api.post(path(conversation, noun), body, key="k") for _again in range(2)]
    assert answers[0].json() == answers[1].json()
    with tenant_scope(business.tenant.id):
        assert Message.objects.exclude(kind="inbound").count() == 1


def test_answer_of_a_colleague_since_is_409(api: Api, business: Business, conversation: Conversation) -> None:
    seen = api.get(path(conversation, "messages")).json()["data"][0]["id"]
    with tenant_scope(business.tenant.id):
        send_reply(conversation=conversation, text="Ya", by=business.actor(business.agent))
    response = api.post(path(conversation, "messages"), {"text": "Hola", "seen": seen})
    assert problem(response) == (409, "conflict")
    assert pointers(response) == ["/seen"]
    assert "Aldo Agente" in response.json()["detail"]
    newest = api.get(path(conversation, "messages")).json()["data"][0]["id"]
    assert api.post(path(conversation, "messages"), {"text": "Hola", "seen": newest}).status_code == 201


BAD_MESSAGES: list[tuple[Any, int]] = [
    ({}, 422),
    ({"text": ""}, 422),
    ({"text": "  \n "}, 422),
    ({"text": None}, 422),
    ({"text": ["x"]}, 422),
    ({"text": True}, 422),
    ({"text": "x" * 100_001}, 422),
    ({"text": "x", "client_id": "x"}, 422),
    ({"text": "x", "author": "y"}, 422),
    ([], 422),
    ({"text": "a\x00b"}, 400),
    ({"text": "x", "client_id": [1]}, 422),
]


@pytest.mark.parametrize("noun", ["messages", "notes"])
def test_bad_messages_are_refused(
    api: Api, business: Business, conversation: Conversation, noun: str
) -> None:
    for body, status in BAD_MESSAGES:
        response = api.post(path(conversation, noun), body)
        assert problem(response) == (status, {422: "invalid", 400: "malformed"}[status]), (body, status)
        with tenant_scope(business.tenant.id):
            assert Message.objects.exclude(kind="inbound").count() == 0, (body, status)


def test_what_the_channel_refuses_is_422_with_its_sentence(api: Api, conversation: Conversation) -> None:
    response = api.post(path(conversation, "messages"), {"text": "x" * 501})
    assert problem(response) == (422, "invalid")
    assert response.json()["detail"] == "Shorten the text: this channel takes 500 characters."


def test_note_never_goes_out(api: Api, business: Business, conversation: Conversation) -> None:
    body = {"text": "Ojo", "client_id": str(uuid4())}
    first, second = (api.post(path(conversation, "notes"), body) for _again in range(2))
    assert (first.status_code, first.json()["kind"], first.json()["delivery"]) == (201, "note", None)
    assert first.json() == second.json()
    with tenant_scope(business.tenant.id):
        assert Delivery.objects.count() == 0


def test_messages_newest_first_by_kind_and_in_pages(
    api: Api, business: Business, conversation: Conversation
) -> None:
    api.post(path(conversation, "notes"), {"text": "nota"})
    api.post(path(conversation, "messages"), {"text": "uno"})
    api.post(path(conversation, "closure"))
    rows = api.get(path(conversation, "messages")).json()["data"]
    assert [(row["kind"], row["author_kind"]) for row in rows] == [
        ("outbound", "system"),
        ("event", "key"),
        ("outbound", "key"),
        ("note", "key"),
        ("inbound", "customer"),
    ]
    assert rows[1]["event"] == "closed"
    found = api.get(path(conversation, "messages"), {"kind": ["note", "inbound"]}).json()["data"]
    assert [row["kind"] for row in found] == ["note", "inbound"]
    first = api.get(path(conversation, "messages"), {"limit": "3"}).json()
    second = api.get(path(conversation, "messages"), {"limit": "3", "cursor": first["next_cursor"]}).json()
    assert first["data"] + second["data"] == rows
    assert problem(api.get(path(conversation, "messages"), {"kind": "x"})) == (400, "malformed")
    assert problem(api.get(f"{path(conversation, 'messages')}{uuid4()}/")) == (404, "not-found")


def test_message_of_another_conversation_is_404(
    api: Api, business: Business, channel: Channel, conversation: Conversation
) -> None:
    second = begin(business, channel, **{"from": "beto"})
    message = api.get(path(second, "messages")).json()["data"][0]["id"]
    assert problem(api.get(f"{path(conversation, 'messages')}{message}/")) == (404, "not-found")


# --- scopes ---


@pytest.mark.parametrize(
    ("method", "noun", "body"),
    [
        ("get", "", None),
        ("get", "messages", None),
        ("patch", "", {"priority": 2}),
        ("post", "closure", None),
        ("post", "reopening", None),
        ("post", "waiting", None),
        ("post", "snooze", {"until": FAR}),
        ("post", "messages", {"text": "x"}),
        ("post", "notes", {"text": "x"}),
    ],
)
def test_each_operation_needs_its_scope(
    limited: Callable[..., Api], conversation: Conversation, method: str, noun: str, body: Any
) -> None:
    needed = "conversations:read" if method == "get" else "conversations:write"
    lacking = limited("customers:read", "conversations:write" if method == "get" else "conversations:read")
    assert problem(getattr(lacking, method)(path(conversation, noun), body)) == (403, "forbidden")
    assert getattr(limited(needed), method)(path(conversation, noun), body).status_code in {200, 201}
