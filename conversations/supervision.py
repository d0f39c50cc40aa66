"""What happens right now, for who answers for it: the load by person, team and channel, and their health.

Everything is counted from the open conversations and from small partial indexes, never from messages.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils import timezone

from conversations import queries
from conversations.actions.assignment import BY_HAND, strategies, waiting_queue
from conversations.models import Channel, Conversation, Delivery, Goal, InboundEvent
from conversations.reasons import shown
from conversations.workspace import presence
from tenants.actors import Actor
from tenants.models import Membership, Team, TeamMember, Tenant
from tenants.permissions import ROLES, Permission, Sees

WARN_BEFORE = timedelta(days=7)  # that a channel's token expires
SHOWN = 20  # of those who wait for somebody


@dataclass(slots=True)
class Load:
    """Open conversations of somebody or something."""

    open: int = 0
    waiting: int = 0
    unassigned: int = 0
    overdue: int = 0
    oldest: datetime | None = None

    def add(self, other: "Load") -> None:
        """Put another load on top."""
        self.open += other.open
        self.waiting += other.waiting
        self.unassigned += other.unassigned
        self.overdue += other.overdue
        known = [moment for moment in (self.oldest, other.oldest) if moment]
        self.oldest = min(known, default=None)


class AgentLoad(NamedTuple):
    """A member who answers."""

    id: UUID
    name: str
    load: Load
    capacity: int
    is_available: bool
    last_seen: datetime | None

    @property
    def is_full(self) -> bool:
        return self.load.open >= self.capacity

    @property
    def room(self) -> int:
        """What a full bar means."""
        return max(self.capacity, self.load.open, 1)


class TeamLoad(NamedTuple):
    """A team's queue."""

    id: UUID
    name: str
    load: Load


class ChannelHealth(NamedTuple):
    """A channel, what it carries and what is wrong with it."""

    channel: Channel
    load: Load
    pending: int
    failed_hour: int
    failed_day: int
    expiry: str  # of its token: "", soon or expired

    @property
    def problem(self) -> str:
        """Why nothing goes out, in the reader's language."""
        return shown(self.channel.problem)

    @property
    def state(self) -> str:
        """off, broken, warning or fine."""
        if not self.channel.is_active:
            return "off"
        if self.channel.problem or self.expiry == "expired":
            return "broken"
        return "warning" if self.expiry or self.failed_hour else "fine"


class Queued(NamedTuple):
    """A conversation that waits for somebody."""

    id: UUID
    customer: str
    channel_kind: str
    priority: int
    waiting_since: datetime | None


@dataclass(slots=True)
class Supervision:
    """Everything the page shows."""

    at: datetime
    total: Load = field(default_factory=Load)
    missed_today: int = 0
    agents: list[AgentLoad] = field(default_factory=list)
    teams: list[TeamLoad] = field(default_factory=list)
    channels: list[ChannelHealth] = field(default_factory=list)
    queue: list[Queued] = field(default_factory=list)
    assigns_itself: bool = False
    parked: int | None = None


def supervise(actor: Actor) -> Supervision:
    """What an actor may see of it, in a constant number of queries."""
    now = timezone.now()
    found = Supervision(now)
    loads = _loads(actor, now)
    by_agent, by_team, by_channel = (_by(loads, place) for place in range(3))
    for load in loads.values():
        found.total.add(load)
    found.missed_today = _missed_today(actor)
    found.agents = _agents(actor, by_agent)
    found.teams = [TeamLoad(team.pk, team.name, by_team[team.pk]) for team in _teams(actor)]
    found.channels = _channels(by_channel, now)
    tenant = Tenant.objects.get()
    found.assigns_itself = any(strategy not in BY_HAND for strategy in strategies(tenant).values())
    found.queue = _queue(actor)
    if actor.can(Permission.INBOUND_READ):
        parked = InboundEvent.objects.parked().order_by().values("pk")
        found.parked = parked[: queries.MOST_COUNTED].count()
    return found


Key = tuple[UUID | None, UUID | None, UUID]


