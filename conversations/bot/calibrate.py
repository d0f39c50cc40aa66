"""How likely the best answer is the right one: a logistic fit (quality/train/calibrator.py)."""

import math
from collections.abc import Sequence

import numpy as np

from conversations.bot import fitted
from conversations.bot.retrieve import Match, Query

FEATURES = (
    "phrasing", "answer", "whole", "words", "letters", "concepts", "covered", "share", "margin",
    "length", "known",
)  # fmt: skip
ANSWERS = 0.7
"""From here on the bot answers."""
ASKS = 0.25
"""From here on it asks which of the likeliest is meant, with a way to a person."""


def features(query: Query, matches: Sequence[Match]) -> list[float]:
    """What the fit looks at, in the order of FEATURES."""
    best = matches[0]
    margin = best.score - matches[1].score if len(matches) > 1 else 5.0
    length = math.log1p(len(query.words)) / 3
    return [*best.features, best.share, math.tanh(margin / 4), length, query.known]


def probability(query: Query, matches: Sequence[Match], *, meaning: bool) -> float:
    """That the best match answers the message; 0 where there is none."""
    if not matches:
        return 0.0
    weights, bias = fitted.calibrator(meaning=meaning)
    return 1 / (1 + math.exp(-float(np.dot(weights, features(query, matches))) - bias))
