"""Whose time runs in a conversation, and until when it is promised.

`keep` compares a conversation with what its clocks were last set by. It costs nothing while nothing
changed, and brings everything up to date where something did, whoever changed it: it may be called
after every change, and a call too many does no harm.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.actions import bells
from conversations.actions.episodes import current_episode
from conversations.models import Conversation, ConversationLabel, Episode, Goal, SlaPolicy
from crm.models import CustomerLabel
from tenants import hours
from tenants.db.prepared import prepared
from tenants.models import SpecialDay
from tenants.queries import own

Clock, Status, Target = Episode.Clock, Conversation.Status, Goal.Target
PAUSED = {Status.WAITING, Status.SNOOZED}
CLOSED = {Status.CLOSED, Status.MERGED}
SHOWN = ("clock_state", "due_at", "due_warns_at", "due_target")
WARNING = 0.25  # of the time promised: what is left when it becomes urgent


class Hours:
    """The business's hours, read when they are first needed."""

    @cached_property
    def calendar(self) -> hours.Calendar:
        return hours.calendar_of(own(), SpecialDay.objects.all())

    def between(self, start: datetime, end: datetime, around_the_clock: bool = False) -> int:
        """Seconds between two moments that count."""
        if around_the_clock:
            return max(int((end - start).total_seconds()), 0)
        return hours.open_seconds(self.calendar, start, end)

    def after(self, start: datetime, seconds: int, around_the_clock: bool) -> datetime | None:
        """When so many seconds have counted; None when the business never opens that long."""
        if around_the_clock:
            return start + timedelta(seconds=max(seconds, 0))
        return hours.after_open_seconds(self.calendar, start, seconds)


def clock_of(conversation: Conversation) -> str:
    """Whose time runs: one clock at a time, none while it is the customer's turn."""
    if conversation.status != Status.OPEN:
        return ""
    if conversation.with_bot:
        return Clock.BOT
    if conversation.assignee_id:
        return Clock.HUMAN
    return Clock.WAITING if conversation.waiting_since else ""


def keep(
    conversation: Conversation,
    *,
    rematch: bool = False,
    times: Hours | None = None,
    episode: Episode | None = None,
    saved: bool = True,
) -> None:
    """Bring clocks and promises up to what a conversation is now; its row is locked by the caller.

    `rematch` also asks again which policy holds, and computes by the hours as they are. `episode` spares
    reading the newest one. Without `saved` saving the conversation is the caller's.
    """
    state = _state(conversation)
    before = conversation.clock_state
    if state == before and not rematch:
        return
    if not conversation.episode_count:
        return
    now, times = timezone.now(), times or Hours()
    episode = episode or current_episode(conversation)
    turn_clock(episode, clock_of(conversation), now, times)
    running = _keep_goals(conversation, episode, now, times, rematch)
    conversation.clock_state = state
    _show_nearest(conversation, running)
    if saved:
        conversation.save(update_fields=SHOWN)
    if _holds_place(before) and not _holds_place(state):
        bells.assign_waiting()


def _state(conversation: Conversation) -> str:
    since = conversation.waiting_since.isoformat() if conversation.waiting_since else ""
    clock = clock_of(conversation)
    return f"{conversation.episode_count} {conversation.status} {clock or '-'} {since}"


def slept(conversation: Conversation) -> bool:
    """Whether a conversation was snoozed until now."""
    return f" {Status.SNOOZED} " in conversation.clock_state and conversation.status == Status.OPEN


def _holds_place(state: str) -> bool:
    """Whether a conversation in a state takes room of somebody."""
    return f" {Status.OPEN} {Clock.HUMAN} " in state


def _show_nearest(conversation: Conversation, running: list[Goal]) -> None:
    """Put the nearest promise where the queue finds it."""
    due = min((goal for goal in running if goal.due_at), key=lambda goal: goal.due_at, default=None)  # type: ignore[arg-type, return-value]
    conversation.due_at = due.due_at if due else None
    conversation.due_warns_at = _warns_at(due) if due else None
    conversation.due_target = due.target if due else ""


def _warns_at(goal: Goal) -> datetime:
    assert goal.due_at is not None
    return goal.due_at - timedelta(minutes=goal.minutes * WARNING)


# --- clocks ---


def turn_clock(episode: Episode, clock: str, now: datetime, times: Hours) -> None:
    """Stop the clock that runs, add what it counted, and start another ("" for none)."""
    if episode.clock == clock:
        return
    count_up(episode, now, times)
    episode.clock, episode.clock_since = clock, now if clock else None
    Episode.objects.filter(pk=episode.pk).update(
        clock=episode.clock,
        clock_since=episode.clock_since,
        **{name: getattr(episode, name) for name in COUNTED},
    )


COUNTED = [f"{clock}_{unit}" for clock in Clock.values for unit in ("seconds", "elapsed")]


def count_up(episode: Episode, now: datetime, times: Hours) -> None:
    """Add to the running clock what has passed by now; saving is the caller's."""
    if not episode.clock or episode.clock_since is None:
        return
    open_name, wall_name = f"{episode.clock}_seconds", f"{episode.clock}_elapsed"
    wall = times.between(episode.clock_since, now, around_the_clock=True)
    setattr(episode, wall_name, getattr(episode, wall_name) + wall)
    setattr(episode, open_name, getattr(episode, open_name) + times.between(episode.clock_since, now))


# --- promises ---


