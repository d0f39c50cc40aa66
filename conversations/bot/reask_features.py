"""A draft cut into sentences of bare words with what they stand for, and what the fitted model looks at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.bot import normalise
from conversations.bot.reask_turns import COMPOUNDS, IDIOM_PATTERNS
from conversations.bot.reask_words import AS_TYPED, NAMES, SLIPS, concept
from tenants.kit import text as kit

_TOKEN = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<number>n[º°]\.?|#(?!\d))|(?P<value>#?[a-z]{0,3}-?\d[\d.:/,-]*)"
    r"|(?P<post>e-mails?\b)|(?P<word>[^\W_]+(?:['’][^\W_]+)?)|(?P<mark>[?¿!¡.;,:\n…])",
    re.I,
)
_SHORTENED = re.compile(r"\b(sr|sra|srta|dr|dra|mr|mrs|ms|av|nro|num|tel|cel)\.(?=\s)", re.I)
_ENDS = frozenset("?!.;\n…¿¡")
_STEM = 5
_LEFT, _RIGHT = 7, 5
"""Words before and behind the name of a fact that are looked at."""


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word, what it stands for, and where it is in the draft."""

    text: str
    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words up to a mark that ends them."""

    words: tuple[Word, ...]
    is_question: bool


def sentences(draft: str, language: str) -> list[Sentence]:
    """The sentences of a draft; commas and colons stay in as words."""
    found: list[Sentence] = []
    words: list[Word] = []
    ending = ""
    for word in _words(draft, language):
        if word.text in _ENDS and not (word.text == "¿" and words and words[-1].text == "," and not ending):
            ending += word.text
            continue
        if word.text in _ENDS:
            continue
        if ending and words:
            found.append(_sentence(words, is_question="?" in ending))
            words = []
        ending = ""
        words.append(word)
    if words:
        found.append(_sentence(words, is_question="?" in ending))
    return found


def _sentence(words: list[Word], *, is_question: bool) -> Sentence:
    """A sentence whose compounds are one word each: "número de pedido" is an order's name."""
    for pattern, kind in COMPOUNDS:
        text = "".join(f"{word.concept.replace(' ', '_')} " for word in words)
        for hit in reversed(list(pattern.finditer(text))):
            first, last = text.count(" ", 0, hit.start()), text.count(" ", 0, hit.end())
            parts = words[first:last]
            words[first:last] = [Word(parts[0].text, kind, parts[0].start, parts[-1].end)]
    return Sentence(tuple(words), is_question)


def _words(draft: str, language: str) -> Iterator[Word]:
    plain = _SHORTENED.sub(lambda hit: hit[1] + " ", draft.replace("\0", " "))
    slips = SLIPS.get(language, {})
    typed_inside = False
    for hit in _TOKEN.finditer(plain):
        start, end = hit.span()
        if hit["mark"]:
            yield Word(hit[0], hit[0], start, end)
        elif hit["mail"]:
            yield Word(hit[0].lower(), "@", start, end)
        elif hit["value"]:
            yield Word(hit[0].lower(), "#", start, end)
        elif hit["post"]:
            yield Word("email", "EMAIL", start, end)
        elif hit["number"]:
            yield Word("numero", "NUMBER", start, end)
        else:
            for word in _bare(hit[0], language, slips):
                kind = concept(word, language)
                is_proper = kind == word and typed_inside and hit[0][:1].isupper() and len(word) > 1
                yield Word(word, "PROPER" if is_proper else kind, start, end)
        typed_inside = not (hit["mark"] and hit[0] in _ENDS)


def _bare(typed: str, language: str, slips: dict[str, str]) -> list[str]:
    plain = normalise.unstretched(kit.bare(typed).translate(normalise.APOSTROPHES)).strip()
    if not plain:
        return []
    if plain in slips:
        return [slips[plain]]
    words = [plain] if plain in AS_TYPED else normalise.expanded([plain], language)
    if language == "es" and len(plain) > 3 and typed[-1] in "éÉóÓ":
        return [*words, "told"]  # "mandé" is told, "mande" asks
    return words


