"""Macros: several acts under one name, done in one transaction, and taken back where that can be done."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conversations.actions import conversations as acts
from conversations.actions.messages import lock
from conversations.automation import steps
from conversations.automation.names import names
from conversations.automation.performing import filler, perform
from conversations.models import Conversation, Macro
from crm.models import Label
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Membership, Team
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused

MOST = 200  # macros of a business
Status = Conversation.Status


class InvalidMacro(Refused):
    """A macro without a name, or one that may not be changed by this person."""


class MacroExists(Conflicting):
    """Another macro has this name."""


def may_change(macro: Macro, by: Actor) -> bool:
    """One's own, and the shared ones for who may write what all use."""
    if macro.owner_id is not None:
        return macro.owner_id == by.membership_id
    return by.can(Permission.LABELS_WRITE)


@transaction.atomic
def save_macro(
    *,
    macro: Macro | None = None,
    by: Actor,
    name: str | None = None,
    actions: Any = None,
    shared: bool | None = None,
) -> Macro:
    """Keep a new or changed macro; what is not given stays. A key's macros are shared.

    Raises `InvalidMacro`, `InvalidSteps`, `MacroExists`.
    """
    is_new = macro is None
    if is_new and Macro.objects.count() >= MOST:
        raise InvalidMacro(_("At most %(most)s macros. Delete one that nobody uses.") % {"most": MOST})
    macro = macro or Macro(owner=None if shared or by.membership is None else by.membership)
    if shared is not None and not is_new:
        macro.owner = None if shared else by.membership
    if not may_change(macro, by):
        raise InvalidMacro(_("You may write macros of your own, not those that everybody uses."), "shared")
    if name is not None or is_new:
        macro.name = one_line(name or "", 80)
        if not macro.name:
            raise InvalidMacro(_("Enter a name."), "name")
    if actions is not None or is_new:
        macro.actions = steps.checked(actions, names(), rules=False)
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError:
        raise MacroExists(_("There is a macro with this name already."), "name") from None
    audit.record("macro.created" if is_new else "macro.updated", target=macro, by=by, name=macro.name)
    return macro


@transaction.atomic
def delete_macro(*, macro: Macro, by: Actor) -> dict[str, Any]:
    """Remove a macro. Returns what `restore_macro` needs. Raises `InvalidMacro`."""
    if not may_change(macro, by):
        raise InvalidMacro(_("You may write macros of your own, not those that everybody uses."))
    kept = {"id": macro.id, "name": macro.name, "owner_id": macro.owner_id, "actions": macro.actions}
    audit.record("macro.deleted", target=macro, by=by, name=macro.name)
    macro.delete()
    return kept


@transaction.atomic
def restore_macro(*, kept: dict[str, Any], by: Actor) -> Macro:
    """Bring back a macro. Raises `MacroExists`."""
    try:
        with transaction.atomic():
            macro: Macro = Macro.objects.create(**kept)
    except IntegrityError:
        raise MacroExists(_("There is a macro with this name already."), "name") from None
    audit.record("macro.restored", target=macro, by=by, name=macro.name)
    return macro


def preview(macro: Macro, conversation: Conversation, by: Actor) -> list[str]:
    """What a macro would do to a conversation, in sentences, its texts filled in."""
    return steps.sentences(macro.actions, names(), filler(conversation, by.membership))


@transaction.atomic
def run_macro(*, macro: Macro, conversation: Conversation, by: Actor) -> dict[str, Any]:
    """Do all of it or nothing. Returns what `undo_macro` needs. Raises `Refused`."""
    conversation = lock(conversation.pk)
    known = names()
    if steps.gone(macro.actions, known):
        raise InvalidMacro(_("This macro names something that was deleted. Change it first."), "actions")
    before = _state(conversation)
    perform(macro.actions, conversation=conversation, by=by, names=known)
    audit.record("macro.run", target=conversation, by=by, name=macro.name)
    after = _state(Conversation.objects.get(pk=conversation.pk))
    return {
        "conversation": str(conversation.pk),
        "before": {name: value for name, value in before.items() if value != after[name]},
        "after": {name: value for name, value in after.items() if value != before[name]},
    }


def _state(conversation: Conversation) -> dict[str, Any]:
    labels = conversation.label_links.values_list("label_id", flat=True)
    return {
        "assignee": str(conversation.assignee_id or ""),
        "team": str(conversation.team_id or ""),
        "priority": conversation.priority,
        "labels": sorted(str(label) for label in labels),
        "status": conversation.status,
        "snoozed_until": conversation.snoozed_until.isoformat() if conversation.snoozed_until else "",
    }


@transaction.atomic
def undo_macro(*, kept: dict[str, Any], conversation: Conversation, by: Actor) -> list[str]:
    """Take back what can be taken back and nobody changed since; returns what was.

    What went to the customer stays sent, and notes stay.
    """
    conversation = lock(conversation.pk)
    now = _state(conversation)
    before = {name: value for name, value in kept["before"].items() if now[name] == kept["after"].get(name)}
    act: dict[str, Any] = {"conversation": conversation, "by": by}
    if "status" in before or "snoozed_until" in before:
        _put_status(kept["before"].get("status", now["status"]), before.get("snoozed_until", ""), act)
    if "assignee" in before:
        acts.assign(to=_one(Membership, before["assignee"]), **act)
    if "team" in before:
        acts.set_team(team=_one(Team, before["team"]), **act)
    if "priority" in before:
        acts.set_priority(priority=before["priority"], **act)
    if "labels" in before:
        acts.set_labels(labels=list(Label.objects.filter(pk__in=before["labels"])), **act)
    return sorted(before)


def _one(model: Any, identifier: str) -> Any:
    return model.objects.filter(pk=identifier).first() if identifier else None


def _put_status(status: str, snoozed_until: str, act: dict[str, Any]) -> None:
    until = parse_datetime(snoozed_until) if snoozed_until else None
    if status == Status.CLOSED:
        acts.close(**act)
        return
    acts.reopen(**act)
    if status == Status.WAITING:
        acts.wait(**act)
    elif status == Status.SNOOZED and until and until > timezone.now():
        acts.snooze(until=until, **act)
