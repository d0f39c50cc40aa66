"""What every vendor's stand-in is: an HTTP server with moods, what it took, and calls of our webhook.

A stand-in refuses what the documented API refuses, and misbehaves when told to. The tests of all channels,
the chaos run and the simulator drive it through this one interface.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

HANG_LIMIT = 60  # seconds
RETRY_AFTER = 7  # seconds


class Mood(StrEnum):
    """How it treats those who call."""

    CALM = "calm"
    SLOW = "answers after `slowness` seconds"
    REFUSES = "refuses with the error `code`"
    THROTTLES = "429, to be asked again after seven seconds"
    BREAKS = "500, taking nothing"
    HANGS_AFTER = "takes the message, then says nothing"
    HANGS_BEFORE = "says nothing and takes nothing"


class Person(NamedTuple):
    """Who writes: `address` as this vendor writes it (number, user id, @name is never one)."""

    address: str
    name: str = ""


class Upload(NamedTuple):
    """A file a customer sends."""

    name: str
    content_type: str
    content: bytes


class Hook(NamedTuple):
    """One call of a webhook of ours, ready to be made as the vendor makes it, signed."""

    path: str
    body: bytes
    content_type: str
    headers: dict[str, str]


class Answer(NamedTuple):
    """What the stand-in answers: JSON unless `content_type` says otherwise and `said` is bytes."""

    status: int
    said: Any
    content_type: str = "application/json"
    headers: dict[str, str] = {}


class Call(NamedTuple):
    """A request that came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Sent:
    """A message that was taken: `to` as the vendor writes it, `body` as it came."""

    id: str
    to: str
    text: str
    body: dict[str, Any]
    at: float = field(default_factory=time.time)


