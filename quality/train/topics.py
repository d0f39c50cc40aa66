"""Fits conversations/bot/artefacts/topics.npz: what messages and answers' phrasings speak of.

The topics are the answers of the invented businesses, those of several trades that mean the same taken together
(`data/topics.json`).
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from conversations.bot import encoder, fitted, letters, topics
from quality.train import examples, fit, heads, samples, sources

SHARED = Path(__file__).parent / "data" / "topics.json"
COST = 1.5e-4
VECTOR_WEIGHT, LETTER_WEIGHT = 5.0, 2.5
STEPS = 40


@cache
def _shared() -> dict[str, str]:
    held = json.loads(SHARED.read_text("utf-8"))
    return {name: topic for topic, names in held.items() for name in names}


def topic(entry: str) -> str:
    """What an answer is about: `dental-horario-pt` and `hotel-checkin` are about opening hours."""
    return _shared().get(entry.removesuffix("-pt"), entry.removesuffix("-pt"))


@cache
def _material() -> tuple[fit.Numbers, list[fit.Numbers], list[str], list[str], fit.Numbers]:
    """Vectors, buckets, topics, trades and folds of all messages with an answer, then of all phrasings."""
    asked = [one for one in examples.examples() if one.row["entry"]]
    vectors = [one.vector for one in asked]
    held = [one.inputs.held for one in asked]
    about = [topic(one.row["entry"]) for one in asked]
    trades = [one.row["trade"] for one in asked]
    folds = [one.fold for one in asked]
    for path in sorted((sources.DATA / "knowledge").glob("*.jsonl")):
        trade, code = path.name.split(".")[:2]
        index = samples.index(trade, code)
        assert index.vectors is not None
        entries = [entry for entry in index.entries for _ in entry.phrasings]
        vectors += list(index.vectors[: len(entries)].astype(np.float32))
        held += index.asked
        about += [topic(entry.id) for entry in entries]
        trades += [trade] * len(entries)
        folds += [-1] * len(entries)
    return np.array(vectors), held, about, trades, np.array(folds)


@cache
def weights(*, fold: int | None = None, without: tuple[str, ...] = ()) -> dict[str, fit.Numbers]:
    """What topics.py weighs with, fitted without the messages of a fold, or without some trades."""
    vectors, held, about, trades, folds = _material()
    names = sorted(set(about))
    use = (folds != (-2 if fold is None else fold)) & ~np.isin(trades, without)
    right = np.array([names.index(name) for name in about])[use]
    rare = heads.rarity_of(held)
    lettered = heads.spread([one for one, used in zip(held, use, strict=True) if used], rare, LETTER_WEIGHT)
    both = np.hstack([vectors[use] * VECTOR_WEIGHT, lettered])
    sizes = {"meaning": encoder.SIZE, "words": 0}
    result = {"rarity": rare}
    for name, size in sizes.items():
        numbers = fit.classes(both if size else lettered, right, len(names), cost=COST, steps=STEPS)
        numbers[:size] *= VECTOR_WEIGHT
        numbers[size : size + letters.SIZE] *= LETTER_WEIGHT
        result[name] = numbers.astype(np.float16).astype(np.float32)
    return result


def columns(one: examples.Example, held: dict[str, fit.Numbers], *, meaning: bool) -> fit.Numbers:
    """What topics.likeness finds for a message, by these weights."""
    index = one.index if meaning else one.wordy
    vectors = one.vector[None, :] if meaning else None
    spoken = topics.chances(held, vectors, [one.inputs.held])[0]
    return np.stack(topics.likeness(_answers(index, id(held), held), spoken), axis=1)


_kept: dict[tuple[int, int], fit.Numbers] = {}


def _answers(index: object, key: int, held: dict[str, fit.Numbers]) -> fit.Numbers:
    if (id(index), key) not in _kept:
        _kept[id(index), key] = index.topics_by(held)  # type: ignore[attr-defined]
    return _kept[id(index), key]


def main() -> None:
    """Fit on everything and write."""
    held = weights()
    np.savez_compressed(
        fitted.TOPICS,
        allow_pickle=False,
        **{name: numbers.astype(np.float16) for name, numbers in held.items()},
    )
    fitted.forget()
    samples.index.cache_clear()


if __name__ == "__main__":
    main()
