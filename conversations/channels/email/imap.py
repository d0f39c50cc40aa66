"""A mailbox read by IMAP (RFC 9051, RFC 3501): only looked at, never changed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.tls import IMAP4_TLS

from conversations.channels.email.connections import (
    NO_FOLDER,
    NOT_UNDERSTOOD,
    Account,
    MailboxProblem,
    connect,
    encrypt,
    explained,
)

LARGEST = 40 * 1024 * 1024  # bytes of one mail; the rest of a larger one is left at the provider
MOST_AT_ONCE = 500  # mails looked at in one go
PATIENCE = 20.0  # seconds for an answer


class _Connection(IMAP4_TLS):
    """imaplib's connection, to the address that was judged, that believes no endless literal."""

    def _create_socket(self, timeout: float | None = None) -> Any:
        plain = connect(self.host, self.port, self._timeout or PATIENCE)
        return encrypt(plain, self.host)

    def read(self, size: int) -> bytes:
        if size > LARGEST + 1024:
            raise MailboxProblem(NOT_UNDERSTOOD, f"a literal of {size} bytes")
        return super().read(size)


class _Client(IMAPClient):  # type: ignore[misc]  # the library has no types
    def _create_IMAP4(self) -> _Connection:
        return _Connection(self.host, self.port, timeout=self._timeout.connect)


class OpenMailbox:
    """A folder, open for reading."""

    def __init__(self, client: Any, facts: dict[bytes, Any]) -> None:
        self._client = client
        self.uid_validity = int(facts.get(b"UIDVALIDITY", 0))
        self.uid_next = int(facts.get(b"UIDNEXT", 0))

    @property
    def tells(self) -> bool:
        """Whether the server tells of new mail by itself (IDLE, RFC 2177)."""
        return bool(self._client.has_capability("IDLE"))

    def hears(self, longest: float, step: float, is_over: Callable[[], bool]) -> bool:
        """Wait until the server tells of a change; False after `longest` seconds, or when it is over."""
        self._client.idle()
        try:
            until = time.monotonic() + longest
            while time.monotonic() < until and not is_over():
                if any(b"EXISTS" in told for told in self._client.idle_check(timeout=step)):
                    return True
            return False
        finally:
            self._client.idle_done()

    def uids_from(self, first: int) -> list[int]:
        """The messages with this UID or a greater one, in order, at most `MOST_AT_ONCE`."""
        # "n:*" always holds the last message, also where its UID is smaller (RFC 9051 §9, seq-range).
        found = self._client.search(["UID", f"{max(first, 1)}:*"])
        return sorted(uid for uid in found if uid >= first)[:MOST_AT_ONCE]

    def uids_since(self, day: date) -> list[int]:
        """The messages that arrived on a day or later, in order."""
        return sorted(self._client.search(["SINCE", day]))

    def fetch(self, uid: int) -> bytes | None:
        """A message as it was received; None when it is gone."""
        found = self._client.fetch([uid], [f"BODY.PEEK[]<0.{LARGEST}>"]).get(uid, {})
        for name, value in found.items():
            if name.startswith(b"BODY[]") and isinstance(value, bytes):
                return value
        return None


@contextmanager
def open_mailbox(
    account: Account, folder: str = "INBOX", *, seconds: float = PATIENCE
) -> Iterator[OpenMailbox]:
    """Log in and open a folder. Raises `MailboxProblem` here and, for what happens inside, on the way out."""
    with explained(account.host):
        client = _Client(
            account.host, account.port, ssl=True, timeout=SocketTimeout(connect=seconds, read=seconds)
        )
    try:
        with explained(account.host):
            if account.token:
                client.oauth2_login(account.username, account.token)
            else:
                client.login(account.username, account.password)
            try:
                facts = client.select_folder(folder, readonly=True)
            except client.Error as error:
                if isinstance(error, client.AbortError):
                    raise
                raise MailboxProblem(NO_FOLDER, folder, needs_person=True) from error
            yield OpenMailbox(client, facts)
    finally:
        with suppress(Exception):
            client.logout()
        with suppress(Exception):
            client.shutdown()
