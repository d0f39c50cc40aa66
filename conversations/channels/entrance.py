"""Where a channel's address leads: found once, remembered for seconds, checked again by what stores.

Whoever posts often costs one message to PostgreSQL each time. What is remembered may be old, so it
opens nothing by itself: the statement that stores checks the door and the channel's row as they are
then, and what a remembered entrance refuses is asked again of the real one.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from tenants import doors
from tenants.scoping import run_alone

SECONDS = 5.0
MOST = 4_096  # remembered entrances
DOUBTFUL = (401, 403, 404)
FIND = """
SELECT c.kind, c.is_active, t.language, c.settings, c.xmin::text
FROM conversations_channel c JOIN tenants_tenant t ON t.id = c.tenant_id
WHERE c.tenant_id = %s AND c.id = %s
"""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A channel, as far as its address needs it before anything of the business is read."""

    tenant_id: UUID
    channel_id: UUID
    token: str  # the fingerprint of the one its webhook asks for; "" asks for none
    kind: str
    is_active: bool
    language: str  # the business's
    settings: dict[str, Any]
    version: str  # of the channel's row: another after every change


class EntranceChanged(Exception):
    """The channel or its door is no longer what was found."""


_known: dict[UUID, tuple[float, Entrance]] = {}


def find(channel_id: UUID) -> Entrance | None:
    """Where an address leads now."""
    door = doors.by_channel(channel_id)
    rows = run_alone(door.tenant_id, FIND, [door.tenant_id, channel_id]) if door else []
    for kind, is_active, language, settings, version in rows:
        assert door
        return Entrance(
            door.tenant_id, channel_id, door.label, kind, is_active, language, json.loads(settings), version
        )
    return None


def through(channel_id: UUID, take: Callable[[Entrance | None], HttpResponse]) -> HttpResponse:
    """The answer of an address that only stores. `take` gets the entrance, None when there is none.

    It may be called twice: at a remembered entrance first, again when that one changed or refuses.
    """
    until, remembered = _known.get(channel_id, (0.0, None))
    if time.monotonic() < until:
        try:
            response = take(remembered)
        except EntranceChanged:
            pass
        else:
            if response.status_code not in DOUBTFUL:
                return response
    entrance = find(channel_id)
    try:
        response = take(entrance)
    except EntranceChanged:
        return take(None)
    if entrance:
        _remember(entrance)
    return response


def _remember(entrance: Entrance) -> None:
    if len(_known) >= MOST:
        _known.clear()
    _known[entrance.channel_id] = (time.monotonic() + SECONDS, entrance)
