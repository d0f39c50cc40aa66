"""What people do with a conversation: assign, sort, put off, close, reopen.

Each leaves a line in the conversation and a row in the audit trail.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells, turns
from conversations.actions.clocks import keep
from conversations.actions.episodes import current_episode, wake
from conversations.actions.messages import add_event, lock, tell
from conversations.models import Conversation, ConversationLabel, Turn
from conversations.signals import conversation_closed
from crm import timeline
from crm.models import Label, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.models import Membership, Team, Tenant
from tenants.permissions import ROLES, Permission
from tenants.refusals import Refused

Status = Conversation.Status


class CannotChange(Refused):
    """The change makes no sense now; the sentence says why."""


def record(conversation: Conversation, what: str, by: Actor, **details: Any) -> None:
    """The line in the conversation and the row in the audit trail."""
    add_event(conversation, what, by, **details)
    audit.record(f"conversation.{what}", target=conversation, by=by, **details)


@transaction.atomic
def assign(*, conversation: Conversation, to: Membership | None, by: Actor) -> Conversation:
    """Give the conversation to a member, or to nobody. Raises `CannotChange` for one who may not answer."""
    conversation = lock(conversation.pk)
    if conversation.assignee_id == (to.pk if to else None):
        return conversation
    if to is not None and not to.is_active:
        raise CannotChange(_("%(name)s no longer works here.") % {"name": to.name})
    if to is not None and Permission.CONVERSATIONS_WRITE not in ROLES[to.role]:
        raise CannotChange(_("%(name)s may not answer customers.") % {"name": to.name})
    before = conversation.assignee_id
    conversation.assignee = to
    conversation.declined_by_id = before if to is None else None
    from_bot = {}
    if to and turns.take(conversation, current_episode(conversation), Turn.Why.TAKEN):
        from_bot = {"from_bot": True}
        if conversation.status == Status.WAITING:
            conversation.status = Status.OPEN
    conversation.save(update_fields=["assignee", "declined_by", "with_bot", "status"])
    record(
        conversation,
        "assigned" if to else "unassigned",
        by,
        to=to.name if to else "",
        before=str(before or ""),
        **from_bot,
    )
    if before:
        announce_loss(conversation, assignee_id=before)
    return conversation


def announce_loss(conversation: Conversation, **had_it: UUID) -> None:
    """Tell those who no longer have the conversation that it changed."""
    tell(Conversation(pk=conversation.pk, customer_id=conversation.customer_id, **had_it))


@transaction.atomic
def set_team(*, conversation: Conversation, team: Team | None, by: Actor) -> Conversation:
    """Move the conversation to a team's queue, or out of any."""
    conversation = lock(conversation.pk)
    if conversation.team_id == (team.pk if team else None):
        return conversation
    before = conversation.team_id
    conversation.team = team
    conversation.save(update_fields=["team"])
    record(conversation, "team_changed", by, team=team.name if team else "", before=str(before or ""))
    keep(conversation, rematch=True)
    if conversation.assignee_id is None:
        bells.assign_waiting()
    if before:
        announce_loss(conversation, team_id=before)
    return conversation


@transaction.atomic
def set_priority(*, conversation: Conversation, priority: int, by: Actor) -> Conversation:
    """Say how urgent it is."""
    conversation = lock(conversation.pk)
    if conversation.priority == priority:
        return conversation
    conversation.priority = priority
    conversation.save(update_fields=["priority"])
    record(conversation, "priority_changed", by, priority=priority)
    keep(conversation, rematch=True)
    return conversation


@transaction.atomic
def set_labels(*, conversation: Conversation, labels: list[Label], by: Actor) -> None:
    """Make these the conversation's labels."""
    conversation = lock(conversation.pk)
    links = ConversationLabel.objects.filter(conversation=conversation)
    before = set(links.values_list("label_id", flat=True))
    after = {label.pk for label in labels}
    if before == after:
        return
    links.filter(label_id__in=before - after).delete()
    ConversationLabel.objects.bulk_create(
        [ConversationLabel(conversation=conversation, label_id=label) for label in after - before],
        ignore_conflicts=True,
    )
    added = sorted({label.name for label in labels if label.pk not in before})
    record(conversation, "labelled", by, labels=sorted({label.name for label in labels}), added=added)
    keep(conversation, rematch=True)


