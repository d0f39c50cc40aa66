"""Who may change whom."""

import json
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from tenants.actions.members import (
    LastOwner,
    OwnersOnly,
    OwnRole,
    deactivate_member,
    reactivate_member,
    update_member,
)
from tenants.actions.teams import create_team, delete_team, update_team
from tenants.actors import Actor
from tenants.kit import valkey
from tenants.kit.events import stream_key
from tenants.models import ApiKey, AuditEvent, Membership, Team, TeamMember, User
from tenants.permissions import Permission, Role, Sees
from tenants.scoping import tenant_scope
from tenants.signals import answering_ended
from tests.factories.tenants import PASSWORD, Business
from tests.tenants.together import together


def logged_in(user: User) -> Client:
    """A browser that came in by the door, with a line in the list of sessions."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=user, session_key=client.session.session_key).count() == 1
    return client


def role_of(membership: Membership) -> str:
    return Membership.objects.get(pk=membership.pk).role


def test_update_member_changes_role_view_and_load(scope: Business) -> None:
    update_member(membership=scope.agent, by=scope.actor(), role=Role.SUPERVISOR, sees=Sees.TEAMS, capacity=7)
    changed = Membership.objects.get(pk=scope.agent.pk)
    assert (changed.role, changed.sees, changed.capacity) == (Role.SUPERVISOR, Sees.TEAMS, 7)
    event = AuditEvent.objects.get(action="member.updated")
    assert event.actor_id == scope.owner.id
    assert event.details["changes"] == {
        "role": ["agent", "supervisor"], "sees": ["all", "teams"], "capacity": [20, 7]
    }  # fmt: skip


def test_update_member_puts_into_exactly_these_teams(scope: Business) -> None:
    sales, workshop = Team.objects.create(name="Ventas"), Team.objects.create(name="Taller")
    TeamMember.objects.create(team=sales, membership=scope.agent)
    update_member(membership=scope.agent, by=scope.actor(), teams=[workshop])
    assert list(TeamMember.objects.values_list("team__name", flat=True)) == ["Taller"]


def test_nobody_changes_his_own_role(scope: Business) -> None:
    with pytest.raises(OwnRole):
        update_member(membership=scope.owner, by=scope.actor(), role=Role.AGENT)
    with pytest.raises(OwnRole):
        deactivate_member(membership=scope.owner, by=scope.actor())
    assert role_of(scope.owner) == Role.OWNER


def test_own_capacity_may_change(scope: Business) -> None:
    update_member(membership=scope.owner, by=scope.actor(), role=Role.OWNER, capacity=3)
    assert Membership.objects.get(pk=scope.owner.pk).capacity == 3


def test_admin_cannot_touch_owners(business: Business) -> None:
    admin = business.add_member(Role.ADMIN)
    by = business.actor(admin)
    with tenant_scope(business.tenant.id):
        for act in (
            lambda: update_member(membership=business.owner, by=by, role=Role.AGENT),
            lambda: update_member(membership=business.owner, by=by, capacity=1),
            lambda: deactivate_member(membership=business.owner, by=by),
            lambda: update_member(membership=business.agent, by=by, role=Role.OWNER),
        ):
            with pytest.raises(OwnersOnly):
                act()
        assert (role_of(business.owner), role_of(business.agent)) == (Role.OWNER, Role.AGENT)


def test_key_cannot_touch_owners(scope: Business) -> None:
    key = ApiKey.objects.create(name="llave", prefix="pt_", scopes=[Permission.MEMBERS_WRITE])
    with pytest.raises(OwnersOnly):
        deactivate_member(membership=scope.owner, by=Actor.of_key(key))


def test_last_owner_stays(scope: Business) -> None:
    for act in (
        lambda: update_member(membership=scope.owner, by=Actor.system(), role=Role.ADMIN),
        lambda: deactivate_member(membership=scope.owner, by=Actor.system()),
    ):
        with pytest.raises(LastOwner):
            act()
    assert role_of(scope.owner) == Role.OWNER


def test_second_owner_may_demote_the_first(business: Business) -> None:
    second = business.add_member(Role.OWNER)
    with tenant_scope(business.tenant.id):
        update_member(membership=business.owner, by=Actor.of_membership(second), role=Role.AGENT)
        assert role_of(business.owner) == Role.AGENT


def test_ended_owner_does_not_count(business: Business) -> None:
    second = business.add_member(Role.OWNER)
    with tenant_scope(business.tenant.id):
        deactivate_member(membership=second, by=business.actor())
        with pytest.raises(LastOwner):
            deactivate_member(membership=business.owner, by=Actor.system())


def test_deactivation_tells_the_apps_above_once(scope: Business) -> None:
    heard: list[Membership] = []

    def listen(sender: object, *, membership: Membership, **kwargs: object) -> None:
        heard.append(membership)

    answering_ended.connect(listen)
    for _time in range(2):
        deactivate_member(membership=scope.agent, by=scope.actor())
    answering_ended.disconnect(listen)
    assert heard == [scope.agent]
    assert Membership.objects.get(pk=scope.agent.pk).is_active is False


def test_role_that_only_reads_ends_answering_too(scope: Business) -> None:
    heard: list[Membership] = []

    def listen(sender: object, *, membership: Membership, **kwargs: object) -> None:
        heard.append(membership)

    answering_ended.connect(listen)
    for role in (Role.SUPERVISOR, Role.ANALYST, Role.ANALYST, Role.AGENT):
        update_member(membership=scope.agent, by=scope.actor(), role=role)
    answering_ended.disconnect(listen)
    assert heard == [scope.agent]


def test_deactivation_ends_the_sessions_of_who_has_no_other_business(
    business: Business, other: Business
) -> None:
    leaver = business.agent.user
    clients = [logged_in(leaver), logged_in(leaver)]
    stays = logged_in(business.owner.user)
    with tenant_scope(business.tenant.id):
        deactivate_member(membership=business.agent, by=business.actor())
    assert [client.get("/sessions/").status_code for client in (*clients, stays)] == [302, 302, 200]


def test_deactivation_leaves_the_sessions_of_who_works_elsewhere_too(
    business: Business, other: Business
) -> None:
    with tenant_scope(other.tenant.id):
        Membership.objects.create(tenant=other.tenant, user=business.agent.user, role=Role.AGENT)
    client = logged_in(business.agent.user)
    with tenant_scope(business.tenant.id):
        deactivate_member(membership=business.agent, by=business.actor())
    statuses = [client.get(f"/b/{place.tenant.slug}/inbox/").status_code for place in (business, other)]
    assert statuses == [404, 200]


@pytest.mark.django_db(transaction=True)
def test_open_pages_are_told_whose_view_changed(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        by = business.actor()
        team = create_team(name="Taller", by=by, members=[business.agent])
        update_team(team=team, by=by, name="El taller", members=[business.agent])
        update_team(team=team, by=by, members=[business.owner])
        update_member(membership=business.agent, by=by, sees=Sees.OWN)
        delete_team(team=team, by=by)
        deactivate_member(membership=business.agent, by=by)
    names = {str(business.owner.pk): "owner", str(business.agent.pk): "agent"}
    told = [
        names[json.loads(fields["data"])["membership"]]
        for _id, fields in valkey.client().xrange(stream_key(business.tenant.id))  # type: ignore[union-attr]
        if fields["kind"] == "membership"
    ]
    assert (told[0], sorted(told[1:3]), told[3:]) == (
        "agent",
        ["agent", "owner"],
        ["agent", "owner", "agent"],
    )


def test_reactivation_gives_the_old_role_back(scope: Business) -> None:
    deactivate_member(membership=scope.agent, by=scope.actor())
    reactivate_member(membership=scope.agent, by=scope.actor())
    back = Membership.objects.get(pk=scope.agent.pk)
    assert (back.is_active, back.role) == (True, Role.AGENT)
    actions = list(
        AuditEvent.objects.filter(action__startswith="member.")
        .order_by("id")
        .values_list("action", flat=True)
    )
    assert actions == ["member.deactivated", "member.reactivated"]


@pytest.mark.django_db(transaction=True)
def test_two_owners_demoting_each_other_leave_one(business: Business) -> None:
    second = business.add_member(Role.OWNER)

    def demotion(target: Membership, actor: Actor) -> Callable[[], str]:
        def act() -> str:
            with tenant_scope(business.tenant.id):
                return update_member(membership=target, by=actor, role=Role.AGENT).role

        return act

    outcomes = together(
        demotion(business.owner, business.actor(second)), demotion(second, business.actor(business.owner))
    )
    assert outcomes == ["LastOwner", "agent"]
    with tenant_scope(business.tenant.id):
        assert Membership.objects.filter(role=Role.OWNER).count() == 1
