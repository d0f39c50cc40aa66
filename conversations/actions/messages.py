"""Messages in and out, notes and events: everything that appears in a conversation."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import consent, windows
from conversations.actions import bells, promises, suggestions, turns
from conversations.actions.assignment import assign_in_turn, told
from conversations.actions.channel_signs import note_sent
from conversations.actions.clocks import keep, slept
from conversations.actions.content import CannotSend
from conversations.actions.episodes import current_episode, wake
from conversations.actions.placing import id_in_order
from conversations.actions.sendable import check_consent, check_sendable
from conversations.actions.senders import place
from conversations.actions.threads import remember_references
from conversations.channels.base import File, InboundMessage, Media
from conversations.channels.registry import adapter_for
from conversations.models import (
    Attachment,
    Channel,
    Conversation,
    Delivery,
    Draft,
    Episode,
    Message,
    Turn,
)
from conversations.signals import line_added, message_received, note_added
from crm import likeness, timeline
from crm.models import Customer, Purpose, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit import events, filetypes
from tenants.kit.text import clean, one_line
from tenants.models import Tenant
from tenants.queries import own
from tenants.refusals import Conflicting

TEXT_LIMIT = 200_000  # characters kept of any one message
EXCERPT = 200  # characters of a message shown in the history


class AnsweredMeanwhile(Conflicting):
    """A colleague answered after the sender had last looked."""

    def __init__(self, message: Message) -> None:
        super().__init__(_("%(name)s answered meanwhile.") % {"name": message.author_label}, "seen")
        self.message = message


@transaction.atomic(savepoint=False)
def receive(*, channel: Channel, item: InboundMessage) -> Message:
    """A customer's message: find who and where it belongs, keep it, tell everyone.

    Raises `InvalidIdentity` for a sender whose address is none.
    """
    tenant = own()
    customer, conversation, episode, now = place(channel=channel, item=item, tenant=tenant)
    is_new = episode.opened_at == now
    if item.album and (begun := _begun_album(conversation, item)):
        return _add_to_album(begun, conversation, item)
    in_order = not adapter_for(channel.kind).capabilities.fetches
    message = Message.objects.create(
        id=id_in_order(conversation, item.provider_at if in_order else None),
        conversation=conversation,
        came_by=conversation.leg,
        episode=episode,
        kind=Message.Kind.INBOUND,
        author_kind=Message.Author.CUSTOMER,
        author_label=one_line(item.name or customer.name, 150),
        text=clean(item.text, TEXT_LIMIT),
        quoted=clean(item.quoted, TEXT_LIMIT),
        html=item.html,
        subject=one_line(item.subject, 250),
        data=item.data | ({"album": item.album} if item.album else {}),
        client_id=item.client_id,
        provider_id=item.provider_id[:255],
        provider_at=item.provider_at,
        created_at=now,
        has_attachments=bool(item.files or item.media),
    )
    attach(message, item.files)
    expect(message, item.media)
    remember_references(conversation.leg or conversation, item.references)
    conversation.waiting_since = conversation.waiting_since or now
    conversation.last_inbound_at = now
    way = conversation.leg or conversation
    in_public = item.data.get("kind") == "comment"
    if in_public:  # what is said there opens no window
        way.window_ends_at = way.window_ends_at or now
    else:
        can = adapter_for(channel.kind).capabilities
        way.window_ends_at = windows.after(can, item.provider_at, way.window_ends_at)
    if conversation.leg:
        way.last_inbound_at = now
        way.save(update_fields=["window_ends_at", "last_inbound_at"])
    if is_new:
        turns.begin(conversation, episode, in_public=in_public)
    assigned, was_asleep = assign_in_turn(conversation, tenant), slept(conversation)
    keep(conversation, episode=episode, saved=False)
    show_last(conversation, message)
    if was_asleep:
        add_event(conversation, "woken", Actor.system(), why="reply")
    if assigned:
        add_event(conversation, "assigned", Actor.system(), **told(assigned))
        audit.record("conversation.assigned", target=conversation, by=Actor.system(), to=assigned.name)
    Customer.objects.filter(pk=customer.pk).update(last_contact_at=now, last_contact_channel=channel.kind)
    if not customer.last_contact_channel:
        likeness.look(customer, message.text)
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_IN, channel.kind)
    heard = message_received.send(Message, message=message)
    announce(conversation, message)
    is_read_elsewhere = any(answer is True for _receiver, answer in heard)
    if conversation.with_bot and not in_public and not is_read_elsewhere:
        turns.hear(conversation)
    return message


def _begun_album(conversation: Conversation, item: InboundMessage) -> Message | None:
    """The message that an earlier file of the same album began; its sender is locked."""
    theirs = Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND)
    begun: Message | None = theirs.filter(data__album=item.album).order_by("id").first()
    return begun


def _add_to_album(message: Message, conversation: Conversation, item: InboundMessage) -> Message:
    """One more file of a message; the caption may come with any of them."""
    attach(message, item.files)
    expect(message, item.media)
    message.text = "\n".join(filter(None, [message.text, clean(item.text, TEXT_LIMIT)]))
    message.has_attachments = True
    message.save(update_fields=["text", "has_attachments"])
    show_last(conversation, message)
    announce(conversation, message)
    return message


def attach(message: Message, files: Iterable[File]) -> None:
    """Keep the files of a message."""
    for file in files:
        attachment = Attachment(
            message=message,
            name=one_line(file.name, 200) or _("file"),
            content_type=filetypes.settled(file.content_type, file.content[: filetypes.HEAD]),
            size=len(file.content),
            content_id=file.content_id[:255],
            is_inline=file.is_inline,
        )
        is_picture = attachment.content_type in filetypes.PICTURES
        attachment.due_at = timezone.now() if is_picture else None  # for its thumbnail
        attachment.file.save(attachment.name, ContentFile(file.content), save=False)
        attachment.save()
        if is_picture:
            bells.fetch_media(attachment.pk)


def expect(message: Message, media: Iterable[Media]) -> None:
    """Note the files of a message that are still at the vendor; a worker fetches them."""
    for one in media:
        attachment = Attachment.objects.create(
            message=message,
            state=Attachment.State.WAITING,
            reference=one.reference,
            name=one_line(one.name, 200) or _("file"),
            content_type=one.content_type[:100],
            size=one.size,
            due_at=timezone.now(),
        )
        bells.fetch_media(attachment.pk)


def lock(conversation_id: UUID) -> Conversation:
    """The conversation's row, locked until the transaction ends: one writer at a time."""
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)


