"""Clients that write to the business and note what was accepted: one end of the ledger."""

import json
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from bench.client import Connection, request_bytes
from conversations.channels.web.tokens import make_token

MAIL = """From: Persona {person} <persona{person}@correo.example>\r
To: hola@negocio.example\r
Subject: Asunto {marker}\r
Message-ID: <{marker}@correo.example>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
\r
Escribo por {marker}.\r
"""
VISITORS = 80
CLIENTS = 3
PAUSE = 0.12  # seconds between the posts of one client
AGAIN = 0.1  # share of what is posted twice, as vendors do
RETRY_LIMIT = 40.0  # seconds


@dataclass(slots=True)
class Door:
    """Where and as whom to write."""

    socket: Path
    web_id: UUID
    email_id: UUID
    email_token: str


@dataclass(slots=True)
class Accepted:
    """What the business said it has: client ids of widget messages, Message-IDs of mails."""

    web: set[str] = field(default_factory=set)
    mail: set[str] = field(default_factory=set)
    refused: int = 0  # answers that did not accept, retries included

    def __len__(self) -> int:
        return len(self.web) + len(self.mail)


class Traffic:
    """Several clients posting until told to stop. With `retries` they try again until accepted."""

    def __init__(self, door: Door, seed: int, *, retries: bool) -> None:
        self.door, self.retries = door, retries
        self.accepted = Accepted()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._client, args=(random.Random(seed * 100 + number),), daemon=True)
            for number in range(CLIENTS)
        ]

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def run_for(self, seconds: float) -> None:
        time.sleep(seconds)

    def _client(self, chance: random.Random) -> None:
        connection = Connection(self.door.socket, timeout=10)
        while not self._over.is_set():
            marker = str(UUID(int=chance.getrandbits(128), version=4))
            is_mail = chance.random() < 0.4
            request = self._mail(marker, chance) if is_mail else self._message(marker, chance)
            for _ in range(2 if chance.random() < AGAIN else 1):
                if self._post(connection, request):
                    (self.accepted.mail if is_mail else self.accepted.web).add(marker)
            time.sleep(PAUSE * 2 * chance.random())

    def _post(self, connection: Connection, request: bytes) -> bool:
        until = time.monotonic() + RETRY_LIMIT
        while True:
            with suppress(OSError):
                if connection.send(request)[0] in {200, 202}:
                    return True
            self.accepted.refused += 1
            if not self.retries or time.monotonic() > until:
                return False
            time.sleep(0.2)

    def _message(self, marker: str, chance: random.Random) -> bytes:
        visitor = UUID(int=0x4000 + chance.randrange(VISITORS))
        headers = {
            "Authorization": f"Visitor {make_token(self.door.web_id, visitor)}",
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}",
        }
        body = json.dumps({"client_id": marker, "text": f"Escribo por {marker}."}).encode()
        return request_bytes("POST", f"/w/{self.door.web_id}/messages/", headers, body)

    def _mail(self, marker: str, chance: random.Random) -> bytes:
        headers = {"Authorization": f"Bearer {self.door.email_token}", "Content-Type": "message/rfc822"}
        body = MAIL.format(marker=marker, person=chance.randrange(VISITORS)).encode()
        return request_bytes("POST", f"/hooks/email/{self.door.email_id}/", headers, body)
