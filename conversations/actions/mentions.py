"""Who a note speaks to: names after an at sign, of colleagues and of teams, accents and capitals forgiven.

What is found is kept beside the text as identifiers. A mention never widens what anybody sees: whoever
may not see the conversation hears nothing, and its author is told.
"""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from conversations.actions import notifications
from conversations.models import Conversation, Message, Notification
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Membership, Team, TeamMember
from tenants.permissions import Sees
from tenants.refusals import Refused

MOST = 30  # mentions in one note
EXCERPT = 200


class UnknownMention(Refused):
    """Somebody is named who does not work here."""


class Mentionable(NamedTuple):
    """A colleague or a team, as the list in the composer shows them."""

    kind: str
    id: UUID
    name: str
    sees: bool


def plain(text: str) -> str:
    """Without accents and capitals, each character where it was."""
    return "".join((unicodedata.normalize("NFD", one)[0]).lower()[:1] or one for one in text)


def mentionable(conversation: Conversation, actor: Actor) -> list[Mentionable]:
    """Colleagues, then teams, by name; each with whether the conversation is visible to it."""
    members = [one for one in Membership.objects.filter(is_active=True) if one.pk != actor.membership_id]
    seeing = notifications.who_see(conversation, members)
    people = [Mentionable("member", one.pk, one.name, one.pk in seeing) for one in members]
    teams = [Mentionable("team", one.pk, one.name, True) for one in Team.objects.all()]
    return sorted(people, key=lambda one: plain(one.name)) + teams


def find(
    text: str,
    chosen: Collection[UUID] = (),
    member_ids: Collection[UUID] = (),
    team_ids: Collection[UUID] = (),
) -> list[dict[str, Any]]:
    """The mentions of a note, as they are kept.

    Found in the text, where `chosen` says who is meant of two with one name; or named by identifier.
    Raises `UnknownMention` for an identifier of nobody here.
    """
    if "@" not in text and not member_ids and not team_ids:
        return []
    known = [("member", one.pk, one.name) for one in Membership.objects.filter(is_active=True)]
    known += [("team", one.pk, one.name) for one in Team.objects.all()]
    found: dict[tuple[str, UUID], dict[str, Any]] = {}
    for kind, wanted, field in (("member", member_ids, "member_ids"), ("team", team_ids, "team_ids")):
        names = {pk: name for one, pk, name in known if one == kind}
        for pk in wanted:
            if pk not in names:
                raise UnknownMention(_("There is nobody with this identifier."), field)
            found[kind, pk] = {"kind": kind, "id": str(pk), "name": names[pk], "text": ""}
    for kind, pk, name, written in _written(text, known, chosen):
        found[kind, pk] = {"kind": kind, "id": str(pk), "name": name, "text": written}
    return list(found.values())[:MOST]


def _written(
    text: str, known: Iterable[tuple[str, UUID, str]], chosen: Collection[UUID]
) -> list[tuple[str, UUID, str, str]]:
    """Kind, id and name of everybody whose name follows an at sign, and how it is written there."""
    folded = plain(text)
    named: dict[str, list[tuple[str, UUID, str]]] = {}
    for one in known:
        named.setdefault(plain(one[2]), []).append(one)
    longest_first = sorted((name for name in named if name), key=len, reverse=True)
    found = []
    at = folded.find("@")
    while at >= 0:
        if at == 0 or not folded[at - 1].isalnum():
            match = next((name for name in longest_first if _stands(folded, at + 1, name)), None)
            meant = named[match] if match else []
            exactly = [one for one in meant if one[1] in chosen]
            written = text[at + 1 : at + 1 + len(match)] if match else ""
            found += [(*one, written) for one in exactly or meant]
        at = folded.find("@", at + 1)
    return found


def _stands(folded: str, at: int, name: str) -> bool:
    end = at + len(name)
    return folded.startswith(name, at) and not (end < len(folded) and folded[end].isalnum())


def tell(note: Message, conversation: Conversation, by: Actor) -> None:
    """Notify whom a note mentions, and mark in it who cannot see the conversation."""
    mentions = note.data.get("mentions", [])
    if not mentions:
        return
    teams = [UUID(one["id"]) for one in mentions if one["kind"] == "team"]
    links = list(TeamMember.objects.filter(team_id__in=teams).values_list("team_id", "membership_id"))
    asked = {UUID(one["id"]) for one in mentions if one["kind"] == "member"}
    asked |= {member for _team, member in links}
    asked.discard(by.membership_id or note.pk)
    members = list(Membership.objects.filter(pk__in=asked, is_active=True))
    seeing = notifications.who_see(conversation, members)
    blind = {str(one.pk) for one in members} - {str(one) for one in seeing}
    if blind:
        _mark(note, blind, links, members)
    notifications.tell(
        to=[one for one in members if one.pk in seeing],
        kind=Notification.Kind.MENTION,
        key=f"mention:{note.pk}",
        conversation=conversation,
        data={"who": by.label, "text": one_line(note.text, EXCERPT), "message": str(note.pk)},
    )


def _mark(
    note: Message, blind: set[str], links: list[tuple[UUID, UUID]], members: Iterable[Membership]
) -> None:
    """Note which mentions reach somebody who does not see the conversation, and what would change that."""
    narrowed = [one.pk for one in members if one.sees == Sees.TEAMS and str(one.pk) in blind]
    teams = TeamMember.objects.filter(membership_id__in=narrowed).values_list("membership_id", "team_id")
    of_member: dict[str, list[str]] = {}
    for member, team in teams:
        of_member.setdefault(str(member), []).append(str(team))
    of_team: dict[str, set[str]] = {}
    for team, member in links:
        of_team.setdefault(str(team), set()).add(str(member))
    for one in note.data["mentions"]:
        if one["kind"] == "member" and one["id"] in blind:
            one |= {"blind": True, "teams": of_member.get(one["id"], [])}
        elif one["kind"] == "team" and of_team.get(one["id"], set()) & blind:
            one |= {"blind": True, "teams": [one["id"]]}
    note.save(update_fields=["data"])
