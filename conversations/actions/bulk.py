"""One act on many conversations: each as if done alone, all taken back together (tenants/many.py)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.actions import conversations as acts
from conversations.actions.messages import lock
from conversations.actions.states import DECIDED, bring_back, changed_between, state_of
from conversations.models import BulkItem, BulkRun, Conversation
from crm.models import Label
from tenants.actors import Actor
from tenants.many import Act, CannotBulk, Many, State
from tenants.models import Membership, Team
from tenants.permissions import Permission

# --- what can be done ---


def _member(parameters: dict[str, Any]) -> Act:
    to = parameters.get("to") or None
    member = _named(Membership.objects.filter(is_active=True), to) if to else None
    return lambda conversation, by: acts.assign(conversation=conversation, to=member, by=by)


def _team(parameters: dict[str, Any]) -> Act:
    to = parameters.get("to") or None
    team = _named(Team.objects.all(), to) if to else None
    return lambda conversation, by: acts.set_team(conversation=conversation, team=team, by=by)


def _label(parameters: dict[str, Any]) -> Act:
    label = _named(Label.objects.all(), parameters.get("to"))

    def put(conversation: Conversation, by: Actor) -> None:
        has = list(Label.objects.filter(conversation_links__conversation=conversation))
        acts.set_labels(conversation=conversation, labels=[*{*has, label}], by=by)

    return put


def _unlabel(parameters: dict[str, Any]) -> Act:
    label = _named(Label.objects.all(), parameters.get("to"))

    def take(conversation: Conversation, by: Actor) -> None:
        has = Label.objects.filter(conversation_links__conversation=conversation).exclude(pk=label.pk)
        acts.set_labels(conversation=conversation, labels=list(has), by=by)

    return take


def _priority(parameters: dict[str, Any]) -> Act:
    known = {str(value): value for value in Conversation.Priority.values}
    value = known.get(str(parameters.get("to")))
    if value is None:
        raise CannotBulk(_("Choose one of the priorities."), "to")
    return lambda conversation, by: acts.set_priority(conversation=conversation, priority=value, by=by)


def _snooze(parameters: dict[str, Any]) -> Act:
    until = _moment(parameters.get("until"))
    if until is None or until <= timezone.now():
        raise CannotBulk(_("Choose a moment in the future."), "until")
    return lambda conversation, by: acts.snooze(conversation=conversation, until=until, by=by)


def _moment(text: Any) -> datetime | None:
    try:
        found = parse_datetime(str(text or ""))
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def _named(rows: Any, given: Any) -> Any:
    try:
        found = rows.filter(pk=UUID(str(given))).first()
    except ValueError:
        found = None
    if found is None:
        raise CannotBulk(_("What you chose is no longer there. Choose again."), "to")
    return found


MAKERS: dict[str, Callable[[dict[str, Any]], Act]] = {
    "assign": _member,
    "team": _team,
    "label": _label,
    "unlabel": _unlabel,
    "priority": _priority,
    "snooze": _snooze,
    "wait": lambda _given: lambda conversation, by: acts.wait(conversation=conversation, by=by),
    "close": lambda _given: lambda conversation, by: acts.close(conversation=conversation, by=by),
    "reopen": lambda _given: lambda conversation, by: acts.reopen(conversation=conversation, by=by),
}
ACTIONS = tuple(MAKERS)


class ManyConversations(Many):
    """Acts on conversations."""

    runs, items, row = BulkRun, BulkItem, "conversation"
    needs = Permission.CONVERSATIONS_WRITE
    event, audited = "bulk", "conversation.bulk"

    def act(self, action: str, parameters: dict[str, Any]) -> Act:
        maker = MAKERS.get(action)
        if maker is None:
            raise CannotBulk(_("There is no such act."), "action")
        return maker(parameters)

    def seen(self, by: Actor) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(by)  # type: ignore[no-any-return]

    def ring(self, run_id: UUID) -> None:
        bells.advance_bulk(run_id)

    def perform(self, item: BulkItem, act: Act, by: Actor) -> tuple[State, State, bool]:
        before = state_of(lock(item.conversation_id))
        act(Conversation.objects.get(pk=item.conversation_id), by)
        after = state_of(Conversation.objects.get(pk=item.conversation_id))
        names = changed_between(before, after)
        return (
            {name: before[name] for name in names},
            {name: after[name] for name in names},
            bool(names & DECIDED),
        )

    def put_back(self, item: BulkItem, by: Actor) -> bool:
        conversation = lock(item.conversation_id)
        now = state_of(conversation)
        names = set(item.before)
        if any(now[name] != item.after[name] for name in names & DECIDED):
            return False
        bring_back(conversation, item.before, names)
        acts.record(conversation, "put_back", by)
        for name in {"assignee_id", "team_id"} & names:
            if item.after[name]:
                acts.announce_loss(conversation, **{name: UUID(item.after[name])})
        return True


many = ManyConversations()
