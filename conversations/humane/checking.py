"""The rules, one function each; every finding says where, why, and what a person would write."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import pyphen
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.humane import phrases
from tenants.kit.text import PLACE as FILLED_IN
from tenants.kit.text import bare

Kind = Literal["campaign", "template", "reply"]
LANGUAGES = ("es", "pt", "en")
LONGEST = 50_000  # letters looked at
LONG_SENTENCE = 32  # words
MOST_WORDS = {"campaign": 180, "template": 150, "reply": 160}
LONGEST_WORD = 40  # letters of it that are cut into syllables
ENOUGH_WORDS = 40  # below them reading ease says nothing
HARD = 45.0  # of 100
SHOUTED, ACRONYM = 3, 4  # words in capitals that are shouting; letters up to which one is an abbreviation
# Each of these looks at a letter a few times at most, however odd the text.
PLACE = re.compile(FILLED_IN)
OF_NAME = re.compile(r"\{\{\s*customer\.(?:first_name|name)\b")
OF_HIS = re.compile(r"(?:order|appointment|product|agent|payment)\.")
WORD = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
CAPITALS = re.compile(r"(?:\b[^\W\d_a-zà-ÿ]{2,}\b[ ,:;!¡¿?]*)+")
MARKS = re.compile(r"[!¡]{2,}|\?{2,}|(?:[!?]){3,}")
BLANKS = re.compile(r"\[[^\]\n]{2,40}\]|\bX{3,}\b|<[^>\n]{2,40}>|_{3,}")
LINK = re.compile(r"https?://\S+|\bwww\.\S+|\+?\d[\d ()-]{6,}\d|[\w.+-]@[\w-]+\.\w")


class Said(NamedTuple):
    """Why a finding is one, by its code."""

    why: str | Promise
    better: str | Promise = ""


SENTENCES: dict[str, Said] = {
    "shouting": Said(_("Capitals read like shouting."), _("Write it as you would say it.")),
    "marks": Said(_("So many marks sound like an advertisement."), _("One is enough.")),
    "stiff": Said(_("Nobody talks like that."), _("Leave it out.")),
    "robotic": Said(_("It says that no person is there.")),
    "long_sentence": Said(_("This sentence is hard to follow."), _("Make two of it.")),
    "too_long": Said(_("Few read so much."), _("Say the one thing that matters; the rest can follow.")),
    "hard": Said(_("Its words and sentences are long."), _("Shorter words, shorter sentences.")),
    "only_name": Said(
        _("Only the name is personal: everybody gets the same."),
        _("Add something of his own: his last order, his next appointment, what he likes."),
    ),
    "impersonal": Said(_("It could go to anybody."), _("Greet him by name and say why you write to him.")),
    "no_answer": Said(
        _("It does not say how to answer."), _("End with a question, or with “answer this message”.")
    ),
    "mixed": Said(_("It says both tú and usted."), _("Choose one and stay with it.")),
    "mixed_vos": Said(_("It says both vos and tú."), _("Choose one and stay with it.")),
    "mixed_pt": Said(_("It says both você and o senhor."), _("Choose one and stay with it.")),
    "formality": Said(_("You address customers differently."), _("Use the form that you chose.")),
    "empathy": Said(
        _("They are upset, and it does not say that you are sorry or understand."),
        _("Begin with what went wrong for them and that you are sorry."),
    ),
    "blank": Said(_("This was to be filled in.")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something no person says: where (letters from `start` to `end`), why, and what instead."""

    code: str
    start: int
    end: int
    words: str
    why: str
    better: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the rules see it: as written, and bare, with places hidden, letter for letter."""

    written: str
    shown: str
    bare: str
    language: str
    kind: Kind
    is_upset: bool
    formality: str


def check(
    text: str, *, language: str, kind: Kind, audience_upset: bool = False, formality: str = ""
) -> list[Finding]:
    """What does not sound human in a text of the three languages, in the order of the text.

    `formality` is tu, usted or vos (in Portuguese você, o senhor, tu) where the business chose one. Places
    such as {{ customer.name }} count as one word. Nothing is found in a language that is none of the three.
    """
    code = language.partition("-")[0].lower()
    if code not in LANGUAGES or not text.strip():
        return []
    written = text[:LONGEST]
    shown = PLACE.sub(lambda place: "◦" * len(place.group()), written)
    one = Text(written, shown, _bare(shown), code, kind, audience_upset, formality)
    found = [finding for rule in RULES for finding in rule(one)]
    return sorted(found, key=lambda finding: (finding.start, finding.end))


def _bare(text: str) -> str:
    """Small letters without accents, letter for letter in the same place; marks are blanks."""
    letters = (bare(letter) for letter in text)
    return "".join(one if len(one) == 1 and one.isalnum() else " " for one in letters)


def _finding(text: Text, code: str, start: int, end: int, better: str | None = None) -> Finding:
    said = SENTENCES[code]
    return Finding(
        code,
        start,
        end,
        text.written[start:end],
        str(said.why),
        str(said.better) if better is None else better,
    )


def _shouting(text: Text) -> Iterator[Finding]:
    for match in CAPITALS.finditer(text.shown):
        words = WORD.findall(match.group())
        loud = [one for one in words if len(one) > ACRONYM]
        if (len(words) >= SHOUTED and loud) or len(loud) > 1:
            end = match.start() + len(match.group().rstrip())
            said = _said_better(text, match.start(), end)
            if not said:
                yield _finding(
                    text, "shouting", match.start(), end, text.written[match.start() : end].capitalize()
                )
            elif any(len(one) < len(text.bare[match.start() : end].strip()) for one in said):
                yield _finding(text, "shouting", match.start(), end)


def _said_better(text: Text, start: int, end: int) -> list[str]:
    """The phrases of a stretch for which another rule has other words: in small letters they are as stiff."""
    known = (*phrases.STIFF[text.language], *phrases.ROBOTIC[text.language])
    return [found[0] for one in known if (found := one.pattern.search(text.bare, start, end))]


def _marks(text: Text) -> Iterator[Finding]:
    for match in MARKS.finditer(text.shown):
        if set(match.group()) != {"¡", "!"} or len(match.group()) > 2:
            yield _finding(text, "marks", match.start(), match.end(), match.group()[0])


def _phrases(text: Text, code: str, known: tuple[phrases.Phrase, ...]) -> Iterator[Finding]:
    spaced = text.bare
    for phrase in known:
        for match in phrase.pattern.finditer(spaced):
            better = match.expand(phrase.better) if phrase.better else str(SENTENCES[code].better)
            yield _finding(text, code, match.start(), match.end(), better)


def _stiff(text: Text) -> Iterator[Finding]:
    yield from _phrases(text, "stiff", phrases.STIFF[text.language])


def _robotic(text: Text) -> Iterator[Finding]:
    yield from _phrases(text, "robotic", phrases.ROBOTIC[text.language])


def _length(text: Text) -> Iterator[Finding]:
    words = WORD.findall(text.shown)
    if len(words) > MOST_WORDS[text.kind]:
        yield _finding(text, "too_long", 0, len(text.written.rstrip()))
    for match in SENTENCE.finditer(text.shown):
        if len(WORD.findall(match.group())) > LONG_SENTENCE:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield _finding(text, "long_sentence", start, match.end())


def _ease(text: Text) -> Iterator[Finding]:
    words = WORD.findall(text.shown)
    sentences = [one for one in SENTENCE.findall(text.shown) if WORD.search(one)]
    if len(words) >= ENOUGH_WORDS and reading_ease(words, len(sentences), text.language) < HARD:
        yield _finding(text, "hard", 0, len(text.written.rstrip()))


def reading_ease(words: list[str], sentences: int, language: str) -> float:
    """How easily a text is read, 0 to 100.

    Fernández Huerta (1959) for Spanish, Martins et al. (1996) for Portuguese, Flesch (1948) for English;
    syllables by the hyphenation patterns of pyphen, which tell a few less than are spoken.
    """
    patterns = _patterns(language)
    syllables = sum(1 + len(patterns.positions(word[:LONGEST_WORD])) for word in words) / len(words)
    length = len(words) / max(sentences, 1)
    if language == "es":
        return 206.84 - 60 * syllables - 1.02 * length
    plus = 42 if language == "pt" else 0
    return 206.835 + plus - 84.6 * syllables - 1.015 * length


@cache
def _patterns(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang={"es": "es", "pt": "pt_BR", "en": "en_US"}[language], left=1, right=1)


def _personal(text: Text) -> Iterator[Finding]:
    if text.kind == "reply":
        return
    places = [match for match in PLACE.finditer(text.written) if match.group().startswith("{{")]
    own = [one for one in places if "customer." in one.group() or "order." in one.group()]
    theirs = [
        one for one in places if re.search(r"(?:order|appointment|product|agent|payment)\.", one.group())
    ]
    if not own and not theirs:
        yield _finding(text, "impersonal", 0, 0)
    elif text.kind == "campaign" and not theirs and all(OF_NAME.match(one.group()) for one in own):
        yield _finding(text, "only_name", own[0].start(), own[0].end())


def _answerable(text: Text) -> Iterator[Finding]:
    if text.kind == "reply" or "?" in text.shown or LINK.search(text.shown):
        return
    if not phrases.ANSWERABLE[text.language].search(text.bare) or any(_robotic(text)):
        end = len(text.written.rstrip())
        yield _finding(text, "no_answer", end, end)


def _formality(text: Text) -> Iterator[Finding]:
    used = {form: words.search(text.bare) for form, words in phrases.ADDRESS.get(text.language, {}).items()}
    if text.formality:  # then there is nothing to choose
        for form, match in used.items():
            if match and form != text.formality:
                yield _finding(text, "formality", match.start(), match.end())
        return
    tu, usted, vos = used.get("tu"), used.get("usted"), used.get("vos")
    if tu and usted:
        yield _finding(text, "mixed" if text.language == "es" else "mixed_pt", usted.start(), usted.end())
    elif vos and tu and text.language == "es":  # in Portuguese many say both
        yield _finding(text, "mixed_vos", tu.start(), tu.end())


def _empathy(text: Text) -> Iterator[Finding]:
    if text.is_upset and not phrases.SORRY[text.language].search(text.bare):
        yield _finding(text, "empathy", 0, 0)


def _blank(text: Text) -> Iterator[Finding]:
    for match in BLANKS.finditer(text.shown):
        yield _finding(text, "blank", match.start(), match.end())


RULES: tuple[Callable[[Text], Iterator[Finding]], ...] = (
    _shouting, _marks, _stiff, _robotic, _length, _ease, _personal, _answerable, _formality, _empathy, _blank,
)  # fmt: skip
