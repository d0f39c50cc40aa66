"""The pieces of the workspace and what each needs; views choose which to render."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conversations import queries, thread_queries
from conversations.actions import turns
from conversations.bot.commitments import Commitment
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation, Draft, Promise
from conversations.queries import Filters
from conversations.queue_order import SORTS
from conversations.right_now import right_now
from conversations.workspace import composing, facts, handoff_card, later, presence, promised
from conversations.workspace.feed import Item, feed
from conversations.workspace.forms import SNOOZES, query_of, read_filters
from conversations.workspace.rows import rows_of
from crm import queries as crm
from crm.models import Label
from tenants import live
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit.cursors import BadCursor, Page
from tenants.models import Membership, Team
from tenants.permissions import ROLES, Permission, Sees
from tenants.requests import BusinessRequest
from tenants.scoping import uuid7
from tenants.templatetags.ui import timestamp
from tenants.urls_tools import burl

TITLES = {
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "team": _("Team"),
    "all": _("All"),
    "bot": _("With the bot"),
    "waiting": _("Waiting"),
    "snoozed": _("Snoozed"),
    "closed": _("Closed"),
}
EMPTY = {
    "mine": (_("All answered"), _("Conversations assigned to you appear here the moment a customer writes.")),
    "unassigned": (_("Nobody is waiting"), _("New conversations appear here until somebody takes them.")),
    "team": (_("The team is up to date"), _("Conversations of the teams you belong to appear here.")),
    "all": (_("No open conversations"), _("When a customer writes on any channel, it appears here at once.")),
    "bot": (
        _("The bot speaks with nobody"),
        _("Conversations that the bot answers appear here until a person takes over."),
    ),
    "waiting": (_("No answers outstanding"), _("Answered conversations wait here for the customer.")),
    "snoozed": (_("Nothing put off"), _("Snoozed conversations come back by themselves when it is time.")),
    "closed": (
        _("Nothing closed yet"),
        _("Finished conversations stay here, with everything that was said."),
    ),
}
PRIORITY_TONES = {0: "grey", 1: "grey", 2: "warning", 3: "danger"}


def filters_of(request: BusinessRequest) -> Filters:
    """The queue's filters; who may not write begins with everything."""
    default = "mine" if request.actor.can(Permission.CONVERSATIONS_WRITE) else "all"
    return read_filters(request.GET, default)


def views_of(request: BusinessRequest) -> list[str]:
    """The views that can hold something for this member."""
    hidden = {"unassigned", "team"} if request.actor.sees == Sees.OWN else set()
    return [view for view in queries.VIEWS if view not in hidden]


