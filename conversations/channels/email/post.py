"""One connection for many mails: raw bytes over SMTP, or whatever the installation sends mail by."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage as StandardMessage
from email.policy import SMTP
from typing import Protocol

from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.email import connections, oauth

UNREACHABLE = gettext_noop("The mail server cannot be reached. We try again.")
OK, WILL_FORWARD, GOING_AWAY = 250, 251, 421  # RFC 5321 §4.2.3
ANSWERED = (smtplib.SMTPHeloError, smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused)
OWN = ("Subject", "From", "To", "Reply-To", "Date", "MIME-Version", "Content-Type", "DKIM-Signature")


class NotOffered(OSError):
    """The connection was gone before the mail was offered: nobody has it."""


class Post(Protocol):
    """A way for mails, open while it is used."""

    def hand_over(self, sender: str, to: str, content: bytes) -> None:
        """Raises one of smtplib's refusals, `NotOffered`, or whatever leaves the outcome open.

        Both addresses are canonical (addresses.normalise), the lines of the mail end with CRLF.
        """


class _Smtp:
    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def hand_over(self, sender: str, to: str, content: bytes) -> None:
        """What smtplib's `sendmail` does, which reads each address anew by the grammar of mails."""
        try:
            self._announce(sender, to, len(content))
        except ANSWERED:
            raise
        except OSError as error:
            raise NotOffered(UNREACHABLE) from error
        try:
            code, said = self._server.data(content)
            if code != OK:
                raise smtplib.SMTPDataError(code, said)
        except smtplib.SMTPDataError as error:  # to the command, or to the mail
            self._begin_anew(error.smtp_code)
            raise

    def _announce(self, sender: str, to: str, size: int) -> None:
        server = self._server
        server.ehlo_or_helo_if_needed()
        said_size = f" SIZE={size}" if server.has_extn("size") else ""
        code, said = server.docmd("MAIL", f"FROM:<{sender}>{said_size}")
        if code != OK:
            self._begin_anew(code)
            raise smtplib.SMTPSenderRefused(code, said, sender)
        code, said = server.docmd("RCPT", f"TO:<{to}>")
        if code not in (OK, WILL_FORWARD):
            self._begin_anew(code)
            raise smtplib.SMTPRecipientsRefused({to: (code, said)})

    def _begin_anew(self, code: int) -> None:
        """After a refusal the next mail can follow, unless the server goes away."""
        if code == GOING_AWAY:
            self._server.close()
        else:
            with suppress(smtplib.SMTPServerDisconnected):
                self._server.rset()


class _Django:
    """Backends that take no bytes, such as those of providers' APIs: the mail is read back for them."""

    def __init__(self, backend: object) -> None:
        self._backend = backend

    def hand_over(self, sender: str, to: str, content: bytes) -> None:
        self._backend.send_messages([as_django(content)])  # type: ignore[attr-defined]


@contextmanager
def opened(account: connections.Account | None) -> Iterator[Post]:
    """A connection to a business's own server, or to the installation's. Raises `ChannelError`.

    Call it with no transaction open.
    """
    if account:
        try:
            with connections.smtp(oauth.with_token(account)) as server:
                yield _Smtp(server)
        except connections.MailboxProblem as problem:
            broken = problem.needs_person
            raise ChannelError(problem.reason, permanent=False, channel_broken=broken) from problem
        return
    backend = mailers.default
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    try:
        connection = backend.connection if isinstance(backend, EmailBackend) else None
        yield _Smtp(connection) if connection is not None else _Django(backend)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            backend.close()


def as_django(content: bytes) -> EmailMultiAlternatives:
    """A mail that is ready as bytes, as Django's."""
    read: StandardMessage = message_from_bytes(content, policy=SMTP)  # type: ignore[assignment]
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    mail = EmailMultiAlternatives(
        subject=str(read["Subject"]),
        body=text.get_content() if text else "",
        from_email=str(read["From"]),
        to=[str(read["To"])],
        reply_to=[str(read["Reply-To"])],
        headers={name: str(value) for name, value in read.items() if name not in OWN},
    )
    if html:
        mail.attach_alternative(html.get_content(), "text/html")
    for part in read.iter_attachments():
        mail.attach(part.get_filename() or "attachment", part.get_content(), part.get_content_type())
    return mail
