"""Who gets a conversation next: in turn, by load or by what people know, within what they may decide.

Turns are taken one at a time in a business, so that two conversations go to two people and nobody gets
more than fits. What nobody has room for waits, and is given late, the most urgent and oldest first.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from conversations.actions import bells
from conversations.models import Conversation, ConversationLabel, Decision, WorkProfile
from crm.models import Customer, Label, Order
from tenants.models import Membership, Team, TeamMember, Tenant
from tenants.permissions import Role
from tenants.scoping import current_tenant_id

Strategy = Tenant.Assignment
BY_HAND = ("", Strategy.MANUAL)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MOST_LATE = 200  # conversations looked at in one round of late assignment


class Choice(NamedTuple):
    """Who gets it, and why: words that feed.py puts into the reader's language."""

    member: Membership
    why: list[str]

    @property
    def name(self) -> str:
        return self.member.name


class Wanted(NamedTuple):
    """What a conversation asks of whoever gets it."""

    language: str
    channel_kind: str
    labels: dict[str, str]  # name by id
    priority: int
    amount: Decimal | None


@dataclass
class Takers:
    """Those who could take something, as they stand at one moment."""

    members: list[Membership]
    loads: Counter[UUID] = field(default_factory=Counter)
    profiles: dict[UUID, WorkProfile] = field(default_factory=dict)
    teams: dict[UUID, set[UUID]] = field(default_factory=dict)

    @classmethod
    def now(cls) -> "Takers":
        """Read who is here, what he holds and what he takes: four queries."""
        roles = [Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.OWNER]
        members = list(Membership.objects.filter(is_active=True, is_available=True, role__in=roles))
        loads = Conversation.objects.filter(status=Conversation.Status.OPEN, assignee__isnull=False)
        rows = loads.values_list("assignee_id").annotate(load=Count("id"))
        teams: dict[UUID, set[UUID]] = {}
        for team, member in TeamMember.objects.values_list("team_id", "membership_id"):
            teams.setdefault(member, set()).add(team)
        profiles = {profile.membership_id: profile for profile in WorkProfile.objects.all()}
        return cls(members, Counter(dict(rows)), profiles, teams)

    def profile(self, member: Membership) -> WorkProfile:
        """What a member takes; everything where nothing was said."""
        return self.profiles.get(member.pk) or WorkProfile(membership=member)

    def has_room(self, member: Membership) -> bool:
        return self.loads[member.pk] < member.capacity

    def share(self, member: Membership) -> float:
        """How much a member holds, measured by his share."""
        return self.loads[member.pk] * 100 / self.profile(member).weight

    def of(self, team_id: UUID | None) -> list[Membership]:
        """Those who take from a team's queue, or from that of no team; owners only take in teams."""
        if team_id:
            return [member for member in self.members if team_id in self.teams.get(member.pk, ())]
        bosses = {Role.ADMIN, Role.OWNER}
        return [member for member in self.members if member.role not in bosses or member.pk in self.teams]

    def has_anyone_for(self, team_id: UUID | None) -> bool:
        """Whether somebody is here who answers for a team, or at all where there is none."""
        return bool(self.of(team_id) if team_id else self.members)

    def again(self, member_id: UUID, conversation: Conversation, strategy: str) -> Choice | None:
        """Whoever served a customer last, where he may take him now and speaks his language."""
        wanted = self._wanted(conversation, with_language=True)
        for member in self._free(conversation, wanted):
            profile = self.profile(member)
            able = skills_for(profile, wanted) is not None if strategy == Strategy.SKILLS else True
            if member.pk == member_id and able and speaks(profile, wanted):
                return Choice(member, ["knows"])
        return None

    @cached_property
    def has_languages(self) -> bool:
        return any(profile.languages for profile in self.profiles.values())

    @cached_property
    def has_amounts(self) -> bool:
        return any(profile.most_amount is not None for profile in self.profiles.values())

    def pick(self, conversation: Conversation, strategy: str) -> Choice | None:
        """Who gets a conversation by a strategy, None while nobody can."""
        wanted = self._wanted(conversation, with_language=strategy == Strategy.SKILLS)
        free = self._free(conversation, wanted)
        if strategy == Strategy.SKILLS:
            return self._by_skills(free, wanted)
        if not free:
            return None
        if strategy == Strategy.LOAD:
            return Choice(min(free, key=lambda one: (self.share(one), _last_turn(one), one.pk)), ["load"])
        return Choice(min(free, key=lambda one: (_last_turn(one), one.pk)), ["turn"])

    def _wanted(self, conversation: Conversation, *, with_language: bool) -> Wanted:
        """What it asks for of that which tells these people apart."""
        with_language = with_language and self.has_languages
        return wanted_by(conversation, with_amount=self.has_amounts, with_language=with_language)

    def _free(self, conversation: Conversation, wanted: Wanted) -> list[Membership]:
        """Those who have room for it, may decide it and did not put it back."""
        return [
            member
            for member in self.of(conversation.team_id)
            if self.has_room(member)
            and member.pk != conversation.declined_by_id
            and _may_decide(self.profile(member), wanted)
        ]

    def _by_skills(self, free: list[Membership], wanted: Wanted) -> Choice | None:
        known = [(member, skills_for(self.profile(member), wanted)) for member in free]
        able = [(member, skills) for member, skills in known if skills is not None]
        if not able:
            return None
        best, skills = min(
            able, key=lambda one: (-len(one[1]), self.share(one[0]), _last_turn(one[0]), one[0].pk)
        )
        return Choice(best, [*skills, "load"])


