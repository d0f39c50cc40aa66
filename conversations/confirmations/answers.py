"""What a customer answers when he is asked whether he comes. Plain functions, no queries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conversations.bot import normalise


class Kind(StrEnum):
    """What an answer is. Only the first three are acted upon; the others go to a person."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    RESCHEDULE = "reschedule"
    DOUBT = "doubt"
    QUESTION = "question"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read: `when` is the moment asked for instead, by the customer's clock; `words` say it."""

    kind: Kind
    when: datetime | None = None
    words: str = ""


PLAIN = {
    Kind.CONFIRM: {"si", "va", "ok", "dale", "confirmo", "ahi estare", "simon", "sim", "yes", "sure"},
    Kind.DECLINE: {"no", "no puedo", "no podre ir", "nao", "nao vou", "i cant come"},
}


def read(text: str, *, language: str, appointment_local: datetime, now_local: datetime) -> Answer:
    """Read an answer in the customer's language; what is not plain is a doubt."""
    plain = " ".join(normalise.tokens(text))
    for kind, said in PLAIN.items():
        if plain in said:
            return Answer(kind, words=text.strip())
    return Answer(Kind.DOUBT)
