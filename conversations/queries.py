"""Reading conversations, narrowed to what the actor may see: queue, counters, search, files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.http import Http404

from conversations import queue_order
from conversations.models import Attachment, Conversation, ConversationLabel, Delivery, Message
from crm import queries as crm
from crm.files import File
from crm.models import Customer, CustomerLabel
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.kit.text import one_line
from tenants.models import TeamMember, Tenant
from tenants.permissions import Sees

Status = Conversation.Status
NEWEST = queue_order.NEWEST
PAGE = 40
MOST_COUNTED = 100  # a counter says 99+ beyond, and costs the same however long the queue
MOST_FOUND = 60
VIP = "VIP"  # the label of customers who matter most; people name it the same in every language

WITH_BOT = (Status.OPEN, Status.WAITING)  # in which the bot speaks with somebody
VIEWS: dict[str, str] = {
    "mine": Status.OPEN,
    "unassigned": Status.OPEN,
    "team": Status.OPEN,
    "all": Status.OPEN,
    "bot": "",
    "waiting": Status.WAITING,
    "snoozed": Status.SNOOZED,
    "closed": Status.CLOSED,
}


class QueueRow(NamedTuple):
    """All that a row of the queue shows but its labels: nothing else is read."""

    id: UUID
    status: str
    subject: str
    preview: str
    preview_is_ours: bool
    priority: int
    last_message_at: datetime
    last_inbound_at: datetime | None
    waiting_since: datetime | None
    seen_at: datetime | None
    snoozed_until: datetime | None
    due_at: datetime | None
    due_warns_at: datetime | None
    due_target: str
    window_ends_at: datetime | None
    with_bot: bool
    customer_id: UUID
    customer__name: str
    channel__kind: str
    channel__name: str
    assignee__user__name: str | None
    assignee__user__email: str | None


class LabelLink(NamedTuple):
    """A label of a conversation."""

    conversation_id: UUID
    label__id: UUID
    label__name: str
    label__color: str


class Counts(NamedTuple):
    """How many conversations some views hold."""

    mine: int
    unassigned: int
    team: int
    all: int


COUNTED = Counts._fields


class Filters(NamedTuple):
    """What narrows the queue, as the address says it. Everything in it has been checked."""

    view: str = "mine"
    q: str = ""
    label: UUID | None = None
    channel: UUID | None = None
    team: UUID | None = None
    priority: int | None = None
    sort: str = queue_order.NEWEST_FIRST

    @property
    def is_narrowed(self) -> bool:
        return bool(self.label or self.channel or self.team or self.priority is not None)

    @property
    def is_sorted(self) -> bool:
        return self.sort != queue_order.NEWEST_FIRST


def visible_to(actor: Actor) -> Any:
    """The conversations an actor may see."""
    return Conversation.objects.visible_to(actor)


def conversation_or_404(conversation_id: UUID, actor: Actor) -> Conversation:
    """The conversation with what its page shows of it, or 404."""
    found = _conversation(id=conversation_id, by=actor)
    if not found:
        raise Http404
    return found[0]


def survivor_of(conversation_id: UUID, actor: Actor) -> UUID | None:
    """Where the messages of a merged conversation stand, if the actor may see that; None for others."""
    found, merged = conversation_id, False
    while (after := _merged_into(id=found, by=actor)) and after[0].merged_into_id:
        found, merged = after[0].merged_into_id, True
    seen = merged and visible_to(actor).filter(pk=found).exists()
    return found if seen else None


class Merged(NamedTuple):
    """Where a merged conversation points."""

    merged_into_id: UUID | None


@prepared(Merged)
def _merged_into(*, id: UUID, by: Actor) -> QuerySet[Conversation]:
    return Conversation.objects.within(by).filter(pk=id)  # type: ignore[no-any-return]


@prepared(Conversation, "customer", "channel", "assignee", "assignee__user", "team")
def _conversation(*, id: UUID, by: Actor) -> QuerySet[Conversation]:
    return visible_to(by).filter(pk=id)  # type: ignore[no-any-return]


def had_once(conversation_id: UUID, actor: Actor) -> bool:
    """Whether a conversation that the actor may not see was his before: he wrote in it, or it was taken
    from him or from one of his teams.
    """
    if actor.membership_id is None:
        return False
    gone = Q(kind=Message.Kind.EVENT, data__before__in=[str(one) for one in _names(actor)])
    found = Message.objects.filter(gone | Q(author_id=actor.membership_id), conversation_id=conversation_id)
    return bool(found.exists())


def _names(actor: Actor) -> list[UUID]:
    """Under which identifiers a conversation can be the actor's."""
    teams = actor.team_ids if actor.sees == Sees.TEAMS else ()
    return [one for one in (actor.membership_id, *teams) if one]