@transaction.atomic
def send_reply(
    *,
    conversation: Conversation,
    text: str,
    by: Actor,
    client_id: UUID | None = None,
    files: Iterable[File] = (),
    seen: UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> Message:
    """Answer the customer. The same `client_id` again returns the first message.

    `data` is what is more than text: what `content.checked` takes, or `template` {id, values}, whose text
    goes in place of `text`. `seen` is the newest message the sender had on screen: raises
    `AnsweredMeanwhile` when a colleague has answered since. Raises `CannotSend` with a sentence when the
    channel does not take it.
    """
    conversation = lock(conversation.pk)
    again = sent_before(conversation, client_id, Message.Kind.OUTBOUND)
    if again:
        return again
    files = list(files)
    text = clean(text, TEXT_LIMIT).strip()
    text, kept = check_sendable(conversation.way, text, files, by=by, data=data)
    if seen:
        _check_unanswered(conversation, by, seen)
    now = timezone.now()
    episode = wake(conversation, tenant=Tenant.objects.get(), at=now)
    message = outgoing(
        conversation,
        episode,
        text,
        by,
        client_id=client_id,
        has_attachments=bool(files),
        created_at=now,
        data=kept,
    )
    turns.take(conversation, episode, Turn.Why.SPOKE)
    promises.keep_answer(conversation)
    hand_to_outbox(message, conversation, purpose=consent.purpose_of(kept))
    suggestions.settle(conversation, message, by)
    attach(message, files)
    if episode.first_answer_at is None:
        Episode.objects.filter(pk=episode.pk).update(first_answer_at=now)
    conversation.status = Conversation.Status.WAITING
    conversation.waiting_since = None
    if conversation.assignee_id is None and by.membership:
        conversation.assignee = by.membership
    show_last(conversation, message)
    if by.membership:
        Draft.objects.filter(conversation=conversation, membership=by.membership).delete()
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_OUT, conversation.way.channel.kind)
    announce(conversation, message)
    return message


