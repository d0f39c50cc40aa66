"""POST /inbox/<conversation>/assignment/, team/, priority/, labels/, closure/, reopening/, snooze/"""

import json
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from conversations.actions import conversations as acts
from conversations.models import Conversation
from conversations.workspace.forms import snooze_until
from crm.models import Label
from tenants.models import AuditEvent, Membership, Team
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.conversations import thread_url
from tests.factories.crm import make_label
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

HTMX = {"HX-Request": "true"}
NOUNS = ["assignment", "team", "priority", "labels", "closure", "reopening", "snooze"]


def act(client: Client, business: Business, conversation: Conversation, noun: str, **data: Any) -> Any:
    """POST a change as htmx does, and read the conversation again."""
    response = client.post(thread_url(business, conversation, noun), data, headers=HTMX)
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
    return response


def test_sorting_is_for_members_who_may(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    business: Business,
    conversation: Conversation,
) -> None:
    for noun in NOUNS:
        url = thread_url(business, conversation, noun)
        assert stranger_client.post(url, {"to": "me"}).status_code == 404, noun
        assert narrow_client.post(url, {"to": "me"}).status_code == 404, noun
        assert analyst_client.post(url, {"to": "me"}).status_code == 403, noun
    with tenant_scope(business.tenant.id):
        assert Conversation.objects.values("assignee_id", "status").get() == {
            "assignee_id": None,
            "status": "open",
        }


@pytest.mark.parametrize("noun", NOUNS)
def test_sorting_takes_any_post(
    owner_client: Client, business: Business, conversation: Conversation, noun: str
) -> None:
    values = ["", "x", "\x00", "9" * 40, "00000000-0000-0000-0000-000000000000"]
    for value, headers in product(values, (HTMX, {})):
        data = {"to": value, "label": value, "until": value}
        response = owner_client.post(thread_url(business, conversation, noun), data, headers=headers)
        assert response.status_code in {200, 302, 409}, value


