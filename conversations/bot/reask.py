"""Whether a reply that somebody writes asks the customer for what is already known of him.

A fitted model (reask_model.py) says which facts each sentence asks for by its words. Rules then excuse who
states the known value for a yes, and who wants a detail it lacks. Where a worker said what the draft means
(reask_meaning.py), both are weighed together (reask_joint.py).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from conversations.bot import normalise, reask_joint
from conversations.bot.reask_features import Sentence, sentences
from conversations.bot.reask_model import UNLIKELY, Asking, askings
from conversations.bot.reask_words import KEYS, LANGUAGES

LONGEST = 2_000
"""Letters of a draft that are looked at."""
LIKELY = 0.5
"""How likely a fact must be asked for to be said to."""
_CHOSEN = frozenset({"branch", "hour", "payment_method", "product", "appointment"})
"""Facts that may be asked for by naming the values there are."""
_TOLD = frozenset({"photo", "reason"})
"""Facts whose words are a description: to use some of them is not to state them."""
_SIZE = re.compile(r"\b(?:tallas?|tamanhos?|sizes?|calza\w*|calca)\b")
_SIZED = re.compile(
    r"\b(?:x{0,3}s|p{1,2}|m|g{1,3}|x{0,3}l|\d{1,3}|chic[oa]|grande|median[oa]|small|medium|large)\b"
)
_MODEL = re.compile(r"\b(?:model\w*|marca|brand|make)\b")
_POSTCODE = re.compile(r"\b(?:postal|cep|cp|zip|postcode)\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that is asked for again: which, in what words, and what is known of it."""

    kind: str
    words: str
    fact: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a draft may ask for a known fact, and what that comes to."""

    places: list[tuple[Sentence, Asking]]
    words: reask_joint.Evidence


def reasks(
    draft: str, known: Mapping[str, str], language: str, meant: Mapping[str, float] | None = None
) -> list[Found]:
    """What a draft asks for although it is known, each fact once and in the order of the draft.

    `meant` is what reask_meaning.py makes of it; without that words alone decide.
    """
    found = []
    for key, reading in readings(draft, known, language).items():
        if reading.words.every and (
            reask_joint.is_asked(key, _spoken(language), reading.words, meant)
            if meant
            else reading.words.left > LIKELY
        ):
            start, end = _place(reading.places)
            found.append((start, Found(key, draft[start:end], known[key])))
    return [one for _start, one in sorted(found, key=lambda pair: pair[0])]


def readings(draft: str, known: Mapping[str, str], language: str) -> dict[str, Reading]:
    """What the words of a draft say about each known fact."""
    held = {key: fact for key, fact in known.items() if fact and key in KEYS}
    parts = sentences(draft[:LONGEST], _spoken(language)) if held else []
    found = {}
    for key, read in _read(parts, frozenset(held)).items():
        fact = held[key]
        left = [(sentence, ask) for sentence, ask in read if not _is_fine(key, fact, sentence, ask)]
        evidence = reask_joint.Evidence(_chance(read), _chance(left), reask_joint.shown(parts, fact))
        found[key] = Reading(left or read, evidence)
    return found


def asks(draft: str, language: str) -> list[str]:
    """The kinds of fact a draft asks for, known or not."""
    parts = sentences(draft[:LONGEST], _spoken(language))
    return [key for key, read in _read(parts, frozenset(KEYS)).items() if _chance(read) > LIKELY]


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else "es"


def _read(parts: list[Sentence], keys: frozenset[str]) -> dict[str, list[tuple[Sentence, Asking]]]:
    found: dict[str, list[tuple[Sentence, Asking]]] = {key: [] for key in KEYS if key in keys}
    for before, sentence, after in zip([None, *parts], parts, [*parts[1:], None], strict=False):
        for key, ask in askings(before, sentence, after, keys):
            found[key].append((sentence, ask))
    return found


def _chance(read: list[tuple[Sentence, Asking]]) -> float:
    """How likely any of the witnesses is right."""
    return 1 - math.prod(1 - ask.chance for _sentence, ask in read)


def _place(read: list[tuple[Sentence, Asking]]) -> tuple[int, int]:
    """Where in the draft the first of the likely words stand; those that name the fact rather than others."""
    least = max(ask.chance for _sentence, ask in read) / 2
    likely = [(sentence, ask) for sentence, ask in read if ask.chance >= least]
    named = [(sentence, ask) for sentence, ask in likely if ask.is_named]
    places = [(one.words[ask.first].start, one.words[ask.last - 1].end) for one, ask in named or likely]
    return min(places)


def _is_fine(key: str, fact: str, sentence: Sentence, ask: Asking) -> bool:
    """Whether the known value is stated for a yes, or what is asked for is more than is known."""
    if ask.chance < UNLIKELY:
        return False
    words = [word.text for word in sentence.words]
    if key not in _TOLD and reask_joint.states(words, fact):
        kinds = {word.concept for word in sentence.words}
        is_choice = key in _CHOSEN and "OR" in kinds
        if not is_choice or "OTHER" in kinds:
            return True
    return _lacks(key, " ".join(words[ask.first : ask.last + 1]), fact)


def _lacks(key: str, words: str, fact: str) -> bool:
    """Whether a detail is asked for that the known value does not hold."""
    plain = " ".join(normalise.tokens(fact))
    if key == "product" and _SIZE.search(words) and not _MODEL.search(words):
        return not _SIZED.search(plain)
    if key == "product" and _MODEL.search(words):
        return fact == fact.lower() and not any(char.isdigit() for char in fact)
    return key == "address" and bool(_POSTCODE.search(words)) and not re.search(r"\d{4,}", fact)
