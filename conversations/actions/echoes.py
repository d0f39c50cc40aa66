"""What the business writes outside Puente, on its phone or in the vendor's inbox: a person answered."""

from django.db import transaction

from conversations.actions.messages import TEXT_LIMIT, announce, expect, place, remember, show_last
from conversations.channels.base import InboundEcho, InboundMessage
from conversations.models import Channel, Conversation, Delivery, Episode, Message
from crm.models import TimelineEntry
from tenants.kit.text import clean
from tenants.models import Tenant


@transaction.atomic
def receive_echo(*, channel: Channel, item: InboundEcho) -> Message | None:
    """Keep it as an answer in the customer's conversation; None when we sent it ourselves.

    Raises `InvalidIdentity` for an address that is none.
    """
    if Delivery.objects.filter(channel=channel, provider_id=item.provider_id[:255]).exists():
        return None
    to = InboundMessage(item.provider_id, item.identity_kind, item.identity, item.text, name=item.name)
    _customer, conversation, episode, now = place(channel=channel, item=to, tenant=Tenant.objects.get())
    message = Message.objects.create(
        conversation=conversation,
        episode=episode,
        kind=Message.Kind.OUTBOUND,
        author_kind=Message.Author.PHONE,
        author_label=str(channel)[:150],
        text=clean(item.text, TEXT_LIMIT),
        data=item.data,
        provider_id=item.provider_id[:255],
        provider_at=item.provider_at,
        created_at=now,
        has_attachments=bool(item.media),
    )
    expect(message, item.media)
    if episode.first_answer_at is None:
        Episode.objects.filter(pk=episode.pk).update(first_answer_at=now)
    conversation.status = Conversation.Status.WAITING
    conversation.waiting_since = None
    show_last(conversation, message)
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_OUT, channel.kind)
    announce(conversation, message)
    return message
