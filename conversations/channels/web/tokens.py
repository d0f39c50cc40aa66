"""Who a visitor is: a signed token in the browser's own storage, never a cookie."""

from uuid import UUID

from django.core import signing

SALT = "puente.web.visitor"
LIFETIME = 400 * 24 * 3600  # seconds; what browsers keep at most


def make_token(channel_id: UUID, visitor: UUID) -> str:
    """A token that says channel and visitor, and nothing a visitor could change."""
    return signing.dumps([channel_id.hex, visitor.hex], salt=SALT, compress=False)


def read_token(token: str, channel_id: UUID) -> UUID | None:
    """The visitor of a token, or None when it is malformed, forged, expired or of another channel."""
    try:
        channel, visitor = signing.loads(token, salt=SALT, max_age=LIFETIME)
        return UUID(visitor) if channel == channel_id.hex else None
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
