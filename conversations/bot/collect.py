"""What a customer says of himself in passing: collected so that nobody asks for it again."""

import re

NAME = 40  # characters
_INTRODUCES = re.compile(
    r"\b(?:me llamo|mi nombre es|soy|le (?:habla|escribe|saluda)|"
    r"meu nome é|me chamo|sou (?:o|a)|aqui é (?:o|a)|quem fala é (?:o|a)|"
    r"my name is|i am|i'm|this is)\s+",
    re.IGNORECASE,
)
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


def facts_in(text: str) -> dict[str, str]:
    """What stands in a message: `name`, `order`, `email`, each at most once."""
    order, email = _ORDER.search(text), _EMAIL.search(text)
    found = {
        "name": name_in(text),
        "order": order.group(1).upper() if order else "",
        "email": email.group() if email else "",
    }
    return {key: value for key, value in found.items() if value}
