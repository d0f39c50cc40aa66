"""Fits conversations/bot/artefacts/heads.npz: on the open labelled messages, seed phrases and GoEmotions.

Prints how well each head does on a fifth left out before fitting on everything.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from conversations.bot import cues, encoder, fitted, heads, lexicon, normalise, wishes
from quality.train import fit, sources

SEEDS = Path(__file__).parent / "data" / "seeds.jsonl"
COST = 0.003
SEED_WEIGHT = 0.5
TWEET_WEIGHT = 0.12
TWEETS = 1_000
FOLDS = 5
STEPS = 200


@dataclass(frozen=True, slots=True)
class Example:
    """A text, its language, what is known of it, and how much it counts."""

    text: str
    language: str
    labels: dict[str, str]
    weight: float
    fold: int
    """Which fifth it is held out with; -1 where it always trains."""


def examples() -> Iterator[Example]:
    """All that the heads learn from."""
    for language in ("es", "pt", "en"):
        for row in sources.labelled(language):
            fold = zlib.crc32(row["text"].encode()) % FOLDS
            yield Example(row["text"], language, labels(row), 1.0, fold)
    for row in sources.read_jsonl(SEEDS):
        known = {name: value for name, value in row.items() if name != "texts"}
        for language, texts in row["texts"].items():
            for text in texts:
                yield Example(text, language, known, SEED_WEIGHT, -1)
    for line in sources.lines("sentiment_train_goemotions6k_en.tsv")[:: 6_000 // TWEETS]:
        mood, _, text = line.partition("\t")
        yield Example(text, "en", {"mood": mood}, TWEET_WEIGHT, -1)


def labels(row: dict[str, object]) -> dict[str, str]:
    """What a labelled message teaches each head."""
    return {
        "category": str(row["category"]),
        "mood": str(row["mood"]),
        "urgency": str(row["urgency"]),
        "confused": "yes" if row["confused"] else "no",
        "frustrated": "yes" if row["frustrated"] else "no",
        "wish": str(row["wants_person"]),
    }


def table(rows: list[Example]) -> fit.Numbers:
    """The heads' inputs of each example."""
    shared = encoder.shared()
    if shared is None:
        raise SystemExit("the heads are fitted with the encoder: install it")
    words = [normalise.normalised(row.text, row.language) for row in rows]
    vectors = shared.encode(words)
    found = lexicon.lexicon()
    result = []
    for row, text, vector in zip(rows, words, vectors, strict=True):
        wish = wishes.find(row.text, row.language).wish
        signs = cues.cues(row.text, text, row.language, wish, found.find(row.text))
        result.append(heads.inputs(vector, signs))
    return np.array(result)


def main() -> None:
    """Measure each head on what it did not see, then fit on all and write."""
    rows = list(examples())
    inputs = table(rows)
    held: dict[str, fit.Numbers] = {}
    for name, classes in heads.CLASSES.items():
        chosen = [number for number, row in enumerate(rows) if row.labels.get(name) in classes]
        known = np.array([classes.index(rows[number].labels[name]) for number in chosen])
        weights = np.array([rows[number].weight for number in chosen])
        folds = np.array([rows[number].fold for number in chosen])
        for part, columns in ((name, slice(None)), (f"{name}_cues", slice(encoder.SIZE, None))):
            data = np.where(heads.masked(name), 0.0, inputs[chosen])[:, columns]
            chances = np.zeros((len(chosen), len(classes)))
            for fold in range(FOLDS):
                seen = folds != fold
                numbers = fit.classes(
                    data[seen], known[seen], len(classes), cost=COST, weights=weights[seen], steps=STEPS
                )
                chances[folds == fold] = fit.softmax(data[folds == fold] @ numbers[:-1] + numbers[-1])
            out = folds >= 0
            report(part, classes, known[out], chances[out])
            held[part] = fit.classes(
                data, known, len(classes), cost=COST, weights=weights, steps=STEPS
            ).astype(np.float16)
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
