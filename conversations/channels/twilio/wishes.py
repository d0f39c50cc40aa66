"""Words by which people stop a business's messages and bring them back.

Source: help.twilio.com 223134027 ("Twilio support for opt-out keywords"), and the same in Spanish and
Portuguese. A word counts only when it is the whole message.
"""

from typing import Literal

from tenants.kit.text import bare_words

Wish = Literal["", "stop", "start"]

STOP = (
    *("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
    *("alto", "baja", "dar de baja", "darme de baja", "cancelar", "detener", "parar", "no mas", "salir"),
    *("sair", "descadastrar", "pare", "nao quero mais", "cancelar inscricao", "remover"),
)
START = (
    *("start", "unstop", "yes"),
    *("alta", "dar de alta", "darme de alta", "volver", "reanudar", "iniciar"),
    *("voltar", "comecar", "reativar", "cadastrar"),
)
MEANINGS: dict[str, Wish] = {**dict.fromkeys(STOP, "stop"), **dict.fromkeys(START, "start")}
LONGEST = 60  # characters of a message that may be such a word, with what stands around it


def wish(text: str, said_by_vendor: str = "") -> Wish:
    """What a message asks for; the vendor's word (OptOutType) goes first.

    Accents, capitals, spaces and punctuation do not matter.
    """
    if said_by_vendor:
        return MEANINGS.get(said_by_vendor.lower(), "") if said_by_vendor in {"STOP", "START"} else ""
    if len(text) > LONGEST:
        return ""
    return MEANINGS.get(bare_words(text), "")
