"""The bot's answer to what a customer wrote: heard, decided, said and kept in one transaction.

Understanding costs no lock: what is needed to search is read before the conversation is held. Two workers
answer once, since each message has one decision; a person who was quicker has taken the turn.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F
from django.utils import timezone

from conversations import live_facts
from conversations.actions import handoffs, model_ranking, names, saying, turns
from conversations.actions.episodes import current_episode
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.hearing import heard_of, look_up, unheard
from conversations.actions.messages import lock
from conversations.bot import collect
from conversations.bot import dialogue as dialogues
from conversations.bot.dialogue import Action, Dialogue, Heard, Setting, Step
from conversations.bot.understand import Context, Understanding
from conversations.brains import Brain
from conversations.circumstances import setting_of
from conversations.models import Bot, Conversation, Decision, Message, Turn
from tenants.models import Tenant
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.bot")
MOST_ATTEMPTS = 5
SAMPLED = 20
"""One in so many sure answers and hand-overs is shown to people."""
Review, Doubt = Decision.Review, Decision.Doubt


def think(tenant_id: UUID | str, conversation_id: UUID | str) -> Decision | None:
    """Answer what waits in a conversation, if it is still the bot's turn. Harmless when run twice.

    A failure leaves it waiting for the sweeper; after the fifth, people get it.
    """
    with tenant_scope(tenant_id):
        waiting = Turn.objects.filter(conversation_id=conversation_id, ended_at=None, due_at__isnull=False)
        if not waiting.update(attempts=F("attempts") + 1):
            return None
    opinion = model_ranking.opinion(tenant_id, conversation_id)
    try:
        with tenant_scope(tenant_id):
            return _think(UUID(str(conversation_id)), opinion)
    except Exception as error:  # noqa: BLE001 -- the customer waits: in the end a person answers
        log.error(
            "not answered", conversation=str(conversation_id), error=in_short(error), at=whereabouts(error)
        )
        with tenant_scope(tenant_id):
            _give_up(UUID(str(conversation_id)))
        return None


def _give_up(conversation_id: UUID) -> None:
    conversation = lock(conversation_id)
    turn = turns.open_turn(conversation)
    if turn is None or not conversation.with_bot or turn.attempts < MOST_ATTEMPTS:
        return
    waiting = unheard(conversation, turn)
    bot = Bot.objects.first() or Bot()
    language = Dialogue.of(turn.state).language or own().language
    for message in waiting[:-1]:
        _join(message, turn)
    decision = _keep(waiting[-1], turn, Step(Action.HAND_OFF, reason="broken"), None) if waiting else None
    handoffs.hand_off(conversation, turn, bot=bot, reason="broken", language=language, decision=decision)


def _think(conversation_id: UUID, opinion: model_ranking.Opinion | None) -> Decision | None:
    tenant = own()
    ahead = _look_ahead(conversation_id, tenant)
    conversation = lock(conversation_id)
    turn = turns.open_turn(conversation)
    bot = turns.bot_of(conversation.way.channel)
    if turn is None or not conversation.with_bot:
        return None
    turn.due_at, turn.attempts = None, 0
    waiting = unheard(conversation, turn)
    if bot is None:  # switched off meanwhile
        _let_go(conversation, turn, tenant, is_waiting=bool(waiting))
        return None
    if not waiting:
        turn.save(update_fields=["due_at", "attempts"])
        return None
    brain, context = ahead
    dialogue = Dialogue.of(turn.state)
    _collect(dialogue, waiting)
    _introduced(conversation, waiting)
    heard = heard_of(waiting, brain, replace(context, language=dialogue.language or context.language))
    setting = setting_of(conversation, bot, heard.understood)
    step, text = decide(dialogue, heard, setting, conversation, brain)
    step = model_ranking.in_order(step, dialogue, opinion, heard.text)
    has_words = saying.has_words(dialogue, bot, step)
    step = step if has_words else dialogues.wordless(heard, step)
    for message in waiting[:-1]:
        _join(message, turn)
    decision = _keep(waiting[-1], turn, step, heard.understood, brain)
    _learn_opinion(turn, step)
    if step.action is Action.HAND_OFF:
        turn.state = dialogue.kept()
        turn.save(update_fields=["state", "due_at", "attempts"])
        handoffs.hand_off(
            conversation, turn, bot=bot, reason=step.reason, decision=decision, understood=heard.understood,
            words=", ".join(fired.words for fired in step.fired if fired.words), language=dialogue.language,
        )  # fmt: skip
        return decision
    if has_words:
        decision.reply = saying.answer(
            conversation, current_episode(conversation), bot, dialogue, step, text, brain
        )
        decision.save(update_fields=["reply"])
    else:
        saying.rest(conversation)
    dialogue.asked = [*dialogue.asked, {"question": heard.text[:300], "answer": text[:300]}][-10:]
    turn.state = dialogue.kept()
    turn.save(update_fields=["state", "due_at", "attempts"])
    return decision


def _let_go(conversation: Conversation, turn: Turn, tenant: Tenant, *, is_waiting: bool) -> None:
    """Give what the bot held to people: aloud to who waits for an answer, without a word to who does not."""
    if is_waiting:
        bot = Bot.objects.first() or Bot()
        language = Dialogue.of(turn.state).language or tenant.language
        handoffs.hand_off(conversation, turn, bot=bot, reason="off", language=language)
        return
    turns.take(conversation, current_episode(conversation), Turn.Why.OFF)
    conversation.save(update_fields=["with_bot"])


def _look_ahead(conversation_id: UUID, tenant: Tenant) -> tuple[Brain, Context]:
    """What the answer is searched in, by the language of the newest message: no lock is held yet."""
    conversation = Conversation.objects.select_related("channel", "customer").get(pk=conversation_id)
    theirs = Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND)
    text = theirs.order_by("-id").values_list("text", flat=True).first() or ""
    return look_up(text, conversation, Bot.objects.first(), tenant)


def _collect(dialogue: Dialogue, waiting: list[Message]) -> None:
    """Note what the customer says in passing, and where he came from; the latest word counts."""
    for message in waiting:
        referral = message.data.get("referral") or {}
        if origin := str(referral.get("title") or referral.get("url") or "")[:100]:
            dialogue.facts.setdefault("origin", origin)
        dialogue.facts |= collect.facts_in(message.text)


def _introduced(conversation: Conversation, waiting: list[Message]) -> None:
    """Who surely says his name has it from now on, where none is known."""
    said = [name for message in waiting if (name := collect.own_name_in(message.text))]
    if said and not conversation.customer.name:
        names.call(conversation, said[-1])


def decide(
    dialogue: Dialogue,
    heard: Heard,
    setting: Setting,
    conversation: Conversation,
    brain: Brain,
    *,
    is_tried: bool = False,
) -> tuple[Step, str]:
    """The step, and the words of its answer. What has nothing to say now is as good as unknown.

    `is_tried`: nobody wrote it just now, so nobody can show by it who he is.
    """
    asked = _asked(heard, conversation, dialogue, may_prove=not is_tried)
    for _try in range(dialogues.CHOICES + 1):
        tried = Dialogue.of(dialogue.kept())
        step = dialogues.decide(tried, heard, setting)
        text = _words(step, asked, brain)
        if text and text in dialogue.said:
            tried = Dialogue.of(dialogue.kept())
            step, text = dialogues.repeats(tried, heard, step), ""
        if step.action is not Action.ANSWER or text or heard.understood is None:
            break
        if check := live_facts.check(_fact(step.entry, brain), asked):
            tried = Dialogue.of(dialogue.kept())
            step = dialogues.check(tried, heard, check)
            break
        left = tuple(one for one in heard.understood.candidates if one.entry.id != step.entry)
        heard = replace(heard, understood=replace(heard.understood, candidates=left), pressed="")
    vars(dialogue).update(vars(tried))
    return step, text


def _words(step: Step, asked: live_facts.Asked, brain: Brain) -> str:
    if step.action is not Action.ANSWER:
        return ""
    version = brain.versions.get(step.entry)
    written = version.answer if version else ""
    kind = _fact(step.entry, brain)
    return live_facts.answer(kind, asked, written) or "" if kind else written


def _fact(entry: str, brain: Brain) -> str:
    """The fact that an entry stands for: its own, or that of an article which answers the same."""
    return brain.twins.get(entry) or live_facts.kind_of_entry(entry)


def _asked(
    heard: Heard, conversation: Conversation, dialogue: Dialogue, *, may_prove: bool
) -> live_facts.Asked:
    identity = conversation.way.identity
    return live_facts.Asked(
        text=heard.text,
        language=heard.understood.language.code if heard.understood else "es",
        customer=conversation.customer,
        is_sure=bool(identity and identity.is_verified),
        at=timezone.now(),
        checking=dialogue.checks,
        number=dialogue.facts.get(live_facts.collected_as(dialogue.checks), ""),
        may_prove=may_prove,
    )


def _join(message: Message, turn: Turn) -> None:
    Decision.objects.create(
        conversation_id=turn.conversation_id, message=message, turn=turn, action=Decision.Action.JOINED
    )


def _keep(
    message: Message,
    turn: Turn,
    step: Step,
    understood: Understanding | None,
    brain: Brain | None = None,
) -> Decision:
    entry = step.entry or (understood.topic.id if understood and understood.topic else "")
    doubt = _doubt(message, step)
    is_fact = entry.startswith(live_facts.PREFIX)
    return Decision.objects.create(
        conversation_id=turn.conversation_id,
        message=message,
        turn=turn,
        action=step.action.value,
        version=brain.versions.get(entry) if brain else None,
        fact=entry.removeprefix(live_facts.PREFIX) if is_fact else "",
        probability=step.probability,
        rules=[{"rule": fired.rule, "words": fired.words} for fired in step.fired],
        doubt=doubt,
        review=Review.DUE if doubt else Review.NONE,
        **_meaning(understood),
    )


def _meaning(understood: Understanding | None) -> dict[str, Any]:
    if understood is None:
        return {}
    return {
        "language": understood.language.code,
        "category": understood.category,
        "urgency": understood.urgency,
        "mood": understood.mood if understood.mood_sure else "",
        "candidates": [
            {"id": one.entry.id, "probability": round(one.probability, 3)} for one in understood.candidates
        ],
    }


def _doubt(message: Message, step: Step) -> str:
    if step.unsure or step.reason == "unsure":
        return Doubt.UNSURE
    is_sampled = step.action in (Action.ANSWER, Action.HAND_OFF) and message.pk.int % SAMPLED == 0
    return Doubt.SAMPLE if is_sampled else ""


def _learn_opinion(turn: Turn, step: Step) -> None:
    """Keep what the customer says of the answer before; people look at what he contradicts or asks again."""
    if step.helped is None and not step.doubts:
        return
    answered = Decision.objects.filter(turn=turn, action=Decision.Action.ANSWER).order_by("-id")
    for before in answered[:1]:
        before.helped = step.helped if step.helped is not None else before.helped
        if not step.helped:
            before.review, before.doubt = Review.DUE, Doubt.CONTRADICTED
        before.save(update_fields=["helped", "review", "doubt"])
