"""Finding customers and what was said, from one field."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from conversations import search as searching
from conversations.models import Channel, Conversation, Message
from conversations.search import Excerpt, Hit, Narrow
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from crm import queries as crm
from crm.models import Label
from crm.models.customer import NAMELESS
from tenants.decorators import requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

MOST_CUSTOMERS = 5
DIRECTIONS = (Message.Kind.INBOUND, Message.Kind.OUTBOUND, Message.Kind.NOTE)
STATUSES = tuple(choice for choice in Conversation.Status if choice != Conversation.Status.MERGED)


class Line(NamedTuple):
    """A message that was found, as its line shows it."""

    url: str
    name: str
    author: str
    kind: str
    at: datetime
    excerpt: Excerpt
    has_files: bool
    channel: str
    channel_name: str
    subject: str
    status: str


def read_narrow(query: QueryDict) -> Narrow:
    """The filters out of the address; what makes no sense is left out. Days are the business's."""
    until = _day(query.get("until"))
    status, direction = query.get("status", ""), query.get("direction", "")
    return Narrow(
        channel=uuid_or_none(query.get("channel")),
        agent=uuid_or_none(query.get("agent")),
        label=uuid_or_none(query.get("label")),
        status=status if status in STATUSES else "",
        direction=direction if direction in DIRECTIONS else "",
        files=query.get("files") == "1",
        since=_day(query.get("since")),
        before=until + timedelta(days=1) if until else None,
    )


def _day(text: str | None) -> datetime | None:
    """The beginning of a day; None for what is none, or lies out of all reach."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    if day is None or not 2000 <= day.year <= 2200:
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def search(request: BusinessRequest) -> HttpResponse:
    """Customers and messages with some words; with htmx and a cursor, the next lines only."""
    q = one_line(request.GET.get("q", ""), 100)
    narrow = read_narrow(request.GET)
    cursor = request.GET.get("cursor", "")
    try:
        found = searching.find(q, request.actor, narrow, cursor=cursor)
    except BadCursor:
        cursor, found = "", searching.find(q, request.actor, narrow)
    context: dict[str, Any] = {
        "q": q,
        "lines": [_line(request, hit) for hit in found.hits],
        "next_cursor": found.next_cursor,
        "unfinished": found.unfinished,
        "instead": found.instead,
        "customers": [] if cursor else _customers(request, q),
        "is_narrowed": bool(narrow.as_json()),
        "more_query": _query_of(request.GET),
    }
    if request.htmx and cursor:
        return render(request, "conversations/search_lines.html", context)
    if request.htmx and request.htmx.target == "search-found":
        return render(request, "conversations/search.html#found", context)
    return render(request, "conversations/search.html", context | _choices(request))


def _query_of(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("cursor", None)
    return kept.urlencode()


def _customers(request: BusinessRequest, q: str) -> list[Any]:
    if len(q) < 2 or not request.actor.can(Permission.CUSTOMERS_READ):
        return []
    return crm.list_found(q, request.actor, limit=MOST_CUSTOMERS)


def _line(request: BusinessRequest, hit: Hit) -> Line:
    """The line opens the conversation at the message."""
    said = hit.message
    address = burl(request, "conversations:thread", said.conversation_id)
    return Line(
        url=f"{address}?at={said.id}#message-{said.id}",
        name=said.conversation__customer__name or str(NAMELESS),
        author=said.author_label,
        kind=said.kind,
        at=said.created_at,
        excerpt=hit.excerpt,
        has_files=said.has_attachments,
        channel=said.conversation__channel__kind,
        channel_name=said.conversation__channel__name,
        subject=said.conversation__subject,
        status=said.conversation__status,
    )


def _choices(request: BusinessRequest) -> dict[str, Any]:
    """What can be chosen, and what is."""
    get = request.GET.get
    return {
        "channels": panes.named(Channel),
        "labels": panes.named(Label),
        "members": panes.answering_members(),
        "statuses": [(value.value, value.label) for value in STATUSES],
        "directions": [(value.value, value.label) for value in DIRECTIONS],
        "chosen": {name: get(name, "") for name in ("status", "direction", "since", "until", "files")},
        "chosen_ids": {name: uuid_or_none(get(name)) for name in ("channel", "agent", "label")},
    }
