"""Customers who close a channel to us: a blocked bot, STOP. Nothing is sent there until they open it."""

from conversations.actions.consents import come_back, leave
from conversations.actions.messages import add_event
from conversations.channels.base import InboundReach
from conversations.consent import medium_of
from conversations.models import Channel, Conversation, Reach
from crm import identities
from crm.models import Identity
from tenants.actors import Actor
from tenants.models import Tenant


def apply_reach(*, channel: Channel, item: InboundReach) -> None:
    """Keep a customer's last word on a channel and say it in the conversations there.

    Raises `InvalidIdentity`.
    """
    country = Tenant.objects.get().country
    identities.resolve(kind=item.identity_kind, raw=item.identity, verified=True, country=country)
    address = identities.canonical(item.identity_kind, item.identity, country)
    identity = Identity.objects.select_for_update(of=("self",)).get(
        kind=item.identity_kind, value=address.value
    )
    reach = Reach.objects.filter(channel=channel, identity=identity).first()
    was_open = reach is None or reach.is_open
    if reach and reach.happened_at > item.at:
        return
    Reach.objects.update_or_create(
        channel=channel,
        identity=identity,
        defaults={"is_open": item.is_open, "happened_at": item.at, "word": item.word[:60]},
    )
    if not item.is_open:
        leave(identity.customer, medium_of(channel), identity.value, item.word, item.at)
    if was_open != item.is_open:
        theirs = Conversation.objects.filter(channel=channel, identity=identity).active()
        latest = theirs.order_by("-last_message_at", "-id").first()
        for conversation in theirs.select_for_update(of=("self",)):
            if item.is_open and item.word and conversation == latest:
                come_back(conversation, item.word, item.at)
            else:
                add_event(conversation, _what(item), Actor.system(), word=item.word)


def _what(item: InboundReach) -> str:
    """The event that stands in the conversation."""
    if item.is_open:
        return "opened_again"
    return "stopped" if item.word else "closed_to_us"
