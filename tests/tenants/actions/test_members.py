"""Who may change whom."""

from collections.abc import Callable

import pytest

from tenants.actions.members import (
    LastOwner,
    OwnersOnly,
    OwnRole,
    deactivate_member,
    reactivate_member,
    update_member,
)
from tenants.actors import Actor
from tenants.models import ApiKey, AuditEvent, Membership, Team, TeamMember
from tenants.permissions import Permission, Role, Sees
from tenants.scoping import tenant_scope
from tenants.signals import member_deactivated
from tests.factories.tenants import Business
from tests.tenants.together import together


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

    member_deactivated.connect(listen)
    for _time in range(2):
        deactivate_member(membership=scope.agent, by=scope.actor())
    member_deactivated.disconnect(listen)
    assert heard == [scope.agent]
    assert Membership.objects.get(pk=scope.agent.pk).is_active is False


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
