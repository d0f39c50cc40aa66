"""A person takes the turn from the bot, or gives it back. Who speaks takes it anyway: actions/turns.py."""

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions import turns
from conversations.actions.conversations import CannotChange, assign, record
from conversations.actions.episodes import current_episode
from conversations.actions.messages import lock
from conversations.models import Conversation, Turn
from tenants.actors import Actor

Status = Conversation.Status


@transaction.atomic
def take_over(*, conversation: Conversation, by: Actor) -> Conversation:
    """A person answers from here on; a member who says so gets the conversation. Harmless twice.

    Raises `CannotChange` for a closed one.
    """
    conversation = lock(conversation.pk)
    if conversation.is_closed:
        raise CannotChange(_("Reopen the conversation first."))
    free = conversation.with_bot or conversation.assignee_id is None
    if free and by.membership and conversation.assignee_id != by.membership.pk:
        return assign(conversation=conversation, to=by.membership, by=by)
    if turns.take(conversation, current_episode(conversation), Turn.Why.TAKEN):
        conversation.status, conversation.snoozed_until = Status.OPEN, None
        conversation.save(update_fields=["with_bot", "status", "snoozed_until"])
        record(conversation, "turn_taken", by)
    return conversation


@transaction.atomic
def give_back(*, conversation: Conversation, by: Actor) -> Conversation:
    """The bot answers from the customer's next message on. Harmless twice.

    Raises `CannotChange` for a closed one, and where no bot answers on that channel.
    """
    conversation = lock(conversation.pk)
    if conversation.with_bot:
        return conversation
    if conversation.is_closed:
        raise CannotChange(_("Reopen the conversation first."))
    if turns.bot_of(conversation.way.channel) is None:
        raise CannotChange(_("No bot answers on this channel. Switch it on in the settings first."))
    turns.give_back(conversation, current_episode(conversation))
    conversation.status, conversation.snoozed_until = Status.WAITING, None
    conversation.save(update_fields=["with_bot", "status", "snoozed_until"])
    record(conversation, "turn_given_back", by)
    return conversation
