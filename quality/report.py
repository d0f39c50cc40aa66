"""Figures of how well messages are understood; of the kept half only sums leave this module, never a text."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from conversations.bot import lexicon, normalise
from conversations.bot.calibrate import ANSWERS
from conversations.bot.lexicon_words import EVERYDAY
from conversations.bot.understand import Context, Understanding, understand
from conversations.bot.wishes import Wish
from conversations.bot.words import everyday
from quality import disturb
from quality.train import samples, sources

LANGUAGES = ("es", "pt", "en")
UNANSWERABLE = 0.2
SEED = 5
SLIPS_A_WORD = 10
ALIKE = 75
"""Of 100 letters, how many a hit shares with the labelled word."""


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled message and what was made of it."""

    row: dict[str, Any]
    language: str
    seen: Understanding


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with its counts."""

    name: str
    hits: float
    of: float
    aim: float | None = None
    below: bool = False
    """Whether the aim is a ceiling."""

    @property
    def share(self) -> float:
        """Hits of all, or 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def met(self) -> bool:
        """Whether the aim is reached; true where there is none."""
        if self.aim is None:
            return True
        return self.share <= self.aim if self.below else self.share >= self.aim


def read(half: str, language: str, change: Callable[[str], str], *, meaning: bool = True) -> list[Read]:
    """Every message of a half, changed, as the bot takes it."""
    rows = sources.read_jsonl(sources.DATA / half / f"{language}.jsonl")
    kept = "pt" if language == "pt" else "es"
    return [
        Read(
            sample.row, language, understand(change(sample.row["text"]), sample.index, Context(language=kept))
        )
        for sample in samples.samples(rows, language, meaning=meaning)
    ]


def changes(language: str) -> dict[str, Callable[[str], str]]:
    """As written, with slips, and with abbreviations."""
    return {
        "as written": lambda text: text,
        "with typos": lambda text: disturb.slips(text, SEED),
        "abbreviated": lambda text: disturb.shortened(text, language),
    }


def figures(reads: Sequence[Read]) -> list[Figure]:
    """What the product promises, on these messages."""
    return [*_answers(reads), *_wishes(reads), *_escalation(reads), *_heads(reads)]


def _answers(reads: Sequence[Read]) -> Iterator[Figure]:
    asked = [one for one in reads if one.row["entry"]]
    first = [
        one for one in asked if one.seen.candidates and one.seen.candidates[0].entry.id == one.row["entry"]
    ]
    third = [one for one in asked if one.row["entry"] in {held.entry.id for held in one.seen.candidates}]
    yield Figure("answer found first", len(first), len(asked), 0.85)
    yield Figure("answer among three", len(third), len(asked))
    # The unanswerable are weighed down to a fifth of all messages.
    none = [one for one in reads if not one.row["entry"]]
    weight = UNANSWERABLE / (1 - UNANSWERABLE) * len(asked) / max(len(none), 1)
    answered = [one for one in asked if one.seen.answer]
    right = sum(one.seen.answer.entry.id == one.row["entry"] for one in answered if one.seen.answer)
    wrongly = sum(one.seen.answer is not None for one in none) * weight
    yield Figure(f"answered rightly at p ≥ {ANSWERS}", right, len(answered) + wrongly, 0.95)
    yield Figure("answered of all (coverage)", len(answered) + wrongly, len(asked) + len(none) * weight, 0.5)
    yield Figure("answerable answered", len(answered), len(asked))
    near = [one for one in none if one.row["wants_person"] == "no" and not one.row["escalate"]]
    yield Figure("unanswerable questions answered", sum(o.seen.answer is not None for o in near), len(near))


def _wishes(reads: Sequence[Read]) -> Iterator[Figure]:
    for wish, aim in (("direct", 0.97), ("indirect", 0.85)):
        those = [one for one in reads if one.row["wants_person"] == wish]
        yield Figure(f"{wish} wish noticed", sum(o.seen.wish is not Wish.NO for o in those), len(those), aim)
    rest = [one for one in reads if one.row["wants_person"] == "no"]
    yield Figure(
        "false direct wishes", sum(o.seen.wish is Wish.DIRECT for o in rest), len(rest), 0.01, below=True
    )
    yield Figure("false indirect wishes", sum(o.seen.wish is Wish.INDIRECT for o in rest), len(rest))


