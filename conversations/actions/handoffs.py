"""From the bot to people, in one transaction: the turn, the unsent, who takes it, what the customer is told,
and the card that is read before the first key is pressed.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import promises, saying, turns
from conversations.actions.assignment import Choice, Takers, assign_in_turn, lock_turns, told
from conversations.actions.clocks import policy_for
from conversations.actions.content import CannotSend
from conversations.actions.episodes import current_episode
from conversations.actions.messages import add_event, announce
from conversations.bot.dialogue import Dialogue
from conversations.bot.says import language_of
from conversations.bot.understand import Understanding
from conversations.models import Bot, Conversation, Decision, Goal, Handoff, Promise, Turn
from tenants import formats, hours
from tenants.actors import Actor
from tenants.models import Membership, SpecialDay, Tenant
from tenants.queries import own

SOON = 15  # minutes within which a person answers where no answer time is promised
SORRY = frozenset({"words", "complaint", "mood", "not_helped", "delicate"})
URGENT = frozenset({"words", "complaint", "mood", "delicate"})


def hand_off(
    conversation: Conversation,
    turn: Turn,
    *,
    bot: Bot,
    reason: str,
    words: str = "",
    language: str = "",
    decision: Decision | None = None,
    understood: Understanding | None = None,
) -> Handoff:
    """Give a conversation to people; its row is locked. `reason` is one of reasons.SENTENCES."""
    tenant, episode = own(), current_episode(conversation)
    dialogue = Dialogue.of(turn.state)
    turns.take(conversation, episode, Turn.Why.HANDED_OFF)
    conversation.status = Conversation.Status.OPEN
    conversation.waiting_since = conversation.waiting_since or timezone.now()
    if reason in URGENT or (understood and understood.urgency == "high"):
        conversation.priority = max(conversation.priority, Conversation.Priority.HIGH)
    choice = _give(conversation, tenant)
    conversation.save()
    due, soon = _until(conversation, tenant)
    _tell(conversation, bot, dialogue, reason, language or tenant.language, choice, due, soon)
    card = Handoff.objects.create(
        conversation=conversation,
        episode=episode,
        turn=turn,
        decision=decision,
        reason=reason,
        words=words[:200],
        urgency=understood.urgency if understood else "",
        mood=understood.mood if understood and understood.mood_sure else "",
        mood_words=understood.text[:300] if understood and understood.mood == "negative" else "",
        asked=dialogue.asked,
        facts=dialogue.facts,
        missing=_missing(conversation),
        promised_at=due,
    )
    if due:
        promises.make(
            conversation, text=_("A person answers"), due_at=due, kind=Promise.Kind.ANSWER,
            owner=conversation.assignee,
        )  # fmt: skip
    add_event(conversation, "handed_off", Actor.system(), reason=reason, words=words[:200])
    if choice:
        add_event(conversation, "assigned", Actor.system(), **told(choice))
    announce(conversation)
    return card


def _give(conversation: Conversation, tenant: Tenant) -> Choice | None:
    """Who takes it: whoever served him last and has room, else whose turn it is."""
    if conversation.assignee_id:
        return None
    last = _served_last(conversation)
    if last is not None:
        lock_turns()
        takers = Takers.now()
        if any(member.pk == last for member in takers.of(conversation.team_id)):
            member = next(member for member in takers.members if member.pk == last)
            if takers.has_room(member):
                Membership.objects.filter(pk=last).update(last_assigned_at=timezone.now())
                conversation.assignee, conversation.declined_by = member, None
                return Choice(member, ["knows"])
    return assign_in_turn(conversation, tenant)


def _served_last(conversation: Conversation) -> Any:
    theirs = Conversation.objects.filter(customer_id=conversation.customer_id, messages__author_kind="member")
    wrote = theirs.order_by("-messages__id").values_list("messages__author_id", flat=True)
    return wrote.exclude(messages__author=None).first()


def _until(conversation: Conversation, tenant: Tenant) -> tuple[datetime | None, bool]:
    """Until when a person answers, and whether somebody is on duty now; None where nobody ever opens."""
    now = timezone.now()
    policy = policy_for(conversation)
    minutes = (policy.minutes_for(Goal.Target.FIRST) if policy else None) or SOON
    calendar = hours.calendar_of(tenant, SpecialDay.objects.all())
    is_open = hours.is_open_at(calendar, now) or not any(calendar.week.values())
    on_duty = conversation.assignee_id is not None or bool(Takers.now().members)
    if is_open and on_duty:
        return now + timedelta(minutes=minutes), True
    start = now if is_open else hours.next_opening(calendar, now)
    return (start + timedelta(minutes=minutes) if start else None), False


def _tell(
    conversation: Conversation,
    bot: Bot,
    dialogue: Dialogue,
    reason: str,
    language: str,
    choice: Choice | None,
    due: datetime | None,
    soon: bool,
) -> None:
    """Tell the customer who comes and when. A channel that takes nothing more stops nobody."""
    speech = saying.Speech(dialogue, bot, language)
    saying.greet(speech, conversation)
    if reason in SORRY:
        speech.add("sorry")
    if choice:
        speech.add("hand_over_to", who=choice.name.partition(" ")[0])
    else:
        speech.add("hand_over")
    if due and soon:
        speech.add("hand_soon", minutes=max(round((due - timezone.now()).total_seconds() / 60), 1))
    elif due:
        speech.add("hand_later", when=_moment(due, language))
    if dialogue.asked:
        speech.add("hand_read")
    if not conversation.customer.name:
        speech.add("ask_name")
    waiting_since = conversation.waiting_since
    try:
        saying.send(conversation, current_episode(conversation), bot, speech.text, {})
    except CannotSend as refusal:
        add_event(conversation, "not_told", Actor.system(), why=str(refusal)[:200])
    conversation.waiting_since = waiting_since


def _moment(due: datetime, language: str) -> str:
    with translation.override({"pt": "pt-br"}.get(language_of(language), language_of(language))):
        local = due.astimezone(own().zone)
        if local.date() == timezone.now().astimezone(own().zone).date():
            return _("today at %(time)s") % {"time": formats.clock(local)}
        return _("%(day)s at %(time)s") % {"day": formats.weekday(local.date()), "time": formats.clock(local)}


def _missing(conversation: Conversation) -> list[str]:
    return [] if conversation.customer.name else ["name"]