def _last_turn(member: Membership) -> datetime:
    return member.last_assigned_at or LONG_AGO


def _may_decide(profile: WorkProfile, wanted: Wanted) -> bool:
    """Whether a conversation is within what a member may decide."""
    if wanted.priority > profile.most_priority:
        return False
    return profile.most_amount is None or wanted.amount is None or wanted.amount <= profile.most_amount


def speaks(profile: WorkProfile, wanted: Wanted) -> bool:
    """Whether a member answers in the language of a conversation: who named none answers in all."""
    named = {str(one).partition("-")[0] for one in profile.languages}
    return not named or not wanted.language or wanted.language in named


def skills_for(profile: WorkProfile, wanted: Wanted) -> list[str] | None:
    """Which of his skills a conversation asks for; None when it asks for one that he lacks.

    Who named no languages, channels or topics takes all of them, after those who know.
    """
    if not speaks(profile, wanted):
        return None
    found = [f"language:{wanted.language}"] if profile.languages and wanted.language else []
    if profile.channel_kinds:
        if wanted.channel_kind not in profile.channel_kinds:
            return None
        found.append(f"channel:{wanted.channel_kind}")
    if profile.label_ids and wanted.labels:
        shared = [name for id_, name in wanted.labels.items() if id_ in profile.label_ids]
        if not shared:
            return None
        found += [f"label:{name}" for name in shared]
    return found


def wanted_by(conversation: Conversation, *, with_amount: bool = True, with_language: bool = True) -> Wanted:
    """What a conversation asks of whoever gets it. Topics are its labels that somebody may know."""
    links = ConversationLabel.objects.filter(conversation_id=conversation.pk).values("label_id")
    labels = Label.objects.filter(pk__in=links).order_by("name")
    orders = Order.objects.filter(customer_id=conversation.customer_id).order_by("-placed_at")
    latest = orders.values_list("total", flat=True).first() if with_amount else None
    return Wanted(
        language=_language_of(conversation) if with_language else "",
        channel_kind=conversation.channel.kind,
        labels={str(label.pk): label.name for label in labels},
        priority=conversation.priority,
        amount=latest,
    )


def _language_of(conversation: Conversation) -> str:
    """The language the bot heard last, else the one that is known of the customer."""
    heard = Decision.objects.filter(conversation_id=conversation.pk).exclude(language="").order_by("-id")
    known = Customer.objects.filter(pk=conversation.customer_id).values_list("language", flat=True)
    code = heard.values_list("language", flat=True).first() or known.first() or ""
    return str(code).partition("-")[0]


def strategies(tenant: Tenant) -> dict[UUID | None, str]:
    """How each team's conversations are assigned; None stands for those of no team and of other teams."""
    own = Team.objects.exclude(assignment="").values_list("pk", "assignment")
    return {None: tenant.assignment, **dict(own)}


