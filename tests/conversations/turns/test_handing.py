"""To whom the bot hands over: team, person, language, what he may decide, and who served him last."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from conversations.actions import bots
from conversations.actions.conversations import close, set_team
from conversations.actions.late import assign_waiting
from conversations.actions.messages import send_reply
from conversations.models import Conversation, Message, WorkProfile
from crm.models import Customer as Person
from tenants.models import AuditEvent, Membership, Team, TeamMember, Tenant
from tests.conversations.turns.conftest import Customer
from tests.factories.crm import make_order
from tests.factories.tenants import Business

ASKS = "quiero hablar con una persona"
COMPLAINT = "esto es un reclamo, mi pedido llegó roto"


@pytest.fixture
def berta(business: Business, bot: object) -> Membership:
    """One more agent, whose turn it is, in a business that gives in turn."""
    Tenant.objects.update(assignment=Tenant.Assignment.ROUND_ROBIN)
    Membership.objects.filter(pk=business.agent.pk).update(last_assigned_at="2030-01-01T00:00Z")
    return business.add_member(name="Berta")


@pytest.fixture
def served(business: Business, ana: Customer) -> Customer:
    """Ana, whom Aldo served some days ago."""
    ana.writes(ASKS)
    assert ana.conversation is not None
    send_reply(conversation=ana.conversation, text="Listo", by=business.actor(business.agent))
    close(conversation=ana.conversation, by=business.actor())
    Conversation.objects.update(closed_at=F("closed_at") - timedelta(days=9))
    return ana


def has(customer: Customer) -> str:
    assert customer.conversation is not None
    found = Conversation.objects.select_related("assignee__user").get(pk=customer.conversation.pk)
    return found.assignee.name if found.assignee else ""


def team_of(customer: Customer) -> str:
    assert customer.conversation is not None
    found = Conversation.objects.select_related("team").get(pk=customer.conversation.pk)
    return found.team.name if found.team else ""


def team(business: Business, name: str, *members: Membership) -> Team:
    made: Team = Team.objects.create(name=name)
    for member in members:
        TeamMember.objects.create(team=made, membership=member)
    return made


def test_who_served_him_last_gets_him_again(business: Business, berta: Membership, served: Customer) -> None:
    served.writes(ASKS)
    assert has(served) == "Aldo Agente"
    line = Message.objects.filter(data__event="assigned").latest("id")
    assert (line.data["why"], "Te paso con Aldo" in served.reads[-1]) == (["knows"], True)
    assert AuditEvent.objects.filter(action="conversation.assigned").exists()


def test_who_served_him_last_does_not_get_what_he_may_not_decide(
    business: Business, berta: Membership, served: Customer
) -> None:
    WorkProfile.objects.create(membership=business.agent, most_amount=Decimal(1000))
    make_order(served.conversation.customer, total="5000")
    served.writes("quiero que me devuelvan mi dinero, quiero hablar con una persona")
    assert has(served) == "Berta"


def test_who_served_him_last_does_not_get_what_is_not_for_him(
    business: Business, berta: Membership, served: Customer
) -> None:
    profile = WorkProfile.objects.create(membership=business.agent, most_priority=1)

    def again(text: str, **fields: object) -> str:
        close(conversation=served.conversation, by=business.actor())
        long_ago = F("closed_at") - timedelta(days=9)
        Conversation.objects.update(closed_at=long_ago, **{"priority": 1, **fields})
        served.writes(text)
        return has(served)

    assert again(COMPLAINT) == "Berta"  # too urgent
    profile.most_priority, profile.languages = 3, ["pt-br"]
    profile.save()
    assert again(ASKS) == "Berta"  # in a language he does not speak
    profile.delete()
    assert again(ASKS, declined_by=business.agent) == "Berta"  # put back by him
    assert again(ASKS) == "Aldo Agente"


def test_where_people_take_by_hand_nobody_is_given_anything(business: Business, served: Customer) -> None:
    Tenant.objects.update(assignment=Tenant.Assignment.MANUAL)
    served.writes(ASKS)
    assert has(served) == ""
    assert "Te paso con una persona del equipo" in served.reads[-1]


def test_a_complaint_goes_to_its_team_and_to_somebody_of_it(
    business: Business, berta: Membership, ana: Customer
) -> None:
    sales, workshop = team(business, "Ventas", business.agent), team(business, "Taller", business.owner)
    Membership.objects.filter(pk=business.owner.pk).update(is_available=True)
    bots.save_bot(by=business.actor(), teams={"complaint": str(workshop.pk), "sales": str(sales.pk)})
    ana.writes(COMPLAINT)
    assert (team_of(ana), has(ana)) == ("Taller", "Olga Dueña")
    moved = Message.objects.get(data__event="team_changed")
    assert (moved.data["team"], moved.data["why"]) == ("Taller", "matter")
    assert AuditEvent.objects.filter(action="conversation.team_changed").count() == 1


def test_the_wish_for_a_person_goes_where_the_question_before_belongs(
    business: Business, ana: Customer
) -> None:
    workshop = team(business, "Taller")
    bots.save_bot(by=business.actor(), teams={"support": str(workshop.pk)})
    ana.writes("dónde está mi pedido?")
    ana.writes(ASKS)
    assert team_of(ana) == "Taller"


def test_people_s_choice_of_a_team_stands(business: Business, ana: Customer) -> None:
    vip, workshop = team(business, "VIP"), team(business, "Taller")
    bots.save_bot(by=business.actor(), teams={"complaint": str(workshop.pk)})
    ana.sends("hola")
    assert ana.conversation is not None
    set_team(conversation=ana.conversation, team=vip, by=business.actor())
    ana.writes(COMPLAINT)
    assert team_of(ana) == "VIP"


def test_portuguese_goes_to_who_speaks_it_at_once_and_later(business: Business, berta: Membership) -> None:
    Tenant.objects.update(assignment=Tenant.Assignment.SKILLS)
    WorkProfile.objects.create(membership=business.agent, languages=["es"])
    WorkProfile.objects.create(membership=berta, languages=["pt-br"])
    joao = Customer(business, "João")
    joao.sends("bom dia")
    Person.objects.update(language="es")
    joao.writes("olá, eu gostaria de falar com uma pessoa por favor")
    assert has(joao) == "Berta"
    Membership.objects.filter(pk=berta.pk).update(is_available=False)
    maria = Customer(business, "Maria")
    maria.address = "1c8f3c1a-visitor"
    maria.writes("olá, eu gostaria de falar com uma pessoa por favor")
    assert (has(maria), assign_waiting(business.tenant.pk)) == ("", 0)
    Membership.objects.filter(pk=berta.pk).update(is_available=True)
    assert (assign_waiting(business.tenant.pk), has(maria)) == (1, "Berta")
