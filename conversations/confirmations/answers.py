"""What a customer answers when he is asked whether he comes: yes, no, another time. No queries.

Two readers look at it. One knows sayings: each leaves a mark (answer_words.py), and what is left over counts
as not understood. The other is fitted on labelled answers (answer_model.py). An appointment is confirmed or
given up where the sayings are plain and the fitted reader does not speak against it, or where it is sure and
no mark does. Any hint of a doubt, a condition, a question, a complaint or of two things at once goes to a
person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from conversations.bot import normalise
from conversations.confirmations import answer_words, said_times
from conversations.facts.days import MONTH, WEEKDAY


class Kind(StrEnum):
    """What an answer is. Only the first three are acted upon; the others go to a person."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    RESCHEDULE = "reschedule"
    DOUBT = "doubt"
    QUESTION = "question"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read: `when` is the moment asked for instead, by the customer's clock; `words` say it."""

    kind: Kind
    when: datetime | None = None
    words: str = ""


LANGUAGES = ("es", "pt", "en")
PLAIN = (Kind.CONFIRM, Kind.DECLINE, Kind.RESCHEDULE)
LONGEST = 500
"""Letters; who writes more is read by a person."""
LEFT_WITH_YES, LEFT_WITH_NO, LEFT_WITH_WISH = 4, 10, 14
"""Words that may stay not understood beside "ahí estaré", "no puedo ir", "¿otro día?"; none beside "ok"."""
TALKATIVE, HALF, FEW = 6, 1 / 2, 1 / 4
"""Beside a yes in so many words half may be not understood, in fewer words a quarter: irony is brief."""
YES, FINE, NOT_COMING, NO, ANOTHER, SHIFTED, MAY_BE = "Y", "W", "N", "B", "R", "M", "P"
PERHAPS, TURNS, ELSE, ASKS, REASON, ON_HIS_WAY, ARRIVES, NOTHING = "U", "D", "O", "Q", "X", "K", "L", "_"
MEANINGS = frozenset("YWNBRMPUDOQXKL_?")
OTHER_TIME, EARLY = "xother", "xearly"
DOUBTED = frozenset({PERHAPS, ELSE, ASKS, "?", ANOTHER, SHIFTED, MAY_BE, ARRIVES, OTHER_TIME})
AGAINST = {Kind.CONFIRM: DOUBTED | {NOT_COMING, NO}, Kind.DECLINE: DOUBTED | {YES}}
"""Marks beside which the fitted reader alone neither confirms nor gives up."""
AGREES, SURE, SURER, WISHED = 0.7, 0.95, 0.98, 0.4
"""How likely the fitted reader finds it: to leave it, to say it alone, beside a "but", and another time."""
LATE = timedelta(minutes=25)
BARE = 3
"""Words of a bare no."""
EMOJI = (
    (FINE, "👍👌✅☑✔🙌💪🤝🆗👊🤙🫡"),
    (NO, "❌🚫👎🙅✖❎"),
    (PERHAPS, "🤔😕🤷😬🫤⏳"),
    (ELSE, "🙄😒😤😡🤬🤡😑😠🖕💩"),
    ("?", "❓❔"),
)
SHORTEST, LONG = 5, 9
"""Letters of words that are mended, and of those in which two slips are."""
DATES = frozenset(MONTH) | frozenset(WEEKDAY) | {"manha", "manana", "tarde", "noche", "noite"}
TURNED = str.maketrans("¿¡", "  ")
DOTTED_HALF = re.compile(r"\b([ap])\.\s?m\b\.?")
WORD = re.compile(r"[^\W_]+")
WORDS_AND_SIGNS = re.compile(r"[^\W_]+|[^\w\s]")
MARKS = re.compile(r"[.!;:…\n/()\"“”]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A language: its sayings in the order they are tried, and single words of four sorts."""

    sayings: tuple[tuple[str, re.Pattern[str]], ...]
    empty: frozenset[str]
    reasons: frozenset[str]
    keys: tuple[str, ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the sayings of one language are read as: None where nothing of it is understood."""

    kind: Kind | None
    marks: frozenset[str]
    left: int
    unclear: int
    tokens: tuple[str, ...]
    when: datetime | None


def read(text: str, *, language: str, appointment_local: datetime, now_local: datetime) -> Answer:
    """What an answer says, in the customer's language or else plainly in another of the three.

    In: both moments by the customer's clock, both with a zone or both without; `when` is like them.
    """
    text = text.encode(errors="ignore").decode()
    if not text.strip() or len(text) > LONGEST:
        return Answer(Kind.DOUBT)
    code = language.partition("-")[0].lower()
    own = code if code in LANGUAGES else LANGUAGES[0]
    best = look(text, own, appointment_local, now_local)
    for other in LANGUAGES:
        if best.kind is None and other != own:
            found = look(text, other, appointment_local, now_local, strict=True)
            best = found if found.kind in PLAIN else best
    from conversations.confirmations import answer_model  # noqa: PLC0415 -- brings numpy; only workers read

    kind = settled(best, answer_model.chances(text, best, own))
    return Answer(kind, best.when if kind is Kind.RESCHEDULE else None, " ".join(text.split()))


def settled(seen: Seen, chances: Mapping[Kind, float]) -> Kind:
    """What both readers together make of it."""
    by_words = seen.kind or Kind.DOUBT
    if not any(token.isalpha() and len(token) > 1 for token in seen.tokens):
        return by_words
    if by_words in (Kind.CONFIRM, Kind.DECLINE):
        return by_words if chances[by_words] > AGREES else Kind.DOUBT
    if by_words is Kind.DOUBT:
        for kind, against in AGAINST.items():
            least = SURER if TURNS in seen.marks else SURE
            if not seen.marks & against and chances[kind] > least:
                return kind
    if by_words in (Kind.DOUBT, Kind.QUESTION) and chances[Kind.RESCHEDULE] > WISHED:
        return Kind.RESCHEDULE
    return by_words


@cache
def _words(language: str) -> Words:
    sayings, empty, reasons, keys, like = (
        getattr(answer_words, f"{language.upper()}{name}")
        for name in ("", "_EMPTY", "_REASONS", "_KEYS", "_LIKE")
    )
    sayings = sayings.replace("EMPTY", "|".join(empty.split()))
    rules = [line.split(" ", 1) for line in sayings.strip().splitlines()]
    return Words(
        sayings=tuple((mark, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")) for mark, pattern in rules),
        empty=frozenset(empty.split()),
        reasons=frozenset(reasons.split()),
        keys=tuple(keys.split()),
        known=frozenset(WORD.findall(f"{sayings} {empty} {reasons} {like}".lower())) | DATES,
    )


def look(text: str, language: str, appointment: datetime, now: datetime, *, strict: bool = False) -> Seen:
    """An answer as the sayings of one language are read; `strict`: only where all of it is understood."""
    words = _words(language)
    said = said_times.read(_plain(text, language), language=language, appointment=appointment, now=now)
    marked = f" {' '.join(MARKS.sub(' . ', said.rest).replace('?', ' ? ').replace(',', ' , ').split())} "
    for mark, pattern in words.sayings:
        marked = pattern.sub(mark, marked)
    tokens = marked.split()
    marks = {token for token in tokens if token in MEANINGS}
    marks |= {mark for mark, emoji in EMOJI for one in emoji if one in text}
    if ON_HIS_WAY in marks:
        marks.add(YES if appointment.date() == now.date() else PERHAPS)
    marks |= {OTHER_TIME} & set(tokens)
    if EARLY in tokens and marks & {"?", MAY_BE, NOT_COMING, NO, ANOTHER}:
        marks.add(OTHER_TIME)
    nothing = MEANINGS | words.empty | {OTHER_TIME, EARLY, str(appointment.day)}
    left = [token for token in tokens if token.isalnum() and token not in nothing]
    unclear = [token for token in left if token not in words.reasons]
    kind = None
    if marks and not (unclear and (strict or marks <= {FINE, NO, NOTHING})):
        turned = {PERHAPS} if TURNS in marks else set()
        kind = _kind(marks | turned, left, unclear, sum(token.isalnum() for token in tokens))
        if kind is Kind.RESCHEDULE and ANOTHER not in marks and _is_late(said.when, appointment):
            kind = Kind.DOUBT
    heard = tuple(WORDS_AND_SIGNS.findall(MARKS.sub(" . ", said.rest)))
    return Seen(kind, frozenset(marks), len(left), len(unclear), heard, said.when)


def _kind(marks: set[str], left: list[str], unclear: list[str], spoken: int) -> Kind:
    """What the marks add up to; the order is that of caution."""
    is_full = len(left) > min(LEFT_WITH_YES, spoken * (HALF if spoken >= TALKATIVE else FEW))
    wishes = _wishes(marks)
    cases = (
        (ELSE in marks, Kind.OTHER),
        (wishes and len(unclear) <= LEFT_WITH_WISH, Kind.RESCHEDULE),
        (wishes or PERHAPS in marks, Kind.DOUBT),
        (marks & {ASKS, "?"}, Kind.QUESTION),
        (NOT_COMING in marks and YES not in marks and len(unclear) <= LEFT_WITH_NO, Kind.DECLINE),
        (NO in marks and not left and spoken <= BARE and not marks & {YES, FINE, OTHER_TIME}, Kind.DECLINE),
        (marks & {NOT_COMING, NO, OTHER_TIME, MAY_BE, REASON}, Kind.DOUBT),
        (YES in marks and not is_full, Kind.CONFIRM),
        (FINE in marks and not left, Kind.CONFIRM),
        (left, Kind.DOUBT),
    )
    return next((kind for holds, kind in cases if holds), Kind.OTHER)


def _is_late(when: datetime | None, appointment: datetime) -> bool:
    """Whether this is no other hour, but coming late to one's own."""
    return when is not None and timedelta(0) < when - appointment <= LATE


def _wishes(marks: set[str]) -> bool:
    """Whether another time is wished: said, or asked, or offered beside a no."""
    if ANOTHER in marks:
        return YES not in marks or "?" in marks
    if OTHER_TIME not in marks:
        return SHIFTED in marks and not marks & {PERHAPS, YES}
    if marks & {NOT_COMING, NO, MAY_BE} and "?" in marks:
        return True
    if ARRIVES in marks:
        return bool(marks & {NOT_COMING, NO, "?"}) and YES not in marks
    if marks & {PERHAPS, YES}:
        return False
    return bool(marks & {MAY_BE, NOT_COMING, NO, "?", SHIFTED}) or FINE not in marks


def _plain(text: str, language: str) -> str:
    """The text bare, with slips of the keys mended and what chat shortens written out; signs stay."""
    plain = DOTTED_HALF.sub(r"\1m", normalise.unstretched(normalise.bare(text)))
    return WORD.sub(
        lambda found: " ".join(normalise.expanded([_mended(found[0], language)], language)),
        plain.translate(TURNED),
    )


@lru_cache(maxsize=4_096)
def _mended(word: str, language: str) -> str:
    """A word one slip away from one that carries the meaning, as that word."""
    if len(word) < SHORTEST or word in _words(language).known:
        return word
    slips = 2 if len(word) > LONG else 1
    found = process.extractOne(word, _words(language).keys, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else word
