"""Gathers texts that ask the same: dense neighbourhoods of their vectors, the largest first.

Deterministic: the same texts give the same groups. Memory is a bit for each pair of texts.
"""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conversations.bot import normalise
from conversations.bot.concepts import concepts
from conversations.bot.words import STOP_WORDS

if TYPE_CHECKING:
    from conversations.bot.encoder import Encoder

ALIKE = 0.5
"""Cosine from which two texts count as the same question; half of it is meaning, half words."""
ALIKE_WORDS = 0.5
"""The same by words alone."""
NAMED = 1.5
"""What a concept weighs against a word."""
MOST = 5_000
SIZE = 512
STEM = 5
BLOCK = 500

type Vectors = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that ask the same, by their places in what was given: the most typical first."""

    members: tuple[int, ...]


def group(texts: Sequence[str], languages: Sequence[str], encoder: "Encoder | None") -> list[Group]:
    """All texts in groups, the largest first; a text that is like no other is a group of itself.

    Texts of which nothing is left once they are made plain are in none.
    """
    plain = [normalise.normalised(text, spoken) for text, spoken in zip(texts, languages, strict=True)]
    holders: dict[str, list[int]] = {}
    for place, text in enumerate(plain):
        if text:
            holders.setdefault(text, []).append(place)
    distinct = list(holders)
    if not distinct:
        return []
    table = vectors(distinct, encoder)
    weights = np.array([len(holders[text]) for text in distinct])
    found = _neighbourhoods(table, weights, ALIKE if encoder else ALIKE_WORDS)
    groups = [
        Group(tuple(place for one in _typical(members, table, weights) for place in holders[distinct[one]]))
        for members in found
    ]
    return sorted(groups, key=lambda one: (-len(one.members), min(one.members)))


def vectors(plain: Sequence[str], encoder: "Encoder | None") -> Vectors:
    """Unit vectors of texts that are made plain: of words and meaning alike, or else of words."""
    said = _words(plain)
    if encoder is None:
        return said
    pieces = [encoder.encode(plain[start : start + BLOCK]) for start in range(0, len(plain), BLOCK)]
    return np.concatenate([np.concatenate(pieces), said], axis=1) * np.float32(math.sqrt(0.5))


def _words(plain: Sequence[str]) -> Vectors:
    """Rare words and concepts count more than those of every text."""
    table = np.zeros((len(plain), SIZE), dtype=np.float32)
    for place, text in enumerate(plain):
        words = text.split()
        for word in words:
            if word not in STOP_WORDS:
                table[place, _column(word[:STEM])] += 1
        for name in concepts(words):
            table[place, _column(f"concept {name}")] += NAMED
    table *= np.log(1 + len(plain) / (1 + (table > 0).sum(axis=0)))
    length: Vectors = np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    return table / length


def _column(name: str) -> int:
    return zlib.crc32(name.encode()) % SIZE


def most_central(texts: Sequence[str], languages: Sequence[str], encoder: "Encoder | None") -> int:
    """Which text says best what all of them say; the first of equals."""
    plain = [normalise.normalised(text, spoken) for text, spoken in zip(texts, languages, strict=True)]
    table = vectors(plain, encoder)
    return int(np.argmax(np.round(table @ table.mean(axis=0), 5)))


def _neighbourhoods(table: Vectors, weights: Vectors, alike: float) -> list[list[int]]:
    """Who has most neighbours that nobody has yet takes them, until nobody is left."""
    number = len(table)
    near = np.zeros((number, (number + 7) // 8), dtype=np.uint8)
    for start in range(0, number, BLOCK):
        near[start : start + BLOCK] = np.packbits(table[start : start + BLOCK] @ table.T >= alike, axis=1)
    free = np.ones(number, dtype=bool)
    counts = np.array([int(weights[_row(near, one, number)].sum()) for one in range(number)])
    found = []
    while free.any():
        first = int(np.argmax(np.where(free, counts, -1)))
        members = _row(near, first, number) & free
        members[first] = True
        taken = np.flatnonzero(members)
        free[taken] = False
        for one in taken:
            counts[_row(near, int(one), number)] -= weights[one]
        found.append([int(one) for one in taken])
    return found


def _row(near: Vectors, place: int, number: int) -> Vectors:
    return np.unpackbits(near[place], count=number).astype(bool)


def _typical(members: list[int], table: Vectors, weights: Vectors) -> list[int]:
    """The members, those nearest to all of them first."""
    mean = (table[members] * weights[members, None]).sum(axis=0)
    likeness = np.round(table[members] @ mean, 5)
    return [members[place] for place in np.argsort(-likeness, kind="stable")]
