"""Doing the steps of macros and rules, each through the action that people use."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import canned
from conversations.actions import conversations as acts
from conversations.actions import mentions, notifications
from conversations.actions.messages import add_note, lock, send_reply, send_system
from conversations.actions.sendable import check_sendable
from conversations.automation.names import Names
from conversations.automation.steps import ME, NOBODY, NONE, InvalidSteps, sentence
from conversations.models import CannedReply, Conversation, Message, Notification, Rule
from conversations.workspace.forms import snooze_until
from crm.models import Label
from tenants.actors import Actor
from tenants.models import Membership, Team, TeamMember, Tenant

Step = dict[str, Any]


class AlreadySent(InvalidSteps):
    """The customer has had this answer today."""


def filler(
    conversation: Conversation, member: Membership | None, tenant: Tenant | None = None
) -> Callable[[str], str]:
    """What fills the names of a text in for one conversation."""
    values = canned.values_for(conversation, member, tenant or Tenant.objects.get())
    return lambda text: canned.fill(text, values)


def perform(
    steps: list[Step], *, conversation: Conversation, by: Actor, names: Names, rule: Rule | None = None
) -> list[str]:
    """Do the steps in order; returns in sentences what was done. Raises `Refused`.

    Of a rule, an answer that the customer has had today is left out, and said so.
    """
    done = []
    fill = filler(conversation, by.membership)
    for step in steps:
        conversation = lock(conversation.pk)
        try:
            _perform(step, conversation, by, fill, rule)
        except AlreadySent as told:
            done.append(str(told))
        else:
            done.append(sentence(step, names, fill))
    return done


def _perform(
    step: Step, conversation: Conversation, by: Actor, fill: Callable[[str], str], rule: Rule | None
) -> None:
    act: dict[str, Any] = {"conversation": conversation, "by": by}
    match step:
        case {"do": "reply", "text": text}:
            _answer(fill(text), f"rule:{rule.pk}" if rule else "", act, rule)
        case {"do": "canned", "reply": reply}:
            found = _one(CannedReply, reply)
            _answer(fill(found.body), f"canned:{found.pk}", act, rule)
        case {"do": "note", "text": text}:
            add_note(text=fill(text), mentions=mentions.find(text), **act)
        case {"do": "assign", "to": to}:
            acts.assign(to=_assignee(to, by), **act)
        case {"do": "team", "to": to}:
            acts.set_team(team=None if to == NONE else _one(Team, to), **act)
        case {"do": "add_label" | "remove_label" as what, "label": label}:
            _label(conversation, _one(Label, label), by, add=what == "add_label")
        case {"do": "priority", "to": to}:
            acts.set_priority(priority=to, **act)
        case {"do": "snooze", "until": until}:
            _snooze(until, act)
        case {"do": "close"}:
            acts.close(**act)
        case {"do": "notify", "members": members, "teams": teams} if rule:
            _notify(conversation, members, teams, rule)


def _one(model: Any, identifier: str) -> Any:
    found = model.objects.filter(pk=identifier).first()
    if found is None:
        raise InvalidSteps(_("Something that this names was deleted. Change it first."), "actions")
    return found


def _assignee(to: str, by: Actor) -> Membership | None:
    if to == NOBODY:
        return None
    if to != ME:
        return _one(Membership, to)  # type: ignore[no-any-return]
    if by.membership is None:
        raise InvalidSteps(_("“Assign to me” needs a person: a key is nobody."), "actions")
    return by.membership


def _answer(text: str, what: str, act: dict[str, Any], rule: Rule | None) -> None:
    """As a person, or of a rule as what it is: automatic, changing no status, the same once a day."""
    conversation, by = act["conversation"], act["by"]
    if rule is None:
        send_reply(text=text, **act)
        return
    today = datetime.combine(timezone.localdate(), time(), timezone.get_current_timezone())
    sent = Message.objects.filter(
        conversation=conversation, kind=Message.Kind.OUTBOUND, created_at__gte=today
    )
    if sent.filter(data__answer=what).exists():
        raise AlreadySent(_("not sent: the customer has had this answer today"))
    text, _kept = check_sendable(conversation, text, [], by=by)
    send_system(conversation=conversation, text=text, data={"automatic": True, "answer": what})


def _label(conversation: Conversation, label: Label, by: Actor, *, add: bool) -> None:
    now = list(Label.objects.filter(conversation_links__conversation=conversation))
    wanted = [one for one in now if one.pk != label.pk] + ([label] if add else [])
    acts.set_labels(conversation=conversation, labels=wanted, by=by)


def _snooze(until: str, act: dict[str, Any]) -> None:
    if until == "reply":
        acts.wait(**act)
        return
    moment = snooze_until(until)
    assert moment is not None
    acts.snooze(until=moment, **act)


def _notify(conversation: Conversation, members: list[str], teams: list[str], rule: Rule) -> None:
    of_teams = TeamMember.objects.filter(team_id__in=teams).values("membership_id")
    asked = Membership.objects.filter(is_active=True)
    to = list(asked.filter(pk__in=members) | asked.filter(pk__in=of_teams))
    seeing = notifications.who_see(conversation, to)
    last = conversation.messages.order_by("-id").values_list("id", flat=True).first()
    notifications.tell(
        to=[one for one in to if one.pk in seeing],
        kind=Notification.Kind.RULE,
        key=f"rule:{rule.pk}:{last}",
        conversation=conversation,
        data={"rule": rule.name, "text": conversation.preview},
    )
