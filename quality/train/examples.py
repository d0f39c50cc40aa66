"""The labelled messages that may be learnt from, read as the bot reads them, once for all fits."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from conversations.bot import cues, encoder, heads, language, letters, lexicon, normalise, wishes
from conversations.bot.retrieve import Index, Query
from quality.train import samples, sources

FOLDS = 5
PAIRS = 4
ALIKE = 0.9
"""Messages with a cosine above fall into the same fold."""

type Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message."""

    row: dict[str, Any]
    language: str
    index: Index
    wordy: Index
    """The same business without the encoder."""
    query: Query
    inputs: heads.Inputs
    fold: int
    """Which part it is held out with; messages much alike share one."""
    pair: int
    """Which of PAIRS its trade is held out with."""

    @property
    def vector(self) -> Numbers:
        """Of the plain words."""
        assert self.inputs.vectors is not None
        result: Numbers = self.inputs.vectors[0]
        return result

    @property
    def right(self) -> int | None:
        """The row of its answer in the index."""
        if not self.row["entry"]:
            return None
        return [entry.id for entry in self.index.entries].index(self.row["entry"])


def inputs(text: str, words: str, spoken: str, vectors: Numbers) -> heads.Inputs:
    """What the heads look at in a text."""
    wish = wishes.find(text, spoken).wish
    signs = cues.cues(text, words, spoken, wish, lexicon.lexicon().find(text))
    return heads.Inputs(vectors, letters.buckets(words), signs)


@cache
def examples() -> tuple[Example, ...]:
    """Open messages and those written to fit on, of all languages."""
    shared = encoder.shared()
    if shared is None:
        raise SystemExit("fits need the encoder: install it")
    rows = []
    for code in ("es", "pt", "en"):
        every = [*sources.labelled(code), *sources.written(code)]
        for sample in samples.samples(every, code):
            text = sample.row["text"][: normalise.LONGEST]
            spoken = language.detect(text, fallback="pt" if code == "pt" else "es").code
            query = sample.index.query(text, spoken)
            if query.words:
                rows.append((sample, text, spoken, query))
    plain = shared.encode([query.text for _, _, _, query in rows])
    raw = shared.encode([heads.typed(text) for _, text, _, _ in rows])
    parts = folds(plain)
    result = []
    for number, (sample, text, spoken, query) in enumerate(rows):
        vectors = np.stack([plain[number], raw[number]])
        kept = "pt" if sample.language == "pt" else "es"
        wordy = samples.index(sample.row["trade"], kept, meaning=False)
        seen = inputs(text, query.text, spoken, vectors)
        result.append(
            Example(
                sample.row, sample.language, sample.index, wordy, query, seen, int(parts[number]),
                next(at for at, trades in enumerate(pairs()) if sample.row["trade"] in trades),
            )
        )  # fmt: skip
    return tuple(result)


@cache
def pairs() -> tuple[tuple[str, ...], ...]:
    """Trades that are left out together, to see what becomes of businesses no fit knows."""
    trades = sorted({path.name.split(".")[0] for path in (sources.DATA / "knowledge").glob("*.jsonl")})
    return tuple(tuple(trades[at::PAIRS]) for at in range(PAIRS))


def folds(vectors: Numbers) -> Numbers:
    """Which part each text is held out with: those much alike share one."""
    leader = np.arange(len(vectors))
    for number in range(len(vectors)):
        near = np.flatnonzero(vectors[: number + 1] @ vectors[number] > ALIKE)
        first = leader[near].min()
        leader[np.isin(leader, leader[near])] = first
    order = np.random.default_rng(5).permutation(len(vectors))
    result: Numbers = order[leader] % FOLDS
    return result
