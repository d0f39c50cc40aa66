"""Finds the answer a message asks for: likeness of meaning, topic, words, letters and concepts, weighed.

The weights, and the turn of the encoder's space by which questions come near their answers, come from
quality/train/ranking.py.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from conversations.bot import fitted, letters, normalise, topics
from conversations.bot.concepts import concepts, is_known
from conversations.bot.spelling import Speller
from conversations.bot.words import STOP_WORDS, everyday

if TYPE_CHECKING:
    from conversations.bot.encoder import Encoder

FEATURES = (
    "phrasing", "answer", "whole", "mean", "turned",
    "words", "letters", "topic", "topics", "concepts", "covered",
)  # fmt: skip
MEANINGS = 5
"""How many of the features, from the first on, need the encoder."""
TURNED, TOPIC = FEATURES.index("turned"), FEATURES.index("topic")
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
    is_live: bool = False
    """Whether what is said depends on the moment and on the question: a fact, or an article that has one."""


@dataclass(frozen=True, slots=True)
class Query:
    """A message as it is compared."""

    words: list[str]
    text: str
    known: float
    """Share of its weighty words that the business uses."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, how well it fits, and by what."""

    entry: Entry
    score: float
    share: float
    """Its part of all entries' chances."""
    features: tuple[float, ...]


