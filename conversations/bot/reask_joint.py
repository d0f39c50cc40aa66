"""How likely a known fact is asked for again: what words say and what a draft means, weighed together.

Plain sums, so that a web process that has a worker's word on the meaning can do them. Fitted by
quality/train/reask.py.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conversations.bot import normalise
from conversations.bot.reask_features import Sentence
from conversations.bot.reask_words import KEYS, LANGUAGES

ARTEFACT = Path(__file__).parent / "artefacts" / "reask.json"
STATED = 0.6
"""Of a known value's words, how many a sentence must hold to state it."""
SHORT = 3
"""Letters of a word that may tell values apart."""
_LEAST, _FLOOR, _UNIT = 1e-5, -3.0, 4.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words of a draft say about one known fact."""

    every: float
    """How likely it is asked for."""
    left: float
    """The same without what is excused."""
    shown: tuple[float, ...]
    """How far the draft states the known value, and how."""


def states(words: list[str], fact: str) -> bool:
    """Whether words hold the known value: a number of it, or most of its words."""
    said = _bare(words)
    told = _told(fact)
    if any(word in said and any(char.isdigit() for char in word) for word in told):
        return True
    return bool(told) and sum(word in said for word in told) / len(told) >= STATED


def shown(parts: list[Sentence], fact: str) -> tuple[float, ...]:
    """How much of the known value a draft holds, and whether in a question, a choice or beside another."""
    said = _bare([word.text for part in parts for word in part.words])
    told = _told(fact) or normalise.tokens(fact)
    stating = [part for part in parts if states([word.text for word in part.words], fact)]
    return (
        sum(word in said for word in told) / max(1, len(told)),
        float(bool(stating)),
        float(any(part.is_question for part in stating)),
        float(any(word.concept == "OR" for part in stating for word in part.words)),
        float(any(word.concept == "OTHER" for part in parts for word in part.words)),
        float(any(part.is_question for part in parts)),
    )


def features(key: str, language: str, words: Evidence, meant: Mapping[str, float]) -> list[float]:
    """What is weighed of one known fact."""
    own, left, every = meant[key], odds(words.left), odds(words.every)
    other = max(_FLOOR, *(score for name, score in meant.items() if name != key))
    return [
        own / _UNIT,
        left / _UNIT,
        every / _UNIT,
        max(own, _FLOOR) / _UNIT,
        max(left, _FLOOR) / _UNIT,
        own * left / _UNIT**2,
        other / _UNIT,
        other * own / _UNIT**2,
        *words.shown,
        *(float(name == key) for name in KEYS),
        *(float(code == language) for code in LANGUAGES),
    ]


def is_asked(key: str, language: str, words: Evidence, meant: Mapping[str, float]) -> bool:
    """Whether a known fact is asked for again."""
    held = _weights()
    score = math.sumprod(features(key, language, words, meant), held["weights"])
    return bool(score > held["cutoffs"][language])


def odds(chance: float) -> float:
    """Log-odds of a chance, never without end."""
    chance = min(1 - _LEAST, max(_LEAST, chance))
    return math.log(chance / (1 - chance))


def forget() -> None:
    """Read the artefact anew, as its training does."""
    _weights.cache_clear()


def _bare(words: list[str]) -> set[str]:
    return {part for word in words for part in normalise.tokens(word)}


def _told(fact: str) -> list[str]:
    return [word for word in normalise.tokens(fact) if len(word) >= SHORT]


@cache
def _weights() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(ARTEFACT.read_text("utf-8"))
    return held
