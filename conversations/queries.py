"""Reading conversations, narrowed to what the actor may see: queue, search, a thread, what is true now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from conversations.models import Conversation, ConversationLabel, Delivery, Episode, Message
from crm import queries as crm
from crm.models import Case, Customer, Order
from tenants.actors import Actor
from tenants.decorators import get_or_404
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.kit.text import one_line
from tenants.models import TeamMember
from tenants.permissions import Sees

Status = Conversation.Status
NEWEST = ("-last_message_at", "-id")
PAGE = 40
MOST_COUNTED = 100  # a counter says 99+ beyond, and costs the same however long the queue
MOST_FOUND = 60
MESSAGES = 60
ELSEWHERE = 20

VIEWS: dict[str, str] = {
    "mine": Status.OPEN,
    "unassigned": Status.OPEN,
    "team": Status.OPEN,
    "all": Status.OPEN,
    "waiting": Status.WAITING,
    "snoozed": Status.SNOOZED,
    "closed": Status.CLOSED,
}
COUNTED = ("mine", "unassigned", "team", "all")
NOT_IN_ROW = (
    "channel__settings",
    "channel__secrets",
    "channel__address",
    "customer__attributes",
    "customer__company",
    "customer__timezone",
    "assignee__user__password",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the queue, as the address says it. Everything in it has been checked."""

    view: str = "mine"
    q: str = ""
    label: UUID | None = None
    channel: UUID | None = None
    team: UUID | None = None
    priority: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.label or self.channel or self.team or self.priority is not None)


def visible_to(actor: Actor) -> Any:
    """The conversations an actor may see."""
    return Conversation.objects.visible_to(actor)


def conversation_or_404(conversation_id: UUID, actor: Actor) -> Conversation:
    """The conversation with what its page shows of it, or 404."""
    shown = visible_to(actor).select_related("customer", "channel", "assignee__user", "team")
    found: Conversation = get_or_404(shown, conversation_id)
    return found


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


