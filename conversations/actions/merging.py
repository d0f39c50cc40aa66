"""Putting conversations of one customer together, and taking them apart; both can be undone for a month.

A merged conversation stays as the way by which its messages come and go: its channel, its address and
its window. Its messages stand in the survivor and name it in `came_by`, as do those that come later, so
each finds home again. Locks go from a merged conversation to the one it points to, never back.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions.conversations import record
from conversations.actions.episodes import current_episode, open_episode, wake
from conversations.actions.messages import announce, lock
from conversations.actions.states import (
    FOLLOWING,
    bring_back,
    changed_between,
    follow_messages,
    labels_of,
    put_labels,
    state_of,
)
from conversations.models import Conversation, ConversationMerge, Draft, Episode, Message, Promise
from crm import contexts
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused

UNDO_FOR = timedelta(days=30)
MOST_LEGS = 50
AWAKE = frozenset({"status", "closed_at", "snoozed_until", "episode"})
Kind = ConversationMerge.Kind
Status = Conversation.Status


class CannotMerge(Refused):
    """These cannot be put together, or taken apart so; the sentence says why."""


class CannotUndo(Conflicting):
    """It can no longer be taken back; the sentence says why."""


# --- putting together ---


@transaction.atomic
def merge(
    *, source: Conversation, target: Conversation, by: Actor, answer_by_source: bool = False
) -> ConversationMerge:
    """Show what was said in `source` in `target`, and let what comes later to the one arrive in the other.

    Replies go by the channel and address of the target, or with `answer_by_source` by those of the source.
    Raises `CannotMerge`.
    """
    source, target = _both(source, target)
    _check(source, target)
    before = {"source": state_of(source), "target": state_of(target)}
    moved = _move_messages(source, target)
    moved |= contexts.move(source.customer_id, origin=source.pk, to=target.pk)
    moved["drafts"] = _move_drafts(source, target)
    moved["promises"] = _move_promises(source, target)
    _join_states(source, target)
    if answer_by_source:
        target.answers_by_id = source.answers_by_id or source.pk
    source.status, source.merged_into_id = Status.MERGED, target.pk
    source.closed_at = source.snoozed_until = source.waiting_since = None
    source.save()
    target.save()
    record(target, "merged", by, other=_name(source), other_id=str(source.pk))
    made: ConversationMerge = ConversationMerge.objects.create(
        kind=Kind.MERGE,
        source=source,
        target=target,
        before=before,
        after={"target": state_of(target)},
        moved=moved,
        made_by=by.membership,
        made_by_label=by.label[:150],
    )
    announce(source)
    return made


def _both(one: Conversation, other: Conversation) -> tuple[Conversation, Conversation]:
    """Both, locked, always in the same order."""
    locked = {pk: lock(pk) for pk in sorted({one.pk, other.pk})}
    return locked[one.pk], locked[other.pk]


def _check(source: Conversation, target: Conversation) -> None:
    if source.pk == target.pk:
        raise CannotMerge(_("Choose another conversation: this is the same one."))
    if source.is_merged or target.is_merged:
        raise CannotMerge(_("One of them was merged meanwhile. Look at it again."))
    if source.customer_id != target.customer_id:
        raise CannotMerge(_("They belong to two customers. Say first that these are the same person."))
    if Conversation.objects.filter(merged_into=target).count() >= MOST_LEGS:
        raise CannotMerge(_("So many conversations were put together here that no more fit."))


def _name(conversation: Conversation) -> str:
    """How a line of the feed names a conversation."""
    return conversation.subject or conversation.channel.name


def _move_messages(source: Conversation, target: Conversation) -> dict[str, Any]:
    """Let the messages of one stand in the other; returns in which episodes they were."""
    rows = list(
        Message.objects.filter(conversation=source)
        .order_by("id")
        .values_list("pk", "episode_id", "created_at")
    )
    _forget_doubles(source, target)
    episodes = _episodes(target)
    for episode, ids in _by_episode(rows, episodes).items():
        Message.objects.filter(pk__any=ids).update(
            conversation=target,
            episode_id=episode,
            came_by=Coalesce(F("came_by"), Value(source.pk, output_field=UUIDField())),
        )
    were: dict[str, list[str]] = {}
    for pk, episode_id, _at in rows:
        were.setdefault(str(episode_id), []).append(str(pk))
    return {"episodes": were}


def _forget_doubles(source: Conversation, target: Conversation) -> None:
    """Two messages with one number of their sender's cannot stand in one conversation."""
    taken = Message.objects.filter(conversation=target, client_id__isnull=False).values("client_id")
    Message.objects.filter(conversation=source, client_id__in=taken).update(client_id=None)


