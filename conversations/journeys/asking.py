"""What a customer answers to a journey: one of its answers leads on, anything else is read by others."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from conversations.actions import bells
from conversations.actions.clocks import keep
from conversations.bot import normalise
from conversations.confirmations.offering import place_named
from conversations.journeys.content import CHOICES, OTHER, step_at
from conversations.models import Conversation, JourneyPlace, Message

CHOSEN = "chosen"  # in a message's `data`: it was one of the answers of a journey
POLITE = frozenset(
    """
    hola buenas buenos dias tardes noches gracias muchas por favor ok oi ola bom dia boa tarde noite
    obrigado obrigada muito hello hi thanks thank you please
    """.split()  # noqa: SIM905 -- read as words
)


def hear(message: Message, asked: UUID | None) -> bool:
    """Take a message for one of the answers to what he was asked at a place; False where it is none.

    It must stand where the question stands, and nobody of us may have said anything since. Nobody has to
    answer it then.
    """
    place = _held(message, asked)
    if place is None or place.message is None or message.conversation_id != place.message.conversation_id:
        return False
    step = step_at(place.version.content["steps"], place.step)
    number = chosen(message.text, step["choices"]) if step and step["do"] == "ask" else None
    if number is None or _was_spoken_to_since(place.message):
        return False
    _go_on(place, CHOICES[number])
    message.data = message.data | {CHOSEN: True}
    message.save(update_fields=["data"])
    _rest(message.conversation, message)
    return True


def hear_other(message: Message, asked: UUID | None) -> None:
    """Note that he wrote something else, and where he did."""
    if place := _held(message, asked):
        _go_on(place, OTHER)


def _held(message: Message, asked: UUID | None) -> JourneyPlace | None:
    """The place at which he was asked, locked; None where a worker takes him on right now."""
    if asked is None or message.data.get("automatic"):
        return None
    rows = JourneyPlace.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.filter(pk=asked, state=JourneyPlace.State.WAITING, asked_at__isnull=False, choice="")
    found: JourneyPlace | None = rows.select_related("version", "message").first()
    return found


def _was_spoken_to_since(question: Message) -> bool:
    later = Message.objects.seen_by_customer().filter(
        conversation=question.conversation_id, id__gt=question.pk
    )
    return bool(later.exclude(kind=Message.Kind.INBOUND).exists())


def _go_on(place: JourneyPlace, arm: str) -> None:
    place.choice, place.due_at, place.attempts = arm, timezone.now(), 0
    place.save(update_fields=["choice", "due_at", "attempts"])
    bells.advance_journeys()


def _rest(conversation: Conversation, message: Message) -> None:
    """Nobody of ours has to do anything, unless he waited for an answer before."""
    if conversation.waiting_since and conversation.waiting_since < message.created_at:
        return
    conversation.status, conversation.waiting_since = Conversation.Status.WAITING, None
    conversation.save(update_fields=["status", "waiting_since"])
    keep(conversation)


def chosen(text: str, titles: Sequence[str]) -> int | None:
    """Which of some answers a message is, by its words or its number, politely or not; None for none."""
    said = normalise.tokens(text)
    polite = [word for word in said if word not in POLITE]
    for words in (said, polite):
        found = [number for number, title in enumerate(titles) if words and normalise.tokens(title) == words]
        if len(found) == 1:
            return found[0]
    return None if "?" in text else place_named(" ".join(polite), len(titles))
