"""Small classifiers on a message: category, mood, urgency, confusion, a wish for a person and the like.

Fitted by quality/train/heads.py on the message's vectors (made plain, and as typed), its letters and its
cues. Without the encoder letters and cues are weighed by weights of their own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from conversations.bot import fitted, letters
from conversations.bot.cues import NAMES
from conversations.bot.encoder import SIZE

CLASSES: dict[str, tuple[str, ...]] = {
    "category": ("sales", "support", "complaint", "general"),
    "mood": ("negative", "neutral", "positive"),
    "urgency": ("low", "normal", "high"),
    "confused": ("no", "yes"),
    "frustrated": ("no", "yes"),
    "wish": ("no", "indirect", "direct"),
    "escalate": ("no", "yes"),
    "asks": ("no", "yes"),
}
"""`escalate`: a person should see it as a complaint; `asks`: it asks what a business's answers may hold."""
VECTORS = 2 * SIZE
WIDE = VECTORS + letters.SIZE + len(NAMES)

type Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the heads look at."""

    vectors: Numbers | None
    """Of the plain words and of the text as typed; None without the encoder."""
    held: Numbers
    """Buckets of letters.py."""
    cues: list[float]


def typed(text: str) -> str:
    """A message as the encoder reads it with its accents and marks."""
    return text.lower().strip()


def probabilities(inputs: Inputs) -> dict[str, dict[str, float]]:
    """For each head the chance of each of its classes."""
    held = fitted.heads()
    cues = np.array(inputs.cues, dtype=np.float32)
    values = letters.weighed(inputs.held, held["rarity"])
    found = {}
    for name, labels in CLASSES.items():
        weights = held[f"{name}_words" if inputs.vectors is None else name]
        scores = weights[-1] + cues @ weights[-1 - len(NAMES) : -1]
        lettered = weights[-1 - len(NAMES) - letters.SIZE : -1 - len(NAMES)]
        scores = scores + values @ lettered[inputs.held]
        if inputs.vectors is not None:
            scores = scores + inputs.vectors.ravel() @ weights[:VECTORS]
        powers = np.exp(scores - scores.max())
        found[name] = {label: float(part) for label, part in zip(labels, powers / powers.sum(), strict=True)}
    return found
