"""A campaign's mail that was answered, as the first message of its conversation.

Before that it is a line in the campaign's ledger and no conversation at all. The conversation has the
recipient's own identifier: the signed reply address of the mail leads to it, the first time and ever after.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from conversations import personalising
from conversations.actions.campaigns import pieces
from conversations.actions.episodes import current_episode, open_episode
from conversations.models import Campaign, Channel, Conversation, Delivery, Message, Recipient, Variant
from conversations.personalising import NotWritten
from crm.models import Customer, Identity, Medium
from tenants.actors import Actor
from tenants.kit.text import one_line

State, Status = Recipient.State, Delivery.Status
STATUSES: dict[str, str] = {
    State.SENT: Status.SENT,
    State.DELIVERED: Status.DELIVERED,
    State.UNKNOWN: Status.UNKNOWN,
    State.FAILED: Status.FAILED,
}


class Words(NamedTuple):
    """What a mail said."""

    subject: str
    text: str
    html: str


def by_address(channel: Channel, recipient_id: UUID) -> Conversation | None:
    """The conversation of the mail whose signed reply address was written to; None for none of a campaign."""
    return _tell(
        Recipient.objects.filter(pk=recipient_id, channel=channel).values_list("pk", flat=True).first()
    )


def by_references(channel: Channel, identity: Identity, own_ids: Iterable[str]) -> Conversation | None:
    """The same for one that the customer's answer names by its Message-ID."""
    mine = Recipient.objects.filter(
        channel=channel, customer_id=identity.customer_id, provider_id__in=list(own_ids)
    )
    return _tell(mine.order_by("-sent_at").values_list("pk", flat=True).first())


def _tell(recipient_id: UUID | None) -> Conversation | None:
    """Make the conversation and the message in it, once; locked."""
    if recipient_id is None:
        return None
    row: Recipient = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient_id)
    before: Conversation | None = (
        Conversation.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    )
    if before or row.state not in STATUSES or row.customer_id is None:
        return before
    customer = Customer.objects.get(pk=row.customer_id)
    identity = Identity.objects.filter(customer=customer, kind=Identity.Kind.EMAIL, value=row.address).first()
    channel = Channel.objects.filter(pk=row.channel_id).first()
    if identity is None or channel is None:
        return None
    campaign = Campaign.objects.get(pk=row.campaign_id)
    words = words_of(row, campaign)
    conversation = begin_quietly(customer, channel, identity, words.subject, pk=row.pk)
    message = Message.objects.create(
        conversation=conversation,
        episode=current_episode(conversation),
        kind=Message.Kind.OUTBOUND,
        author_kind=Message.Author.SYSTEM,
        author_label=(campaign.name or Actor.system().label)[:150],
        text=words.text,
        html=words.html,
        subject=one_line(words.subject, 250),
        data={"automatic": True, "campaign": str(campaign.pk)},
        created_at=row.sent_at or timezone.now(),
    )
    Delivery.objects.create(
        message=message,
        channel=channel,
        status=STATUSES[row.state],
        priority=Delivery.Priority.CAMPAIGN,
        purpose=campaign.purpose,
        provider_id=row.provider_id,
        calling_at=row.calling_at,
        settled_at=row.sent_at,
    )
    Recipient.objects.filter(pk=row.pk).update(message=message)
    return conversation


def begin_quietly(
    customer: Customer, channel: Channel, identity: Identity, subject: str, *, pk: UUID | None = None
) -> Conversation:
    """A conversation that is closed until he answers."""
    now = timezone.now()
    conversation: Conversation = Conversation.objects.create(
        **({"pk": pk} if pk else {}),
        channel=channel,
        customer=customer,
        identity=identity,
        subject=one_line(subject, 250),
        status=Conversation.Status.CLOSED,
        closed_at=now,
    )
    episode = open_episode(conversation, at=now)
    episode.closed_at = now
    episode.save(update_fields=["closed_at"])
    conversation.save(update_fields=["episode_count"])
    return conversation


def words_of(row: Recipient, campaign: Campaign) -> Words:
    """What his mail said, with what was filled in then; the campaign's name where it cannot be told."""
    variant = Variant.objects.filter(pk=row.variant_id).first()
    piece = pieces.Pieces().of(variant, Medium.EMAIL, row.language) if variant else None
    if piece is None or row.customer_id is None:
        return Words(campaign.name, campaign.name, "")
    links = [name for name in piece.names if name.startswith(pieces.LINKS)]
    opened = personalising.values_for([row.customer_id], links).get(row.customer_id, {}) if links else {}
    try:
        said = piece.render({**row.values, **opened})
    except NotWritten:
        return Words(campaign.name, campaign.name, "")
    return Words(said.subject, said.text, said.html)
