"""What a rule would have done: its past events found again, its conditions asked, nothing changed.

Text and opening hours are those of the moment; labels, team, assignee, priority and what is known of the
customer are as they are today, which the page says.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from conversations.automation import conditions, steps
from conversations.automation.facts import Moment, facts_of
from conversations.automation.names import Names
from conversations.automation.performing import filler
from conversations.models import Conversation, Episode, Message, Trigger
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.models import Tenant
from tenants.permissions import Sees

BACK = timedelta(days=30)
SCANNED = 400  # past events looked at for one page
SHOWN = 50  # of those that would have been touched, on one page
NEWEST = ("-id",)
LINES = {
    Trigger.ASSIGNED: "assigned",
    Trigger.LABELLED: "labelled",
    Trigger.RATED: "rated",
    Trigger.SLA: "sla_missed",
    Trigger.REOPENED: "reopened",
}


class Touched(NamedTuple):
    """A conversation that the rule would have touched, when, and what it would have done."""

    conversation: Conversation
    at: datetime
    would: list[str]


class Trial(NamedTuple):
    """A page of a dry run."""

    touched: list[Touched]
    scanned: int
    next_cursor: str


def try_out(definition: dict[str, Any], names: Names, actor: Actor, *, cursor: str = "") -> Trial:
    """One page of what a rule would have done over the last 30 days, the newest first. Raises `BadCursor`."""
    rows, next_cursor = _page(_past(definition, actor), cursor)
    moments = _moments(definition["when"]["is"], rows)
    asked = {one["is"] for one in definition["if"]}
    touched = []
    for moment, facts in zip(moments, facts_of(moments, asked) if moments else [], strict=True):
        if conditions.failing(definition["if"], facts) is None:
            touched.append(moment)
    shown = touched[:SHOWN]
    if len(touched) > SHOWN:  # the page ends where the next begins
        last = next(row for row, one in zip(rows, moments, strict=True) if one is shown[-1])
        next_cursor = cursors.encode([last.pk])
    tenant = Tenant.objects.get()
    return Trial([_touched(definition, names, one, tenant) for one in shown], len(rows), next_cursor)


def _touched(definition: dict[str, Any], names: Names, moment: Moment, tenant: Tenant) -> Touched:
    fill = filler(moment.conversation, None, tenant)
    return Touched(moment.conversation, moment.at, steps.sentences(definition["then"], names, fill))


def _page(rows: QuerySet[Any], cursor: str) -> tuple[list[Any], str]:
    page = cursors.page(rows, ordering=NEWEST, limit=SCANNED, cursor=cursor)
    return page.items, page.next_cursor


def _past(definition: dict[str, Any], actor: Actor) -> QuerySet[Any]:
    """The rows that stand for the past events of a rule: messages, or episodes that closed."""
    trigger = definition["when"]["is"]
    since = timezone.now() - BACK
    if trigger in {Trigger.CLOSED, Trigger.OPENED}:
        return _episodes(trigger, since, actor)
    rows: QuerySet[Any] = Message.objects.filter(created_at__gte=since, id__gte=_from(since))
    if actor.sees != Sees.ALL:
        rows = rows.filter(conversation__in=Conversation.objects.visible_to(actor).values("pk"))
    rows = rows.select_related("conversation__customer", "conversation__channel", "episode")
    if trigger in LINES:
        return rows.filter(kind=Message.Kind.EVENT, data__event=LINES[Trigger(trigger)])
    rows = rows.filter(kind=Message.Kind.INBOUND)
    if trigger == Trigger.WAITED:
        return _unanswered(rows, definition["when"]["minutes"])
    return rows


def _episodes(trigger: str, since: datetime, actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = Episode.objects.select_related("conversation__customer", "conversation__channel")
    if trigger == Trigger.CLOSED:
        rows = rows.filter(closed_at__gte=since)
    else:
        written = Message.objects.filter(episode=OuterRef("pk"), kind=Message.Kind.INBOUND)
        rows = rows.filter(Exists(written), opened_at__gte=since)
    if actor.sees != Sees.ALL:
        rows = rows.filter(conversation__in=Conversation.objects.visible_to(actor).values("pk"))
    return rows


def _from(since: datetime) -> UUID:
    """The smallest identifier (UUID version 7) of a moment: identifiers grow with time."""
    return UUID(int=(int(since.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


def _unanswered(rows: QuerySet[Any], minutes: int) -> QuerySet[Any]:
    """First messages of a wait that nobody ended within so many minutes."""
    earlier = Message.objects.filter(
        conversation=OuterRef("conversation_id"), id__lt=OuterRef("id"), kind__in=["inbound", "outbound"]
    ).order_by("-id")
    answer = Message.objects.filter(
        conversation=OuterRef("conversation_id"),
        kind=Message.Kind.OUTBOUND,
        id__gt=OuterRef("id"),
        created_at__lt=OuterRef("created_at") + timedelta(minutes=minutes),
    )
    return rows.annotate(before=Subquery(earlier.values("kind")[:1]), answered=Exists(answer)).filter(
        ~Q(before="inbound") | Q(before=None),
        answered=False,
        created_at__lte=timezone.now() - timedelta(minutes=minutes),
    )


def _moments(trigger: str, rows: Sequence[Any]) -> list[Moment]:
    if trigger in {Trigger.CLOSED, Trigger.OPENED}:
        texts = _first_texts(rows) if trigger == Trigger.OPENED else {}
        return [
            Moment(
                row.conversation,
                row.opened_at if trigger == Trigger.OPENED else row.closed_at,
                texts.get(row.pk, "") if trigger == Trigger.OPENED else None,
                row.number,
            )
            for row in rows
        ]
    inbound = Message.Kind.INBOUND
    return [
        Moment(
            row.conversation,
            row.created_at,
            f"{row.subject}\n{row.text}" if row.kind == inbound else None,
            row.episode.number,
            row.data,
        )
        for row in rows
    ]


def _first_texts(episodes: Sequence[Any]) -> dict[UUID, str]:
    """What the customer wrote first in each episode."""
    rows = Message.objects.filter(episode__in=[row.pk for row in episodes], kind=Message.Kind.INBOUND)
    first = rows.order_by("episode_id", "id").distinct("episode_id")
    return {row.episode_id: f"{row.subject}\n{row.text}" for row in first}
