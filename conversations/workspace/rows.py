"""Rows of the queue. A row is plain values, so that what it looks like can be remembered by them.

A new thing to show is a new field: the template gets nothing else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString

from conversations import queries
from conversations.models import Conversation
from conversations.queries import Filters, QueueRow
from conversations.queue_order import key_of
from conversations.workspace.countdowns import Countdown, of_promise, of_window, rises_at
from conversations.workspace.forms import query_of
from crm.models.customer import NAMELESS
from tenants.requests import BusinessRequest
from tenants.templatetags.ui import timestamp
from tenants.urls_tools import burl

LONGER = timedelta(minutes=10)
LABELS = 3


class Row(NamedTuple):
    """All that a row shows."""

    id: str
    url: str
    order: str  # larger stands above
    name: str
    time: SafeString
    unread: bool
    lateness: str
    channel: str
    channel_name: str
    is_ours: bool
    subject: str
    preview: str
    snoozed_until: SafeString | None
    waits_since: SafeString | None
    priority: int
    priority_name: str
    assignee: str
    due: Countdown | None
    window: Countdown | None
    rises: str
    labels: tuple[tuple[str, str], ...] = ()  # text and colour
    is_current: bool = False
    is_vip: bool = False
    with_bot: bool = False

    @property
    def has_extras(self) -> bool:
        return bool(
            self.snoozed_until
            or self.waits_since
            or self.priority > 1
            or self.labels
            or self.assignee
            or self.due
            or self.window
            or self.with_bot
        )


def rows_of(
    request: BusinessRequest, filters: Filters, found: Sequence[QueueRow], current: UUID | None = None
) -> list[Row]:
    """Conversations as rows of the queue that is shown."""
    query = query_of(filters)
    shows_assignee = filters.view != "mine" or bool(filters.q)
    labels = queries.labels_of([one.id for one in found])
    important = queries.important_of({one.customer_id for one in found})
    now = timezone.now()
    is_open = queries.VIEWS[filters.view] == Conversation.Status.OPEN and not filters.q
    return [
        _row(one, f"{burl(request, 'conversations:thread', one.id)}?{query}", shows_assignee, now)._replace(
            order=key_of(one, filters.sort, now, is_open=is_open),
            labels=tuple(labels.get(one.id, ())[:LABELS]),
            is_current=one.id == current,
            is_vip=one.customer_id in important,
        )
        for one in found
    ]


def _row(one: QueueRow, url: str, shows_assignee: bool, now: datetime) -> Row:
    """A wait that began before the last message is shown apart from its time."""
    since = None if one.status == Conversation.Status.CLOSED else one.waiting_since
    waits_longer = since is not None and one.last_message_at - since > LONGER
    return Row(
        id=str(one.id),
        url=url,
        order="",
        name=one.customer__name or str(NAMELESS),
        time=timestamp(one.last_message_at),
        unread=queries.unread(one),
        lateness=lateness(since),
        channel=one.channel__kind,
        channel_name=one.channel__name,
        is_ours=one.preview_is_ours,
        subject=one.subject if one.channel__kind == "email" else "",
        preview=one.preview,
        snoozed_until=timestamp(one.snoozed_until) if one.status == "snoozed" and one.snoozed_until else None,
        waits_since=timestamp(since) if waits_longer else None,
        priority=one.priority,
        priority_name=str(Conversation.Priority(one.priority).label) if one.priority > 1 else "",
        assignee=(one.assignee__user__name or one.assignee__user__email or "") if shows_assignee else "",
        due=of_promise(one, now),
        window=of_window(one, now),
        rises=rises_at(one, now),
        with_bot=one.with_bot and one.status in queries.WITH_BOT,
    )


def lateness(since: datetime | None) -> str:
    """The tone of a wait: calm for an hour, pressing after four."""
    hours = (timezone.now() - since) / timedelta(hours=1) if since else 0
    return "danger" if hours >= 4 else "warning" if hours >= 1 else "grey"
