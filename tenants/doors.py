"""How a business is found before it is set.

Each function takes what a visitor brought and returns where it leads, or None. Only this module
reads the directory across businesses (tests/guards/test_source.py). What changes a door runs inside
its business's scope: PostgreSQL refuses it otherwise (ADR 5).
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from tenants.db.prepared import prepared
from tenants.models import DirectoryEntry, Membership, User
from tenants.scoping import current_tenant_id, tenant_scope

Kind = DirectoryEntry.Kind
OPEN_MANY = """
INSERT INTO tenants_directoryentry (kind, key, tenant_id, target_id, label, created_at)
SELECT %(kind)s, d.key, %(tenant)s, d.target, '', now()
FROM jsonb_to_recordset(%(doors)s::jsonb) AS d(key text, target uuid)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a key leads: the business, and the thing in it (the business itself where there is none)."""

    tenant_id: UUID
    target_id: UUID
    label: str = ""


class Business(NamedTuple):
    """One line of a person's list of businesses."""

    tenant_id: UUID
    membership_id: UUID
    slug: str
    name: str
    role: str


def new_secret(prefix: str = "") -> str:
    """A secret with 256 random bits, to be shown once."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What the directory keeps of a secret: its SHA-256 in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def register(
    kind: str,
    key: str,
    *,
    tenant_id: UUID,
    target_id: UUID | None = None,
    label: str = "",
    expires_at: datetime | None = None,
) -> None:
    """Open a door. Raises `IntegrityError` when the key leads elsewhere already."""
    DirectoryEntry.objects.create(
        kind=kind, key=key, tenant_id=tenant_id, target_id=target_id, label=label, expires_at=expires_at
    )


def open_many(kind: str, targets: Mapping[str, UUID]) -> None:
    """Open doors of the current business, by key; those that are open stay."""
    doors = [{"key": key, "target": str(target)} for key, target in targets.items()]
    with connection.cursor() as cursor:
        cursor.execute(OPEN_MANY, {"kind": kind, "tenant": current_tenant_id(), "doors": json.dumps(doors)})


def mark(kind: str, label: str, *, tenant_id: UUID, target_ids: Collection[UUID]) -> None:
    """Write something on every door of a kind that leads to one of some things."""
    leading_there = DirectoryEntry.objects.filter(kind=kind, tenant_id=tenant_id, target_id__in=target_ids)
    leading_there.update(label=label)


def close(kind: str, *, tenant_id: UUID, target_id: UUID) -> None:
    """Close every door of a kind that leads to one thing."""
    DirectoryEntry.objects.filter(kind=kind, tenant_id=tenant_id, target_id=target_id).delete()


def close_all(*, tenant_id: UUID, target_ids: Collection[UUID]) -> None:
    """Close every door that leads to one of some things."""
    DirectoryEntry.objects.filter(tenant_id=tenant_id, target_id__in=target_ids).delete()


def close_addresses(*, tenant_id: UUID, target_id: UUID, keep: Collection[str] = ()) -> None:
    """Close the vendor's addresses (`kind:address`) that lead to one channel, but for those to keep."""
    leading_there = DirectoryEntry.objects.filter(kind=Kind.ADDRESS, tenant_id=tenant_id, target_id=target_id)
    leading_there.exclude(key__in=keep).delete()


def rename(slug: str, name: str, *, tenant_id: UUID) -> None:
    """Keep the name shown in people's lists of businesses."""
    DirectoryEntry.objects.filter(kind=Kind.SLUG, key=slug, tenant_id=tenant_id).update(label=name)


# As SQL these cost a third of what the ORM takes, and many requests ask them.
FIND = """
SELECT tenant_id, coalesce(target_id, tenant_id), label FROM tenants_directoryentry
WHERE kind = %s AND key = %s AND (expires_at IS NULL OR expires_at > %s)
"""
FIND_BUSINESSES = """
SELECT m.tenant_id, m.id, d.key, d.label, m.role FROM tenants_membership m
JOIN tenants_directoryentry d ON d.tenant_id = m.tenant_id AND d.kind = 'slug'
WHERE m.user_id = %s AND m.is_active ORDER BY d.label, d.key
"""


MAC_BYTES = 16
SIGNED_LENGTH = 64  # characters: two identifiers and MAC_BYTES bytes as base64


def signed(purpose: str, *, tenant_id: UUID, target_id: UUID) -> str:
    """A key that needs no row, for doors of which there are millions: what it leads to, signed.

    The first of the installation's keys signs; the others are believed, so that it can be renewed.
    """
    named = tenant_id.bytes + target_id.bytes
    return base64.urlsafe_b64encode(named + signature(purpose, named)).decode()


