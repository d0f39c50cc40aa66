"""Rings bells on a thread of its own, so that whoever has something to do is never kept by the broker.

However many ask meanwhile, each bell is rung once in `PAUSE` seconds. Those who ask have committed
already, and every bell asked for is rung afterwards: the worker that hears it sees what they did. A
process that is killed within that time leaves its bells to the sweeper, like a broker that is away.
"""

import atexit
import os
import threading
from collections.abc import Callable, Hashable

PAUSE = 0.02  # seconds between two rounds
LAST_WORDS = 0.5  # seconds that an ending process gives to its last bells


class Ringer:
    """Collects what is to be rung, and rings it round by round."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start with nothing asked for: a forked process has none of its parent's threads, nor its bells."""
        self._asked: dict[Hashable, Callable[[], object]] = {}
        self._something, self._idle = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._idle.set()

    def ask(self, bell: Hashable, ring: Callable[[], object]) -> None:
        """Call `ring` soon, once for however many ask for the same bell. `ring` never raises."""
        with self._lock:
            self._asked[bell] = ring
            self._idle.clear()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ringer", daemon=True)
                self._thread.start()
        self._something.set()

    def settle(self, seconds: float = LAST_WORDS) -> bool:
        """Wait until all that was asked for is rung; False when it takes longer than `seconds`."""
        return self._idle.wait(seconds)

    def _run(self) -> None:
        pause = threading.Event()
        while self._something.wait():
            self._something.clear()
            with self._lock:
                asked, self._asked = self._asked, {}
            for ring in asked.values():
                ring()
            with self._lock:
                if not self._asked:
                    self._idle.set()
            pause.wait(PAUSE)


ringer = Ringer()
atexit.register(ringer.settle)
os.register_at_fork(after_in_child=ringer.begin)