class Index:
    """The entries of one business in memory: about a kilobyte for each phrasing and sentence of an answer.

    `vectors` (half precision) of an index built before from the same entries saves encoding them again.
    """

    def __init__(
        self, entries: Sequence[Entry], encoder: "Encoder | None", vectors: Vectors | None = None
    ) -> None:
        self.entries = tuple(entries)
        self.encoder = encoder
        self.settle: Callable[[str, Sequence[str], str, Any], Any] | None = None
        """What puts first, of a text, its words, its language and the candidates, what is surely meant, and
        says whether nothing else is."""
        asked, told, whole = _texts(self.entries)
        self._asked_by = _owners([len(_phrasings(entry)) for entry in entries])
        self._told_by = _owners([len(_sentences(entry.answer)) for entry in entries])
        self._index_words(whole)
        self._index_letters(asked)
        self._index_concepts()
        self.speller = Speller((word for text in whole for word in text.split()), self._everyday)
        texts = [*asked, *told, *whole]
        if vectors is None and encoder is not None and texts:
            vectors = encoder.encode(texts).astype(np.float16)
        if vectors is not None and len(vectors) != len(texts):
            raise ValueError("vectors of other entries")
        self.vectors = vectors
        self._spread = None if vectors is None else vectors.astype(np.float32)
        self.asked = [letters.buckets(text) for text in asked]

    def _everyday(self, word: str) -> bool:
        return everyday(word) or is_known(word) or (self.encoder is not None and self.encoder.knows(word))

    def _index_words(self, texts: list[str]) -> None:
        held = [Counter(_stems(text.split())) for text in texts]
        lengths = [sum(stems.values()) for stems in held]
        mean = max(sum(lengths) / max(len(held), 1), 1.0)
        self._rarity = _rarity(held)
        self._unseen = math.log(1 + (len(held) + 0.5) / 0.5)
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, stems in enumerate(held):
            for stem, times in stems.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * lengths[number] / mean))
                postings.setdefault(stem, []).append((number, weight * self._rarity[stem]))
        self._postings = {stem: _columns(rows) for stem, rows in postings.items()}

    def _index_letters(self, asked: list[str]) -> None:
        self._letters: dict[str, list[int]] = {}
        counts = []
        for number, text in enumerate(asked):
            grams = _trigrams(text)
            counts.append(len(grams))
            for gram in grams:
                self._letters.setdefault(gram, []).append(number)
        self._letter_counts = np.array(counts, dtype=np.float64)

    @cached_property
    def _topics(self) -> Vectors:
        return self.topics_by(fitted.topics())

    @cached_property
    def _places(self) -> Vectors:
        return self.places_by(fitted.turn())

    def places_by(self, turn: dict[str, Vectors]) -> Vectors:
        """A row for each entry: where its questions and answer lie in the turned space."""
        assert self._spread is not None
        asked = self._asked_by.mean(turned(self._spread[: len(self.asked)], turn))
        return _unit(asked + turned(self._spread[len(self._spread) - len(self.entries) :], turn))

    def topics_by(self, held: dict[str, Vectors]) -> Vectors:
        """A row for each entry: how likely its phrasings speak of each topic, by these weights."""
        if not self.entries:
            return np.zeros((0, 0))
        vectors = None if self._spread is None else self._spread[: len(self.asked)]
        return self._asked_by.mean(topics.chances(held, vectors, self.asked))

    def _index_concepts(self) -> None:
        held = []
        for entry in self.entries:
            found: Counter[str] = Counter()
            for phrasing in _phrasings(entry):
                found.update(concepts(_plain(phrasing, entry.language).split()))
            weights = {name: min(1.0, times / 2) for name, times in found.items()}
            for name in concepts(_plain(entry.answer, entry.language).split()):
                weights[name] = min(1.0, weights.get(name, 0.0) + 0.25)
            held.append(weights)
        self._concept_rarity = _rarity(held)
        postings: dict[str, list[tuple[int, float]]] = {}
        totals = np.zeros(len(held))
        for number, weights in enumerate(held):
            for name, weight in weights.items():
                worth = weight * self._concept_rarity[name]
                totals[number] += worth
                postings.setdefault(name, []).append((number, worth))
        self._concepts = {name: _columns(rows) for name, rows in postings.items()}
        self._concept_totals = np.maximum(totals, 1e-9)

    def query(self, text: str, language: str = "es") -> Query:
        """A message made ready: normalised, and its slips repaired."""
        words = self.speller.repaired(normalise.expanded(normalise.tokens(text), language))
        weighty = [word for word in words if word not in STOP_WORDS]
        known = sum(self.speller.knows(word) for word in weighty) / len(weighty) if weighty else 0.0
        return Query(words, " ".join(words), known)

    def features(self, query: Query, vector: Vectors | None = None) -> Vectors:
        """A row for each entry, a column for each of FEATURES."""
        if self.encoder is None or self._spread is None:
            vector = None
        elif vector is None and query.words:
            vector = self.encoder.encode([query.text])[0]
        table = self.unfitted(query, vector)
        if not len(self.entries) or not query.words:
            return table
        rows = None if vector is None else vector[None, :]
        spoken = topics.chances(fitted.topics(), rows, [letters.buckets(query.text)])[0]
        table[:, TOPIC], table[:, TOPIC + 1] = topics.likeness(self._topics, spoken)
        if rows is not None:
            turn = fitted.turn()
            table[:, TURNED] = self._places @ (turn["turn"].T @ turned(rows, turn)[0])
        return table

    def unfitted(self, query: Query, vector: Vectors | None) -> Vectors:
        """Those of the features that need no fit; the others are 0."""
        table = np.zeros((len(self.entries), len(FEATURES)))
        if not len(self.entries) or not query.words:
            return table
        if vector is not None and self._spread is not None:
            likeness = self._spread @ vector
            asked, told = len(self._asked_by.rows), len(self._told_by.rows)
            table[:, 0] = self._asked_by.best(likeness[:asked])
            table[:, 1] = self._told_by.best(likeness[asked : asked + told])
            table[:, 2] = likeness[asked + told :]
            table[:, 3] = self._asked_by.mean(likeness[:asked])
        table[:, 5] = self._word_scores(query.words)
        table[:, 6] = self._letter_scores(query.text)
        table[:, 9], table[:, 10] = self._concept_scores(query.words)
        return table

    def matches(self, query: Query, vector: Vectors | None = None, most: int = 3) -> list[Match]:
        """The entries that fit a message best; ties keep the entries' order."""
        if not self.entries or not query.words:
            return []
        table = self.features(query, vector)
        scores = table @ fitted.ranking(meaning=self.vectors is not None and self.encoder is not None)
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        order = np.argsort(-np.round(scores, 6), kind="stable")
        return [
            Match(
                self.entries[number],
                float(scores[number]),
                float(chances[number]),
                tuple(float(value) for value in table[number]),
            )
            for number in order[:most]
        ]

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
        shared = np.zeros(len(self._letter_counts))
        for gram in grams:
            if gram in self._letters:
                shared[self._letters[gram]] += 1
        return self._asked_by.best(shared / (self._letter_counts + len(grams) - shared))

    def _concept_scores(self, words: list[str]) -> tuple[Vectors, Vectors]:
        found = np.zeros(len(self.entries))
        best = 0.0
        for name in concepts(words):
            if name in self._concepts:
                best += self._concept_rarity[name]
                owners, weights = self._concepts[name]
                found[owners] += weights
        return (found / best if best else found), found / self._concept_totals


