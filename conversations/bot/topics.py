"""What small businesses are asked about: a classifier of topics that answers and messages are both read with.

A message that speaks of parking comes near the answer whose phrasings do, though they share no word. The
topics are those of quality/train/topics.py; an answer may speak of several, and of none that is known.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from conversations.bot import letters
from conversations.bot.encoder import SIZE

FLOOR = 0.01

type Numbers = np.ndarray[Any, Any]


def chances(held: dict[str, Numbers], vectors: Numbers | None, found: Sequence[Numbers]) -> Numbers:
    """A row for each text: how likely it speaks of each topic."""
    weights = held["words" if vectors is None else "meaning"]
    lettered = weights[-1 - letters.SIZE : -1]
    scores = np.zeros((len(found), weights.shape[1]), dtype=np.float32) + weights[-1]
    for number, buckets in enumerate(found):
        scores[number] += letters.weighed(buckets, held["rarity"]) @ lettered[buckets]
    if vectors is not None:
        scores += vectors.astype(np.float32) @ weights[:SIZE]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


def likeness(answers: Numbers, message: Numbers) -> tuple[Numbers, Numbers]:
    """How alike the topics of each answer and of a message are: among the answers, and by themselves."""
    shared = answers @ message
    total = float(shared.sum())
    among = np.log((shared / total if total > 0 else shared) + FLOOR)
    return among, np.sqrt(answers) @ np.sqrt(message)
