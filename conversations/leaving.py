"""Words by which people want no more of what comes unasked, where they are the whole message."""

import unicodedata

WORDS = frozenset(
    (
        *("stop", "stopall", "stop all", "unsubscribe", "optout", "opt out"),
        *("baja", "dar de baja", "darme de baja", "alto", "cancelar", "cancelar suscripcion", "no mas"),
        *("parar", "pare", "sair", "descadastrar", "cancelar inscricao", "nao quero mais"),
    )
)
LONGEST = 60  # characters of a message that may be such a word, with what stands around it


def is_leaving(text: str) -> bool:
    """Whether a message says this and nothing else. Accents, capitals and punctuation do not matter."""
    if len(text) > LONGEST:
        return False
    letters = unicodedata.normalize("NFKD", text.casefold())
    words = "".join(char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return " ".join(words.split()) in WORDS
