"""Where a message asks for a fact and nothing besides, the fact comes first, whatever looks alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conversations.bot.retrieve import Entry
from conversations.bot.understand import ANSWERS, Candidate
from conversations.facts.asking import CATEGORIES, WAYS, kind_of
from conversations.facts.wares import Shelf, asks_for

PREFIX = "fact:"
SURE = 0.97
"""How likely it is that the strict question of a fact means it."""


@dataclass(frozen=True)
class Settling:
    """What a business can tell, and by which entries of its index."""

    homes: Mapping[str, Entry] = field(default_factory=dict)
    """By kind: the fact's own entry, or that of the article which answers the same."""
    twins: Mapping[str, str] = field(default_factory=dict)
    """Kinds of facts by the identifiers of the articles that answer the same."""
    shelf: Shelf | None = None

    def __call__(
        self, text: str, words: Sequence[str], language: str, candidates: tuple[Candidate, ...]
    ) -> tuple[tuple[Candidate, ...], bool]:
        """The candidates, the fact first where it is asked for, and whether nothing else is asked for."""
        kind = kind_of(words, language)
        if kind in self.homes:
            return self._first(self._home(kind, candidates), candidates), True
        best = candidates[0].probability if candidates else 0.0
        named = asks_for(self.shelf, text, language) if self.shelf else None
        if named and named.is_sure and (best < ANSWERS or (named.is_one and named.is_whole)):
            return self._first(entry_of("product", language), candidates), True
        return candidates, False

    def _home(self, kind: str, candidates: tuple[Candidate, ...]) -> Entry:
        """The likeliest of the entries that answer it: a business may have several articles of its hours."""
        for one in candidates:
            if self.twins.get(one.entry.id) == kind:
                return one.entry
        return self.homes[kind]

    def _first(self, entry: Entry, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        known = next((one.probability for one in candidates if one.entry.id == entry.id), 0.0)
        rest = (one for one in candidates if one.entry.id != entry.id)
        left = 1 - max(known, SURE)
        lowered = (Candidate(one.entry, min(one.probability, left)) for one in rest)
        return (Candidate(entry, max(known, SURE)), *lowered)


def entry_of(kind: str, language: str) -> Entry:
    """What a fact is found by, in a language."""
    ways = WAYS[kind][language]
    return Entry(PREFIX + kind, ways, ways[0], CATEGORIES[kind], language, is_live=True)
