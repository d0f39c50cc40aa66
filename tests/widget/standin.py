"""A small server that speaks docs/guides/web-chat-protocol.md and can misbehave, and a shop's page."""

import contextlib
import json
import queue
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.slim import slim

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "static" / "widget" / "widget.js"
PROTOCOL = ROOT / "docs" / "guides" / "web-chat-protocol.md"
# A red picture of two by one pixels.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd0000000f49444154789c63fccfc0c0"
    "c0c0000006080101cb4776750000000049454e44ae426082"
)
CHANNEL = "0195d3b4-7a10-7c3e-9f55-0242ac120002"

Json = dict[str, Any]


def example(section: str) -> Json:
    """The first JSON block below a heading of the protocol document."""
    text = PROTOCOL.read_text().split(f"## `{section}`", 1)[1]
    return json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1])  # type: ignore[index, no-any-return]


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Chat:
    """What the server knows, what it was asked, and how it is to behave."""

    config: Json = field(
        default_factory=lambda: {**example("GET config/?lang=es"), "prechat": [], "language": "en"}
    )
    known: bool = False
    live: bool = False
    visitor_tokens: set[str] = field(default_factory=set)
    messages: list[Json] = field(default_factory=list)
    received: list[Json] = field(default_factory=list)
    small: list[tuple[str, Json]] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    file_plan: list[str] = field(default_factory=list)
    problem: str = ""
    sessions: list[Json] = field(default_factory=list)
    streams: list[queue.Queue[bytes | None]] = field(default_factory=list)
    reads: int = 0
    stream_tries: int = 0
    events: int = 0
    page_size: int = 50
    always_more: bool = False
    origins: set[str] | None = None
    plan: list[str] = field(default_factory=list)
    stream_plan: str = "open"
    echo: bool = True
    repeat_events: int = 1
    lock: threading.RLock = field(default_factory=threading.RLock)

    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    def say(self, text: str, name: str = "Laura", announce: bool = True, **more: Any) -> Json:
        """An agent's message, stored and, unless told otherwise, sent to every open stream."""
        message = {
            "client_id": None,
            "from": "agent",
            "author": {"name": name} if name else None,
            "text": text,
            "at": now(),
            "read": False,
            "attachments": [],
            "rating": None,
            **more,
        }
        self.store(message, announce)
        return message

    def ask_rating(self) -> Json:
        rating = {"token": "rate-1", "question": "How did we do?", "scale": [1, 2, 3, 4, 5], "answered": None}
        return self.say("", "", **{"from": "system", "rating": rating})

    def store(self, message: Json, announce: bool = True) -> None:
        with self.lock:
            message["id"] = f"m{len(self.messages):05}"
            self.messages.append(message)
            if announce:
                self.publish("message", {"message": message})

    def publish(self, kind: str, data: Json) -> None:
        with self.lock:
            self.events += 1
            block = f"id: {self.events}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()
            for stream in self.streams:
                for _ in range(self.repeat_events):
                    stream.put(block)

    def hang_up(self) -> None:
        """Ends every stream."""
        with self.lock:
            for stream in self.streams:
                stream.put(None)

    def accept(self, body: Json) -> None:
        """Stores a visitor's message once, whatever is posted twice."""
        with self.lock:
            if any(message["client_id"] == body["client_id"] for message in self.messages):
                return
            message = {
                "client_id": body["client_id"],
                "from": "visitor",
                "author": None,
                "text": body["text"],
            }
            handed = [(key, *self.files[key]) for key in body.get("files", [])]
            files = [
                {"name": name, "url": f"/files/{key}", "size": len(content), "type": ""}
                for key, name, content in handed
            ]
            message |= {"at": now(), "read": False, "attachments": files, "rating": None}
            self.store(message, announce=self.echo)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    chat: Chat

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def reply(
        self, status: int, body: Json | str | bytes | None = None, kind: str = "application/json", **more: str
    ) -> None:
        data = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.cors()
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def problem(self, status: int, detail: str, **more: str) -> None:
        self.reply(
            status,
            {"status": status, "title": "Problem", "detail": detail},
            "application/problem+json",
            **more,
        )

    def cors(self) -> None:
        origin = self.headers.get("Origin")
        if origin and (self.chat.origins is None or origin in self.chat.origins):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Expose-Headers", "Retry-After")
            self.send_header("Vary", "Origin")

    def hang_up(self) -> None:
        """Cuts the line without an answer."""
        self.close_connection = True
        self.connection.close()

    def do_OPTIONS(self) -> None:
        self.reply(
            204,
            Access_Control_Allow_Methods="GET, POST",
            Access_Control_Allow_Headers="authorization, content-type",
            Access_Control_Max_Age="7200",
        )

    def admitted(self) -> bool:
        origin = self.headers.get("Origin")
        return self.chat.origins is None or origin is None or origin in self.chat.origins

    def authorised(self) -> bool:
        return (self.headers.get("Authorization") or "").removeprefix("Visitor ") in self.chat.visitor_tokens

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        plain = {
            "/widget.js": (slim(), "text/javascript; charset=utf-8"),
            "/small.png": (PICTURE, "image/png"),
        }
        if url.path in plain:
            return self.reply(200, *plain[url.path], Cache_Control="no-store")
        if not self.admitted():
            return self.problem(403, "This site is not on the list.")
        place = url.path.removeprefix(f"/w/{CHANNEL}/")
        if place == "config/":
            return self.reply(200, self.chat.config)
        if place not in ("messages/", "events/"):
            return self.problem(404, "No such chat.")
        if place == "events/":
            self.chat.stream_tries += 1
        if not self.authorised():
            return self.problem(401, "Who are you?")
        return self.page(query) if place == "messages/" else self.stream()

    def page(self, query: dict[str, str]) -> None:
        with self.chat.lock:
            self.chat.reads += 1
            everything, size = self.chat.messages, self.chat.page_size
            end = int(query["before"]) if "before" in query else len(everything)
            start = int(query["after"]) if "after" in query else max(0, end - size)
            shown = everything[start : start + size] if "after" in query else everything[start:end]
            body = {
                "messages": shown,
                "cursor": str(start + len(shown)),
                "more": self.chat.always_more
                or (start + len(shown) < len(everything) and "before" not in query),
                "before": str(start) if start and "after" not in query else None,
            }
        self.reply(200, body)

    def stream(self) -> None:
        if self.chat.stream_plan == "refuse":
            return self.problem(503, "No streams today.")
        if self.chat.stream_plan == "cut":
            return self.hang_up()
        mine: queue.Queue[bytes | None] = queue.Queue()
        self.send_response(200)
        self.cors()
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with self.chat.lock:
            self.chat.streams.append(mine)
        try:
            self.wfile.write(b": hello\n\n")
            self.wfile.flush()
            while True:
                try:
                    block = mine.get(timeout=0.3)
                except queue.Empty:
                    block = b": still here\n\n"
                if block is None:
                    break
                # In two pieces: a block may arrive cut anywhere.
                self.wfile.write(block[:11])
                self.wfile.flush()
                self.wfile.write(block[11:])
                self.wfile.flush()
        finally:
            with self.chat.lock:
                self.chat.streams.remove(mine)
        return None

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        place = url.path.removeprefix(f"/w/{CHANNEL}/")
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.admitted():
            return self.problem(403, "This site is not on the list.")
        if place != "session/" and not self.authorised():
            return self.problem(401, "Who are you?")
        if place == "files/":
            return self.file(parse_qs(url.query)["name"][0], raw)
        body = json.loads(raw or b"{}")
        if place not in {"session/", "messages/"}:
            self.chat.small.append((place, body))
        take = {"session/": self.session, "messages/": self.message, "rating/": self.rating}.get(place)
        return take(body) if take else self.reply(204)

    def session(self, body: Json) -> None:
        with self.chat.lock:
            self.chat.sessions.append(body)
            token = body.get("token")
            same = token in self.chat.visitor_tokens and self.chat.problem != "another"
            if not same:
                token = f"visitor-{len(self.chat.sessions)}"
                self.chat.visitor_tokens.add(token)
        reply = {"token": token, "known": self.chat.known, "live": self.chat.live, "visitor": {}}
        identified = bool(body.get("identity")) and not self.chat.problem
        self.reply(200, reply | {"same": same, "identified": identified, "problem": self.chat.problem})

    def file(self, name: str, content: bytes) -> None:
        match self.chat.file_plan.pop(0) if self.chat.file_plan else "ok":
            case "drop":
                return self.hang_up()
            case "422":
                return self.problem(422, "This kind of file cannot be sent here.")
        with self.chat.lock:
            key = f"file-{len(self.chat.files)}"
            self.chat.files[key] = (name, content)
        return self.reply(201, {"id": key, "name": name, "size": len(content), "type": "image/png"})

    def message(self, body: Json) -> None:
        with self.chat.lock:
            self.chat.received.append(body)
            act = self.chat.plan.pop(0) if self.chat.plan else "ok"
        misbehave: dict[str, Callable[[], None]] = {
            "500": lambda: self.problem(500, "Oh."),
            "429": lambda: self.problem(429, "Slowly, please.", Retry_After="1"),
            "422": lambda: self.problem(422, "We cannot take this."),
            "drop": self.hang_up,
        }
        if act in misbehave:
            return misbehave[act]()
        if act == "slow":
            time.sleep(1)
        self.chat.accept(body)
        if act == "accept-drop":
            return self.hang_up()
        return self.reply(202, {"client_id": body["client_id"], "accepted": True})

    def rating(self, body: Json) -> None:
        for message in self.chat.messages:
            if message["rating"] and message["rating"]["token"] == body["token"]:
                message["rating"] |= {"answered": body["score"], "commented": "comment" in body}
                self.chat.publish("message", {"message": message})
                return self.reply(204)
        return self.problem(404, "No such question.")