class StandIn:
    """Subclass it for a vendor. Use as a context manager: it listens on a free port of this machine."""

    kind: ClassVar[str]  # of the channel
    refusal_code: ClassVar[int] = 0  # an error code by which the vendor refuses a message for good
    broken_code: ClassVar[int] = 0  # one by which it says that the token is worth nothing any more
    has_clock: ClassVar[bool] = True  # whether its events say when they happened
    address_form: ClassVar[str] = "573{:09d}"  # how it writes the address of a person, by a number

    def __init__(self, port: int = 0) -> None:
        self.sent: list[Sent] = []
        self.mood, self.code, self.slowness, self.hanging = Mood.CALM, 0, 0.3, 0
        self.hang_limit = float(HANG_LIMIT)
        self.people = 0
        self.is_simulated = False  # our own address is on this machine, and that is no mistake
        self.seen_as = ""  # where callers find it, when that is another door than its own
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler_of(self._answer))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.calm_down()
        self._server.shutdown()
        self._server.server_close()

    @property
    def host(self) -> str:
        return self.seen_as or f"http://127.0.0.1:{self._server.server_address[1]}"

    def become(self, mood: Mood, code: int = 0) -> None:
        """Treat callers so from now on; `code` is the error it refuses with."""
        self._released.clear()
        self.mood, self.code = mood, code

    def _answer(self, call: Call) -> Answer | None:
        return self.in_mood() if self.knows_no_token else self.answer(call)

    def knows(self, call: Call) -> bool:
        """Whether a call of an address that several vendors share is for this one: by its secrets."""
        said = " ".join([*call.headers.values(), call.path, call.query, call.body[:10_000].decode("latin-1")])
        return any(str(secret) in said for secret in self.channel_secrets().values() if secret)

    @property
    def knows_no_token(self) -> bool:
        """Whether no token is worth anything at present, whatever is asked."""
        return bool(self.broken_code) and (self.mood, self.code) == (Mood.REFUSES, self.broken_code)

    def calm_down(self) -> None:
        """Be calm, and let everyone go who hangs."""
        self.mood = Mood.CALM
        self._released.set()

    def person(self, name: str = "") -> Person:
        """Somebody new, with an address as this vendor writes it."""
        with self._lock:
            self.people += 1
            return Person(self.address_form.format(self.people), name)

    # --- what a vendor says of itself; a subclass answers these ---

    def django_settings(self) -> dict[str, Any]:
        """Settings of ours under which adapters call this stand-in, such as META_API."""
        raise NotImplementedError

    def channel_settings(self) -> dict[str, Any]:
        """`Channel.settings` of a channel connected to it."""
        raise NotImplementedError

    def channel_secrets(self) -> dict[str, Any]:
        """`Channel.secrets` of a channel connected to it."""
        raise NotImplementedError

    def wrote(self, person: Person, *, hours_ago: float = 0) -> None:
        """Note that a customer wrote, where the vendor keeps a window; every event below does so itself."""

    def text(self, channel_id: UUID, person: Person, text: str, *, event_id: str = "", at: float = 0) -> Hook:
        """A customer's text. The same `event_id` is the same event; `at` is the vendor's clock (epoch)."""
        raise NotImplementedError

    def file(self, channel_id: UUID, person: Person, upload: Upload, *, text: str = "") -> Hook:
        """A customer's file, kept here to be fetched."""
        raise NotImplementedError

    def pressed(self, channel_id: UUID, person: Person, sent: Sent, title: str) -> Hook | None:
        """The customer presses a button of a message; None where the vendor has none."""
        return None

    def status(self, channel_id: UUID, sent: Sent, status: str) -> Hook | None:
        """What became of a message: delivered, read or failed; None where the vendor does not tell."""
        return None

    def shares_phone(self, channel_id: UUID, person: Person, phone: str) -> Hook | None:
        """The customer shares his own number, vouched for by the vendor; None where that cannot be."""
        return None

    def odd(self, channel_id: UUID, person: Person) -> Hook:
        """A well-signed event of a kind that nobody knows yet."""
        raise NotImplementedError

    def forged(self, hook: Hook) -> Hook:
        """The same call as somebody makes it who does not know the secret."""
        raise NotImplementedError

    def answer(self, call: Call) -> Answer | None:
        """The API itself. Messages are taken by `self.take`, which minds the mood; None answers nothing."""
        raise NotImplementedError

    def id_of(self, number: int) -> str:
        """How the vendor numbers the messages it takes."""
        raise NotImplementedError

    def accepted(self, sent: Sent) -> Answer:
        """How the vendor says that it took a message."""
        raise NotImplementedError

    def in_mood(self) -> Answer | None:
        """How the present mood refuses, in the vendor's words; None when it takes messages."""
        raise NotImplementedError

    # --- what subclasses use ---

    def take(self, to: str, text: str, body: dict[str, Any]) -> Answer | None:
        """Take a message that is in order, or treat the caller as the mood says; None answers nothing."""
        if self.mood == Mood.SLOW:
            time.sleep(self.slowness)
        if self.mood == Mood.HANGS_BEFORE:
            self._hang()
            return None
        if (refused := self.in_mood()) is not None:
            return refused
        with self._lock:
            sent = Sent(id=self.id_of(len(self.sent) + 1), to=to, text=text, body=body)
            self.sent.append(sent)
        if self.mood == Mood.HANGS_AFTER:
            self._hang()
            return None
        return self.accepted(sent)

    def _hang(self) -> None:
        with self._lock:
            self.hanging += 1
        self._released.wait(self.hang_limit)
        with self._lock:
            self.hanging -= 1


def handler_of(answer: Callable[[Call], Answer | None]) -> type[BaseHTTPRequestHandler]:
    """A server's handler that answers every request by one function; None closes without an answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path, _mark, query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = answer(Call(self.command, path, query, headers, body))
            if found is None:
                self.close_connection = True
                return
            said = found.said if isinstance(found.said, bytes) else json.dumps(found.said).encode()
            try:
                self.send_response(found.status)
                self.send_header("Content-Type", found.content_type)
                self.send_header("Content-Length", str(len(said)))
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                pass  # the caller went away meanwhile

        do_GET = do_HEAD = do_POST = do_DELETE = do_PUT = do_PATCH = _handle

        def log_message(self, *_args: object) -> None:
            pass

    return Handler
