"""In which order the queue stands, page by page.

An order is a row of phases, each with an index and a keyset of its own: first those that have what is
sorted by, then the rest by their last message. A page reads at most as many phases as the order has.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor, Page

NEWEST_FIRST = "newest"
NEWEST = ("-last_message_at", "-id")
LAST_YEAR = 9_999
CLOSING = timedelta(hours=4)  # before the vendor takes no more answers: from here on a row rises

SORTS = {
    NEWEST_FIRST: _("Newest"),
    "waiting": _("Waiting longest"),
    "due": _("Due first"),
    "window": _("Window closing"),
}


class Phase(NamedTuple):
    """Some rows of a queue and their order; `field` is what they are sorted by, "" for the newest."""

    field: str
    needs: tuple[str, ...] = ()  # moments that its condition is made with

    @property
    def ordering(self) -> tuple[str, ...]:
        return (self.field, "id") if self.field else NEWEST


PHASES = {
    "": Phase(""),
    "pressing": Phase("window_ends_at", ("now", "soon")),
    "calm": Phase("", ("now", "soon")),
    "waiting": Phase("waiting_since"),
    "answered": Phase(""),
    "due": Phase("due_at"),
    "undue": Phase(""),
    "window": Phase("window_ends_at", ("now",)),
    "endless": Phase("", ("now",)),
}
ORDERS = {
    NEWEST_FIRST: ("pressing", "calm"),
    "waiting": ("waiting", "answered"),
    "due": ("due", "undue"),
    "window": ("window", "endless"),
}


def phases_of(sort: str, *, is_open: bool) -> tuple[str, ...]:
    """The phases of an order; what is not open stands by its last message."""
    return ORDERS.get(sort, ORDERS[NEWEST_FIRST]) if is_open else ("",)


def _condition(phase: str, given: dict[str, Any]) -> Q:
    now, soon = given.get("now"), given.get("soon")
    is_over = Q(window_ends_at=None) | Q(window_ends_at__lte=now)
    conditions = {
        "pressing": Q(waiting_since__isnull=False, window_ends_at__gt=now, window_ends_at__lte=soon),
        "calm": Q(waiting_since=None) | is_over | Q(window_ends_at__gt=soon),
        "waiting": Q(waiting_since__isnull=False),
        "answered": Q(waiting_since=None),
        "due": Q(due_at__isnull=False),
        "undue": Q(due_at=None),
        "window": Q(window_ends_at__gt=now),
        "endless": is_over,
    }
    return conditions.get(phase, Q())


def arranged(rows: QuerySet[Conversation], phase: str, given: dict[str, Any]) -> QuerySet[Conversation]:
    """The rows of a phase in its order, after `before` and `before_id` where those are given."""
    ordering = PHASES[phase].ordering
    if "before" in given:
        rows = rows.filter(cursors.beyond(ordering, [given["before"], given["before_id"]]))
    return rows.filter(_condition(phase, given)).order_by(*ordering)


Read = Callable[[str, int, dict[str, Any]], list[Any]]


def page(phases: tuple[str, ...], read: Read, *, cursor: str, limit: int) -> Page:
    """The next rows of an order: `read` gives those of a phase. Raises `BadCursor`.

    The moment of the first page goes along in the cursor, so that no row slips from one phase into
    another while somebody reads on.
    """
    at, now, inner = (
        _opened(cursor, len(phases)) if cursor else (0, timezone.now().replace(microsecond=0), "")
    )
    items: list[Any] = []
    for index in range(at, len(phases)):
        phase = PHASES[phases[index]]
        moments = {"now": now, "soon": now + CLOSING}
        given: dict[str, Any] = {name: moments[name] for name in phase.needs}
        if inner:
            place = cursors.decode(inner, Conversation, phase.ordering)
            given |= dict(zip(("before", "before_id"), place, strict=True))
            inner = ""
        most = limit - len(items) + 1
        found = read(phases[index], most, given)
        if len(found) < most:
            items += found
            continue
        if most > 1:
            part = cursors.cut(found, ordering=phase.ordering, limit=most - 1)
            items, inner = items + part.items, part.next_cursor
        return Page(items, f"{index}.{int(now.timestamp())}.{inner}")
    return Page(items, "")


def _opened(cursor: str, count: int) -> tuple[int, datetime, str]:
    """Phase, moment and place out of a cursor. Raises `BadCursor`."""
    try:
        index, moment, inner = cursor.split(".")
        at, now = int(index), datetime.fromtimestamp(int(moment), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadCursor from None
    if not 0 <= at < count or now.year >= LAST_YEAR:
        raise BadCursor
    return at, now, inner


def key_of(row: Any, sort: str, now: datetime, *, is_open: bool) -> str:
    """Where a row stands, for pages that move rows: texts of one length, the larger one stands above."""
    for phase in phases_of(sort, is_open=is_open):
        field = PHASES[phase].field
        value: datetime | None = getattr(row, field) if field else None
        if value is None or (field == "window_ends_at" and value <= now):
            continue
        if phase == "pressing" and (row.waiting_since is None or value > now + CLOSING):
            continue
        return f"2{10**17 - _micros(value):017d}"
    return f"1{_micros(row.last_message_at):017d}"


def _micros(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
