"""What is to be seen in one reply of an agent: answered, understandable, warm, invented, asked again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from conversations.bot import claims as claiming
from conversations.bot import guards
from conversations.bot.guards import Known
from conversations.bot.words import STOP_WORDS
from conversations.practice.lines import EMPATHY, SURE_WORDS
from tenants.kit.text import bare_words

ANSWERED, PARTLY = 0.5, 0.25
LONG = 60
"""Words of a reply that is read on a telephone."""
LONGER = 110
LONG_SENTENCE = 28
STEM = 5
LONG_WORD = 13
UPSET = frozenset({"angry", "confused"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A reply as it is judged."""

    words: int = 0
    longest: int = 0
    """Words of its longest sentence."""
    likeness: float = 0.0
    """To the right answer, 0 to 1."""
    empathy: bool = False
    shouts: bool = False
    asked_again: list[str] = field(default_factory=list)
    """What of the known it asks for: in its own words."""
    facts: list[str] = field(default_factory=list)
    """The known values it asked for: those he told, else those of his record."""
    looked_up: list[str] = field(default_factory=list)
    """What it asks for although it stands beside the conversation: in its own words."""
    invented: list[str] = field(default_factory=list)
    """Numbers, prices, promises … that are in no answer."""
    assures: bool = False

    @property
    def is_answered(self) -> bool:
        return self.likeness >= ANSWERED

    @property
    def is_long(self) -> bool:
        return self.words > LONG

    @property
    def is_hard(self) -> bool:
        """Whether it takes reading twice."""
        return self.words > LONGER or self.longest > LONG_SENTENCE

    def kept(self) -> dict[str, Any]:
        """For `PracticeTurn.notes`."""
        return asdict(self)

    @classmethod
    def of(cls, notes: Mapping[str, Any]) -> "Seen":
        """From what was kept; what it does not know is dropped."""
        return cls(**{name: value for name, value in notes.items() if name in cls.__dataclass_fields__})


def judge(
    text: str,
    *,
    question: str,
    answer: str,
    language: str,
    known: Mapping[str, str],
    said: Sequence[str],
    record: Mapping[str, str] | None = None,
) -> Seen:
    """What is to be seen in a reply to a question, given what the customer told (`known`) and was told.

    `record` is what stands beside the conversation and needs no asking either.
    """
    sentences = [piece for piece in re.split(r"[.!?…\n]+", text) if piece.split()]
    plain = bare_words(text)
    written = {key: value for key, value in (record or {}).items() if key not in known}
    again = _asked_again(text, known, language)
    looked_up = _asked_again(text, written, language) if written else []
    letters = [char for char in text if char.isalpha()]
    return Seen(
        words=len(text.split()),
        longest=max((len(piece.split()) for piece in sentences), default=0),
        likeness=round(likeness(text, answer, language), 2),
        empathy=any(_begins(plain, stem) for stem in EMPATHY[language]),
        shouts=len(letters) > 12 and sum(char.isupper() for char in letters) > len(letters) * 0.6,
        asked_again=[words for words, _fact in again],
        facts=[fact for _words, fact in again or looked_up],
        looked_up=[words for words, _fact in looked_up],
        invented=_invented(text, question, answer, language, {**written, **known}, said),
        assures=any(_begins(plain, word) for word in SURE_WORDS[language]),
    )


def likeness(text: str, answer: str, language: str) -> float:
    """How much of the right answer is in a text: what can be checked counts more than the words around it."""
    wanted = stems(answer)
    words = len(wanted & stems(text)) / len(wanted) if wanted else 0.0
    given: dict[str, set[str]] = {}
    for claim in claiming.claims(text, once_is_eleven=language != "en"):
        given.setdefault(claim.kind, set()).update(claim.forms)
    told = set().union(*given.values()) if given else set()
    asked = claiming.claims(answer, once_is_eleven=language != "en")
    if not asked:
        return min(words * 1.4, 1.0)
    found = sum(bool(_loose(claim.forms) & _loose(told)) for claim in asked) / len(asked)
    return 0.6 * found + 0.4 * min(words * 1.4, 1.0)


def _loose(forms: frozenset[str] | set[str]) -> set[str]:
    """Forms with full hours as plain numbers: at 10 is at 10:00."""
    return {form.removesuffix(":00") for form in forms}


def stems(text: str) -> set[str]:
    """The beginnings of the words that say something."""
    words = bare_words(text).split()
    return {word[:STEM] for word in words if word not in STOP_WORDS and len(word) > 2 and not word.isdigit()}


def _begins(plain: str, stem: str) -> bool:
    return bool(re.search(rf"\b{re.escape(bare_words(stem))}", plain))


def _asked_again(text: str, known: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    from conversations.bot import reask  # noqa: PLC0415 -- long word tables, for those who practise

    return [(found.words, found.fact) for found in reask.reasks(text, known, language)]


def _invented(
    text: str,
    question: str,
    answer: str,
    language: str,
    known: Mapping[str, str],
    said: Sequence[str],
) -> list[str]:
    rests_on = Known(answers=(question, answer, *said), facts=tuple(known.values()))
    found = guards.faults(text, rests_on)
    kinds = {"number", "price", "percent", "date", "hour", "url", "email", "phone", "promise"}
    return list(dict.fromkeys(fault.words for fault in found if fault.kind in kinds))[:5]
