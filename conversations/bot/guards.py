"""Whether a text that a language model wrote says only what the business says. Pure: texts in, faults out.

Nothing here understands a text: it compares what can be compared. A text without a fault asserts no number,
date, address or promise of its own; that it is right is for a person to judge.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from conversations.bot import claims as claiming
from conversations.bot import language as languages
from conversations.bot.claims import Claim

LONGEST = 1_200
"""Letters of a message to a customer."""
SURE_OF_LANGUAGE = 0.9
LEAK = 7
"""So many words in a row out of the instructions are no accident."""

PROMISES: Final = {
    "discount": ("descuent", "descont", "discount", "rebaj", "bonific", "cupon", "cupom", "coupon",
                 "voucher"),
    "refund": (
        "reembols", "refund", "reimburs", "estorn", "devolver tu dinero", "devolvemos el dinero",
        "devolvemos tu dinero", "devolver el dinero", "devolucion de tu dinero", "money back",
        "devolver o dinheiro", "seu dinheiro de volta",
    ),
    "return": ("devoluci", "devoluc", "cambio fisico"),
    "guarantee": ("garanti", "guarant", "warrant", "asegur", "assegur"),
    "free": (
        "gratis", "gratuit", "gratuid", "for free", "free of", "is free", "free shipping", "no charge",
        "sin costo", "sin cargo", "sem custo", "cortesia", "on the house", "complimentary",
    ),
    "gift": ("regal", "obsequi", "brinde", "presente", "gift", "freebie"),
    "offer": ("promocion", "promoc", "oferta", "liquidac", "on sale", "special price", "precio especial",
              "preco especial"),
    "promise": ("promet", "promis", "te doy mi palabra", "sin falta", "sem falta", "without fail"),
    "compensation": ("compens", "indemniz", "indeniz"),
    "credit": ("saldo a favor", "nota de credito", "store credit", "vale de compra"),
}  # fmt: skip
"""What commits a business, by what it commits to: stems without accents, in three languages."""
_HARMLESS = re.compile(r"\b(?:free to|feel free|al presente|no presente|ao presente|at present|presently)\b")
_MARKUP = re.compile(
    r"</?[a-z][^>\n]{0,80}>|```|<\|[^|\n]{0,40}\|>|\[/?inst\]|\*\*[^*\n]+\*\*|^#{1,6} "
    r"|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)|^\s*[\[{]\s*\"|\{\{|\{%",
    re.IGNORECASE | re.MULTILINE,
)
_SYSTEM = re.compile(
    r"\b(?:system prompt|prompt del sistema|prompt do sistema|as an ai\b|as a language model|"
    r"como (?:un )?modelo de (?:lenguaje|linguagem)|como (?:una )?(?:ia|inteligencia artificial)\b|"
    r"mis instrucciones|minhas instrucoes|my instructions|ignore (?:all|previous|your)|"
    r"ignora (?:las|tus|todas)|ignore (?:as|suas|todas))|^\s*(?:system|assistant|user|sistema|asistente) ?:",
    re.MULTILINE,
)
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
_LATIN = ("LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO")
"""Other alphabets have letters that look like ours: a word of both is none."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a text must not say, and where."""

    kind: str
    """A kind of claim, or: promise, language, long, cut, empty, markup, system, unseen."""
    start: int = 0
    end: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the text may rest on."""

    answers: tuple[str, ...] = ()
    """Published answers that were given to the model: they alone allow a promise."""
    facts: tuple[str, ...] = ()
    """What else the business knows or said: card, orders, own messages. Never the customer's words."""
    instructions: str = ""
    """What the model was told to do: nothing of it may come back."""
    language: str = ""
    """The customer's; empty where any will do."""
    longest: int = field(default=LONGEST)


def faults(text: str, known: Known, *, is_cut: bool = False) -> list[Fault]:
    """Everything a text says that it must not, in the order of the text."""
    if not text.strip():
        return [Fault("empty")]
    found = [
        *_form(text, known, is_cut=is_cut),
        *_unknown(text, known),
        *_promises(text, known),
        *_language(text, known),
    ]
    return sorted(found, key=lambda fault: (fault.start, fault.end, fault.kind))


def may_be_used(text: str, known: Known, *, is_cut: bool = False) -> bool:
    """Whether nothing is wrong with a text: the least that anything automatic has to keep to."""
    return not faults(text, known, is_cut=is_cut)


