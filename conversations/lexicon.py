"""Words by which a complaint is known, until the bot's model judges: `sounds_like_complaint` is its place.

Stems, without accents: a word of the text that begins with one counts; with a space at its end, the whole
word. A phrase counts anywhere.
"""

import re
from functools import cache

from tenants.kit.text import bare, bare_words

APOSTROPHES = str.maketrans("", "", "'’")
COMPLAINTS: dict[str, tuple[str, ...]] = {
    "es": (
        "asco", "basura", "decepcion", "los voy a demandar", "denunci", "engana", "engano", "estaf",
        "falla", "fraude", "horrible", "inacepta", "ladron", "mentir", "muy molest", "odio", "peor",
        "pesim", "profeco", "queja", "quejo", "reclam", "robo ", "roban", "robaron", "terrible",
        "verguenza", "no funciona", "no me responden", "no contestan", "no me llego", "no ha llegado",
        "no sirve", "mal servicio", "mala atencion", "nunca llego", "nunca mas", "muy mal",
    ),
    "pt": (
        "decepcion", "denuncia", "enganad", "engano", "fraude", "e golpe ", "horrivel", "inaceitav",
        "ladrao", "ladroes", "lixo", "mentir", "odeio", "pessim", "pior", "procon", "reclam", "roubo",
        "roubad", "terrivel", "vergonha", "nao chegou", "nao funciona", "nao respondem", "nao presta",
        "nunca chegou", "nunca mais", "pessimo atendimento",
    ),
    "en": (
        "angry", "awful", "complain", "disappoint", "disgust", "fraud", "horribl", "lawsuit", "liar",
        "money back", "ridiculous", "rude", "scam", "stole", "terribl", "thief", "unacceptab", "worst",
        "does not work", "doesnt work", "never again", "never arrived", "no answer", "poor service",
        "rip off",
    ),
}  # fmt: skip


def sounds_like_complaint(text: str) -> bool:
    """Whether a text holds a word of complaint in any language; customers do not keep to the business's."""
    return bool(_pattern().search(_plain(text[:5_000])))


def _plain(text: str) -> str:
    """Lower case, without accents and apostrophes, single spaces."""
    return bare_words(bare(text).translate(APOSTROPHES))


@cache
def _pattern() -> re.Pattern[str]:
    stems = sorted({stem for stems in COMPLAINTS.values() for stem in stems})
    found = "|".join(re.escape(stem.strip()) + (r"\b" if stem.endswith(" ") else "") for stem in stems)
    return re.compile(rf"\b(?:{found})")
