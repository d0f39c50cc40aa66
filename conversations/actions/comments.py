"""Public comments: answered below the post or privately, hidden, and high in the queue if they complain."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import lexicon
from conversations.actions import promises, turns
from conversations.actions.content import CannotSend
from conversations.actions.episodes import current_episode, wake
from conversations.actions.messages import (
    TEXT_LIMIT,
    add_event,
    announce,
    hand_to_outbox,
    lock,
    outgoing,
    remember,
    sent_before,
    show_last,
)
from conversations.actions.sendable import check_way
from conversations.channels.base import Capabilities
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Delivery, Episode, Message, Turn
from crm.models import Purpose, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import clean
from tenants.models import Tenant

PUBLIC, PRIVATE = "public", "private"
PUBLIC_LIMIT = 2_200  # characters
PRIVATE_FOR = timedelta(days=7)


@transaction.atomic
def answer_comment(
    *, comment: Message, text: str, mode: str, by: Actor, client_id: UUID | None = None
) -> Message:
    """Answer a public comment below it, or once with a private message to who wrote it.

    The same `client_id` again returns the first answer. Raises `CannotSend` where it cannot be done.
    """
    conversation = lock(comment.conversation_id)
    again = sent_before(conversation, client_id, Message.Kind.OUTBOUND)
    if again:
        return again
    can = _check(comment)
    text = clean(text, TEXT_LIMIT).strip()
    _check_text(text, mode, can)
    if mode == PRIVATE:
        _check_private(comment)
    now = timezone.now()
    episode = wake(conversation, tenant=Tenant.objects.get(), at=now)
    asked = comment.data["comment"]
    message = outgoing(
        conversation,
        episode,
        text,
        by,
        client_id=client_id,
        created_at=now,
        data={"kind": "comment", "comment": {**asked, "mode": mode}, "reply_to": comment.provider_id},
    )
    _send_by(comment, message)
    turns.take(conversation, episode, Turn.Why.SPOKE)
    promises.keep_answer(conversation)
    if episode.first_answer_at is None:
        Episode.objects.filter(pk=episode.pk).update(first_answer_at=now)
    conversation.status = Conversation.Status.WAITING
    conversation.waiting_since = None
    if conversation.assignee_id is None and by.membership:
        conversation.assignee = by.membership
    show_last(conversation, message)
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_OUT, comment.home.channel.kind)
    announce(conversation, message)
    return message


def _check(comment: Message) -> Capabilities:
    """What the comment's channel can do. Raises `CannotSend` for what is no comment, or goes out nowhere."""
    can = adapter_for(comment.home.channel.kind).capabilities
    if not is_comment(comment) or not can.comments:
        raise CannotSend(_("This message is no public comment."))
    if "removed" in comment.data:
        raise CannotSend(_("The comment was deleted by who wrote it."))
    check_way(comment.home, can)
    return can


def is_comment(message: Message) -> bool:
    """Whether a customer said it in public."""
    return message.is_from_customer and message.data.get("kind") == "comment"


def _check_text(text: str, mode: str, can: Capabilities) -> None:
    if mode not in {PUBLIC, PRIVATE}:
        raise CannotSend(_("Choose whether everybody sees the answer."), "mode")
    if not text:
        raise CannotSend(_("Write something first."), "text")
    limit = PUBLIC_LIMIT if mode == PUBLIC else can.text_limit
    if len(text) > limit:
        said = _("Shorten the text: this channel takes %(limit)s characters.") % {"limit": limit}
        raise CannotSend(said, "text")


def _check_private(comment: Message) -> None:
    """The vendors let one private answer go to a comment, within seven days."""
    if (comment.provider_at or comment.created_at) + PRIVATE_FOR < timezone.now():
        raise CannotSend(_("A private answer goes within seven days of the comment."), "mode")
    answers = Message.objects.filter(
        conversation_id=comment.conversation_id,
        kind=Message.Kind.OUTBOUND,
        id__gt=comment.pk,
        data__comment__mode=PRIVATE,
        data__comment__id=comment.data["comment"].get("id"),
    )
    if answers.exclude(deliveries__status=Delivery.Status.FAILED).exists():
        raise CannotSend(_("This comment had its private answer already."), "mode")


def _send_by(comment: Message, message: Message) -> None:
    """It goes out as the comment came in, whatever conversation it stands in now."""
    if message.came_by_id != comment.came_by_id:
        message.came_by = comment.came_by
        message.save(update_fields=["came_by"])
    hand_to_outbox(message, message.conversation, purpose=Purpose.SERVICE)


@transaction.atomic
def hide_comment(*, comment: Message, hidden: bool, by: Actor) -> Message:
    """Let nobody but its writer and his friends see a comment, or everybody again.

    One that is so already stays. Raises `CannotSend` where it cannot be done.
    """
    conversation = lock(comment.conversation_id)
    comment = Message.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    _check(comment)
    told = comment.data["comment"]
    if bool(told.get("hidden")) == hidden:
        return comment
    comment.data = {**comment.data, "comment": {**told, "hidden": hidden}}
    comment.save(update_fields=["data"])
    what = "comment_hidden" if hidden else "comment_shown"
    order = {"id": told.get("id"), "mode": "hide" if hidden else "show"}
    line = outgoing(
        conversation,
        current_episode(conversation),
        "",
        by,
        kind=Message.Kind.EVENT,
        data={"event": what, "comment": order},
    )
    _send_by(comment, line)
    audit.record(f"conversation.{what}", target=conversation, by=by)
    announce(conversation, line)
    announce(conversation, comment)
    return comment


def weigh(message: Message) -> bool:
    """Let a public comment that complains rise in the queue; returns whether it does."""
    conversation = message.conversation
    high = Conversation.Priority.HIGH
    if not is_comment(message) or not lexicon.sounds_like_complaint(message.text):
        return False
    if conversation.priority >= high:
        return False
    conversation.priority = high
    conversation.save(update_fields=["priority"])
    add_event(conversation, "complaint_raised", Actor.system(), priority=int(high))
    return True