@transaction.atomic
def close(*, conversation: Conversation, by: Actor, why: str = "") -> Conversation:
    """Finish: the episode ends, and whoever listens may ask the customer how it was.

    `why` is kept in the line where nobody closed it: "quiet".
    """
    conversation = lock(conversation.pk)
    if conversation.is_closed:
        return conversation
    now = timezone.now()
    episode = current_episode(conversation)
    episode.closed_at, episode.closed_by = now, by.membership
    episode.save(update_fields=["closed_at", "closed_by"])
    conversation.status = Status.CLOSED
    conversation.closed_at = now
    conversation.waiting_since = conversation.snoozed_until = None
    conversation.save()
    timeline.record(
        customer=conversation.customer,
        kind=TimelineEntry.Kind.CONVERSATION_CLOSED,
        happened_at=now,
        object_id=episode.pk,
        context_id=conversation.pk,
        channel=conversation.channel.kind,
        actor_label=by.label,
        data={"why": why} if why else {},
    )
    record(conversation, "closed", by, **({"why": why} if why else {}))
    conversation_closed.send(Conversation, conversation=conversation, episode=episode, by=by)
    return conversation


@transaction.atomic
def reopen(*, conversation: Conversation, by: Actor) -> Conversation:
    """Take a closed, snoozed or waiting conversation up again."""
    conversation = lock(conversation.pk)
    if conversation.status == Status.OPEN:
        return conversation
    wake(conversation, tenant=Tenant.objects.get(), at=timezone.now())
    conversation.save()
    record(conversation, "reopened", by)
    return conversation


@transaction.atomic
def wait(*, conversation: Conversation, by: Actor) -> Conversation:
    """Say that it is the customer's turn. Raises `CannotChange` on a closed conversation."""
    return _put_off(conversation, by, Status.WAITING, "waiting", None)


@transaction.atomic
def snooze(
    *, conversation: Conversation, until: datetime | None, until_reply: bool = True, by: Actor
) -> Conversation:
    """Put it off until a moment, until the customer writes, or until whichever comes first.

    Raises `CannotChange` for the past, and where neither would bring it back.
    """
    if until is None and not until_reply:
        raise CannotChange(_("Say what brings it back: a moment, an answer, or both."))
    if until is not None and until <= timezone.now():
        raise CannotChange(_("Choose a moment in the future."))
    return _put_off(conversation, by, Status.SNOOZED, "snoozed", until, until_reply)


def _put_off(
    conversation: Conversation,
    by: Actor,
    status: str,
    what: str,
    until: datetime | None,
    until_reply: bool = True,
) -> Conversation:
    conversation = lock(conversation.pk)
    if conversation.is_closed:
        raise CannotChange(_("Reopen the conversation first."))
    wanted = (status, until, until_reply)
    if (conversation.status, conversation.snoozed_until, conversation.wakes_on_reply) == wanted:
        return conversation
    conversation.status, conversation.snoozed_until, conversation.wakes_on_reply = wanted
    conversation.save(update_fields=["status", "snoozed_until", "wakes_on_reply"])
    stubborn = {} if until_reply else {"until_reply": False}
    record(conversation, what, by, until=until.isoformat() if until else "", **stubborn)
    return conversation


@transaction.atomic
def wake_due() -> int:
    """Bring back every conversation whose snooze is over; returns how many."""
    due = Conversation.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        status=Status.SNOOZED, snoozed_until__lte=timezone.now()
    )
    woken = 0
    for conversation in due[:500]:
        conversation.status, conversation.snoozed_until, conversation.wakes_on_reply = Status.OPEN, None, True
        conversation.save(update_fields=["status", "snoozed_until", "wakes_on_reply"])
        record(conversation, "woken", Actor.system(), why="time")
        woken += 1
    return woken
