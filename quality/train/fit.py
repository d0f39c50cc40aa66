"""Small fits in numpy: softmax regression and ranking by L-BFGS, the same on every run."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

type Numbers = np.ndarray[Any, Any]

REMEMBERED = 10
SLOPE = 1e-4


def softmax(scores: Numbers) -> Numbers:
    """Chances of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


def minimum(loss: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, *, steps: int) -> Numbers:
    """Where a smooth convex loss, given with its slope, is least: L-BFGS with halved steps."""
    held, (value, slope) = start, loss(start)
    moves: list[tuple[Numbers, Numbers, float]] = []
    for _ in range(steps):
        way = -_turned(slope, moves)
        fall = float(slope @ way)
        if fall >= -1e-10:
            break
        length = 1.0 if moves else min(1.0, 1.0 / float(np.linalg.norm(slope)))
        for _ in range(20):
            new = held + length * way
            new_value, new_slope = loss(new)
            if new_value <= value + SLOPE * length * fall:
                break
            length /= 2
        else:
            break
        moved, turned = new - held, new_slope - slope
        curve = float(moved @ turned)
        if curve > 1e-12:
            moves = [*moves[1 - REMEMBERED :], (moved, turned, 1 / curve)]
        done = value - new_value < 1e-7 * max(abs(value), 1.0)
        held, value, slope = new, new_value, new_slope
        if done:
            break
    return held


def _turned(slope: Numbers, moves: Sequence[tuple[Numbers, Numbers, float]]) -> Numbers:
    result, parts = slope.copy(), []
    for moved, turned, share in reversed(moves):
        part = share * float(moved @ result)
        result -= part * turned
        parts.append(part)
    if moves:
        moved, turned, share = moves[-1]
        result *= 1 / (share * float(turned @ turned))
    for (moved, turned, share), part in zip(moves, reversed(parts), strict=True):
        result += (part - share * float(turned @ result)) * moved
    return result


def classes(
    inputs: Numbers,
    labels: Numbers,
    count: int,
    *,
    cost: float,
    weights: Numbers | None = None,
    steps: int = 80,
) -> Numbers:
    """Weights of a softmax regression, the bias as their last row; `cost` is the L2 penalty."""
    table = np.asarray(inputs, dtype=np.float32)
    wide = table.shape[1]
    wanted = np.eye(count, dtype=np.float32)[labels]
    sample = np.ones(len(table)) if weights is None else weights
    sample = (sample / sample.sum())[:, None].astype(np.float32)

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        held = flat.reshape(wide + 1, count)
        chances = softmax(table @ held[:-1].astype(np.float32) + held[-1].astype(np.float32))
        right = (chances * wanted).sum(axis=1)
        value = -float((np.log(np.maximum(right, 1e-12)) * sample[:, 0]).sum())
        away = (chances - wanted) * sample
        slope = np.vstack([table.T @ away + cost * held[:-1], away.sum(axis=0)])
        return value + cost / 2 * float((held[:-1] ** 2).sum()), slope.ravel().astype(np.float64)

    return minimum(loss, np.zeros((wide + 1) * count), steps=steps).reshape(wide + 1, count)


class Descent:
    """Adam: steps of about one length in each direction."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers, self.mean, self.square = numbers, np.zeros_like(numbers), np.zeros_like(numbers)

    def step(self, slope: Numbers, count: int, rate: float) -> None:
        """The count-th step, in place."""
        self.mean += 0.1 * (slope - self.mean)
        self.square += 0.01 * (slope * slope - self.square)
        size = np.sqrt(self.square / (1 - 0.99**count)) + 1e-8
        self.numbers -= rate * (self.mean / (1 - 0.9**count)) / size


def yes_or_no(inputs: Numbers, labels: Numbers, *, cost: float) -> Numbers:
    """Weights of a logistic regression by Newton's steps; `cost` is the L2 penalty."""
    weights = np.zeros(inputs.shape[1])
    for _ in range(25):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (chances - labels) + cost * weights
        bend = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + cost * np.eye(len(weights))
        weights = weights - np.linalg.solve(bend, slope)
    return weights
