"""Inviting colleagues: random, single use, expiring, bound to the address."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import audit, doors, tasks
from tenants.actions.members import OwnersOnly, is_owner
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.models import DirectoryEntry, Invite, Membership, Team, TeamMember, User
from tenants.permissions import Role
from tenants.refusals import Refused

LIFETIME = timedelta(days=7)


class AlreadyMember(Refused):
    """The address belongs to someone who is in the business already."""


class InviteOver(Refused):
    """The invitation was used, revoked, or its time has passed."""


class WrongAddress(Refused):
    """The invitation is for somebody else's address."""


@transaction.atomic
def create_invite(*, email: str, by: Actor, role: str = Role.AGENT, team: Team | None = None) -> Invite:
    """Invite an address; an invitation that is still open is changed and sent again.

    Raises `AlreadyMember`, or `OwnersOnly` when someone else than an owner invites an owner.
    """
    email = email.strip().lower()
    _check_role(role, by)
    if Membership.objects.filter(user__email=email).exists():
        raise AlreadyMember(
            _("This person is in the business already. If the access was ended, give it back below.")
        )
    invite = Invite.objects.select_for_update().filter(email=email, accepted_at=None, revoked_at=None).first()
    if invite is None:
        invite = Invite(email=email)
    invite.role, invite.team, invite.invited_by = role, team, by.membership
    _send(invite)
    audit.record("invite.created", target=invite, by=by, email=email, role=role)
    return invite


@transaction.atomic
def resend_invite(*, invite: Invite, by: Actor) -> Invite:
    """A new mail with a new link; the old link stops working. Raises `InviteOver`, `OwnersOnly`."""
    invite = _locked(invite)
    _check_role(invite.role, by)
    if invite.accepted_at or invite.revoked_at:
        raise InviteOver(_("This invitation is over. Invite the person again."))
    _send(invite)
    audit.record("invite.resent", target=invite, by=by, email=invite.email)
    return invite


@transaction.atomic
def revoke_invite(*, invite: Invite, by: Actor) -> Invite:
    """Take an invitation back; its link stops working at once."""
    invite = _locked(invite)
    if invite.accepted_at is None and invite.revoked_at is None:
        invite.revoked_at = timezone.now()
        invite.save(update_fields=["revoked_at"])
        _close_door(invite)
        audit.record("invite.revoked", target=invite, by=by, email=invite.email)
    return invite


@transaction.atomic
def accept_invite(*, invite: Invite, user: User) -> Membership:
    """Let the invited person in; of two who try at the same time, one gets `InviteOver`.

    Raises `WrongAddress` unless the user has proved that the address is his, `AlreadyMember`.
    """
    invite = _locked(invite)
    if not invite.is_open:
        raise InviteOver(_("This invitation is over. Ask for a new one."))
    if not EmailAddress.objects.filter(user=user, email__iexact=invite.email, verified=True).exists():
        raise WrongAddress(_("This invitation is for another e-mail address."))
    membership = _join(invite, user)
    invite.accepted_at = timezone.now()
    invite.save(update_fields=["accepted_at"])
    _close_door(invite)
    audit.record("invite.accepted", target=invite, by=Actor.of_membership(membership), email=invite.email)
    return membership


def open_door(invite: Invite) -> str:
    """A new secret for an invitation, replacing the one before; only its hash is kept."""
    _close_door(invite)
    secret = doors.new_secret()
    doors.register(
        DirectoryEntry.Kind.INVITE,
        doors.fingerprint(secret),
        tenant_id=invite.tenant_id,
        target_id=invite.id,
        expires_at=invite.expires_at,
    )
    return secret


def _check_role(role: str, by: Actor) -> None:
    if role == Role.OWNER and not is_owner(by):
        raise OwnersOnly(_("Only an owner can invite an owner."))


def _locked(invite: Invite) -> Invite:
    return Invite.objects.select_for_update().get(pk=invite.pk)


def _send(invite: Invite) -> None:
    """The mail is written by the worker, which makes the secret: no queue ever holds it."""
    invite.expires_at, invite.sent_at = timezone.now() + LIFETIME, None
    try:
        with transaction.atomic():
            invite.save()
    except IntegrityError:
        raise AlreadyMember(_("Somebody invited this person at the same moment.")) from None
    _close_door(invite)
    ring(tasks.send_invite, invite.tenant_id, invite.id)


def _close_door(invite: Invite) -> None:
    doors.close(DirectoryEntry.Kind.INVITE, tenant_id=invite.tenant_id, target_id=invite.id)


def _join(invite: Invite, user: User) -> Membership:
    membership, created = Membership.objects.get_or_create(
        user=user, defaults={"tenant_id": invite.tenant_id, "role": invite.role}
    )
    if not created and membership.is_active:
        raise AlreadyMember(_("You are in this business already."))
    if not created:
        raise AlreadyMember(
            _("Your access to this business was ended. Ask an administrator to give it back.")
        )
    if invite.team:
        TeamMember.objects.create(team=invite.team, membership=membership)
    return membership
