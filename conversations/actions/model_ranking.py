"""The model's opinion on which of the bot's candidates fits best: asked before anything is locked.

It is asked only where the bot, with all its rules, would offer up to three answers to choose from, and it may
put those into another order. Whether one is sure enough to be given or offered is decided by the bot's own
probabilities, as if nobody had been asked.
"""

import re
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from conversations.actions import hearing, model_calls, turns
from conversations.actions.failures import in_short
from conversations.actions.model_calls import Outcome
from conversations.bot import prompts
from conversations.bot.dialogue import Action, Dialogue, Step, decide
from conversations.bot.understand import Candidate
from conversations.circumstances import setting_of
from conversations.model_wire import NotSaid
from conversations.models import Bot, Conversation, Turn, Use
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.model")
SECONDS = 2.0
FLOOR = 0.05
"""Below this a candidate is out of the question, and stays where it is."""
_NUMBERS = re.compile(r"\s*\d(?:\s*[,;>\s]\s*\d)*\s*\.?\s*")


@dataclass(frozen=True, slots=True)
class Opinion:
    """In which order the model would think of some entries, for one text."""

    text: str
    entries: tuple[str, ...]


def opinion(tenant_id: UUID | str, conversation_id: UUID | str) -> Opinion | None:
    """Ask, where the business wants it and there is something to choose; None in every other case."""
    try:
        return _opinion(tenant_id, UUID(str(conversation_id)))
    except Exception as error:  # noqa: BLE001 -- the bot goes on as if nobody had been asked
        log.error("no opinion", conversation=str(conversation_id), error=in_short(error))
        return None


def _opinion(tenant_id: UUID | str, conversation_id: UUID) -> Opinion | None:
    with tenant_scope(tenant_id):
        if model_calls.available(Use.RANK) is None or not Bot.objects.filter(is_on=True).exists():
            return None
        asked = _asked(conversation_id)
        if asked is None:
            return None
        text, choices = asked
        shown = [(one.entry.phrasings[0], one.entry.answer) for one in choices]
        call = model_calls.open_call(Use.RANK, conversation_id=conversation_id)
    try:
        said = model_calls.ask(tenant_id, call.pk, prompts.ranking(text, shown), seconds=SECONDS)
    except NotSaid:
        return None
    order = order_in(said.text, len(choices))
    with tenant_scope(tenant_id):
        model_calls.conclude(call, Outcome.USED if order else Outcome.DROPPED)
    if not order:
        return None
    return Opinion(text, tuple(choices[number].entry.id for number in order))


def _asked(conversation_id: UUID) -> tuple[str, tuple[Candidate, ...]] | None:
    """What waits to be answered, and the candidates worth asking about; None where there is no choice."""
    turn = Turn.objects.filter(conversation_id=conversation_id, ended_at=None, due_at__isnull=False).first()
    if turn is None or turn.holder != Turn.Holder.BOT:
        return None
    conversation = Conversation.objects.select_related("channel", "customer").get(pk=conversation_id)
    bot, waiting = turns.bot_of(conversation.way.channel), hearing.unheard(conversation, turn)
    if bot is None or not any(message.text for message in waiting):
        return None
    dialogue = Dialogue.of(turn.state)
    brain, context = hearing.look_up(waiting[-1].text, conversation, bot, own())
    heard = hearing.heard_of(waiting, brain, replace(context, language=dialogue.language or context.language))
    step = decide(dialogue, heard, setting_of(conversation, bot, heard.understood))
    choices = tuple(one for one in step.choices if one.probability >= FLOOR)
    return (heard.text, choices) if len(choices) > 1 else None


def order_in(said: str, count: int) -> tuple[int, ...]:
    """Places in the order the model wrote; empty where it wrote anything but such numbers, each once."""
    if not _NUMBERS.fullmatch(said):
        return ()
    places = tuple(int(digit) - 1 for digit in re.findall(r"\d", said))
    return places if sorted(places) == list(range(count)) else ()


def in_order(step: Step, dialogue: Dialogue, opinion: Opinion | None, text: str) -> Step:
    """The step with its choices in the model's order, and the dialogue that remembers them.

    Nothing changes where the text is another by now, or where the choices are others.
    """
    if opinion is None or step.action is not Action.CHOICES or opinion.text != text:
        return step
    by_id = {one.entry.id: one for one in step.choices if one.probability >= FLOOR}
    if set(by_id) != set(opinion.entries):
        return step
    rest = tuple(one for one in step.choices if one.entry.id not in by_id)
    choices = (*(by_id[entry] for entry in opinion.entries), *rest)
    dialogue.choices = [one.entry.id for one in choices]
    return replace(step, choices=choices)
