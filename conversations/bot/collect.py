"""What a customer says of himself in passing: collected so that nobody asks for it again."""

import re

from conversations.bot.first_names import FIRST_NAMES
from conversations.bot.words import STOP_WORDS, everyday
from tenants.kit.text import bare_words

NAME = 40  # characters
ANSWER = 60  # characters of a message that only says a name
MOST_WORDS = 4
_INTRODUCES = re.compile(
    r"\b(?:me llamo|mi nombre es|soy|le (?:habla|escribe|saluda)|"
    r"meu nome é|me chamo|sou (?:o|a)|aqui é (?:o|a)|quem fala é (?:o|a)|"
    r"my name is|i am|i'm|this is)\s+",
    re.IGNORECASE,
)
_NAMES_ITSELF = re.compile(
    r"\b(?:me llamo|mi nombre es|meu nome é|me chamo|my name is|my name's)\s+", re.IGNORECASE
)
_BEFORE_NAME = re.compile(
    r"(?:(?:hola|hi|hello|ol[aá]|oi|buenas|claro|s[ií]|sim|yes)[,.!]*\s+)?(?:con|habla|te habla|soy|aqu[ií]|"
    r"de parte de|a nombre de|(?:eu\s+)?sou|com|aqui é|é|it'?s|i'?m|i am|this is)\s+(?:o|a|el|la)?\s*\b",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"[,.!;]?\s*\b(?:muchas gracias|gracias|por favor|porfa|mucho gusto|a sus [oó]rdenes|para servirle|"
    r"obrigad[oa]|por gentileza|prazer|thanks|thank you|please|nice to meet you)\b[\s,.!]*$",
    re.IGNORECASE,
)
_EDGES = " ,.;:!¡\"'()*_-👋🙂😊🙏"
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PARTICLES = frozenset(("de", "la", "las", "los", "del", "da", "do", "dos", "das", "y", "e"))
_SURNAMES = frozenset((
    "garcia", "silva", "santos", "souza", "sousa", "costa", "ferreira", "lima", "rocha", "almeida",
    "pereira", "ribeiro", "carvalho", "barbosa", "moreira", "cardoso", "teixeira", "moura", "alvarado",
    "flores", "torres", "mendoza", "castillo", "ramos", "vargas", "luna", "cortes", "lara", "leon",
    "oliveira", "dias", "diaz", "cruz", "reyes", "morales", "aguilar", "ortiz", "moreno", "romero", "rivera",
    "herrera", "medina", "castro", "guzman", "rojas", "contreras", "ortega", "guerrero", "estrada", "soto",
    "avila", "rios", "delgado", "vega", "campos", "ruiz", "salazar", "sandoval", "carrillo", "blanco", "pena",
    "mora", "villa", "mata", "torre", "valle", "garza", "trevino", "smith", "johnson", "williams", "brown",
    "jones", "miller", "davis", "martin", "white",
    "clark", "lewis", "young", "king", "green", "moore",
))  # fmt: skip
"""Surnames without the ending of most: they may stand in small letters, or are everyday words, too."""
_IS_FROM = re.compile(r"(?:ano|ana|ense|eno|ena|es|esa|ero|era|ista|ado|ada|dor|dora)$")
"""Endings of where somebody is from and what he does: "soy Regiomontano"."""
_NO_NAMES = frozenset(("ok", "okay", "oka", "si", "no", "ya", "hi", "oi", "va", "eh", "ah", "aja"))
_NAME = re.compile(r"((?:[A-ZÁÉÍÓÚÑÃÕÂÊÔÇ][a-záéíóúñãõâêôçü'’]{1,20})(?:\s+(?:de\s+(?:la\s+)?|da\s+|do\s+)?"
                   r"[A-ZÁÉÍÓÚÑÃÕÂÊÔÇ][a-záéíóúñãõâêôçü'’]{1,20}){0,2})")  # fmt: skip