def strategy_of(conversation: Conversation, tenant: Tenant) -> str:
    """How a conversation is assigned: as its team wants it, else as the business does."""
    if conversation.team_id:
        own = Team.objects.filter(pk=conversation.team_id).values_list("assignment", flat=True).first()
        return own or tenant.assignment
    return tenant.assignment


def lock_turns() -> None:
    """Hold turns still until the transaction ends. Lock the conversation first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"turns:{current_tenant_id()}"]
        )


def assign_in_turn(conversation: Conversation, tenant: Tenant, *, late: bool = False) -> Choice | None:
    """Give an unassigned conversation to whose turn it is, where the business wants it so.

    A newcomer waits behind those who wait already, unless `late` says that its turn has come. The
    conversation is locked by the caller, who saves it and tells.
    """
    if conversation.assignee_id or conversation.with_bot:
        return None
    strategy = strategy_of(conversation, tenant)
    if strategy in BY_HAND:
        return None
    if not late and _others_wait(conversation):
        bells.assign_waiting()
        return None
    lock_turns()
    choice = Takers.now().pick(conversation, strategy)
    return took_turn(conversation, choice) if choice else None


def took_turn(conversation: Conversation, choice: Choice) -> Choice:
    """Give it to who was chosen; saving the conversation is the caller's. Turns are held by him."""
    Membership.objects.filter(pk=choice.member.pk).update(last_assigned_at=timezone.now())
    conversation.assignee, conversation.declined_by = choice.member, None
    return choice


def _others_wait(conversation: Conversation) -> bool:
    """Whether somebody waits in the same queue who is as urgent and was there before."""
    if conversation.waiting_since is None:
        return False
    team = Q(team_id=conversation.team_id) if conversation.team_id else Q(team=None)
    others = waiting_queue().filter(team).exclude(pk=conversation.pk)
    ahead = Q(priority=conversation.priority, waiting_since__lt=conversation.waiting_since)
    return bool(others.filter(Q(priority__gt=conversation.priority) | ahead).exists())


def waiting_queue() -> QuerySet[Conversation]:
    """What waits for somebody to have room, in the order in which it is given."""
    rows: QuerySet[Conversation] = Conversation.objects.filter(
        status=Conversation.Status.OPEN, assignee=None, with_bot=False
    )
    return rows.order_by("-priority", F("waiting_since").asc(), "id")


def place_in_queue(conversation: Conversation, tenant: Tenant, most: int = 100) -> int | None:
    """At which place a conversation waits for somebody to have room (at most `most`), None if it does not."""
    if conversation.status != Conversation.Status.OPEN or conversation.assignee_id or conversation.with_bot:
        return None
    if conversation.waiting_since is None or strategy_of(conversation, tenant) in BY_HAND:
        return None
    same = Q(priority=conversation.priority, waiting_since__lt=conversation.waiting_since)
    ahead = waiting_queue().filter(Q(priority__gt=conversation.priority) | same)
    return ahead.order_by().values("pk")[:most].count() + 1


def could_be_given(tenant: Tenant) -> list[UUID]:
    """Those waiting of whom one may hope that somebody takes them now, in their order.

    A look without locks: whoever gives them away asks again.
    """
    by_team = strategies(tenant)
    if all(strategy in BY_HAND for strategy in by_team.values()):
        return []
    takers = Takers.now()
    if not any(takers.has_room(member) for member in takers.members):
        return []
    found: list[UUID] = []
    for conversation in waiting_queue().select_related("channel")[:MOST_LATE]:
        if not any(takers.has_room(member) for member in takers.members):
            break
        strategy = by_team.get(conversation.team_id) or by_team[None]
        choice = None if strategy in BY_HAND else takers.pick(conversation, strategy)
        if choice:
            takers.loads[choice.member.pk] += 1
            choice.member.last_assigned_at = timezone.now()
            found.append(conversation.pk)
    return found


def told(choice: Choice) -> dict[str, Any]:
    """What the line in the conversation keeps of a choice."""
    return {"to": choice.name, "why": choice.why}
