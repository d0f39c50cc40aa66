"""Every vendor's channel at once: customers who write through the stand-ins, and what the vendors took."""

import random
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from bench.client import Connection, request_bytes
from tests.vendors.stand_in import Hook, Person
from tests.vendors.town import Town

PEOPLE = 25  # of each vendor
CLIENTS = 4
AGAIN = 0.1  # share of what is posted twice, as vendors do
RETRY_LIMIT = 40.0  # seconds
SHUFFLED = 4  # calls that may overtake each other


@dataclass(slots=True)
class Posted:
    """What the business said it has: the texts it accepted, and how often it did not."""

    texts: set[str] = field(default_factory=set)
    refused: int = 0


class Streets:
    """Clients that post `wanted` messages on every vendor's channel, each again until accepted."""

    def __init__(self, socket: Path, town: Town, channels: dict[str, UUID], seed: int, wanted: int) -> None:
        self.socket, self.town, self.channels = socket, town, channels
        self.posted = Posted()
        self.people = {
            kind: [vendor.person(f"Persona {number}") for number in range(PEOPLE)]
            for kind, vendor in town.vendors.items()
        }
        self._left = wanted
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._client, args=(random.Random(seed * 100 + number),), daemon=True)
            for number in range(CLIENTS)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def is_busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def taken(self) -> Counter[str]:
        """How often the vendors took each text."""
        return Counter(sent.text for vendor in self.town.vendors.values() for sent in vendor.sent)

    def _client(self, chance: random.Random) -> None:
        connection = Connection(self.socket, timeout=10)
        waiting: list[tuple[str, Hook]] = []
        while self._take_turn() or waiting:
            if self._left >= 0:
                waiting.append(self._written(chance))
            if len(waiting) >= SHUFFLED or self._left < 0:
                text, hook = waiting.pop(chance.randrange(len(waiting)))
                for _ in range(2 if chance.random() < AGAIN else 1):
                    if self._post(connection, hook):
                        self.posted.texts.add(text)

    def _take_turn(self) -> bool:
        with self._lock:
            self._left -= self._left >= 0
            return self._left >= 0

    def _written(self, chance: random.Random) -> tuple[str, Hook]:
        kind = chance.choice(list(self.channels))
        person: Person = chance.choice(self.people[kind])
        text = str(UUID(int=chance.getrandbits(128), version=4))
        vendor = self.town.vendors[kind]
        return text, vendor.text(self.channels[kind], person, text, event_id=text, at=time.time())

    def _post(self, connection: Connection, hook: Hook) -> bool:
        headers = {**hook.headers, "Content-Type": hook.content_type}
        request = request_bytes("POST", hook.path, headers, hook.body)
        until = time.monotonic() + RETRY_LIMIT
        while time.monotonic() < until:
            with suppress(OSError):
                if 200 <= connection.send(request)[0] < 300:
                    return True
            self.posted.refused += 1
            time.sleep(0.2)
        return False


def marker() -> str:
    """A text that is told apart from every other."""
    return f"Con gusto. {uuid4()}"
