"""Fits conversations/bot/artefacts/language.bin from XED's lines (CC BY 4.0) and the open messages."""

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence

from conversations.bot import language, normalise
from quality.train import sources

SMOOTHING = 0.3
CHAT_WEIGHT = 3
"""How often a labelled chat message counts beside a subtitle line."""


def main() -> None:
    """Fit on all and write; twice the same input gives the same file."""
    lines = {code: sources.lines(f"lid_train_xed_{code}.txt") for code in language.LANGUAGES}
    language.ARTEFACT.write_bytes(fitted(lines))


def fitted(lines: Mapping[str, Sequence[str]]) -> bytes:
    """The artefact: letters of subtitle lines and of the open messages counted, smoothed and quantised to a byte."""
    counts = {code: Counter[int]() for code in language.LANGUAGES}
    for code in language.LANGUAGES:
        chat = [row["text"] for row in sources.labelled(code)] * CHAT_WEIGHT
        for line in [*lines[code], *chat]:
            grams = list(language.ngrams(line))
            counts[code].update(grams)
            stripped = normalise.bare(line)
            if stripped != line.casefold():
                counts[code].update(language.ngrams(stripped))
    table = bytearray()
    totals = {code: sum(found.values()) + SMOOTHING * language.BUCKETS for code, found in counts.items()}
    logs = {
        code: [math.log((found[bucket] + SMOOTHING) / totals[code]) for bucket in range(language.BUCKETS)]
        for code, found in counts.items()
    }
    for code in language.LANGUAGES:
        for bucket in range(language.BUCKETS):
            mean = sum(logs[other][bucket] for other in language.LANGUAGES) / len(language.LANGUAGES)
            step = round((logs[code][bucket] - mean) * language.SCALE)
            table.append(max(-127, min(127, step)) & 0xFF)
    return zlib.compress(bytes(table), 9)


if __name__ == "__main__":
    main()