def labels_of(ids: Iterable[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Text and colour of the labels of some conversations."""
    found: dict[UUID, list[tuple[str, str]]] = {}
    wanted = list(ids)
    for link in _label_links(ids=wanted) if wanted else ():
        found.setdefault(link.conversation_id, []).append((link.label__name, link.label__color))
    return found


def label_rows_of(ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The labels of some conversations, by name."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for one, id_, name, color in _label_links(ids=ids):
        found.setdefault(one, []).append({"id": id_, "name": name, "color": color})
    return found


@prepared(LabelLink)
def _label_links(*, ids: list[UUID]) -> QuerySet[ConversationLabel]:
    return ConversationLabel.objects.filter(conversation_id__any=ids).order_by("label__name")


def important_of(customers: Iterable[UUID]) -> set[UUID]:
    """Which of some customers bear the label of those who matter most."""
    wanted = list(customers)
    return {link.customer_id for link in _important(ids=wanted)} if wanted else set()


class CustomerLink(NamedTuple):
    """A customer who bears a label."""

    customer_id: UUID


@prepared(CustomerLink)
def _important(*, ids: list[UUID]) -> QuerySet[CustomerLabel]:
    return CustomerLabel.objects.filter(customer_id__any=ids, label__name__iexact=VIP)


def in_view(view: str, actor: Actor) -> QuerySet[Conversation]:
    """The conversations of one view of the queue. With whom the bot speaks waits for nobody."""
    if view == "bot":
        return visible_to(actor).filter(with_bot=True, status__in=WITH_BOT)  # type: ignore[no-any-return]
    rows: QuerySet[Conversation] = visible_to(actor).filter(status=VIEWS[view])
    match view:
        case "mine":
            return rows.filter(assignee_id=actor.membership_id, with_bot=False)
        case "unassigned":
            return rows.filter(assignee_id=None, with_bot=False)
        case "team":
            return rows.filter(team_id__in=own_teams(actor), with_bot=False)
        case "waiting":
            return rows.filter(with_bot=False)
    return rows


def own_teams(actor: Actor) -> QuerySet[TeamMember, UUID]:
    """The ids of the teams a member is in, as a subquery."""
    return TeamMember.objects.filter(membership_id=actor.membership_id).values("team_id")


@prepared(QueueRow)
def _rows(
    view: str, priority: int | None, phase: str, limit: int, *, by: Actor, **given: Any
) -> QuerySet[Conversation]:
    """A view ("" for any) in the order of a phase, narrowed by what is given: label, channel, team, ids."""
    rows: QuerySet[Conversation] = in_view(view, by) if view else visible_to(by)
    if "label" in given:
        links = ConversationLabel.objects.filter(label_id=given["label"])
        rows = rows.filter(pk__in=links.values("conversation_id"))
    if "channel" in given:
        rows = rows.filter(channel_id=given["channel"])
    if "team" in given:
        rows = rows.filter(team_id=given["team"])
    if "ids" in given:
        rows = rows.filter(pk__any=given["ids"])
    if priority is not None:
        rows = rows.filter(priority=priority)
    return queue_order.arranged(rows, phase, given)[:limit]


def _shown(filters: Filters, actor: Actor, limit: int, phase: str = "", **given: Any) -> list[QueueRow]:
    """What filters let through, in the order of a phase."""
    narrowing = {name: getattr(filters, name) for name in ("label", "channel", "team")}
    given |= {name: value for name, value in narrowing.items() if value}
    return _rows("" if filters.q else filters.view, filters.priority, phase, limit, by=actor, **given)


def queue_page(filters: Filters, actor: Actor, *, cursor: str = "", limit: int = PAGE) -> Page:
    """A page of the queue as it is sorted; of what was found when something is searched for.

    Raises `BadCursor`.
    """
    if filters.q:
        found = search_ids(filters.q, actor)
        known = {one.id: one for one in _shown(filters, actor, MOST_FOUND, ids=found)}
        return Page([known[one] for one in found if one in known], "")
    phases = queue_order.phases_of(filters.sort, is_open=VIEWS[filters.view] == Status.OPEN)

    def read(phase: str, most: int, given: dict[str, Any]) -> list[QueueRow]:
        return _shown(filters, actor, most, phase, **given)

    return queue_order.page(phases, read, cursor=cursor, limit=limit)


def ids_in(filters: Filters, actor: Actor, limit: int) -> list[UUID]:
    """The conversations that the queue as it is shown holds, on all its pages."""
    if filters.q:
        return search_ids(filters.q, actor)
    return [row.id for row in _shown(filters, actor, limit)]


def rows_in_view(ids: Iterable[UUID], filters: Filters, actor: Actor) -> list[QueueRow]:
    """Those of some conversations that belong into the queue as it is shown."""
    wanted = list(ids)
    return _shown(filters, actor, len(wanted), ids=wanted)


class Counted(Subquery):
    """How many rows a subquery has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts(actor: Actor) -> Counts:
    """How many conversations each view holds, at most `MOST_COUNTED`, in one query."""
    return _counts(by=actor)[0]


@prepared(Counts)
def _counts(*, by: Actor) -> QuerySet[Tenant]:
    rows = {name: in_view(name, by).order_by().values("pk")[:MOST_COUNTED] for name in COUNTED}
    return Tenant.objects.annotate(**{name: Counted(found) for name, found in rows.items()})


def search_ids(q: str, actor: Actor, limit: int = MOST_FOUND) -> list[UUID]:
    """What a few typed words mean: conversations of customers so named, then those where it was written."""
    text = one_line(q, 100)
    words = text.split()[:6]
    if not words:
        return []
    found = _of_people(crm.search_ids(text, actor, 20), actor)[: limit // 2]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conversation_id FROM conversations_search(%s, %s, %s, %s, %s::uuid[], %s)",
            [words, text, actor.sees, actor.membership_id, list(actor.team_ids), limit],
        )
        found += [row[0] for row in cursor.fetchall()]
    return list(dict.fromkeys(found))[:limit]


def _of_people(people: list[UUID], actor: Actor) -> list[UUID]:
    """The conversations of some customers, those of the first first, the newest first of each."""
    if not people:
        return []
    rows = visible_to(actor).filter(customer_id__in=people).order_by(*NEWEST)
    pairs = list(rows.values_list("customer_id", "pk")[:MOST_FOUND])
    return [pk for _customer, pk in sorted(pairs, key=lambda pair: people.index(pair[0]))]


def visible_customers(actor: Actor) -> Q:
    """The condition by which narrowed members see customers: those of the conversations they see."""
    return Q(id__in=visible_to(actor).values("customer_id"))


def visible_contexts(actor: Actor) -> Q:
    """The condition by which narrowed members see lines of a history."""
    return Q(context_id__in=visible_to(actor).values("id"))


def unread(row: QueueRow) -> bool:
    """Whether the customer wrote after those who answer last looked."""
    written, seen = row.last_inbound_at, row.seen_at
    if not written or row.status == Status.CLOSED or row.waiting_since is None:
        return False
    return seen is None or written > seen


def troubled_deliveries(actor: Actor, status: str) -> QuerySet[Delivery]:
    """Messages whose delivery failed or cannot be told, newest first."""
    rows = Delivery.objects.filter(status=status).select_related("message__conversation__customer", "channel")
    if actor.sees != Sees.ALL:
        rows = rows.filter(message__conversation_id__in=visible_to(actor).values("pk"))
    return rows.order_by("-id")


def files_of(customer: Customer, actor: Actor, *, cursor: str = "", limit: int = 30) -> Page:
    """The files that came or went with a customer, as `crm.files.File`, newest first. Raises `BadCursor`."""
    rows = Attachment.objects.filter(
        is_inline=False,
        state=Attachment.State.HERE,
        message__has_attachments=True,
        message__conversation__in=visible_to(actor).filter(customer=customer),
    )
    page = cursors.page(rows, ordering=("-id",), limit=limit, cursor=cursor)
    return Page([_file(one) for one in page.items], page.next_cursor)


def _file(attachment: Attachment) -> File:
    return File(
        id=attachment.pk,
        name=attachment.name,
        size=attachment.size,
        content_type=attachment.content_type,
        created_at=attachment.created_at,
        url_name="conversations:attachment",
    )