def _loads(actor: Actor, now: datetime) -> dict[Key, Load]:
    """The open conversations by assignee, team and channel: one pass over the index of what is open."""
    rows = queries.visible_to(actor).filter(status=Conversation.Status.OPEN).order_by()
    rows = rows.values_list("assignee_id", "team_id", "channel_id").annotate(
        count=Count("pk"),
        waiting=Count("waiting_since"),
        oldest=Min("waiting_since"),
        overdue=Count("pk", filter=Q(due_at__lte=now)),
    )
    return {
        (assignee, team, channel): Load(count, waiting, 0 if assignee else count, overdue, oldest)
        for assignee, team, channel, count, waiting, oldest, overdue in rows
    }


def _by(loads: dict[Key, Load], place: int) -> dict[Any, Load]:
    found: dict[Any, Load] = defaultdict(Load)
    for key, load in loads.items():
        found[key[place]].add(load)
    return found


def _missed_today(actor: Actor) -> int:
    """Promises missed since midnight, in the zone of who looks."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    missed = Goal.objects.filter(missed_at__gte=midnight)
    if actor.sees != Sees.ALL:
        missed = missed.filter(conversation_id__in=queries.visible_to(actor).values("pk"))
    return int(missed.count())


def _agents(actor: Actor, loads: dict[Any, Load]) -> list[AgentLoad]:
    """Those who answer, of whom the actor may know: all, those of his teams, or himself."""
    answering = [role for role, may in ROLES.items() if Permission.CONVERSATIONS_WRITE in may]
    members = Membership.objects.filter(is_active=True, role__in=answering)
    if actor.sees == Sees.TEAMS:
        mates = TeamMember.objects.filter(team_id__any=actor.team_ids).values("membership_id")
        members = members.filter(Q(pk__in=mates) | Q(pk=actor.membership_id))
    elif actor.sees == Sees.OWN:
        members = members.filter(pk__in=filter(None, [actor.membership_id]))
    seen = presence.last_seen()
    rows = [
        AgentLoad(
            id=one.pk,
            name=one.name,
            load=loads.get(one.pk) or Load(),
            capacity=one.capacity,
            is_available=one.is_available,
            last_seen=seen.get(str(one.pk)),
        )
        for one in members
    ]
    return sorted(rows, key=lambda row: (not row.is_available, -row.load.open, row.name.casefold()))


def _teams(actor: Actor) -> list[Team]:
    teams = Team.objects.all()
    if actor.sees == Sees.ALL:
        return list(teams)
    return list(teams.filter(pk__any=actor.team_ids)) if actor.sees == Sees.TEAMS else []


def _channels(loads: dict[Any, Load], now: datetime) -> list[ChannelHealth]:
    failed = Delivery.objects.filter(status=Delivery.Status.FAILED, settled_at__gte=now - timedelta(days=1))
    last_hour = Q(settled_at__gte=now - timedelta(hours=1))
    rows = (
        failed.order_by()
        .values_list("channel_id")
        .annotate(day=Count("pk"), hour=Count("pk", filter=last_hour))
    )
    failures = {channel: (day, hour) for channel, day, hour in rows}
    waiting = Delivery.objects.filter(status=Delivery.Status.PENDING).order_by()
    pending = dict(waiting.values_list("channel_id").annotate(count=Count("pk")))
    return [
        ChannelHealth(
            channel=channel,
            load=loads.get(channel.pk) or Load(),
            pending=pending.get(channel.pk, 0),
            failed_hour=failures.get(channel.pk, (0, 0))[1],
            failed_day=failures.get(channel.pk, (0, 0))[0],
            expiry=token_state(channel, now),
        )
        for channel in Channel.objects.all()
    ]


def token_state(channel: Channel, now: datetime) -> str:
    """Whether a channel's token has expired, expires soon, or neither."""
    if channel.token_expires_at is None or channel.token_expires_at > now + WARN_BEFORE:
        return ""
    return "expired" if channel.token_expires_at <= now else "soon"


def _queue(actor: Actor) -> list[Queued]:
    """Those who wait for somebody, in the order in which they are given."""
    rows = waiting_queue().filter(waiting_since__isnull=False)
    if actor.sees != Sees.ALL:
        rows = rows.filter(pk__in=queries.visible_to(actor).values("pk"))
    return [
        Queued(one.pk, str(one.customer), one.channel.kind, one.priority, one.waiting_since)
        for one in rows.select_related("customer", "channel")[:SHOWN]
    ]
