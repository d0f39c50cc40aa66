"""Fits how likely the best answer is the right one, on the open labelled messages.

Besides the messages no entry answers, each message with an answer is asked once more of the business without
that entry: it must then be refused.
"""

import json
from dataclasses import dataclass

import numpy as np

from conversations.bot import calibrate, fitted
from conversations.bot.retrieve import MEANINGS, Match
from quality.train import fit, samples, sources

NEAR_WEIGHT = 0.25
"""What a message without its entry counts beside a message that was labelled so."""
COST = 0.002
UNANSWERABLE = 0.2


@dataclass(frozen=True, slots=True)
class Case:
    """A best match, whether it is right, how much it counts, and the trade it comes from."""

    features: list[float]
    right: bool
    answerable: bool
    weight: float
    trade: str


def cases(*, meaning: bool) -> list[Case]:
    """What the fit learns from."""
    found = []
    for language in ("es", "pt", "en"):
        for sample in samples.samples(sources.labelled(language), language, meaning=meaning):
            index, row = sample.index, sample.row
            query = index.query(row["text"], language)
            table = index.features(query)
            scores = table @ fitted.ranking(meaning=meaning)
            order = list(np.argsort(-scores, kind="stable"))
            for without in (False, True):
                if without and not row["entry"]:
                    continue
                kept = [
                    number for number in order if not (without and index.entries[number].id == row["entry"])
                ]
                chances = fit.softmax(scores[kept][None, :])[0]
                matches = [
                    Match(index.entries[n], float(scores[n]), float(chances[i]), tuple(table[n]))
                    for i, n in enumerate(kept[:2])
                ]
                if query.words:
                    right = matches[0].entry.id == row["entry"]
                    weight = NEAR_WEIGHT if without else 1.0
                    answerable = bool(row["entry"]) and not without
                    found.append(
                        Case(calibrate.features(query, matches), right, answerable, weight, row["trade"])
                    )
    return found


def fitted_on(rows: list[Case], *, meaning: bool) -> fit.Numbers:
    """Weights and bias for these cases."""
    first = 0 if meaning else MEANINGS
    inputs = np.array([case.features[first:] for case in rows])
    weights = np.array([case.weight for case in rows])
    both = fit.classes(
        inputs, np.array([int(case.right) for case in rows]), 2, cost=COST, weights=weights, steps=4000
    )
    return np.concatenate([np.zeros(first), both[:, 1] - both[:, 0]])


def main() -> None:
    """Fit with the encoder and without, and write."""
    held = {}
    for name, meaning in (("meaning", True), ("letters", False)):
        rows = cases(meaning=meaning)
        chance: list[tuple[float, Case]] = []
        for trade in sorted({case.trade for case in rows}):
            numbers = fitted_on([case for case in rows if case.trade != trade], meaning=meaning)
            for case in rows:
                if case.trade == trade and case.weight == 1:
                    score = float(np.dot(numbers[:-1], case.features) + numbers[-1])
                    chance.append((1 / (1 + np.exp(-score)), case))
        for threshold in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8):
            asked = sum(case.answerable for _, case in chance)
            down = UNANSWERABLE / (1 - UNANSWERABLE) * asked / (len(chance) - asked)
            answered = [(1.0 if case.answerable else down, case) for p, case in chance if p >= threshold]
            total = sum(weight for weight, _ in answered)
            right = sum(weight for weight, case in answered if case.right)
            print(
                f"calibrator {name} at {threshold}: {total / (asked / (1 - UNANSWERABLE)):.3f} answered, "
                f"{right / max(total, 1e-9):.3f} right (trades left out, a fifth unanswerable)"
            )
        numbers = fitted_on(rows, meaning=meaning)
        held[name] = {
            "weights": [round(float(n), 4) for n in numbers[:-1]],
            "bias": round(float(numbers[-1]), 4),
        }
    fitted.CALIBRATOR.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
    fitted.forget()


if __name__ == "__main__":
    main()
