"""Rules in the settings: the list, the builder, the dry run, the log."""

from typing import Any

import pytest
from django.test import Client

from conversations.models import Conversation, Message, Rule, RuleRun
from tenants.scoping import tenant_scope
from tests.factories.automation import make_rule, run_rules
from tests.factories.conversations import make_conversation
from tests.factories.crm import make_label
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

STEP = {"a": ["0"], "a0-do": "priority", "a0-to": "3"}


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/rules/{tail}"


def form(name: str = "Urgente", **more: Any) -> dict[str, Any]:
    return {"name": name, "trigger": "received", "minutes": "30", "flag": "on", "op": "save", **STEP, **more}


@pytest.fixture
def rule(business: Business) -> Rule:
    with tenant_scope(business.tenant.id):
        return make_rule(business, "Primera")


def kept(business: Business) -> list[tuple[str, bool]]:
    with tenant_scope(business.tenant.id):
        return list(Rule.objects.values_list("name", "is_active"))


def test_rule_is_written_in_the_builder(business: Business, owner_client: Client) -> None:
    response = owner_client.post(
        url(business, "new/"),
        form() | {"c": ["0"], "c0-is": "words", "c0-any": "refund,  Devolución", "c0-not": "1"},
    )
    assert (response.status_code, response["Location"]) == (302, url(business))
    with tenant_scope(business.tenant.id):
        made = Rule.objects.get()
    assert made.definition == {
        "version": 1,
        "when": {"is": "received"},
        "if": [{"is": "words", "any": ["Devolución", "refund"], "not": True}],
        "then": [{"do": "priority", "to": 3}],
        "stop": False,
    }
    assert "Devolución" in owner_client.get(url(business)).text


@pytest.mark.parametrize(
    ("op", "marks"),
    [
        ("add-c:vip", {'value="vip"': 1}),
        ("add-a:notify", {'value="notify"': 1}),
        ("drop-a:0", {'name="a0-do"': 0}),
        ("drop-a:77", {'name="a0-do"': 1}),
        ("add-c:moon", {'name="c0-is"': 0}),
        ("add-a:\x00", {'name="a1-do"': 0}),
    ],
)
def test_buttons_of_the_builder_change_rows_and_keep_nothing(
    business: Business, owner_client: Client, op: str, marks: dict[str, int]
) -> None:
    response = owner_client.post(url(business, "new/"), form(op=op))
    assert (response.status_code, kept(business)) == (200, [])
    assert {mark: response.text.count(mark) for mark in marks} == marks


def test_steps_change_places(business: Business, owner_client: Client) -> None:
    two = {"a": ["0", "1"], "a1-do": "close"}
    page = owner_client.post(url(business, "new/"), form(op="up-a:1") | two).text
    assert page.index('name="a0-do" value="close"') < page.index('name="a1-do" value="priority"')


def test_what_cannot_be_meant_is_said_and_stays_in_the_form(business: Business, owner_client: Client) -> None:
    response = owner_client.post(url(business, "new/"), {"name": "Sin pasos", "trigger": "received"})
    assert (response.status_code, kept(business)) == (422, [])
    assert 'value="Sin pasos"' in response.text


def test_rule_is_tried_on_the_past_unsaved_and_changes_nothing(
    business: Business, owner_client: Client, conversation: Conversation
) -> None:
    response = owner_client.post(url(business, "new/"), form(op="try"))
    assert response.status_code == 200
    assert f"inbox/{conversation.pk}/" in response.text
    with tenant_scope(business.tenant.id):
        assert (Rule.objects.count(), RuleRun.objects.count()) == (0, 0)
        conversation.refresh_from_db()
    assert conversation.priority == 1
    strange = owner_client.post(url(business, "new/"), form(op="try:nonsense"))
    assert strange.status_code == 200


def test_rules_are_switched_moved_and_removed_with_undo(
    business: Business, owner_client: Client, rule: Rule
) -> None:
    with tenant_scope(business.tenant.id):
        make_rule(business, "Segunda")
    off = owner_client.post(url(business, f"{rule.pk}/activity/"), {"on": ""})
    assert kept(business) == [("Primera", False), ("Segunda", True)]
    press_undo(owner_client, off)
    owner_client.get(url(business))  # shows what was said so far
    owner_client.post(url(business, f"{rule.pk}/place/"), {"by": "1"})
    assert kept(business) == [("Segunda", True), ("Primera", True)]
    gone = owner_client.post(url(business, f"{rule.pk}/removal/"))
    assert kept(business) == [("Segunda", True)]
    press_undo(owner_client, gone)
    assert kept(business) == [("Segunda", True), ("Primera", True)]


def test_log_tells_what_was_done_and_why_not(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label("Garantía")
        make_rule(business, "Hace", then=[{"do": "add_label", "label": str(label.pk)}])
        make_rule(business, "Calla", conditions=[{"is": "vip"}])
        make_conversation()
    run_rules(business)
    page = owner_client.get(url(business, "log/")).text
    assert ("Hace" in page, "Calla" in page, "Garantía" in page) == (True, True, True)
    only = owner_client.get(url(business, "log/"), {"view": "skipped", "rule": "nonsense"}).text
    assert only.count("<tr>") == 2
    assert owner_client.get(url(business, "log/"), {"cursor": "nonsense"}).status_code == 302


def test_rule_that_names_something_deleted_says_so(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label("Se va")
        rule = make_rule(business, then=[{"do": "add_label", "label": str(label.pk)}])
        label.delete()
    assert "tone-warning" in owner_client.get(url(business)).text
    assert "tone-warning" in owner_client.get(url(business, f"{rule.pk}/")).text


TAILS: list[str] = [
    "",
    "new/",
    "log/",
    "{rule}/",
    "{rule}/place/",
    "{rule}/activity/",
    "{rule}/removal/",
    "restoration/",
]


def test_rules_are_for_those_who_run_the_business(
    business: Business, teammate_client: Client, stranger_client: Client, rule: Rule
) -> None:
    for tail in TAILS:
        address = url(business, tail.format(rule=rule.pk))
        found = [client.post(address).status_code for client in (teammate_client, stranger_client)]
        assert found == [403, 404], tail
        assert kept(business) == [("Primera", True)], tail


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_log_ask_the_same_number_of_questions(
    business: Business, owner_client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    with tenant_scope(business.tenant.id):
        for number in range(count):
            make_rule(business, f"Regla {number}")
        make_conversation()
    run_rules(business)
    with tenant_scope(business.tenant.id):
        assert RuleRun.objects.count() == count
        assert Message.objects.filter(kind="event", data__event="priority_changed").count() == 1
    for tail in ("", "log/"):
        with django_assert_max_num_queries(16):
            owner_client.get(url(business, tail))
