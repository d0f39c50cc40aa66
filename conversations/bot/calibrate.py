"""How likely the best answer is the right one: a logistic fit (quality/train/calibrator.py)."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from conversations.bot import fitted, retrieve
from conversations.bot.retrieve import Match, Query

FEATURES = (*retrieve.FEATURES, "share", "margin", "length", "known", "asks", "calm", "content")
ANSWERS = 0.7
"""From here on the bot answers."""
ASKS = 0.25
"""From here on it asks which of the likeliest is meant, with a way to a person."""


type Chances = Mapping[str, Mapping[str, float]]


def features(query: Query, matches: Sequence[Match], chances: Chances) -> list[float]:
    """What the fit looks at, in the order of FEATURES; `chances` are those of the heads."""
    best = matches[0]
    margin = best.score - matches[1].score if len(matches) > 1 else 5.0
    length = math.log1p(len(query.words)) / 3
    heads = (chances["asks"]["yes"], chances["escalate"]["no"], chances["wish"]["no"])
    return [*best.features, best.share, math.tanh(margin / 4), length, query.known, *heads]


def probability(query: Query, matches: Sequence[Match], chances: Chances, *, meaning: bool) -> float:
    """That the best match answers the message; 0 where there is none."""
    if not matches:
        return 0.0
    weights, bias = fitted.calibrator(meaning=meaning)
    return 1 / (1 + math.exp(-float(np.dot(weights, features(query, matches, chances))) - bias))
