"""What a phone system posts about a call: our own form, the same for all of them (docs/calls.md)."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop

from conversations.channels.base import Inbound, InboundCall, Unreadable
from conversations.channels.meta import values
from conversations.channels.meta.values import number, text
from conversations.models import Channel, InboundEvent
from crm.identities import InvalidIdentity, canonical

STATES = frozenset({"ringing", "ongoing", "ended", "missed"})
DIRECTIONS = frozenset({"in", "out"})
ID, NOTE = 200, 20_000  # characters
LONGEST = 30 * 24 * 3600  # seconds
AHEAD = timedelta(minutes=5)  # that a clock elsewhere may be fast
NO_ID = gettext_noop("A call needs an id: the same one in every report of it.")
NO_DIRECTION = gettext_noop("Say whether the customer called (in) or was called (out).")
NO_PHONE = gettext_noop("Say with which number the call was, with country code.")


def read(event: InboundEvent, channel: Channel) -> list[Inbound]:
    """What a report says. Raises `Unreadable`."""
    return [call_of(values.load(bytes(event.body)), event.received_at, channel.tenant.country)]


def problem_of(posted: dict[str, Any]) -> str:
    """What the sender has to put right, as a msgid; '' when nothing is wrong."""
    if not text(posted.get("id"), ID):
        return NO_ID
    if text(posted.get("direction"), 10) not in DIRECTIONS:
        return NO_DIRECTION
    return "" if text(posted.get("phone"), 60) else NO_PHONE


def call_of(posted: dict[str, Any], received_at: datetime, country: str) -> InboundCall:
    """A report, as far as it can be understood; a state unknown to us says nothing of the state."""
    if wrong := problem_of(posted):
        raise Unreadable(wrong)
    phone, state = text(posted.get("phone"), 60), text(posted.get("state"), 20)
    try:
        canonical("phone", phone, country)
    except InvalidIdentity as error:
        raise Unreadable(NO_PHONE) from error
    whole = json.dumps(posted, sort_keys=True).encode()
    at = min(moment(posted.get("at")) or received_at, received_at + AHEAD)
    seconds = number(posted.get("seconds"))
    return InboundCall(
        provider_id=hashlib.sha256(whole).hexdigest(),
        call_id=text(posted.get("id"), ID),
        direction=str(posted["direction"]),
        state=state if state in STATES else "",
        phone=phone,
        at=at,
        name=text(posted.get("name"), 150),
        started_at=moment(posted.get("started_at")),
        seconds=int(seconds) if seconds is not None and 0 <= seconds <= LONGEST else None,
        recording=recording_of(posted.get("recording")),
        note=text(posted.get("note"), NOTE),
    )


def moment(value: Any) -> datetime | None:
    """A moment in ISO 8601 (without zone it is UTC) or in seconds since 1970."""
    if not isinstance(value, str):
        return values.moment(value)
    try:
        found = parse_datetime(value[:40])
        if found is None:
            return values.moment(value)
        aware = found if timezone.is_aware(found) else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def recording_of(value: Any) -> str:
    """An address that a person may open: http or https, or ''."""
    address = text(value, 1_000)
    try:
        parts = urlsplit(address)
        is_open = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return ""
    return address if is_open and address.isprintable() and " " not in address else ""
