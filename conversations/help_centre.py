"""What a business answers to everybody: its published answers by what they are about, and searched.

A business has at most two thousand; they are read once for a page and searched in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import pgettext_lazy
from rapidfuzz import fuzz

from conversations import knowledge
from conversations.bot.words import STOP_WORDS
from conversations.models import ArticleVersion, Category
from tenants.kit.text import bare_words

CHANNEL_KIND = "web"
SHOWN = 6
"""Questions of a section on the first page."""
RELATED = 5
MOST_FOUND = 30
LIKE = 84
"""How alike, of a hundred, a word with a typo must be."""
SHORTEST = 4
MOST_WORDS = 8
SECTIONS: dict[str, tuple[Any, str]] = {
    Category.SALES: (pgettext_lazy("help centre", "Before you buy"), "shopping-bag"),
    Category.SUPPORT: (pgettext_lazy("help centre", "Help with what you have"), "wrench"),
    Category.COMPLAINT: (pgettext_lazy("help centre", "Returns and problems"), "undo-2"),
    Category.GENERAL: (pgettext_lazy("help centre", "About us"), "store"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """Answers about one thing."""

    category: str
    name: str
    icon: str
    answers: list[ArticleVersion]

    @property
    def shown(self) -> list[ArticleVersion]:
        """Those on the first page."""
        return self.answers[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.answers) - SHOWN)


def public(at: datetime | None = None) -> list[ArticleVersion]:
    """All that everybody may read at a moment, in every language. Two queries."""
    found = knowledge.published(channel_kind=CHANNEL_KIND, at=at)
    return [version for version in found if version.is_public]


def spoken(found: Sequence[ArticleVersion], language: str, usual: str) -> list[ArticleVersion]:
    """Those in a language; in the business's where there is none, in all where there is none of these."""
    for wanted in (language, usual):
        chosen = [version for version in found if version.language == wanted]
        if chosen:
            return chosen
    return list(found)


def sections(found: Sequence[ArticleVersion]) -> list[Section]:
    """Answers by what they are about, empty ones left out."""
    made = [
        Section(category, str(name), icon, [one for one in found if one.category == category])
        for category, (name, icon) in SECTIONS.items()
    ]
    return [section for section in made if section.answers]


def search(found: Sequence[ArticleVersion], q: str) -> list[ArticleVersion]:
    """Those that speak of some words, the best first; accents and small typos are forgiven."""
    said = bare_words(q).split()[:MOST_WORDS]
    words = [word for word in said if word not in STOP_WORDS] or said
    if not words:
        return []
    scored = ((_score(version, words), number, version) for number, version in enumerate(found))
    best = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1]))
    return [version for _score_of, _number, version in best[:MOST_FOUND]]


def _score(version: ArticleVersion, words: Sequence[str]) -> float:
    places = (
        (3.0, bare_words(version.question)),
        (2.0, bare_words(" ".join(version.phrasings))),
        (1.0, bare_words(version.answer)),
    )
    scores = [max(weight * _likeness(word, text) for weight, text in places) for word in words]
    hits = sum(score > 0 for score in scores)
    return sum(scores) if 2 * hits >= len(words) else 0.0


def _likeness(word: str, text: str) -> float:
    if word in text:
        return 1.0
    if len(word) < SHORTEST:
        return 0.0
    stem = word[:-1] if word[-1] in "sao" else word
    if stem in text:
        return 0.9
    return 0.7 if any(fuzz.ratio(word, other) >= LIKE for other in text.split()) else 0.0


def related(found: Sequence[ArticleVersion], version: ArticleVersion) -> list[ArticleVersion]:
    """Others about the same, in the same language."""
    same = [one for one in found if one.category == version.category and one.language == version.language]
    return [one for one in same if one.pk != version.pk][:RELATED]


def words_of(version: ArticleVersion) -> str:
    """A question as it stands in its address."""
    return slugify(version.question)[:80].strip("-") or "answer"
