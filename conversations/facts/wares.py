"""Which of the things a business sells a message names: by words, typos forgiven, nothing guessed.

`Shelf` is built once for a list of names and kept; finding costs no query.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from conversations.bot import normalise
from conversations.facts.asking import ABOUT_WARES, wants_wares, words_of

LIKE = 82
"""How alike, of a hundred, a word with a typo and a word of a name must be."""
SHORTEST = 4
"""Letters of a word that may hold a typo."""
MOST_WORDS = 30
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Ware:
    """Something sold, as it is called."""

    id: Any
    names: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names: one ware, or several that are as likely."""

    ids: tuple[Any, ...]
    is_whole: bool = False
    """Whether the whole name stands in the message."""
    rest: tuple[str, ...] = ()
    """Words that belong neither to a name nor to the question."""

    @property
    def is_one(self) -> bool:
        return len(self.ids) == 1

    @property
    def is_sure(self) -> bool:
        """Whether nothing else is said: the question is of wares alone."""
        return not self.rest


class Shelf:
    """The names of a business's wares in one language, by their words."""

    def __init__(self, wares: Iterable[Ware], language: str) -> None:
        self.language = language
        self._ids: list[Any] = []
        self._names: list[list[frozenset[str]]] = []
        self._codes: dict[str, int] = {}
        holders: dict[str, set[int]] = defaultdict(set)
        for ware in wares:
            place = len(self._ids)
            self._ids.append(ware.id)
            names = [frozenset(_stems(name, language)) for name in ware.names]
            self._names.append([name for name in names if name])
            if ware.code:
                self._codes.setdefault(_code(ware.code), place)
            for name in names:
                for word in name:
                    holders[word].add(place)
        self._holders = dict(holders)
        count = len(self._ids)
        self._worth = {word: math.log(1 + count / len(places)) for word, places in holders.items()}
        self._ends: dict[str, list[str]] = defaultdict(list)
        for word in self._holders:
            if len(word) >= SHORTEST and not word.isdigit():
                self._ends[word[:1]].append(word)
                self._ends[f"-{word[-1:]}"].append(word)

    def __len__(self) -> int:
        return len(self._ids)

    def named(self, text: str) -> Named | None:
        """What a message names, or None where it names nothing that is sold."""
        for code in text.split():
            if (place := self._codes.get(_code(code))) is not None:
                return Named((self._ids[place],), is_whole=True)
        words = _words(text, self.language)[:MOST_WORDS]
        found: Counter[int] = Counter()
        meant: dict[str, float] = {}
        rest = []
        for word in words:
            stem = _stem(word)
            known = stem if stem in self._holders and stem not in _QUIET else self._nearest(word, stem)
            if known:
                meant[known] = self._worth[known]
            elif word not in ABOUT_WARES and not word.isdigit():
                rest.append(word)
        for word, worth in meant.items():
            for place in self._holders[word]:
                found[place] += worth  # type: ignore[assignment]
        if not found:
            return None
        return self._likeliest(found, frozenset(meant), tuple(rest))

    def _nearest(self, word: str, stem: str) -> str:
        if word in ABOUT_WARES or len(stem) < SHORTEST or any(char.isdigit() for char in stem):
            return ""
        likely = [*self._ends.get(stem[:1], ()), *self._ends.get(f"-{stem[-1:]}", ())]  # one end is right
        best = process.extractOne(stem, likely, scorer=fuzz.ratio, score_cutoff=LIKE)
        return best[0] if best else ""

    def _likeliest(self, found: Counter[int], meant: frozenset[str], rest: tuple[str, ...]) -> Named:
        most = max(found.values())
        best = [place for place, worth in found.items() if worth >= most - 1e-9]
        whole = [place for place in best if any(name <= meant for name in self._names[place])]
        if len(whole) == 1:
            return Named((self._ids[whole[0]],), is_whole=True, rest=rest)
        chosen = whole or best
        return Named(tuple(self._ids[place] for place in sorted(chosen)), is_whole=bool(whole), rest=rest)


_QUIET = words_of("de del la el los las y e o en con para por un una a do da dos das the of for and")


def _words(text: str, language: str) -> list[str]:
    return normalise.expanded(normalise.tokens(text), language)


def _stem(word: str) -> str:
    """Without the ending of a plural."""
    if len(word) > 4 and word.endswith("es"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] in "sea" and not word.isdigit() else word


def _stems(name: str, language: str) -> Sequence[str]:
    return [_stem(word) for word in _words(name, language) if word not in _QUIET]


def _code(text: str) -> str:
    return "".join(char for char in normalise.bare(text) if char.isalnum())


def asks_for(shelf: Shelf, text: str, language: str) -> Named | None:
    """What is asked for of what is sold: its price, or whether there is some. None for any other message."""
    if not len(shelf) or not wants_wares(_words(text, language)):
        return None
    return shelf.named(text)