def _episodes(conversation: Conversation) -> list[Episode]:
    return list(Episode.objects.filter(conversation=conversation).order_by("number"))


def _by_episode(rows: Iterable[tuple[UUID, UUID, Any]], episodes: list[Episode]) -> dict[UUID, list[UUID]]:
    """Messages by the episode that ran when they came; those before the first belong to it."""
    found: dict[UUID, list[UUID]] = {}
    for pk, _was, at in rows:
        running = [episode for episode in episodes if episode.opened_at <= at]
        found.setdefault((running[-1] if running else episodes[0]).pk, []).append(pk)
    return found


def _move_promises(source: Conversation, target: Conversation) -> list[str]:
    """What the customer still waits for is kept where he is answered."""
    waiting = Promise.objects.filter(conversation=source, kept_at=None, withdrawn_at=None)
    ids = [str(pk) for pk in waiting.values_list("pk", flat=True)]
    Promise.objects.filter(pk__in=ids).update(conversation=target)
    return ids


def _move_drafts(source: Conversation, target: Conversation) -> list[str]:
    """What was begun to be written goes along, unless the same member began something there."""
    busy = Draft.objects.filter(conversation=target).values("membership_id")
    drafts = Draft.objects.filter(conversation=source).exclude(membership_id__in=busy)
    ids = [str(pk) for pk in drafts.values_list("pk", flat=True)]
    Draft.objects.filter(pk__in=ids).update(conversation=target)
    return ids


def _join_states(source: Conversation, target: Conversation) -> None:
    """The survivor is as awake, as urgent and as much somebody's as the more so of both."""
    if target.is_closed and not source.is_closed:
        wake(target, tenant=Tenant.objects.get(), at=timezone.now())
        target.status = source.status
        target.snoozed_until = source.snoozed_until
    elif source.status == Status.OPEN and target.status != Status.OPEN and not target.is_closed:
        target.status, target.snoozed_until = Status.OPEN, None
    if source.last_message_at > target.last_message_at:
        target.last_message_at = source.last_message_at
        target.preview, target.preview_is_ours = source.preview, source.preview_is_ours
    target.last_inbound_at = max(filter(None, [source.last_inbound_at, target.last_inbound_at]), default=None)
    if not target.is_closed:
        waits = filter(None, [source.waiting_since, target.waiting_since])
        target.waiting_since = min(waits, default=None)
    target.priority = max(source.priority, target.priority)
    target.assignee_id = target.assignee_id or source.assignee_id
    target.team_id = target.team_id or source.team_id
    put_labels(target, sorted({*labels_of(target), *labels_of(source)}))


@transaction.atomic
def answer_by(*, conversation: Conversation, way: Conversation, by: Actor) -> Conversation:
    """Let replies go by the channel and address of one that was merged here, or by the own again.

    Raises `CannotMerge` for one that is not among them.
    """
    conversation = lock(conversation.pk)
    if way.pk != conversation.pk and way.pk not in _gathered(conversation):
        raise CannotMerge(_("Replies can only go where one of these conversations was."))
    chosen = None if way.pk == conversation.pk else way.pk
    if conversation.answers_by_id != chosen:
        conversation.answers_by_id = chosen
        conversation.save(update_fields=["answers_by"])
        record(conversation, "answers_moved", by, channel=way.channel.name)
    return conversation


def ways_of(conversation: Conversation) -> list[Conversation]:
    """By which channels and addresses its replies can go: the own first."""
    legs = Conversation.objects.filter(pk__in=_gathered(conversation)).select_related("channel", "identity")
    return [conversation, *legs.order_by("pk")]


def _gathered(conversation: Conversation) -> list[UUID]:
    """All that were merged into it, directly or on the way."""
    found: list[UUID] = []
    layer = [conversation.pk]
    while layer:
        below = Conversation.objects.filter(merged_into_id__in=layer)
        layer = [pk for pk in below.values_list("pk", flat=True) if pk not in found]
        found += layer
    return found


# --- taking apart ---


