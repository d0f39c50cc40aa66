"""Macros: written in the settings, run in a conversation with a preview, taken back."""

import json
from typing import Any

import pytest
from django.test import Client

from conversations.models import Conversation, Macro
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.automation import make_macro
from tests.factories.conversations import thread_url
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/macros/{tail}"


FORM = {"name": "Cierre", "op": "save", "a": ["0"], "a0-do": "close"}


@pytest.fixture
def shared(business: Business) -> Macro:
    with tenant_scope(business.tenant.id):
        note = {"do": "note", "text": "Para {{ customer.first_name }}"}
        return make_macro(business, "Urgente", actions=[note, {"do": "priority", "to": 3}])


def names_of(business: Business) -> list[tuple[str, bool]]:
    with tenant_scope(business.tenant.id):
        return [(one.name, one.owner_id is None) for one in Macro.objects.all()]


def test_agent_writes_a_macro_of_his_own(
    business: Business, teammate_client: Client, owner_client: Client
) -> None:
    response = teammate_client.post(url(business, "new/"), FORM)
    assert (response.status_code, names_of(business)) == (302, [("Cierre", False)])
    assert "Cierre" in teammate_client.get(url(business)).text
    assert "Cierre" not in owner_client.get(url(business)).text


def test_agent_cannot_write_for_everybody(business: Business, teammate_client: Client, shared: Macro) -> None:
    new = teammate_client.post(url(business, "new/"), {**FORM, "flag": "on"})
    changed = teammate_client.post(url(business, f"{shared.pk}/"), {**FORM, "flag": "on"})
    assert (new.status_code, changed.status_code) == (422, 422)
    assert names_of(business) == [("Urgente", True)]


def test_menu_previews_what_each_macro_would_do_here(
    business: Business, teammate_client: Client, conversation: Conversation, shared: Macro
) -> None:
    page = teammate_client.get(thread_url(business, conversation, "macros")).text
    assert "Para Ana" in page
    assert f"macros/{shared.pk}/" in page


def test_macro_runs_and_is_taken_back(
    business: Business, teammate_client: Client, conversation: Conversation, shared: Macro
) -> None:
    address = thread_url(business, conversation, f"macros/{shared.pk}")
    done = teammate_client.post(address)
    assert priority(business, conversation) == 3
    press_undo(teammate_client, done)
    assert priority(business, conversation) == 1


def priority(business: Business, conversation: Conversation) -> int:
    with tenant_scope(business.tenant.id):
        found: int = Conversation.objects.get(pk=conversation.pk).priority
    return found


def test_macro_by_htmx_shows_the_head_and_offers_undo(
    business: Business, teammate_client: Client, conversation: Conversation, shared: Macro
) -> None:
    address = thread_url(business, conversation, f"macros/{shared.pk}")
    done = teammate_client.post(address, headers={"HX-Request": "true"})
    assert 'id="conversation-head"' in done.text
    offered = json.loads(done["HX-Trigger"])["puente:undo"]
    back = teammate_client.post(offered["url"], offered["fields"], headers={"HX-Request": "true"})
    assert (back.status_code, priority(business, conversation)) == (200, 1)
    again = teammate_client.post(offered["url"], offered["fields"], headers={"HX-Request": "true"})
    assert again.status_code == 409


def test_macro_that_cannot_run_says_why_and_does_nothing(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        steps = [{"do": "priority", "to": 3}, {"do": "close"}, {"do": "snooze", "until": "3h"}]
        macro = make_macro(business, actions=steps)
    address = thread_url(business, conversation, f"macros/{macro.pk}")
    refused = teammate_client.post(address, headers={"HX-Request": "true"})
    assert (refused.status_code, priority(business, conversation)) == (409, 1)


def test_macro_of_somebody_else_is_not_there(
    business: Business, owner_client: Client, stranger_client: Client, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        own = make_macro(business, by=Actor.of_membership(business.agent), shared=False)
    address = thread_url(business, conversation, f"macros/{own.pk}")
    found = [client.post(address).status_code for client in (owner_client, stranger_client)]
    assert found == [404, 404]
    assert owner_client.get(url(business, f"{own.pk}/")).status_code == 404


def test_removed_macro_comes_back(business: Business, owner_client: Client, shared: Macro) -> None:
    gone = owner_client.post(url(business, f"{shared.pk}/removal/"))
    assert names_of(business) == []
    press_undo(owner_client, gone)
    assert names_of(business) == [("Urgente", True)]


@pytest.mark.parametrize("op", ["add-a:reply", "add-a:notify", "up-a:0", "down-a:9", "drop-a:x", "\x00"])
def test_buttons_of_the_builder_keep_nothing(business: Business, owner_client: Client, op: str) -> None:
    assert owner_client.post(url(business, "new/"), {**FORM, "op": op}).status_code == 200
    assert names_of(business) == []


@pytest.mark.parametrize("count", [1, 3])
def test_menu_asks_the_same_number_of_questions(
    business: Business,
    teammate_client: Client,
    conversation: Conversation,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    with tenant_scope(business.tenant.id):
        for number in range(count):
            make_macro(business, f"Macro {number}")
    with django_assert_max_num_queries(16):
        teammate_client.get(thread_url(business, conversation, "macros"))
