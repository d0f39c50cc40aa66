"""Asking a worker what the bot would do with a text: only workers carry the encoder."""

from dataclasses import asdict, dataclass
from dataclasses import field as field_of
from typing import Any

from celery import current_app
from django.utils.translation import gettext as _

from conversations.models import Conversation
from crm.models import Customer
from tenants.kit import asking
from tenants.refusals import Refused
from tenants.scoping import current_tenant_id

LONGEST = 4_000  # characters of a text
WAIT = 5.0  # seconds
TASK = "conversations.tasks.try_out"


class NoWorkerNow(Refused):
    """Nobody who could say it was there in time."""

    status = 503
    retry_after = 5  # seconds


@dataclass(frozen=True)
class Choice:
    """An answer that may be meant."""

    id: str
    """The article's, or `fact:` and its kind."""
    question: str
    probability: float


@dataclass(frozen=True)
class Trial:
    """What the bot would do, with the evidence."""

    action: str
    text: str = ""
    """Of the answer it would give."""
    answer: Choice | None = None
    choices: list[Choice] = field_of(default_factory=list)
    reason: str = ""
    rules: list[dict[str, str]] = field_of(default_factory=list)
    probability: float | None = None
    mode: str = ""
    language: str = ""
    category: str = ""
    urgency: str = ""
    mood: str = ""
    is_on: bool = False
    """Whether the bot is on at all; the rest holds as if it were."""

    def packed(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Trial":
        """What was packed."""
        answer = Choice(**told["answer"]) if told["answer"] else None
        return cls(**{**told, "answer": answer, "choices": [Choice(**one) for one in told["choices"]]})


def try_out(
    text: str,
    *,
    customer: Customer | None = None,
    conversation: Conversation | None = None,
    channel_kind: str = "web",
) -> Trial:
    """What the bot would do with a text, as a worker says. The caller checked who sees whom.

    Raises `NoWorkerNow`.
    """
    question = {
        "text": text[:LONGEST],
        "customer_id": str(customer.pk) if customer else None,
        "conversation_id": str(conversation.pk) if conversation else None,
        "channel_kind": channel_kind,
    }
    try:
        told = asking.ask(current_app.tasks[TASK], current_tenant_id(), question, seconds=WAIT)
    except asking.NobodyAnswered:
        raise NoWorkerNow(_("The bot is busy or being restarted. Try again in a few seconds.")) from None
    return Trial.of(told)
