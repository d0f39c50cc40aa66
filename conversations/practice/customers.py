"""How a simulated customer goes on: by rules, from what was seen in the reply to him."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from conversations.practice.judging import Seen
from conversations.practice.lines import OPENERS, REACTIONS

MOST = 6
"""Messages of the customer."""
LEAST = 4
PATIENCE = {"calm": 4, "confused": 4, "hurried": 3, "angry": 3}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing he wants to know, and what the business answers."""

    wordings: tuple[str, ...]
    title: str
    answer: str
    article: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Question":
        return cls(tuple(kept["wordings"]), kept["title"], kept["answer"], kept.get("article", ""))


@dataclass(slots=True)
class Feelings:
    """Where he stands."""

    at: int = 0
    """Which of his questions is being answered."""
    patience: int = 4
    told: list[str] = field(default_factory=list)
    """Kinds of reaction he has had."""
    asked: int = 0
    """How often he asked the present question."""
    said: int = 1
    """How many messages he wrote."""
    settled: int = 0
    """How many of his questions were answered."""

    def kept(self) -> dict[str, Any]:
        """For `PracticeRun.state`."""
        return asdict(self)


def opener(question: Question, *, mood: str, name: str, order: str, language: str) -> str:
    """His first message."""
    return OPENERS[mood][language].format(name=name, order=order, question=question.wordings[0])


def react(
    seen: Seen, questions: tuple[Question, ...], feelings: Feelings, *, mood: str, language: str
) -> tuple[str, bool]:
    """What he says to a reply, and whether that was his last word. Changes `feelings`."""
    kind = _kind(seen, questions, feelings, mood)
    if kind in {"reasked", "on_record", "no_empathy", "too_long", "not_understood", "not_answered"}:
        feelings.patience -= 1
        feelings.asked += 1
        if feelings.patience <= 0 or feelings.said >= MOST - 1:
            kind = "leaves"
    feelings.told.append(kind)
    feelings.said += 1
    wordings = questions[feelings.at].wordings
    text = REACTIONS[kind][language].format(
        question=wordings[feelings.asked % len(wordings)], fact=next(iter(seen.facts), "")
    )
    return text, kind in {"thanks", "leaves"}


def _kind(seen: Seen, questions: tuple[Question, ...], feelings: Feelings, mood: str) -> str:
    if seen.asked_again or seen.looked_up:
        return "reasked" if seen.asked_again else "on_record"
    is_sure = feelings.told[-1:] == ["sure"]
    if not is_sure and not seen.is_answered:
        return _unanswered(seen, feelings, mood)
    if mood == "angry" and not seen.empathy and not _was(feelings, "no_empathy") and feelings.said == 1:
        return "no_empathy"
    if not is_sure:
        feelings.settled += 1
    if feelings.at + 1 < len(questions):
        feelings.at += 1
        feelings.asked = 0
        return "next"
    if feelings.said < LEAST - 1 and not _was(feelings, "sure"):
        return "sure"
    return "thanks"


def _unanswered(seen: Seen, feelings: Feelings, mood: str) -> str:
    if mood == "angry" and not seen.empathy and not _was(feelings, "no_empathy"):
        return "no_empathy"
    if mood == "hurried" and seen.is_long and not _was(feelings, "too_long"):
        return "too_long"
    if mood == "confused" and seen.is_hard and not _was(feelings, "not_understood"):
        return "not_understood"
    return "not_answered"


def _was(feelings: Feelings, kind: str) -> bool:
    return kind in feelings.told
