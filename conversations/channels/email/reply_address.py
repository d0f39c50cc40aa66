"""The signed reply address: `soporte+<token>@tienda.mx` leads an answer to its conversation.

The token is the conversation's id and a truncated HMAC, in base32 because mail systems change case.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from conversations.channels.email import addresses

MAC_BYTES = 8  # guessing means sending a mail for each attempt
TOKEN_CHARS = 39  # 16 + MAC_BYTES bytes in base32 without padding
MAX_LOCAL_CHARS = 64  # RFC 5321 §4.5.3.1.1

_SIGNED_LOCAL = re.compile(rf"(?:.*[+=_-])?([a-z2-7]{{{TOKEN_CHARS}}})")


def make(conversation_id: UUID, address: str, key: bytes) -> str:
    """Return the channel's address with a token for the conversation, signed with `key`.

    An address whose local part leaves no room for the token is returned as it is; answers are then threaded
    by their references. Raises ValueError for what is no address.
    """
    return Maker(address, key).make(conversation_id)


class Maker:
    """The same for many conversations of a channel."""

    def __init__(self, address: str, key: bytes) -> None:
        """Raises ValueError for what is no address."""
        self._address, self._key = addresses.normalise(address), key
        if not self._address:
            raise ValueError(f"not a mail address: {address!r}")
        self._local, _at, self._domain = self._address.rpartition("@")
        self._has_room = len(self._local) + 1 + TOKEN_CHARS <= MAX_LOCAL_CHARS and self._local[0] != '"'

    def make(self, conversation_id: UUID) -> str:
        """The address that leads to a conversation."""
        if not self._has_room:
            return self._address
        data = conversation_id.bytes + _mac(conversation_id.bytes, self._key)
        return f"{self._local}+{base64.b32encode(data).decode().rstrip('=').lower()}@{self._domain}"


def read(address: str, keys: Sequence[bytes]) -> UUID | None:
    """Return the conversation an address was signed for with any of `keys` (new and rotated), or None."""
    local = addresses.normalise(address).rpartition("@")[0]
    match = _SIGNED_LOCAL.fullmatch(local)
    if match is None:
        return None
    data = base64.b32decode(match[1].upper() + "=")
    conversation, mac = data[:16], data[16:]
    valid = [hmac.compare_digest(mac, _mac(conversation, key)) for key in keys]
    return UUID(bytes=conversation) if any(valid) else None


def read_first(candidates: Iterable[str], keys: Sequence[bytes]) -> UUID | None:
    """Return the conversation of the first signed address among the candidates, or None."""
    return next((found for address in candidates if (found := read(address, keys))), None)


def _mac(conversation: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"puente reply address\0" + conversation, hashlib.sha256)[:MAC_BYTES]
