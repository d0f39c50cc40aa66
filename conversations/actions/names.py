"""What people are called: at the vendor, and by what they say of themselves."""

from uuid import UUID

import redis
import structlog

from conversations.actions import bells
from conversations.actions.failures import in_short
from conversations.actions.messages import announce
from conversations.bot import collect
from conversations.channels.base import ChannelError
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Handoff, Message
from crm.actions.customers import introduce
from crm.models import Customer
from tenants.actors import Actor
from tenants.kit import valkey
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.names")
PAUSE = 3_600  # seconds before a vendor that did not tell is asked again


def hear(message: Message) -> None:
    """Keep the name in an answer to the bot's question for it, on the card of the hand-over and as his.

    Only until a person answers: what he asks, he hears himself.
    """
    conversation = message.conversation
    if conversation.customer.name or conversation.with_bot:
        return
    name = collect.name_told(message.text)
    cards = Handoff.objects.filter(conversation=conversation, episode=message.episode_id)
    card = cards.order_by("-id").first() if name else None
    if card is None or "name" not in card.missing or _was_answered(card):
        return
    card.facts = {**card.facts, "name": name}
    card.missing = [key for key in card.missing if key != "name"]
    card.save(update_fields=["facts", "missing"])
    call(conversation, name)


def _was_answered(card: Handoff) -> bool:
    since = Message.objects.filter(conversation=card.conversation_id, id__gt=card.pk)
    people = [Message.Author.MEMBER, Message.Author.KEY, Message.Author.PHONE]
    return bool(since.filter(kind=Message.Kind.OUTBOUND, author_kind__in=people).exists())


def call(conversation: Conversation, name: str) -> None:
    """Keep the name that a customer says is his, unless one is known; the transaction is the caller's."""
    conversation.customer = introduce(customer=conversation.customer, name=name, by=Actor.system())
    _sign(conversation)


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
    conversation.customer.name = name
    _sign(conversation)
    announce(conversation)


def _sign(conversation: Conversation) -> None:
    """Put the customer's name on the messages of his that had none."""
    nameless = Message.objects.filter(
        conversation=conversation, author_kind=Message.Author.CUSTOMER, author_label=""
    )
    nameless.update(author_label=conversation.customer.name)