def by_signed(purpose: str, given: str) -> Door | None:
    """Where such a key leads; None for one that we did not sign for this purpose."""
    if len(given) != SIGNED_LENGTH or not given.isascii():
        return None
    try:
        raw = base64.b64decode(given, altchars=b"-_", validate=True)
    except ValueError:
        return None
    named, mac = raw[:32], raw[32:]
    if not is_signed(purpose, named, mac):
        return None
    return Door(UUID(bytes=named[:16]), UUID(bytes=named[16:]))


def is_signed(purpose: str, data: bytes, mac: bytes) -> bool:
    """Whether we signed it for this purpose, with any of the installation's keys."""
    return any(hmac.compare_digest(mac, _mac(key, purpose, data)) for key in settings.CHANNEL_SECRET_KEYS)


def signature(purpose: str, data: bytes) -> bytes:
    """What `is_signed` asks for: 128 bits."""
    return _mac(settings.CHANNEL_SECRET_KEYS[0], purpose, data)


def _mac(key: str, purpose: str, data: bytes) -> bytes:
    return hmac.digest(key.encode(), f"puente {purpose}\0".encode() + data, hashlib.sha256)[:MAC_BYTES]


def _find(kind: str, key: str) -> Door | None:
    return _door(FIND, [kind, key, timezone.now()])


def _door(query: str, parameters: list[Any]) -> Door | None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
    return Door(*row) if row else None


def by_secret(kind: str, secret: str) -> Door | None:
    """The business behind an API key, an invitation, a log-in link or a rating link."""
    return _find(kind, fingerprint(secret))


def spend(kind: str, secret: str) -> Door | None:
    """Where a secret leads that works once: of two who bring it at the same time, one gets None."""
    door = by_secret(kind, secret)
    if door is None:
        return None
    with tenant_scope(door.tenant_id):
        gone, _kinds = DirectoryEntry.objects.filter(kind=kind, key=fingerprint(secret)).delete()
    return door if gone else None


def forget_expired() -> int:
    """Close the doors of all businesses whose time is over (role ops); how many there were."""
    return DirectoryEntry.objects.using("ops").filter(expires_at__lte=timezone.now()).delete()[0]


def by_channel(channel_id: UUID) -> Door | None:
    """The business that owns a channel; `label` is the fingerprint of the channel's token, if it has one."""
    return _find(Kind.CHANNEL, str(channel_id))


def set_channel(channel_id: UUID, *, tenant_id: UUID, token: str = "") -> None:
    """Open a channel's door, or change the token that its webhook asks for."""
    DirectoryEntry.objects.update_or_create(
        kind=Kind.CHANNEL,
        key=str(channel_id),
        tenant_id=tenant_id,
        defaults={"target_id": channel_id, "label": fingerprint(token) if token else ""},
    )


def by_address(kind: str, address: str) -> Door | None:
    """The business that owns a vendor's address, such as a phone-number id."""
    return _find(Kind.ADDRESS, f"{kind}:{address}")


def by_slug(slug: str) -> Door | None:
    """The business at an address, for the pages it shows to everybody."""
    return _find(Kind.SLUG, slug)


def slug_taken(slug: str) -> bool:
    """Whether some business has this address."""
    return DirectoryEntry.objects.filter(kind=Kind.SLUG, key=slug).exists()


def business_by_slug(user_id: UUID, slug: str) -> Door | None:
    """The business and membership a person has at an address; None for strangers."""
    membership = membership_by_slug(user_id, slug)
    return Door(membership.tenant_id, membership.pk) if membership else None


def membership_by_slug(user_id: UUID, slug: str) -> Membership | None:
    """The membership a person has in the business at an address; None for strangers."""
    return next(iter(_memberships(user_id=user_id, slug=slug)), None)


@prepared(Membership)
def _memberships(*, user_id: UUID, slug: str) -> QuerySet[Membership]:
    business = DirectoryEntry.objects.filter(kind=Kind.SLUG, key=slug).values("tenant_id")
    active = Membership.directory.filter(is_active=True, user__is_active=True)
    return active.filter(user_id=user_id, tenant_id__in=business)


def businesses_of(user_id: UUID) -> list[Business]:
    """Every business a person belongs to, by name."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_BUSINESSES, [user_id])
        return [Business(*row) for row in cursor.fetchall()]


def user_by_email(email: str) -> User | None:
    """The person with an address."""
    return User.objects.filter(email=email.strip().lower()).first()
