"""Fits conversations/bot/artefacts/heads.npz: on the labelled messages, seed phrases and GoEmotions.

Prints how well each head does on a fifth left out before fitting on everything.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from conversations.bot import cues, encoder, fitted, heads, letters, normalise
from quality import disturb
from quality.train import examples, fit, sources

SEEDS = Path(__file__).parent / "data" / "seeds.jsonl"
COST = 2.5e-4
VECTOR_WEIGHT, LETTER_WEIGHT = 3.0, 2.0
SEED_WEIGHT = 0.5
TWEET_WEIGHT = 0.12
TWEETS = 1_000
SLIPPED_WEIGHT = 0.4
SLIPPED_SEED = 23
"""With the encoder every labelled message is learnt from once more with slips; the report slips by another seed."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is looked at, what is known of it, how much it counts, and what it is held out with."""

    inputs: heads.Inputs
    labels: dict[str, str]
    weight: float
    fold: int = -1
    """-1 where it always trains."""
    pair: int = -1
    is_slipped: bool = False


def labels(row: dict[str, Any]) -> dict[str, str]:
    """What a labelled message teaches each head."""
    flags = {
        "confused": row["confused"],
        "frustrated": row["frustrated"],
        "escalate": row["escalate"],
        "asks": row["entry"],
    }
    return {
        "category": row["category"],
        "mood": row["mood"],
        "urgency": row["urgency"],
        "wish": row["wants_person"],
        **{name: "yes" if flag else "no" for name, flag in flags.items()},
    }


