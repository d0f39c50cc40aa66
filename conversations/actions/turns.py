"""Who may speak, the bot or a person: one holder at a time, and a person's word always takes it.

The conversation's row is locked by the caller, who also saves it where nothing else is said.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from conversations.actions import bells
from conversations.channels.registry import adapter_for
from conversations.models import Bot, Channel, Conversation, Delivery, Episode, Message, Turn
from tenants.db.prepared import prepared

Holder, Why = Turn.Holder, Turn.Why
CHATS = frozenset({"web", "whatsapp", "telegram", "messenger", "instagram", "sms", "twilio_whatsapp"})
"""Kinds of channel on which the bot answers unless the business named others; not mail, not calls."""

REMEMBERED = ("language", "greeted", "said", "given", "facts", "asked")
"""Of `Dialogue`, what the bot still knows when it gets a conversation back."""


@prepared(Bot)
def _bots() -> QuerySet[Bot]:
    return Bot.objects.all()


def bot_of(channel: Channel) -> Bot | None:
    """The business's bot, where it is on and answers on a channel."""
    for bot in _bots():
        if bot.is_on and (channel.pk in bot.channel_ids if bot.channel_ids else channel.kind in CHATS):
            return bot if adapter_for(channel.kind).capabilities.text_limit else None
    return None


def begin(conversation: Conversation, episode: Episode, *, in_public: bool = False) -> None:
    """Give a new episode to the bot, where the business has one on that channel; else to people.

    What begins `in_public`, with a comment, is for people: the bot answers nobody there.
    """
    if not in_public and bot_of(conversation.way.channel):
        conversation.assignee = None  # who served him last is asked again when the bot hands over
        _hold(conversation, episode, Holder.BOT, Why.OPENED, at=episode.opened_at)
    elif conversation.with_bot:
        _hold(conversation, episode, Holder.PERSON, Why.OFF)


def hear(conversation: Conversation) -> None:
    """A message waits for the bot: note it, and ring for a worker after the commit."""
    now = timezone.now()
    waiting = Turn.objects.filter(conversation=conversation, holder=Holder.BOT, ended_at=None)
    if waiting.update(due_at=now, attempts=0):
        bells.think(conversation.pk)


def take(conversation: Conversation, episode: Episode, why: str) -> Turn | None:
    """A person has the turn from here on: what the bot has not sent yet is withdrawn. None if he had it."""
    if not conversation.with_bot:
        return None
    withdraw(conversation)
    return _hold(conversation, episode, Holder.PERSON, why)


def give_back(conversation: Conversation, episode: Episode) -> Turn:
    """The bot may speak again, since a person says so. It knows what it said and heard in the episode."""
    turn = _hold(conversation, episode, Holder.BOT, Why.GIVEN_BACK)
    turn.state = _remembered(conversation, episode)
    turn.save(update_fields=["state"])
    return turn


def _remembered(conversation: Conversation, episode: Episode) -> dict[str, Any]:
    """What of its last turn in an episode is still true; questions that were open then are not."""
    held = Turn.objects.filter(conversation=conversation, episode=episode, holder=Holder.BOT)
    before = held.exclude(ended_at=None).order_by("-id").values_list("state", flat=True).first() or {}
    kept = {name: before[name] for name in REMEMBERED if name in before}
    spoken = Message.objects.filter(
        conversation=conversation, episode=episode, author_kind=Message.Author.BOT
    )
    return {**kept, "greeted": True} if spoken.exists() else kept


def open_turn(conversation: Conversation) -> Turn | None:
    """Whose turn it is; None where there never was a bot."""
    turn: Turn | None = _open_turns(conversation).first()
    return turn


def withdraw(conversation: Conversation) -> int:
    """Take what the bot has not sent yet out of the outbox; returns how many."""
    waiting = Delivery.objects.filter(
        message__conversation=conversation,
        message__author_kind=Message.Author.BOT,
        status=Delivery.Status.PENDING,
    )
    return int(waiting.update(status=Delivery.Status.DISCARDED, settled_at=timezone.now(), lease_until=None))


def _hold(
    conversation: Conversation, episode: Episode, holder: str, why: str, *, at: datetime | None = None
) -> Turn:
    now = at or timezone.now()
    _open_turns(conversation).update(ended_at=now, due_at=None)
    conversation.with_bot = holder == Holder.BOT
    return Turn.objects.create(
        conversation=conversation, episode=episode, holder=holder, why=why, started_at=now
    )


def _open_turns(conversation: Conversation) -> QuerySet[Turn]:
    found: QuerySet[Turn] = Turn.objects.filter(conversation=conversation, ended_at=None)
    return found