def sent_before(conversation: Conversation, client_id: UUID | None, kind: str) -> Message | None:
    """The message of an earlier send with this `client_id`. Raises `Conflicting` for one of another kind."""
    if client_id is None:
        return None
    first: Message | None = Message.objects.filter(conversation=conversation, client_id=client_id).first()
    if first and first.kind != kind:
        raise Conflicting(_("This client_id belongs to another message."), "client_id")
    return first


def _check_unanswered(conversation: Conversation, by: Actor, seen: UUID) -> None:
    newer = Message.objects.filter(conversation=conversation, kind=Message.Kind.OUTBOUND, id__gt=seen)
    theirs = newer.exclude(author_kind=Message.Author.SYSTEM).exclude(
        author_id=by.membership_id, author__isnull=False
    )
    answer = theirs.order_by("-id").first()
    if answer:
        raise AnsweredMeanwhile(answer)


def outgoing(conversation: Conversation, episode: Episode, text: str, by: Actor, **fields: Any) -> Message:
    """A message or line of ours; the author follows from `by` unless it is among the `fields`."""
    if by.membership:
        author_kind = Message.Author.MEMBER
    else:
        author_kind = Message.Author.KEY if by.api_key else Message.Author.SYSTEM
    author_kind = fields.pop("author_kind", author_kind)
    author_label = fields.pop("author_label", by.label)
    kind = fields.pop("kind", Message.Kind.OUTBOUND)
    return Message.objects.create(
        conversation=conversation,
        episode=episode,
        kind=kind,
        came_by_id=conversation.answers_by_id if kind == Message.Kind.OUTBOUND else None,
        author_kind=author_kind,
        author=by.membership,
        author_label=author_label[:150],
        text=text,
        **fields,
    )


def hand_to_outbox(
    message: Message, conversation: Conversation, *, purpose: str, priority: int | None = None
) -> Delivery:
    """The message's row in the outbox, in the transaction of its cause; the bell rings after commit.

    Without a `priority` its author decides. Raises `CannotSend` when the customer may not be written to for
    this purpose.
    """
    way = message.came_by or conversation
    check_consent(way, purpose)
    fetched = adapter_for(way.channel.kind).capabilities.fetches
    delivery = Delivery.objects.create(
        message=message,
        channel_id=way.channel_id,
        priority=_priority_of(message) if priority is None else priority,
        purpose=purpose,
        status=Delivery.Status.SENT if fetched else Delivery.Status.PENDING,
        settled_at=timezone.now() if fetched else None,
    )
    if fetched:
        note_sent(way.channel)
    else:
        by_bot = message.author_kind == Message.Author.BOT  # it answers, so it goes with the replies
        bells.deliver(delivery.pk, Delivery.Priority.PERSON if by_bot else delivery.priority)
    return delivery


def _priority_of(message: Message) -> int:
    """What a person wrote passes before what was written for him."""
    by_person = message.author_kind == Message.Author.MEMBER and not message.data.get("automatic")
    return Delivery.Priority.PERSON if by_person else Delivery.Priority.AUTOMATIC


@transaction.atomic
def send_system(
    *, conversation: Conversation, text: str, data: dict[str, Any], purpose: str = Purpose.SERVICE
) -> Message:
    """Something Puente itself tells the customer, such as a request for a rating; it changes no status.

    Raises `CannotSend` when he may not be written to for this purpose.
    """
    conversation = lock(conversation.pk)
    message = outgoing(conversation, current_episode(conversation), text, Actor.system(), data=data)
    hand_to_outbox(message, conversation, purpose=purpose)
    announce(conversation, message)
    return message


