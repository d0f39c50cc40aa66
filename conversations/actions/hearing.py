"""What a customer's waiting messages say, and what an answer is searched in. Nothing is decided here."""

import re

from conversations import brains
from conversations.bot import language as languages
from conversations.bot import normalise
from conversations.bot.dialogue import Heard
from conversations.bot.understand import Context, understand
from conversations.brains import Brain
from conversations.models import Bot, Conversation, Message, Turn
from tenants.kit.text import MAIL_ADDRESS
from tenants.models import Tenant

_ADDRESS = re.compile(MAIL_ADDRESS)
YES_EMOJI = frozenset("👍👌✅🙏❤😊🙂")


def look_up(text: str, conversation: Conversation, bot: Bot | None, tenant: Tenant) -> tuple[Brain, Context]:
    """What a text is searched in, by its language and channel, and what is known around it."""
    usual = (conversation.customer.language or tenant.language).partition("-")[0]
    context = Context(usual, (tenant.country,), tuple(bot.words) if bot else ())
    spoken = languages.detect(_without_addresses(text), fallback=usual).code
    return brains.brain(spoken, conversation.channel.kind), context


def unheard(conversation: Conversation, turn: Turn) -> list[Message]:
    """The customer's messages of the episode without a decision, in order."""
    theirs = Message.objects.filter(
        conversation=conversation, episode=turn.episode_id, kind=Message.Kind.INBOUND, decisions=None
    )
    return list(theirs.filter(created_at__gte=turn.started_at).order_by("id"))


def heard_of(waiting: list[Message], brain: Brain, context: Context) -> Heard:
    """What messages that came together say."""
    text = "\n".join(message.text for message in waiting if message.text)
    choice = waiting[-1].data.get("choice") or {}
    pressed = str(choice.get("id", ""))
    if not normalise.tokens(text):
        if set(text) & YES_EMOJI:
            return Heard("si", understand("si", brain.index, context))
        return Heard(text, None, media=str(waiting[-1].data.get("kind", "")) or "emoji", pressed=pressed)
    return Heard(text, understand(_without_addresses(text), brain.index, context), pressed=pressed)


def _without_addresses(text: str) -> str:
    """What is to be understood of a text: an address says nothing, and reads as words of some language."""
    return _ADDRESS.sub("@", text)
