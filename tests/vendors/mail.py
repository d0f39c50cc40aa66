"""A mail server that takes every mail, and can fall silent after it has taken one."""

import asyncio
import socket
from collections import Counter
from contextlib import closing
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_LIMIT = 60  # seconds


class MailServer:
    """`taken` counts how often each Message-ID arrived, `reached` how many mails each address got."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.reached: Counter[str] = Counter()
        self.hangs = False
        self.hanging = 0
        self._port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.hangs = False
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail; while `hangs`, do not say so."""
        assert isinstance(envelope.content, bytes)
        head = envelope.content.partition(b"\r\n\r\n")[0]
        self.taken[message_from_bytes(head)["Message-ID"]] += 1
        self.reached.update(envelope.rcpt_tos)
        if self.hangs:
            self.hanging += 1
            for _ in range(HANG_LIMIT * 10):
                if not self.hangs:
                    break
                await asyncio.sleep(0.1)
            self.hanging -= 1
        return "250 OK"


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
