"""Times and rates, ours and the floor's by turns, so that both meet the same machine."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from bench.client import Connection

WARM_UP = 6  # requests of each kind that are not counted
CLIENTS = 4
SLICE = 1.5  # seconds of one side before the other has its turn
SLICES = 5  # of each side


class Unexpected(Exception):
    """An answer other than the one that is measured."""


@dataclass(slots=True)
class Times:
    """Seconds that requests took."""

    seconds: list[float] = field(default_factory=list)

    def p(self, percent: int) -> float:
        """A percentile in milliseconds."""
        return 1_000 * percentile(self.seconds, percent)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@dataclass(frozen=True, slots=True)
class Pair:
    """What one opening of a page asks of us, and of the floor."""

    ours: list[bytes]
    floor: list[bytes]
    status: int = 200


def latencies(socket: Path, pairs: Callable[[], Iterator[Pair]], count: int) -> tuple[Times, Times]:
    """Times of `count` pairs, one request at a time."""
    connection = Connection(socket)
    ours, floor = Times(), Times()
    for number, pair in zip(range(-WARM_UP, count), pairs(), strict=False):
        sides = [(ours, pair.ours, pair.status), (floor, pair.floor, 200)]
        for times, requests, status in sides if number % 2 else sides[::-1]:
            started = time.perf_counter()
            for request in requests:
                _expect(connection.send(request), status)
            if number >= 0:
                times.seconds.append(time.perf_counter() - started)
    return ours, floor


def rates(
    socket: Path, ours: Sequence[bytes], floor: Sequence[bytes], status: int
) -> tuple[float, float, int]:
    """Requests a second at four clients, ours and the floor's: medians of slices, and how many of ours."""
    queues = {"ours": (cycle(ours), status), "floor": (cycle(floor), 200)}
    found: dict[str, list[float]] = {"ours": [], "floor": []}
    for number in range(SLICES + 1):
        for side, (queue, expected) in queues.items():
            rate = _slice(socket, queue, expected, SLICE if number else SLICE / 3)
            if number:
                found[side].append(rate)
    return (
        statistics.median(found["ours"]),
        statistics.median(found["floor"]),
        round(sum(found["ours"]) * SLICE),
    )


def _slice(socket: Path, queue: Iterator[bytes], status: int, seconds: float) -> float:
    lock, done, errors = threading.Lock(), [0] * CLIENTS, []
    until = time.perf_counter() + seconds

    def client(which: int) -> None:
        connection = Connection(socket)
        try:
            while time.perf_counter() < until:
                with lock:
                    request = next(queue)
                _expect(connection.send(request), status)
                done[which] += 1
        except (OSError, Unexpected) as error:
            errors.append(error)

    threads = [threading.Thread(target=client, args=(which,)) for which in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(done) / (time.perf_counter() - started)


def _expect(answer: tuple[int, bytes], status: int) -> None:
    if answer[0] != status:
        raise Unexpected(f"{answer[0]} instead of {status}: {answer[1][:300]!r}")
