"""Two businesses for a whole module: committed, so that every request is a transaction of its own."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tenants.kit import valkey
from tests import servers
from tests.canary.world import Side, Watch, make_side, snapshot

CANARY = "zarapito"
SEARCHED = "zarap"  # its beginning: what is searched for may be echoed, what is found may not
OURS = "alondra"
OF_A_BUSINESS = re.compile(r"puente:[0-9a-f]{8}-[0-9a-f-]{27}:")
OF_NOBODY = {
    "puente:limit:": "how often somebody knocked, mostly before a business is known",
    "puente:celery:": "queues; every task in them names its business first",
    "_kombu.": "the broker's own books",
    "puente:worker:": "the worker's sign of life",
    "puente:pulse": "the installation's heartbeat",
    "puente:held": "why nothing goes out by itself, in the whole installation",
    "puente:clock:": "a machine's clock",
    ":1:allauth": "log-in limits of a person",
}
LOOKED_AT = 25  # tests between two looks at their rows


@dataclass
class World:
    """Ours drives everything; theirs holds the canary."""

    ours: Side
    theirs: Side
    watch: Watch
    sees_all: psycopg.Connection
    lines: list[str] = field(default_factory=list)
    theirs_before: dict[str, tuple[int, str]] = field(default_factory=dict)
    tests: int = 0

    def look(self) -> dict[str, tuple[int, str]]:
        """Their rows as they are now."""
        return snapshot(self.theirs, self.sees_all)

    def remember(self) -> None:
        """What they did themselves counts as how they were."""
        self.theirs_before = self.look()


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines
        ours = logging.getLogger().handlers[0]
        self.setFormatter(ours.formatter)
        self.filters = ours.filters

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Both businesses, and every line that is logged from now on."""
    with django_db_blocker.unblock():
        servers.empty_tables()
        ours, theirs = make_side("Nuestra Tienda", OURS), make_side("Casa Ajena", CANARY)
        valkey.client().flushdb()
        sees_all = servers.superuser(servers.DATABASE)
        world = World(ours, theirs, Watch.over(theirs), sees_all)
        world.remember()
        handler = _Lines(world.lines)
        logging.getLogger().addHandler(handler)
        yield world
        theirs_after = world.look()
        sees_all.close()
        logging.getLogger().removeHandler(handler)
        servers.empty_tables()
        valkey.client().flushdb()
        assert theirs_after == world.theirs_before


@pytest.fixture
def untouched(world: World) -> Iterator[set[str]]:
    """Whatever a test does: their rows stay, nothing of theirs is logged or published, no key is nobody's.

    Their rows are looked at after every few tests and after the last. Yields a set for the ids that the
    test itself sends: those may be echoed.
    """
    world.lines.clear()
    sent: set[str] = set()
    yield sent
    world.tests += 1
    if world.tests % LOOKED_AT == 0:
        assert world.look() == world.theirs_before
    kept = published()
    assert world.watch.found_in("\n".join([*world.lines, *kept]), sent) == []
    assert [line for line in kept if not names_its_business(line)] == []


def names_its_business(line: str) -> bool:
    """Whether a key in Valkey begins with its business, or may do without one."""
    return bool(OF_A_BUSINESS.match(line)) or line.startswith(tuple(OF_NOBODY))


def published() -> list[str]:
    """Every key in Valkey with what it holds: streams, queues, counters, caches."""
    client = valkey.client()
    readers = {
        "stream": client.xrange,
        "hash": client.hgetall,
        "set": client.smembers,
        "string": client.get,
        "zset": lambda key: client.zrange(key, 0, -1),
        "list": lambda key: client.lrange(key, 0, -1),
    }
    return [f"{key} {readers[str(client.type(key))](key)}" for key in client.scan_iter()]