def _form(text: str, known: Known, *, is_cut: bool) -> Iterator[Fault]:
    if is_cut:
        yield Fault("cut")
    if len(text) > known.longest:
        yield Fault("long")
    for match in _UNSEEN.finditer(text):
        yield Fault("unseen", *match.span())
    for place, char in enumerate(text):
        if not char.isascii() and char.isalpha() and not unicodedata.name(char, "").startswith(_LATIN):
            yield Fault("unseen", place, place + 1, char)
    for match in _MARKUP.finditer(text):
        yield Fault("markup", *match.span(), match[0])
    plain = claiming.plain_of(text)
    for match in _SYSTEM.finditer(plain):
        yield Fault("system", *match.span(), text[match.start() : match.end()])
    if known.instructions and _leaks(plain, claiming.plain_of(known.instructions)):
        yield Fault("system")


def _leaks(plain: str, instructions: str) -> bool:
    told = instructions.split()
    runs = {tuple(told[start : start + LEAK]) for start in range(len(told) - LEAK + 1)}
    said = plain.split()
    return any(tuple(said[start : start + LEAK]) in runs for start in range(len(said) - LEAK + 1))


def _unknown(text: str, known: Known) -> Iterator[Fault]:
    eleven = known.language != "en"
    given: dict[str, set[str]] = {}
    for claim in chain.from_iterable(
        claiming.claims(source, once_is_eleven=eleven) for source in _sources(known)
    ):
        given.setdefault(claim.kind, set()).update(claiming.meant(claim))
    for claim in claiming.claims(text, once_is_eleven=eleven):
        if not _is_given(claim, given):
            yield Fault(claim.kind, claim.start, claim.end, text[claim.start : claim.end])


def _sources(known: Known) -> Iterable[str]:
    return chain(known.answers, known.facts)


def _is_given(claim: Claim, given: dict[str, set[str]]) -> bool:
    if claim.forms & given.get(claim.kind, set()):
        return True
    match claim.kind:
        case "number":
            hours = {form.removesuffix(":00") for form in given.get("hour", ()) if form.endswith(":00")}
            days = {part for form in given.get("date", ()) for part in form.split("/") if "/" in form}
            elsewhere = given.get("percent", set()) | given.get("price", set()) | hours | days
            return bool(claim.forms & elsewhere)
        case "hour":
            whole = {form.removesuffix(":00") for form in claim.forms if form.endswith(":00")}
            said = whole | {str(int(hour) - 12) for hour in whole if int(hour) - 12 in claiming.EVENING}
            return bool(said & given.get("number", set()))
        case "phone":
            return any(_ends_alike(ours, theirs) for ours in claim.forms for theirs in _phones(given))
        case "date":
            month = next(
                (form.removeprefix("month ") for form in claim.forms if form.startswith("month")), ""
            )
            dates = (form.partition("/") for form in given.get("date", ()) if "/" in form)
            return bool(month) and any(part[2] == month for part in dates)
    return False


def _phones(given: dict[str, set[str]]) -> set[str]:
    return given.get("phone", set()) | given.get("number", set())


def _ends_alike(one: str, other: str) -> bool:
    """The same number, with or without the code of its country."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 8 and long.endswith(short) and len(long) - len(short) <= 4


def _promises(text: str, known: Known) -> Iterator[Fault]:
    plain = claiming.plain_of(text)
    harmless = [match.span() for match in _HARMLESS.finditer(plain)]
    allowed = {name for name, _span in chain.from_iterable(_committed(answer) for answer in known.answers)}
    for name, (start, end) in _committed(text):
        is_harmless = any(first <= start and end <= last + 1 for first, last in harmless)
        if name not in allowed and not is_harmless:
            yield Fault("promise", start, end, text[start:end])


def _committed(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    plain = claiming.plain_of(text)
    for name, pattern in _PATTERNS.items():
        for match in pattern.finditer(plain):
            yield name, match.span()


_PATTERNS = {
    name: re.compile(r"\b(?:" + "|".join(re.escape(stem) for stem in stems) + r")\w*")
    for name, stems in PROMISES.items()
}


def _language(text: str, known: Known) -> Iterator[Fault]:
    if not known.language:
        return
    read = languages.detect(text, fallback=known.language)
    if read.read and read.code != known.language and read.probability >= SURE_OF_LANGUAGE:
        yield Fault("language")
