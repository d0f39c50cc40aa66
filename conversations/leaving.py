"""Words by which people want no more of what comes unasked, or come back: they are the whole message."""

from tenants.kit.text import bare_words

WORDS = frozenset(
    (
        *("stop", "stopall", "stop all", "unsubscribe", "optout", "opt out"),
        *("baja", "dar de baja", "darme de baja", "alto", "cancelar", "cancelar suscripcion", "no mas"),
        *("parar", "pare", "sair", "descadastrar", "cancelar inscricao", "nao quero mais"),
    )
)
RETURNING = frozenset(
    (
        *("start", "unstop", "subscribe", "alta", "dar de alta", "darme de alta", "volver", "reanudar"),
        *("voltar", "reativar"),
    )
)
LONGEST = 60  # characters of a message that may be such a word, with what stands around it


def is_leaving(text: str) -> bool:
    """Whether a message says this and nothing else. Accents, capitals and punctuation do not matter."""
    return _alone(text) in WORDS


def is_returning(text: str) -> bool:
    """Whether a message takes such a word back and says nothing else."""
    return _alone(text) in RETURNING


def _alone(text: str) -> str:
    return bare_words(text) if len(text) <= LONGEST else ""
