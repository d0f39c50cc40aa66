"""The fitted reader of answers to "do you come?": how likely an answer is of each kind.

Fitted by quality/train/answers.py on labelled answers: on their meaning (the encoder's vectors), their words
and letters, and the marks that known sayings left. Without the encoder words, letters and marks are weighed
by weights of their own.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from conversations.bot import encoder, fitted, heads, letters, normalise
from conversations.confirmations.answers import EARLY, MEANINGS, OTHER_TIME, Kind, Seen

NAMES = (*sorted(MEANINGS), OTHER_TIME, EARLY)
MANY = 6
"""Words not understood beyond which more of them tell nothing."""
WIDE = len(NAMES) + 4

type Numbers = np.ndarray[Any, Any]


def cues(seen: Seen) -> list[float]:
    """The marks of sayings, and how much was not understood."""
    marks = [float(name in seen.marks) for name in NAMES]
    parts = [min(count, MANY) / MANY for count in (seen.left, seen.unclear)]
    return [*marks, *parts, float(not seen.left), float(not seen.unclear)]


def buckets(seen: Seen) -> Numbers:
    """Its words and letters, beginning and end among them."""
    return letters.buckets(" ".join(["<s>", *seen.tokens, "</s>"]))


def texts(text: str, language: str) -> list[str]:
    """An answer as the encoder reads it: made plain, and as typed."""
    return [normalise.normalised(text, language), heads.typed(text)]


def chances(text: str, seen: Seen, language: str) -> Mapping[Kind, float]:
    """How likely it is of each kind."""
    held, shared = fitted.answers(), encoder.shared()
    weights = held["words" if shared is None else "meaning"]
    lettered = weights[-1 - WIDE - letters.SIZE : -1 - WIDE]
    at = buckets(seen)
    scores = weights[-1] + np.array(cues(seen)) @ weights[-1 - WIDE : -1]
    scores = scores + letters.weighed(at, held["rarity"]) @ lettered[at]
    if shared is not None:
        scores = scores + shared.encode(texts(text, language)).ravel() @ weights[: heads.VECTORS]
    powers = np.exp(scores - scores.max())
    return {kind: float(part) for kind, part in zip(Kind, powers / powers.sum(), strict=True)}
