"""To whom a hand-over goes: the team of its matter, then whoever served him last, else whose turn it is."""

from uuid import UUID

from conversations.actions.assignment import (
    BY_HAND,
    Choice,
    Takers,
    assign_in_turn,
    lock_turns,
    strategy_of,
    took_turn,
)
from conversations.bot.understand import Understanding
from conversations.models import Bot, Category, Conversation, Decision, Episode, Message, Turn
from tenants.models import Team, Tenant

BY_MATTER = "matter"
"""Why the bot put a conversation into a team's queue, as its line keeps it."""


def matter_of(turn: Turn, understood: Understanding | None, *, says_nothing: bool) -> str:
    """The category a hand-over is about: that of its message, or of what was asked before in the turn.

    `says_nothing` where the message only asks for a person, or cannot be read.
    """
    now = understood.category if understood else ""
    if now and not (says_nothing and now == Category.GENERAL):
        return now
    before = Decision.objects.filter(turn=turn).exclude(category__in=["", Category.GENERAL])
    return before.order_by("-id").values_list("category", flat=True).first() or now


def place(conversation: Conversation, episode: Episode, bot: Bot, matter: str) -> Team | None:
    """Put it into the queue of its matter's team, and return that; saving is the caller's.

    None where nothing changes: a person has it, nobody chose a team, or people moved it in this episode.
    """
    team = Team.objects.filter(pk=bot.teams[matter]).first() if bot.teams.get(matter) else None
    if team is None or conversation.assignee_id or conversation.team_id == team.pk:
        return None
    moves = Message.objects.filter(conversation=conversation, episode=episode, data__event="team_changed")
    if any(data.get("why") != BY_MATTER for data in moves.values_list("data", flat=True)):
        return None
    conversation.team = team
    return team


def give(conversation: Conversation, tenant: Tenant) -> Choice | None:
    """Who takes it, where the business wants it given; the caller saves and tells."""
    strategy = strategy_of(conversation, tenant)
    if conversation.assignee_id or strategy in BY_HAND:
        return None
    last = _served_last(conversation)
    if last is not None:
        lock_turns()
        if choice := Takers.now().again(last, conversation, strategy):
            return took_turn(conversation, choice)
    return assign_in_turn(conversation, tenant)


def _served_last(conversation: Conversation) -> UUID | None:
    """Whose answer to this customer, in any of his conversations, is the newest."""
    answers = Message.objects.filter(
        conversation__customer=conversation.customer_id,
        kind=Message.Kind.OUTBOUND,
        author_kind=Message.Author.MEMBER,
        author__isnull=False,
    )
    found: UUID | None = answers.order_by("-id").values_list("author_id", flat=True).first()
    return found
