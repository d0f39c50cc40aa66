"""Small fits in numpy: logistic and softmax regression by descent, the same on every run."""

from collections.abc import Sequence
from typing import Any

import numpy as np

type Numbers = np.ndarray[Any, Any]


def softmax(scores: Numbers) -> Numbers:
    """Chances of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


def classes(
    inputs: Numbers,
    labels: Numbers,
    count: int,
    *,
    cost: float,
    weights: Numbers | None = None,
    steps: int = 600,
) -> Numbers:
    """Weights of a softmax regression, the bias as their last row; `cost` is the L2 penalty."""
    table = np.hstack([inputs, np.ones((len(inputs), 1))]).astype(np.float64)
    wanted = np.eye(count)[labels]
    sample = (np.ones(len(inputs)) if weights is None else weights)[:, None] / len(inputs)
    held = np.zeros((table.shape[1], count))
    moving = np.zeros_like(held)
    curve = float(np.linalg.norm(table * np.sqrt(sample), 2) ** 2) / 2 + cost
    penalty = np.full((table.shape[1], 1), cost)
    penalty[-1] = 0
    for step in range(steps):
        ahead = held + step / (step + 3) * moving
        slope = table.T @ ((softmax(table @ ahead) - wanted) * sample) + penalty * ahead
        new = ahead - slope / curve
        moving, held = new - held, new
    return held


def ranking(groups: Sequence[tuple[Numbers, int]], *, cost: float = 1.0, steps: int = 400) -> Numbers:
    """Weights by which the right row of each group scores best."""
    held = np.zeros(groups[0][0].shape[1])
    moving = np.zeros_like(held)
    for _ in range(steps):
        slope = cost * held
        for rows, right in groups:
            chances = softmax((rows @ held)[None, :])[0]
            slope = slope + rows.T @ chances - rows[right]
        moving = 0.9 * moving + slope / len(groups)
        held = held - 0.5 * moving
    return held
