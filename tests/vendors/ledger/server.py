"""The ledger vendor: takes messages over HTTP, remembers what it took, and misbehaves when told to."""

import json
import random
import threading
import time
from collections import Counter
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG_LIMIT = 60  # seconds


class Mood(StrEnum):
    """How it treats those who call."""

    CALM = "calm"
    HANGS_AT_IDS = "hangs when asked for an id"
    HANGS_AFTER = "takes the message, then says nothing"
    HANGS_BEFORE = "says nothing and takes nothing"
    FICKLE = "slow, 429, 500 before or after taking it, 409 for what it just took"


class Vendor:
    """What the vendor knows. `taken` counts how often each key was sent to it for good."""

    def __init__(self, seed: int = 0) -> None:
        self.taken: Counter[str] = Counter()
        self.texts: dict[str, str] = {}
        self.mood = Mood.CALM
        self.hanging = 0
        self._refused: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "Vendor":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.calm_down()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def become(self, mood: Mood) -> None:
        """Treat callers so from now on."""
        self._released.clear()
        self.mood = mood

    def calm_down(self) -> None:
        """Be calm, and let everyone go who hangs."""
        self.mood = Mood.CALM
        self._released.set()

    def hang(self) -> None:
        """Say nothing until let go."""
        with self._lock:
            self.hanging += 1
        self._released.wait(HANG_LIMIT)
        with self._lock:
            self.hanging -= 1

    def take(self, key: str, text: str) -> None:
        """Pass the message on to the customer."""
        with self._lock:
            self.taken[key] += 1
            self.texts[key] = text

    def answer(self, key: str, text: str) -> int | None:
        """Take a message, or not; returns the status to answer with, None for none at all."""
        if self.taken[key]:  # it is told apart by its key, but nobody should have sent it again
            self.take(key, text)
            return 409
        match self.mood:
            case Mood.HANGS_AFTER:
                self.take(key, text)
                self.hang()
                return None
            case Mood.HANGS_BEFORE:
                self.hang()
                return None
            case Mood.FICKLE:
                return self._fickle(key, text)
        self.take(key, text)
        return 201

    def _fickle(self, key: str, text: str) -> int:
        with self._lock:
            turn, tired = self._chance.random(), self._refused[key] >= 3
            self._refused[key] += 1
        if turn < 0.2 and not tired:
            return 429
        if turn < 0.35 and not tired:
            return 500
        if turn < 0.5:
            time.sleep(1.5)
        self.take(key, text)
        return 500 if turn < 0.6 else 409 if turn < 0.7 else 201


def _handler_of(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/ids":
                if vendor.mood == Mood.HANGS_AT_IDS:
                    vendor.hang()
                self._say(201, {"id": f"v-{body['key']}"})
                return
            status = vendor.answer(body["key"], body["text"])
            if status is not None:
                self._say(status, {"id": f"v-{body['key']}"})

        def do_GET(self) -> None:
            key = self.path.rpartition("/")[2]
            self._say(200 if vendor.taken[key] else 404, {"id": f"v-{key}"})

        def _say(self, status: int, data: dict[str, Any]) -> None:
            body = json.dumps(data).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the caller was killed meanwhile

        def log_message(self, *_args: object) -> None:
            pass

    return Handler
