"""What the links of a mail carry: its business and recipient, signed, without a row for each mail.

The first of the installation's keys signs, all of them are believed, so that a key can be renewed.
"""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

MAC_BYTES = 16
LENGTH = 64  # characters: 16 + 16 + MAC_BYTES bytes as base64
PURPOSE = b"puente mail link\0"
TARGET = b"puente link target\0"


class Named(NamedTuple):
    """Whom a token names."""

    tenant_id: UUID
    recipient_id: UUID


def token(tenant_id: UUID, recipient_id: UUID) -> str:
    """What all links of one mail carry."""
    data = tenant_id.bytes + recipient_id.bytes
    return base64.urlsafe_b64encode(data + _mac(_keys()[0], PURPOSE + data)).decode()


def read(given: str) -> Named | None:
    """Whom a token names; None for what we did not sign."""
    if len(given) != LENGTH or not given.isascii():
        return None
    try:
        raw = base64.b64decode(given, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    data, mac = raw[:32], raw[32:]
    if not _is_signed(mac, PURPOSE + data):
        return None
    return Named(UUID(bytes=data[:16]), UUID(bytes=data[16:]))


def seal(given: str, number: int, target: str) -> str:
    """The signature of an address that was filled in for one mail: this token, link and address alone."""
    return base64.urlsafe_b64encode(_mac(_keys()[0], _sealed(given, number, target))).decode().rstrip("=")


def is_sealed(given: str, number: int, target: str, by: str) -> bool:
    """Whether we made this link."""
    try:
        mac = base64.b64decode(by + "==", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return False
    return _is_signed(mac, _sealed(given, number, target))


def _sealed(given: str, number: int, target: str) -> bytes:
    return TARGET + f"{given}/{number}/{target}".encode("utf-8", "surrogatepass")


def _is_signed(mac: bytes, data: bytes) -> bool:
    return any([hmac.compare_digest(mac, _mac(key, data)) for key in _keys()])


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, hashlib.sha256)[:MAC_BYTES]


def _keys() -> list[bytes]:
    return _encoded(tuple(settings.CHANNEL_SECRET_KEYS))


@lru_cache(maxsize=8)
def _encoded(keys: tuple[str, ...]) -> list[bytes]:
    return [key.encode() for key in keys]
