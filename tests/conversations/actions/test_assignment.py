"""Who gets a conversation: by load, by skills, within limits; what nobody has room for is given late."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from conversations.actions.assignment import place_in_queue
from conversations.actions.conversations import assign, close, set_labels, set_priority, set_team
from conversations.actions.late import assign_waiting
from conversations.actions.messages import send_reply
from conversations.models import Conversation, Message, WorkProfile
from conversations.tasks import sweep_promises
from crm.models import Customer, Label, Order
from tenants.actions.members import set_availability
from tenants.models import Membership, Team, TeamMember, Tenant
from tenants.permissions import Role
from tenants.refusals import Refused
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business
from tests.tenants.together import together


def by_strategy(strategy: str) -> None:
    Tenant.objects.update(assignment=strategy)


def profile(member: Membership, **fields: Any) -> WorkProfile:
    found: WorkProfile = WorkProfile.objects.create(membership=member, **fields)
    return found


def colleague(scope: Business, name: str, **fields: Any) -> Membership:
    member = scope.add_member(Role.AGENT, name=name)
    Membership.objects.filter(pk=member.pk).update(**fields)
    return member


def has(conversation: Conversation) -> str:
    found = Conversation.objects.select_related("assignee__user").get(pk=conversation.pk)
    return found.assignee.name if found.assignee else ""


def why(conversation: Conversation) -> list[str]:
    line = Message.objects.filter(conversation=conversation, data__event="assigned").latest("id")
    return list(line.data["why"])


def test_by_load_whoever_has_the_fewest_measured_by_his_share(scope: Business) -> None:
    berta = colleague(scope, "Berta")
    profile(berta, weight=50)
    by_strategy(Tenant.Assignment.LOAD)
    given = [has(make_conversation()) for _ in range(6)]
    assert sorted(given) == ["Aldo Agente"] * 4 + ["Berta"] * 2
    assert why(Conversation.objects.latest("id")) == ["load"]


def test_a_team_s_strategy_goes_before_the_business_s(scope: Business) -> None:
    team = Team.objects.create(name="Taller", assignment=Tenant.Assignment.LOAD)
    TeamMember.objects.create(team=team, membership=scope.agent)
    conversation = make_conversation()
    assert has(conversation) == ""
    set_team(conversation=conversation, team=team, by=scope.actor())
    assert (assign_waiting(scope.tenant.pk), has(conversation)) == (1, "Aldo Agente")
    team.assignment = Tenant.Assignment.MANUAL
    team.save()
    by_strategy(Tenant.Assignment.LOAD)
    other = make_conversation()
    Conversation.objects.filter(pk=other.pk).update(assignee=None, team=team)
    assert (assign_waiting(scope.tenant.pk), has(other)) == (0, "")


def test_by_skills_who_knows_goes_before_who_takes_everything(scope: Business) -> None:
    label = Label.objects.create(name="Garantía")
    diego, elena = colleague(scope, "Diego"), colleague(scope, "Elena")
    profile(diego, languages=["pt-br"], channel_kinds=["email"])
    profile(elena, label_ids=[str(label.pk)], languages=["es"])
    Customer.objects.update(language="")

    def arrives(language: str, *labels: Label, kind: str = "email") -> Conversation:
        conversation = make_conversation(kind=kind)
        Customer.objects.filter(pk=conversation.customer_id).update(language=language)
        set_labels(conversation=conversation, labels=list(labels), by=scope.actor())
        return conversation

    brazilian, guarantee = arrives("pt-br"), arrives("es", label)
    chat = arrives("pt-br", kind="web")
    by_strategy(Tenant.Assignment.SKILLS)
    assert assign_waiting(scope.tenant.pk) == 3
    assert [has(one) for one in (brazilian, guarantee, chat)] == ["Diego", "Elena", "Aldo Agente"]
    assert why(brazilian) == ["language:pt", "channel:email", "load"]
    assert why(guarantee) == ["language:es", "label:Garantía", "load"]
    assert why(chat) == ["load"]


def test_nobody_gets_what_he_may_not_decide(scope: Business) -> None:
    by_strategy(Tenant.Assignment.ROUND_ROBIN)
    limits = profile(scope.agent, most_priority=Conversation.Priority.NORMAL, most_amount=Decimal(1000))
    conversation = make_conversation()
    assign(conversation=conversation, to=None, by=scope.actor())
    Conversation.objects.update(declined_by=None)
    set_priority(conversation=conversation, priority=3, by=scope.actor())
    assert assign_waiting(scope.tenant.pk) == 0
    set_priority(conversation=conversation, priority=1, by=scope.actor())
    Order.objects.create(
        customer_id=conversation.customer_id, number="1", total=Decimal(1001), currency="MXN",
        placed_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    assert assign_waiting(scope.tenant.pk) == 0
    limits.most_amount = Decimal(1001)
    limits.save()
    assert (assign_waiting(scope.tenant.pk), has(conversation)) == (1, "Aldo Agente")


def test_what_waits_is_given_when_there_is_room_the_most_urgent_and_oldest_first(
    scope: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("conversations.actions.bells.assign_waiting", lambda: rung.append("rung"))
    by_strategy(Tenant.Assignment.ROUND_ROBIN)
    Membership.objects.filter(pk=scope.agent.pk).update(capacity=1)
    first, second, third, urgent = (make_conversation() for _ in range(4))
    set_priority(conversation=urgent, priority=3, by=scope.actor())
    assert [has(one) for one in (first, second, third, urgent)] == ["Aldo Agente", "", "", ""]
    places = [place_in_queue(Conversation.objects.get(pk=one.pk), Tenant.objects.get()) for one in
              (first, second, third, urgent)]  # fmt: skip
    assert places == [None, 2, 3, 1]
    assert assign_waiting(scope.tenant.pk) == 0
    rung.clear()
    close(conversation=first, by=scope.actor())
    assert rung == ["rung"]
    assert (assign_waiting(scope.tenant.pk), has(urgent)) == (1, "Aldo Agente")
    send_reply(conversation=urgent, text="Va", by=scope.actor(scope.agent))
    assert (assign_waiting(scope.tenant.pk), has(second), has(third)) == (1, "Aldo Agente", "")


def test_a_newcomer_waits_behind_those_who_wait(scope: Business) -> None:
    by_strategy(Tenant.Assignment.ROUND_ROBIN)
    set_availability(membership=scope.agent, available=False, by=scope.actor())
    old = make_conversation()
    Membership.objects.update(is_available=True, capacity=1)
    new = make_conversation()
    assert (has(old), has(new)) == ("", "")
    assert (assign_waiting(scope.tenant.pk), has(old), has(new)) == (1, "Aldo Agente", "")


def test_who_put_it_back_does_not_get_it_again(scope: Business) -> None:
    by_strategy(Tenant.Assignment.ROUND_ROBIN)
    conversation = make_conversation()
    assign(conversation=conversation, to=None, by=scope.actor(scope.agent))
    assert (assign_waiting(scope.tenant.pk), has(conversation)) == (0, "")
    colleague(scope, "Berta")
    assert (assign_waiting(scope.tenant.pk), has(conversation)) == (1, "Berta")


def test_coming_back_rings_and_only_oneself_or_an_administrator_may_say_so(
    scope: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("conversations.actions.bells.assign_waiting", lambda: rung.append("rung"))
    set_availability(membership=scope.agent, available=False, by=scope.actor(scope.agent))
    set_availability(membership=scope.agent, available=False, by=scope.actor(scope.agent))
    assert rung == ["rung"]
    set_availability(membership=scope.agent, available=True, by=scope.actor())
    assert (rung, Membership.objects.get(pk=scope.agent.pk).is_available) == (["rung"] * 2, True)
    with pytest.raises(Refused):
        set_availability(membership=scope.owner, available=False, by=scope.actor(scope.agent))


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_parallel_workers_give_each_once_and_nobody_more_than_fits(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        for _ in range(7):
            make_conversation()
        berta = business.add_member(Role.AGENT, name="Berta")
        Membership.objects.filter(pk__in=[business.agent.pk, berta.pk]).update(capacity=3)
        by_strategy(Tenant.Assignment.LOAD)
    rung: list[str] = []
    monkeypatch.setattr(
        "conversations.tasks.ring_once_now", lambda task, *args: rung.append(task.name) or True
    )
    assert (sweep_promises(), rung) == (1, ["conversations.tasks.assign_waiting"])
    given = together(*[lambda: assign_waiting(business.tenant.id)] * 6)
    assert sum(map(int, given)) == 6
    with tenant_scope(business.tenant.id):
        rows = [has(one) for one in Conversation.objects.all()]
        lines = Message.objects.filter(data__event="assigned").count()
    assert (sorted(rows), lines) == (["", *["Aldo Agente"] * 3, *["Berta"] * 3], 6)
    assert sum(map(int, together(*[lambda: assign_waiting(business.tenant.id)] * 3))) == 0
