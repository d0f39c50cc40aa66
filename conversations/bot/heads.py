"""Small classifiers on a message's vector and its cues: category, mood, urgency, confusion and the like.

Fitted by quality/train/heads.py. Without the encoder the cues alone are weighed.
"""

from functools import cache
from typing import Any

import numpy as np

from conversations.bot import fitted
from conversations.bot.cues import NAMES
from conversations.bot.encoder import SIZE

CLASSES: dict[str, tuple[str, ...]] = {
    "category": ("sales", "support", "complaint", "general"),
    "mood": ("negative", "neutral", "positive"),
    "urgency": ("low", "normal", "high"),
    "confused": ("no", "yes"),
    "frustrated": ("no", "yes"),
    "wish": ("no", "indirect", "direct"),
}
BLIND = {"wish": ("direct", "indirect")}
"""Cues a head does not see: the rules act on them already, and it must find what they miss."""
CUE_WEIGHT = 2.0
VECTOR_WEIGHT = 4.0


def inputs(vector: Any, cues: list[float]) -> Any:
    """What the heads are fitted on: the vector, stretched to the cues' size, and the cues."""
    meaning = np.zeros(SIZE) if vector is None else np.asarray(vector, dtype=np.float64) * VECTOR_WEIGHT
    return np.concatenate([meaning, np.array(cues) * CUE_WEIGHT])


@cache
def masked(name: str) -> Any:
    """Which inputs a head is blind to."""
    blind = BLIND.get(name, ())
    return np.concatenate([np.zeros(SIZE, bool), np.array([cue in blind for cue in NAMES])])


def probabilities(vector: Any, cues: list[float]) -> dict[str, dict[str, float]]:
    """For each head the chance of each of its classes."""
    whole = inputs(vector, cues)
    held = fitted.heads()
    found = {}
    for name, labels in CLASSES.items():
        row = np.where(masked(name), 0.0, whole)
        if vector is None:
            scores = row[SIZE:] @ held[f"{name}_cues"][:-1] + held[f"{name}_cues"][-1]
        else:
            scores = row @ held[name][:-1] + held[name][-1]
        powers = np.exp(scores - scores.max())
        found[name] = {label: float(part) for label, part in zip(labels, powers / powers.sum(), strict=True)}
    return found


__all__ = ["CLASSES", "NAMES", "inputs", "probabilities"]