def page_of(request: BusinessRequest, filters: Filters) -> Page:
    """A page of the queue; a cursor that is none of ours begins again."""
    try:
        return queries.queue_page(filters, request.actor, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return queries.queue_page(filters, request.actor)


def row_context(
    request: BusinessRequest, filters: Filters, rows: Sequence[queries.QueueRow], current: UUID | None = None
) -> dict[str, Any]:
    """What rows of the queue need; the conversation that is open is marked."""
    return {
        "filters": filters,
        "query": query_of(filters),
        "rows": rows_of(request, filters, rows, current),
    }


def counts_of(request: BusinessRequest) -> dict[str, str]:
    """The counters as shown: empty for none, 99+ for many."""
    counted = queries.counts(request.actor)._asdict()
    most = queries.MOST_COUNTED
    return {
        name: "" if not count else f"{most - 1}+" if count >= most else str(count)
        for name, count in counted.items()
        if name in views_of(request)
    }


class Tab(NamedTuple):
    """A view of the queue in the navigation."""

    view: str
    title: str
    count: str  # type: ignore[assignment]
    query: str


def queue_context(
    request: BusinessRequest, filters: Filters, since: str, current: UUID | None = None
) -> dict[str, Any]:
    """The queue's pane."""
    page = page_of(request, filters)
    counts = counts_of(request)
    tabs = [
        Tab(view, str(TITLES[view]), counts.get(view, ""), query_of(filters, view=view, q=""))
        for view in views_of(request)
    ]
    title, text = EMPTY[filters.view]
    return {
        **row_context(request, filters, page.items, current),
        "next_cursor": page.next_cursor,
        "tabs": tuple(tab for tab in tabs if tab.view in queries.COUNTED),
        "more_tabs": tuple(tab for tab in tabs if tab.view not in queries.COUNTED),
        "view_title": str(TITLES[filters.view]),
        "empty_title": title,
        "empty_text": text,
        "title_count": counts.get("mine", ""),
        "plain_query": query_of(Filters(view=filters.view)),
        "labels": named(Label),
        "teams": named(Team),
        "channels": named(Channel),
        "priorities": priorities(),
        "sorts": tuple((value, str(name)) for value, name in SORTS.items()),
        "since": since,
        "conversation": None,
    }


class Named(NamedTuple):
    """Something one chooses by its name."""

    id: UUID
    name: str


@prepared(Named)
def _named(model: Any) -> QuerySet[Any]:
    return model.objects.all()


def named(model: type[Label | Team | Channel]) -> tuple[Named, ...]:
    """What the business has of a kind, in its order."""
    return tuple(_named(model))


def priorities() -> tuple[tuple[int, str], ...]:
    """Priorities by number and name."""
    return tuple((priority.value, str(priority.label)) for priority in Conversation.Priority)


class Head(NamedTuple):
    """All that the head shows of a conversation."""

    id: UUID
    customer: str
    status: str
    snoozed: SafeString | None
    is_closed: bool
    assignee: str
    assignee_id: UUID | None
    team: str
    team_id: UUID | None
    priority: int
    priority_name: str
    channel: str
    channel_icon: str
    subject: str
    with_bot: bool
    may_give_back: bool


def head_of(conversation: Conversation, actor: Actor) -> Head:
    """A conversation as its head shows it to somebody."""
    assignee, team = conversation.assignee, conversation.team
    is_snoozed = conversation.status == Conversation.Status.SNOOZED
    return Head(
        id=conversation.pk,
        customer=str(conversation.customer),
        status=conversation.status,
        snoozed=timestamp(conversation.snoozed_until, "full") if is_snoozed else None,
        is_closed=conversation.is_closed,
        assignee=assignee.name if assignee else "",
        assignee_id=conversation.assignee_id,
        team=team.name if team else "",
        team_id=conversation.team_id,
        priority=conversation.priority,
        priority_name=str(conversation.get_priority_display()),
        channel=conversation.channel.name,
        channel_icon=facts.channel_icon(conversation.channel.kind),
        subject=conversation.subject,
        with_bot=conversation.with_bot and not conversation.is_closed,
        may_give_back=_may_give_back(conversation, actor),
    )


def _may_give_back(conversation: Conversation, actor: Actor) -> bool:
    """Whether a bot would go on where a person speaks now."""
    if conversation.with_bot or conversation.is_closed or not actor.can(Permission.CONVERSATIONS_WRITE):
        return False
    return turns.bot_of(conversation.way.channel) is not None


def head_context(request: BusinessRequest, conversation: Conversation) -> dict[str, Any]:
    """The head of a conversation: who, what, whose."""
    chosen = queries.labels_of([conversation.pk]).get(conversation.pk, [])
    now = right_now(conversation.customer, request.actor, conversation)
    pills = list(zip([fact.kind for fact in now], facts.shown(now, request), strict=True))
    card = handoff_card.card_of(conversation, pills)
    told = handoff_card.HISTORY if card and card.is_open else frozenset()
    return {
        "conversation": conversation,
        "head": head_of(conversation, request.actor),
        "card": card,
        "promises": promised.of_conversation(conversation),
        "chosen_labels": tuple(chosen),
        "chosen_names": tuple(name for name, _color in chosen),
        "members": answering_members(),
        "all_teams": named(Team),
        "priorities": priorities(),
        "priority_tone": PRIORITY_TONES.get(conversation.priority, "grey"),
        "snoozes": tuple((value, str(name)) for value, name in SNOOZES.items()),
        "query": query_of(filters_of(request)),
        "scheduled": later.shown(conversation),
        "facts": tuple(pill for kind, pill in pills if kind not in told),
    }


class Answering(NamedTuple):
    """A member to whom a conversation can be given."""

    id: UUID
    user__name: str
    user__email: str

    @property
    def name(self) -> str:
        return self.user__name or self.user__email


def answering_members() -> tuple[Answering, ...]:
    """Everyone a conversation can be given to, by name."""
    return tuple(sorted(_answering(), key=lambda one: one.name.casefold()))


@prepared(Answering)
def _answering() -> QuerySet[Membership]:
    able = [role for role, permissions in ROLES.items() if Permission.CONVERSATIONS_WRITE in permissions]
    return Membership.objects.filter(is_active=True, role__in=able)


@prepared(Draft)
def _drafts(*, conversation: UUID, member: UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(conversation_id=conversation, membership_id=member)


def thread_context(
    request: BusinessRequest, conversation: Conversation, before: UUID | None = None, at: UUID | None = None
) -> dict[str, Any]:
    """A conversation's pane with the customer's beside it: its end, or what is before or at a message."""
    if at:
        messages = thread_queries.messages_around(conversation, at)
    elif before:
        messages = thread_queries.messages_before(conversation, before)
    else:
        messages = thread_queries.newest_messages(conversation)
    can = adapter_for(conversation.way.channel.kind).capabilities
    draft = next(iter(_drafts(conversation=conversation.pk, member=request.membership.pk)), None)
    last = messages.items[-1].pk if messages.items else ""
    return {
        **head_context(request, conversation),
        "items": feed(messages.items, conversation, request.membership),
        "has_earlier": messages.has_earlier,
        "has_later": messages.has_later,
        "first_id": messages.items[0].pk if messages.items else "",
        "last_id": last,
        "seen": last,
        "can": can,
        "composing": composing.of(conversation),
        "later_choices": later.choices(),
        "promise_kinds": tuple(Promise.Kind.choices),
        "draft_text": draft.body if draft else "",
        "draft_mode": "note" if draft and draft.is_note else "reply",
        "client_id": uuid7(),
        "labels_to_choose": tuple(crm.labels()),
        "present": presence.others_at(conversation.pk, request.membership),
        "customer_panel": customer_panel(request, conversation),
        "email_domain": settings.MAIL_DOMAIN,
    }


def customer_panel(request: BusinessRequest, conversation: Conversation) -> str:
    """The address of the customer's own pane, which is the CRM's."""
    return burl(request, "crm:customer-panel", conversation.customer_id)


def new_items(
    request: BusinessRequest, conversation: Conversation, after: UUID | None, changed: list[UUID]
) -> list[Item]:
    """What came after a message, as the pane shows it, and what changed before it."""
    messages = thread_queries.messages_after(conversation, after, [*changed, *([after] if after else [])])
    items = feed([m for m in messages if not after or m.pk >= after], conversation, request.membership)
    earlier = feed([m for m in messages if after and m.pk < after], conversation, request.membership)
    changed_items = [item for item in earlier if item.message]
    return changed_items + _after(items, after, set(changed))


def _after(items: list[Item], after: UUID | None, changed: set[UUID]) -> list[Item]:
    """Items behind a message; the message itself only when it changed."""
    if not after:
        return items
    place = next((index for index, item in enumerate(items) if item.message and item.message.pk == after), -1)
    return items[max(place, 0) if after in changed else place + 1 :]


def updates_response(
    request: BusinessRequest,
    conversation: Conversation,
    after: UUID | None,
    changed: list[UUID] | None = None,
    status: int = 200,
    offer: Commitment | None = None,
) -> HttpResponse:
    """What an open page needs to be up to date: new messages, the head, the facts; a promise to note."""
    context = head_context(request, conversation) | {
        "composing": composing.of(conversation),
        "items": new_items(request, conversation, after, changed or []),
        "offer": offer,
    }
    return render(request, "conversations/updates.html", context, status=status)


def whole_page(request: BusinessRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The workspace with all its panes."""
    return render(request, "conversations/workspace.html", context, status=status)


def back_to(request: BusinessRequest, conversation: Conversation) -> HttpResponse:
    """The conversation's page, in the queue it was opened from."""
    query = query_of(filters_of(request))
    return redirect(f"{burl(request, 'conversations:thread', conversation.pk)}?{query}")


def stream_position(request: BusinessRequest) -> str:
    """Where the live stream stands. Ask before anything is read: what happens after it is heard."""
    return live.last_id(request.tenant.pk)
