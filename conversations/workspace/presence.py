"""Who looks at a conversation and who writes in it: short-lived keys, nothing when Valkey is down."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import redis

from tenants.kit import valkey
from tenants.kit.events import publish
from tenants.models import Membership
from tenants.scoping import current_tenant_id

STAYS = 40  # seconds after the last sign; pages give one every 15
TYPES = 8  # seconds


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague at a conversation."""

    membership_id: str
    name: str
    is_typing: bool


def _key(conversation_id: UUID) -> str:
    return valkey.key(current_tenant_id(), "viewing", conversation_id)


def others_at(conversation_id: UUID, member: Membership) -> list[Present]:
    """The colleagues who are there too, by name."""
    try:
        rows: dict[str, str] = valkey.client().hgetall(_key(conversation_id))  # type: ignore[assignment]
    except redis.RedisError:
        return []
    now, present = time.time(), []
    for membership_id, row in rows.items():
        name, seen, typed = json.loads(row)
        if membership_id != str(member.pk) and seen > now - STAYS:
            present.append(Present(membership_id, name, typed > now - TYPES))
    return sorted(present, key=lambda one: one.name)


def who_is_at(conversation_id: UUID) -> frozenset[str]:
    """The memberships that look at a conversation now; nobody while Valkey does not answer."""
    try:
        rows: dict[str, str] = valkey.client().hgetall(_key(conversation_id))  # type: ignore[assignment]
    except redis.RedisError:
        return frozenset()
    fresh = time.time() - STAYS
    return frozenset(member for member, row in rows.items() if json.loads(row)[1] > fresh)


def sign(conversation_id: UUID, member: Membership, *, typing: bool) -> bool:
    """Note that a member is there; returns whether that is news to the others."""
    key, now = _key(conversation_id), time.time()
    row = json.dumps([member.name, now, now if typing else 0])
    try:
        before: str | None = valkey.client().hget(key, str(member.pk))  # type: ignore[assignment]
        pipe = valkey.client().pipeline()
        pipe.hset(key, str(member.pk), row)
        pipe.expire(key, STAYS)
        pipe.execute()
    except redis.RedisError:
        return False
    if before is None:
        return True
    _name, seen, typed = json.loads(before)
    return bool(seen <= now - STAYS or (typed > now - TYPES) != typing)


def leave(conversation_id: UUID, member: Membership) -> bool:
    """Note that a member went away; returns whether he was there."""
    try:
        return bool(valkey.client().hdel(_key(conversation_id), str(member.pk)))
    except redis.RedisError:
        return False


def here(membership_id: UUID) -> None:
    """Note that a member has a page open."""
    with suppress(redis.RedisError):
        valkey.client().hset(_last_seen(), str(membership_id), int(time.time()))


def last_seen() -> dict[str, datetime]:
    """When members last had a page open, by their ids; nothing when Valkey is down."""
    try:
        rows: dict[str, str] = valkey.client().hgetall(_last_seen())  # type: ignore[assignment]
    except redis.RedisError:
        return {}
    return {member: datetime.fromtimestamp(int(moment), UTC) for member, moment in rows.items()}


def _last_seen() -> str:
    return valkey.key(current_tenant_id(), "last-seen")


def tell(conversation_id: UUID, *, team_id: UUID | None, assignee_id: UUID | None) -> None:
    """Let the open pages ask again who is there."""
    publish("presence", {"conversation": str(conversation_id)}, team_id=team_id, assignee_id=assignee_id)