_ORDER = re.compile(
    r"\b(?:pedido|orden|order|compra|folio|ticket|encomenda|nota)\b\D{0,20}?((?:[A-Z]{1,4}-?)?\d{3,12})\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+\b")


def name_in(text: str) -> str:
    """The name by which somebody introduces himself; empty where he does not.

    Only what is written as a name, with capitals: "soy de Puebla" names nobody.
    """
    for found in _INTRODUCES.finditer(text):
        name = _NAME.match(text, found.end())
        if name:
            return name.group(1)[:NAME]
    return ""


def own_name_in(text: str) -> str:
    """The name by which somebody surely introduces himself, for his record; empty where it may be no name.

    Small letters will do for a known first name after "me llamo"; "soy Regiomontano" names nobody.
    """
    for found in _NAMES_ITSELF.finditer(text):
        if name := _read(_leading(text[found.end() :]), introduced=True):
            return name
    return _read(name_in(text).split())


def name_told(text: str) -> str:
    """The name in the answer of somebody who was asked for it; empty where it reads as anything else.

    All of a short message is his name, but for "gracias" after it and "soy" or "con" before. A greeting
    with a name is meant for somebody else.
    """
    if name := own_name_in(text):
        return name
    text = " ".join(text.split())
    if len(text) > ANSWER or "?" in text:
        return ""
    text = _POLITE.sub("", text.strip(_EDGES)).strip(_EDGES)
    before = _BEFORE_NAME.match(text)
    return _read(text[before.end() if before else 0 :].split(), introduced=bool(before))


def _leading(text: str) -> list[str]:
    """The words at the beginning of a text that may belong to a name."""
    kept: list[str] = []
    for word in re.split(r"[,.;:!\n]", text, maxsplit=1)[0].split()[:MOST_WORDS]:
        if kept and not _goes_on(word):
            break
        kept.append(word)
    while kept and _bare(kept[-1]) in _PARTICLES:
        kept.pop()
    return kept


def _read(words: list[str], *, introduced: bool = False) -> str:
    """Words as a person's name, where they are one: a known first name first, or capitals after "soy"."""
    if not 0 < len(words) <= MOST_WORDS or not all(map(_LETTERS.fullmatch, words)):
        return ""
    first = _bare(words[0])
    has_capital = words[0][:1].isupper()
    known = first in FIRST_NAMES and (len(words) > 1 or has_capital or introduced or not everyday(first))
    taken_for_one = introduced and has_capital and _is_rare(first) and first not in _PARTICLES
    if not (known or (taken_for_one and (len(words) > 1 or not _IS_FROM.search(first)))):
        return ""
    if not all(map(_goes_on, words[1:])):
        return ""
    return " ".join(map(_written, words))[:NAME]


def _goes_on(word: str) -> bool:
    """Whether a word may follow a first name."""
    bare = _bare(word)
    known = bare in _PARTICLES or bare in FIRST_NAMES or bare in _SURNAMES or bare.endswith("ez")
    return known or (word[:1].isupper() and _is_rare(bare))


def _is_rare(bare: str) -> bool:
    return len(bare) > 1 and not (bare in STOP_WORDS or bare in _NO_NAMES or everyday(bare))


def _bare(word: str) -> str:
    return bare_words(word).replace(" ", "")


def _written(word: str) -> str:
    """A word of a name as names are written."""
    if _bare(word) in _PARTICLES:
        return word.lower()
    return word.capitalize() if word.islower() or word.isupper() else word


def facts_in(text: str) -> dict[str, str]:
    """What stands in a message: `name`, `order`, `email`, each at most once."""
    order, email = _ORDER.search(text), _EMAIL.search(text)
    found = {
        "name": name_in(text) or own_name_in(text),
        "order": order.group(1).upper() if order else "",
        "email": email.group() if email else "",
    }
    return {key: value for key, value in found.items() if value}
