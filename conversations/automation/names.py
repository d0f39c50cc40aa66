"""What macros and rules can name: colleagues, teams, labels, channels, canned replies."""

from typing import Any, NamedTuple
from uuid import UUID

from conversations.models import CannedReply, Channel
from crm.models import Label
from tenants.models import Membership, Team
from tenants.permissions import ROLES, Permission


class Names(NamedTuple):
    """Everything of a business that has a name, by identifier."""

    member: dict[str, str]
    answering: dict[str, str]  # members who may answer customers
    team: dict[str, str]
    label: dict[str, str]
    channel: dict[str, str]
    reply: dict[str, str]

    def has(self, what: str, identifier: str) -> bool:
        """Whether there still is one with this identifier."""
        return identifier in getattr(self, what)

    def of(self, what: str, identifier: str) -> str:
        """What it is called; "?" for one that is gone."""
        found: dict[str, str] = getattr(self, what)
        return found.get(identifier, "?")


def names() -> Names:
    """As they are now, in five queries."""
    members = list(Membership.objects.filter(is_active=True))
    able = [one for one in members if Permission.CONVERSATIONS_WRITE in ROLES[one.role]]
    return Names(
        member={str(one.pk): one.name for one in _by_name(members)},
        answering={str(one.pk): one.name for one in _by_name(able)},
        team=_named(Team.objects.values_list("pk", "name")),
        label=_named(Label.objects.values_list("pk", "name")),
        channel=_named(Channel.objects.values_list("pk", "name")),
        reply=_named(CannedReply.objects.values_list("pk", "title")),
    )


def _by_name(members: list[Membership]) -> list[Membership]:
    return sorted(members, key=lambda one: one.name.casefold())


def _named(rows: Any) -> dict[str, str]:
    pairs: list[tuple[UUID, str]] = list(rows)
    return {str(pk): name for pk, name in sorted(pairs, key=lambda pair: pair[1].casefold())}
