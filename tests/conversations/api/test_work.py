"""sla-policies/, members/{id}/work/, members/{id}/availability/, conversations/{id}/clocks/, supervision/"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from conversations.models import Conversation, SlaPolicy
from tenants.models import AuditEvent, Membership, Team
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.test_base import problem
from tests.factories.crm import make_label
from tests.factories.tenants import Business

POLICIES = "sla-policies/"


def test_a_policy_from_birth_to_end(api: Api, stranger: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        team, label = Team.objects.create(name="Taller"), make_label("VIP")
    made = api.post(POLICIES, {"name": "Todos", "first_minutes": 30})
    assert made.status_code == 201
    body = made.json()
    assert body == {
        "id": body["id"],
        "name": "Todos",
        "position": 1,
        "is_active": True,
        "channel_kind": "",
        "team_id": None,
        "label_id": None,
        "priority": None,
        "first_minutes": 30,
        "next_minutes": None,
        "resolution_minutes": None,
        "around_the_clock": False,
        "created_at": body["created_at"],
    }
    path = f"{POLICIES}{body['id']}/"
    change = {"team_id": str(team.pk), "label_id": str(label.pk), "priority": 2, "around_the_clock": True}
    changed = api.patch(path, change).json()
    assert {name: changed[name] for name in change} == change
    assert api.get(path).json() == changed
    assert [one["id"] for one in api.get(POLICIES).json()["data"]] == [body["id"]]
    with tenant_scope(business.tenant.id):
        assert SlaPolicy.objects.get().narrowed_by == "team label"
    for call in (stranger.get, stranger.delete):
        assert call(path).status_code == 404
    assert stranger.patch(path, {"name": "x"}).status_code == 404
    assert (api.delete(path).status_code, api.delete(path).status_code) == (204, 404)
    with tenant_scope(business.tenant.id):
        trail = AuditEvent.objects.filter(action__startswith="sla.").order_by("id")
        assert [one.action for one in trail] == ["sla.created", "sla.updated", "sla.deleted"]


BAD_POLICIES: list[Any] = [
    {},
    {"name": "x"},
    {"name": "x", "first_minutes": 0},
    {"name": "x", "first_minutes": 10**12},
    {"name": "x", "first_minutes": "pronto"},
    {"name": "x", "first_minutes": 5, "priority": 9},
    {"name": "x", "first_minutes": 5, "team_id": str(uuid4())},
    {"name": "x", "first_minutes": 5, "label_id": "vip"},
    {"name": "x" * 81, "first_minutes": 5},
    {"name": "x", "first_minutes": 5, "minutes": 5},
]


def test_bad_policy_is_422(api: Api) -> None:
    for body in BAD_POLICIES:
        assert problem(api.post(POLICIES, body)) == (422, "invalid"), body


def test_reading_needs_less_than_writing(limited: Callable[..., Api], business: Business) -> None:
    reader = limited("conversations:read", "members:read")
    assert reader.get(POLICIES).status_code == 200
    assert reader.post(POLICIES, {"name": "x", "first_minutes": 5}).status_code == 403
    work = f"members/{business.agent.pk}/work/"
    assert (reader.get(work).status_code, reader.patch(work, {"weight": 50}).status_code) == (200, 403)
    assert (
        reader.put(f"members/{business.agent.pk}/availability/", {"is_available": False}).status_code == 403
    )
    assert reader.get("supervision/").status_code == 403


def test_what_a_member_takes(api: Api, stranger: Api, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label("Garantía")
    path = f"members/{business.agent.pk}/work/"
    everything = {
        "weight": 100,
        "languages": [],
        "channel_kinds": [],
        "label_ids": [],
        "most_priority": 3,
        "most_amount": None,
    }
    assert api.get(path).json() == everything
    change = {
        "weight": 50,
        "languages": ["pt-br"],
        "channel_kinds": ["email"],
        "label_ids": [str(label.pk)],
        "most_priority": 2,
        "most_amount": "1500.00",
    }
    assert api.patch(path, change).json() == change
    assert api.patch(path, {"languages": []}).json() == change | {"languages": []}
    assert stranger.get(path).status_code == stranger.patch(path, {}).status_code == 404
    wrong: list[dict[str, Any]] = [
        {"languages": ["xx"]}, {"channel_kinds": ["fax"]}, {"label_ids": [str(uuid4())]},
        {"weight": 0}, {"most_amount": "-1"}, {"most_priority": 7}, {"languages": "es"},
    ]  # fmt: skip
    for body in wrong:
        assert problem(api.patch(path, body)) == (422, "invalid")


def test_away_and_back(api: Api, stranger: Api, business: Business) -> None:
    path = f"members/{business.agent.pk}/availability/"
    for available in (False, True):
        answer = api.put(path, {"is_available": available})
        assert answer.json() == {"id": str(business.agent.pk), "is_available": available}
        with tenant_scope(business.tenant.id):
            assert Membership.objects.get(pk=business.agent.pk).is_available is available
    assert problem(api.put(path, {})) == (422, "invalid")
    assert stranger.put(path, {"is_available": False}).status_code == 404


def test_clocks_of_a_conversation(
    api: Api, stranger: Api, business: Business, conversation: Conversation
) -> None:
    api.post(POLICIES, {"name": "Todos", "first_minutes": 30, "around_the_clock": True})
    api.patch(f"conversations/{conversation.pk}/", {"priority": 2})
    body = api.get(f"conversations/{conversation.pk}/clocks/").json()
    [episode] = body["episodes"]
    [goal] = episode["goals"]
    assert (body["place"], episode["number"], episode["clock"]) == (None, 1, "waiting")
    assert (goal["target"], goal["state"], goal["minutes"]) == ("first", "running", 30)
    seen = api.get(f"conversations/{conversation.pk}/").json()
    assert (seen["due_at"], seen["due_target"]) == (goal["due_at"], "first")
    assert stranger.get(f"conversations/{conversation.pk}/clocks/").status_code == 404


def test_supervision(api: Api, stranger: Api, business: Business, conversation: Conversation) -> None:
    body = api.get("supervision/").json()
    assert (body["total"]["open"], body["total"]["unassigned"], body["missed_today"]) == (1, 1, 0)
    assert [one["name"] for one in body["agents"]] == ["Aldo Agente", "Olga Dueña"]
    assert [one["id"] for one in body["queue"]] == [str(conversation.pk)]
    kinds = {one["kind"]: (one["state"], one["load"]["open"]) for one in body["channels"]}
    assert kinds == {"web": ("fine", 0), "email": ("fine", 0), "vendor": ("fine", 1)}
    assert stranger.get("supervision/").json()["total"]["open"] == 0
