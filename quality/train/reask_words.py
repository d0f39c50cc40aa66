"""Fits conversations/bot/artefacts/reask.bin: which facts a draft asks for by its words.

A draft asks for a fact if any of its sentences, or of the names of facts in them, does: what is labelled is the
draft, so the chances of its parts are joined before they are held against the label.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conversations.bot import reask_model as model
from conversations.bot.reask_features import mentions, sentences
from conversations.bot.reask_words import KEYS
from quality.train.fit import Descent, Numbers

STEPS = 50
RATE = 0.08
OFTEN = 2
"""In how many parts of drafts a place must stand to be given a weight."""
WHOLE_COST = 3e-4
NAMED_COST = 1e-4


@dataclass(frozen=True, slots=True)
class Bags:
    """Parts of drafts, each with its places in the tables; `named` parts are about one fact."""

    whole: list[list[int]]
    whole_of: Numbers
    named: list[list[int]]
    named_of: Numbers
    named_key: Numbers
    labels: Numbers

    def only(self, chosen: Numbers) -> "Bags":
        """Those of some drafts."""
        number = np.full(len(self.labels), -1)
        number[chosen] = np.arange(len(chosen))
        whole, named = np.flatnonzero(number[self.whole_of] >= 0), np.flatnonzero(number[self.named_of] >= 0)
        return Bags(
            [self.whole[at] for at in whole],
            number[self.whole_of[whole]],
            [self.named[at] for at in named],
            number[self.named_of[named]],
            self.named_key[named],
            self.labels[chosen],
        )


@dataclass(slots=True)
class Weights:
    """One weight a place and fact, one a place, and what a fact starts with."""

    whole: Numbers
    bias: Numbers
    named: Numbers


def bags(rows: Sequence[tuple[str, dict[str, Any]]]) -> Bags:
    """The parts of drafts as the model looks at them."""
    whole, whole_of, named, named_of, named_key = [], [], [], [], []
    labels = np.zeros((len(rows), len(KEYS)))
    for number, (language, row) in enumerate(rows):
        labels[number, [KEYS.index(key) for key in row["asks"]]] = 1
        parts = sentences(row["draft"], language)
        for before, sentence, after in zip([None, *parts], parts, [*parts[1:], None], strict=False):
            whole.append(sorted(model.whole_places(sentence, before)))
            whole_of.append(number)
            for mention in mentions(sentence):
                named.append(sorted(model.named_places(sentence, mention, after)))
                named_of.append(number)
                named_key.append(KEYS.index(mention.key))
    return Bags(whole, np.array(whole_of), named, np.array(named_of), np.array(named_key), labels)


class _Table:
    """Lists of places as one list, and sums over it both ways."""

    def __init__(self, lists: list[list[int]], values: Iterable[float], size: int) -> None:
        lengths = np.array([len(one) for one in lists])
        self.places = np.concatenate([np.array(one, dtype=np.int64) for one in lists])
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.rows = np.repeat(np.arange(len(lists)), lengths)
        self.values = np.repeat(np.array(list(values), dtype=np.float32), lengths)
        self.size = size
        order = np.argsort(self.places, kind="stable")
        often = np.bincount(self.places, minlength=size)
        self.order = order[often[self.places[order]] >= OFTEN]
        ordered = self.places[self.order]
        self.firsts = np.concatenate([[0], np.flatnonzero(np.diff(ordered)) + 1])
        self.present = ordered[self.firsts]

    def scores(self, weights: Numbers) -> Numbers:
        """For each list the sum of its places' weights."""
        values = self.values[:, None] if weights.ndim > 1 else self.values
        result: Numbers = np.add.reduceat(weights[self.places] * values, self.starts, axis=0)
        return result

    def slopes(self, errors: Numbers) -> Numbers:
        """For each place the sum over the lists that hold it."""
        result = np.zeros((self.size, *errors.shape[1:]), dtype=np.float32)
        values = self.values[self.order]
        parts = errors[self.rows[self.order]] * (values[:, None] if errors.ndim > 1 else values)
        result[self.present] = np.add.reduceat(parts, self.firsts, axis=0)
        return result


def fit(held: Bags) -> Weights:
    """Weights by which joined chances fit the labels."""
    whole, named = _tables(held)
    weights = Weights(
        np.zeros((model.WHOLE, len(KEYS)), np.float32), np.zeros(len(KEYS)), np.zeros(model.NAMED, np.float32)
    )
    descents = [Descent(part) for part in (weights.whole, weights.bias, weights.named)]
    count = len(held.labels)
    for step in range(1, STEPS + 1):
        none_whole, none_named, none = _none(held, weights, whole, named)
        # Of -log of the joined chance, by the score of a part: its chance times this.
        pull = np.where(held.labels > 0, -none / np.maximum(1 - none, 1e-6), 1.0)
        errors = (pull[held.whole_of] * (1 - none_whole)).astype(np.float32)
        named_errors = (pull[held.named_of, held.named_key] * (1 - none_named)).astype(np.float32)
        slopes = (
            whole.slopes(errors) / count + WHOLE_COST * weights.whole,
            errors.sum(axis=0) / count,
            named.slopes(named_errors) / count + NAMED_COST * weights.named,
        )
        for descent, slope in zip(descents, slopes, strict=True):
            descent.step(slope, step, RATE)
    return weights


def chances(held: Bags, weights: Weights) -> Numbers:
    """For each draft and fact, how likely it is asked for."""
    result: Numbers = 1 - _none(held, weights, *_tables(held))[2]
    return result


def _tables(held: Bags) -> tuple[_Table, _Table]:
    sizes = (model.WHOLE_WEIGHT / max(len(one), 1) ** 0.5 for one in held.whole)
    return (
        _Table(held.whole, sizes, model.WHOLE),
        _Table(held.named, [model.NAMED_WEIGHT] * len(held.named), model.NAMED),
    )


def _none(held: Bags, weights: Weights, whole: _Table, named: _Table) -> tuple[Numbers, Numbers, Numbers]:
    """How likely each part, and each draft, does not ask."""
    log_whole = -np.logaddexp(0, whole.scores(weights.whole) + weights.bias + model.WHOLE_BIAS)
    log_named = -np.logaddexp(0, named.scores(weights.named) + model.NAMED_BIAS)
    joined = np.zeros_like(held.labels)
    np.add.at(joined, held.whole_of, log_whole)
    np.add.at(joined, (held.named_of, held.named_key), log_named)
    return np.exp(log_whole), np.exp(log_named), np.exp(joined)


def write(weights: Weights) -> None:
    """Quantise to a byte a weight."""
    whole = np.vstack([weights.whole, weights.bias])
    steps = np.concatenate([whole.ravel(), weights.named]) * model.SCALE
    model.ARTEFACT.write_bytes(zlib.compress(steps.round().clip(-127, 127).astype(np.int8).tobytes(), 9))
    model.forget()
