"""Knowing again who was erased, without keeping who it was.

Each address of somebody erased leaves a keyed hash behind. A file, another system or an old backup that
brings the address again is told so; the person himself, or a colleague who enters him by hand, is not.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from crm.models import Identity, Tombstone
from tenants.actors import Actor
from tenants.refusals import Conflicting
from tenants.scoping import current_tenant_id

PHONES = (Identity.Kind.PHONE, Identity.Kind.WHATSAPP)


class ErasedBefore(Conflicting):
    """Another system brings somebody back who was erased."""


def digest_of(kind: str, value: str) -> str:
    """The keyed hash of a canonical address: phone numbers and WhatsApp ids have one (HMAC, RFC 2104)."""
    key = hashlib.sha256(f"tombstone:{current_tenant_id()}:{settings.SECRET_KEY}".encode()).digest()
    word = "phone" if kind in PHONES else kind
    return hmac.new(key, f"{word}:{value}".encode(), hashlib.sha256).hexdigest()


def set_tombstones(people: Sequence[UUID]) -> None:
    """Keep the hash of every address of some customers."""
    addresses = Identity.objects.filter(customer__in=people).values_list("kind", "value")
    Tombstone.objects.bulk_create(
        [Tombstone(digest=digest_of(kind, value)) for kind, value in addresses], ignore_conflicts=True
    )


def erased_among(addresses: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which canonical addresses (kind, value) belonged to somebody who was erased: one query."""
    addresses = list(addresses)
    if not addresses or not Tombstone.objects.exists():
        return set()
    by_digest: dict[str, list[tuple[str, str]]] = {}
    for kind, value in addresses:
        by_digest.setdefault(digest_of(kind, value), []).append((kind, value))
    known = Tombstone.objects.filter(digest__in=list(by_digest)).values_list("digest", flat=True)
    return {address for digest in known for address in by_digest[digest]}


def mind(identity: Identity, *, by: Actor) -> None:
    """A fresh address of somebody erased: refused to other systems, forgiven to colleagues.

    Raises `ErasedBefore`.
    """
    stone = Tombstone.objects.filter(digest=digest_of(identity.kind, identity.value))
    if by.membership is not None:
        stone.delete()
    elif stone.exists():
        raise ErasedBefore(
            _("Whoever has this address was erased. A colleague can enter it again, if the person asks."),
            "value",
        )
