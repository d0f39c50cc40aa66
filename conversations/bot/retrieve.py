"""Finds the answer a message asks for: likeness of meaning, of words and of letters, mixed."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from conversations.bot import normalise
from conversations.bot.spelling import Speller
from conversations.bot.words import STOP_WORDS, everyday

if TYPE_CHECKING:
    from conversations.bot.encoder import Encoder

MEANING, WORDS = 0.7, 0.3
K1, B = 1.2, 0.75
STEM = 5
"""Words are cut to this many letters: a stemmer for three languages."""

type Vectors = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer and the ways it is asked for."""

    id: str
    phrasings: tuple[str, ...]
    answer: str
    category: str = ""
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Query:
    """A message as it is compared."""

    words: list[str]
    text: str
    parts: tuple[str, ...]
    known: float
    """Share of its words that the business uses."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each entry fits a message, by each way to tell."""

    cosine: Vectors
    words: Vectors
    letters: Vectors
    mixed: Vectors
    order: list[int] = field(default_factory=list)
    """Entries, best first."""


class Index:
    """The entries of one business in memory; a kilobyte for each phrasing."""

    def __init__(
        self, entries: Sequence[Entry], encoder: "Encoder | None", vectors: Vectors | None = None
    ) -> None:
        self.entries = tuple(entries)
        self.encoder = encoder
        self._owners: list[int] = []
        phrasings: list[str] = []
        stems: list[Counter[str]] = []
        vocabulary: Counter[str] = Counter()
        self._letters: dict[str, list[int]] = {}
        self._letter_counts: list[int] = []
        for number, entry in enumerate(self.entries):
            held: Counter[str] = Counter()
            for phrasing in entry.phrasings:
                words = normalise.expanded(normalise.tokens(phrasing), entry.language)
                vocabulary.update(words)
                held.update(_stems(words))
                phrasings.append(" ".join(words))
                self._add_letters(len(self._owners), " ".join(words))
                self._owners.append(number)
            words = normalise.expanded(normalise.tokens(entry.answer), entry.language)
            vocabulary.update(words)
            held.update(_stems(words))
            stems.append(held)
        self.speller = Speller(vocabulary.elements(), self._everyday)
        self._build_words(stems)
        self.vectors = self._encoded(phrasings) if vectors is None else vectors
        self._owner_starts = self._starts()

    def _everyday(self, word: str) -> bool:
        return everyday(word) or (self.encoder is not None and self.encoder.knows(word))

    def _encoded(self, phrasings: list[str]) -> Vectors:
        if self.encoder is None or not phrasings:
            return np.zeros((len(phrasings), 0), np.float16)
        return self.encoder.encode(phrasings).astype(np.float16)

    def _starts(self) -> Vectors:
        return np.searchsorted(np.array(self._owners, dtype=np.int64), np.arange(len(self.entries)))

    def _add_letters(self, phrasing: int, text: str) -> None:
        grams = _trigrams(text)
        self._letter_counts.append(len(grams))
        for gram in grams:
            self._letters.setdefault(gram, []).append(phrasing)

    def _build_words(self, stems: list[Counter[str]]) -> None:
        count = len(stems)
        lengths = [sum(held.values()) for held in stems]
        mean = sum(lengths) / count if count else 1.0
        holders: Counter[str] = Counter()
        for held in stems:
            holders.update(held.keys())
        self._rarity = {
            stem: math.log(1 + (count - number + 0.5) / (number + 0.5)) for stem, number in holders.items()
        }
        self._unseen = math.log(1 + (count + 0.5) / 0.5) if count else 0.0
        weights: dict[str, list[tuple[int, float]]] = {}
        for number, held in enumerate(stems):
            for stem, times in held.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * lengths[number] / mean))
                weights.setdefault(stem, []).append((number, weight * self._rarity[stem]))
        self._postings = {
            stem: (np.array([n for n, _ in rows]), np.array([weight for _, weight in rows]))
            for stem, rows in weights.items()
        }

    def query(self, text: str, language: str = "es") -> Query:
        """A message made ready: normalised, repaired, and split where it asks twice."""
        words = self.speller.repaired(normalise.expanded(normalise.tokens(text), language))
        weighty = [word for word in words if word not in STOP_WORDS]
        known = sum(self.speller.knows(word) for word in weighty) / len(weighty) if weighty else 0.0
        parts = tuple(self._part(piece, language) for piece in normalise.pieces(text))
        return Query(words, " ".join(words), parts, known)

    def _part(self, text: str, language: str) -> str:
        return " ".join(self.speller.repaired(normalise.expanded(normalise.tokens(text), language)))

    def scores(self, query: Query, vectors: Vectors | None = None) -> Scores:
        """Every entry's scores for a message; the vectors are of the whole text and then of its parts."""
        words = self._word_scores(query.words)
        letters = self._letter_scores(query.text)
        cosine = self._cosines(query, vectors)
        mixed = MEANING * cosine + WORDS * words if cosine.any() else 0.5 * words + 0.5 * letters
        order = sorted(range(len(self.entries)), key=lambda n: (-round(float(mixed[n]), 6), n))
        return Scores(cosine, words, letters, mixed, order)

    def _cosines(self, query: Query, vectors: Vectors | None) -> Vectors:
        if self.encoder is None or not self._owners or not self.vectors.shape[1]:
            return np.zeros(len(self.entries))
        if vectors is None:
            vectors = self.encoder.encode([query.text, *query.parts])
        likeness = self.vectors.astype(np.float32) @ vectors.T
        whole = likeness[:, 0]
        if likeness.shape[1] > 1:
            whole = np.maximum(whole, PART * likeness[:, 1:].max(axis=1))
        return np.maximum.reduceat(whole, self._owner_starts)

    def _word_scores(self, words: list[str]) -> Vectors:
        found = np.zeros(len(self.entries))
        best = 0.0
        for stem in dict.fromkeys(_stems(words)):
            best += self._rarity.get(stem, self._unseen) * (K1 + 1)
            if stem in self._postings:
                owners, weights = self._postings[stem]
                found[owners] += weights
        return found / best if best else found

    def _letter_scores(self, text: str) -> Vectors:
        grams = _trigrams(text)
        if not grams or not self._owners:
            return np.zeros(len(self.entries))
        shared = np.zeros(len(self._owners))
        for gram in grams:
            if gram in self._letters:
                shared[self._letters[gram]] += 1
        jaccard = shared / (np.array(self._letter_counts) + len(grams) - shared)
        return np.maximum.reduceat(jaccard, self._owner_starts)


PART = 0.95
"""A part of a message counts a little less than the whole."""


def _stems(words: list[str]) -> list[str]:
    return [word[:STEM] for word in words if word not in STOP_WORDS]


def _trigrams(text: str) -> list[str]:
    padded = f"  {text} "
    return sorted({padded[start : start + 3] for start in range(len(padded) - 2)}) if text else []
