"""Teams."""

import pytest

from tenants.actions.teams import TeamExists, create_team, delete_team, update_team
from tenants.models import AuditEvent, Team, TeamMember
from tests.factories.tenants import Business


def test_create_team_with_members(scope: Business) -> None:
    team = create_team(name="  Taller \n", by=scope.actor(), members=[scope.agent])
    assert team.name == "Taller"
    assert list(TeamMember.objects.values_list("membership_id", flat=True)) == [scope.agent.id]
    assert AuditEvent.objects.get(action="team.created").details == {"name": "Taller"}


def test_same_name_in_other_letters_is_refused(scope: Business) -> None:
    create_team(name="Taller", by=scope.actor())
    with pytest.raises(TeamExists):
        create_team(name="TALLER", by=scope.actor())
    assert Team.objects.count() == 1


def test_update_team_renames_and_replaces_members(scope: Business) -> None:
    team = create_team(name="Taller", by=scope.actor(), members=[scope.agent])
    update_team(team=team, by=scope.actor(), name="Servicio", members=[scope.owner])
    assert Team.objects.get().name == "Servicio"
    assert list(TeamMember.objects.values_list("membership_id", flat=True)) == [scope.owner.id]


def test_delete_team_takes_its_links_along(scope: Business) -> None:
    team = create_team(name="Taller", by=scope.actor(), members=[scope.agent])
    delete_team(team=team, by=scope.actor())
    assert (Team.objects.count(), TeamMember.objects.count()) == (0, 0)
    assert AuditEvent.objects.get(action="team.deleted").details == {"name": "Taller"}
