"""Takes out of a text what belongs to one customer, before it is offered to all of them as an answer.

It errs on the side of taking out: a person reads the rest before it is published, and is told to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tenants.kit.text import MAIL_ADDRESS, bare

GAP = "[…]"
SHORTEST_NAME = 3  # letters
_ADDRESS = re.compile(MAIL_ADDRESS)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_OWN_LINK = re.compile(r"[?=&]|\d{5}")
_PHONE = re.compile(r"(?<![\w$])\+?\(?\d(?:[\s().-]{0,2}\d){7,14}(?!\w)")
_NUMBERED = re.compile(
    r"\b(pedido|orden|folio|gu[ií]a|ticket|factura|rastreo|rastreio|c[óo]digo|protocolo|cuenta|conta|order"
    r"|tracking|invoice|reference|referencia|refer[êe]ncia)\b(\s*(?:n[.ºo°]*|num\.?|n[úu]mero|number)?\s*:?\s*)"
    r"#?(?=[\w-]*\d)[\w-]{3,}",
    re.IGNORECASE,
)
_HASH = re.compile(r"#\s?(?=[\w-]*\d)[\w-]{2,}")
_CODE = re.compile(r"\b(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9][A-Z0-9-]{4,}\b")
_LONG = re.compile(r"(?<![\w$.,])\d{6,}(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_LOOSE = re.compile(r"[ \t]+([,.;:!?])")
_DOUBLED = re.compile(r"([,;:])(?:\s*[,;:])+")
_SPACES = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a text."""

    text: str
    took_out: bool
    """Whether something was taken out: somebody has to read what is left."""


def without_personal(text: str, names: Iterable[str] = ()) -> Cleaned:
    """The text without names, addresses, phones, and the numbers of orders and parcels."""
    found = _LINK.sub(lambda link: GAP if _OWN_LINK.search(link[0]) else link[0], text)
    found = _ADDRESS.sub(GAP, found)
    found = _NUMBERED.sub(lambda hit: f"{hit[1]}{hit[2]}{GAP}", found)
    for pattern in (_PHONE, _HASH, _CODE, _LONG):
        found = pattern.sub(GAP, found)
    found = _without_names(found, names)
    took_out = found != text
    if took_out:
        found = _SPACES.sub(" ", _DOUBLED.sub(r"\1", _LOOSE.sub(r"\1", found)))
        found = "\n".join(line.strip() for line in found.splitlines()).strip(" ,;")
    return Cleaned(found, took_out)


def _without_names(text: str, names: Iterable[str]) -> str:
    """Without the words of names: a first name however written, the others where they begin as names do."""
    first: set[str] = set()
    others: set[str] = set()
    for name in names:
        words = [word for word in _WORD.findall(bare(name)) if len(word) >= SHORTEST_NAME]
        first.update(words[:1])
        others.update(words[1:])

    def kept(hit: re.Match[str]) -> str:
        word = bare(hit[0])
        return "" if word in first or (word in others and hit[0][0].isupper()) else hit[0]

    return _WORD.sub(kept, text) if first or others else text
