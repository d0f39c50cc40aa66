"""Rules: what sets them off, what they ask, what they do, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from conversations.actions import conversations as acts
from conversations.actions import rule_events, rules
from conversations.actions.messages import add_event
from conversations.automation import conditions, definitions
from conversations.automation.conditions import Facts
from conversations.automation.names import names
from conversations.models import Conversation, Message, Notification, Rule, RuleEvent, RuleRun
from crm.actions.cases import open_case
from crm.models import CustomerLabel
from tenants.actors import Actor
from tenants.models import Team
from tenants.refusals import Refused
from tenants.scoping import tenant_scope
from tests.factories.automation import definition, make_rule, run_rules
from tests.factories.conversations import make_canned_reply, make_channel, make_conversation, make_inbound
from tests.factories.crm import make_label
from tests.factories.tenants import Business


def outcomes(rule: Rule) -> list[str]:
    """How the turns of a rule went, in order."""
    return list(RuleRun.objects.filter(rule=rule).order_by("id").values_list("outcome", flat=True))


def test_rule_acts_after_the_message_and_tells_what_it_did(scope: Business) -> None:
    label = make_label("Devolución")
    team = Team.objects.create(name="Taller")
    rule = make_rule(
        scope,
        "Devoluciones",
        conditions=[{"is": "words", "any": ["devolucion"]}],
        then=[{"do": "add_label", "label": str(label.pk)}, {"do": "team", "to": str(team.pk)}],
    )
    conversation = make_conversation("Quiero una DEVOLUCIÓN, por favor")
    run_rules(scope)
    conversation.refresh_from_db()
    assert (conversation.team_id, [one.name for one in conversation.labels.all()]) == (
        team.pk,
        ["Devolución"],
    )
    run = RuleRun.objects.get(rule=rule)
    assert (run.outcome, len(run.data["done"])) == ("acted", 2)
    lines = Message.objects.filter(conversation=conversation, kind="event").values_list(
        "author_label", flat=True
    )
    assert set(lines) == {"Devoluciones"}


def test_rule_runs_once_per_event_however_often_it_is_delivered(scope: Business) -> None:
    rule = make_rule(scope, then=[{"do": "note", "text": "Visto"}])
    message = make_inbound()
    run_rules(scope)
    event = RuleEvent.objects.get()
    RuleEvent.objects.filter(pk=event.pk).update(due_at=timezone.now())
    run_rules(scope)
    rule_events.note("received", event.key, message.conversation, message=message)
    run_rules(scope)
    assert (outcomes(rule), Message.objects.filter(kind="note").count()) == (["acted"], 1)


def test_what_a_rule_does_sets_off_rules_once_more_and_then_no_more(scope: Business) -> None:
    labels = [make_label(name) for name in ("A", "B", "C")]
    chain = [
        make_rule(scope, "1", then=[{"do": "add_label", "label": str(labels[0].pk)}]),
        *(
            make_rule(
                scope,
                f"{number + 1}",
                when="labelled",
                conditions=[{"is": "added", "any": [str(labels[number - 1].pk)]}],
                then=[{"do": "add_label", "label": str(labels[number].pk)}],
            )
            for number in (1, 2)
        ),
    ]
    conversation = make_conversation()
    run_rules(scope)
    assert [outcomes(rule) for rule in chain] == [["acted"], ["acted"], ["skipped"]]
    assert sorted(one.name for one in conversation.labels.all()) == ["A", "B"]
    assert sorted(RuleEvent.objects.values_list("depth", flat=True)) == [0, 1]


def test_rules_run_in_order_and_one_can_stop_the_following(scope: Business) -> None:
    first = make_rule(scope, "Primera", then=[{"do": "priority", "to": 3}], stop=True)
    second = make_rule(scope, "Segunda", then=[{"do": "priority", "to": 0}])
    conversation = make_conversation()
    run_rules(scope)
    conversation.refresh_from_db()
    assert conversation.priority == 3
    assert RuleRun.objects.get(rule=second).data == {"stopped": "Primera"}
    rules.move_rule(rule=second, to=0, by=scope.actor())
    assert list(Rule.objects.values_list("name", flat=True)) == ["Segunda", "Primera"]
    assert outcomes(first) == ["acted"]


def test_rule_that_names_something_deleted_does_nothing_and_says_so(scope: Business) -> None:
    label = make_label("Se va")
    rule = make_rule(
        scope,
        conditions=[{"is": "label", "any": [str(label.pk)], "not": True}],
        then=[{"do": "priority", "to": 3}],
    )
    label.delete()
    conversation = make_conversation()
    run_rules(scope)
    conversation.refresh_from_db()
    assert (outcomes(rule), conversation.priority) == (["broken"], 1)
    assert definitions.is_broken(rule.definition, names())


def test_what_cannot_be_done_undoes_the_whole_rule_and_is_told(scope: Business) -> None:
    rule = make_rule(
        scope, then=[{"do": "priority", "to": 3}, {"do": "close"}, {"do": "snooze", "until": "3h"}]
    )
    conversation = make_conversation()
    run_rules(scope)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.priority) == ("open", 1)
    run = RuleRun.objects.get(rule=rule)
    assert (run.outcome, bool(run.data["why"])) == ("refused", True)


def test_same_answer_goes_out_once_a_day(scope: Business) -> None:
    canned = make_canned_reply(body="Hola {{ customer.first_name | buen día }}, abrimos a las 9.")
    make_rule(scope, then=[{"do": "canned", "reply": str(canned.pk)}])
    conversation = make_conversation(address="ana@example.com")
    make_inbound("¿Hola?", address="ana@example.com")
    run_rules(scope)
    (sent,) = Message.objects.filter(conversation=conversation, kind="outbound")
    assert (sent.text, sent.author_kind) == ("Hola Ana, abrimos a las 9.", "system")
    assert sent.data["automatic"] is True
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since is not None) == ("open", True)


@pytest.mark.parametrize(
    "when", ["opened", "received", "closed", "reopened", "assigned", "labelled", "rated", "sla"]
)
def test_each_thing_sets_its_rules_off(scope: Business, when: str) -> None:
    rule = make_rule(scope, when=when, then=[{"do": "note", "text": "Pasó"}])
    conversation = make_conversation()
    acts.assign(conversation=conversation, to=scope.agent, by=scope.actor())
    acts.set_labels(conversation=conversation, labels=[make_label()], by=scope.actor())
    acts.set_labels(conversation=conversation, labels=[], by=scope.actor())
    acts.close(conversation=conversation, by=scope.actor())
    acts.reopen(conversation=conversation, by=scope.actor())
    add_event(conversation, "rated", Actor.system(), score=2)
    add_event(conversation, "sla_missed", Actor.system())
    run_rules(scope)
    assert outcomes(rule) == ["acted"]


def test_rule_for_those_who_wait_runs_once_a_wait_and_not_for_those_from_before(scope: Business) -> None:
    old = make_conversation(waiting_since=timezone.now() - timedelta(hours=5))
    rule = make_rule(scope, when="waited", minutes=30)
    fresh = make_conversation(waiting_since=timezone.now() - timedelta(minutes=29))
    assert rule_events.notice_waiting() == 0
    Conversation.objects.filter(pk=fresh.pk).update(waiting_since=timezone.now() - timedelta(minutes=30))
    assert (rule_events.notice_waiting(), rule_events.notice_waiting()) == (1, 0)
    run_rules(scope)
    assert (outcomes(rule), RuleRun.objects.get().conversation_id) == (["acted"], fresh.pk)
    assert old.pk != fresh.pk


def test_rule_notifies_members_and_teams(scope: Business) -> None:
    make_rule(scope, then=[{"do": "notify", "members": [str(scope.agent.pk)], "teams": []}])
    make_conversation()
    run_rules(scope)
    assert list(Notification.objects.values_list("kind", "membership_id")) == [("rule", scope.agent.pk)]


def test_facts_are_what_conditions_ask(scope: Business) -> None:
    conversation = make_conversation(address="ana@example.com")
    vip, label = make_label("VIP"), make_label("Taller")
    CustomerLabel.objects.create(customer=conversation.customer, label=vip)
    acts.set_labels(conversation=conversation, labels=[label], by=scope.actor())
    open_case(customer=conversation.customer, subject="No llegó", by=scope.actor())
    holding: list[dict[str, Any]] = [
        {"is": "channel", "any": [str(make_channel("email").pk)]},
        {"is": "label", "any": [str(label.pk)]},
        {"is": "customer_label", "any": [str(vip.pk)]},
        {"is": "vip"},
        {"is": "complaint"},
        {"is": "first_contact"},
        {"is": "team", "any": ["none"]},
        {"is": "assignee", "any": ["nobody"]},
        {"is": "priority", "any": [1, 2]},
        {"is": "language", "any": ["pt"], "not": True},
    ]
    all_of_them = make_rule(scope, "todas", conditions=holding)
    each = [
        make_rule(scope, f"no {n}", conditions=[{**one, "not": not one.get("not", False)}])
        for n, one in enumerate(holding)
    ]
    make_inbound("¿Hola?", address="ana@example.com")
    run_rules(scope)
    assert (outcomes(all_of_them), [outcomes(rule) for rule in each]) == (
        ["acted"],
        [["skipped"]] * len(each),
    )


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Quiero mi Devolución.", ["devolucion"], True),
        ("devoluciones", ["devolución"], False),
        ("no   me\nllegó", ["no me llego"], True),
        ("ACAÇÃO?", ["acao", "acacao"], True),
        ("", ["x"], False),
    ],
)
def test_words_are_whole_and_forgive_accents(text: str, words: list[str], found: bool) -> None:
    assert conditions.contains(text, words) is found


def test_hours_are_those_of_the_moment() -> None:
    facts = Facts(channel="c", team="none", assignee="nobody", priority=1, is_open=False)
    assert conditions.failing([{"is": "hours", "any": [], "not": True}], facts) is None
    assert conditions.failing([{"is": "hours", "any": [], "not": False}], facts) == 0


UNMEANT: list[Any] = [
    None,
    [],
    "x",
    {"when": {"is": "received"}},
    definition(then=[{"do": "explode"}]),
    definition() | {"version": 2},
    definition() | {"extra": 1},
    definition() | {"stop": "yes"},
    definition("never"),
    definition("waited"),
    definition("waited", minutes=0),
    definition("received", minutes=5),
    definition(conditions=[{"is": "moon"}]),
    definition(conditions=[{"is": "channel", "any": []}]),
    definition(conditions=[{"is": "channel", "any": ["x"]}]),
    definition(conditions=[{"is": "vip", "any": [1]}]),
    definition(conditions=[{"is": "words", "any": [" "]}]),
    definition(conditions=[{"is": "rating", "any": [1]}]),
    definition(conditions=[{"is": "priority", "any": [True]}]),
    definition(conditions="all"),
    definition(conditions=[{"is": "vip", "not": 1}]),
    definition(conditions=[{"is": "vip", "also": 1}]),
    definition(then=[{"do": "priority", "to": 9}]),
    definition(then=[{"do": "assign", "to": "me"}]),
    definition(then=[{"do": "reply", "text": "{{ nothing }}"}]),
    definition(then=[{"do": "note", "text": "\x00"}]),
    definition(then=[{"do": "notify"}]),
    definition(then=[{"do": "close", "why": "x"}]),
    definition(then=[1]),
    definition(then=[{"do": "close"}] * 21),
    definition(then=[{"do": "snooze", "until": ["3h"]}]),
    definition(conditions=[{"is": "team", "any": [["none"]]}]),
    definition(then=[{"do": "team", "to": {}}]),
]


def test_definition_that_cannot_be_meant_is_refused_with_a_sentence(scope: Business) -> None:
    for wrong in UNMEANT:
        with pytest.raises(Refused) as refusal:
            rules.save_rule(by=scope.actor(), name="Regla", definition=wrong)
        assert (len(str(refusal.value)) > 10, Rule.objects.count()) == (True, 0), wrong


def test_rule_reads_as_a_sentence(scope: Business) -> None:
    label = make_label("Reclamo")
    rule = make_rule(
        scope,
        when="waited",
        minutes=30,
        conditions=[{"is": "priority", "any": [2, 3]}, {"is": "vip", "not": True}],
        then=[{"do": "add_label", "label": str(label.pk)}, {"do": "close"}],
    )
    with translation.override("en"):
        sentence = definitions.sentence(rule.definition, names())
    assert sentence == (
        "When a customer has waited for 30 minutes and the priority is high or urgent and the customer is not"
        " a VIP, then add the label Reclamo and close the conversation."
    )


@pytest.mark.django_db(transaction=True)
def test_event_that_stops_the_rules_is_tried_again_and_then_given_up(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        rule = make_rule(business)
        make_conversation()
    monkeypatch.setattr(rules, "facts_of", lambda *_: 1 / 0)
    for _attempt in range(rules.MAX_ATTEMPTS):
        with tenant_scope(business.tenant.id):
            RuleEvent.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
        run_rules(business)
    with tenant_scope(business.tenant.id):
        event = RuleEvent.objects.get()
        assert (event.due_at, event.attempts, outcomes(rule)) == (None, 5, [])
        assert event.reason.startswith("ZeroDivisionError")
