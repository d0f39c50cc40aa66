"""The first word from our side."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions.episodes import open_episode
from conversations.actions.messages import send_reply
from conversations.channels.base import File
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation
from crm import identities
from crm.models import Customer, Identity
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Refused


class Way(NamedTuple):
    """An address of a customer and a channel that reaches it."""

    channel: Channel
    identity: Identity

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.channel.pk}:{self.identity.pk}"

    @property
    def wants_subject(self) -> bool:
        return adapter_for(self.channel.kind).capabilities.subject


def ways_to(customer: Customer) -> list[Way]:
    """How one may write to a customer who has not written: those he is known by longest first."""
    channels = list(Channel.objects.active())
    return [
        Way(channel, identity)
        for identity in customer.identities.order_by("id")
        for channel in channels
        if adapter_for(channel.kind).reaches(identity.kind)
    ]


@transaction.atomic
def start_conversation(
    *,
    channel: Channel,
    identity: Identity,
    subject: str,
    text: str,
    by: Actor,
    client_id: UUID | None = None,
    files: Iterable[File] = (),
    data: Mapping[str, Any] | None = None,
) -> Conversation:
    """Write to a customer who has not written, on a channel that can reach his address.

    The same `client_id` again returns the first conversation. Raises `Refused` for an address the
    channel does not reach, `CannotSend` for a text it does not take.
    """
    if not adapter_for(channel.kind).reaches(identity.kind):
        raise Refused(_("This channel does not reach that address."))
    Customer.objects.select_for_update(of=("self",)).get(pk=identity.customer_id)
    theirs = Conversation.objects.filter(customer_id=identity.customer_id, channel=channel)
    again = client_id and theirs.filter(messages__client_id=client_id).first()
    if again:
        return again
    identities.vouch(identity)
    conversation = Conversation.objects.create(
        channel=channel, customer_id=identity.customer_id, identity=identity, subject=one_line(subject, 250)
    )
    open_episode(conversation)
    conversation.save(update_fields=["episode_count"])
    send_reply(conversation=conversation, text=text, by=by, client_id=client_id, files=files, data=data)
    conversation.refresh_from_db()
    return conversation
