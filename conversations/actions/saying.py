"""What the bot says, as a message: composed of sentences it has not said yet, with the way to a person."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation

from conversations import consent
from conversations.actions import article_files
from conversations.actions.messages import announce, attach, hand_to_outbox, outgoing, remember, show_last
from conversations.actions.sendable import check_sendable
from conversations.bot import says
from conversations.bot.dialogue import COURTESIES, PERSON, Action, Dialogue, Step
from conversations.brains import Brain
from conversations.channels.base import Capabilities, File
from conversations.channels.registry import adapter_for
from conversations.models import Bot, Conversation, Episode, Message
from crm.models import Order, TimelineEntry
from tenants.actors import Actor
from tenants.queries import own

YES = "yes"
INSTEAD = "here"
"""What is said where all wordings of one of REPLACEABLE are used up."""
REPLACEABLE = COURTESIES | {"unsure", "choices"}
CLOSED = (Order.Status.DELIVERED, Order.Status.CANCELLED, Order.Status.REFUNDED)


class Speech:
    """Sentences of one message, in a language; what was said before in the episode is left out."""

    def __init__(self, dialogue: Dialogue, bot: Bot, language: str) -> None:
        self.dialogue, self.bot = dialogue, bot
        self.language = says.language_of(language)
        self.parts: list[str] = []

    def add(self, key: str, **values: object) -> "Speech":
        """A text of says.TEXTS, in a wording not used yet."""
        return self.quote(says.say(key, self.language, self.dialogue.said, self.bot.texts, **values))

    def quote(self, text: str) -> "Speech":
        """Something word for word, unless it was said before."""
        if text and text not in self.dialogue.said:
            self.parts.append(text)
            self.dialogue.said.append(text)
        return self

    def fixed(self, key: str) -> str:
        """A text that may be said again and again: the way to a person."""
        return says.say(key, self.language, (), self.bot.texts)

    @property
    def text(self) -> str:
        return "\n\n".join(self.parts)


def greet(speech: Speech, conversation: Conversation) -> None:
    """Say hello once in an episode: by name, who speaks, and the order that is under way."""
    if speech.dialogue.greeted:
        return
    speech.dialogue.greeted = True
    tenant = own()
    name = conversation.customer.name.partition(" ")[0]
    hello = Speech(speech.dialogue, speech.bot, speech.language)
    hello.add("hello", name=name) if name else hello.add("hello_unknown")
    hello.add("intro", bot=speech.bot.name or "Puente", business=tenant.name)
    speech.parts.insert(0, " ".join(hello.parts))


def has_words(dialogue: Dialogue, bot: Bot, step: Step) -> bool:
    """Whether there is something to say that was not said yet in the episode."""
    if step.action in (Action.ANSWER, Action.HAND_OFF) or not dialogue.greeted:
        return True
    language = says.language_of(dialogue.language or own().language)
    instead = (INSTEAD,) if REPLACEABLE.issuperset(step.say) else ()
    return any(says.say(key, language, dialogue.said, bot.texts) for key in (*step.say, *instead))


def answer(
    conversation: Conversation,
    episode: Episode,
    bot: Bot,
    dialogue: Dialogue,
    step: Step,
    text: str,
    brain: Brain,
) -> Message:
    """Say what a step is to say. The conversation is locked by the caller. Returns the message."""
    speech = Speech(dialogue, bot, dialogue.language or own().language)
    was_greeted = dialogue.greeted
    greet(speech, conversation)
    if not was_greeted and step.action is not Action.ANSWER:
        _tell_order(speech, conversation)
    for key in step.say:
        speech.add(key)
    speech.quote(text)
    if step.action is Action.ANSWER:
        speech.add("helped")
    if not speech.parts:
        speech.add(INSTEAD)
    options = [(one.entry.id, _title(one.entry.id, brain, one.entry.phrasings)) for one in step.choices]
    can = adapter_for(conversation.way.channel.kind).capabilities
    version = brain.versions.get(step.entry) if step.action is Action.ANSWER else None
    titles = version.button_titles if version else []
    whole, data = _with_ways(speech, options, can, titles, asks=step.action is Action.ANSWER)
    conversation.status = Conversation.Status.WAITING
    conversation.waiting_since = None
    files = article_files.sendable(version, can) if version else []
    return send(conversation, episode, bot, whole, data, files)


def rest(conversation: Conversation) -> None:
    """Nothing is said, and nothing has to be: the conversation waits for the customer."""
    conversation.status, conversation.waiting_since = Conversation.Status.WAITING, None
    conversation.save(update_fields=["status", "waiting_since"])
    announce(conversation)


def send(
    conversation: Conversation,
    episode: Episode,
    bot: Bot,
    text: str,
    data: dict[str, Any],
    files: Sequence[File] = (),
) -> Message:
    """Write what the bot says into the conversation and the outbox. Raises `CannotSend`."""
    by = Actor.system()
    text, kept = check_sendable(conversation.way, text, list(files), by=by, data=data)
    message = outgoing(
        conversation,
        episode,
        text,
        by,
        author_kind=Message.Author.BOT,
        author_label=bot.name or "Bot",
        created_at=timezone.now(),
        data=kept,
        has_attachments=bool(files),
    )
    attach(message, files)
    hand_to_outbox(message, conversation, purpose=consent.purpose_of(kept))
    show_last(conversation, message)
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_OUT, conversation.way.channel.kind)
    announce(conversation, message)
    return message


def _tell_order(speech: Speech, conversation: Conversation) -> None:
    """Who comes back sees first what he most likely writes about."""
    identity = conversation.way.identity
    if identity is None or not identity.is_verified:
        return
    orders = Order.objects.filter(customer_id=conversation.customer_id).order_by("-placed_at")
    order = orders.first()
    if order and order.status not in CLOSED:
        with translation.override({"pt": "pt-br"}.get(speech.language, speech.language)):
            speech.add("order", number=order.number, status=order.get_status_display().lower())


def _title(entry_id: str, brain: Brain, phrasings: tuple[str, ...]) -> str:
    version = brain.versions.get(entry_id)
    return version.question if version else phrasings[0]


def _with_ways(
    speech: Speech, options: list[tuple[str, str]], can: Capabilities, titles: list[str], *, asks: bool
) -> tuple[str, dict[str, Any]]:
    """The text and its buttons: choices as the channel shows them, and always the way to a person.

    `titles` stand under the business's own answer; whoever presses one has written it.
    """
    person = (PERSON, speech.fixed("person_button"))
    if options and can.list_rows:
        rows = [
            {"id": key, "title": _cut(title, 24), "description": _cut(title, 72)} for key, title in options
        ]
        return speech.text, {"list": {"rows": _distinct([*rows, {"id": person[0], "title": person[1]}])}}
    shown = [(f"own:{number}", title) for number, title in enumerate(titles[: max(0, can.buttons - 1)])]
    if asks and len(shown) + 2 <= max(can.buttons, 2):
        shown.append((YES, speech.fixed("yes_button")))
    shown.append(person)
    numbered = [f"{number}. {title}" for number, (_key, title) in enumerate(options, 1)]
    if numbered:
        shown = [*((key, str(number)) for number, (key, _title) in enumerate(options, 1)), person]
    text = "\n\n".join([speech.text, *(["\n".join(numbered)] if numbered else [])])
    if can.buttons:
        return text, {"buttons": _buttons(shown if can.buttons >= len(shown) else [person], can)}
    return f"{text}\n\n{speech.fixed('person_hint')}", {}


def _buttons(shown: list[tuple[str, str]], can: Capabilities) -> list[dict[str, str]]:
    return [{"id": key, "title": _cut(title, can.button_limit)} for key, title in shown]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _distinct(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    seen: set[str] = set()
    kept = []
    for row in rows:
        if row["title"] not in seen:
            seen.add(row["title"])
            kept.append(row)
    return kept
