"""What the bot would do with a text: all that it does for a message, but nothing is sent or written."""

from typing import Any

from django.utils import timezone

from conversations.actions.hearing import heard_of, look_up
from conversations.actions.thinking import decide
from conversations.actions.turns import open_turn
from conversations.bot.dialogue import Action, Dialogue, Step
from conversations.bot.understand import Understanding
from conversations.circumstances import setting_of
from conversations.live_facts import PREFIX
from conversations.models import Bot, Channel, Conversation, Message
from conversations.trials import LONGEST, Choice, Trial
from crm.models import Customer
from tenants.queries import own


def try_out(
    text: str,
    *,
    customer: Customer | None = None,
    conversation: Conversation | None = None,
    channel_kind: str = "web",
) -> Trial:
    """What the bot would do with a text: of anybody, of a customer, or as the next one in a conversation."""
    tenant, bot = own(), Bot.objects.first() or Bot()
    dialogue = Dialogue()
    if conversation is None:
        channel = Channel(kind=channel_kind)
        conversation = Conversation(customer=customer or Customer(), channel=channel)
    elif conversation.with_bot and (turn := open_turn(conversation)):
        dialogue = Dialogue.of(turn.state)
    text = text[:LONGEST]
    brain, context = look_up(text, conversation, bot, tenant)
    message = Message(text=text, created_at=timezone.now())
    heard = heard_of([message], brain, context)
    setting = setting_of(conversation, bot, heard.understood)
    step, said = decide(dialogue, heard, setting, conversation, brain, is_tried=True)

    def choice(entry_id: str, question: str, probability: float | None) -> Choice:
        version = brain.versions.get(entry_id)
        return Choice(
            str(version.article_id) if version else entry_id,
            version.question if version else question,
            round(probability or 0.0, 3),
        )

    answer = None
    if step.action is Action.ANSWER:
        answer = choice(step.entry, step.entry.removeprefix(PREFIX), step.probability)
    return Trial(
        action=step.action.value,
        text=said,
        answer=answer,
        choices=[choice(one.entry.id, one.entry.phrasings[0], one.probability) for one in step.choices],
        mode=setting.mode.value,
        is_on=bot.is_on,
        **_why(step),
        **_meaning(heard.understood),
    )


def _why(step: Step) -> dict[str, Any]:
    return {
        "reason": step.reason,
        "rules": [{"rule": fired.rule, "words": fired.words} for fired in step.fired],
        "probability": None if step.probability is None else round(step.probability, 3),
    }


def _meaning(understood: Understanding | None) -> dict[str, Any]:
    if understood is None:
        return {}
    return {
        "language": understood.language.code,
        "category": understood.category,
        "urgency": understood.urgency,
        "mood": understood.mood if understood.mood_sure else "",
    }


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What a web process asked of a worker (`conversations.trials`)."""
    found: Conversation | None = None
    customer: Customer | None = None
    if question["conversation_id"]:
        conversations = Conversation.objects.select_related("customer", "channel")
        found = conversations.get(pk=question["conversation_id"])
    if question["customer_id"]:
        customer = Customer.objects.get(pk=question["customer_id"])
    return try_out(
        question["text"], customer=customer, conversation=found, channel_kind=question["channel_kind"]
    ).packed()
