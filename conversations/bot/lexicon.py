"""Words a shop escalates on, found before any model: through typos, accents, spacing and emoji.

Each hit tells whether it is meant: "no quiero devolver nada" and "¿política de devoluciones?" are not.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from conversations.bot import normalise
from conversations.bot.harmless import Reading
from conversations.bot.lexicon_words import COUNTRIES, EMOJI, EVERYDAY, EVERYWHERE, Kind
from conversations.bot.words import everyday

SHORTEST = 4
"""Words of fewer letters match only as written."""
_LITTLE = frozenset(
    "a al de d del do da dos das e el la lo los las o os as to the of my mi meu y en un una".split()  # noqa: SIM905
)
_TOKEN = re.compile(r"[^\W_]+")
_CHAT_TOKEN = re.compile(r"[^\W_@$]+(?:[@$*'’´`][^\W_]+)*")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .*_-]{1,2}){3,}[^\W\d_](?![^\W_])")
_MARKS = str.maketrans("@$", "as", "*'’´`")
_GAPS = re.compile(
    r"\b(?:send|sending|sent|ship|shipping|take|taking|bring|bringing) "
    r"(?:the |this |that |it|them|my |these |those )(?:\w+ ){0,3}?back\b"
    r"|\b(?:regresen|regrese|regresar|regreses|devuelvan) (?:\w+ ){0,3}(?:dinero|lana|plata|feria)\b"
    r"|\b(?:dinero|plata|lana|dinheiro|grana) de (?:vuelta|volta)\b"
    r"|\b(?:want|get|give|need) (?:\w+ ){0,2}money back\b"
)
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the lexicon as it stands in a message."""

    word: str
    """The lexicon's own form."""
    kind: Kind
    typed: str
    harmless: bool
    """Negated, a question about policy, or another sense."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    raw: str
    """With its letters as often as typed."""


class Lexicon:
    """The words of some countries and of one business, ready to be looked for."""

    def __init__(
        self,
        countries: Iterable[str] | None = None,
        extra: Iterable[str] = (),
        everywhere: Mapping[Kind, str] = EVERYWHERE,
    ) -> None:
        self._single: dict[str, tuple[str, Kind]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str, Kind]]] = {}
        self._near: dict[str, list[str]] = {}
        self._exact: set[str] = set()
        self._has_signs = bool(everywhere)
        chosen = sorted(COUNTRIES) if countries is None else countries
        for table in (everywhere, *(COUNTRIES.get(country, {}) for country in chosen)):
            for kind, text in table.items():
                for form in forms(text):
                    self._add(form, kind)
        for form in extra:
            self._add(" ".join(normalise.tokens(form)), Kind.COMPLAINT)
        for word in sorted(self._slippery()):
            for key in _deletions(word):
                self._near.setdefault(key, []).append(word)

    def _add(self, form: str, kind: Kind) -> None:
        exact = form.endswith("!")
        form = form.rstrip("!")
        words = tuple(word for word in form.split() if word not in _LITTLE) or tuple(form.split())
        if not words:
            return
        if exact:
            self._exact.update(words)
        if len(words) == 1:
            self._single.setdefault(words[0], (form, kind))
        else:
            self._phrases.setdefault(words[0], []).append((words, form, kind))

    def _slippery(self) -> set[str]:
        inside = {word for held in self._phrases.values() for words, _, _ in held for word in words}
        return {
            word
            for word in self._single.keys() | inside
            if len(word) >= SHORTEST and not (word in self._exact and word in self._single)
        }

    def words(self) -> list[str]:
        """The single words of which slips are found too."""
        return sorted(word for word in self._single if len(word) >= SHORTEST and word not in self._exact)

    def find(self, text: str) -> list[Hit]:
        """Every word of the lexicon in a text, in order, each place once."""
        found = [
            (stretch.start + at, hit)
            for stretch in normalise.stretches(text)
            for at, hit in self._hits(stretch.text)
            if stretch.first <= at < stretch.last
        ]
        return [hit for _at, hit in sorted(found, key=lambda one: (one[0], one[1].word))]

    def _hits(self, text: str) -> list[tuple[int, Hit]]:
        """Words with their places in one stretch of a text, in no order."""
        plain = _with_places(text)
        tokens = _words(plain)
        hits: list[tuple[int, int, str, Kind]] = [
            *self._phrase_hits(tokens),
            *self._word_hits(tokens),
            *self._joined_hits(tokens),
        ]
        if self._has_signs:
            hits += [(*match.span(), match.group(), Kind.RETURN) for match in _GAPS.finditer(plain)]
            hits += [(at, at + 1, char, EMOJI[char]) for at, char in enumerate(plain) if char in EMOJI]
        found: list[tuple[int, Hit]] = []
        taken = [False] * (len(plain) + 1)
        reading = Reading([word.text for word in tokens], plain) if hits else None
        for start, end, form, kind in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0], hit[2])):
            if any(taken[start:end]):
                continue
            taken[start:end] = [True] * (end - start)
            first = next((n for n, word in enumerate(tokens) if word.end > start), 0)
            last = next((n for n, word in enumerate(tokens) if word.end >= end), first)
            harmless = reading is not None and bool(tokens) and reading.harmless(first, last, kind)
            found.append((start, Hit(form, kind, text[start:end], harmless)))
        return found

    def _word_hits(self, tokens: Sequence[_Word]) -> list[tuple[int, int, str, Kind]]:
        found = []
        for token in tokens:
            match = next((m for m in map(self._match, (token.text, token.raw)) if m in self._single), None)
            if match is not None:
                form, kind = self._single[match]
                found.append((token.start, token.end, form, kind))
        return found

    def _phrase_hits(self, tokens: Sequence[_Word]) -> list[tuple[int, int, str, Kind]]:
        weighty = [token for token in tokens if token.text not in _LITTLE]
        found = []
        for number, token in enumerate(weighty):
            for first in {token.text, self._match(token.text)}:
                for words, form, kind in self._phrases.get(first, ()):
                    rest = weighty[number : number + len(words)]
                    same = sum(have.text == word for have, word in zip(rest, words, strict=False))
                    if len(rest) == len(words) and all(
                        have.text == word or (same and self._near_to(have.text, word))
                        for have, word in zip(rest, words, strict=True)
                    ):
                        found.append((rest[0].start, rest[-1].end, form, kind))
        return found

    def _joined_hits(self, tokens: Sequence[_Word]) -> list[tuple[int, int, str, Kind]]:
        found = []
        for number in range(len(tokens) - 1):
            for size in (2, 3):
                group = tokens[number : number + size]
                if len(group) < size:
                    continue
                joined = "".join(token.text for token in group)
                parts_known = all(len(t.text) >= SHORTEST and everyday(t.text) for t in group)
                loose = "".join("de" if t.text == "d" else t.text for t in group)
                for whole in (joined, loose):
                    if (
                        len(whole) > 5
                        and whole in self._single
                        and whole not in self._exact
                        and not parts_known
                    ):
                        form, kind = self._single[whole]
                        found.append((group[0].start, group[-1].end, form, kind))
        return found

    def _match(self, word: str) -> str:
        """The lexicon's word that is meant, or nothing."""
        if word in self._single:
            return word
        clean = word.translate(_LEET) if any(char.isdigit() for char in word) else word
        if clean in self._single and not clean.isdigit() and clean not in self._exact:
            return clean
        if len(clean) < SHORTEST - 1 or clean in EVERYDAY or everyday(clean):
            return ""
        near = [
            (known not in self._single, OSA.distance(clean, known), known)
            for known in {known for key in _deletions(clean) for known in self._near.get(key, ())}
        ]
        close = sorted(slip for slip in near if slip[1] <= 1)
        return close[0][2] if close else ""

    def _near_to(self, word: str, known: str) -> bool:
        if word == known:
            return True
        return len(known) >= SHORTEST and not everyday(word) and OSA.distance(word, known) <= 1


