"""What may change about the people of a business, and who may change it."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tenants import audit, doors
from tenants.actors import Actor
from tenants.kit import events
from tenants.models import Membership, Team, TeamMember
from tenants.permissions import ROLES, Permission, Role
from tenants.refusals import Refused
from tenants.signals import answering_ended, availability_changed


class LastOwner(Refused):
    """The business would be left without an owner."""


class OwnersOnly(Refused):
    """Only an owner may touch owners."""


class NotYours(Refused):
    """Somebody else's availability."""

    status = 403


class OwnRole(Refused):
    """Nobody changes his own role or ends his own access."""


def is_owner(by: Actor) -> bool:
    """Whether the actor speaks for an owner; Puente itself does, a key does not."""
    if by.membership is not None:
        return by.membership.role == Role.OWNER
    return by.api_key is None


@transaction.atomic
def update_member(
    *,
    membership: Membership,
    by: Actor,
    role: str | None = None,
    sees: str | None = None,
    capacity: int | None = None,
    teams: Iterable[Team] | None = None,
) -> Membership:
    """Change a member's role, what he sees, how much he takes and his teams; None leaves as it is.

    Raises `OwnRole`, `OwnersOnly` or `LastOwner` when the role may not change so.
    """
    membership = _locked(membership, by)
    before = {"role": membership.role, "sees": membership.sees, "capacity": membership.capacity}
    if role is not None and role != membership.role:
        _check_role(membership, role, by)
        membership.role = role
    membership.sees = sees if sees is not None else membership.sees
    membership.capacity = capacity if capacity is not None else membership.capacity
    membership.save(update_fields=[*before])
    if teams is not None:
        set_teams(membership=membership, teams=teams)
    events.publish_membership(membership.pk)
    if _answers(before["role"]) and not _answers(membership.role):
        answering_ended.send(Membership, membership=membership, by=by)
    elif _answers(membership.role):
        availability_changed.send(Membership, membership=membership, by=by)
    changes = {
        key: [old, getattr(membership, key)] for key, old in before.items() if old != getattr(membership, key)
    }
    audit.record("member.updated", target=membership, by=by, name=membership.name, changes=changes)
    return membership


@transaction.atomic
def deactivate_member(*, membership: Membership, by: Actor) -> Membership:
    """End a person's access at once; what he did stays, and so do the keys he made: they are the business's.

    Raises `OwnRole`, `OwnersOnly` or `LastOwner`.
    """
    membership = _locked(membership, by)
    if membership.id == by.membership_id:
        raise OwnRole(_("You cannot end your own access. Ask another administrator."))
    if membership.is_active:
        _keep_an_owner(membership)
        membership.is_active = False
        membership.save(update_fields=["is_active"])
        audit.record("member.deactivated", target=membership, by=by, name=membership.name)
        answering_ended.send(Membership, membership=membership, by=by)
        events.publish_membership(membership.pk)
        _end_sessions(membership)
    return membership


def _answers(role: Any) -> bool:
    return Permission.CONVERSATIONS_WRITE in ROLES[role]


def _end_sessions(membership: Membership) -> None:
    """Log him out everywhere, unless he also works in another business: there he may stay."""
    if not doors.businesses_of(membership.user_id):
        for session in UserSession.objects.filter(user_id=membership.user_id):
            session.end()


@transaction.atomic
def reactivate_member(*, membership: Membership, by: Actor) -> Membership:
    """Give a person his access back, with the role he had. Raises `OwnersOnly`."""
    membership = _locked(membership, by)
    if not membership.is_active:
        membership.is_active = True
        membership.save(update_fields=["is_active"])
        audit.record("member.reactivated", target=membership, by=by, name=membership.name)
        availability_changed.send(Membership, membership=membership, by=by)
    return membership


@transaction.atomic
def set_availability(*, membership: Membership, available: bool, by: Actor) -> Membership:
    """Say that a member takes new conversations, or is away: he himself or who may change members.

    Raises `NotYours` for anybody else.
    """
    if membership.pk != by.membership_id and not by.can(Permission.MEMBERS_WRITE):
        raise NotYours(_("Only this person or an administrator can change that."))
    changed = Membership.objects.filter(pk=membership.pk).exclude(is_available=available)
    if changed.update(is_available=available):
        membership.is_available = available
        audit.record(
            "member.available" if available else "member.away",
            target=membership,
            by=by,
            name=membership.name,
        )
        events.publish_membership(membership.pk)
        availability_changed.send(Membership, membership=membership, by=by)
    return membership


def set_teams(*, membership: Membership, teams: Iterable[Team]) -> None:
    """Put a member into exactly these teams."""
    wanted = {team.id for team in teams}
    TeamMember.objects.filter(membership=membership).exclude(team_id__in=wanted).delete()
    present = set(TeamMember.objects.filter(membership=membership).values_list("team_id", flat=True))
    TeamMember.objects.bulk_create(
        [TeamMember(membership=membership, team_id=team) for team in wanted - present]
    )


def _locked(membership: Membership, by: Actor) -> Membership:
    """The member as he is now, with all owners held still, so that two of them cannot demote each other."""
    rows = Membership.objects.select_for_update(of=("self",)).order_by("id")
    held = list(rows.filter(Q(role=Role.OWNER) | Q(pk=membership.pk)))
    member = next(row for row in held if row.pk == membership.pk)
    if member.role == Role.OWNER and not is_owner(by):
        raise OwnersOnly(_("Only an owner can change an owner."))
    return member


def _check_role(membership: Membership, role: str, by: Actor) -> None:
    if membership.id == by.membership_id:
        raise OwnRole(_("You cannot change your own role. Ask another administrator."))
    if role == Role.OWNER and not is_owner(by):
        raise OwnersOnly(_("Only an owner can make someone an owner."))
    _keep_an_owner(membership)


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER or not membership.is_active:
        return
    others = Membership.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOwner(_("A business needs an owner. Make someone else an owner first."))
