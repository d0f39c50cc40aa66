"""From the bot to people, in one transaction: the turn, the unsent, who takes it, what the customer is told,
and the card that is read before the first key is pressed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from conversations.actions import clocks, handing, promises, saying, turns
from conversations.actions.assignment import Choice, Takers, told
from conversations.actions.campaigns import marks
from conversations.actions.clocks import Hours, policy_for
from conversations.actions.content import CannotSend
from conversations.actions.conversations import announce_loss, record
from conversations.actions.episodes import current_episode
from conversations.actions.messages import add_event, announce
from conversations.bot.dialogue import Dialogue
from conversations.bot.first_reply import first_reply
from conversations.bot.says import language_of
from conversations.bot.understand import Understanding
from conversations.models import Bot, Conversation, Decision, Episode, Goal, Handoff, Promise, Turn
from crm.models import Order
from tenants import formats, hours
from tenants.actors import Actor
from tenants.queries import own

SOON = 15  # open minutes within which a person answers where no answer time is promised
LATER = 60  # the same while the business is open and nobody is there
NEAR = (gettext_lazy("today at %(time)s"), gettext_lazy("tomorrow at %(time)s"))
COUNTED = 90  # minutes that are told as such; later is told by the clock
SORRY = frozenset({"words", "complaint", "mood", "not_helped", "delicate"})
URGENT = frozenset({"words", "complaint", "mood", "delicate"})
WITHOUT_MATTER = frozenset({"asked", "not_helped", "repeated", "unreadable"})
"""Reasons whose own message says nothing of what the customer needs: the question before does."""
UNCLEAR = frozenset({"unsure", "unreadable", "appointment_today"})
OF_ORDERS = frozenset({"support", "complaint"})


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
    facts: Mapping[str, str] | None = None,
) -> Handoff:
    """Give a conversation to people; its row is locked. `reason` is one of reasons.SENTENCES.

    `facts` stand on the card beside what the bot collected.
    """
    tenant, episode = own(), current_episode(conversation)
    dialogue = Dialogue.of(turn.state)
    turns.take(conversation, episode, Turn.Why.HANDED_OFF)
    conversation.status = Conversation.Status.OPEN
    conversation.waiting_since = conversation.waiting_since or timezone.now()
    if reason in URGENT or (understood and understood.urgency == "high"):
        conversation.priority = max(conversation.priority, Conversation.Priority.HIGH)
    before = conversation.team_id
    matter = handing.matter_of(turn, understood, says_nothing=reason in WITHOUT_MATTER)
    team = handing.place(conversation, episode, bot, matter)
    choice = handing.give(conversation, tenant)
    conversation.save()
    if team:
        clocks.keep(conversation, rematch=True)
    due, soon = _until(conversation, episode)
    _tell(conversation, bot, dialogue, reason, language or tenant.language, choice, due, soon)
    card = Handoff.objects.create(
        conversation=conversation,
        episode=episode,
        turn=turn,
        decision=decision,
        reason=reason,
        words=_as_typed(words, understood)[:200],
        urgency=understood.urgency if understood else "",
        mood=understood.mood if understood and understood.mood_sure else "",
        mood_words=understood.text[:300] if understood and understood.mood == "negative" else "",
        asked=_tried(turn, dialogue),
        facts=dialogue.facts | dict(facts or {}),
        missing=_missing(conversation, dialogue, understood),
        suggestion=_suggestion(
            conversation, dialogue, reason, understood, language or dialogue.language or tenant.language
        ),
        promised_at=due,
    )
    if due:
        promises.make(
            conversation, text=_("A person answers"), due_at=due, kind=Promise.Kind.ANSWER,
            owner=conversation.assignee,
        )  # fmt: skip
    if reason == "asked":
        marks.wished(conversation.customer_id, timezone.now())
    add_event(conversation, "handed_off", Actor.system(), reason=reason, words=words[:200])
    if team:
        moved = {"team": team.name, "before": str(before or ""), "why": handing.BY_MATTER}
        record(conversation, "team_changed", Actor.system(), **moved)
    if choice:
        record(conversation, "assigned", Actor.system(), **told(choice))
    if team and before:
        announce_loss(conversation, team_id=before)
    announce(conversation)
    return card


def _as_typed(words: str, understood: Understanding | None) -> str:
    """What he wrote, where the words were read out of abbreviations and slips: a quotation is his own."""
    if understood is None or words.casefold() in understood.text.casefold():
        return words
    lines = [line.strip() for line in understood.text.splitlines() if line.strip()]
    return lines[-1] if lines else words


def _until(conversation: Conversation, episode: Episode) -> tuple[datetime | None, bool]:
    """Until when a person answers, counted as the answer times count, and whether somebody is on duty now.

    None where nobody ever opens.
    """
    now, times = timezone.now(), Hours()
    policy = policy_for(conversation)
    answered = episode.first_answer_at is not None
    promised = policy.minutes_for(Goal.Target.NEXT if answered else Goal.Target.FIRST) if policy else None
    always = not any(times.calendar.week.values()) or bool(promised and policy and policy.around_the_clock)
    is_open = always or hours.is_open_at(times.calendar, now)
    on_duty = conversation.assignee_id is not None or Takers.now().has_anyone_for(conversation.team_id)
    minutes = promised or (LATER if is_open and not on_duty else SOON)
    return times.after(now, minutes * 60, always), is_open and on_duty


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
    if reason == "identity":
        speech.add("identity_person")
    if choice:
        speech.add("hand_over_to", who=choice.name.partition(" ")[0])
    else:
        speech.add("hand_over")
    if due and soon:
        minutes = max(round((due - timezone.now()).total_seconds() / 60), 1)
        if minutes <= COUNTED:
            speech.add("hand_soon", minutes=minutes)
        else:
            speech.add("hand_by", when=_moment(due, language))
    elif due:
        speech.add("hand_later", when=_moment(due, language))
    if dialogue.asked:
        speech.add("hand_read")
    if not _knows_name(conversation, dialogue):
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
        ahead = (local.date() - timezone.now().astimezone(own().zone).date()).days
        at = formats.clock(local)
        if ahead < len(NEAR):
            return str(NEAR[ahead]) % {"time": at}
        day = formats.weekday(local.date()) if ahead < 7 else formats.long_date(local.date())
        return pgettext("until when", "%(day)s at %(time)s") % {"day": day, "time": at}


def _tried(turn: Turn, dialogue: Dialogue) -> list[dict[str, Any]]:
    """What was asked, what the bot did about it, and whether that helped."""
    spoken = Decision.objects.filter(turn=turn).exclude(
        action__in=[Decision.Action.HAND_OFF, Decision.Action.JOINED]
    )
    done = list(spoken.order_by("id").values_list("action", "helped"))[-len(dialogue.asked) :]
    unknown = [("", None)] * (len(dialogue.asked) - len(done))
    together = zip(dialogue.asked, unknown + done, strict=False)
    return [{**one, "did": did, "helped": helped} for one, (did, helped) in together]


def _knows_name(conversation: Conversation, dialogue: Dialogue) -> bool:
    return bool(conversation.customer.name or dialogue.facts.get("name"))


def _is_of_order(understood: Understanding | None) -> bool:
    return bool(understood and understood.category in OF_ORDERS)


def _missing(conversation: Conversation, dialogue: Dialogue, understood: Understanding | None) -> list[str]:
    """What a colleague still has to ask: nothing that is known."""
    missing = [] if _knows_name(conversation, dialogue) else ["name"]
    if _is_of_order(understood) and not Order.objects.filter(customer_id=conversation.customer_id).exists():
        missing.append("order")
    return missing


def _suggestion(
    conversation: Conversation,
    dialogue: Dialogue,
    reason: str,
    understood: Understanding | None,
    language: str,
) -> str:
    """A first reply out of what is known; what is his is told only to whom it surely belongs."""
    wrote = understood.text if understood and reason not in WITHOUT_MATTER else ""
    asked = dialogue.asked[-1]["question"] if dialogue.asked else ""
    identity = conversation.way.identity
    order = None
    if _is_of_order(understood) and identity and identity.is_verified:
        order = _open_order(conversation.customer_id, language)
    return first_reply(
        language,
        name=conversation.customer.name or dialogue.facts.get("name", ""),
        question=wrote or asked,
        order=order,
        upset=reason in SORRY or bool(understood and understood.mood_sure and understood.mood == "negative"),
        unclear=reason in UNCLEAR,
    )


def _open_order(customer_id: UUID, language: str) -> tuple[str, str] | None:
    open_ones = Order.objects.filter(customer_id=customer_id).exclude(status__in=saying.CLOSED)
    order = open_ones.order_by("-placed_at").first()
    if order is None:
        return None
    with translation.override({"pt": "pt-br"}.get(language_of(language), language_of(language))):
        return order.number, str(order.get_status_display()).lower()
