"""A first reply to begin with, for the colleague who takes over: made of what is known, never of more.

Plain sentences, so that he changes what he likes; nothing of it is sent by itself.
"""

from conversations.bot.says import language_of

QUOTED = 90
"""Characters of the customer's own words."""
TEXTS: dict[str, dict[str, str]] = {
    "hello": {"es": "Hola, {name}.", "pt": "Olá, {name}.", "en": "Hello, {name}."},
    "hello_unknown": {"es": "Hola.", "pt": "Olá.", "en": "Hello."},
    "sorry": {
        "es": "Lamento lo que pasó.",
        "pt": "Sinto muito pelo que aconteceu.",
        "en": "I am sorry about what happened.",
    },
    "thanks": {
        "es": "Gracias por escribirnos.",
        "pt": "Obrigado pela mensagem.",
        "en": "Thank you for writing to us.",
    },
    "read": {
        "es": "Ya leí lo que escribiste: “{question}”.",
        "pt": "Já li o que você escreveu: “{question}”.",
        "en": "I have read what you wrote: “{question}”.",
    },
    "order": {
        "es": "Tengo a la vista tu pedido {number} ({status}).",
        "pt": "Estou vendo seu pedido {number} ({status}).",
        "en": "I have your order {number} in front of me ({status}).",
    },
    "closing": {
        "es": "Lo reviso y te respondo por aquí.",
        "pt": "Vou verificar e respondo por aqui.",
        "en": "I am looking into it and will answer you here.",
    },
    "more": {
        "es": "Cuéntame un poco más para ayudarte bien.",
        "pt": "Me conte um pouco mais para eu ajudar melhor.",
        "en": "Tell me a little more, so that I can help you well.",
    },
}


def first_reply(
    language: str,
    *,
    name: str = "",
    question: str = "",
    order: tuple[str, str] | None = None,
    upset: bool = False,
    unclear: bool = False,
) -> str:
    """A short draft in the customer's language. `order` is its number and state in that language."""
    spoken = language_of(language)

    def say(key: str, **values: str) -> str:
        text = TEXTS[key][spoken]
        for field, value in values.items():
            text = text.replace("{" + field + "}", value)
        return text

    first = next(iter(name.split()), "")
    parts = [say("hello", name=first) if first else say("hello_unknown")]
    parts.append(say("sorry") if upset else say("thanks"))
    if question:
        parts.append(say("read", question=_quoted(question)))
    if order:
        parts.append(say("order", number=order[0], status=order[1]))
    parts.append(say("more") if unclear else say("closing"))
    return " ".join(parts)


def _quoted(text: str) -> str:
    """His words on one line, cut at a word."""
    line = " ".join(text.split()).replace("“", "").replace("”", "").rstrip(".")
    if len(line) <= QUOTED:
        return line
    return line[:QUOTED].rsplit(" ", 1)[0].rstrip(",;: ") + "…"
