"""Fits how the ways to tell an answer are weighed, on the open labelled messages."""

import json

from conversations.bot import fitted
from conversations.bot.retrieve import MEANINGS
from quality.train import fit, samples, sources

FOLDS = 8


def groups(*, meaning: bool) -> list[tuple[fit.Numbers, int, str]]:
    """For each message with an answer: its feature table, the right row, and its trade."""
    found = []
    for language in ("es", "pt", "en"):
        for sample in samples.samples(sources.labelled(language), language, meaning=meaning):
            if sample.row["entry"]:
                ids = [entry.id for entry in sample.index.entries]
                table = sample.index.features(sample.index.query(sample.row["text"], language))
                found.append((table, ids.index(sample.row["entry"]), sample.row["trade"]))
    return found


def main() -> None:
    """Fit with the encoder and without, and write."""
    held = {}
    for name, meaning in (("meaning", True), ("letters", False)):
        rows = groups(meaning=meaning)
        right = 0
        for trade in sorted({row[2] for row in rows}):
            weights = fit.ranking(
                [(t if meaning else t[:, MEANINGS:], r) for t, r, at in rows if at != trade]
            )
            right += sum(
                int(((t if meaning else t[:, MEANINGS:]) @ weights).argmax()) == r
                for t, r, at in rows
                if at == trade
            )
        weights = fit.ranking([(t if meaning else t[:, MEANINGS:], r) for t, r, _ in rows])
        held[name] = [0.0] * (0 if meaning else MEANINGS) + [round(float(weight), 4) for weight in weights]
        print(f"ranking {name}: top-1 {right / len(rows):.3f} on trades left out, {len(rows)} messages")
    fitted.RANKING.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
    fitted.forget()


if __name__ == "__main__":
    main()