def mark_rated(*, conversation: Conversation, invitation_id: UUID, score: int, commented: bool) -> None:
    """Let the message that asked for a rating show the answer."""
    asked = Message.objects.filter(conversation=conversation, data__rating__invitation=str(invitation_id))
    for message in asked:
        message.data["rating"] |= {"answered": score, "commented": commented}
        message.save(update_fields=["data"])
        announce(conversation, message)


@transaction.atomic
def add_note(
    *,
    conversation: Conversation,
    text: str,
    by: Actor,
    client_id: UUID | None = None,
    files: Iterable[File] = (),
    mentions: Iterable[dict[str, Any]] = (),
) -> Message:
    """A note among colleagues. The customer never sees it. Raises `CannotSend` when it is empty.

    `mentions` are those of `mentions.find`; who listens to `note_added` tells whom they name.
    """
    conversation = lock(conversation.pk)
    again = sent_before(conversation, client_id, Message.Kind.NOTE)
    if again:
        return again
    files = list(files)
    text = clean(text, TEXT_LIMIT).strip()
    if not text and not files:
        raise CannotSend(_("Write something first."))
    note = outgoing(
        conversation,
        current_episode(conversation),
        text,
        by,
        kind=Message.Kind.NOTE,
        client_id=client_id,
        has_attachments=bool(files),
        data={"mentions": list(mentions)} if mentions else {},
    )
    attach(note, files)
    if by.membership:
        Draft.objects.filter(conversation=conversation, membership=by.membership).delete()
    announce(conversation, note)
    note_added.send(Message, message=note, conversation=conversation, by=by)
    return note


def add_event(conversation: Conversation, what: str, by: Actor, **details: Any) -> Message:
    """A line in the conversation that says what happened: assigned, closed, labelled."""
    event = outgoing(
        conversation,
        current_episode(conversation),
        "",
        by,
        kind=Message.Kind.EVENT,
        data={"event": what, **details},
    )
    announce(conversation, event)
    line_added.send(Message, message=event, conversation=conversation, by=by)
    return event


def show_last(conversation: Conversation, message: Message) -> None:
    """Let the queue show this message as the last one, and save the conversation."""
    if not _later(message.kind, conversation=conversation.pk, message=message.pk):
        conversation.preview = one_line(message.text, 160) or ("📎" if message.has_attachments else "")
        conversation.preview_is_ours = message.kind == Message.Kind.OUTBOUND
    conversation.last_message_at = message.created_at
    conversation.save()


class _Line(NamedTuple):
    id: UUID


@prepared(_Line)
def _later(kind: str, *, conversation: UUID, message: UUID) -> QuerySet[Message]:
    return Message.objects.filter(conversation_id=conversation, id__gt=message, kind=kind)[:1]


def remember(message: Message, conversation: Conversation, kind: str, channel: str) -> None:
    timeline.record(
        customer=conversation.customer,
        kind=kind,
        happened_at=message.created_at,
        object_id=message.pk,
        context_id=conversation.pk,
        channel=channel,
        actor_label=message.author_label,
        data={"text": one_line(message.text, EXCERPT), "subject": conversation.subject},
    )


def announce(conversation: Conversation, message: Message | None = None) -> None:
    """After every change: set its clocks, and tell every open page that may see it, and its visitor."""
    keep(conversation)
    tell(conversation, message)


def tell(conversation: Conversation, message: Message | None = None) -> None:
    """Tell every open page that may see this conversation, and its visitor."""
    shown = message is not None and message.kind in {Message.Kind.INBOUND, Message.Kind.OUTBOUND}
    events.publish(
        "message" if message else "conversation",
        {
            "conversation": str(conversation.pk),
            "customer": str(conversation.customer_id),
            "message": str(message.pk) if message else "",
            "kind": message.kind if message else "",
        },
        team_id=conversation.team_id,
        assignee_id=conversation.assignee_id,
        visitor=conversation.customer_id if shown else None,
        audience="both" if shown else "members",
    )
