"""Reading what the bot could not answer: questions gathered by meaning, and what people answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from conversations import review
from conversations.bot.personal import Cleaned, without_personal
from conversations.models import Conversation, Message, UnansweredGroup, UnansweredMessage, UnansweredRun
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.permissions import Sees

ORDER = ("place",)
PAGE = 20
EXAMPLES = 4
WORDINGS = 8  # examples that become wordings of the answer
SOON = timedelta(days=3)  # within which what a colleague writes is the answer
DAYS = (30, 90)


def latest() -> UnansweredRun | None:
    """The gathering that is shown: the last one that is done."""
    done = UnansweredRun.objects.filter(state=UnansweredRun.State.DONE)
    found: UnansweredRun | None = done.order_by("-id").first()
    return found


def newest() -> UnansweredRun | None:
    """The last gathering that was asked for, whatever became of it."""
    found: UnansweredRun | None = UnansweredRun.objects.order_by("-id").first()
    return found


def groups_seen_by(actor: Actor) -> QuerySet[UnansweredGroup]:
    """Groups with at least one message an actor may see. In no order."""
    found: QuerySet[UnansweredGroup] = UnansweredGroup.objects.all()
    if actor.sees == Sees.ALL:
        return found
    return found.filter(Exists(members_seen_by(actor).filter(group=OuterRef("pk"))))


def members_seen_by(actor: Actor) -> QuerySet[UnansweredMessage]:
    """Messages in groups that an actor may see. In no order."""
    found: QuerySet[UnansweredMessage] = UnansweredMessage.objects.all()
    if actor.sees == Sees.ALL:
        return found
    return found.filter(message__conversation__in=Conversation.objects.within(actor))


def open_groups(run: UnansweredRun, actor: Actor) -> QuerySet[UnansweredGroup]:
    """What is still to be settled of a gathering. In no order."""
    return groups_seen_by(actor).filter(run=run, settled=UnansweredGroup.Settled.NO)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A group as an actor sees it."""

    group: UnansweredGroup
    count: int
    people: int
    examples: list[Message] = field(default_factory=list)
    """The most typical first."""
    reply: Message | None = None
    draft: Cleaned | None = None
    """What a colleague answered, without what is only one customer's."""


def page(run: UnansweredRun, actor: Actor, cursor: str = "") -> cursors.Page:
    """Groups of a gathering, the largest first, as `Gathered`. Raises `BadCursor`."""
    found = cursors.page(open_groups(run, actor), ordering=ORDER, limit=PAGE, cursor=cursor)
    return cursors.Page(gathered(found.items, actor), found.next_cursor)


def gathered(groups: Iterable[UnansweredGroup], actor: Actor) -> list[Gathered]:
    """Groups with their examples and drafts, in a constant number of queries."""
    rows = list(groups)
    ids = [one.pk for one in rows]
    members = members_seen_by(actor).filter(group__in=ids)
    ranked = members.alias(
        rank=Window(RowNumber(), partition_by=F("group"), order_by=[F("place").asc(), F("id").asc()])
    )
    examples: dict[UUID, list[Message]] = {}
    shown = ranked.filter(rank__lte=WORDINGS + 1).select_related("message__conversation__customer")
    for member in shown.order_by("place", "id"):
        examples.setdefault(member.group_id, []).append(member.message)
    counts = {one.pk: (one.count, one.people) for one in rows}
    if actor.sees != Sees.ALL:
        counted = members.order_by().values("group").annotate(
            count=Count("id"), people=Count("message__conversation__customer", distinct=True)
        )  # fmt: skip
        counts = {one["group"]: (one["count"], one["people"]) for one in counted}
    replies = _replies([one.reply_id for one in rows if one.reply_id], actor)
    names = review.team_names() if replies else []
    found = []
    for one in rows:
        reply = replies.get(one.reply_id)
        draft = without_personal(reply.text, [reply.conversation.customer.name, *names]) if reply else None
        count, people = counts.get(one.pk, (0, 0))
        found.append(Gathered(one, count, people, examples.get(one.pk, []), reply, draft))
    return found


def _replies(ids: list[UUID], actor: Actor) -> dict[UUID | None, Message]:
    seen = Message.objects.filter(pk__in=ids).select_related("conversation__customer")
    if actor.sees != Sees.ALL:
        seen = seen.filter(conversation__in=Conversation.objects.within(actor))
    return {one.pk: one for one in seen}


def reply_after(message: Message) -> Message | None:
    """What a colleague answered to a message, within some days."""
    after = Message.objects.filter(
        conversation=message.conversation_id,
        pk__gt=message.pk,
        kind=Message.Kind.OUTBOUND,
        author_kind=Message.Author.MEMBER,
        created_at__lte=message.created_at + SOON,
    ).exclude(text="")
    found: Message | None = after.select_related("conversation__customer").order_by("id").first()
    return found


def draft_of(reply: Message) -> Cleaned:
    """What a colleague wrote to one customer, fit to be offered to all."""
    return without_personal(reply.text, review.names_around(reply))


def wordings(messages: Iterable[Message]) -> list[str]:
    """How customers put it, without what is only theirs; each once."""
    names = review.team_names()
    found: dict[str, str] = {}
    for message in messages:
        text = review.bare_wording(message, [message.conversation.customer.name, *names])
        if text:
            found.setdefault(text.casefold(), text)
    return list(found.values())[: WORDINGS + 1]
