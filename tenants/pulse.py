"""The installation's heartbeat: whether its database is a restored one, and whether its clocks agree.

What goes out by itself asks `standstill` first (docs/adr/0007).
"""

import time
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import redis
import structlog
from django.db import connection
from django.utils import timezone

from tenants.kit import valkey

log = structlog.get_logger("puente.pulse")
MARK = "puente:pulse"  # the last beat's number, outside the database
CLOCK = "puente:clock:{}"  # of a machine since it booted: its clock's distance from what it counts itself
CLOCK_KEPT = timedelta(days=7)
HELD = "puente:held"  # why nothing goes out by itself: a worker says it as long as it is so
HELD_FOR = timedelta(minutes=2)
TOLERANCE = timedelta(minutes=3)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

HOME = """concat_ws(' ', (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'tenants_pulse'::regclass::oid)"""
LOOK = f"""
SELECT {HOME}, clock_timestamp(), p.number, p.home, p.at
FROM (SELECT) AS one LEFT JOIN tenants_pulse p ON p.id = 1
"""  # noqa: S608 -- constants
NEXT = "greatest(tenants_pulse.number + 1, excluded.number)"
BEAT = f"""
INSERT INTO tenants_pulse AS tenants_pulse (id, number, home, at)
VALUES (1, extract(epoch FROM clock_timestamp()) * 1000, {HOME}, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET number = {NEXT}, at = excluded.at
WHERE tenants_pulse.home = excluded.home RETURNING number
"""  # noqa: S608 -- constants
SETTLE = f"""
INSERT INTO tenants_pulse AS tenants_pulse (id, number, home, at)
VALUES (1, greatest(%s, extract(epoch FROM clock_timestamp()) * 1000), {HOME}, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET number = {NEXT}, home = excluded.home, at = excluded.at RETURNING number
"""  # noqa: S608 -- constants


class Why(StrEnum):
    """Why nothing goes out by itself."""

    RESTORED = "restored"
    CLOCK = "clock"


BY_ITSELF = frozenset(Why)  # what stops that which goes out by itself
ANYTHING = frozenset({Why.RESTORED})  # what stops everything, for the moments until it is sorted out


class Standstill(NamedTuple):
    """Why it is, in a code and in the operator's words."""

    why: Why
    words: str


def standstill() -> Standstill | None:
    """Why nothing may go out by itself now; None where nothing speaks against it. One query.

    The mark is read before the row: another's beat in between never looks like a restored database.
    """
    mark = _mark()
    with connection.cursor() as cursor:
        cursor.execute(LOOK)
        home, theirs, number, lived, at = cursor.fetchone()
    if number is not None and (lived != home or (mark and mark > number)):
        return Standstill(Why.RESTORED, "the database is older than what was sent: manage.py restored")
    now = timezone.now()
    apart = _differences(now - theirs, at - now if at else timedelta())
    return Standstill(Why.CLOCK, apart) if apart else None


def is_held(reasons: frozenset[Why]) -> bool:
    """Whether one of some reasons stands against it now; people are shown which."""
    found = standstill()
    if found is None or found.why not in reasons:
        return False
    log.warning("nothing goes out by itself", why=found.words)
    try:
        valkey.client().set(HELD, found.why, ex=HELD_FOR)
    except redis.RedisError as error:
        log.warning("nobody is told", error=str(error))
    return True


def held() -> Why | None:
    """What a worker found lately that keeps everything from going out by itself; None for nothing."""
    try:
        said = valkey.client().get(HELD)
    except redis.RedisError:
        return None
    return Why(str(said)) if said else None


def beat() -> None:
    """Count on, in the database and outside it. Nothing in a database that is not the one it lived in."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT)
        found = cursor.fetchone()
    if found:
        _set_mark(found[0])


def settle() -> None:
    """From now on this is the database, and PostgreSQL's clock is right."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [(_mark() or 0) + 1])
        number = cursor.fetchone()[0]
    _set_mark(number)
    try:
        valkey.client().delete(HELD, CLOCK.format(_boot()))
    except redis.RedisError as error:
        log.warning("still shown as held for a while", error=str(error))


def _differences(from_postgres: timedelta, before_last_beat: timedelta) -> str:
    """In what the clock of this machine is wrong, in words; "" for nothing."""
    if abs(from_postgres) > TOLERANCE:
        return f"this machine's clock and PostgreSQL's are {_words(from_postgres)} apart"
    if before_last_beat > TOLERANCE:
        return f"the clock is {_words(before_last_beat)} behind the last heartbeat: manage.py clock_is_right"
    moved = _moved()
    if abs(moved) > TOLERANCE:
        return f"this machine's clock was moved by {_words(moved)} while it ran: manage.py clock_is_right"
    return ""


def _words(difference: timedelta) -> str:
    return f"{abs(difference).total_seconds() / 60:.0f} minutes"


def _moved() -> timedelta:
    """By how much the clock was set since it was right; nothing where the system cannot say.

    Counted from boot, with the time it slept: sleep is no difference.
    """
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return timedelta()
    distance = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    try:
        first = valkey.client().set(CLOCK.format(_boot()), distance, nx=True, get=True, ex=CLOCK_KEPT)
    except redis.RedisError:
        return timedelta()
    return timedelta(seconds=distance - float(str(first))) if first else timedelta()


def _boot() -> str:
    """Names the machine since it booted."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return "unknown"


def _mark() -> int | None:
    try:
        said = valkey.client().get(MARK)
    except redis.RedisError:
        return None
    return int(str(said)) if said else None


def _set_mark(number: int) -> None:
    try:
        valkey.client().set(MARK, number)
    except redis.RedisError as error:
        log.warning("beat not marked", error=str(error))
