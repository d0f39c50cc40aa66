"""Spelling repaired against the business's own words; ties are broken by frequency, then alphabet."""

from collections import Counter
from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA

SHORTEST = 4
LONG = 8
"""From here on two slips are forgiven instead of one, if the first letter stands."""
STEM = 5


class Speller:
    """Knows a vocabulary and brings words one slip away back to it."""

    def __init__(self, words: Iterable[str], everyday: Callable[[str], bool]) -> None:
        self._counts = Counter(words)
        self._everyday = everyday
        self._stems = {word[:STEM] for word in self._counts if len(word) >= STEM}
        self._cache: dict[str, str] = {}
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._counts):
            if len(word) >= SHORTEST and not word.isdigit():
                self._by_length.setdefault(len(word), []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the business uses a word."""
        return word in self._counts

    def repaired(self, words: list[str]) -> list[str]:
        """The words with those misspelt brought back to the vocabulary."""
        return [self._one(word) for word in words]

    def _one(self, word: str) -> str:
        if len(word) < SHORTEST or word in self._counts or word[:STEM] in self._stems or word.isdigit():
            return word
        found = self._cache.get(word)
        if found is None:
            found = word if self._everyday(word) else self._nearest(word)
            if len(self._cache) < 20_000:
                self._cache[word] = found
        return found

    def _nearest(self, word: str) -> str:
        slips = 2 if len(word) >= LONG else 1
        near: list[tuple[int, int, str]] = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            for known in self._by_length.get(length, ()):
                distance = OSA.distance(word, known, score_cutoff=slips)
                if distance <= 1 or (distance <= slips and word[0] == known[0]):
                    near.append((distance, -self._counts[known], known))
        return min(near)[2] if near else word
