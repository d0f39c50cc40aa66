"""Whether a reply that somebody writes asks the customer for what is already known of him.

Words and rules only: a fact is asked for by a question about it, by a request with its name, or by its bare
name ("¿tu correo?"). Who states the known value asks for a yes; who wants a new one asks for another fact.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from conversations.bot import normalise
from conversations.bot.reask_words import (
    ALREADY,
    ANY_SUBJECT,
    ARRIVED,
    AS_TYPED,
    BEFORE_QUE,
    DOING,
    DRAFT_WORDS,
    FINDING_OUT,
    GIVEN_BACK,
    GOES_ON,
    HEAD,
    IS_GIVEN,
    JOINT,
    KEYS,
    MODELS,
    NUMBER_ONLY,
    OFFERS,
    POINTING,
    SENDING,
    SIZED,
    SIZES,
    SOME,
    STEADY,
    STRAIGHT,
    SUBJECT,
    SURNAMES,
    TELL,
    THIRD,
    TITLES,
    TONGUES,
    WANTS_WORDS,
    ZIPS,
)
from tenants.kit import text as kit

LONGEST = 2_000
"""Letters of a draft that are looked at."""
STATED = 0.6
"""Of a known value's words, how many a sentence must hold to state it."""
LEFT_OVER = 2
"""Words of a bare list that may be none of its items."""
SHORT = 4

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W_]+|[?¿!¡.;,:\n…]")
_SHORTENED = re.compile(
    r"\b(sr|sra|srta|dr|dra|mr|mrs|ms|av|jr|pje|cra|col|num|nro|tel|cel|apto|apt|ud|uds|st)\.", re.I
)
_NUMBER = re.compile(
    r"(?:\bn[º°]|\bno\.(?=\s*(?:de|do|da|del|of)\b)|#(?!\d)|\b(?:nro|nr)\b\.?|\bnum\b\.?(?=\s*(?:de|do|da|del)\b)|"
    r"(?:(?<=passport )|(?<=order )|(?<=phone )|(?<=id )|(?<=ref ))no\b\.?)",
    re.I,
)
_ENDS = frozenset("?!.;\n…¿¡")
_CHOSEN = frozenset({"branch", "hour", "payment_method", "product", "appointment"})
TRAILING = 7
"""Words of a question's last piece that may be a bare name of a fact."""
NEAR = 30
_RANK = {
    key: rank
    for rank, key in enumerate(
        ("pet", "email", "purchase_date", "order", "branch", "document", "product", "name", "phone",
         "address", "photo", "payment_method", "reason", "appointment", "hour")
    )
}  # fmt: skip
"""Of two readings of the same words the earlier holds."""
_NUMBERED = frozenset({"order", "address", "document", "product"})
_SHARED = frozenset({"pet", "branch"})
"""Facts that are somebody else's by nature: "what is her name", "which of our shops"."""
_TOLD = frozenset({"photo", "reason"})
"""Facts whose words are a description: to use some of them is not to state them."""
_LOOSE = frozenset({"product", "branch", "reason", "hour", "photo", "payment_method", "appointment"})
_VAGUE = frozenset({"product", "branch", "reason"})


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that is asked for again: which, in what words, and what is known of it."""

    kind: str
    words: str
    fact: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in bare words, and where each of them stands in the draft."""

    text: str
    places: tuple[tuple[int, int, int], ...]
    """(where in `text`, where in the draft, where it ends there)."""
    is_question: bool

    def typed(self, draft: str, start: int, end: int) -> str:
        """What stands in the draft for a piece of `text`."""
        inside = [place for place in self.places if start <= place[0] < end]
        return draft[inside[0][1] : inside[-1][2]] if inside else self.text[start:end]


