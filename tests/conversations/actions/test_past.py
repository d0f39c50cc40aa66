"""A rule tried on the past: who would have been touched, and nothing changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.actions import conversations as acts
from conversations.actions.messages import add_event
from conversations.automation import definitions, past
from conversations.automation.names import names
from conversations.models import Conversation, Message, RuleEvent, RuleRun
from tenants.actors import Actor
from tenants.permissions import Sees
from tests.factories.automation import definition
from tests.factories.conversations import make_conversation, make_message, move_back
from tests.factories.crm import make_label
from tests.factories.tenants import Business, make_member


def touched(business: Business, actor: Actor | None = None, **parts: Any) -> list[Conversation]:
    """Whom a rule would have touched."""
    known = names()
    wanted = definitions.checked(definition(**parts), known)
    trial = past.try_out(wanted, known, actor or business.actor())
    return [one.conversation for one in trial.touched]


def test_dry_run_finds_by_words_and_changes_nothing(scope: Business) -> None:
    label = make_label("Devolución")
    wanted = make_conversation("Quiero una devolución")
    make_conversation("Gracias por todo")
    before = (Message.objects.count(), wanted.label_links.count())
    wanted_rule = definition(
        conditions=[{"is": "words", "any": ["DEVOLUCION"], "not": False}],
        then=[
            {"do": "add_label", "label": str(label.pk)},
            {"do": "reply", "text": "Hola {{ customer.first_name }}"},
        ],
    )
    trial = past.try_out(wanted_rule, names(), scope.actor())
    assert [(one.conversation, len(one.would)) for one in trial.touched] == [(wanted, 2)]
    assert "Hola Ana" in trial.touched[0].would[1]
    assert (Message.objects.count(), wanted.label_links.count()) == before
    assert (RuleEvent.objects.count(), RuleRun.objects.count(), trial.scanned) == (0, 0, 2)


def test_dry_run_looks_thirty_days_back(scope: Business) -> None:
    old, new = make_conversation(), make_conversation()
    move_back(Message.objects.get(conversation=old), timezone.now() - timedelta(days=31))
    assert touched(scope) == [new]


@pytest.mark.parametrize(
    "when", ["opened", "received", "closed", "reopened", "assigned", "labelled", "rated", "sla"]
)
def test_each_thing_is_found_again(scope: Business, when: str) -> None:
    conversation = make_conversation()
    make_conversation()
    by = scope.actor()
    acts.assign(conversation=conversation, to=scope.agent, by=by)
    acts.set_labels(conversation=conversation, labels=[make_label()], by=by)
    acts.close(conversation=conversation, by=by)
    acts.reopen(conversation=conversation, by=by)
    acts.close(conversation=conversation, by=by)
    add_event(conversation, "rated", Actor.system(), score=2)
    add_event(conversation, "sla_missed", Actor.system())
    found = touched(scope, when=when)
    assert conversation in found
    assert len(found) == (2 if when in {"opened", "received"} else 1)


def test_who_waited_is_found_also_when_answered_later(scope: Business) -> None:
    now = timezone.now()
    answered_late, answered_soon, waiting = (make_conversation() for _number in range(3))
    for conversation in (answered_late, answered_soon, waiting):
        move_back(Message.objects.get(conversation=conversation), now - timedelta(hours=3))
    late = make_message(answered_late, "Perdón", by=scope.actor())
    soon = make_message(answered_soon, "Sí", by=scope.actor())
    move_back(late, now - timedelta(hours=1))
    move_back(soon, now - timedelta(hours=2, minutes=50))
    assert set(touched(scope, when="waited", minutes=60)) == {answered_late, waiting}


def test_score_and_added_label_are_those_of_the_moment(scope: Business) -> None:
    conversation = make_conversation()
    first, second = make_label("Uno"), make_label("Dos")
    acts.set_labels(conversation=conversation, labels=[first], by=scope.actor())
    add_event(conversation, "rated", Actor.system(), score=2)
    rated = {"when": "rated", "conditions": [{"is": "rating", "any": [1, 2]}]}
    assert touched(scope, **rated) == [conversation]
    added = [[{"is": "added", "any": [str(label.pk)]}] for label in (first, second)]
    assert [touched(scope, when="labelled", conditions=one) for one in added] == [[conversation], []]


def test_dry_run_shows_only_what_its_reader_may_see(scope: Business) -> None:
    mine = make_member(scope.tenant, "supervisor", sees=Sees.OWN)
    own = make_conversation(assignee=mine)
    make_conversation()
    assert touched(scope, Actor.of_membership(mine)) == [own]


def test_dry_run_goes_on_where_the_page_ended(scope: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    conversations = [make_conversation() for _number in range(5)]
    monkeypatch.setattr(past, "SCANNED", 4)
    monkeypatch.setattr(past, "SHOWN", 3)
    found, cursor = [], ""
    for _page in range(3):
        trial = past.try_out(definition(), names(), scope.actor(), cursor=cursor)
        found += [one.conversation for one in trial.touched]
        cursor = trial.next_cursor
        if not cursor:
            break
    assert found == conversations[::-1]


@pytest.mark.parametrize("count", [1, 3])
def test_dry_run_asks_the_same_number_of_questions(
    scope: Business, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        make_conversation()
    asked = [{"is": "words", "any": ["bici"]}, {"is": "vip", "not": True}, {"is": "first_contact"}]
    known, actor = names(), scope.actor()
    rule = definitions.checked(definition(conditions=asked), known)
    with django_assert_num_queries(4):
        trial = past.try_out(rule, known, actor)
    assert len(trial.touched) == count
