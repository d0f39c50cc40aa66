"""WhatsApp as far as we talk to it: the Graph API's messages and media, and signed calls of our webhook.

It refuses what the documented API refuses (token, required fields, lengths, window, file sizes) and
misbehaves when told to. Source: developers.facebook.com/docs/whatsapp/cloud-api/reference (v24.0).
"""

import json
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from conversations.channels.meta.signature import sign

VERSION = "v24.0"
TOKEN = "EAAG-token"
NUMBER = "1122334455667"
APP_SECRET = "app-secret"
HANG_LIMIT = 60  # seconds
WINDOW = 24 * 3600  # seconds
TYPES = {"text", "image", "audio", "video", "document", "sticker", "interactive", "template"}
LARGEST = {"image": 5 << 20, "audio": 16 << 20, "video": 16 << 20}  # bytes; others 100 MB
Answer = tuple[int, dict[str, Any]]


class Mood(StrEnum):
    """How it treats those who call."""

    CALM = "calm"
    SLOW = "answers after `slowness` seconds"
    REFUSES = "answers with the error `code`"
    THROTTLES = "429, to be asked again after seven seconds"
    BREAKS = "500, taking nothing"
    HANGS_AFTER = "takes the message, then says nothing"
    HANGS_BEFORE = "says nothing and takes nothing"


@dataclass
class Stored:
    """A file at the vendor."""

    content: bytes
    content_type: str
    name: str = ""
    address: str = ""  # elsewhere than the stand-in, when a test says so


@dataclass
class WhatsApp:
    """What the vendor knows: `sent` are the bodies it took, `files` what lies there."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, Stored] = field(default_factory=dict)
    last_written: dict[str, float] = field(
        default_factory=dict
    )  # customer's last message, by wa_id or user id
    mood: Mood = Mood.CALM
    code: int = 131000
    slowness: float = 0.3
    hanging: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "WhatsApp":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.calm_down()
        self._server.shutdown()
        self._server.server_close()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """What PUENTE_META_API is set to."""
        return f"{self.host}/{VERSION}"

    def become(self, mood: Mood, code: int = 131000) -> None:
        """Treat callers so from now on."""
        self._released.clear()
        self.mood, self.code = mood, code

    def calm_down(self) -> None:
        """Be calm, and let everyone go who hangs."""
        self.mood = Mood.CALM
        self._released.set()

    def keep(self, stored: Stored) -> str:
        """Have a file; returns its id."""
        with self._lock:
            number = str(7_000 + len(self.files))
            self.files[number] = stored
        return number

    def customer_writes(self, who: str, *, hours_ago: float = 0) -> None:
        """Open the customer's window."""
        self.last_written[who] = time.time() - hours_ago * 3600

    def take(self, number: str, body: dict[str, Any]) -> Answer | None:
        """A call of the messages endpoint; None answers nothing."""
        if self.mood == Mood.SLOW:
            time.sleep(self.slowness)
        if self.mood == Mood.HANGS_BEFORE:
            self._hang()
            return None
        if (refused := self._refusal() or self._wrong(number, body)) is not None:
            return refused
        with self._lock:
            self.sent.append(body)
            wamid = f"wamid.{len(self.sent)}"
        if self.mood == Mood.HANGS_AFTER:
            self._hang()
            return None
        return 200, {"messaging_product": "whatsapp", "messages": [{"id": wamid}]}

    def _refusal(self) -> Answer | None:
        """What it says to everybody in its present mood."""
        match self.mood:
            case Mood.BREAKS:
                return 500, _error(131000, "Something went wrong")
            case Mood.THROTTLES:
                return 429, _error(130429, "Rate limit hit")
            case Mood.REFUSES:
                return 401 if self.code == 190 else 400, _error(self.code, "Refused")
        return None

    def upload(self, number: str, form: dict[str, Stored]) -> Answer:
        """A call of the media endpoint."""
        product, kind, file = form.get("messaging_product"), form.get("type"), form.get("file")
        if number != NUMBER or product is None or product.content != b"whatsapp" or not kind or not file:
            return 400, _error(100, "Invalid parameter")
        if len(file.content) > LARGEST.get(file.content_type.partition("/")[0], 100 << 20):
            return 400, _error(131053, "Media upload error")
        return 200, {"id": self.keep(file)}

    def look_up(self, media_id: str) -> Answer:
        """Where a file lies."""
        file = self.files.get(media_id)
        if file is None:
            return 400, _error(100, "Unsupported get request. Object with ID does not exist")
        address = file.address or f"{self.host}/files/{media_id}"
        known = {
            "url": address,
            "mime_type": file.content_type,
            "file_size": len(file.content),
            "id": media_id,
        }
        return 200, {"messaging_product": "whatsapp", **known}

    def _hang(self) -> None:
        with self._lock:
            self.hanging += 1
        self._released.wait(HANG_LIMIT)
        with self._lock:
            self.hanging -= 1

    def _wrong(self, number: str, body: dict[str, Any]) -> Answer | None:
        """The vendor's complaint about a message, None when it is in order."""
        to = body.get("to") or body.get("recipient")
        kind = body.get("type")
        if number != NUMBER or body.get("messaging_product") != "whatsapp" or not isinstance(to, str):
            return 400, _error(100, "Invalid parameter")
        if "to" in body and not to.isdigit():
            return 400, _error(100, "Invalid parameter: to")
        if kind not in TYPES or kind not in body or len(body.get("biz_opaque_callback_data", "")) > 512:
            return 400, _error(100, "Invalid parameter: type")
        if kind != "template" and time.time() - self.last_written.get(to, 0) > WINDOW:
            return 400, _error(131047, "Re-engagement message")
        return None if self._fits(kind, body[kind]) else (400, _error(100, f"Invalid parameter: {kind}"))

    def _fits(self, kind: str, part: dict[str, Any]) -> bool:
        match kind:
            case "text":
                return 0 < len(part["body"]) <= 4_096
            case "interactive":
                buttons = part["action"]["buttons"]
                titles = [button["reply"]["title"] for button in buttons]
                short = all(0 < len(title) <= 20 for title in titles) and len(set(titles)) == len(titles)
                return 0 < len(buttons) <= 3 and short and 0 < len(part["body"]["text"]) <= 1_024
            case "template":
                return bool(part["name"] and part["language"]["code"])
        captioned = "caption" not in part or kind in {"image", "video", "document"}
        return part.get("id") in self.files and captioned and len(part.get("caption", "")) <= 1_024


