"""Which of three languages a message is in: naive Bayes over letters, trained by quality/train."""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conversations.bot import normalise

LANGUAGES = ("es", "pt", "en")
BUCKETS = 1 << 15
SCALE = 16.0
"""Steps of an artefact's byte in one unit of log-likelihood."""
LONGEST = 200
SURE = 0.8
ARTEFACT = Path(__file__).parent / "artefacts" / "language.bin"


@dataclass(frozen=True, slots=True)
class Language:
    """A language, how likely it is, and whether it was read from the text or taken from around it."""

    code: str
    probability: float
    read: bool


def detect(text: str, *, fallback: str = "es") -> Language:
    """The language of a text; the conversation's where the text is too short to tell."""
    words = normalise.tokens(text[:LONGEST])
    if not any(len(word) > 2 and not word.isdigit() for word in words):
        return Language(fallback, 0.0, read=False)
    probabilities = likelihoods(text)
    best = max(LANGUAGES, key=lambda code: (probabilities[code], code))
    enough = SURE if len(words) > 3 else 0.95
    if probabilities[best] < enough and fallback in LANGUAGES and probabilities[fallback] > 0.02:
        return Language(fallback, probabilities[fallback], read=False)
    return Language(best, probabilities[best], read=True)


def likelihoods(text: str) -> dict[str, float]:
    """How likely each language is for a text, without knowing anything else."""
    table = _table()
    sums = [0.0, 0.0, 0.0]
    for bucket in ngrams(text):
        for number in range(len(LANGUAGES)):
            sums[number] += table[number * BUCKETS + bucket] / SCALE
    # Overlapping letters are no independent witnesses: their sum is tempered.
    sums = [total * 0.35 for total in sums]
    top = max(sums)
    weights = [math.exp(total - top) for total in sums]
    return dict(zip(LANGUAGES, (weight / sum(weights) for weight in weights), strict=True))


def ngrams(text: str) -> Iterator[int]:
    """Buckets of the one to four letters that follow each other, accents kept: ã and ñ tell much."""
    plain = normalise.unstretched(text[:LONGEST].replace("\0", " ").casefold())
    plain = " ".join("".join(char if char.isalpha() or char == "'" else " " for char in plain).split())
    raw = f" {plain} "
    for size in (1, 2, 3, 4):
        for start in range(len(raw) - size + 1):
            piece = raw[start : start + size]
            if piece != " ":
                yield zlib.crc32(piece.encode()) % BUCKETS


@cache
def _table() -> memoryview:
    return memoryview(zlib.decompress(ARTEFACT.read_bytes())).cast("b")
