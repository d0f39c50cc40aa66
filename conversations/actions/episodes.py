"""Opening and reopening: which episode a new message belongs to."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.models import Conversation, Episode
from conversations.signals import conversation_reopened
from tenants.db.prepared import prepared
from tenants.models import Tenant


def current_episode(conversation: Conversation) -> Episode:
    """The newest episode of a conversation. Raises `Episode.DoesNotExist`."""
    for episode in _newest(conversation=conversation.pk):
        return episode
    raise Episode.DoesNotExist


@prepared(Episode)
def _newest(*, conversation: UUID) -> QuerySet[Episode]:
    return Episode.objects.filter(conversation_id=conversation).order_by("-number")[:1]


def open_episode(conversation: Conversation, *, at: datetime | None = None) -> Episode:
    """Start the next episode. The conversation's row must be locked; saving it is the caller's."""
    conversation.episode_count += 1
    return Episode.objects.create(
        conversation=conversation, number=conversation.episode_count, opened_at=at or timezone.now()
    )


def sleeps_on(conversation: Conversation) -> bool:
    """Whether a conversation is put off until a moment, whatever the customer writes meanwhile."""
    return conversation.status == Conversation.Status.SNOOZED and not conversation.wakes_on_reply


def wake(conversation: Conversation, *, tenant: Tenant, at: datetime) -> Episode:
    """The episode for a message that arrives now: a closed conversation reopens within the business's
    window, and starts its next episode after it. Saving the conversation is the caller's.
    """
    episode = current_episode(conversation)
    if conversation.is_closed:
        assert conversation.closed_at is not None
        if at - conversation.closed_at <= timedelta(hours=tenant.reopen_hours):
            episode.closed_at = episode.closed_by = None
            episode.reopened_count += 1
            episode.save(update_fields=["closed_at", "closed_by", "reopened_count"])
            conversation_reopened.send(Conversation, conversation=conversation, episode=episode)
        else:
            episode = open_episode(conversation, at=at)
        conversation.closed_at = None
    conversation.status = Conversation.Status.OPEN
    conversation.snoozed_until = None
    conversation.wakes_on_reply = True
    return episode