@cache
def lessons() -> tuple[Lesson, ...]:
    """All that the heads learn from; the labelled messages come first, in their order."""
    every = examples.examples()
    found = [Lesson(one.inputs, labels(one.row), 1.0, one.fold, one.pair) for one in every]
    extra: list[tuple[str, str, dict[str, str], float]] = [
        (disturb.slips(one.row["text"], SLIPPED_SEED), one.language, labels(one.row), SLIPPED_WEIGHT)
        for one in every
    ]
    for row in sources.read_jsonl(SEEDS):
        known = {name: value for name, value in row.items() if name != "texts"}
        extra += [(t, code, known, SEED_WEIGHT) for code, texts in row["texts"].items() for t in texts]
    for line in sources.lines("sentiment_train_goemotions6k_en.tsv")[:: 6_000 // TWEETS]:
        mood, _, text = line.partition("\t")
        extra.append((text, "en", {"mood": mood}, TWEET_WEIGHT))
    shared = encoder.shared()
    assert shared is not None
    words = [normalise.normalised(text, code) for text, code, *_ in extra]
    both = zip(shared.encode(words), shared.encode([heads.typed(text) for text, *_ in extra]), strict=True)
    for number, ((text, code, known, weight), plain, vectors) in enumerate(
        zip(extra, words, both, strict=True)
    ):
        inputs = examples.inputs(text, plain, code, np.stack(vectors))
        slipped = every[number] if number < len(every) else None
        of = (slipped.fold, slipped.pair, True) if slipped else (-1, -1, False)
        found.append(Lesson(inputs, known, weight, *of))
    return tuple(found)


@cache
def rarity() -> fit.Numbers:
    """How rare each bucket of letters is in the labelled messages."""
    return rarity_of([one.inputs.held for one in examples.examples()])


def rarity_of(held: list[fit.Numbers]) -> fit.Numbers:
    """How rare each bucket of letters is in some texts."""
    counts = np.bincount(np.concatenate(held), minlength=letters.SIZE)
    result: fit.Numbers = np.log(1 + len(held) / (1 + counts)).astype(np.float32)
    return result


def spread(held: list[fit.Numbers], rare: fit.Numbers, weight: float) -> fit.Numbers:
    """Buckets of letters as rows of a table."""
    table = np.zeros((len(held), letters.SIZE), dtype=np.float32)
    for number, buckets in enumerate(held):
        table[number, buckets] = letters.weighed(buckets, rare) * weight
    return table


@cache
def table() -> fit.Numbers:
    """A row for each lesson, in the order of heads.py."""
    rows = lessons()
    vectors = np.array([one.inputs.vectors for one in rows]).reshape(len(rows), -1) * VECTOR_WEIGHT
    lettered = spread([one.inputs.held for one in rows], rarity(), LETTER_WEIGHT)
    cued = np.array([one.inputs.cues for one in rows])
    return np.hstack([vectors, lettered, cued]).astype(np.float32)


SCALES = np.concatenate(
    [
        np.full(heads.VECTORS, VECTOR_WEIGHT),
        np.full(letters.SIZE, LETTER_WEIGHT),
        np.ones(len(cues.NAMES) + 1),
    ]
)


@cache
def weights(*, meaning: bool) -> dict[str, fit.Numbers]:
    """For each head its weights, fitted on everything."""
    first = 0 if meaning else heads.VECTORS
    every = np.zeros(len(lessons()), dtype=bool)
    return {name: _fitted(name, ~every, meaning=meaning) * SCALES[first:, None] for name in heads.CLASSES}


def _fitted(name: str, chosen: fit.Numbers, *, meaning: bool) -> fit.Numbers:
    classes, first = heads.CLASSES[name], 0 if meaning else heads.VECTORS
    rows = lessons()
    has = [row.labels.get(name) in classes and (meaning or not row.is_slipped) for row in rows]
    use = np.flatnonzero(chosen & np.array(has))
    right = np.array([classes.index(rows[at].labels[name]) for at in use])
    counts = np.array([rows[at].weight for at in use])
    return fit.classes(table()[use, first:], right, len(classes), cost=COST, weights=counts)


@cache
def left_out(*, meaning: bool, by_trade: bool = False) -> list[dict[str, dict[str, float]]]:
    """For each labelled message the chances of all heads by weights that never saw it, or nothing of its trade."""
    rows, known = lessons(), len(examples.examples())
    parts = np.array([row.pair if by_trade else row.fold for row in rows])
    seen = table()[:known, 0 if meaning else heads.VECTORS :]
    result: list[dict[str, dict[str, float]]] = [{} for _ in range(known)]
    for name, classes in heads.CLASSES.items():
        chances = np.zeros((known, len(classes)))
        for part in range(examples.PAIRS if by_trade else examples.FOLDS):
            numbers = _fitted(name, parts != part, meaning=meaning)
            out = np.flatnonzero(parts[:known] == part)
            chances[out] = fit.softmax(seen[out] @ numbers[:-1] + numbers[-1])
        right = np.array([classes.index(row.labels[name]) for row in rows[:known]])
        said = name if meaning else f"{name}, words only"
        report(f"{said}, trades left out" if by_trade else said, classes, right, chances)
        for held, of in zip(result, chances, strict=True):
            held[name] = dict(zip(classes, map(float, of), strict=True))
    return result


def main() -> None:
    """Measure each head on what it did not see, then fit on all and write."""
    held = {"rarity": rarity().astype(np.float16)}
    for meaning in (True, False):
        left_out(meaning=meaning)
        for name, numbers in weights(meaning=meaning).items():
            held[name if meaning else f"{name}_words"] = numbers.astype(np.float16)
    np.savez_compressed(fitted.HEADS, allow_pickle=False, **held)
    fitted.forget()


def report(name: str, classes: tuple[str, ...], known: fit.Numbers, chances: fit.Numbers) -> None:
    """Accuracy and, per class, precision and recall on what was left out."""
    guessed = chances.argmax(axis=1)
    parts = []
    for number, label in enumerate(classes):
        right = int(((guessed == number) & (known == number)).sum())
        said, real = int((guessed == number).sum()), int((known == number).sum())
        parts.append(f"{label} {right / max(said, 1):.2f}/{right / max(real, 1):.2f}")
    print(f"head {name}: accuracy {(guessed == known).mean():.3f}; precision/recall {', '.join(parts)}")


if __name__ == "__main__":
    main()
