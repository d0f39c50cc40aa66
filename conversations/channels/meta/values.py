"""What stands in a vendor's JSON, whatever stands there: everything asked for has the type asked for."""

import hashlib
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import Unreadable
from tenants.kit.text import clean

NOT_JSON = gettext_noop("This is not the JSON that the channel sends.")
LATEST = 32_503_680_000  # the year 3000
SHORT = 1_000  # characters


def load(raw: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises `Unreadable`."""
    try:
        posted = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable(NOT_JSON) from error
    if not isinstance(posted, dict):
        raise Unreadable(NOT_JSON)
    return posted


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def text(value: Any, limit: int = SHORT) -> str:
    """A text fit to keep; numbers as they are written, anything else is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return clean(str(value)[: limit * 2], limit).strip()


def number(value: Any) -> float | int | None:
    """A number that JSON can hold, also out of a text."""
    try:
        found = float(value) if isinstance(value, (str, int, float)) else math.nan
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found) or isinstance(value, bool):
        return None
    return int(found) if found.is_integer() else found


def moment(value: Any) -> datetime | None:
    """Seconds since 1970, as number or text."""
    seconds = number(value)
    if seconds is None or not 0 < seconds < LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def fingerprint(*said: Any) -> str:
    """An id for what the vendor gives none."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]
