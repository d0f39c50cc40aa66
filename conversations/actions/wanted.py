"""Which conversations could use a proposal of what to answer, so that however many write, little is computed.

They wait in a set in Valkey, a round of which is worked off now and then by one task of the business. Where
more wait than anybody reads, they are forgotten: whoever opens one of them asks for it anew.
"""

from contextlib import suppress
from functools import partial
from uuid import UUID

import redis
from django.db import transaction

from conversations.actions import bells
from tenants.kit import valkey
from tenants.kit.ringer import ringer
from tenants.scoping import current_tenant_id

ROUND = 10
PAUSE = 1.0  # seconds between two rounds
MOST = 200
LASTS = 3600  # seconds that a set is kept which nobody works off


def want(conversation_id: UUID) -> None:
    """After commit, let a worker propose replies in a conversation. Never waits, never raises."""
    tenant_id = current_tenant_id()
    waits = partial(put, tenant_id, conversation_id)
    transaction.on_commit(lambda: ringer.ask((__name__, tenant_id, conversation_id), waits))


def put(tenant_id: UUID, conversation_id: UUID) -> None:
    """Let it wait, and ring for whoever works it off."""
    key = _key(tenant_id)
    with suppress(redis.RedisError):
        pipeline = valkey.client().pipeline()
        pipeline.sadd(key, str(conversation_id))
        pipeline.expire(key, LASTS)
        pipeline.execute()
        bells.suggest(tenant_id)


def take(tenant_id: UUID | str) -> tuple[list[str], bool]:
    """The next round of conversations, and whether more wait. A round that is lost is asked for anew."""
    key = _key(tenant_id)
    try:
        pipeline = valkey.client().pipeline()
        pipeline.spop(key, ROUND)
        pipeline.scard(key)
        taken, left = pipeline.execute()
        if left > MOST:
            valkey.client().delete(key)
    except redis.RedisError:
        return [], False
    return sorted(taken), 0 < left <= MOST


def _key(tenant_id: UUID | str) -> str:
    return valkey.key(tenant_id, "suggestions-wanted")