class Shop(BaseHTTPRequestHandler):
    """The host page, with a strict content security policy and a style sheet that shouts at everything."""

    protocol_version = "HTTP/1.1"
    chat_origin: str
    attributes = ""
    copies = 1

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if self.path == "/shout.css":
            data, kind = (
                b"* { color: red !important; font-size: 40px } div, puente-chat { display: none }",
                "text/css",
            )
        else:
            source = f'src="{self.chat_origin}/widget.js" data-channel="{CHANNEL}"'
            snippet = f"<script {source} {self.attributes} async></script>"
            page = (
                '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                f'<link rel="stylesheet" href="/shout.css">{snippet * self.copies}</head>'
                '<body><main><h1>Shop</h1><p><a href="#chat" data-puente-open>Ask us</a> '
                '<a href="/other">Other</a></p></main></body></html>'
            )
            data, kind = page.encode(), "text/html; charset=utf-8"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; "
            f"script-src {self.chat_origin}; connect-src {self.chat_origin}; "
            "require-trusted-types-for 'script'; trusted-types 'none'",
        )
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Place:
    """Both servers on free ports of this machine."""

    def __init__(self, host: str = "localhost") -> None:
        self.chat = Chat()
        self._chat_server = self._serve(type("ChatHandler", (Handler,), {"chat": self.chat}))
        self.chat_url = f"http://{host}:{self._chat_server.server_address[1]}"
        self.shop = type("ShopHandler", (Shop,), {"chat_origin": self.chat_url})
        self._shop_server = self._serve(self.shop)
        self.url = f"http://{host}:{self._shop_server.server_address[1]}/"

    @staticmethod
    def _serve(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    def close(self) -> None:
        self.chat.hang_up()
        for server in (self._chat_server, self._shop_server):
            server.shutdown()
            server.server_close()
