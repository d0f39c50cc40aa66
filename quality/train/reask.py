"""Fits the re-ask guard: by words, by meaning, and how both are weighed, each on drafts the others never saw.

Drafts much alike share a fold.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from conversations.bot import encoder, reask, reask_joint, reask_model
from conversations.bot.reask_words import KEYS, LANGUAGES
from quality.train import examples, reask_meaning, reask_words, sources
from quality.train.fit import Numbers, yes_or_no

COST = 1.0
RIGHT = 0.95
"""Precision on drafts left out at the cutoff. Drafts written to learn from are harder than what is measured
against: there this leaves precision and recall about alike."""

type Rows = Sequence[tuple[str, dict[str, Any]]]


def drafts() -> Rows:
    """Labelled drafts that may be looked at, with their language."""
    return [
        (language, row)
        for language in LANGUAGES
        for path in (
            sources.DATA / "drafts" / "open" / f"{language}.jsonl",
            sources.HERE / "data" / f"drafts.{language}.jsonl",
        )
        for row in sources.read_jsonl(path)
    ]


def main() -> None:
    """Fit without each fold in turn, weigh and measure what that says of the fold; then fit on all and write."""
    rows = drafts()
    shared = encoder.shared()
    assert shared is not None
    folds = examples.folds(shared.encode([row["draft"] for _language, row in rows]))
    bags, seen = reask_words.bags(rows), reask_meaning.seen(rows)
    known = np.array([[bool(row["known"].get(key)) for key in KEYS] for _language, row in rows])
    counts = np.where(known | (bags.labels > 0), 1.0, reask_meaning.UNKNOWN)

    def nets(chosen: Numbers) -> list[list[Numbers]]:
        return [
            reask_meaning.fit(seen, bags.labels, counts, chosen, seed) for seed in range(reask_meaning.NETS)
        ]

    pairs: list[tuple[str, int, bool]] = []
    inputs: list[list[float]] = []
    for fold in range(examples.FOLDS):
        rest, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        weights, meant = reask_words.fit(bags.only(rest)), reask_meaning.odds(seen, nets(rest), out)
        with (
            tempfile.TemporaryDirectory() as place,
            patch.object(reask_model, "ARTEFACT", Path(place) / "words"),
        ):
            reask_words.write(weights)
            for number, odds in zip(out, meant, strict=True):
                language, row = rows[int(number)]
                by_key = dict(zip(KEYS, map(float, odds), strict=True))
                for key, reading in reask.readings(row["draft"], row["known"], language).items():
                    inputs.append(reask_joint.features(key, language, reading.words, by_key))
                    pairs.append((language, fold, key in row["asks"]))
    _weigh(np.array(inputs), pairs)
    every = np.arange(len(rows))
    reask_words.write(reask_words.fit(bags))
    reask_meaning.write(seen, nets(every))


def _weigh(inputs: Numbers, pairs: list[tuple[str, int, bool]]) -> None:
    """Weights and cutoffs of reask_joint.py."""
    folds, asked = np.array([fold for _code, fold, _asked in pairs]), np.array([one for *_, one in pairs])
    scores = np.zeros(len(pairs))
    for fold in range(examples.FOLDS):
        weights = yes_or_no(inputs[folds != fold], asked[folds != fold], cost=COST)
        scores[folds == fold] = inputs[folds == fold] @ weights
    cutoffs = {}
    for language in LANGUAGES:
        of = np.array([code == language for code, *_ in pairs])
        cutoffs[language] = _cutoff(scores[of], asked[of])
        said = scores[of] > cutoffs[language]
        right = (said & asked[of]).sum()
        print(
            f"asked again, {language}: precision {right / said.sum():.3f}, recall {right / asked[of].sum():.3f}"
            f" of {asked[of].sum()}, left out in turn"
        )
    weights = yes_or_no(inputs, asked, cost=COST)
    held = {"weights": [round(float(one), 4) for one in weights], "cutoffs": cutoffs}
    reask_joint.ARTEFACT.write_text(json.dumps(held), "utf-8")
    reask_joint.forget()


def _cutoff(scores: Numbers, asked: Numbers) -> float:
    """The least above which RIGHT of what is said to be asked again is."""
    order = np.argsort(-scores)
    shares = np.cumsum(asked[order]) / np.arange(1, len(order) + 1)
    return round(float(scores[order][np.flatnonzero(shares >= RIGHT)[-1]]), 4)


if __name__ == "__main__":
    main()
