"""The first word from our side."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions.episodes import open_episode
from conversations.actions.messages import send_reply
from conversations.models import Channel, Conversation
from crm.models import Customer, Identity
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Refused


@transaction.atomic
def start_conversation(
    *, channel: Channel, identity: Identity, subject: str, text: str, by: Actor, client_id: UUID | None = None
) -> Conversation:
    """Write to a customer who has not written, on a channel that can reach his address.

    The same `client_id` again returns the first conversation. Raises `Refused` for an address the
    channel does not reach, `CannotSend` for a text it does not take.
    """
    if channel.kind != identity.kind:
        raise Refused(_("This channel does not reach that address."))
    Customer.objects.select_for_update(of=("self",)).get(pk=identity.customer_id)
    theirs = Conversation.objects.filter(customer_id=identity.customer_id, channel=channel)
    again = client_id and theirs.filter(messages__client_id=client_id).first()
    if again:
        return again
    conversation = Conversation.objects.create(
        channel=channel, customer_id=identity.customer_id, identity=identity, subject=one_line(subject, 250)
    )
    open_episode(conversation)
    conversation.save(update_fields=["episode_count"])
    send_reply(conversation=conversation, text=text, by=by, client_id=client_id)
    conversation.refresh_from_db()
    return conversation
