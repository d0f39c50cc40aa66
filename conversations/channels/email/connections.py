"""Encrypted connections to a business's own mail servers, and what to say when there is none.

A business names the servers, so their addresses are judged like those of any outbound call: only public
ones, and the connection goes to the address that was judged. Without TLS and a valid certificate no
password leaves this machine.
"""

import imaplib
import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop
from imapclient.exceptions import CapabilityError, LoginError

from conversations.models import Channel
from tenants.kit.http import is_allowed

PASSWORD = "mailbox_password"  # noqa: S105 -- the name of a secret
GRANT = "mailbox_grant"
NAME_UNKNOWN = gettext_noop("No server has this name. Look for a typing error")
NOT_PUBLIC = gettext_noop("This server is not on the public internet")
SILENT = gettext_noop("The server does not answer at this port")
NOT_ENCRYPTED = gettext_noop("The server offers no encrypted connection at this port")
BAD_CERTIFICATE = gettext_noop("The server's certificate is not valid for this name")
WRONG_PASSWORD = gettext_noop("The server does not accept this user name and password")
NEEDS_APP_PASSWORD = gettext_noop(
    "The provider wants an app password. Make one in its security settings and enter it here"
)
NO_FOLDER = gettext_noop("The mailbox has no such folder")
BROKE_OFF = gettext_noop("The server broke off the connection")
NOT_UNDERSTOOD = gettext_noop("The server answered something unexpected")
_APP_PASSWORD = ("app password", "app-specific", "application-specific", "webalert", "less secure", "2-step")
_REFUSED = (LoginError, smtplib.SMTPAuthenticationError)


class MailboxProblem(Exception):
    """Why a server cannot be used. `reason` is for a person; `needs_person` will not pass by itself."""

    def __init__(self, reason: str, said: object = "", *, needs_person: bool = False) -> None:
        detail = " ".join(str(said).split())[:200]
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = str(self)
        self.needs_person = needs_person


@dataclass(frozen=True, slots=True)
class Account:
    """One server of a business and how to log in there."""

    host: str
    port: int
    username: str
    password: str = ""
    channel: tuple[UUID, UUID] | None = None  # business and channel, where a permission is kept
    token: str = ""  # of that permission, instead of a password

    def __repr__(self) -> str:
        return f"Account({self.host}:{self.port} {self.username})"


def receiving(channel: Channel) -> Account:
    """Where a channel's mail is read."""
    mailbox = channel.settings["mailbox"]
    return _account(channel, mailbox["host"], mailbox["port"])


def sending(channel: Channel) -> Account | None:
    """Where a channel's answers leave; None leaves them to the installation."""
    mailbox = channel.settings.get("mailbox") or {}
    host = mailbox.get("smtp_host")
    return _account(channel, host, mailbox["smtp_port"]) if host else None


def _account(channel: Channel, host: str, port: int) -> Account:
    username = channel.settings["mailbox"]["username"]
    if channel.secrets.get(GRANT):
        return Account(host, int(port), username, channel=(channel.tenant_id, channel.pk))
    return Account(host, int(port), username, channel.secrets.get(PASSWORD, ""))


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to a public address. Raises `MailboxProblem`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise MailboxProblem(NAME_UNKNOWN, host, needs_person=True) from error
    judged = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not judged or not all(map(is_allowed, judged)):
        raise MailboxProblem(NOT_PUBLIC, host, needs_person=True)
    try:
        return socket.create_connection((str(judged[0]), port), timeout=seconds)
    except OSError as error:
        raise MailboxProblem(SILENT, f"{host}:{port}") from error


def encrypt(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """The same connection under TLS; closed when it cannot be."""
    try:
        return context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def context() -> ssl.SSLContext:
    """What we ask of a certificate: an authority that this system trusts, or the installation's own."""
    found = ssl.create_default_context()
    if settings.MAIL_CA:
        found.load_verify_locations(cadata=settings.MAIL_CA)
    return found


@contextmanager
def explained(host: str) -> Iterator[None]:
    """Turn what a mail library raises into a `MailboxProblem`."""
    try:
        yield
    except MailboxProblem:
        raise
    except _REFUSED as error:
        said = _said(error)
        wants_app = any(mark in said.lower() for mark in _APP_PASSWORD)
        reason = NEEDS_APP_PASSWORD if wants_app else WRONG_PASSWORD
        raise MailboxProblem(reason, said, needs_person=True) from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxProblem(BAD_CERTIFICATE, host, needs_person=True) from error
    except (ssl.SSLError, CapabilityError, smtplib.SMTPNotSupportedError) as error:
        raise MailboxProblem(NOT_ENCRYPTED, host, needs_person=True) from error
    except (TimeoutError, ConnectionError, smtplib.SMTPServerDisconnected, imaplib.IMAP4.abort) as error:
        raise MailboxProblem(BROKE_OFF, host) from error
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error, ValueError, KeyError, TypeError) as error:
        raise MailboxProblem(NOT_UNDERSTOOD, _said(error)) from error


def _said(error: BaseException) -> str:
    """The server's words; the libraries hand them on as bytes, or as what bytes look like."""
    words = getattr(error, "smtp_error", None) or (error.args[0] if error.args else "")
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return text[2:-1] if text[:2] in ("b'", 'b"') else text


class _Smtp(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, timeout)


class _SmtpTls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return encrypt(connect(host, port, timeout), host)


def _log_in(server: smtplib.SMTP, account: Account) -> None:
    if not account.token:
        server.login(account.username, account.password)
        return
    # Google's and Microsoft's XOAUTH2; their refusal comes as a challenge that wants an empty answer.
    words = f"user={account.username}\x01auth=Bearer {account.token}\x01\x01"
    server.ehlo_or_helo_if_needed()
    server.auth("XOAUTH2", lambda challenge=None: "" if challenge else words)


@contextmanager
def smtp(account: Account, *, seconds: float = 15) -> Iterator[smtplib.SMTP]:
    """A logged-in connection for sending (RFC 8314 on port 465, STARTTLS elsewhere)."""
    with explained(account.host):
        if account.port == 465:
            server: smtplib.SMTP = _SmtpTls(account.host, account.port, timeout=seconds, context=context())
        else:
            server = _Smtp(account.host, account.port, timeout=seconds)
    try:
        with explained(account.host):
            if account.port != 465:
                server.starttls(context=context())
            _log_in(server, account)
        yield server
    finally:
        server.close()
