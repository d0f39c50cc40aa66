"""What is told at the end of a practice run: a score, what went well, what to change, and better words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from conversations.practice.customers import Feelings, Question
from conversations.practice.judging import UPSET, Seen
from conversations.practice.lines import FRIENDLY, SORRY

SLOW = 180
"""Seconds to a reply that a customer in a chat feels."""
UNANSWERED = 0.4
"""What the best manners are worth without any answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of the agent, what was seen in it, and to which question."""

    text: str
    seen: Seen
    question: int
    seconds: float


@dataclass(slots=True)
class Feedback:
    """All of it as plain values: sentences are made of them when they are read."""

    score: int = 0
    clarity: int = 0
    empathy: int = 0
    knowing: int = 0
    """Of what the customer had told or his record holds: 100 where nothing of it was asked."""
    answered: int = 0
    questions: int = 0
    left: bool = False
    """The customer went away angry."""
    notes: list[dict[str, Any]] = field(default_factory=list)
    """[{kind, words}] in the order of importance."""
    better: list[dict[str, str]] = field(default_factory=list)
    """[{question, said, better}]: a reply that could be better, and how."""
    median_seconds: int = 0
    slowest_seconds: int = 0


def feedback(
    replies: Sequence[Reply],
    questions: tuple[Question, ...],
    feelings: Feelings,
    *,
    mood: str,
    name: str,
    language: str,
) -> Feedback:
    """What a run showed."""
    if not replies:
        return Feedback(questions=len(questions), left=True)
    made = Feedback(
        answered=min(feelings.settled, len(questions)),
        questions=len(questions),
        left="leaves" in feelings.told,
        median_seconds=round(median(reply.seconds for reply in replies)),
        slowest_seconds=round(max(reply.seconds for reply in replies)),
    )
    again = sum(len(reply.seen.asked_again) + len(reply.seen.looked_up) for reply in replies)
    hard = sum(reply.seen.is_hard for reply in replies)
    long = sum(reply.seen.is_long for reply in replies)
    invented = [words for reply in replies for words in reply.seen.invented]
    share = made.answered / max(made.questions, 1)
    made.clarity = _percent(0.6 * share + 0.4 * (1 - (hard + long) / (2 * len(replies))))
    made.empathy = _empathy(replies, mood)
    made.knowing = max(100 - 50 * again, 0)
    penalty = 10 * min(len(invented), 3) + (15 if made.left else 0)
    manner = 0.5 * made.clarity + 0.3 * made.empathy + 0.2 * made.knowing
    made.score = max(round(manner * (UNANSWERED + (1 - UNANSWERED) * share)) - penalty, 0)
    made.notes = _notes(replies, made, mood, invented)
    made.better = _better(replies, questions, mood, name, language)
    return made


def _empathy(replies: Sequence[Reply], mood: str) -> int:
    shouts = any(reply.seen.shouts for reply in replies)
    if mood not in UPSET:
        return 40 if shouts else 100
    places = [place for place, reply in enumerate(replies) if reply.seen.empathy]
    if not places:
        return 20
    return 50 if shouts else (100 if places[0] == 0 else 70)


def _notes(replies: Sequence[Reply], made: Feedback, mood: str, invented: list[str]) -> list[dict[str, Any]]:
    """What to change, then what went well."""
    upset = mood in UPSET
    longest = max(reply.seen.longest for reply in replies)
    words = max(reply.seen.words for reply in replies)
    is_hard = any(reply.seen.is_hard for reply in replies)
    found = [
        ("invented", ", ".join(dict.fromkeys(invented)), bool(invented)),
        *(("asked_again", one, True) for reply in replies for one in reply.seen.asked_again),
        *(("on_record", one, True) for reply in replies for one in reply.seen.looked_up),
        ("unanswered", str(made.questions - made.answered), made.answered < made.questions),
        ("no_empathy", "", upset and made.empathy <= 20),
        ("late_empathy", "", upset and 20 < made.empathy < 100),
        ("shouts", "", any(reply.seen.shouts for reply in replies)),
        ("hard", str(longest), is_hard),
        ("long", str(words), not is_hard and any(reply.seen.is_long for reply in replies)),
        ("slow", str(made.slowest_seconds), made.slowest_seconds > SLOW),
        ("left", "", made.left),
        ("all_answered", "", made.answered == made.questions),
        ("empathy", "", upset and made.empathy == 100),
        ("nothing_asked_again", "", made.knowing == 100),
    ]
    return [{"kind": kind, "words": said[:200]} for kind, said, is_so in found if is_so]


def _better(
    replies: Sequence[Reply], questions: tuple[Question, ...], mood: str, name: str, language: str
) -> list[dict[str, str]]:
    """For each question the last reply that did not do, beside the business's own words."""
    made: dict[int, dict[str, str]] = {}
    first = name.partition(" ")[0]
    for place, reply in enumerate(replies):
        seen = reply.seen
        lacks_warmth = mood in UPSET and place == 0 and not seen.empathy
        if seen.is_answered and not seen.is_hard and not seen.invented and not lacks_warmth:
            continue
        question = questions[reply.question]
        words = SORRY if mood in UPSET and place == 0 else FRIENDLY
        made[reply.question] = {
            "question": question.title,
            "said": reply.text[:600],
            "better": f"{words[language].format(name=first)} {question.answer}",
        }
    return list(made.values())[:3]


def _percent(share: float) -> int:
    return round(100 * min(max(share, 0.0), 1.0))