def forms(text: str) -> list[str]:
    """The words a line of lexicon_words stands for: `devolv(er,io)` is two."""
    found: dict[str, None] = {}
    for item in text.split():
        exact = "!" if item.endswith("!") else ""
        options = [""]
        for piece in re.split(r"(\([^)]*\))", item.rstrip("!?")):
            endings = piece[1:-1].split(",") if piece.startswith("(") else [piece]
            options = [option + ending for option in options for ending in endings]
        found.update(dict.fromkeys(option.replace("_", " ").replace("-", " ") + exact for option in options))
    return list(found)


def _deletions(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _with_places(text: str) -> str:
    """The text bare, letter for letter, so that places in it are places in what was typed."""
    return "".join(normalise.bare(char)[:1] or char for char in text)


def _words(plain: str) -> list[_Word]:
    spaced = [match.span() for match in _SPACED.finditer(plain)]
    found = []
    for start, end in spaced:
        begin = start
        if plain[start] in "aeoy" and end - start > 11:
            found.append(_Word(start, start + 1, plain[start], plain[start]))
            begin = start + 2
        word = "".join(_TOKEN.findall(plain[begin:end]))
        found.append(_Word(begin, end, word, word))
    for match in _CHAT_TOKEN.finditer(plain):
        if not any(start <= match.start() < end for start, end in spaced):
            raw = match.group().translate(_MARKS)
            word = normalise.unstretched(raw).strip()
            if word:
                found.append(_Word(match.start(), match.end(), word, raw))
    return sorted(found, key=lambda word: word.start)


@lru_cache(maxsize=256)
def lexicon(countries: tuple[str, ...] | None = None, extra: tuple[str, ...] = ()) -> Lexicon:
    """The lexicon of some countries (all, where none are named) with a business's own words."""
    return Lexicon(countries, extra)


@lru_cache(maxsize=256)
def only(words: tuple[str, ...]) -> Lexicon:
    """A lexicon of some words and no others."""
    return Lexicon((), words, {})
