"""Invitations: random, single use, expiring, bound to the address."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from tenants import doors, tasks
from tenants.actions.invites import (
    AlreadyMember,
    InviteOver,
    WrongAddress,
    accept_invite,
    create_invite,
    resend_invite,
    revoke_invite,
)
from tenants.actions.members import OwnersOnly
from tenants.models import AuditEvent, DirectoryEntry, Invite, Membership, Team, TeamMember, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business, make_user
from tests.tenants.together import together

INVITE = DirectoryEntry.Kind.INVITE


def proven(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def mailed_secret(invite: Invite) -> str:
    """Let the worker send, and read the secret out of the mail."""
    tasks.send_invite(str(invite.tenant_id), str(invite.id))
    found = re.search(r"/invite/([\w-]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_create_invite_waits_for_the_worker(scope: Business) -> None:
    invite = create_invite(email=" Nueva@Example.com ", role=Role.SUPERVISOR, by=scope.actor())
    assert (invite.email, invite.role, invite.sent_at) == ("nueva@example.com", Role.SUPERVISOR, None)
    assert DirectoryEntry.objects.filter(kind=INVITE).exists() is False
    assert AuditEvent.objects.get(action="invite.created").details == {
        "email": "nueva@example.com", "role": "supervisor"
    }  # fmt: skip


def test_worker_mails_once_and_keeps_only_the_hash(scope: Business) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    secret = mailed_secret(invite)
    tasks.send_invite(str(invite.tenant_id), str(invite.id))
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["nueva@example.com"]
    assert mail.outbox[0].reply_to == [scope.owner.user.email]
    assert DirectoryEntry.objects.get(kind=INVITE).key == doors.fingerprint(secret)
    assert Invite.objects.get().sent_at is not None


def test_mail_speaks_the_language_of_the_invited_person(scope: Business) -> None:
    User.objects.create_user("john@example.com", language="en")
    mailed_secret(create_invite(email="john@example.com", by=scope.actor()))
    assert mail.outbox[0].subject == "Olga Dueña invites you to Bicis Tapatías"


def test_business_name_cannot_break_the_headers(scope: Business) -> None:
    scope.tenant.name = "Bicis\nBcc: todos@example.com"
    scope.tenant.save()
    mailed_secret(create_invite(email="nueva@example.com", by=scope.actor()))
    assert "\n" not in mail.outbox[0].subject


def test_accept_makes_a_member_with_role_and_team(scope: Business) -> None:
    team = Team.objects.create(name="Taller")
    invite = create_invite(email="nueva@example.com", role=Role.SUPERVISOR, team=team, by=scope.actor())
    secret = mailed_secret(invite)
    user = proven(User.objects.create_user("nueva@example.com"))
    membership = accept_invite(invite=invite, user=user)
    assert (membership.role, membership.tenant_id) == (Role.SUPERVISOR, scope.tenant.id)
    assert TeamMember.objects.get().membership_id == membership.id
    assert doors.by_secret(INVITE, secret) is None
    assert AuditEvent.objects.get(action="invite.accepted").actor_id == membership.id


def test_accept_works_once(scope: Business) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    user = proven(User.objects.create_user("nueva@example.com"))
    accept_invite(invite=invite, user=user)
    with pytest.raises(InviteOver):
        accept_invite(invite=invite, user=user)


@pytest.mark.parametrize("verified", [True, False])
def test_accept_asks_for_the_invited_address_verified(scope: Business, verified: bool) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    stranger = make_user()
    email = "otra@example.com" if verified else "nueva@example.com"
    EmailAddress.objects.create(user=stranger, email=email, verified=verified)
    with pytest.raises(WrongAddress):
        accept_invite(invite=invite, user=stranger)
    assert Membership.objects.count() == 2


def test_second_verified_address_counts(scope: Business) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    user = proven(make_user())
    EmailAddress.objects.create(user=user, email="nueva@example.com", verified=True)
    assert accept_invite(invite=invite, user=user).user_id == user.id


def test_expired_invite_is_over(scope: Business) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    secret = mailed_secret(invite)
    late = timezone.now() - timedelta(seconds=1)
    Invite.objects.update(expires_at=late)
    DirectoryEntry.objects.filter(kind=INVITE).update(expires_at=late)
    with pytest.raises(InviteOver):
        accept_invite(invite=invite, user=proven(User.objects.create_user("nueva@example.com")))
    assert doors.by_secret(INVITE, secret) is None


def test_resending_changes_the_link_and_the_clock(scope: Business) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    old = mailed_secret(invite)
    Invite.objects.update(expires_at=timezone.now() - timedelta(days=1))
    new = mailed_secret(resend_invite(invite=invite, by=scope.actor()))
    assert doors.by_secret(INVITE, old) is None
    assert doors.by_secret(INVITE, new) is not None
    assert Invite.objects.get().is_open is True


def test_inviting_again_changes_the_open_invitation(scope: Business) -> None:
    first = create_invite(email="nueva@example.com", role=Role.AGENT, by=scope.actor())
    second = create_invite(email="nueva@example.com", role=Role.ANALYST, by=scope.actor())
    assert first.id == second.id
    assert Invite.objects.get().role == Role.ANALYST


def test_revoked_invite_is_over(scope: Business) -> None:
    invite = create_invite(email="nueva@example.com", by=scope.actor())
    secret = mailed_secret(invite)
    revoke_invite(invite=invite, by=scope.actor())
    assert doors.by_secret(INVITE, secret) is None
    with pytest.raises(InviteOver):
        accept_invite(invite=invite, user=proven(User.objects.create_user("nueva@example.com")))
    with pytest.raises(InviteOver):
        resend_invite(invite=invite, by=scope.actor())
    assert create_invite(email="nueva@example.com", by=scope.actor()).id != invite.id


def test_revoked_invite_is_not_mailed_any_more(scope: Business) -> None:
    invite = revoke_invite(
        invite=create_invite(email="nueva@example.com", by=scope.actor()), by=scope.actor()
    )
    tasks.send_invite(str(invite.tenant_id), str(invite.id))
    assert mail.outbox == []


def test_member_is_not_invited(scope: Business) -> None:
    with pytest.raises(AlreadyMember):
        create_invite(email=scope.agent.user.email.upper(), by=scope.actor())


def test_admin_does_not_invite_owners(business: Business) -> None:
    admin = business.actor(business.add_member(Role.ADMIN))
    with tenant_scope(business.tenant.id), pytest.raises(OwnersOnly):
        create_invite(email="nueva@example.com", role=Role.OWNER, by=admin)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_comes_in(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        invite = create_invite(email="nueva@example.com", by=business.actor())
    users = [make_user(), make_user()]
    for user, email in zip(users, ["nueva@example.com", "Nueva@example.com"], strict=True):
        EmailAddress.objects.create(user=user, email=email, verified=True)

    def acceptance(user: User) -> Callable[[], str]:
        def act() -> str:
            with tenant_scope(business.tenant.id):
                return accept_invite(invite=invite, user=user).role

        return act

    assert together(*map(acceptance, users)) == ["InviteOver", "agent"]
    with tenant_scope(business.tenant.id):
        assert Membership.objects.count() == 3
