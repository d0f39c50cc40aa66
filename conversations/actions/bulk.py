"""One act on many conversations: each as if done alone, all taken back together.

What is done to a row is the same action that does it to one; its state before and after is kept, so that
taking it back restores exactly what nobody changed since. Many rows are done by a worker, some at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.actions import conversations as acts
from conversations.actions.messages import lock
from conversations.actions.states import DECIDED, bring_back, changed_between, state_of
from conversations.models import BulkItem, BulkRun, Conversation
from crm.models import Label
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.models import Membership, Team
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope

AT_ONCE = 100  # rows done before the answer; more are a worker's
CHUNK = 50  # rows of one transaction
MOST = 10_000
UNDO_FOR = timedelta(days=30)
LEASE = timedelta(seconds=60)
Outcome = BulkItem.Outcome
State = BulkRun.State
Act = Callable[[Conversation, Actor], object]


class CannotBulk(Refused):
    """This cannot be done to many; the sentence says why."""


class NothingToUndo(Conflicting):
    """It was taken back before, or too long ago."""


@transaction.atomic
def start(*, action: str, parameters: dict[str, Any], ids: Iterable[UUID], by: Actor) -> BulkRun:
    """Do something to many conversations: some at once, many by a worker.

    `action` is one of `ACTIONS`, `parameters` what it needs. Those the actor may not see are passed over
    and counted as gone. Raises `CannotBulk`.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise CannotBulk(_("Choose at least one conversation."), "ids")
    if len(wanted) > MOST:
        raise CannotBulk(_("At most %(count)s conversations at once.") % {"count": MOST}, "ids")
    _act(action, parameters)
    seen = Conversation.objects.visible_to(by).filter(pk__any=wanted).values_list("pk", flat=True)
    found = set(seen)
    run: BulkRun = BulkRun.objects.create(
        action=action,
        parameters={**parameters, "unseen": len(wanted) - len(found)},
        total=len(found),
        membership=by.membership,
        api_key=by.api_key,
        due_at=timezone.now(),
    )
    BulkItem.objects.bulk_create([BulkItem(run=run, conversation_id=pk) for pk in wanted if pk in found])
    audit.record("conversation.bulk", target=run, by=by, act=action, count=len(found))
    return _begin(run, by)


def _begin(run: BulkRun, by: Actor) -> BulkRun:
    if run.total > AT_ONCE:
        bells.advance_bulk(run.pk)
        return run
    while not _do_some(run, by):
        pass
    return run


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


def _act(action: str, parameters: dict[str, Any]) -> Act:
    """What to do to each. Raises `CannotBulk`."""
    maker = MAKERS.get(action)
    if maker is None:
        raise CannotBulk(_("There is no such act."), "action")
    return maker(parameters)


# --- doing it ---


def advance(tenant_id: UUID | str, run_id: UUID | str) -> None:
    """A worker's turn: do or take back what is left, some in each transaction. Harmless when run twice."""
    done = False
    while not done:
        with tenant_scope(tenant_id):
            run = BulkRun.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=run_id).first()
            if run is None or run.state not in {State.RUNNING, State.UNDOING}:
                return
            by = _actor_of(run)
            done = _undo_some(run, by) if run.state == State.UNDOING else _do_some(run, by)


def _actor_of(run: BulkRun) -> Actor | None:
    """Who began it, with what he may do now; None when he may no longer."""
    by = None
    if run.membership and run.membership.is_active:
        by = Actor.of_membership(run.membership)
    elif run.api_key and run.api_key.revoked_at is None:
        by = Actor.of_key(run.api_key)
    return by if by and by.can(Permission.CONVERSATIONS_WRITE) else None


def _do_some(run: BulkRun, by: Actor | None) -> bool:
    """The next few; whether that was all."""
    items = list(BulkItem.objects.filter(run=run, outcome=Outcome.PENDING).order_by("id")[:CHUNK])
    try:
        act = _act(run.action, run.parameters)
    except CannotBulk as error:  # what was chosen went away meanwhile
        return _stop(run, str(error))
    if by is None:
        return _stop(run, _("Who began this may no longer do it."))
    for item in items:
        _do_one(item, act, by)
    BulkItem.objects.bulk_update(items, ["outcome", "reason", "before", "after"])
    return _end_or_go_on(run, len(items), State.DONE)