def post(client: Client, path: str, payload: object, *, secret: str = APP_SECRET, times: int = 1) -> Any:
    """Call a webhook as Meta does, signed; `times` repeats it. Returns the last answer."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {"X-Hub-Signature-256": sign(raw, secret)}
    answers = [client.post(path, raw, content_type="application/json", headers=headers) for _ in range(times)]
    return answers[-1]


def _error(code: int, said: str) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) {said}", "type": "OAuthException", "code": code}}


def _form(content_type: str, body: bytes) -> dict[str, Stored]:
    """The fields of a multipart form."""
    whole: Message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found = {}
    for part in whole.get_payload() if whole.is_multipart() else []:
        assert isinstance(part, Message)
        name = part.get_param("name", header="Content-Disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(name)] = Stored(content, part.get_content_type(), part.get_filename() or "")
    return found


def _handler_of(vendor: WhatsApp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            _empty, version, number, endpoint = self.path.split("/")
            answer: Answer | None
            if version != VERSION or endpoint not in {"messages", "media"}:
                answer = 404, _error(100, "Unknown path")
            elif not self._is_known():
                answer = 401, _error(190, "Invalid OAuth access token")
            elif endpoint == "media":
                answer = vendor.upload(number, _form(self.headers["Content-Type"], raw))
            else:
                answer = vendor.take(number, json.loads(raw))
            if answer is not None:
                self._say(*answer)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            last = parts.path.rpartition("/")[2]
            if not self._is_known():
                self._say(401, _error(190, "Invalid OAuth access token"))
            elif parts.path.startswith("/files/"):
                self._send(200, vendor.files[last].content, vendor.files[last].content_type)
            elif parse_qs(parts.query).get("phone_number_id") != [NUMBER]:
                self._say(400, _error(100, "Invalid parameter"))
            else:
                self._say(*vendor.look_up(last))

        def _is_known(self) -> bool:
            return self.headers.get("Authorization") == f"Bearer {TOKEN}"

        def _say(self, status: int, data: dict[str, Any]) -> None:
            self._send(status, json.dumps(data).encode(), "application/json")

        def _send(self, status: int, body: bytes, content_type: str) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the caller went away meanwhile

        def log_message(self, *_args: object) -> None:
            pass

    return Handler