def test_assignment_to_oneself_somebody_and_nobody(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    act(teammate_client, business, conversation, "assignment", to="me")
    assert conversation.assignee_id == business.agent.pk
    act(teammate_client, business, conversation, "assignment", to=business.owner.pk)
    assert conversation.assignee_id == business.owner.pk
    response = act(teammate_client, business, conversation, "assignment", to="")
    assert conversation.assignee_id is None
    assert response.status_code == 200
    with tenant_scope(business.tenant.id):
        acts_done = AuditEvent.objects.filter(action__startswith="conversation.").order_by("id")
        assert [event.action for event in acts_done] == [
            "conversation.assigned",
            "conversation.assigned",
            "conversation.unassigned",
        ]


def test_assignment_to_a_stranger_is_refused(
    owner_client: Client, business: Business, other: Business, conversation: Conversation
) -> None:
    response = act(owner_client, business, conversation, "assignment", to=other.owner.pk)
    assert (response.status_code, conversation.assignee_id) == (409, None)


def test_giving_away_what_one_no_longer_sees_leads_back(
    narrow_client: Client, narrow: Membership, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        acts.assign(conversation=conversation, to=narrow, by=business.actor())
    response = act(narrow_client, business, conversation, "assignment", to="")
    assert (response.status_code, response["HX-Redirect"]) == (204, f"{business.base}inbox/?")


def test_team_and_none(
    owner_client: Client, business: Business, conversation: Conversation, team: Team
) -> None:
    act(owner_client, business, conversation, "team", to=team.pk)
    assert conversation.team_id == team.pk
    act(owner_client, business, conversation, "team", to="")
    assert conversation.team_id is None


def test_priority(owner_client: Client, business: Business, conversation: Conversation) -> None:
    act(owner_client, business, conversation, "priority", to="3")
    assert conversation.priority == 3


def test_labels_become_these(owner_client: Client, business: Business, conversation: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        labels = [Label.objects.create(name=name) for name in ("a", "b")]
    act(owner_client, business, conversation, "labels", label=[labels[0].pk, labels[1].pk])
    act(owner_client, business, conversation, "labels", label=[labels[1].pk, uuid4(), "x"])
    with tenant_scope(business.tenant.id):
        assert [label.name for label in conversation.labels.all()] == ["b"]


def test_closure_and_what_undoes_it(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    response = act(owner_client, business, conversation, "closure")
    assert conversation.status == "closed"
    undo = json.loads(response["HX-Trigger"])["puente:undo"]
    assert undo["url"] == thread_url(business, conversation, "reopening")
    act(owner_client, business, conversation, "reopening")
    assert conversation.status == "open"


def test_closure_twice_is_once(owner_client: Client, business: Business, conversation: Conversation) -> None:
    for _time in range(2):
        assert act(owner_client, business, conversation, "closure").status_code == 200
    with tenant_scope(business.tenant.id):
        assert AuditEvent.objects.filter(action="conversation.closed").count() == 1


def test_closure_without_script_returns_to_the_page(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    response = owner_client.post(thread_url(business, conversation, "closure") + "?view=team")
    assert (response.status_code, response["Location"]) == (
        302,
        thread_url(business, conversation) + "?view=team",
    )


def test_snooze_until_a_moment_and_until_an_answer(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    act(owner_client, business, conversation, "snooze", until="tomorrow")
    assert conversation.status == "snoozed"
    assert conversation.snoozed_until is not None
    assert conversation.snoozed_until.astimezone(business.tenant.zone).hour == 9
    act(owner_client, business, conversation, "snooze", until="reply")
    assert (conversation.status, conversation.snoozed_until, conversation.wakes_on_reply) == (
        "snoozed",
        None,
        True,
    )
    act(owner_client, business, conversation, "snooze", until="week", quiet="on")
    assert (conversation.status, conversation.wakes_on_reply) == ("snoozed", False)
    act(owner_client, business, conversation, "snooze", until="waiting")
    assert (conversation.status, conversation.snoozed_until) == ("waiting", None)


def test_undo_puts_a_snooze_back_to_what_it_was(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    url = thread_url(business, conversation, "snooze")

    def stand() -> tuple[str, bool, bool]:
        with tenant_scope(business.tenant.id):
            conversation.refresh_from_db()
        return conversation.status, conversation.snoozed_until is not None, conversation.wakes_on_reply

    steps = [{"until": "waiting"}, {"until": "reply"}, {"until": "week", "quiet": "on"}, {"until": "1h"}]
    stands = [stand()]
    for step in steps:
        response = owner_client.post(url, step, headers=HTMX)
        undo = json.loads(response["HX-Trigger"])["puente:undo"]
        stands.append(stand())
        owner_client.post(undo["url"], undo["fields"], headers=HTMX)
        assert stand() == stands[-2]
        owner_client.post(url, step, headers=HTMX)
    assert stands == [
        ("open", False, True),
        ("waiting", False, True),
        ("snoozed", False, True),
        ("snoozed", True, False),
        ("snoozed", True, True),
    ]


def test_snooze_into_the_past_is_refused(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    response = act(owner_client, business, conversation, "snooze", until="2001-01-01T10:00")
    assert (response.status_code, conversation.status) == (409, "open")
    plain = owner_client.post(thread_url(business, conversation, "snooze"), {"until": "2001-01-01T10:00"})
    assert plain.status_code == 302


@time_machine.travel("2026-03-02T18:30:00Z", tick=False)  # a Monday
@pytest.mark.parametrize(
    ("choice", "moment"),
    [
        ("3h", "2026-03-02T15:30"),
        ("tomorrow", "2026-03-03T09:00"),
        ("monday", "2026-03-09T09:00"),
        ("week", "2026-03-09T09:00"),
        ("2026-04-01T10:15", "2026-04-01T10:15"),
    ],
)
def test_snooze_choices_in_the_zone_of_the_business(choice: str, moment: str) -> None:
    with timezone.override("America/Mexico_City"):
        until = snooze_until(choice)
        assert until == timezone.make_aware(datetime.fromisoformat(moment))


@pytest.mark.parametrize("choice", ["", "x", "9999-99-99", "\x00", "0001-01-01T00:00"])
def test_snooze_choices_that_are_none(choice: str) -> None:
    until = snooze_until(choice)
    assert until is None or until < timezone.now() - timedelta(days=1)


def test_supervisors_are_offered_too(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    business.add_member(Role.ANALYST, name="Ana Lista")
    business.add_member(Role.SUPERVISOR, name="Susi Pervisa")
    response = owner_client.get(thread_url(business, conversation))
    assert [member.name for member in response.context["members"]] == [
        "Aldo Agente",
        "Olga Dueña",
        "Susi Pervisa",
    ]


# --- taking it back ---


def offered(response: Any) -> dict[str, Any]:
    """What the page offers to take back; nothing when nothing changed."""
    return json.loads(response.get("HX-Trigger", "{}")).get("puente:undo", {})


def test_what_was_sorted_is_put_back(
    owner_client: Client, business: Business, team: Team, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        old, new = make_label("Vieja"), make_label("Nueva")
        acts.assign(conversation=conversation, to=business.agent, by=business.actor())
        acts.set_labels(conversation=conversation, labels=[old], by=business.actor())
    headers = {"hx-request": "true"}

    def stands() -> tuple[object, ...]:
        with tenant_scope(business.tenant.id):
            found = Conversation.objects.get(pk=conversation.pk)
            names = sorted(found.labels.values_list("name", flat=True))
            return found.assignee_id, found.team_id, found.priority, names

    before = stands()
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("assignment", {"to": "me"}, "Asignada a Olga Dueña."),
        ("assignment", {"to": ""}, "De vuelta en la cola."),
        ("team", {"to": str(team.pk)}, "Movida al equipo Taller."),
        ("priority", {"to": "3"}, "Prioridad: Urgente."),
        ("labels", {"label": [str(new.pk)]}, "Etiquetas cambiadas."),
        ("labels", {}, "Etiquetas cambiadas."),
    ]
    for noun, data, said in steps:
        url = thread_url(business, conversation, noun)
        offer = offered(owner_client.post(url, data, headers=headers))
        assert (offer["text"], offer["url"]) == (said, url)
        assert stands() != before
        assert offered(owner_client.post(url, data, headers=headers)) == {}  # nothing changed
        assert owner_client.post(url, offer["fields"], headers=headers).status_code == 200
        assert stands() == before


def test_without_script_the_next_page_offers_to_take_it_back(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        labels = [make_label(name) for name in ("Uno", "Dos")]
        acts.set_labels(conversation=conversation, labels=labels, by=business.actor())
    done = owner_client.post(thread_url(business, conversation, "labels"), {})
    press_undo(owner_client, done)
    with tenant_scope(business.tenant.id):
        assert sorted(conversation.labels.values_list("name", flat=True)) == ["Dos", "Uno"]
