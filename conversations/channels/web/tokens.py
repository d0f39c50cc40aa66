"""Who a visitor is: a signed token in the browser's own storage, never a cookie."""

from typing import NamedTuple
from uuid import UUID

from django.core import signing

from conversations.channels.web.identity import FIELDS, Claims

SALT = "puente.web.visitor"
LIFETIME = 400 * 24 * 3600  # seconds; what browsers keep at most


class Visitor(NamedTuple):
    """A browser, and whom the business's site vouched for in it, if anybody."""

    id: UUID
    claims: Claims


def make_token(channel_id: UUID, visitor: UUID, claims: Claims | None = None) -> str:
    """A token that says channel, visitor and who he is, and nothing a visitor could change."""
    said = [channel_id.hex, visitor.hex, *([claims] if claims else [])]
    return signing.dumps(said, salt=SALT, compress=bool(claims))


def open_token(token: str, channel_id: UUID) -> Visitor | None:
    """What a token says, or None when it is malformed, forged, expired or of another channel."""
    try:
        channel, visitor, *rest = signing.loads(token, salt=SALT, max_age=LIFETIME)
        claims = {name: str(rest[0][name]) for name in FIELDS if name in rest[0]} if rest else {}
        return Visitor(UUID(visitor), claims) if channel == channel_id.hex else None
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def read_token(token: str, channel_id: UUID) -> UUID | None:
    """The visitor of a token, or None for one that says nothing."""
    visitor = open_token(token, channel_id)
    return visitor.id if visitor else None
