"""Who the other side of a message is, and the conversation it belongs to."""

from contextlib import suppress
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from conversations.actions.episodes import current_episode, open_episode, sleeps_on, wake
from conversations.actions.threads import find_conversation
from conversations.channels.base import InboundMessage
from conversations.models import Channel, Conversation, Episode
from crm import identities
from crm.actions.merging import join
from crm.models import Customer, Identity
from tenants.db.prepared import prepared
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.scoping import current_tenant_id


def place(
    *, channel: Channel, item: InboundMessage, tenant: Tenant
) -> tuple[Customer, Conversation, Episode, datetime]:
    """Who the other side of a message is, the conversation and episode it belongs to, and the time.

    Made if need be; one message of a sender at a time. Raises `InvalidIdentity` for an address that is none.
    """
    address = identities.canonical(item.identity_kind, item.identity, tenant.country)
    _lock_sender(channel, item.identity_kind, address.value)
    now = timezone.now()
    customer, identity = _sender(tenant, item, address.value)
    conversation = find_conversation(channel, identity, item)
    if conversation is None:
        conversation = Conversation.objects.create(
            channel=channel,
            customer=customer,
            identity=identity,
            subject=one_line(item.subject, 250),
            last_message_at=now,
        )
        return customer, conversation, open_episode(conversation, at=now), now
    if conversation.customer_id == customer.pk:
        conversation.customer = customer
    if sleeps_on(conversation):
        return customer, conversation, current_episode(conversation), now
    return customer, conversation, wake(conversation, tenant=tenant, at=now), now


def _lock_sender(channel: Channel, kind: str, value: str) -> None:
    """One burst opens one conversation: each sender's messages are taken in one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{current_tenant_id()}:{channel.id}:{kind}:{value}"],
        )


def _sender(tenant: Tenant, item: InboundMessage, address: str) -> tuple[Customer, Identity]:
    """The customer behind the sender's address, and that address.

    What the vendor vouches for (`aliases`) makes one of two customers. What a newcomer merely says of
    himself (`also`) joins him to nobody: he may name anybody. A colleague is asked.
    """
    identity = _identity(item.identity_kind, address)
    if identity is None or identity.is_claimed or _teaches(item, identity):
        identity = _learn_sender(tenant, item, address)
    customer = identity.customer
    for kind, raw in item.aliases:
        with suppress(identities.InvalidIdentity):
            customer = _vouched(customer, kind, raw, tenant)
    for kind, raw in item.also:
        with suppress(identities.InvalidIdentity):
            identities.claim(customer, kind, raw, country=tenant.country)
    identity.customer = customer
    if item.language and not customer.language:
        customer.language = item.language
        customer.save(update_fields=["language"])
    return customer, identity


def _vouched(customer: Customer, kind: str, raw: str, tenant: Tenant) -> Customer:
    """Give him an address that certainly is his; whoever had it is the same person."""
    try:
        identities.attach(customer, kind, raw, country=tenant.country, verified=True)
    except identities.IdentityTaken as taken:
        return join(customer, taken.customer)
    return customer


def _identity(kind: str, value: str) -> Identity | None:
    return next(iter(_identities(kind, value=value)), None)


@prepared(Identity, "customer")
def _identities(kind: str, *, value: str) -> QuerySet[Identity]:
    return Identity.objects.filter(kind=kind, value=value)


def _teaches(item: InboundMessage, identity: Identity) -> bool:
    """Whether a message says more of its sender than is known."""
    return (item.identity_verified and not identity.is_verified) or bool(
        item.name and not identity.customer.name
    )


def _learn_sender(tenant: Tenant, item: InboundMessage, address: str) -> Identity:
    """Keep who writes from this address: somebody known by it, by another of his, or a new customer."""
    customer = identities.find_customer(item.identity_kind, item.identity, tenant.country)
    if customer is None:
        customer = next(filter(None, (_known(kind, raw, tenant) for kind, raw in item.aliases)), None)
        if customer:
            identities.attach(customer, item.identity_kind, item.identity, country=tenant.country)
    identities.resolve(
        kind=item.identity_kind,
        raw=item.identity,
        name=one_line(item.name, 150),
        verified=item.identity_verified,
        country=tenant.country,
    )
    identity = _identity(item.identity_kind, address)
    assert identity is not None
    return identity


def _known(kind: str, raw: str, tenant: Tenant) -> Customer | None:
    with suppress(identities.InvalidIdentity):
        return identities.find_customer(kind, raw, tenant.country)
    return None
