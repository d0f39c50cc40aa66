"""Mailboxes at a mail provider: connected, read, tried out.

Each mail is kept as an event, committed, before the next UID is noted: a reader killed anywhere reads
again what was not noted, and the same bytes are the same event.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from conversations.actions import inbound
from conversations.actions.channel_news import tell_problem
from conversations.actions.channels import try_soon
from conversations.channels import entrance
from conversations.channels.email import connections, imap, oauth
from conversations.channels.email.connections import GRANT, PASSWORD, Account, MailboxProblem
from conversations.models import Channel, Mailbox
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.mailboxes")
EVERY = timedelta(seconds=30)
LEASE = timedelta(minutes=2)  # longer than any one mail takes
LONGEST_PAUSE = timedelta(hours=1)
OVERLAP = timedelta(days=2)  # read again when the provider numbers its mails anew
PROVIDER_KEYS = ("signing_key", "provider_key")


class LeaseLost(Exception):
    """Another reader has taken the mailbox over."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A reader's right to a mailbox for a while."""

    tenant_id: UUID
    channel_id: UUID
    lease: UUID
    account: Account
    folder: str
    uid_validity: int
    uid_next: int
    since: Any


@transaction.atomic
def connect_mailbox(
    *,
    channel: Channel,
    mailbox: dict[str, Any],
    by: Actor,
    password: str = "",
    grant: dict[str, Any] | None = None,
) -> Mailbox:
    """Read a channel's mail from its provider, from now on, by password or by the permission in `grant`.

    Without either, what we have stays.

    `mailbox` holds host, port, username, folder, and for sending smtp_host and smtp_port ('' and 0 leave
    that to the installation). Another account begins anew.
    """
    before = channel.settings.get("mailbox") or {}
    channel.settings = {**channel.settings, "mailbox": mailbox}
    if password or grant:
        others = {name: kept for name, kept in channel.secrets.items() if name not in (PASSWORD, GRANT)}
        channel.secrets = others | ({GRANT: grant} if grant else {PASSWORD: password})
    channel.save(update_fields=["settings", "secrets"])
    found, _created = Mailbox.objects.get_or_create(channel=channel)
    same = all(before.get(name) == mailbox.get(name) for name in ("host", "username", "folder"))
    if not same:
        found.uid_validity = found.uid_next = 0
    found.is_on, found.failures, found.problem, found.problem_since = True, 0, "", None
    found.due_at = timezone.now()
    found.save()
    try_soon(channel)
    audit.record("channel.mailbox_connected", target=channel, by=by, host=mailbox["host"])
    return found


@transaction.atomic
def disconnect_mailbox(*, channel: Channel, by: Actor) -> None:
    """Stop reading the mailbox and forget its password; what was read stays."""
    Mailbox.objects.filter(channel=channel).delete()
    channel.settings = {name: value for name, value in channel.settings.items() if name != "mailbox"}
    channel.secrets = {
        name: value for name, value in channel.secrets.items() if name not in (PASSWORD, GRANT)
    }
    channel.save(update_fields=["settings", "secrets"])
    audit.record("channel.mailbox_disconnected", target=channel, by=by)


@transaction.atomic
def name_provider(*, channel: Channel, provider: str, keys: dict[str, str], by: Actor) -> None:
    """Say which provider's webhooks bring mail; empty keys keep those we have, another provider's go."""
    same = channel.settings.get("provider", "") == provider
    channel.settings = {**channel.settings, "provider": provider}
    kept = {name: key for name, key in channel.secrets.items() if same or name not in PROVIDER_KEYS}
    channel.secrets = kept | {name: key for name, key in keys.items() if key and name in PROVIDER_KEYS}
    channel.save(update_fields=["settings", "secrets"])
    audit.record("channel.provider_named", target=channel, by=by, provider=provider)