def _keep_goals(
    conversation: Conversation, episode: Episode, now: datetime, times: Hours, rematch: bool
) -> list[Goal]:
    """Start, pause, resume and settle; returns what runs or is paused afterwards."""
    known = {goal.target: goal for goal in Goal.objects.running().filter(conversation=conversation)}
    wanted = _wanted(conversation, episode)
    for target in set(known) - set(wanted):
        _settle(known.pop(target), conversation, episode, now, times)
    policy = None
    if rematch or set(wanted) - set(known):
        policy = policy_for(conversation)
    if rematch:
        for target in list(known):
            if not _by_policy(known[target], policy):
                del known[target]
    for target, since in wanted.items():
        if policy and target not in known and (minutes := policy.minutes_for(target)):
            known[target] = _begin(conversation, episode, policy, target, minutes, since)
    for goal in known.values():
        _pace(goal, conversation.status in PAUSED, now, times, rematch)
    return list(known.values())


def _wanted(conversation: Conversation, episode: Episode) -> dict[str, datetime]:
    """What has to be promised in the state a conversation is in, and since when."""
    if conversation.status in CLOSED:
        return {}
    wanted: dict[str, datetime] = {Target.RESOLUTION: episode.opened_at}
    if conversation.waiting_since and not conversation.with_bot:
        answered = episode.first_answer_at is not None
        wanted[Target.NEXT if answered else Target.FIRST] = conversation.waiting_since
    return wanted


def _begin(
    conversation: Conversation,
    episode: Episode,
    policy: SlaPolicy,
    target: str,
    minutes: int,
    since: datetime,
) -> Goal:
    """A new promise; that of an episode open again goes on."""
    goal: Goal | None = None
    if target == Target.RESOLUTION and episode.reopened_count:
        goal = Goal.objects.filter(episode=episode, target=target).order_by("-id").first()
    if goal is None:
        goal = Goal(conversation=conversation, episode=episode, target=target, started_at=since)
        goal.resumed_at = since
    goal.policy, goal.minutes, goal.around_the_clock = policy, minutes, policy.around_the_clock
    goal.settled_at = None
    return goal


def _by_policy(goal: Goal, policy: SlaPolicy | None) -> bool:
    """Let a promise follow the policy that holds now; False where it promises nothing any more."""
    minutes = policy.minutes_for(goal.target) if policy else None
    if policy is None or minutes is None:
        goal.delete()
        return False
    goal.policy, goal.minutes, goal.around_the_clock = policy, minutes, policy.around_the_clock
    return True


def _pace(goal: Goal, is_paused: bool, now: datetime, times: Hours, again: bool) -> None:
    """Pause or resume a promise, and say when it is due."""
    before = (goal.resumed_at, goal.due_at, goal.pk if goal._state.adding else None)
    if is_paused and goal.resumed_at:
        goal.spent += times.between(goal.resumed_at, now, goal.around_the_clock)
        goal.resumed_at = goal.due_at = None
    elif not is_paused and (goal.resumed_at is None or goal.due_at is None or again):
        goal.resumed_at = goal.resumed_at or now
        left = goal.minutes * 60 - goal.spent
        goal.due_at = times.after(goal.resumed_at, left, goal.around_the_clock)
        if goal.missed_at and not again:
            goal.due_at = goal.missed_at
        elif goal.missed_at and (goal.due_at is None or goal.due_at > now):
            goal.missed_at = None  # by the hours as they are now it is not late
    if again or goal._state.adding or before[:2] != (goal.resumed_at, goal.due_at):
        goal.save()


def _settle(goal: Goal, conversation: Conversation, episode: Episode, now: datetime, times: Hours) -> None:
    """Kept, or missed; what nobody had to keep in the end and was not late is forgotten."""
    answered = conversation.waiting_since is None and conversation.status != Status.CLOSED
    if goal.target != Target.RESOLUTION and not answered and not goal.missed_at:
        goal.delete()
        return
    if goal.due_at and goal.due_at < now:
        goal.missed_at = goal.missed_at or goal.due_at
    if goal.resumed_at:
        goal.spent += times.between(goal.resumed_at, now, goal.around_the_clock)
    goal.settled_at, goal.resumed_at, goal.due_at = now, None, None
    goal.save()


# --- which policy ---


@prepared(SlaPolicy)
def _policies() -> QuerySet[SlaPolicy]:
    return SlaPolicy.objects.filter(is_active=True)


def policy_for(conversation: Conversation) -> SlaPolicy | None:
    """The first of the business's policies that fits a conversation."""
    policies = _policies()
    labels: set[UUID] = set()
    if any(policy.label_id for policy in policies):
        links: Any = ConversationLabel.objects.filter(conversation_id=conversation.pk)
        theirs: Any = CustomerLabel.objects.filter(customer_id=conversation.customer_id)
        labels = set(
            links.values_list("label_id", flat=True).union(theirs.values_list("label_id", flat=True))
        )
    return next((policy for policy in policies if _fits(policy, conversation, labels)), None)


def _fits(policy: SlaPolicy, conversation: Conversation, labels: set[UUID]) -> bool:
    narrowed = policy.narrowed_by.split()
    return not (
        (policy.channel_kind and policy.channel_kind != conversation.channel.kind)
        or ("team" in narrowed and (policy.team_id is None or policy.team_id != conversation.team_id))
        or ("label" in narrowed and policy.label_id not in labels)
        or (policy.priority is not None and conversation.priority < policy.priority)
    )
