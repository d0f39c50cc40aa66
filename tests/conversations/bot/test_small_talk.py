"""Thanks, greetings, and what is said of an answer: words alone."""

import pytest

from conversations.bot.small_talk import contradicts, is_small_talk, opinion

SMALL = {
    "es": (
        "sí gracias", "muchas gracias", "buenas tardes", "Muchas gracias por la ayuda!", "holaaa buenas",
        "hola buenas tardes, ¿cómo están?", "mil gracias, muy amable", "ok perfecto muchas gracias",
    ),
    "pt": ("sim, obrigada", "muito obrigado pela ajuda", "bom dia, tudo bem?", "obg"),
    "en": ("thank you so much", "yes thanks", "hi, good morning", "ok thx"),
}  # fmt: skip
NOT_SMALL = (
    "¿hasta qué día abren?", "gracias, ¿y hacen envíos?", "ok y hacen envíos", "buenas, precio?", "todo",
    "bom preço", "hola " * 30, "",
)  # fmt: skip
CONTRADICTED = {
    "es": (
        "no, eso no es lo que pregunté", "eso no me sirve, no respondiste", "no me sirve", "no",
        "no era eso, yo quería saber del taller", "esa respuesta no me ayuda para nada",
        "pero eso no responde mi duda, necesito saber si tienen talla M", "sigo sin entender cuánto cuesta",
    ),
    "pt": ("isso não é o que eu perguntei", "não me ajudou em nada", "não era isso que eu queria saber"),
    "en": ("that's not what I asked", "you didn't answer my question", "that doesn't help me at all"),
}  # fmt: skip
NO_OPINION = {
    "es": (
        "no sé si abren el lunes, me dices?", "no tengo cuenta, ¿puedo pagar igual?", "eso no tiene costo?",
        "no me dijiste el precio del casco", "el casco no me sirve porque es talla S, tienen otra?",
        "ok, y los domingos?", "hola buenas tardes",
    ),
    "pt": ("não sei qual escolher entre os dois",),
    "en": ("do you not ship on sunday?",),
}  # fmt: skip


@pytest.mark.parametrize("spoken", SMALL)
def test_thanks_and_greetings_are_small_talk(spoken: str) -> None:
    assert [text for text in SMALL[spoken] if not is_small_talk(text, spoken)] == []


def test_what_asks_something_is_no_small_talk() -> None:
    assert [text for text in NOT_SMALL if is_small_talk(text, "es")] == []
    assert not is_small_talk("ya entendi " * 50 + "x")


@pytest.mark.parametrize("spoken", CONTRADICTED)
def test_contradiction_is_read_in_a_sentence_of_any_length(spoken: str) -> None:
    assert [text for text in CONTRADICTED[spoken] if opinion(text, spoken) is not False] == []
    assert [text for text in NO_OPINION[spoken] if opinion(text, spoken) is not None] == []
    assert not any(contradicts(text, spoken) for text in SMALL[spoken])


def test_thanks_say_that_it_helped() -> None:
    for text in ("sí", "sí, muchas gracias por la ayuda", "muchas gracias", "Perfecto, quedó claro"):
        assert opinion(text, "es") is True, text