def _do_one(item: BulkItem, act: Act, by: Actor) -> None:
    if not Conversation.objects.visible_to(by).filter(pk=item.conversation_id).exists():
        item.outcome = Outcome.GONE
        return
    before = state_of(lock(item.conversation_id))
    try:
        with transaction.atomic():
            act(Conversation.objects.get(pk=item.conversation_id), by)
    except Refused as error:
        item.outcome, item.reason = Outcome.REFUSED, one_line(str(error), 300)
        return
    after = state_of(Conversation.objects.get(pk=item.conversation_id))
    names = changed_between(before, after)
    item.outcome = Outcome.CHANGED if names & DECIDED else Outcome.SAME
    item.before = {name: before[name] for name in names}
    item.after = {name: after[name] for name in names}


def _stop(run: BulkRun, reason: str) -> bool:
    BulkItem.objects.filter(run=run, outcome=Outcome.PENDING).update(
        outcome=Outcome.REFUSED, reason=one_line(reason, 300)
    )
    return _end_or_go_on(run, 0, State.DONE)


def _end_or_go_on(run: BulkRun, worked: int, end: str) -> bool:
    """Whether there is nothing left; every open page hears how far it is."""
    done = worked < CHUNK
    if done:
        run.state, run.finished_at, run.due_at = end, timezone.now(), None
    else:
        run.due_at = timezone.now() + LEASE
    run.save(update_fields=["state", "finished_at", "due_at"])
    events.publish("bulk", {"id": str(run.pk)})
    return done


def counts(run: BulkRun) -> dict[str, int]:
    """How many conversations had each outcome; those that were not to be seen are gone."""
    rows = BulkItem.objects.filter(run=run).values_list("outcome", flat=True)
    found = Counter(str(outcome) for outcome in rows)
    found[Outcome.GONE] += int(run.parameters.get("unseen", 0))
    return {outcome: found[outcome] for outcome in Outcome.values}


# --- taking it back ---


@transaction.atomic
def undo(*, run: BulkRun, by: Actor) -> BulkRun:
    """Give each conversation its earlier state again, except those somebody changed since.

    Raises `NothingToUndo`.
    """
    run = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != State.DONE:
        raise NothingToUndo(_("This was taken back before, or is still under way."))
    if run.created_at <= timezone.now() - UNDO_FOR:
        raise NothingToUndo(_("This can be taken back for 30 days only."))
    run.state, run.due_at = State.UNDOING, timezone.now()
    run.membership, run.api_key = by.membership, by.api_key
    run.save()
    audit.record("conversation.bulk_undone", target=run, by=by, act=run.action)
    if run.total > AT_ONCE:
        bells.advance_bulk(run.pk)
        return run
    while not _undo_some(run, by):
        pass
    return run


def _undo_some(run: BulkRun, by: Actor | None) -> bool:
    items = list(BulkItem.objects.filter(run=run, outcome=Outcome.CHANGED).order_by("id")[:CHUNK])
    for item in items:
        item.outcome = Outcome.UNDONE if by and _undo_one(item, by) else Outcome.KEPT
    BulkItem.objects.bulk_update(items, ["outcome"])
    return _end_or_go_on(run, len(items), State.UNDONE)


def _undo_one(item: BulkItem, by: Actor) -> bool:
    """Whether it has its earlier state again; not when somebody changed it since, or it is out of sight."""
    if not Conversation.objects.visible_to(by).filter(pk=item.conversation_id).exists():
        return False
    conversation = lock(item.conversation_id)
    now = state_of(conversation)
    names = set(item.before)
    if any(now[name] != item.after[name] for name in names & DECIDED):
        return False
    bring_back(conversation, item.before, names)
    acts.record(conversation, "put_back", by)
    lost = {"assignee_id", "team_id"} & names
    for name in lost:
        if item.after[name]:
            acts.announce_loss(conversation, **{name: UUID(item.after[name])})
    return True
