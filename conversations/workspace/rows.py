"""Rows of the queue. A row is plain values, so that what it looks like can be remembered by them.

A new thing to show is a new field: the template gets nothing else.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conversations import queries
from conversations.models import Conversation
from conversations.queries import Filters
from conversations.workspace.forms import query_of
from tenants.requests import BusinessRequest
from tenants.templatetags.ui import timestamp
from tenants.urls_tools import burl

LONGER = timedelta(minutes=10)
LABELS = 3
REMEMBERED = 4_096  # rows; a kilobyte and a half each


class Row(NamedTuple):
    """All that a row shows."""

    id: str
    url: str
    order: str  # larger is newer
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
    labels: tuple[tuple[str, str], ...]  # text and colour
    assignee: str

    @property
    def has_extras(self) -> bool:
        return bool(
            self.snoozed_until or self.waits_since or self.priority > 1 or self.labels or self.assignee
        )


def html(row: Row, *, current: bool) -> SafeString:
    """A row as the page shows it."""
    return _html(row, current, get_language())


@lru_cache(maxsize=REMEMBERED)
def _html(row: Row, current: bool, language: str | None) -> SafeString:
    rendered: SafeString = get_template("conversations/row.html").render({"row": row, "is_current": current})  # type: ignore[assignment]
    return rendered


def rows_of(request: BusinessRequest, filters: Filters, found: Iterable[Conversation]) -> list[Row]:
    """Conversations as rows of the queue that is shown."""
    query = query_of(filters)
    shows_assignee = filters.view != "mine" or bool(filters.q)
    return [_row(request, one, query, shows_assignee) for one in found]


def _row(request: BusinessRequest, one: Conversation, query: str, shows_assignee: bool) -> Row:
    """A wait that began before the last message is shown apart from its time."""
    since = None if one.is_closed else one.waiting_since
    waits_longer = since is not None and one.last_message_at - since > LONGER
    channel: Any = one.channel
    return Row(
        id=str(one.pk),
        url=f"{burl(request, 'conversations:thread', one.pk)}?{query}",
        order=f"{int(one.last_message_at.timestamp())}{one.last_message_at.microsecond:06d}",
        name=str(one.customer),
        time=timestamp(one.last_message_at),
        unread=queries.unread(one),
        lateness=lateness(since),
        channel=channel.kind,
        channel_name=channel.name,
        is_ours=one.preview_is_ours,
        subject=one.subject if channel.kind == "email" else "",
        preview=one.preview,
        snoozed_until=timestamp(one.snoozed_until) if one.status == "snoozed" else None,
        waits_since=timestamp(since) if waits_longer else None,
        priority=one.priority,
        priority_name=str(one.get_priority_display()) if one.priority > 1 else "",
        labels=tuple((link.label.name, link.label.color) for link in one.label_links.all()[:LABELS]),
        assignee=one.assignee.name if shows_assignee and one.assignee else "",
    )


def lateness(since: datetime | None) -> str:
    """The tone of a wait: calm for an hour, pressing after four."""
    hours = (timezone.now() - since) / timedelta(hours=1) if since else 0
    return "danger" if hours >= 4 else "warning" if hours >= 1 else "grey"
