"""Macros: all or nothing, previewed, and taken back where that can be done."""

from typing import Any

import pytest

from conversations.actions import conversations as acts
from conversations.actions import macros
from conversations.models import Macro, Message
from crm.models import Label
from tenants.actors import Actor
from tenants.refusals import Refused
from tests.factories.automation import make_macro
from tests.factories.conversations import make_conversation
from tests.factories.crm import make_label
from tests.factories.tenants import Business


def test_macro_does_its_steps_in_order(scope: Business) -> None:
    label = make_label("Garantía")
    macro = make_macro(
        scope,
        actions=[
            {"do": "reply", "text": "Hola {{ customer.first_name }}, soy {{ agent.first_name }}."},
            {"do": "note", "text": "Revisar @Aldo Agente"},
            {"do": "assign", "to": "me"},
            {"do": "add_label", "label": str(label.pk)},
            {"do": "priority", "to": 2},
            {"do": "close"},
        ],
    )
    conversation = make_conversation()
    by = scope.actor()
    assert len(macros.preview(macro, conversation, by)) == 6
    macros.run_macro(macro=macro, conversation=conversation, by=by)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.assignee_id, conversation.priority) == (
        "closed",
        scope.owner.pk,
        2,
    )
    reply = Message.objects.get(conversation=conversation, kind="outbound", author=scope.owner)
    assert reply.text == "Hola Ana, soy Olga."
    assert (
        Message.objects.get(conversation=conversation, kind="note").data["mentions"][0]["name"]
        == "Aldo Agente"
    )


def test_macro_that_cannot_be_finished_does_nothing(scope: Business) -> None:
    macro = make_macro(
        scope, actions=[{"do": "priority", "to": 3}, {"do": "close"}, {"do": "snooze", "until": "3h"}]
    )
    conversation = make_conversation()
    with pytest.raises(Refused):
        macros.run_macro(macro=macro, conversation=conversation, by=scope.actor())
    conversation.refresh_from_db()
    assert (conversation.status, conversation.priority) == ("open", 1)


@pytest.mark.parametrize("last", ["close", "snooze", "open"])
def test_undo_brings_back_what_the_macro_changed(scope: Business, last: str) -> None:
    label, other = make_label("Nueva"), make_label("Vieja")
    steps: list[dict[str, Any]] = [
        {"do": "assign", "to": str(scope.agent.pk)},
        {"do": "add_label", "label": str(label.pk)},
        {"do": "remove_label", "label": str(other.pk)},
        {"do": "priority", "to": 3},
    ]
    steps += {"close": [{"do": "close"}], "snooze": [{"do": "snooze", "until": "week"}], "open": []}[last]
    macro, conversation = make_macro(scope, actions=steps), make_conversation()
    acts.set_labels(conversation=conversation, labels=[other], by=scope.actor())
    kept = macros.run_macro(macro=macro, conversation=conversation, by=scope.actor())
    macros.undo_macro(kept=kept, conversation=conversation, by=scope.actor())
    conversation.refresh_from_db()
    assert (conversation.status, conversation.assignee_id, conversation.priority) == ("open", None, 1)
    assert list(Label.objects.filter(conversation_links__conversation=conversation)) == [other]


def test_undo_leaves_what_somebody_changed_since(scope: Business) -> None:
    macro, conversation = make_macro(scope), make_conversation()
    kept = macros.run_macro(macro=macro, conversation=conversation, by=scope.actor())
    acts.set_priority(conversation=conversation, priority=0, by=scope.actor())
    assert macros.undo_macro(kept=kept, conversation=conversation, by=scope.actor()) == []
    conversation.refresh_from_db()
    assert conversation.priority == 0


def test_macro_that_names_something_deleted_says_so(scope: Business) -> None:
    label = make_label("Se va")
    macro = make_macro(scope, actions=[{"do": "add_label", "label": str(label.pk)}])
    label.delete()
    with pytest.raises(macros.InvalidMacro):
        macros.run_macro(macro=macro, conversation=make_conversation(), by=scope.actor())


def test_agents_write_their_own_macros_and_supervisors_those_of_all(scope: Business) -> None:
    agent = Actor.of_membership(scope.agent)
    own = make_macro(scope, "Mío", by=agent, shared=False)
    shared = make_macro(scope, "De todos")
    with pytest.raises(macros.InvalidMacro):
        macros.save_macro(macro=shared, by=agent, name="Ajeno")
    with pytest.raises(macros.InvalidMacro):
        macros.save_macro(macro=own, by=agent, shared=True)
    with pytest.raises(macros.InvalidMacro):
        macros.delete_macro(macro=shared, by=agent)
    assert [one.name for one in Macro.objects.usable_by(agent)] == ["De todos", "Mío"]
    assert [one.name for one in Macro.objects.usable_by(scope.actor())] == ["De todos"]


def test_two_macros_of_one_owner_have_two_names(scope: Business) -> None:
    make_macro(scope, "Cerrar")
    with pytest.raises(macros.MacroExists):
        make_macro(scope, "cerrar")
    make_macro(scope, "cerrar", shared=False)


@pytest.mark.parametrize(
    "actions", [None, [], "x", [{"do": "notify", "members": []}], [{"do": "assign", "to": "you"}]]
)
def test_steps_that_cannot_be_meant_are_refused(scope: Business, actions: Any) -> None:
    with pytest.raises(Refused):
        macros.save_macro(by=scope.actor(), name="M", actions=actions)
    assert Macro.objects.count() == 0


def test_deleted_macro_comes_back(scope: Business) -> None:
    macro = make_macro(scope)
    before = macro.pk
    kept = macros.delete_macro(macro=macro, by=scope.actor())
    assert macros.restore_macro(kept=kept, by=scope.actor()).pk == before
