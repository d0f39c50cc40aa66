"""Teams: people who share a queue."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.models import Membership, Team, TeamMember
from tenants.refusals import Refused


class TeamExists(Refused):
    """Another team has this name."""


@transaction.atomic
def create_team(*, name: str, by: Actor, members: Iterable[Membership] = ()) -> Team:
    """A new team. Raises `TeamExists`."""
    team = Team(name=one_line(name, 80))
    _save(team)
    set_members(team=team, members=members)
    audit.record("team.created", target=team, by=by, name=team.name)
    return team


@transaction.atomic
def update_team(
    *, team: Team, by: Actor, name: str | None = None, members: Iterable[Membership] | None = None
) -> Team:
    """Rename a team or change who is in it; None leaves as it is. Raises `TeamExists`."""
    before = team.name
    if name is not None:
        team.name = one_line(name, 80)
        _save(team)
    if members is not None:
        set_members(team=team, members=members)
    audit.record("team.updated", target=team, by=by, name=team.name, before=before)
    return team


@transaction.atomic
def delete_team(*, team: Team, by: Actor) -> None:
    """Dissolve a team; its conversations stay, without a team."""
    audit.record("team.deleted", target=team, by=by, name=team.name)
    set_members(team=team, members=())
    team.delete()


def set_members(*, team: Team, members: Iterable[Membership]) -> None:
    """Let exactly these people be in a team."""
    wanted = {member.id for member in members}
    present = set(TeamMember.objects.filter(team=team).values_list("membership_id", flat=True))
    TeamMember.objects.filter(team=team, membership_id__in=present - wanted).delete()
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, membership_id=member) for member in wanted - present]
    )
    for member_id in wanted ^ present:
        events.publish_membership(member_id)


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise TeamExists(_("There is already a team with this name.")) from None