@transaction.atomic
def split(
    *, conversation: Conversation, messages: Iterable[UUID] = (), since: UUID | None = None, by: Actor
) -> ConversationMerge:
    """Make a new conversation out of some messages, or of all from one on.

    Raises `CannotMerge` when none are named, or none would stay.
    """
    conversation = lock(conversation.pk)
    if conversation.is_merged:
        raise CannotMerge(_("It was merged meanwhile. Look at it again."))
    said = Message.objects.filter(conversation=conversation).exclude(kind=Message.Kind.EVENT)
    wanted = Q(pk__gte=since) if since else Q(pk__in=list(messages))
    chosen = list(said.filter(wanted).order_by("id"))
    if not chosen:
        raise CannotMerge(_("Choose the messages that belong to something else."))
    if len(chosen) == said.count():
        raise CannotMerge(_("Leave at least one message where it is."))
    before = {"source": state_of(conversation)}
    new = _beside(conversation, chosen)
    episode = open_episode(new, at=chosen[0].created_at)
    were: dict[str, list[str]] = {}
    for message in chosen:
        were.setdefault(str(message.episode_id), []).append(str(message.pk))
    ids = [message.pk for message in chosen]
    Message.objects.filter(pk__any=ids).update(conversation=new, episode=episode)
    Message.objects.filter(pk__any=ids, came_by_id=_home(chosen)).update(came_by=None)
    moved: dict[str, Any] = {"episodes": were, "home": str(_home(chosen) or "")}
    moved |= contexts.move(conversation.customer_id, origin=conversation.pk, to=new.pk, objects=ids)
    put_labels(new, labels_of(conversation))
    follow_messages(new)
    follow_messages(conversation)
    made: ConversationMerge = ConversationMerge.objects.create(
        kind=Kind.SPLIT,
        source=conversation,
        target=new,
        before=before,
        after={"source": state_of(conversation)},
        moved=moved,
        made_by=by.membership,
        made_by_label=by.label[:150],
    )
    record(conversation, "split", by, count=len(chosen), other_id=str(new.pk))
    record(new, "split_from", by, other=_name(conversation), other_id=str(conversation.pk))
    return made


def _home(messages: list[Message]) -> UUID | None:
    """The merged conversation to which all of some messages belong; None for different ones."""
    homes = {message.came_by_id for message in messages}
    return homes.pop() if len(homes) == 1 else None


def _beside(conversation: Conversation, messages: list[Message]) -> Conversation:
    """A new one with the same customer, owner and way as the messages had."""
    home = _home(messages)
    way = Conversation.objects.get(pk=home) if home else conversation
    new: Conversation = Conversation.objects.create(
        customer_id=conversation.customer_id,
        channel_id=way.channel_id,
        identity_id=way.identity_id,
        subject=next((one.subject for one in messages if one.subject), way.subject),
        status=Status.OPEN,
        priority=conversation.priority,
        assignee_id=conversation.assignee_id,
        team_id=conversation.team_id,
        last_message_at=messages[-1].created_at,
    )
    return new


# --- undo ---


def undoable(conversation: Conversation) -> QuerySet[ConversationMerge]:
    """What was put together or taken apart here lately, the latest first."""
    mine = ConversationMerge.objects.filter(Q(target=conversation) | Q(source=conversation))
    lately = mine.filter(undone_at=None, made_at__gt=timezone.now() - UNDO_FOR)
    return lately.select_related("source__channel", "target__channel").order_by("-id")  # type: ignore[no-any-return]


@transaction.atomic
def undo(*, made: ConversationMerge, by: Actor) -> Conversation:
    """Put both back as they were; what came later goes where it belongs. Returns the one that is apart again.

    What somebody changed since stays changed. Raises `CannotUndo`.
    """
    made = ConversationMerge.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.undone_at:
        raise CannotUndo(_("This was taken back before."))
    if made.made_at <= timezone.now() - UNDO_FOR:
        raise CannotUndo(_("This can be taken back for 30 days only."))
    apart = _unmerge(made, by) if made.kind == Kind.MERGE else _unsplit(made, by)
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    return apart


def _unmerge(made: ConversationMerge, by: Actor) -> Conversation:
    source, target = lock(made.source_id), lock(made.target_id)
    if source.merged_into_id != target.pk:
        raise CannotUndo(_("It stands apart already."))
    if target.is_merged:
        raise CannotUndo(_("Take back first what it was merged into afterwards."))
    mine = [source.pk, *_gathered(source)]
    later = _give_back(made, source, target, mine)
    source.merged_into = None
    bring_back(
        source, made.before["source"], set(made.before["source"]) - {"last_inbound_at", "window_ends_at"}
    )
    if later:
        _go_on(source, later)
    _step_back(target, made.before["target"], made.after["target"], bool(later))
    if target.answers_by_id in mine:
        target.answers_by = None
        target.save(update_fields=["answers_by"])
    record(target, "unmerged", by, other=_name(source), other_id=str(source.pk))
    announce(source)
    return source


