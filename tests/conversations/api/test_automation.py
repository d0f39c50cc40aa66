"""Macros, rules, dry runs, logs and notifications for integrators."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from conversations.models import Conversation, Macro, Message, Notification, Rule
from crm.models import Label
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.automation import definition, make_macro, make_rule, run_rules
from tests.factories.conversations import make_conversation
from tests.factories.crm import make_label
from tests.factories.tenants import Business


@pytest.fixture
def label(business: Business) -> Label:
    with tenant_scope(business.tenant.id):
        return make_label("Garantía")


def problem(response: Any) -> tuple[int, str]:
    """Status and the place of the first error."""
    errors = response.json().get("errors") or [{}]
    return response.status_code, errors[0].get("pointer", "")


def test_macro_is_written_changed_run_and_removed(
    business: Business, api: Api, conversation: Conversation, label: Label
) -> None:
    steps = [{"do": "add_label", "label": str(label.pk)}, {"do": "note", "text": "Visto"}]
    made = api.post("macros/", {"name": "Garantía", "actions": steps}).json()
    assert (made["owner_id"], made["actions"]) == (None, steps)
    changed = api.patch(f"macros/{made['id']}/", {"name": "Garantías"}).json()
    assert (changed["name"], changed["actions"]) == ("Garantías", steps)
    body = {"conversation_id": str(conversation.pk)}
    preview = api.post(f"macros/{made['id']}/preview/", body).json()
    with tenant_scope(business.tenant.id):
        assert conversation.label_links.count() == 0
    done = api.post(f"macros/{made['id']}/run/", body)
    assert (done.status_code, done.json()) == (200, preview)
    with tenant_scope(business.tenant.id):
        assert conversation.label_links.count() == 1
    assert api.delete(f"macros/{made['id']}/").status_code == 204
    assert api.get("macros/").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "X", "actions": []}, "/actions"),
        ({"name": "X", "actions": [{"do": "fly"}]}, "/actions"),
        ({"name": " ", "actions": [{"do": "close"}]}, "/name"),
        ({"name": "X"}, "/actions"),
    ],
)
def test_macro_that_cannot_be_meant_is_a_problem(
    business: Business, api: Api, body: dict[str, Any], pointer: str
) -> None:
    assert problem(api.post("macros/", body)) == (422, pointer)
    with tenant_scope(business.tenant.id):
        assert Macro.objects.count() == 0


def test_key_is_nobody_to_assign_to(business: Business, api: Api, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        macro = make_macro(business, actions=[{"do": "assign", "to": "me"}])
    response = api.post(f"macros/{macro.pk}/run/", {"conversation_id": str(conversation.pk)})
    assert response.status_code == 422


def test_rule_is_written_ordered_switched_and_removed(business: Business, api: Api, label: Label) -> None:
    then = [{"do": "add_label", "label": str(label.pk)}]
    first = api.post("rules/", {"name": "Uno", "definition": definition(then=then)}).json()
    second = api.post(
        "rules/", {"name": "Dos", "definition": definition("closed"), "is_active": False}
    ).json()
    assert (first["trigger"], first["version"], second["position"]) == ("received", 1, 1)
    moved = api.patch(f"rules/{second['id']}/", {"position": 0, "is_active": True}).json()
    assert (moved["position"], moved["is_active"], moved["version"]) == (0, True, 2)
    assert api.get(f"rules/{first['id']}/").json()["position"] == 1
    assert api.delete(f"rules/{first['id']}/").status_code == 204
    assert [one["name"] for one in api.get("rules/").json()["data"]] == ["Dos"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ([], "/definition"),
        (definition("never"), "/when"),
        (definition(conditions=[{"is": "moon"}]), "/if"),
        (definition(then=[{"do": "fly"}]), "/actions"),
        (definition("waited", minutes=10**30), "/when"),
    ],
)
def test_rule_that_cannot_be_meant_is_a_problem(
    business: Business, api: Api, given: Any, pointer: str
) -> None:
    assert problem(api.post("rules/", {"name": "X", "definition": given})) == (422, pointer)
    assert api.post("rules/trial/", {"definition": given}).status_code == 422
    with tenant_scope(business.tenant.id):
        assert Rule.objects.count() == 0


def test_dry_run_and_log_say_what_would_be_and_what_was_done(
    business: Business, api: Api, label: Label
) -> None:
    then = [{"do": "add_label", "label": str(label.pk)}]
    with tenant_scope(business.tenant.id):
        old = make_conversation()
        rule = make_rule(business, "Etiqueta", then=then)
        new = make_conversation()
    trial = api.post("rules/trial/", {"rule_id": str(rule.pk)}).json()
    assert {one["conversation_id"] for one in trial["touched"]} == {str(old.pk), str(new.pk)}
    assert (trial["scanned"], trial["next_cursor"]) == (2, "")
    run_rules(business)
    (run,) = api.get("rule-runs/", {"rule": str(rule.pk)}).json()["data"]
    assert trial["touched"][0]["would"] == ["add the label Garantía"]
    done = ["poner la etiqueta Garantía"]  # in the business's language
    assert (run["conversation_id"], run["outcome"], run["done"]) == (str(new.pk), "acted", done)
    assert api.get("rule-runs/", {"outcome": "broken"}).json()["data"] == []


def test_note_mentions_by_identifier_and_by_name(
    business: Business, api: Api, conversation: Conversation
) -> None:
    body = {"text": "Mira, @Olga Dueña", "member_ids": [str(business.agent.pk)]}
    made = api.post(f"conversations/{conversation.pk}/notes/", body)
    assert made.status_code == 201
    assert [one["name"] for one in made.json()["content"]["mentions"]] == ["Aldo Agente", "Olga Dueña"]
    with tenant_scope(business.tenant.id):
        assert Notification.objects.filter(kind="mention").count() == 2
    wrong = api.post(f"conversations/{conversation.pk}/notes/", {"text": "x", "team_ids": [str(uuid4())]})
    assert problem(wrong) == (422, "/team_ids")


def test_notifications_are_listed_and_read(business: Business, api: Api, conversation: Conversation) -> None:
    api.post(f"conversations/{conversation.pk}/notes/", {"text": "@Aldo Agente"})
    (one,) = api.get("notifications/", {"member": str(business.agent.pk), "unread": "true"}).json()["data"]
    assert (one["kind"], one["conversation_id"], one["read_at"]) == ("mention", str(conversation.pk), None)
    assert api.post(f"notifications/{one['id']}/reading/", {}).json()["read_at"] is not None
    assert api.post(f"notifications/{one['id']}/reading/", {"read": False}).json()["read_at"] is None


def test_choice_is_read_and_changed(business: Business, api: Api) -> None:
    address = f"members/{business.agent.pk}/notification-choice/"
    assert api.get(address).json()["ways"]["mention"] == "page"
    changed = api.patch(
        address, {"ways": {"mention": "digest"}, "hour": 8, "timezone": "America/Sao_Paulo"}
    ).json()
    assert (changed["ways"]["mention"], changed["hour"], changed["timezone"]) == (
        "digest",
        8,
        "America/Sao_Paulo",
    )
    assert problem(api.patch(address, {"ways": {"mention": "pigeon"}})) == (422, "/ways")


def test_strangers_find_nothing(business: Business, stranger: Api, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        macro, rule = make_macro(business), make_rule(business)
    body = {"conversation_id": str(conversation.pk)}
    found = [
        stranger.get(f"macros/{macro.pk}/"),
        stranger.post(f"macros/{macro.pk}/run/", body),
        stranger.get(f"rules/{rule.pk}/"),
        stranger.post("rules/trial/", {"rule_id": str(rule.pk)}),
        stranger.get(f"members/{business.agent.pk}/notification-choice/"),
    ]
    assert [one.status_code for one in found] == [404] * len(found)
    assert [
        stranger.get(f"{name}/").json()["data"] for name in ("macros", "rules", "rule-runs", "notifications")
    ] == [[]] * 4


def test_scopes_are_asked_for(
    business: Business, limited: Callable[..., Api], conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        macro = make_macro(business)
    reader = limited("conversations:read")
    assert reader.get("macros/").status_code == 200
    refused = [
        reader.post("macros/", {"name": "X", "actions": [{"do": "close"}]}),
        reader.post(f"macros/{macro.pk}/run/", {"conversation_id": str(conversation.pk)}),
        reader.get("rules/"),
        reader.get("rule-runs/"),
        reader.get("notifications/"),
    ]
    assert [one.status_code for one in refused] == [403] * len(refused)
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(conversation=conversation, kind="event").count() == 0