def _escalation(reads: Sequence[Read]) -> Iterator[Figure]:
    those = [one for one in reads if one.row["escalate"]]
    rest = [one for one in reads if not one.row["escalate"]]
    yield Figure("complaints escalated", sum(one.seen.escalates for one in those), len(those), 0.9)
    yield Figure(
        "escalated or given a person",
        sum(o.seen.escalates or o.seen.wish is not Wish.NO for o in those),
        len(those),
    )
    yield Figure("escalated without cause", sum(one.seen.escalates for one in rest), len(rest))
    said = [(one, word) for one in reads for word in one.row["words"]]
    found = sum(any(_same(hit.typed, word) for hit in one.seen.hits) for one, word in said)
    yield Figure("labelled words known", found, len(said))
    meant = [one for one in reads if one.row["words"] and one.row["escalate"]]
    harmless = [one for one in reads if one.row["words"] and not one.row["escalate"]]
    yield Figure("meant words escalated", sum(one.seen.escalates for one in meant), len(meant))
    yield Figure("harmless words left alone", sum(not one.seen.escalates for one in harmless), len(harmless))


def _same(typed: str, word: str) -> bool:
    """Whether two expressions are one but for slips."""
    return fuzz.partial_ratio(normalise.bare(typed), normalise.bare(word)) >= ALIKE


def _heads(reads: Sequence[Read]) -> Iterator[Figure]:
    for name in ("category", "mood", "urgency"):
        right = sum(getattr(one.seen, name) == one.row[name] for one in reads)
        yield Figure(f"{name} right", right, len(reads))
    sure = [one for one in reads if one.seen.mood_sure]
    yield Figure("mood right where sure", sum(one.seen.mood == one.row["mood"] for one in sure), len(sure))
    for name in ("confused", "frustrated"):
        those = [one for one in reads if one.row[name]]
        said = [one for one in reads if getattr(one.seen, name)]
        yield Figure(f"{name} noticed", sum(getattr(one.seen, name) for one in those), len(those))
        yield Figure(f"{name} rightly said", sum(one.row[name] for one in said), len(said))
    yield Figure("language right", sum(o.seen.language.code == o.language for o in reads), len(reads))


def lexicon_figures(halves: Sequence[str]) -> list[Figure]:
    """The lexicon's words with one slip that is no everyday word, and words people wrote."""
    found = lexicon.lexicon()
    tries = [
        slipped
        for word in found.words()
        for number in range(SLIPS_A_WORD)
        if _is_slip(slipped := disturb.one_slip(word, number))
    ]
    result = [
        Figure(
            "lexicon words with one typo",
            sum(bool(found.find(f"hola {t} ya")) for t in tries),
            len(tries),
            1.0,
        )
    ]
    for half in halves:
        counts: Counter[bool] = Counter()
        for language in LANGUAGES:
            for row in sources.read_jsonl(sources.DATA / half / f"{language}.jsonl"):
                for word in row["words"]:
                    counts.update(_slipped(found, word))
        result.append(Figure(f"words of the {half} half with one typo", counts[True], counts.total(), 1.0))
    return result


def _slipped(found: lexicon.Lexicon, expression: str) -> list[bool]:
    """For an expression the lexicon knows: whether it is still found after a slip in its longest word."""
    if not found.find(expression):
        return []
    longest = max(normalise.tokens(expression), key=len)
    if len(longest) < lexicon.SHORTEST or longest not in found.words():
        return []
    plain = " ".join(normalise.tokens(expression))
    slipped = [disturb.one_slip(longest, number) for number in range(5)]
    return [bool(found.find(plain.replace(longest, slip))) for slip in slipped if _is_slip(slip)]


def _is_slip(word: str) -> bool:
    return len(word) >= lexicon.SHORTEST - 1 and not everyday(word) and word not in EVERYDAY