def _give_back(
    made: ConversationMerge, source: Conversation, target: Conversation, mine: list[UUID]
) -> list[Message]:
    """Move messages, records and drafts home; returns those messages that came after the merge."""
    theirs = Message.objects.filter(conversation=target, came_by_id__in=mine)
    known = _known(made)
    later = list(theirs.exclude(pk__in=known).order_by("id"))
    latest = current_episode(source)
    theirs.exclude(pk__in=known).update(episode=latest)
    for episode, ids in made.moved["episodes"].items():
        theirs.filter(pk__in=ids).update(episode_id=UUID(episode))
    theirs.filter(came_by=source).update(conversation=source, came_by=None)
    theirs.update(conversation=source)
    contexts.give_back(made.moved, origin=source.pk, to=target.pk)
    later_ids = [message.pk for message in later]
    contexts.move(source.customer_id, origin=target.pk, to=source.pk, objects=later_ids)
    Draft.objects.filter(pk__in=made.moved["drafts"], conversation=target).update(conversation=source)
    promised = Promise.objects.filter(pk__in=made.moved.get("promises", []), conversation=target)
    promised.update(conversation=source)
    return later


def _known(made: ConversationMerge) -> list[str]:
    return [pk for ids in made.moved["episodes"].values() for pk in ids]


def _go_on(conversation: Conversation, later: list[Message]) -> None:
    """A conversation that stands apart again with messages which came meanwhile."""
    told = [one for one in later if one.kind in {Message.Kind.INBOUND, Message.Kind.OUTBOUND}]
    if not told:
        return
    was_closed = conversation.is_closed
    if was_closed:
        episode = wake(conversation, tenant=Tenant.objects.get(), at=told[0].created_at)
        Message.objects.filter(pk__in=[one.pk for one in later]).update(episode=episode)
    asks = told[-1].kind == Message.Kind.INBOUND
    conversation.status = Status.OPEN if asks else Status.WAITING
    conversation.snoozed_until = None
    follow_messages(conversation)
    if was_closed and asks:  # what was unanswered when it was closed waits no longer
        unanswered = list(takewhile(lambda one: one.kind == Message.Kind.INBOUND, reversed(told)))
        conversation.waiting_since = unanswered[-1].created_at
        conversation.save(update_fields=["waiting_since"])


def _step_back(
    conversation: Conversation, before: dict[str, Any], after: dict[str, Any], got_later: bool
) -> None:
    """Undo what putting together or taking apart did to the state, except what was changed since."""
    now = state_of(conversation)
    touched = changed_between(before, after)
    since = changed_between(after, now)
    if touched & since & FOLLOWING or got_later or _has_newer(conversation, after):
        wrote = _has_newer(conversation, after) and before["status"] == Status.CLOSED
        kept = FOLLOWING | {"labels"} | (AWAKE if wrote else set())
        bring_back(conversation, before, touched - since - kept)
        follow_messages(conversation)
    else:
        bring_back(conversation, before, touched - since - {"labels"})
    if "labels" in touched:
        added = set(after["labels"]) - set(before["labels"])
        put_labels(conversation, sorted(set(now["labels"]) - added))


def _has_newer(conversation: Conversation, after: dict[str, Any]) -> bool:
    return conversation.last_message_at.isoformat() != after["last_message_at"]


def _unsplit(made: ConversationMerge, by: Actor) -> Conversation:
    new, origin = lock(made.target_id), lock(made.source_id)
    if new.is_merged or origin.is_merged:
        raise CannotUndo(_("Take back first what it was merged into afterwards."))
    home = made.moved["home"] or None
    theirs = Message.objects.filter(conversation=new)
    known = _known(made)
    later = list(theirs.exclude(pk__in=known).exclude(kind=Message.Kind.EVENT).order_by("id"))
    _forget_doubles(new, origin)
    events = theirs.filter(kind=Message.Kind.EVENT)
    rows = [(one.pk, one.episode_id, one.created_at) for one in later]
    for episode, ids in _by_episode(rows, _episodes(origin)).items():
        theirs.filter(pk__any=ids).update(episode_id=episode)
    for was, named in made.moved["episodes"].items():
        theirs.filter(pk__in=named).update(episode_id=UUID(was))
    keep = list(events.values_list("pk", flat=True))
    theirs.exclude(pk__in=keep).filter(came_by=None).update(came_by_id=home)
    theirs.exclude(pk__in=keep).update(conversation=origin)
    contexts.move(origin.customer_id, origin=new.pk, to=origin.pk)
    Draft.objects.filter(conversation=new).exclude(
        membership_id__in=Draft.objects.filter(conversation=origin).values("membership_id")
    ).update(conversation=origin)
    new.status, new.merged_into = Status.MERGED, origin
    new.closed_at = new.snoozed_until = new.waiting_since = None
    new.save()
    _step_back(origin, made.before["source"], made.after["source"], bool(later))
    if any(one.kind == Message.Kind.INBOUND for one in later) and origin.is_closed:
        wake(origin, tenant=Tenant.objects.get(), at=later[0].created_at)
        follow_messages(origin)
    record(origin, "unsplit", by)
    announce(new)
    return origin
