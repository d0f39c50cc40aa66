"""Everything the bot makes of one message, in one pass: rules first, then meaning, with probabilities.

Give `understand` the business's Index and words; it sends nothing and asks no database.
"""

from dataclasses import dataclass, field
from typing import Any

from conversations.bot import calibrate, cues, heads, language, letters, lexicon, normalise, wishes
from conversations.bot.calibrate import ANSWERS, ASKS
from conversations.bot.language import Language
from conversations.bot.lexicon import Hit
from conversations.bot.normalise import LONGEST
from conversations.bot.retrieve import Entry, Index
from conversations.bot.wishes import Wish

COMPLAINS = 0.15
"""From here on a message counts as a complaint that a person should see."""
WISHES_DIRECT, WISHES_INDIRECT = 0.6, 0.2
"""From here on it asks for a person; from here on it asks for one or shows that one is needed."""
FEW_WORDS, WISHES_IN_SHORT, COMPLAINS_IN_SHORT = 4, 0.6, 0.5
"""So short a message is often the answer to a question of ours: it must show plainly what it wants."""
SURE_OF_MOOD = 0.6
SHOWS = 0.4
"""From here on confusion or frustration counts as shown."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a message."""

    language: str = "es"
    """The conversation's language, else the business's: for texts too short to tell."""
    countries: tuple[str, ...] | None = None
    """Whose words to look for; all where None."""
    words: tuple[str, ...] = ()
    """The business's own escalation words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that may be meant, and how likely it is the right one."""

    entry: Entry
    probability: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message says and wants."""

    text: str
    language: Language
    category: str
    categories: dict[str, float]
    urgency: str
    urgencies: dict[str, float]
    mood: str
    moods: dict[str, float]
    mood_sure: bool
    """False for irony, mixed feelings and low confidence: nothing may be built on such a mood."""
    confusion: float
    frustration: float
    wish: Wish
    wish_words: str
    wish_probability: float
    hits: tuple[Hit, ...]
    complaint: float
    escalates: bool
    """A word of the lexicon that is meant, or a complaint likely enough."""
    candidates: tuple[Candidate, ...] = field(default=())

    @property
    def confused(self) -> bool:
        """Whether the writer shows not to understand."""
        return self.confusion >= SHOWS

    @property
    def frustrated(self) -> bool:
        """Whether the writer's patience wears thin."""
        return self.frustration >= SHOWS

    @property
    def topic(self) -> Entry | None:
        """What it is about: the likeliest answer, if likely at all."""
        best = self.candidates[0] if self.candidates else None
        return best.entry if best is not None and best.probability >= ASKS else None

    @property
    def answer(self) -> Candidate | None:
        """The answer to give, where one is sure enough and nothing calls for a person first."""
        if self.wish is not Wish.NO or self.escalates or not self.candidates:
            return None
        return self.candidates[0] if self.candidates[0].probability >= ANSWERS else None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules say before any model is asked."""

    wish: Wish
    wish_words: str
    hits: tuple[Hit, ...]

    @property
    def escalates(self) -> bool:
        """Whether a word of the lexicon is meant."""
        return any(not hit.harmless for hit in self.hits)


def rules(text: str, context: Context | None = None, spoken: str | None = None) -> Rules:
    """The wish for a person and the escalation words, without a model; quick enough for every message.

    They read a longer message than the models do (`normalise.stretches`).
    """
    context = context or Context()
    found = wishes.find(text, spoken or context.language)
    hits = lexicon.lexicon(context.countries, context.words).find(text)
    return Rules(found.wish, found.words, tuple(hits))


def understand(text: str, index: Index, context: Context | None = None) -> Understanding:
    """What one message says and wants, for the business that keeps `index`."""
    context = context or Context()
    spoken = language.detect(text, fallback=context.language)
    first = rules(text, context, spoken.code)
    text = text[:LONGEST]
    query = index.query(text, spoken.code)
    vectors = None
    if index.encoder is not None and query.words:
        vectors = index.encoder.encode([query.text, heads.typed(text)])
    signs = cues.cues(text, query.text, spoken.code, first.wish, list(first.hits))
    chances = heads.probabilities(heads.Inputs(vectors, letters.buckets(query.text), signs))
    matches = index.matches(query, None if vectors is None else vectors[0])
    right = calibrate.probability(query, matches, chances, meaning=vectors is not None)
    candidates, is_plain = _candidates(matches, right), False
    if index.settle is not None:
        candidates, is_plain = index.settle(text, query.words, spoken.code, candidates)
    complaint = 0.0 if is_plain else chances["escalate"]["yes"]
    is_short = len(normalise.tokens(text)) <= FEW_WORDS
    escalates = first.escalates or complaint >= (COMPLAINS_IN_SHORT if is_short else COMPLAINS)
    wish, wish_probability = _wish(first.wish, chances["wish"], is_short=is_short)
    if is_plain and first.wish is Wish.NO:  # each of its words belongs to the question: it wants nothing else
        wish, wish_probability = Wish.NO, 1 - chances["wish"]["no"]
    categories = _categories(chances["category"], candidates, escalates, wish, meant=first.escalates)
    moods = chances["mood"]
    mood = _best(moods)
    mixed = cues.mixed(query.text, text)
    return Understanding(
        text=text,
        language=spoken,
        category=_best(categories),
        categories=categories,
        urgency=_best(chances["urgency"]),
        urgencies=chances["urgency"],
        mood=mood,
        moods=moods,
        mood_sure=moods[mood] >= SURE_OF_MOOD and not mixed,
        confusion=chances["confused"]["yes"],
        frustration=chances["frustrated"]["yes"],
        wish=wish,
        wish_words=first.wish_words,
        wish_probability=wish_probability,
        hits=first.hits,
        complaint=complaint,
        escalates=escalates,
        candidates=candidates,
    )


def _candidates(matches: list[Any], right: float) -> tuple[Candidate, ...]:
    rest = sum(match.share for match in matches[1:]) or 1.0
    return tuple(
        Candidate(
            match.entry, right if number == 0 else (1 - right) * min(match.share / rest, 1.0) * match.share
        )
        for number, match in enumerate(matches)
    )


def _wish(read: Wish, chances: dict[str, float], *, is_short: bool) -> tuple[Wish, float]:
    if read is not Wish.NO:
        return read, max(chances[read.value], 0.9)
    if chances["direct"] >= WISHES_DIRECT:
        return Wish.DIRECT, chances["direct"]
    if chances["indirect"] + chances["direct"] >= (WISHES_IN_SHORT if is_short else WISHES_INDIRECT):
        return Wish.INDIRECT, chances["indirect"] + chances["direct"]
    return Wish.NO, 1 - chances["no"]


def _categories(
    chances: dict[str, float], candidates: tuple[Candidate, ...], escalates: bool, wish: Wish, *, meant: bool
) -> dict[str, float]:
    """The head's chances, moved towards the likeliest answer's category and away from what rules exclude."""
    weights = dict(chances)
    if candidates and candidates[0].entry.category in weights:
        sure = candidates[0].probability
        for name in weights:
            weights[name] *= 1 - 0.8 * sure
        weights[candidates[0].entry.category] += 0.8 * sure
    weights["complaint"] *= 4.0 if escalates else 0.3
    weights["complaint"] += 1.0 if meant else 0.0
    if wish is not Wish.NO and not escalates:
        weights["general"] *= 4.0
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _best(chances: dict[str, float]) -> str:
    return max(sorted(chances), key=chances.__getitem__)
