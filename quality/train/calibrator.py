"""Fits how likely the best answer is the right one, on rankings and heads that never saw the message.

Besides the messages no entry answers, each message with an answer is asked once more of the business without
that entry: it must then be refused. All are read a second time by what saw nothing of their trade: most businesses
are of a trade no fit knows, and what leans on known topics would hardly answer there.
"""

import json
from dataclasses import dataclass

import numpy as np

from conversations.bot import calibrate, fitted
from conversations.bot.retrieve import MEANINGS, Match
from quality.train import examples, fit, heads, ranking

NEAR_WEIGHT = 0.25
"""What a message without its entry counts beside a message that was labelled so."""
COST = 0.002
STEPS = 200
UNANSWERABLE = 0.2


@dataclass(frozen=True, slots=True)
class Case:
    """A best match, whether it is right, how much it counts, and the message it comes from."""

    features: list[float]
    right: bool
    answerable: bool
    weight: float
    number: int


def cases(*, meaning: bool, by_trade: bool = False) -> list[Case]:
    """What the fit learns from: read by what never saw the message, or nothing of its trade."""
    result = []
    parts = ranking.by_part(meaning=meaning, by_trade=by_trade)
    chances = heads.left_out(meaning=meaning, by_trade=by_trade)
    for number, one in enumerate(examples.examples()):
        by = parts[one.pair if by_trade else one.fold]
        table = by.table(number, meaning=meaning)
        scores = table @ by.weights
        order = [int(place) for place in np.argsort(-scores, kind="stable")]
        for without in (False, True) if one.row["entry"] else (False,):
            kept = [place for place in order if not (without and place == one.right)]
            shares = fit.softmax(scores[kept][None, :])[0]
            matches = [
                Match(one.index.entries[place], float(scores[place]), float(shares[at]), tuple(table[place]))
                for at, place in enumerate(kept[:2])
            ]
            result.append(
                Case(
                    calibrate.features(one.query, matches, chances[number]),
                    matches[0].entry.id == one.row["entry"],
                    bool(one.row["entry"]) and not without,
                    NEAR_WEIGHT if without else 1.0,
                    number,
                )
            )
    return result


def fitted_on(rows: list[Case], *, meaning: bool) -> fit.Numbers:
    """Weights and bias for these cases."""
    first = 0 if meaning else MEANINGS
    table = np.array([case.features[first:] for case in rows])
    weights = np.array([case.weight for case in rows])
    right = np.array([int(case.right) for case in rows])
    both = fit.classes(table, right, 2, cost=COST, weights=weights, steps=STEPS)
    return np.concatenate([np.zeros(first), both[:, 1] - both[:, 0]])


def left_out(rows: list[Case], *, meaning: bool) -> list[float]:
    """How likely each case is right, by weights that never saw its message."""
    every = examples.examples()
    chances = np.zeros(len(rows))
    for fold in range(examples.FOLDS):
        numbers = fitted_on([case for case in rows if every[case.number].fold != fold], meaning=meaning)
        for at, case in enumerate(rows):
            if every[case.number].fold == fold:
                chances[at] = 1 / (1 + np.exp(-float(np.dot(numbers[:-1], case.features) + numbers[-1])))
    return [float(chance) for chance in chances]


def main() -> None:
    """Fit with the encoder and without, and write."""
    held = {}
    for name, meaning in (("meaning", True), ("letters", False)):
        known, new = cases(meaning=meaning), cases(meaning=meaning, by_trade=True)
        rows = known + new
        likely = left_out(rows, meaning=meaning)
        for what, those, chances in (
            ("messages left out", known, likely[: len(known)]),
            ("trades left out", new, likely[len(known) :]),
        ):
            for threshold in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
                answered, right = _measured(those, chances, threshold)
                print(
                    f"calibrator {name} at {threshold}: {answered:.3f} answered, {right:.3f} right "
                    f"({what}, a fifth unanswerable)"
                )
        numbers = fitted_on(rows, meaning=meaning)
        held[name] = {
            "weights": [round(float(n), 4) for n in numbers[:-1]],
            "bias": round(float(numbers[-1]), 4),
        }
    fitted.CALIBRATOR.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
    fitted.forget()


def _measured(rows: list[Case], chances: list[float], threshold: float) -> tuple[float, float]:
    """Which share is answered, and which share of that rightly."""
    counted = [(p, case) for p, case in zip(chances, rows, strict=True) if case.weight == 1]
    asked = sum(case.answerable for _, case in counted)
    down = UNANSWERABLE / (1 - UNANSWERABLE) * asked / (len(counted) - asked)
    answered = [(1.0 if case.answerable else down, case) for p, case in counted if p >= threshold]
    total = sum(weight for weight, _ in answered)
    right = sum(weight for weight, case in answered if case.right)
    return total / (asked / (1 - UNANSWERABLE)), right / max(total, 1e-9)


if __name__ == "__main__":
    main()