def texts(entries: Sequence[Entry]) -> list[str]:
    """What is encoded of some entries, in the order of an index's `vectors`."""
    asked, told, whole = _texts(entries)
    return [*asked, *told, *whole]


def _texts(entries: Sequence[Entry]) -> tuple[list[str], list[str], list[str]]:
    asked = [_plain(phrasing, entry.language) for entry in entries for phrasing in _phrasings(entry)]
    told = [_plain(piece, entry.language) for entry in entries for piece in _sentences(entry.answer)]
    whole = [_plain(" ".join((*_phrasings(entry), entry.answer)), entry.language) for entry in entries]
    return asked, told, whole


@dataclass(frozen=True, slots=True)
class _Owners:
    """Which entry each row of a table belongs to; every entry has at least one."""

    rows: Vectors
    starts: Vectors

    def best(self, values: Vectors) -> Vectors:
        result: Vectors = np.maximum.reduceat(values, self.starts)
        return result

    def mean(self, values: Vectors) -> Vectors:
        counts = np.diff(np.append(self.starts, len(values)))
        sums: Vectors = np.add.reduceat(values, self.starts)
        result: Vectors = (sums.T / counts).T
        return result


def turned(vectors: Vectors, turn: dict[str, Vectors]) -> Vectors:
    """Unit vectors in the few directions in which businesses' questions differ most."""
    return _unit((vectors - turn["mean"]) @ turn["basis"])


def _unit(vectors: Vectors) -> Vectors:
    result: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return result


def _owners(counts: list[int]) -> _Owners:
    rows = np.repeat(np.arange(len(counts)), counts)
    return _Owners(rows, np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64) if counts else rows)


def _phrasings(entry: Entry) -> tuple[str, ...]:
    return entry.phrasings or (entry.answer,)


def _sentences(answer: str) -> list[str]:
    return normalise.pieces(answer) or [answer]


def _plain(text: str, language: str) -> str:
    return normalise.normalised(text, language)


def _rarity(held: Sequence[Counter[str] | dict[str, float]]) -> dict[str, float]:
    holders: Counter[str] = Counter()
    for names in held:
        holders.update(names.keys())
    return {
        name: math.log(1 + (len(held) - number + 0.5) / (number + 0.5)) for name, number in holders.items()
    }


def _columns(rows: list[tuple[int, float]]) -> tuple[Vectors, Vectors]:
    return np.array([number for number, _ in rows]), np.array([weight for _, weight in rows])


def _stems(words: list[str]) -> list[str]:
    return [word[:STEM] for word in words if word not in STOP_WORDS]


def _trigrams(text: str) -> list[str]:
    padded = f"  {text} "
    return sorted({padded[start : start + 3] for start in range(len(padded) - 2)}) if text else []
