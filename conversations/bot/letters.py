"""Words and the letters they are made of, as sparse numbers that the fitted heads weigh.

Each word, pair of words and run of three to five letters falls into one of SIZE buckets. Slips and unseen
endings leave most runs as they are, so that a misspelt word still counts.
"""

import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

SIZE = 4096
RUNS = (3, 4, 5)

type Numbers = np.ndarray[Any, Any]


def buckets(text: str) -> Numbers:
    """The buckets that a normalised text falls into, each once, in order."""
    found = {zlib.crc32(gram.encode()) % SIZE for gram in _grams(text.split())}
    return np.array(sorted(found), dtype=np.int64)


def weighed(held: Numbers, rarity: Numbers) -> Numbers:
    """How much each of a text's buckets counts: the rarer the more, together of length one."""
    values = rarity[held]
    length = float(np.sqrt((values * values).sum()))
    result: Numbers = values / length if length else values
    return result


def _grams(words: list[str]) -> Iterator[str]:
    for word in words:
        yield f"w{word}"
        framed = f"<{word}>"
        for size in RUNS:
            for start in range(len(framed) - size + 1):
                yield framed[start : start + size]
    for first, second in pairwise(words):
        yield f"b{first} {second}"
