"""Fits conversations/bot/artefacts/answers.npz: what an answer to "do you come?" is, on labelled answers.

Prints what both readers together make of answers that the fit never saw: wrong confirmations and
cancellations, and how many of those that say yes, no or another time a person has to read.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np

from conversations.bot import encoder, fitted, heads, letters
from conversations.confirmations import answer_model as model
from conversations.confirmations.answers import LANGUAGES, PLAIN, Kind, Seen, look, settled
from quality.answers import ANSWERS, APPOINTMENT, NOW
from quality.train import examples, fit, sources
from quality.train.heads import rarity_of, spread

COST = 3e-4
VECTOR_WEIGHT, LETTER_WEIGHT = 3.0, 5.0
KNOWN_WEIGHT = 0.6
"""The sayings were written against the open answers: their marks look better there than they are."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled answer, as the sayings are read."""

    text: str
    language: str
    kind: Kind
    seen: Seen
    weight: float


@cache
def labelled() -> tuple[Example, ...]:
    """All that may be learnt from."""
    found = []
    for language in LANGUAGES:
        written = sources.HERE / "data" / f"answers.{language}.jsonl"
        for path, weight in ((ANSWERS / "open" / f"{language}.jsonl", KNOWN_WEIGHT), (written, 1.0)):
            for row in sources.read_jsonl(path):
                moments = (row.get("appointment", APPOINTMENT), row.get("now", NOW))
                seen = look(row["text"], language, *map(datetime.fromisoformat, moments))
                found.append(Example(row["text"], language, Kind(row["kind"]), seen, weight))
    return tuple(found)


def main() -> None:
    """Fit with the encoder and without, each also on four fifths to see how well it does on the others."""
    rows, shared = labelled(), encoder.shared()
    assert shared is not None
    pairs = [model.texts(one.text, one.language) for one in rows]
    plain, typed = (shared.encode([pair[at] for pair in pairs]) for at in (0, 1))
    parts = examples.folds(typed)
    held = [model.buckets(one.seen) for one in rows]
    rarity = rarity_of(held)
    table = np.hstack(
        [
            plain * VECTOR_WEIGHT,
            typed * VECTOR_WEIGHT,
            spread(held, rarity, LETTER_WEIGHT),
            np.array([model.cues(one.seen) for one in rows]),
        ]
    ).astype(np.float32)
    scales = np.concatenate(
        [
            np.full(heads.VECTORS, VECTOR_WEIGHT),
            np.full(letters.SIZE, LETTER_WEIGHT),
            np.ones(model.WIDE + 1),
        ]
    )
    fitted_weights = {"rarity": rarity.astype(np.float16)}
    for name, first in (("meaning", 0), ("words", heads.VECTORS)):
        weights, left_out = _fit(table[:, first:], parts)
        fitted_weights[name] = (weights * scales[first:, None]).astype(np.float16)
        report(name, left_out)
    np.savez_compressed(fitted.ANSWERS, allow_pickle=False, **fitted_weights)
    fitted.forget()


def _fit(table: fit.Numbers, parts: fit.Numbers) -> tuple[fit.Numbers, fit.Numbers]:
    """The weights, and the chances of each row by weights that never saw it."""
    rows, kinds = labelled(), list(Kind)
    right = np.array([kinds.index(one.kind) for one in rows])
    counts = np.array([one.weight for one in rows])
    chances = np.zeros((len(rows), len(kinds)))
    for part in range(examples.FOLDS):
        use = parts != part
        weights = fit.classes(table[use], right[use], len(kinds), cost=COST, weights=counts[use])
        chances[~use] = fit.softmax(table[~use] @ weights[:-1] + weights[-1])
    return fit.classes(table, right, len(kinds), cost=COST, weights=counts), chances


def report(name: str, chances: fit.Numbers) -> None:
    """By language, of the answers that the sayings were not written against."""
    for language in LANGUAGES:
        both = [
            (one.kind, settled(one.seen, dict(zip(Kind, map(float, chances[number]), strict=True))))
            for number, one in enumerate(labelled())
            if one.language == language and one.weight == 1
        ]
        plain = [read for kind, read in both if kind in PLAIN]
        wrong = [sum(read == kind != was for was, read in both) for kind in PLAIN]
        print(
            f"answers, {name}, {language}: {len(both)} left out; wrong confirm, decline, reschedule {wrong}; "
            f"to a person {sum(read not in PLAIN for read in plain) / len(plain):.3f}"
        )


if __name__ == "__main__":
    main()
