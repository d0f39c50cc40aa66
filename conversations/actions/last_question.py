"""What is asked once more of a message that goes out by itself, the moment before it goes.

Whoever has it said names himself in the message's `data` and registers his question under that word. So the
outbox knows nothing of campaigns or appointments, and what a person writes costs no question.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_noop

from conversations.models import Delivery

Question = Callable[[Delivery], None]
BY_HAND = "by_hand"  # in a delivery's `details`: a person had it sent again, whatever speaks against it
ASIDE = "aside"  # likewise: it waits for its hour, and others of its conversation pass
WAITS = gettext_noop("It is outside the hours at which he may be written to. It goes out by itself.")
_questions: dict[str, Question] = {}


class Withheld(Exception):
    """It does not go now. `reason` is a sentence to be translated.

    With `until` it waits in the outbox and lets others pass, without it is taken out; `then` is done in the
    transaction in which that is written down. Nothing of either counts as an attempt.
    """

    def __init__(
        self, reason: str, *, until: datetime | None = None, then: Callable[[], None] | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.until, self.then = reason, until, then


def register(word: str, question: Question) -> None:
    """Have a question asked of messages with this word in their `data`; it raises `Withheld` for no."""
    _questions[word] = question


def ask(delivery: Delivery) -> None:
    """Raise `Withheld` where it is not to go now."""
    if BY_HAND in delivery.details:
        return
    for word in _questions.keys() & delivery.message.data.keys():
        _questions[word](delivery)