def of_sentence(sentence: Sentence, before: Sentence | None) -> list[tuple[str, int]]:
    """What a sentence holds whatever it asks for: each feature and the word it stands at."""
    words = [word.text for word in sentence.words]
    kinds = ["^", *(word.concept for word in sentence.words), "?" if sentence.is_question else "$"]
    found: list[tuple[str, int]] = []
    for at, word in enumerate(words):
        kind = kinds[at + 1]
        found.append((kind, at))
        if word != kind:
            found.append((word, at))
            if len(word) > _STEM:
                found.append((f"{word[:_STEM]}*", at))
            if kind == word:
                found.append((f"*{word[-3:]}", at))
        found.append((f"{kind} {kinds[at + 2]}", at))
        found.append((f"{kinds[at]} {kind} {kinds[at + 2]}", at))
        if at + 1 < len(words):
            found.append((f"{word} {words[at + 1]}", at))
        found += [(f"{kind}~{kinds[at + 1 + gap]}", at) for gap in (2, 3, 4) if at + 1 + gap < len(kinds)]
        if sentence.is_question:
            found.append((f"{kind}?", at))
    found.append((f"^ {kinds[1]} {kinds[2]}", 0))
    found.append((f"length {min(len(words), 12) // 3} {sentence.is_question}", 0))
    if before:
        found += [(f"<{word.concept}", 0) for word in before.words if word.concept in NAMES]
    return found


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact that may be asked for, and the words that name it or ask for it."""

    key: str
    kind: str
    first: int
    last: int
    is_name: bool


def mentions(sentence: Sentence) -> list[Mention]:
    """Every fact named in a sentence, and every turn by which facts are asked for unnamed."""
    found = [
        Mention(key, word.concept, at, at + 1, is_name=True)
        for at, word in enumerate(sentence.words)
        for key in NAMES.get(word.concept, ())
    ]
    text = "".join(f"{word.concept.replace(' ', '_')} " for word in sentence.words)
    text += "? " if sentence.is_question else "$ "
    for key, number, pattern in IDIOM_PATTERNS:
        if hit := pattern.search(text):
            first, last = text.count(" ", 0, hit.start()), text.count(" ", 0, hit.end())
            found.append(Mention(key, f"{key}{number}", first, min(last, len(sentence.words)), is_name=False))
    return found


def of_mention(sentence: Sentence, mention: Mention, after: Sentence | None) -> list[str]:
    """What stands around the name of a fact."""
    mark = "?" if sentence.is_question else "$"
    words = ["^", *(word.text for word in sentence.words), mark]
    kinds = ["^", *(word.concept for word in sentence.words), mark]
    here, stop = mention.first + 1, mention.last + 1
    name = mention.kind
    left = kinds[max(0, here - _LEFT) : here][::-1]
    right = kinds[stop : stop + _RIGHT] or ["."]
    inner = kinds[here:stop]
    found = ["bias", f"question{mark}"]
    found += [f"l{number}={kind}" for number, kind in enumerate(left[:4], 1)]
    found += [f"r{number}={kind}" for number, kind in enumerate(right[:3], 1)]
    found += [f"l={kind}" for kind in set(left)] + [f"r={kind}" for kind in set(right)]
    found += [f"l{mark}={kind}" for kind in set(left)]
    found += [f"i={kind}" for kind in set(inner)] + [f"i={word}" for word in set(words[here:stop])]
    found.append(f"l12={' '.join(left[:2])}")
    found.append(f"l123={' '.join(left[:3])}")
    found.append(f"r12={' '.join(right[:2])}")
    found.append(f"l1r1{mark}={left[0]} {right[0]}")
    found.append(f"lw1={words[here - 1]}")
    found.append(f"rw1={words[min(stop, len(words) - 1)]}")
    if here > 1:
        found.append(f"lw12={words[here - 2]} {words[here - 1]}")
    found.append(f"first{mark}={kinds[1]}")
    found.append(f"first2{mark}={kinds[1]} {kinds[2]}")
    found.append(f"length={min(len(kinds), 14) // 3}{mark}")
    if after and not any(word.concept in NAMES for word in after.words):
        asks = "?" if after.is_question else ""
        found += [f"n{asks}={word.concept}" for word in after.words[:_RIGHT]]  # "…, sí. ¿Me la pasas?"
    found += [f"s{mark}={kind}" for kind in set(_segment(kinds, here, stop))]
    return found + [f"{name} {one}" for one in found]


def _segment(kinds: list[str], first: int, last: int) -> list[str]:
    """What stands between the commas around a mention."""
    start, stop = first, last
    while start > 0 and kinds[start - 1] not in {",", ":"}:
        start -= 1
    while stop < len(kinds) and kinds[stop] not in {",", ":"}:
        stop += 1
    return kinds[start:first] + kinds[last:stop]
