"""How likely a sentence asks for a fact: weights that quality/train/reask.py fitted, summed in plain Python.

Two looks at a sentence are joined: at each name of a fact, or turn that stands for one, with what is around
it (one weight a feature), and at the sentence as a whole (one weight a feature and fact).
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conversations.bot.reask_features import Mention, Sentence, mentions, of_mention, of_sentence
from conversations.bot.reask_words import KEYS

ARTEFACT = Path(__file__).parent / "artefacts" / "reask.bin"
WHOLE = 1 << 15
"""Places for features of a sentence."""
NAMED = 1 << 17
"""Places for features of a mention."""
SCALE = 24.0
"""Steps of an artefact's byte in one unit of a weight."""
WHOLE_WEIGHT = 4.0
NAMED_WEIGHT = 0.3
WHOLE_BIAS = -4.0
NAMED_BIAS = -1.0
UNLIKELY = 0.1
"""Below this nobody asks which words it were."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How likely words ask for a fact, and which of a sentence's words they are."""

    chance: float
    first: int
    last: int
    is_named: bool


def whole_places(sentence: Sentence, before: Sentence | None) -> dict[int, int]:
    """Places of a sentence's features, and the word each stands at."""
    return {zlib.crc32(name.encode()) % WHOLE: at for name, at in of_sentence(sentence, before)}


def named_places(sentence: Sentence, mention: Mention, after: Sentence | None) -> set[int]:
    """Places of a mention's features, each for all facts and for this one."""
    names = of_mention(sentence, mention, after)
    every = [zlib.crc32(name.encode()) % NAMED for name in names]
    return {*every, *(zlib.crc32(f"{mention.key} {name}".encode()) % NAMED for name in names)}


def askings(
    before: Sentence | None, sentence: Sentence, after: Sentence | None, keys: frozenset[str]
) -> Iterator[tuple[str, Asking]]:
    """Every likelihood that a sentence asks for one of the keys; they are independent witnesses."""
    whole, named = _tables()
    places = whole_places(sentence, before)
    scale = WHOLE_WEIGHT / SCALE / math.sqrt(len(places) or 1)
    for number, key in enumerate(KEYS):
        if key not in keys:
            continue
        column = [whole[place * len(KEYS) + number] for place in places]
        bias = whole[WHOLE * len(KEYS) + number] / SCALE
        chance = _chance(sum(column) * scale + WHOLE_BIAS + bias)
        first, last = 0, len(sentence.words)
        if chance > UNLIKELY:
            first, last = _between_commas(sentence, list(places.values())[column.index(max(column))])
        yield key, Asking(chance, first, last, is_named=False)
    for mention in mentions(sentence):
        if mention.key in keys:
            total = sum(named[place] for place in named_places(sentence, mention, after))
            chance = _chance(total * NAMED_WEIGHT / SCALE + NAMED_BIAS)
            yield mention.key, Asking(chance, mention.first, mention.last, mention.is_name)


def _between_commas(sentence: Sentence, at: int) -> tuple[int, int]:
    first = last = at
    while first > 0 and sentence.words[first - 1].text not in {",", ":"}:
        first -= 1
    while last < len(sentence.words) and sentence.words[last].text not in {",", ":"}:
        last += 1
    return first, last


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def _tables() -> tuple[memoryview, memoryview]:
    held = memoryview(zlib.decompress(ARTEFACT.read_bytes())).cast("b")
    split = (WHOLE + 1) * len(KEYS)
    return held[:split], held[split:]


def forget() -> None:
    """Read the artefact anew, as its training does."""
    _tables.cache_clear()
