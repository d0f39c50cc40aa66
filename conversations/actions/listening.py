"""Mailboxes whose server tells of new mail by itself (IDLE, RFC 2177): the reader is rung at once.

Mailboxes are read every half minute whether anybody listens or not; who listens only makes it sooner.
"""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connections
from django.utils import timezone

from conversations.actions import bells
from conversations.channels.email import connections as mail
from conversations.channels.email import imap, oauth
from conversations.channels.email.connections import Account, MailboxProblem
from conversations.models import Channel, Mailbox
from tenants.kit.tasks import ring_now
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.mailboxes")
MOST = 500  # mailboxes that one process listens to; the others are only asked
ASK_ANEW = 25 * 60.0  # seconds after which IDLE is said again (RFC 2177 allows 29 minutes)
LOOK_UP = 2.0  # seconds between two looks at whether to stop
PAUSE = timedelta(minutes=1)  # after a failure, doubled up to LONGEST_PAUSE
LONGEST_PAUSE = timedelta(minutes=30)
WANTED = """
SELECT tenant_id, channel_id FROM conversations_mailbox
WHERE is_on AND problem = '' ORDER BY read_at DESC NULLS LAST LIMIT %s
"""


class Ear(threading.Thread):
    """Listens to one mailbox until told to stop, or until its server turns out not to tell."""

    def __init__(self, tenant_id: UUID, channel_id: UUID, ring: Callable[[], object] | None = None) -> None:
        super().__init__(daemon=True)
        self.tenant_id, self.channel_id = tenant_id, channel_id
        self._ring = ring or self._ring_reader
        self._over = threading.Event()

    def stop(self) -> None:
        """Hang up soon."""
        self._over.set()

    def run(self) -> None:
        pause = PAUSE
        while not self._over.is_set():
            try:
                if not self._listen():
                    return
                pause = PAUSE
            except MailboxProblem as problem:
                log.info("not listening", channel=str(self.channel_id), problem=problem.reason)
            finally:
                connections.close_all()
            self._over.wait(pause.total_seconds() * random.uniform(0.5, 1.0))  # noqa: S311 -- no secret
            pause = min(pause * 2, LONGEST_PAUSE)

    def _listen(self) -> bool:
        """One connection's worth; False when there is nothing to listen to."""
        found = self._account()
        if found is None:
            return False
        account, folder = found
        with imap.open_mailbox(oauth.with_token(account), folder) as mailbox:
            if not mailbox.tells:
                return False
            self._ring()  # for what came before we listened
            while not self._over.is_set():
                if mailbox.hears(ASK_ANEW, LOOK_UP, self._over.is_set):
                    self._ring()
        return True

    def _account(self) -> tuple[Account, str] | None:
        with tenant_scope(self.tenant_id):
            channel = Channel.objects.active().filter(pk=self.channel_id).first()
            if channel is None or not channel.settings.get("mailbox"):
                return None
            return mail.receiving(channel), str(channel.settings["mailbox"]["folder"])

    def _ring_reader(self) -> None:
        with tenant_scope(self.tenant_id):
            Mailbox.objects.filter(channel_id=self.channel_id).update(due_at=timezone.now())
        ring_now(bells.task("read_mailbox"), self.tenant_id, self.channel_id)


class Ears:
    """All mailboxes of all businesses, as they come and go."""

    def __init__(self) -> None:
        self._ears: dict[tuple[UUID, UUID], Ear] = {}

    def look_round(self) -> int:
        """Listen to what is new, and no longer to what is gone; returns to how many."""
        with connections["ops"].cursor() as cursor:
            cursor.execute(WANTED, [MOST])
            wanted = set(cursor.fetchall())
        for gone in set(self._ears) - wanted:
            self._ears.pop(gone).stop()
        for key in wanted - set(self._ears):
            self._ears[key] = Ear(*key)
            self._ears[key].start()
        return len(self._ears)

    def stop(self) -> None:
        """Hang up everywhere."""
        for ear in self._ears.values():
            ear.stop()
        for ear in self._ears.values():
            ear.join(LOOK_UP * 2)
