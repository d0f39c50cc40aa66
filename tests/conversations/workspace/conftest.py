"""A conversation to look at, and members who see less."""

from collections.abc import Iterator

import pytest
from django.test import Client

from conversations.models import Conversation
from tenants.models import Membership, Team, TeamMember
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business


@pytest.fixture
def conversation(business: Business) -> Conversation:
    """A customer wrote an e-mail; nobody has it yet."""
    with tenant_scope(business.tenant.id):
        return make_conversation("¿Ya está mi bici?", subject="Mi bici", name="Ana Flores")


@pytest.fixture
def analyst_client(business: Business) -> Client:
    return business.client(business.add_member(Role.ANALYST))


@pytest.fixture
def narrow(business: Business) -> Membership:
    """An agent who sees only his own conversations."""
    return business.add_member(sees=Sees.OWN, name="Nico Estrecho")


@pytest.fixture
def narrow_client(business: Business, narrow: Membership) -> Client:
    return business.client(narrow)


@pytest.fixture
def team(business: Business) -> Iterator[Team]:
    """A team with nobody in it."""
    with tenant_scope(business.tenant.id):
        yield Team.objects.create(name="Taller")


@pytest.fixture
def team_client(business: Business, team: Team) -> Client:
    """A browser of an agent who sees his team's conversations."""
    member = business.add_member(sees=Sees.TEAMS, name="Tere Taller")
    with tenant_scope(business.tenant.id):
        TeamMember.objects.create(team=team, membership=member)
    return business.client(member)
