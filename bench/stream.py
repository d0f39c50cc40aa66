"""From the widget's POST to the agent's event stream, through the real worker."""

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.client import Connection
from bench.fill import Filled
from bench.measure import percentile
from bench.rates import widget_posts
from bench.report import Entry
from bench.stack import Installation, wait_for
from conversations.models import Message
from tenants.scoping import tenant_scope

PER_SECOND = 100
MESSAGES = 1_500
CLIENTS = 4
WARM_UP = 500  # messages before the first that counts: a fresh worker still writes its statements
LATEST = 30  # seconds after the last POST


class Listener(threading.Thread):
    """An agent's page: notes when it hears of each message."""

    def __init__(self, path: Path, address: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self.address, self.cookie = address, cookie
        self.heard: dict[str, float] = {}
        self.open = threading.Event()
        self.connection = http.client.HTTPConnection("localhost", timeout=120)
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.connect(str(path))

    def run(self) -> None:
        self.connection.request("GET", self.address, headers={"Cookie": self.cookie})
        answer = self.connection.getresponse()
        assert answer.status == 200, answer.status
        for line in answer:
            self.open.set()
            if line.startswith(b"data: "):
                self._note(json.loads(line[6:]))

    def _note(self, event: dict[str, Any]) -> None:
        if event["kind"] == "message" and event["data"].get("kind") == "inbound":
            self.heard.setdefault(event["data"]["message"], time.monotonic())


def message_to_stream(filled: Filled, stack: Installation, cookie: str) -> Entry:
    """Posts at a steady pace, each matched with its event by the message it became."""
    listener = Listener(stack.live_socket, f"/b/{filled.slug}/events/", cookie)
    listener.start()
    wait_for(listener.open.is_set, 30, "the event stream")
    posts = widget_posts(filled, MESSAGES + WARM_UP, tag="stream ")
    posted: dict[str, float] = {}
    begun = time.monotonic()

    def client(first: int) -> None:
        connection = Connection(stack.web_socket)
        for number in range(first, len(posts), CLIENTS):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            client_id = json.loads(posts[number].partition(b"\r\n\r\n")[2])["client_id"]
            if number >= WARM_UP:
                posted[client_id] = time.monotonic()
            status, body = connection.send(posts[number])
            assert status == 202, body

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))
    wait_for(lambda: len(listener.heard) >= len(posts), LATEST, "every message on the stream")
    with tenant_scope(filled.tenant_id):
        became = dict(Message.objects.filter(client_id__in=posted).values_list("client_id", "id"))
    delays = [listener.heard[str(became[UUID(one)])] - at for one, at in posted.items()]
    p50, p95 = percentile(delays, 50), percentile(delays, 95)
    spread = f"p50 {p50:.3f}, most {max(delays):.3f}, n={len(delays)}"
    what = f"widget POST to agent's event at {PER_SECOND}/s; {spread}"
    return Entry("message_to_stream", p95, None, "lower", "s at p95", what)