def with_row(queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Conversations with all that a row of the queue shows: one more query, however many rows.

    Nothing else is read: settings and secrets of a channel cost more than the rest of the row.
    """
    links = ConversationLabel.objects.select_related("label").order_by("label__name")
    rows = queryset.select_related("customer", "channel", "assignee__user").defer(*NOT_IN_ROW)
    return rows.prefetch_related(Prefetch("label_links", queryset=links))


def in_view(view: str, actor: Actor) -> QuerySet[Conversation]:
    """The conversations of one view of the queue."""
    rows: QuerySet[Conversation] = visible_to(actor).filter(status=VIEWS[view])
    match view:
        case "mine":
            return rows.filter(assignee_id=actor.membership_id)
        case "unassigned":
            return rows.filter(assignee_id=None)
        case "team":
            return rows.filter(team_id__in=own_teams(actor))
    return rows


def own_teams(actor: Actor) -> QuerySet[TeamMember, UUID]:
    """The ids of the teams a member is in, as a subquery."""
    return TeamMember.objects.filter(membership_id=actor.membership_id).values("team_id")


def narrowed(rows: QuerySet[Conversation], filters: Filters) -> QuerySet[Conversation]:
    """Rows that also fit the filters."""
    if filters.label:
        rows = rows.filter(
            pk__in=ConversationLabel.objects.filter(label_id=filters.label).values("conversation_id")
        )
    if filters.channel:
        rows = rows.filter(channel_id=filters.channel)
    if filters.team:
        rows = rows.filter(team_id=filters.team)
    if filters.priority is not None:
        rows = rows.filter(priority=filters.priority)
    return rows


def queue_page(filters: Filters, actor: Actor, *, cursor: str = "", limit: int = PAGE) -> Page:
    """A page of the queue, newest first; of what was found when something is searched for.

    Raises `BadCursor`.
    """
    if filters.q:
        found = search_ids(filters.q, actor)
        known = narrowed(with_row(visible_to(actor)), filters).in_bulk(found)
        return Page([known[one] for one in found if one in known], "")
    rows = narrowed(with_row(in_view(filters.view, actor)), filters)
    return cursors.page(rows, ordering=NEWEST, limit=limit, cursor=cursor)


def rows_in_view(ids: Iterable[UUID], filters: Filters, actor: Actor) -> list[Conversation]:
    """Those of some conversations that belong into the queue as it is shown."""
    if filters.q:
        return list(narrowed(with_row(visible_to(actor)), filters).filter(pk__in=ids))
    return list(
        narrowed(with_row(in_view(filters.view, actor)), filters).filter(pk__in=ids).order_by(*NEWEST)
    )


def counts(actor: Actor, views: Iterable[str] = COUNTED) -> dict[str, int]:
    """How many conversations each view holds, at most `MOST_COUNTED`, in one query."""
    names = list(views)
    parts: list[str] = []
    parameters: list[Any] = []
    for name in names:
        rows = in_view(name, actor).order_by().values("pk")[:MOST_COUNTED]
        sql, values = rows.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 -- SQL of the ORM
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return dict(zip(names, cursor.fetchone(), strict=True))


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


# --- one conversation ---


@dataclass(frozen=True, slots=True)
class Messages:
    """Some messages in order, and whether there are earlier ones."""

    items: list[Message]
    has_earlier: bool


def shown_messages(conversation: Conversation) -> QuerySet[Message]:
    """Messages with what a bubble shows: files and the state of the delivery."""
    return (
        Message.objects.filter(conversation=conversation)
        .select_related("episode")
        .prefetch_related("attachments", Prefetch("deliveries", queryset=Delivery.objects.all()))
        .defer("html")
        .annotate(has_html=~Q(html=""))
    )


def newest_messages(conversation: Conversation, limit: int = MESSAGES) -> Messages:
    """The end of the latest episode; earlier ones are read on demand."""
    latest = Episode.objects.filter(conversation=conversation).order_by("-number").values("pk")[:1]
    rows = list(shown_messages(conversation).filter(episode_id=latest).order_by("-id")[: limit + 1])
    has_earlier = len(rows) > limit or conversation.episode_count > 1
    return Messages(rows[:limit][::-1], has_earlier)


def messages_before(conversation: Conversation, message_id: UUID, limit: int = MESSAGES) -> Messages:
    """What was said before a message, whichever episode it belongs to."""
    rows = list(shown_messages(conversation).filter(id__lt=message_id).order_by("-id")[: limit + 1])
    return Messages(rows[:limit][::-1], len(rows) > limit)


def messages_after(
    conversation: Conversation, message_id: UUID | None, changed: Iterable[UUID]
) -> list[Message]:
    """What came after a message, and those before it that changed."""
    wanted = Q(id__in=list(changed))
    if message_id:
        wanted |= Q(id__gt=message_id)
    return list(shown_messages(conversation).filter(wanted).order_by("id")[:500])


# --- what is true right now ---


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an agent should know before the first key is pressed. `kind` names it for pages and API.

    open_complaint, unanswered_elsewhere, open_elsewhere, unanswered, overdue_follow_up, last_contact,
    last_order.
    """

    kind: str
    at: datetime | None = None
    channel: str = ""
    conversation_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


def right_now(
    customer: Customer, actor: Actor, except_conversation: Conversation | None = None
) -> list[Fact]:
    """The facts about a customer that hold now, the most pressing first, in four queries."""
    now = timezone.now()
    others = _elsewhere(customer, actor, except_conversation)
    complaints = crm.cases_visible_to(actor).filter(
        customer=customer, kind=Case.Kind.COMPLAINT, resolved_at=None
    )
    overdue = crm.follow_ups_visible_to(actor).filter(customer=customer, done_at=None, due_at__lte=now)
    complaint, due = complaints.first(), overdue.order_by("due_at").first()
    order = Order.objects.filter(customer=customer).order_by("-placed_at").first()
    facts = []
    if complaint:
        facts.append(
            Fact("open_complaint", complaint.opened_at, conversation_id=complaint.context_id,
                 data={"subject": complaint.subject, "case_id": str(complaint.pk)})
        )  # fmt: skip
    facts += [_elsewhere_fact(other) for other in others if other.status != Status.CLOSED]
    if except_conversation and except_conversation.waiting_since and not except_conversation.is_closed:
        facts.append(Fact("unanswered", except_conversation.waiting_since, except_conversation.channel.kind))
    if due:
        facts.append(
            Fact("overdue_follow_up", due.due_at, data={"title": due.title, "follow_up_id": str(due.pk)})
        )
    facts += _last_contact(others)
    if order:
        facts.append(
            Fact("last_order", order.placed_at, data={
                "number": order.number, "status": order.status, "total": str(order.total),
                "currency": order.currency, "order_id": str(order.pk),
            })
        )  # fmt: skip
    return facts


def _elsewhere(customer: Customer, actor: Actor, but: Conversation | None) -> list[Conversation]:
    rows = visible_to(actor).select_related("channel").filter(customer=customer)
    if but:
        rows = rows.exclude(pk=but.pk)
    return list(rows.order_by(*NEWEST)[:ELSEWHERE])


def _elsewhere_fact(other: Conversation) -> Fact:
    if other.waiting_since:
        return Fact("unanswered_elsewhere", other.waiting_since, other.channel.kind, other.pk)
    return Fact("open_elsewhere", other.last_message_at, other.channel.kind, other.pk)


def _last_contact(others: list[Conversation]) -> list[Fact]:
    """When and where the customer last wrote, apart from the conversation on screen."""
    written = [other for other in others if other.last_inbound_at]
    if not written:
        return []
    last = max(written, key=lambda other: other.last_inbound_at)  # type: ignore[arg-type, return-value]
    return [Fact("last_contact", last.last_inbound_at, last.channel.kind, last.pk)]


def visible_customers(actor: Actor) -> Q:
    """The condition by which narrowed members see customers: those of the conversations they see."""
    return Q(id__in=visible_to(actor).values("customer_id"))


def visible_contexts(actor: Actor) -> Q:
    """The condition by which narrowed members see lines of a history."""
    return Q(context_id__in=visible_to(actor).values("id"))


def unread(conversation: Conversation) -> bool:
    """Whether the customer wrote after those who answer last looked."""
    written, seen = conversation.last_inbound_at, conversation.seen_at
    if not written or conversation.is_closed or conversation.waiting_since is None:
        return False
    return seen is None or written > seen


def troubled_deliveries(actor: Actor, status: str) -> QuerySet[Delivery]:
    """Messages whose delivery failed or cannot be told, newest first."""
    rows = Delivery.objects.filter(status=status).select_related("message__conversation__customer", "channel")
    if actor.sees != Sees.ALL:
        rows = rows.filter(message__conversation_id__in=visible_to(actor).values("pk"))
    return rows.order_by("-id")
