"""Mail for those without a mail server: kept as files, read on a page for developers.

Used only while EMAIL_URL is unset. The page holds sign-up and log-in links, so it exists on localhost alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage as ParsedMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from tenants.scoping import uuid7

log = structlog.get_logger("puente.mail")
SHOWN = 100  # mails in the list
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
HTML_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "img-src": ["data:"],
    "style-src": [CSP.UNSAFE_INLINE],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
}


@dataclass(frozen=True)
class Mail:
    """A kept mail, as the page shows it."""

    name: str
    subject: str
    sender: str
    to: str
    sent_at: datetime | None
    text: str
    html: str


class MailboxBackend(BaseEmailBackend):
    """Writes each message to the mailbox and logs where to read it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAILBOX_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = str(uuid7())  # sorts by time
            keep(settings.MAILBOX_DIR / f"{name}.eml", message.message().as_bytes())
            log.info("mail kept", to=message.to, subject=message.subject, read=address(name))
        return len(email_messages)


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    mails = [read(path) for path in newest(kept_files())]
    return render(request, "config/mailbox.html", {"mails": mails, "shown": SHOWN})


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, as text with its links."""
    return render(request, "config/mail.html", {"mail": find(name)})


@never_cache
@require_safe
@csp_override(HTML_POLICY)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as its HTML, under a policy that lets it show and nothing else."""
    return HttpResponse(find(name).html)


def address(name: str) -> str:
    """Where a mail can be read."""
    return f"{settings.BASE_URL}/dev/mailbox/{name}/"


def keep(path: Path, content: bytes) -> None:
    """Write a mail so that nobody sees half of it."""
    half_written = path.with_suffix(".new")
    half_written.write_bytes(content)
    half_written.rename(path)


def kept_files() -> Iterable[Path]:
    """The files of the mailbox. Raises Http404 where there is none to be seen."""
    if settings.EMAIL_URL or urlsplit(settings.BASE_URL).hostname not in LOCAL_HOSTS:
        raise Http404
    return settings.MAILBOX_DIR.glob("*.eml")


def newest(files: Iterable[Path]) -> list[Path]:
    return sorted(files, reverse=True)[:SHOWN]


def find(name: str) -> Mail:
    """One mail by the name of its file. Raises Http404."""
    for path in kept_files():
        if path.stem == name:
            return read(path)
    raise Http404


def read(path: Path) -> Mail:
    """Parse a kept mail (RFC 5322); a broken one shows what can be shown."""
    message = cast(ParsedMessage, message_from_bytes(path.read_bytes(), policy=modern))
    return Mail(
        name=path.stem,
        subject=str(message["subject"] or ""),
        sender=str(message["from"] or ""),
        to=str(message["to"] or ""),
        sent_at=date_of(message),
        text=body(message, "plain"),
        html=body(message, "html"),
    )


def date_of(message: ParsedMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message["date"]))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000" is UTC (RFC 5322 §3.3)


def body(message: ParsedMessage, kind: str) -> str:
    """The text or HTML part; empty where there is none or its charset is unknown."""
    part = message.get_body((kind,))
    try:
        return part.get_content() if part is not None else ""
    except (LookupError, MessageError, ValueError):
        return ""
