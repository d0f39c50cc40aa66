"""Steps that notice by themselves that they are done."""

from tenants import onboarding
from tenants.actions.businesses import create_business, dismiss_step, update_business
from tenants.actions.invites import create_invite, revoke_invite
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business, make_user


def state(tenant: Tenant) -> dict[str, bool]:
    return {progress.step.key: progress.is_done for progress in onboarding.checklist_of(tenant).steps}


def test_fresh_business_has_everything_to_do(db: None) -> None:
    owner = create_business(name="Bicis", country="MX", owner=make_user())
    with tenant_scope(owner.tenant_id):
        checklist = onboarding.checklist_of(owner.tenant)
        assert (checklist.finished, checklist.is_over) == (0, False)
        assert checklist.next == checklist.steps[0].step


def test_saving_the_hours_ticks_the_profile(scope: Business) -> None:
    assert state(scope.tenant)["profile"] is False
    update_business(tenant=scope.tenant, by=scope.actor(), hours=scope.tenant.hours)
    assert state(scope.tenant)["profile"] is True


def test_an_invitation_ticks_the_colleague(db: None) -> None:
    owner = create_business(name="Bicis", country="MX", owner=make_user())
    with tenant_scope(owner.tenant_id):
        by = Actor.of_membership(owner)
        assert state(owner.tenant)["colleague"] is False
        invite = create_invite(email="ana@example.com", by=by)
        assert state(owner.tenant)["colleague"] is True
        revoke_invite(invite=invite, by=by)
        assert state(owner.tenant)["colleague"] is False


def test_a_second_member_ticks_the_colleague(scope: Business) -> None:
    assert state(scope.tenant)["colleague"] is True


def test_list_is_over_when_every_step_is_done_or_put_aside(scope: Business) -> None:
    for progress in onboarding.checklist_of(scope.tenant).steps:
        dismiss_step(tenant=scope.tenant, step=progress.step.key, by=scope.actor())
    checklist = onboarding.checklist_of(scope.tenant)
    assert (checklist.is_over, checklist.next) == (True, None)


def test_dismissed_step_is_not_called_done(scope: Business) -> None:
    dismiss_step(tenant=scope.tenant, step="colleague", by=scope.actor())
    assert state(scope.tenant)["colleague"] is False