def read_mailbox(tenant_id: UUID | str, channel_id: UUID | str) -> int:
    """Keep every mail that arrived since the last time; returns how many. Harmless when run twice.

    One reader at a time holds the mailbox; each mail prolongs his lease.
    """
    with tenant_scope(tenant_id):
        turn = _claim(channel_id)
    if turn is None:
        return 0
    kept = 0
    try:
        with imap.open_mailbox(oauth.with_token(turn.account), turn.folder) as mailbox:
            first = _first(turn, mailbox)
            while uids := mailbox.uids_from(first):
                for uid in uids:
                    kept += _keep(turn, mailbox.fetch(uid))
                    first = uid + 1
                    _note(turn, uid_validity=mailbox.uid_validity, uid_next=first)
    except LeaseLost:
        return kept
    except MailboxProblem as problem:
        log.warning("mailbox not read", channel=str(channel_id), problem=problem.reason)
        with tenant_scope(tenant_id):
            _fail(turn, problem)
        return kept
    with tenant_scope(tenant_id):
        _finish(turn)
    return kept


def _claim(channel_id: UUID | str) -> _Turn | None:
    """Take the mailbox; None when it is off, not due, or somebody has it."""
    now, lease = timezone.now(), uuid4()
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    mine = Mailbox.objects.filter(free, channel_id=channel_id, is_on=True, due_at__lte=now)
    if not mine.update(lease=lease, lease_until=now + LEASE):
        return None
    found = Mailbox.objects.select_related("channel").get(channel_id=channel_id, lease=lease)
    channel = found.channel
    if not channel.is_active or not channel.settings.get("mailbox"):
        Mailbox.objects.filter(pk=found.pk, lease=lease).update(lease_until=None, due_at=now + EVERY)
        return None
    return _Turn(
        tenant_id=found.tenant_id,
        channel_id=channel.pk,
        lease=lease,
        account=connections.receiving(channel),
        folder=channel.settings["mailbox"]["folder"],
        uid_validity=found.uid_validity,
        uid_next=found.uid_next,
        since=found.read_at,
    )


def _first(turn: _Turn, mailbox: imap.OpenMailbox) -> int:
    """The first UID to read: where we stood, else what comes next, else all of the last days.

    When UIDVALIDITY changed, the old numbers mean nothing; what was kept before is recognised by its bytes.
    """
    if turn.uid_next and turn.uid_validity == mailbox.uid_validity:
        return turn.uid_next
    first = mailbox.uid_next
    if turn.uid_next and turn.since:
        first = min(mailbox.uids_since((turn.since - OVERLAP).date()), default=first)
    if not first:  # a server that does not say what comes next
        first = max(mailbox.uids_since(timezone.now().date()), default=0) + 1
    _note(turn, uid_validity=mailbox.uid_validity, uid_next=first)
    return first


def _keep(turn: _Turn, raw: bytes | None) -> int:
    """Store a mail, committed; 0 when it was deleted before it was read."""
    if raw is None:
        return 0
    for _attempt in range(3):
        found = entrance.find(turn.channel_id)
        if found is None:
            raise LeaseLost
        try:
            inbound.accept(entrance=found, body=raw, content_type="message/rfc822")
        except entrance.EntranceChanged:
            continue
        return 1
    raise LeaseLost


def _note(turn: _Turn, **changes: Any) -> None:
    """Write down how far we are. Raises `LeaseLost` when the mailbox is no longer ours."""
    with tenant_scope(turn.tenant_id):
        until = timezone.now() + LEASE
        if not _mine(turn).update(lease_until=until, **changes):
            raise LeaseLost


def _mine(turn: _Turn) -> Any:
    return Mailbox.objects.filter(channel_id=turn.channel_id, lease=turn.lease)


def _finish(turn: _Turn) -> None:
    now = timezone.now()
    if _mine(turn).filter(failures__gt=0).exists():
        tell_problem(Channel.objects.get(pk=turn.channel_id), "")
    _mine(turn).update(
        lease_until=None, due_at=now + EVERY, read_at=now, failures=0, problem="", problem_since=None
    )


def _fail(turn: _Turn, problem: MailboxProblem) -> None:
    """Say what is wrong and try later, longer each time; a wrong password is not tried again and again."""
    now = timezone.now()
    failures = _mine(turn).values_list("failures", flat=True).first() or 0
    pause = LONGEST_PAUSE if problem.needs_person else min(EVERY * 2 ** min(failures, 7), LONGEST_PAUSE)
    if problem.needs_person:
        tell_problem(Channel.objects.get(pk=turn.channel_id), problem.reason)
    _mine(turn).filter(problem_since=None).update(problem_since=now)
    _mine(turn).update(
        lease_until=None,
        due_at=now + pause,
        failures=F("failures") + 1,
        problem=one_line(problem.reason, 300),
    )
