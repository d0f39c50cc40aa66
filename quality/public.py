"""Figures on the public data of shared/nlp, each on what no fit has seen (sources and licences: its README).

Questions of nlp.js (MIT): nothing was fitted on them. Lines of XED (CC BY 4.0): the detector is fitted anew without
those it reads. Messages of GoEmotions (Apache-2.0): those that the mood was not fitted on.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from unittest.mock import patch

from conversations.bot import encoder, language
from conversations.bot.calibrate import ANSWERS
from conversations.bot.retrieve import Entry, Index
from conversations.bot.understand import Context, understand
from quality.report import UNANSWERABLE, Figure, changes
from quality.train import sources
from quality.train.heads import TWEETS
from quality.train.language import fitted

FOLDS = 5
QUESTIONS, TWEETS_READ = ("es", "en"), 1_000
XED, TWEETS_FILE = "lid_train_xed_{}.txt", "sentiment_train_goemotions6k_en.tsv"


def show(*, meaning: bool) -> None:
    """Print them; without the encoder where `meaning` is false."""
    for code in QUESTIONS:
        print(f"\nshared/nlp, questions of nlp.js, {code}")
        shapes = changes(code)
        rows = [list(_questions(code, change, meaning=meaning)) for change in shapes.values()]
        print(f"  {'':36}" + "".join(f"{shape:>14}" for shape in shapes))
        for figures in zip(*rows, strict=True):
            print(f"  {figures[0].name:36}" + "".join(f"{one.share:14.3f}" for one in figures))
    print("\nshared/nlp, as written")
    for figure in (*_languages(), _mood(meaning=meaning)):
        print(f"  {figure.name:50}{figure.share:7.4f}  ({figure.of:.0f})")


def _questions(code: str, change: Callable[[str], str], *, meaning: bool) -> Iterator[Figure]:
    """In turn one of five wordings is asked, and a fifth of the intents has no answer."""
    intents = json.loads((sources.SHARED / f"faq_train_nlpjs_{code}.json").read_text("utf-8"))
    first = found = asked = right = answered = wrongly = none = 0
    for fold in range(FOLDS):
        entries, queries = [], []
        for number, (intent, wordings) in enumerate(intents.items()):
            rest = [wording for at, wording in enumerate(wordings) if at != fold]
            queries.append((intent, number % FOLDS != fold, change(wordings[fold])))
            if number % FOLDS != fold:
                entries.append(Entry(intent, tuple(rest), "", "general", code))
        index = Index(entries, encoder.shared() if meaning else None)
        for intent, has_answer, text in queries:
            seen = understand(text, index, Context(language=code))
            said = seen.answer.entry.id if seen.answer else ""
            if not has_answer:
                none, wrongly = none + 1, wrongly + bool(said)
                continue
            three = [one.entry.id for one in seen.candidates]
            asked, first, found = asked + 1, first + (three[:1] == [intent]), found + (intent in three)
            right, answered = right + (said == intent), answered + bool(said)
    weight = UNANSWERABLE / (1 - UNANSWERABLE) * asked / none
    yield Figure("answer found first", first, asked)
    yield Figure("answer among three", found, asked)
    yield Figure(f"answered rightly at p ≥ {ANSWERS}", right, answered + wrongly * weight)
    yield Figure("answered of all (coverage)", answered + wrongly * weight, asked + none * weight)


def _languages() -> Iterator[Figure]:
    lines = {code: sources.lines(XED.format(code)) for code in language.LANGUAGES}
    kept = {code: of[::FOLDS] for code, of in lines.items()}
    rest = {code: [line for at, line in enumerate(of) if at % FOLDS] for code, of in lines.items()}
    table = memoryview(zlib.decompress(fitted(rest))).cast("b")
    with patch.object(language, "_table", lambda: table):
        found = {code: [_guess(line) == code for line in of] for code, of in kept.items()}
    every = [one for right in found.values() for one in right]
    yield Figure("language of lines of XED, fitted without them", *_share(every))
    for code, right in found.items():
        yield Figure(f"language of lines of XED, {code}", *_share(right))


def _guess(line: str) -> str:
    """The likeliest; nothing stands around a line that could help."""
    odds = language.likelihoods(line)
    return max(odds, key=lambda code: odds[code])


def _share(right: Sequence[bool]) -> tuple[int, int]:
    return sum(right), len(right)


def _mood(*, meaning: bool) -> Figure:
    index = Index([], encoder.shared() if meaning else None)
    lines = sources.lines(TWEETS_FILE)
    unseen = [line for at, line in enumerate(lines) if at % (len(lines) // TWEETS)]
    right = []
    for line in unseen[:: len(unseen) // TWEETS_READ]:
        mood, _tab, text = line.partition("\t")
        right.append(understand(text, index, Context(language="en")).mood == mood)
    return Figure("mood of messages of GoEmotions", *_share(right))
