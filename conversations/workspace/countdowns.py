"""Clocks on rows: how long is left, in words that static/js/workspace/clocks.js keeps true."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from conversations.models import Goal
from conversations.queries import QueueRow
from conversations.queue_order import CLOSING

LAST_HOUR = timedelta(hours=1)


class Countdown(NamedTuple):
    """A moment, from when it is urgent, and what to say before and after it."""

    at: str
    warns: str
    tone: str
    text: str
    title: str
    left: str  # with {time} in it
    late: str


def span(seconds: float) -> str:
    """A length of time as short as can be: 5 min, 3 h, 2 d."""
    minutes = int(abs(seconds) // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


def countdown(at: datetime, warns: datetime | None, now: datetime, title: str) -> Countdown:
    """A clock that runs towards a moment."""
    left, late = _("{time} left"), _("{time} late")
    tone = "danger" if at <= now else "warning" if warns and warns <= now else "grey"
    text = (late if at <= now else left).replace("{time}", span((at - now).total_seconds()))
    return Countdown(
        at=at.isoformat(timespec="seconds"),
        warns=warns.isoformat(timespec="seconds") if warns else "",
        tone=tone,
        text=text,
        title=title,
        left=left,
        late=late,
    )


def of_promise(row: QueueRow, now: datetime) -> Countdown | None:
    """The nearest promise of an answer."""
    if row.due_at is None:
        return None
    known = dict(Goal.Target.choices)
    return countdown(row.due_at, row.due_warns_at, now, str(known.get(row.due_target, "")))


def of_window(row: QueueRow, now: datetime) -> Countdown | None:
    """The end of the vendor's window, while somebody waits and it is near."""
    ends = row.window_ends_at
    if ends is None or row.waiting_since is None or not now < ends <= now + CLOSING:
        return None
    title = _("From then on only approved templates can be sent")
    return countdown(ends, ends - LAST_HOUR, now, title)


def rises_at(row: QueueRow, now: datetime) -> str:
    """When a row is to be shown anew, because its window begins to close."""
    ends = row.window_ends_at
    if ends is None or row.waiting_since is None or ends <= now + CLOSING:
        return ""
    return (ends - CLOSING).isoformat(timespec="seconds")
