"""Members and invitations inside a business."""

import pytest
from django.core import mail
from django.test import Client

from tenants import tasks
from tenants.models import Invite, Membership, Team, TeamMember
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business


def people_of(business: Business) -> str:
    return f"{business.base}settings/people/"


def test_invitation_is_made_and_rings_the_worker(
    business: Business,
    owner_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("tenants.kit.tasks.ring_now", lambda task, *args: rung.append(task.name))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        response = owner_client.post(
            f"{people_of(business)}invites/", {"email": "ana@example.com", "role": "agent"}
        )
    assert response.status_code == 302
    with tenant_scope(business.tenant.id):
        invite = Invite.objects.get()
        assert (invite.email, invite.invited_by_id) == ("ana@example.com", business.owner.id)
    assert rung == ["tenants.tasks.send_invite"]


@pytest.mark.parametrize(
    "changes",
    [{"email": "no"}, {"email": ""}, {"email": "a\x00@example.com"}, {"email": "x" * 300 + "@example.com"},
     {"role": "king"}, {"team": "nope"}, {"team": "01a1fc53-eeb3-720b-9f48-747a52174a0e"}],
)  # fmt: skip
def test_invitation_refuses(business: Business, owner_client: Client, changes: dict[str, str]) -> None:
    data = {"email": "ana@example.com", "role": "agent", **changes}
    assert owner_client.post(f"{people_of(business)}invites/", data).status_code == 422
    with tenant_scope(business.tenant.id):
        assert Invite.objects.count() == 0


def test_team_of_another_business_is_no_choice(
    business: Business, other: Business, owner_client: Client
) -> None:
    with tenant_scope(other.tenant.id):
        foreign = Team.objects.create(name="Ajeno")
    data = {"email": "ana@example.com", "role": "agent", "team": str(foreign.id)}
    assert owner_client.post(f"{people_of(business)}invites/", data).status_code == 422
    data = {"role": "agent", "sees": "all", "capacity": "5", "teams": [str(foreign.id)]}
    assert owner_client.post(f"{people_of(business)}{business.agent.id}/", data).status_code == 422


def test_member_is_not_invited_again(business: Business, owner_client: Client) -> None:
    data = {"email": business.agent.user.email, "role": "agent"}
    response = owner_client.post(f"{people_of(business)}invites/", data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])


def test_admin_is_not_offered_to_make_owners(business: Business) -> None:
    client = business.client(business.add_member(Role.ADMIN))
    data = {"email": "ana@example.com", "role": "owner"}
    assert client.post(f"{people_of(business)}invites/", data).status_code == 422


def test_one_address_is_not_flooded(business: Business, owner_client: Client) -> None:
    data = {"email": "ana@example.com", "role": "agent"}
    statuses = [owner_client.post(f"{people_of(business)}invites/", data).status_code for _time in range(6)]
    assert statuses == [302, 302, 302, 302, 302, 422]


def test_invitation_is_sent_again_and_revoked(business: Business, owner_client: Client) -> None:
    owner_client.post(f"{people_of(business)}invites/", {"email": "nadia@example.com", "role": "agent"})
    with tenant_scope(business.tenant.id):
        invite = Invite.objects.get()
    tasks.send_invite(str(business.tenant.id), str(invite.id))
    owner_client.post(f"{people_of(business)}invites/{invite.id}/resending/")
    tasks.send_invite(str(business.tenant.id), str(invite.id))
    assert len(mail.outbox) == 2
    assert mail.outbox[0].body != mail.outbox[1].body
    owner_client.post(f"{people_of(business)}invites/{invite.id}/revocation/")
    owner_client.get(people_of(business))  # the messages of all this
    assert "nadia@example.com" not in owner_client.get(people_of(business)).content.decode()