@dataclass(frozen=True, slots=True)
class _Ask:
    key: str
    start: int
    end: int
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The tables of a language, compiled."""

    nouns: tuple[tuple[str, re.Pattern[str]], ...]
    questions: tuple[tuple[str, re.Pattern[str]], ...]
    choices: tuple[tuple[str, re.Pattern[str]], ...]
    give: tuple[re.Pattern[str], ...]
    need: tuple[re.Pattern[str], ...]
    have: tuple[re.Pattern[str], ...]
    which: tuple[re.Pattern[str], ...]
    pointing: re.Pattern[str]
    link: re.Pattern[str]
    det: re.Pattern[str]
    stop: re.Pattern[str]
    polite: re.Pattern[str]
    opening: re.Pattern[str]
    please: re.Pattern[str]
    void: re.Pattern[str]
    others: re.Pattern[str]
    after: re.Pattern[str]
    condition: re.Pattern[str]
    another: re.Pattern[str]
    either: re.Pattern[str]


def reasks(draft: str, known: Mapping[str, str], language: str) -> list[Found]:
    """What a draft asks for although it is known, each fact once and in the order of the draft."""
    found: dict[str, Found] = {}
    tongue = _tongue(language if language in TONGUES else "es")
    before: _Sentence | None = None
    for sentence in _sentences(draft[:LONGEST], language):
        for ask in _asks(sentence, before, known, tongue):
            fact = known.get(ask.key, "")
            if not fact or ask.key in found or _is_fine(ask, sentence, fact, tongue):
                continue
            found[ask.key] = Found(ask.key, sentence.typed(draft, ask.start, ask.end), fact)
        before = sentence
    return list(found.values())


def asks(draft: str, language: str) -> list[str]:
    """The kinds of fact a draft asks for, known or not."""
    tongue = _tongue(language if language in TONGUES else "es")
    kinds: dict[str, None] = {}
    before: _Sentence | None = None
    for sentence in _sentences(draft[:LONGEST], language):
        kinds |= dict.fromkeys(ask.key for ask in _asks(sentence, before, {}, tongue))
        before = sentence
    return list(kinds)


# --- reading ---


def _sentences(draft: str, language: str) -> Iterator[_Sentence]:
    # Every change keeps the length, or the places in the draft would be lost.
    plain = _SHORTENED.sub(lambda hit: hit[1] + " ", draft.replace("\0", " "))
    pieces: list[tuple[str, int, int]] = []
    ending = ""
    for word, start, end in _words(plain):
        if word in _ENDS:
            ending += word
            continue
        if ending and pieces:
            yield _sentence(pieces, language, is_question="?" in ending)
            pieces = []
        ending = ""
        pieces.append((word, start, end))
    if pieces:
        yield _sentence(pieces, language, is_question="?" in ending)


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Words, numbers and marks with their places; addresses of mail stand as one word."""
    at = 0
    for mail in _EMAIL.finditer(text):
        yield from _plain_words(text, at, mail.start())
        yield mail[0].lower(), mail.start(), mail.end()
        at = mail.end()
    yield from _plain_words(text, at, len(text))


def _plain_words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    at = start
    for hit in _NUMBER.finditer(text, start, end):
        yield from _spelled(text, at, hit.start())
        yield "numero", hit.start(), hit.end()
        at = hit.end()
    yield from _spelled(text, at, end)


