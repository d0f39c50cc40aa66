"""Mails that tell members what happened: claimed, handed over once, settled.

The row is the truth. Two schedulers claim it once; who dies while the mail server is being asked leaves
the row unknown, and it is not sent again: everything it tells of stands in the page.
"""

import smtplib
import socket
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from conversations.actions import notifications
from conversations.actions.failures import in_short
from conversations.models import Notification, NotificationMail
from conversations.notices import notice_of, place_of
from tenants import formats
from tenants.kit.text import one_line
from tenants.models import Membership, Tenant
from tenants.permissions import Sees
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.notifications")
Status = NotificationMail.Status
LEASE = timedelta(minutes=3)
MAX_ATTEMPTS = 5
RETRY_BASE = timedelta(minutes=1)
MOST_TOLD = 100  # notifications in one mail
SALT = "conversations.notifications.unsubscribe"
# What says for certain that the server did not take the mail.
NOT_TAKEN = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ConnectionRefusedError,
    socket.gaierror,
)


class Claim(NamedTuple):
    """A turn at a mail; only its own turn may settle it."""

    mail_id: UUID
    attempts: int


def send(tenant_id: UUID | str, mail_id: UUID | str) -> None:
    """Send one mail if it is due and nobody else does. Harmless when run twice."""
    with tenant_scope(tenant_id):
        claim = _claim(mail_id)
    if claim is None:
        return
    with tenant_scope(tenant_id):
        letter = _compose(claim)
    if letter is None:
        return
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 -- whatever it is, the row says what is known
        with tenant_scope(tenant_id):
            _failed(claim, error)
        return
    with tenant_scope(tenant_id):
        _settle(claim, Status.SENT)


def _claim(mail_id: UUID | str) -> Claim | None:
    """Count an attempt at a due mail. One whose sender died while the server was asked becomes unknown."""
    now = timezone.now()
    rows = NotificationMail.objects.select_for_update(skip_locked=True, of=("self",))
    mail = rows.filter(pk=mail_id, due_at__lte=now).first()
    if mail is None:
        return None
    if mail.status == Status.SENDING and mail.calling_at:
        mail.status, mail.due_at, mail.settled_at = Status.UNKNOWN, None, now
        mail.save(update_fields=["status", "due_at", "settled_at"])
        return None
    mail.status, mail.due_at = Status.SENDING, now + LEASE
    mail.attempts += 1
    mail.save(update_fields=["status", "due_at", "attempts"])
    return Claim(mail.pk, mail.attempts)


def _mine(claim: Claim) -> Any:
    return NotificationMail.objects.filter(pk=claim.mail_id, attempts=claim.attempts, status=Status.SENDING)


def _settle(claim: Claim, status: str, reason: str = "") -> None:
    _mine(claim).update(status=status, due_at=None, settled_at=timezone.now(), reason=reason)


def _failed(claim: Claim, error: Exception) -> None:
    """Later again what was certainly not taken; nothing more for what may have been."""
    log.warning("notification mail not sent", mail_id=str(claim.mail_id), error=in_short(error))
    if not isinstance(error, NOT_TAKEN):
        _settle(claim, Status.UNKNOWN, in_short(error))
    elif claim.attempts >= MAX_ATTEMPTS:
        _settle(claim, Status.FAILED, in_short(error))
    else:
        later = timezone.now() + RETRY_BASE * 2 ** (claim.attempts - 1)
        _mine(claim).update(status=Status.PENDING, due_at=later, calling_at=None, reason=in_short(error))


def _compose(claim: Claim) -> EmailMessage | None:
    """The mail as it is now, marked as handed over; None when nothing is left to tell."""
    mail = _mine(claim).select_related("membership__user").first()
    if mail is None:
        return None
    member = Membership.objects.filter(pk=mail.membership_id, is_active=True).first()
    told = _to_tell(mail, member) if member else []
    if member is None or not told:
        _settle(claim, Status.SKIPPED)
        return None
    _mine(claim).update(calling_at=timezone.now())
    return letter_of(mail, member, told)


def _to_tell(mail: NotificationMail, member: Membership) -> list[Notification]:
    """What is unread, wanted this way, and still visible to the member."""
    choice = notifications.choices_of([member])[member.pk]
    way = notifications.Way.DIGEST if mail.kind == NotificationMail.Kind.DIGEST else notifications.Way.MAIL
    rows = Notification.objects.filter(mail=mail, read_at=None).select_related("conversation")
    wanted = [one for one in rows.order_by("id")[:MOST_TOLD] if choice.way(one.kind) == way]
    if member.sees == Sees.ALL:
        return wanted
    return [
        one
        for one in wanted
        if one.conversation is None or member.pk in notifications.who_see(one.conversation, [member])
    ]


def letter_of(mail: NotificationMail, member: Membership, told: list[Notification]) -> EmailMessage:
    """The mail, in the member's language and zone, by conversation, with the way out of it (RFC 8058)."""
    tenant = Tenant.objects.get()
    choice = notifications.choices_of([member])[member.pk]
    zone = notifications.zone_of(choice, tenant)
    leave = settings.BASE_URL + reverse(
        "notifications:unsubscribe", args=[unsubscribe_token(tenant.pk, member.pk, mail.kind)]
    )
    with translation.override(member.user.language or tenant.language), timezone.override(zone):
        context = {
            "business": tenant.name,
            "name": member.name,
            "kind": mail.kind,
            "groups": _groups(told, tenant),
            "count": len(told),
            "first": notice_of(told[0]).title,
            "leave": leave,
            "settings": f"{settings.BASE_URL}/b/{tenant.slug}/settings/notifications/",
        }
        return EmailMessage(
            subject=one_line(render_to_string("conversations/mail/notifications_subject.txt", context), 150),
            body=render_to_string("conversations/mail/notifications.txt", context),
            to=[member.user.email],
            headers={
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )


def _groups(told: list[Notification], tenant: Tenant) -> list[dict[str, Any]]:
    """By where it happened, in the order of the first of each."""
    order: dict[str, int] = {}
    for one in told:
        order.setdefault(place_of(one), len(order))
    rows = sorted(told, key=lambda one: order[place_of(one)])
    base = f"{settings.BASE_URL}/b/{tenant.slug}/"
    groups = []
    for place, some in groupby(rows, key=place_of):
        ones = list(some)
        groups.append(
            {
                "title": str(ones[0].data.get("customer") or ""),
                "url": f"{base}{place}",
                "lines": [_line(one) for one in ones],
            }
        )
    return groups


def _line(notification: Notification) -> dict[str, str]:
    notice = notice_of(notification)
    at: datetime = timezone.localtime(notification.created_at)
    return {"at": formats.clock(at), "title": notice.title, "detail": one_line(notice.detail, 160)}


def unsubscribe_token(tenant_id: UUID, membership_id: UUID, kind: str) -> str:
    """What a mail's link carries: whose mails of which kind, signed."""
    return signing.dumps([str(tenant_id), str(membership_id), kind], salt=SALT)


def read_token(token: str) -> tuple[UUID, UUID, str] | None:
    """What a link carries; None for one that is none of ours."""
    try:
        tenant_id, membership_id, kind = signing.loads(token, salt=SALT)
        return UUID(tenant_id), UUID(membership_id), str(kind)
    except (signing.BadSignature, ValueError, TypeError):
        return None
