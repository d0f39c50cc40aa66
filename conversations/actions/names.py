"""What people are called at the vendor, where their messages do not say it."""

from uuid import UUID

import redis
import structlog

from conversations.actions import bells
from conversations.actions.failures import in_short
from conversations.actions.messages import announce
from conversations.channels.base import ChannelError
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Message
from crm.models import Customer
from tenants.kit import valkey
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.names")
PAUSE = 3_600  # seconds before a vendor that did not tell is asked again


def ask_later(message: Message) -> None:
    """Let a worker ask for the name of somebody who has none, at most once in an hour."""
    conversation = message.home
    if conversation.customer.name or not adapter_for(conversation.channel.kind).capabilities.profiles:
        return
    if _not_asked_lately(conversation):
        bells.learn_name(conversation.pk)


def _not_asked_lately(conversation: Conversation) -> bool:
    """While Valkey is away he is asked about with each message."""
    key = valkey.key(conversation.tenant_id, "asked-name", conversation.pk)
    try:
        return bool(valkey.client().set(key, 1, nx=True, ex=PAUSE))
    except redis.RedisError:
        return True


def learn(tenant_id: UUID | str, conversation_id: UUID | str) -> None:
    """Ask the vendor for the customer's name and keep it, unless a person has entered one meanwhile.

    Harmless when run twice; without an answer he stays without a name.
    """
    with tenant_scope(tenant_id):
        found = Conversation.objects.select_related("channel", "identity", "customer").filter(
            pk=conversation_id
        )
        conversation = found.first()
    if conversation is None or conversation.identity is None or conversation.customer.name:
        return
    try:
        name = adapter_for(conversation.channel.kind).profile(
            conversation.channel, conversation.identity.value
        )
    except ChannelError as error:
        log.info("no name", conversation=str(conversation_id), error=in_short(error))
        return
    with tenant_scope(tenant_id):
        _keep(conversation, one_line(name, 150))


def _keep(conversation: Conversation, name: str) -> None:
    nameless = Customer.objects.filter(pk=conversation.customer_id, name="", name_confirmed=False)
    if not name or not nameless.update(name=name):
        return
    Message.objects.filter(
        conversation=conversation, author_kind=Message.Author.CUSTOMER, author_label=""
    ).update(author_label=name)
    announce(conversation)