def _spelled(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for hit in _TOKEN.finditer(text, start, end):
        yield hit[0], hit.start(), hit.end()


def _sentence(pieces: list[tuple[str, int, int]], language: str, *, is_question: bool) -> _Sentence:
    words = [(full, start, end) for word, start, end in _joined(pieces) for full in _bare(word, language)]
    text, places = "", []
    for number, (word, start, end) in enumerate(words):
        if _is_cleft(words, number):
            continue
        places.append((len(text), start, end))
        text += word + " "
    return _Sentence(text + ("?" if is_question else ""), tuple(places), is_question)


def _is_cleft(words: list[tuple[str, int, int]], number: int) -> bool:
    """Whether a word is of an "es que" that only stretches a question: "¿cómo es que se llama?"."""
    for first in (number, number - 1):
        pair = tuple(word for word, _start, _end in words[first : first + 2])
        if first >= 1 and pair in _CLEFTS and words[first - 1][0] in _ASKING:
            return True
    return False


def _joined(pieces: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """`I'm`, `what's`: a word and its ending as one, without the apostrophe."""
    held: tuple[str, int, int] | None = None
    for word, start, end in pieces:
        if held and held[2] + 1 == start and word.lower() in _ENDINGS and held[0][-1:].isalpha():
            full = _ENDINGS[word.lower()]
            if full is None:
                held = (held[0] + word, held[1], end)
                continue
            yield held
            held = (full, start, end)
            continue
        if held:
            yield held
        held = (word, start, end)
    if held:
        yield held


_CLEFTS = frozenset(
    {
        ("es", "que"),
        ("era", "que"),
        ("fue", "que"),
        ("dijiste", "que"),
        ("dijo", "que"),
        ("e", "que"),
        ("foi", "que"),
    }
)
_ASKING = frozenset(
    ("como", "cuando", "donde", "quien", "cual", "quando", "onde", "quem", "qual", "quanto", "cuanto")
)
_ENDINGS: dict[str, str | None] = {
    "s": None, "t": None, "m": "am", "d": "would", "ll": "will", "re": "are", "ve": "have",
}  # fmt: skip


def _bare(word: str, language: str) -> list[str]:
    plain = normalise.unstretched(kit.bare(word)).strip()
    if not plain:
        return []
    if language == "es" and len(word) > SHORT and word[-1] in "éÉ":
        return [plain + "_"]  # "mandé" is told, "mande" asks
    if plain in AS_TYPED:
        return [plain]
    if plain in DRAFT_WORDS:
        return DRAFT_WORDS[plain].split()
    return normalise.expanded([plain], language)


# --- asking ---


def _asks(
    sentence: _Sentence, before: _Sentence | None, known: Mapping[str, str], tongue: _Tongue
) -> Iterator[_Ask]:
    """Everything a sentence asks for, known or not, each piece of it once."""
    if THIRD.search(sentence.text):
        return
    condition = tongue.condition.search(sentence.text)
    until = condition.start() if condition else len(sentence.text)
    found = [ask for ask in _all_asks(sentence, before, known, tongue) if ask.start < until]
    yield from (ask for ask in found if not _is_misread(ask, found, sentence.text))


def _is_misread(ask: _Ask, found: list[_Ask], text: str) -> bool:
    """Whether the same words ask for something else: the number of an order, the day of a purchase."""
    words = text[ask.start : ask.end]
    for other in found:
        if other.key == ask.key:
            continue
        overlaps = other.start < ask.end and ask.start < other.end
        if overlaps and _RANK[other.key] < _RANK[ask.key]:
            return True
        if ask.key == "phone" and other.key in _NUMBERED and NUMBER_ONLY.fullmatch(words.strip()):
            return True
        if (ask.key, other.key) == ("hour", "appointment") and abs(ask.start - other.start) < NEAR:
            return True
        if (ask.key, other.key) == ("address", "email") and SENDING.search(words):
            return True
    return False


def _all_asks(
    sentence: _Sentence, before: _Sentence | None, known: Mapping[str, str], tongue: _Tongue
) -> Iterator[_Ask]:
    text = sentence.text
    strong = [ask for ask in _questions(sentence, tongue) if not _is_void(text, ask.start, tongue, sentence)]
    yield from strong
    chosen = list(_choices(sentence, tongue))
    yield from chosen
    nouns = _nouns(text, tongue)
    yield from _requested(sentence, nouns, strong, before, tongue)
    yield from _bare_list(sentence, nouns, strong, known, tongue)
    yield from _wondered(sentence, nouns, tongue)


def _wondered(sentence: _Sentence, nouns: list[_Ask], tongue: _Tongue) -> Iterator[_Ask]:
    """A fact named in a question that wants words for an answer, however it is put."""
    if not sentence.is_question or OFFERS.search(sentence.text):
        return
    asking = WANTS_WORDS.search(sentence.text)
    if asking is None:
        return
    for noun in nouns:
        is_near = asking.end() <= noun.start and not _is_void(sentence.text, noun.start, tongue, sentence)
        if is_near and noun.key not in _LOOSE and _is_object(sentence.text, asking.end(), noun, tongue):
            yield noun


def _questions(sentence: _Sentence, tongue: _Tongue) -> Iterator[_Ask]:
    for key, pattern in tongue.questions:
        for hit in pattern.finditer(sentence.text):
            end = hit.end()
            tail = sentence.text[end:].lstrip()
            if _is_told(sentence, hit, tongue):
                continue
            if key not in _SHARED and (tongue.after.match(tail) or _has_other(hit[0], tongue)):
                continue
            if (
                key == "payment_method"
                and GIVEN_BACK.search(sentence.text)
                and tongue.either.search(hit[0] + " ")
            ):
                continue
            yield _Ask(key, hit.start(), end)


def _is_told(sentence: _Sentence, hit: re.Match[str], tongue: _Tongue) -> bool:
    """Whether the words are of a statement: "la talla que buscas", "what you ordered is here"."""
    left = sentence.text[: hit.start()].split()
    is_clause = hit[0].startswith("que ") and left and not _may_ask(left[-1])
    if (is_clause and not (sentence.is_question and left[-1] == "lo")) or FINDING_OUT.search(" ".join(left)):
        return True
    if sentence.is_question or _frames(sentence.text[: hit.start()], (*tongue.give, *tongue.need)):
        return False
    return bool(GOES_ON.match(sentence.text, hit.end()))


def _may_ask(word: str) -> bool:
    """Whether a "que" behind a word asks."""
    return word in BEFORE_QUE or bool(TELL.match(word))


def _has_other(words: str, tongue: _Tongue) -> bool:
    return any(tongue.others.fullmatch(word) and word not in STEADY for word in words.split())


def _choices(sentence: _Sentence, tongue: _Tongue) -> Iterator[_Ask]:
    asked = sentence.is_question or re.search(r"\b(?:prefier\w*|prefer\w*)\b", sentence.text)
    for key, pattern in tongue.choices:
        hit = None if GIVEN_BACK.search(sentence.text) else pattern.search(sentence.text)
        if hit and (asked or not _content(pattern.sub(" ", sentence.text), tongue)):
            yield _Ask(key, hit.start(), hit.end(), is_choice=True)


def _nouns(text: str, tongue: _Tongue) -> list[_Ask]:
    """Names of facts, the longest where several begin at one place, none inside another."""
    hits = [
        _Ask(key, hit.start(), hit.end()) for key, pattern in tongue.nouns for hit in pattern.finditer(text)
    ]
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    result: list[_Ask] = []
    for hit in hits:
        if not result or hit.start >= result[-1].end:
            result.append(hit)
    return result


def _requested(
    sentence: _Sentence, nouns: list[_Ask], strong: list[_Ask], before: _Sentence | None, tongue: _Tongue
) -> Iterator[_Ask]:
    text = sentence.text
    for start, end in _frames(text, (*tongue.give, *tongue.need)):
        if _is_void(text, start, tongue, sentence):
            continue
        stop = _stop(text, end, tongue)
        objects = [
            noun
            for noun in nouns
            if end <= noun.start < stop
            and _is_object(text, end, noun, tongue)
            and not (noun.key in _VAGUE and text[: noun.start].split()[-1] in SOME)
        ]
        yield from objects
        asked = objects or [one for one in strong if end <= one.start < stop]
        if not asked and len(_content(text[end:stop], tongue)) <= SHORT - 1:
            yield from _meant(sentence, start, nouns, before, tongue)
    for start, end in _frames(text, tongue.have):
        is_question = sentence.is_question or STRAIGHT.match(text, start)
        if is_question and not _is_void(text, start, tongue, sentence):
            yield from _listed(text, end, nouns, tongue)
    for _start, end in _frames(text, tongue.which):
        yield from _listed(text, end, nouns, tongue, at_once=True)
    for hit in tongue.pointing.finditer(text):
        named = [noun for noun in nouns if noun.end <= hit.start() and not _is_settled(text, noun, tongue)]
        yield from named[-1:]
        if not named and before is not None:
            told = [
                noun for noun in _nouns(before.text, tongue) if not _is_settled(before.text, noun, tongue)
            ]
            yield from (_Ask(noun.key, hit.start(), hit.end()) for noun in told[-1:])


def _frames(text: str, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Where requests begin and end; of those that begin together the longest."""
    spans: dict[int, int] = {}
    for pattern in patterns:
        for hit in pattern.finditer(text):
            spans[hit.start()] = max(spans.get(hit.start(), 0), hit.end())
    return sorted(spans.items())


def _listed(
    text: str, end: int, nouns: list[_Ask], tongue: _Tongue, *, at_once: bool = False
) -> Iterator[_Ask]:
    """The noun a question word stands before, and those joined to it."""
    at = end
    for noun in nouns:
        if noun.start < at:
            continue
        between = text[at : noun.start].strip()
        loose = _content(between, tongue)
        if loose or (at == end and at_once and between):
            return
        if at != end and not tongue.link.search(between):
            return
        if not _is_of_another(text, noun, tongue):
            yield noun
        at = noun.end


def _is_object(text: str, start: int, noun: _Ask, tongue: _Tongue) -> bool:
    """Whether a noun is what the request is for, not a part of something else's name."""
    comma = text.rfind(",", start, noun.start)
    after_comma = text[comma + 1 : noun.start] if comma >= 0 else ""
    if DOING.search(after_comma):
        return False
    if _is_of_another(text, noun, tongue) or _is_settled(text, noun, tongue):
        return False
    if IS_GIVEN.match(text, noun.end):
        return False
    left = text[start : noun.start].strip()
    while left and (shorter := tongue.det.sub("", left)).strip() != left and not HEAD.search(left):
        left = shorter.strip()
    if not HEAD.search(left):
        return True
    rest = HEAD.sub("", left).strip()
    return not rest or rest.endswith(",") or bool(tongue.link.fullmatch(rest.split()[-1]))


def _is_of_another(text: str, noun: _Ask, tongue: _Tongue) -> bool:
    """Whether the fact is a new one, or somebody else's."""
    left = text[: noun.start].split()[-2:]
    near = left[-1:] if len(left) < 2 or not tongue.det.fullmatch(left[-1]) else left
    if any(tongue.others.fullmatch(word) for word in near):
        return True
    if left and left[-1] in POINTING and noun.key in _CHOSEN:
        return True
    return bool(tongue.after.match(text[_list_end(text, noun, tongue) :].lstrip())) or bool(
        tongue.others.search(text[noun.start : noun.end])
    )


def _list_end(text: str, noun: _Ask, tongue: _Tongue) -> int:
    """Where the list ends that a noun begins: "el nombre y el teléfono de quien recibe"."""
    end = noun.end
    while joint := JOINT.match(text, end):
        ends = [hit.end() for _key, pattern in tongue.nouns if (hit := pattern.match(text, joint.end()))]
        if not ends:
            break
        end = max(ends)
    return end


def _is_settled(text: str, noun: _Ask, tongue: _Tongue) -> bool:
    """Whether its part of the sentence says that it is there already."""
    start = text.rfind(",", 0, noun.start) + 1
    stop = text.find(",", noun.end)
    part = text[start : min(stop if stop >= 0 else len(text), _stop(text, noun.end, tongue))]
    return bool(ALREADY.search(part)) and not _frames(part, (*tongue.give, *tongue.need, *tongue.which))


def _is_void(text: str, start: int, tongue: _Tongue, sentence: _Sentence) -> bool:
    """Whether a request is denied: "no hace falta que me mandes…"."""
    left = text[:start].rstrip()
    left = left[left.rfind(",") + 1 :].strip()
    hits = list(tongue.void.finditer(left))
    if not hits or hits[-1].end() != len(left):
        return False
    return not (sentence.is_question and hits[-1].start() == 0)


def _stop(text: str, start: int, tongue: _Tongue) -> int:
    """Where what is asked for ends and why it is asked for begins."""
    hit = tongue.stop.search(text, start)
    return hit.start() if hit else len(text)


def _content(text: str, tongue: _Tongue) -> list[str]:
    """Words that are neither determiners nor courtesies."""
    rest = tongue.polite.sub(" ", text)
    return [
        word
        for word in rest.replace("?", " ").split()
        if not tongue.det.fullmatch(word) and not tongue.link.fullmatch(word)
    ]


def _meant(
    sentence: _Sentence, start: int, nouns: list[_Ask], before: _Sentence | None, tongue: _Tongue
) -> Iterator[_Ask]:
    """What "me la pasas" points at: named before in the sentence, or asked in the one before."""
    text = sentence.text
    named = [noun for noun in nouns if noun.end <= start and _is_object(text, 0, noun, tongue)]
    if (named and "," in text[named[-1].end : start]) or (
        named and text[named[-1].end : start].strip() == ""
    ):
        joined = len(named) > 1 and _are_joined(text, named[-2], named[-1], tongue)
        yield from named[-2:] if joined and named[-1].start - named[-2].end < NEAR // 2 else named[-1:]
    elif not named and before is not None and before.is_question:
        for noun in _nouns(before.text, tongue):
            if not _is_of_another(before.text, noun, tongue):
                yield _Ask(noun.key, 0, len(text))


def _bare_list(
    sentence: _Sentence, nouns: list[_Ask], strong: list[_Ask], known: Mapping[str, str], tongue: _Tongue
) -> Iterator[_Ask]:
    """`dni y mail y ya te sale`: names of facts alone, with a question mark, a please or a purpose."""
    text = sentence.text
    colon, comma = text.rfind(" : "), text.rfind(" , ")
    at = colon + 3 if colon >= 0 else 0
    yield from _list_from(at, sentence, nouns, strong, known, tongue)
    has_end = sentence.is_question or tongue.please.search(text[comma:])
    if has_end and comma > at and len(text[comma:].split()) <= TRAILING:
        yield from _list_from(comma + 3, sentence, nouns, strong, known, tongue)  # "…, tu correo?"


def _list_from(
    at: int,
    sentence: _Sentence,
    nouns: list[_Ask],
    strong: list[_Ask],
    known: Mapping[str, str],
    tongue: _Tongue,
) -> Iterator[_Ask]:
    text = sentence.text
    stop = _stop(text, at, tongue)
    items = sorted(
        (one for one in (*nouns, *strong) if at <= one.start < stop), key=lambda one: (one.start, -one.end)
    )
    if not items:
        return
    lead = [
        word for word in _content(text[at : items[0].start], tongue) if not tongue.opening.fullmatch(word)
    ]
    names = set(normalise.tokens(known.get("name", "")))
    if any(word not in names for word in lead):
        return
    rest, place = [], items[0].start
    for item, following in zip(items, [*items[1:], None], strict=True):
        place = max(place, item.end)
        piece = text[place : following.start if following else stop]
        # What follows a question until the next fact belongs to it: "which shop you left it at".
        rest += [] if item in strong else _content(piece, tongue)
    if len(rest) > LEFT_OVER or any(ARRIVED.fullmatch(word) for word in rest):
        return
    asked = (
        sentence.is_question
        or tongue.please.search(text)
        or bool(strong)
        or (stop < len(text) and not rest and not text.startswith("que", stop))
        or (len(items) > 1 and not rest)
        or (text[:at].endswith(": ") and not rest)
    )
    if asked:
        first = items[0].start
        yield from (
            one
            for number, one in enumerate(items)
            if one in nouns
            and _is_object(text, first, one, tongue)
            and not (
                number
                and items[number - 1] in strong
                and not _are_joined(text, items[number - 1], one, tongue)
            )
        )


def _are_joined(text: str, left: _Ask, right: _Ask, tongue: _Tongue) -> bool:
    return bool(tongue.link.search(text[left.end : right.start]))


# --- what does not count ---


def _is_fine(ask: _Ask, sentence: _Sentence, fact: str, tongue: _Tongue) -> bool:
    """Whether the known value is stated for a yes, or what is asked for is more than is known."""
    words = sentence.text[ask.start : ask.end]
    is_open = ask.key in _CHOSEN and (ask.is_choice or bool(tongue.either.search(sentence.text)))
    if (
        ask.key not in _TOLD
        and _states(sentence.text, fact)
        and (not is_open or tongue.another.search(sentence.text))
    ):
        return True
    if ask.key == "photo" and _shows_other(sentence.text[ask.end :], fact):
        return True
    return _lacks(ask.key, words, fact)


def _shows_other(rest: str, fact: str) -> bool:
    """Whether a picture of something else is wanted than the one that is there."""
    subject = SUBJECT.match(rest)
    if not subject or subject[1] in ANY_SUBJECT:
        return False
    told = normalise.tokens(fact)
    words = [*told, *normalise.expanded(told, "es"), *normalise.expanded(told, "pt")]
    shown = {word[:3] for word in words if len(word) >= SHORT - 1 and word not in ANY_SUBJECT}
    return bool(shown) and subject[1][:3] not in shown


def _states(text: str, fact: str) -> bool:
    words = [word for word in normalise.tokens(fact) if len(word) >= SHORT - 1 or word.isdigit()]
    said = set(normalise.tokens(text))
    if any(
        word in said and len(word) >= SHORT - 1 and any(char.isdigit() for char in word) for word in words
    ):
        return True
    strong = [word for word in words if len(word) >= SHORT - 1]
    return bool(strong) and sum(word in said for word in strong) / len(strong) >= STATED


def _lacks(key: str, words: str, fact: str) -> bool:
    """Whether a detail is asked for that the known value does not hold."""
    plain = " ".join(normalise.tokens(fact))
    if key == "name":
        held = [word for word in plain.split() if word not in TITLES]
        return bool(SURNAMES.search(words)) and len(held) < 2
    if key == "product":
        if SIZES.search(words) and not MODELS.search(words):
            return not SIZED.search(plain)
        return (
            bool(MODELS.search(words)) and fact == fact.lower() and not any(char.isdigit() for char in fact)
        )
    return key == "address" and bool(ZIPS.match(words.strip())) and not re.search(r"\d{4,}", fact)


# --- tables ---


@cache
def _tongue(language: str) -> _Tongue:
    table = TONGUES[language]

    def whole(patterns: str | Iterable[str]) -> re.Pattern[str]:
        made = patterns if isinstance(patterns, str) else "|".join(patterns)
        return re.compile(rf"(?<!\w)(?:{made})(?!\w)")

    def keyed(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((key, whole(pattern)) for key in KEYS for pattern in table[part].get(key, ()))

    def each(part: str) -> tuple[re.Pattern[str], ...]:
        return tuple(whole(pattern) for pattern in table[part])

    return _Tongue(
        nouns=keyed("nouns"),
        questions=keyed("questions"),
        choices=keyed("choices"),
        give=each("give"),
        need=each("need"),
        have=each("have"),
        which=each("which"),
        pointing=whole(table["pointing"]),
        link=re.compile(rf"(?<!\w)(?:{table['link']})(?!\w)"),
        det=whole(table["det"]),
        stop=whole(table["stop"]),
        polite=whole(table["polite"]),
        opening=whole(table["open"]),
        please=whole(table["please"]),
        void=whole(table["void"]),
        others=whole(table["others"]),
        after=whole(table["after"]),
        condition=re.compile(table["if"]),
        another=re.compile(table["another"]),
        either=re.compile(table["or"]),
    )
