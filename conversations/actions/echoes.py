"""What the business writes outside Puente, on its phone or in the vendor's inbox: a person answered."""

import hashlib
from contextlib import suppress
from uuid import UUID

import redis
from django.db import transaction
from django.db.models import Q

from conversations.actions import promises, turns
from conversations.actions.messages import TEXT_LIMIT, announce, expect, remember, show_last
from conversations.actions.senders import place
from conversations.actions.statuses import apply_status
from conversations.channels.base import InboundEcho, InboundMessage, InboundStatus
from conversations.models import Channel, Conversation, Delivery, Episode, Message, Turn
from crm.models import Identity, TimelineEntry
from tenants.kit import valkey
from tenants.kit.text import clean
from tenants.models import Tenant

Status = Delivery.Status
REMEMBERED = 24 * 3_600  # seconds


def remember_part(tenant_id: UUID, provider_id: str) -> None:
    """Note the vendor's id of a part of a message of ours, whose delivery has another part's.

    Should Valkey be away, that part's echo is shown as what somebody else of the business wrote.
    """
    with suppress(redis.RedisError):
        valkey.client().set(_part_key(tenant_id, provider_id), 1, ex=REMEMBERED)


def _is_part(channel: Channel, provider_id: str) -> bool:
    with suppress(redis.RedisError):
        return bool(valkey.client().exists(_part_key(channel.tenant_id, provider_id)))
    return False


def _part_key(tenant_id: UUID, provider_id: str) -> str:
    return valkey.key(tenant_id, "sent-part", hashlib.sha256(provider_id.encode()).hexdigest())


def _is_ours(channel: Channel, item: InboundEcho) -> bool:
    """Whether we sent it: its id is known, or it is on its way and its id comes with the answer.

    One statement sees one state, so that the answer cannot come between two questions. What lost its
    answer is sent, now that the vendor shows it.
    """
    alike = Q(message__text=item.text) if item.text else Q(message__has_attachments=True)
    person = Identity.objects.filter(kind=item.identity_kind, value=item.identity)
    theirs = Q(message__came_by=None, message__conversation__identity__in=person)
    theirs |= Q(message__came_by__identity__in=person)
    mine = Delivery.objects.filter(channel=channel)
    under_way = mine.filter(
        theirs, alike, provider_id="", status__in=[Status.SENDING, Status.UNKNOWN]
    ).order_by()
    named = mine.filter(provider_id=item.provider_id[:255]).order_by()
    facts = ("provider_id", "id", "status")
    sent = sorted(named.values_list(*facts).union(under_way.values_list(*facts)), key=lambda one: one[:2])
    if not sent:
        return _is_part(channel, item.provider_id)
    provider_id, delivery_id, status = sent[-1] if sent[-1][0] else sent[0]
    if not provider_id and status == Status.UNKNOWN:
        told = InboundStatus(item.provider_id, Status.SENT, delivery_id=delivery_id)
        apply_status(channel=channel, item=told)
    return True


@transaction.atomic
def receive_echo(*, channel: Channel, item: InboundEcho) -> Message | None:
    """Keep it as an answer in the customer's conversation; None when we sent it ourselves.

    Raises `InvalidIdentity` for an address that is none.
    """
    if _is_ours(channel, item):
        return None
    to = InboundMessage(item.provider_id, item.identity_kind, item.identity, item.text, name=item.name)
    _customer, conversation, episode, now = place(channel=channel, item=to, tenant=Tenant.objects.get())
    message = Message.objects.create(
        conversation=conversation,
        came_by=conversation.leg,
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
    turns.take(conversation, episode, Turn.Why.PHONE)
    promises.keep_answer(conversation)
    conversation.status = Conversation.Status.WAITING
    conversation.waiting_since = None
    show_last(conversation, message)
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_OUT, channel.kind)
    announce(conversation, message)
    return message
