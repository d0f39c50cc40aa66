"""Fits how the ways to tell an answer are weighed, and how the encoder's space is turned for it.

Writes ranking.json and turn.npz. Prints how often the right answer comes first: on messages left out, whose
businesses were seen in training, and on trades left out.
"""

import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from conversations.bot import fitted, retrieve
from conversations.bot.retrieve import FEATURES, MEANINGS, TOPIC, TURNED
from quality.train import examples, fit, samples, topics

DIRECTIONS = 128
SCALED = 0.25
"""The power of a direction's strength that it is divided by."""
COST, TURN_COST = 1e-3, 3e-4
STEPS = 60


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of retrieve.FEATURES and the turn, with the topics' weights they go with."""

    weights: fit.Numbers
    turn: fit.Numbers | None
    topics: dict[str, fit.Numbers]

    def table(self, number: int, *, meaning: bool) -> fit.Numbers:
        """The features of a labelled message, by these weights."""
        one = examples.examples()[number]
        table = plain(number, meaning=meaning).copy()
        table[:, TOPIC : TOPIC + 2] = topics.columns(one, self.topics, meaning=meaning)
        if self.turn is not None:
            index = one.index
            table[:, TURNED] = places(index) @ (self.turn.T @ place(number))
        return table


@cache
def plain(number: int, *, meaning: bool) -> fit.Numbers:
    """The features of a labelled message that need no fit."""
    one = examples.examples()[number]
    return (one.index if meaning else one.wordy).unfitted(one.query, one.vector if meaning else None)


@cache
def space() -> dict[str, fit.Numbers]:
    """The mean of messages and phrasings, and the directions in which they differ most."""
    asked = [one.vector for one in examples.examples() if one.row["entry"]]
    for index in {id(one.index): one.index for one in examples.examples()}.values():
        assert index.vectors is not None
        asked += list(index.vectors.astype(np.float32))
    rows = np.array(asked, dtype=np.float64)
    mean = rows.mean(axis=0)
    _, strengths, directions = np.linalg.svd(rows - mean, full_matrices=False)
    basis = directions[:DIRECTIONS].T / (strengths[:DIRECTIONS] / strengths[0]) ** SCALED
    return {"mean": mean.astype(np.float16), "basis": basis.astype(np.float16)}


@cache
def places(index: retrieve.Index) -> fit.Numbers:
    """Where a business's answers lie in that space."""
    return index.places_by(_wide())


@cache
def place(number: int) -> fit.Numbers:
    """Where a labelled message lies in it."""
    result: fit.Numbers = retrieve.turned(examples.examples()[number].vector[None, :], _wide())[0]
    return result


@cache
def _wide() -> dict[str, fit.Numbers]:
    return {name: numbers.astype(np.float32) for name, numbers in space().items()}


def fitted_on(numbers: list[int], *, meaning: bool) -> tuple[fit.Numbers, fit.Numbers | None]:
    """Weights and turn by which the right answers of these messages score best.

    Each is read twice: with topics that never saw it, and with topics that saw nothing of its trade.
    """
    rows = examples.examples()
    first = 0 if meaning else MEANINGS
    wide = len(FEATURES) - first
    turns = DIRECTIONS if meaning else 0
    groups: dict[int, list[int]] = {}
    for number in numbers:
        groups.setdefault(id(rows[number].index), []).append(number)
    parts = []
    for members in groups.values():
        right = np.array([rows[n].right for n in members])
        here = np.array([place(n) for n in members]) if meaning else np.zeros((len(members), 0))
        there = (
            places(rows[members[0]].index) if meaning else np.zeros((len(rows[members[0]].index.entries), 0))
        )
        for by_trade in (False, True):
            read = [_unseen(rows[n], by_trade=by_trade).table(n, meaning=meaning)[:, first:] for n in members]
            parts.append((np.array(read), right, here, there))
    costs = np.concatenate([np.full(wide, COST), np.full(turns * turns, TURN_COST)])

    def loss(flat: fit.Numbers) -> tuple[float, fit.Numbers]:
        weights, turn = flat[:wide], flat[wide:].reshape(turns, turns)
        value, slope, turning = 0.0, np.zeros(wide), np.zeros((turns, turns))
        for tables, right, here, there in parts:
            chances = fit.softmax(tables @ weights + here @ turn @ there.T)
            each = np.arange(len(right))
            value -= float(np.log(np.maximum(chances[each, right], 1e-12)).sum())
            chances[each, right] -= 1
            slope += np.einsum("ij,ijk->k", chances, tables)
            turning += here.T @ (chances @ there)
        total = 2 * len(numbers)
        value = value / total + float((costs * flat * flat).sum()) / 2
        return value, np.concatenate([slope, turning.ravel()]) / total + costs * flat

    flat = fit.minimum(loss, np.zeros(wide + turns * turns), steps=STEPS)
    weights = np.concatenate([np.zeros(first), flat[:wide]])
    if not meaning:
        return weights, None
    weights[TURNED] = 1.0
    return weights, flat[wide:].reshape(turns, turns)


def _unseen(one: examples.Example, *, by_trade: bool) -> Fitted:
    """Topics that never saw a message, or nothing of its trade."""
    left = {"without": examples.pairs()[one.pair]} if by_trade else {"fold": one.fold}
    return Fitted(np.zeros(0), None, topics.weights(**left))


@cache
def by_part(*, meaning: bool, by_trade: bool = False) -> tuple[Fitted, ...]:
    """For each fold what was fitted without its messages, or for each pair of trades without all of theirs."""
    result = []
    for part in range(examples.PAIRS if by_trade else examples.FOLDS):
        rest = [at for at, one in asked() if (one.pair if by_trade else one.fold) != part]
        spoken = topics.weights(without=examples.pairs()[part]) if by_trade else topics.weights(fold=part)
        result.append(Fitted(*fitted_on(rest, meaning=meaning), spoken))
    return tuple(result)


@cache
def asked() -> list[tuple[int, examples.Example]]:
    """The messages that have an answer, with their numbers."""
    return [(at, one) for at, one in enumerate(examples.examples()) if one.row["entry"]]


def found(number: int, by: Fitted, *, meaning: bool) -> bool:
    """Whether the right answer of a message comes first."""
    scores = by.table(number, meaning=meaning) @ by.weights
    return int(scores.argmax()) == examples.examples()[number].right


def first(*, meaning: bool, by_trade: bool = False) -> float:
    """How often the right answer comes first, by what never saw the message, or nothing of its trade."""
    parts = by_part(meaning=meaning, by_trade=by_trade)
    right = [found(at, parts[one.pair if by_trade else one.fold], meaning=meaning) for at, one in asked()]
    return float(np.mean(right))


def main() -> None:
    """Fit with the encoder and without, and write."""
    written = {}
    for name, meaning in (("meaning", True), ("letters", False)):
        print(
            f"ranking {name}: top-1 {first(meaning=meaning):.3f} on messages left out, "
            f"{first(meaning=meaning, by_trade=True):.3f} on trades left out"
        )
        weights, turn = fitted_on([at for at, _one in asked()], meaning=meaning)
        written[name] = [round(float(weight), 4) for weight in weights]
        if turn is not None:
            np.savez_compressed(fitted.TURN, allow_pickle=False, turn=turn.astype(np.float16), **space())
    fitted.RANKING.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    fitted.forget()
    samples.index.cache_clear()


if __name__ == "__main__":
    main()
