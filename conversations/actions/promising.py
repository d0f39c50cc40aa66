"""What people and the clock do with promises to customers: made, kept, put off, withdrawn, reminded, late.

Each act leaves a line in the conversation, so that whoever reads it knows what the customer was told.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import notifications, promises
from conversations.actions.clocks import keep as keep_clocks
from conversations.actions.messages import add_event, lock
from conversations.models import Conversation, Notification, Promise
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Membership, TeamMember
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope

FURTHEST = timedelta(days=366)
BATCH = 500
Priority, Status = Conversation.Priority, Conversation.Status


class CannotPromise(Refused):
    """Nothing, or a moment that makes no sense; the sentence says which."""


class Settled(Conflicting):
    """It was kept or withdrawn meanwhile."""


@transaction.atomic
def promise(
    *,
    conversation: Conversation,
    text: str,
    due_at: datetime,
    kind: str = Promise.Kind.OTHER,
    owner: Membership | None = None,
    by: Actor,
) -> Promise:
    """Write down what a customer was told to expect. Without an owner it is whoever says so.

    Raises `CannotPromise`.
    """
    conversation = lock(conversation.pk)
    text = one_line(text, 200)
    if not text:
        raise CannotPromise(_("Say what was promised."), "text")
    _check(due_at)
    made = promises.make(
        conversation, text=text, due_at=due_at, kind=kind, owner=owner or by.membership, by=by
    )
    _record("made", made, conversation, by)
    return made


@transaction.atomic
def fulfil(*, promise: Promise, by: Actor) -> Promise:
    """It was kept. Harmless when said twice. Raises `Settled` for one that was withdrawn."""
    return _settle(promise, "kept", by)


@transaction.atomic
def withdraw(*, promise: Promise, by: Actor) -> Promise:
    """It need not be kept. Harmless when said twice. Raises `Settled` for one that was kept."""
    return _settle(promise, "withdrawn", by)


def _settle(promise: Promise, how: Literal["kept", "withdrawn"], by: Actor) -> Promise:
    conversation, promise = _locked(promise)
    if getattr(promise, f"{how}_at"):
        return promise
    _check_open(promise)
    return _changed(how, promise, conversation, by, **{f"{how}_at": timezone.now()}, remind_at=None)


@transaction.atomic
def take_up(*, promise: Promise, by: Actor) -> Promise:
    """It is open again: neither kept nor withdrawn."""
    conversation, promise = _locked(promise)
    if promise.kept_at is None and promise.withdrawn_at is None:
        return promise
    moments = {"kept_at": None, "withdrawn_at": None, "remind_at": _reminded(promise.due_at)}
    return _changed("open_again", promise, conversation, by, **moments)


@transaction.atomic
def put_off(*, promise: Promise, due_at: datetime, by: Actor) -> Promise:
    """Another moment: it reminds and escalates anew. Raises `CannotPromise`, `Settled`."""
    conversation, promise = _locked(promise)
    _check_open(promise)
    _check(due_at)
    if promise.due_at == due_at:
        return promise
    moments = {"due_at": due_at, "remind_at": _reminded(due_at), "escalated_at": None}
    return _changed("put_off", promise, conversation, by, **moments)


def _changed(
    what: str, promise: Promise, conversation: Conversation, by: Actor, **moments: datetime | None
) -> Promise:
    """Keep what changed of it, and leave a line in the conversation."""
    for name, moment in moments.items():
        setattr(promise, name, moment)
    promise.save(update_fields=list(moments))
    _record(what, promise, conversation, by)
    return promise


def tell_due(tenant_id: UUID | str) -> int:
    """Remind of what is due soon, and escalate once what is late; returns of how many.

    Commits one promise after the other; harmless when run twice or in parallel.
    """
    now = timezone.now()
    with tenant_scope(tenant_id):
        late = Q(due_at__lte=now, escalated_at=None)
        due = Promise.objects.filter(late | Q(remind_at__lte=now), kept_at=None, withdrawn_at=None)
        found = list(due.order_by("due_at", "id").values_list("conversation_id", "pk")[:BATCH])
    told = 0
    for conversation_id, promise_id in found:
        with tenant_scope(tenant_id):
            told += _tell(conversation_id, promise_id)
    return told


def _tell(conversation_id: UUID, promise_id: UUID) -> int:
    conversation = lock(conversation_id)
    waiting = Promise.objects.select_for_update(of=("self",)).filter(
        pk=promise_id, kept_at=None, withdrawn_at=None
    )
    promise = waiting.first()
    now = timezone.now()
    if promise is None:
        return 0
    if promise.due_at <= now and promise.escalated_at is None:
        promise.escalated_at, promise.remind_at = now, None
        promise.save(update_fields=["escalated_at", "remind_at"])
        _escalate(conversation, promise)
        return 1
    if promise.remind_at and promise.remind_at <= now:
        promise.remind_at = None
        promise.save(update_fields=["remind_at"])
        _notify(_keepers(promise, conversation), promise, conversation, "soon")
        return 1
    return 0


def _escalate(conversation: Conversation, promise: Promise) -> None:
    """Bring it back into the open queue, more urgent than before, and tell those who answer for it."""
    if conversation.status != Status.CLOSED:
        conversation.priority = min(max(conversation.priority + 1, Priority.HIGH), Priority.URGENT)
    if conversation.status in (Status.WAITING, Status.SNOOZED):
        conversation.status, conversation.snoozed_until, conversation.wakes_on_reply = Status.OPEN, None, True
    conversation.save(update_fields=["priority", "status", "snoozed_until", "wakes_on_reply"])
    add_event(
        conversation,
        "promise_late",
        Actor.system(),
        text=promise.text,
        until=promise.due_at.isoformat(),
        priority=conversation.priority,
    )
    keep_clocks(conversation, rematch=True)
    owners = [promise.owner] if promise.owner else []
    _notify([*owners, *_supervising(conversation)], promise, conversation, "late")


def _keepers(promise: Promise, conversation: Conversation) -> list[Membership]:
    """Who is to keep it: its owner, else who has the conversation, else those who answer for the team."""
    keeper = promise.owner or conversation.assignee
    return [keeper] if keeper and keeper.is_active else _supervising(conversation)


def _supervising(conversation: Conversation) -> list[Membership]:
    """Those of the team who answer for it; for none or without a team all who do."""
    found = notifications.answering(Permission.SUPERVISION_READ)
    links = TeamMember.objects.filter(team_id=conversation.team_id, membership__in=found)
    of_team = set(links.values_list("membership_id", flat=True)) if conversation.team_id else set()
    return [one for one in found if one.pk in of_team] or found


def _notify(to: Iterable[Membership], promise: Promise, conversation: Conversation, when: str) -> None:
    people = list({one.pk: one for one in to}.values())
    seeing = notifications.who_see(conversation, people)
    notifications.tell(
        to=[one for one in people if one.pk in seeing],
        kind=Notification.Kind.PROMISE,
        key=f"promise:{when}:{promise.pk}:{promise.due_at.timestamp():.0f}",
        conversation=conversation,
        data={"text": promise.text, "due": promise.due_at.isoformat(), "late": when == "late"},
    )


def _locked(promise: Promise) -> tuple[Conversation, Promise]:
    conversation = lock(promise.conversation_id)
    return conversation, Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)


def _check(due_at: datetime) -> None:
    now = timezone.now()
    if due_at <= now:
        raise CannotPromise(_("Choose a moment in the future."), "due_at")
    if due_at > now + FURTHEST:
        raise CannotPromise(_("Choose a moment within a year."), "due_at")


def _check_open(promise: Promise) -> None:
    if promise.kept_at:
        raise Settled(_("This promise was kept already."))
    if promise.withdrawn_at:
        raise Settled(_("This promise was withdrawn."))


def _reminded(due_at: datetime) -> datetime | None:
    now = timezone.now()
    return max(due_at - promises.REMINDED, now) if due_at > now else None


def _record(what: str, promise: Promise, conversation: Conversation, by: Actor) -> None:
    add_event(conversation, f"promise_{what}", by, text=promise.text, until=promise.due_at.isoformat())
    audit.record(f"promise.{what}", target=promise, by=by, until=promise.due_at.isoformat())