def test_member_is_changed(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
    data = {"role": "supervisor", "sees": "teams", "capacity": "5", "teams": [str(team.id)]}
    assert owner_client.post(f"{people_of(business)}{business.agent.id}/", data).status_code == 302
    with tenant_scope(business.tenant.id):
        changed = Membership.objects.get(pk=business.agent.id)
        assert (changed.role, changed.sees, changed.capacity) == ("supervisor", "teams", 5)
        assert TeamMember.objects.get().team_id == team.id


@pytest.mark.parametrize(
    "changes",
    [{"role": "king"}, {"sees": "x"}, {"capacity": "-1"}, {"capacity": "9" * 30}, {"teams": ["\x00"]}],
)
def test_member_form_refuses(business: Business, owner_client: Client, changes: dict[str, object]) -> None:
    data = {"role": "agent", "sees": "all", "capacity": "5", **changes}
    assert owner_client.post(f"{people_of(business)}{business.agent.id}/", data).status_code == 422


def test_own_role_is_not_taken_from_the_form(business: Business, owner_client: Client) -> None:
    data = {"role": "agent", "sees": "all", "capacity": "5"}
    assert owner_client.post(f"{people_of(business)}{business.owner.id}/", data).status_code == 302
    with tenant_scope(business.tenant.id):
        assert Membership.objects.get(pk=business.owner.id).role == Role.OWNER


def test_admin_is_told_that_owners_are_out_of_reach(business: Business) -> None:
    client = business.client(business.add_member(Role.ADMIN))
    data = {"role": "owner", "sees": "own", "capacity": "5"}
    response = client.post(f"{people_of(business)}{business.owner.id}/", data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["role"])
    client.post(f"{people_of(business)}{business.owner.id}/deactivation/")
    with tenant_scope(business.tenant.id):
        assert Membership.objects.get(pk=business.owner.id).is_active is True


def test_ended_access_ends_at_once(business: Business, owner_client: Client, teammate_client: Client) -> None:
    assert teammate_client.get(people_of(business)).status_code == 200
    owner_client.post(f"{people_of(business)}{business.agent.id}/deactivation/")
    assert teammate_client.get(people_of(business)).status_code == 404
    owner_client.post(f"{people_of(business)}{business.agent.id}/reactivation/")
    assert teammate_client.get(people_of(business)).status_code == 200


def test_nobody_ends_his_own_access(business: Business, owner_client: Client) -> None:
    owner_client.post(f"{people_of(business)}{business.owner.id}/deactivation/")
    assert owner_client.get(people_of(business)).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_people_page_costs_the_same(
    business: Business, owner_client: Client, number: int, django_assert_num_queries: object
) -> None:
    for _time in range(number):
        member = business.add_member()
        with tenant_scope(business.tenant.id):
            team = Team.objects.create(name=f"Equipo {member.id}")
            TeamMember.objects.create(team=team, membership=member)
    for count in range(number):
        data = {"email": f"ana{count}@example.com", "role": "agent", "team": str(team.id)}
        owner_client.post(f"{people_of(business)}invites/", data)
    owner_client.get(people_of(business))
    with django_assert_num_queries(13):  # type: ignore[operator]
        owner_client.get(people_of(business))


@pytest.mark.parametrize("number", [1, 3])
def test_teams_page_costs_the_same(
    business: Business, owner_client: Client, number: int, django_assert_num_queries: object
) -> None:
    with tenant_scope(business.tenant.id):
        for count in range(number):
            team = Team.objects.create(name=f"Equipo {count}")
            TeamMember.objects.create(team=team, membership=business.agent)
    with django_assert_num_queries(12):  # type: ignore[operator]
        owner_client.get(f"{business.base}settings/teams/")


def test_teams_are_made_changed_and_deleted(business: Business, owner_client: Client) -> None:
    address = f"{business.base}settings/teams/"
    owner_client.post(f"{address}new/", {"name": "Taller", "members": [str(business.agent.id)]})
    with tenant_scope(business.tenant.id):
        team = Team.objects.get()
        assert TeamMember.objects.get().membership_id == business.agent.id
    assert owner_client.post(f"{address}new/", {"name": "taller"}).status_code == 422
    owner_client.post(f"{address}{team.id}/", {"name": "Servicio"})
    with tenant_scope(business.tenant.id):
        assert (Team.objects.get().name, TeamMember.objects.count()) == ("Servicio", 0)
    owner_client.post(f"{address}{team.id}/deletion/")
    with tenant_scope(business.tenant.id):
        assert Team.objects.count() == 0


def test_member_of_another_business_joins_no_team(
    business: Business, other: Business, owner_client: Client
) -> None:
    data = {"name": "Taller", "members": [str(other.agent.id)]}
    assert owner_client.post(f"{business.base}settings/teams/new/", data).status_code == 422
