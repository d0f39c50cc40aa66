"""Messages are read in the order of their ids, which begin with the moment of arrival (RFC 9562, 5.7)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

BURST = timedelta(minutes=5)  # within it the vendor's clock may set a message before one that overtook it
LAST_MILLISECOND = 253_402_300_799_000  # of the year 9999
RANDOM_BITS = 62  # the last part of an id of version 7


def first_id_at(moment: datetime) -> UUID:
    """The smallest id that a message of this moment can have; a moment before 1970 counts as its start."""
    millisecond = min(max(int(moment.timestamp() * 1_000), 0), LAST_MILLISECOND)
    return UUID(int=(millisecond << 80) | (7 << 76) | (2 << RANDOM_BITS))


def moment_of(message_id: UUID) -> datetime:
    """When a message with this id arrived, to the millisecond; of any other number, some moment."""
    return datetime.fromtimestamp(min(message_id.int >> 80, LAST_MILLISECOND) / 1_000, UTC)
