"""What the bot says besides the business's own answers: every sentence in three languages, all editable.

A list holds wordings of the same: none is said twice in an episode, but for the way to a person.
"""

from collections.abc import Iterable, Mapping
from typing import Any

LANGUAGES = ("es", "pt", "en")
REPEATABLE = frozenset({"person_hint", "person_button", "yes_button"})
FIELDS = {
    "hello": ("name",),
    "intro": ("bot", "business"),
    "order": ("number", "status"),
    "hand_over_to": ("who",),
    "hand_soon": ("minutes",),
    "hand_by": ("when",),
    "hand_later": ("when",),
}
"""What may stand in braces in a text."""

TEXTS: dict[str, dict[str, list[str]]] = {
    "hello": {"es": ["Hola, {name}."], "pt": ["Olá, {name}."], "en": ["Hello, {name}."]},
    "hello_unknown": {"es": ["Hola."], "pt": ["Olá."], "en": ["Hello."]},
    "intro": {
        "es": ["Soy {bot}, el asistente automático de {business}."],
        "pt": ["Sou {bot}, o assistente automático da {business}."],
        "en": ["I am {bot}, the automatic assistant of {business}."],
    },
    "how": {
        "es": ["¿En qué te ayudo?"],
        "pt": ["Como posso ajudar?"],
        "en": ["How can I help?"],
    },
    "here": {
        "es": ["Dime, te leo.", "Aquí sigo. ¿Qué necesitas?", "Cuéntame qué buscas."],
        "pt": ["Pode falar, estou lendo.", "Continuo aqui. Do que você precisa?", "Me conte o que procura."],
        "en": ["Go on, I am reading.", "Still here. What do you need?", "Tell me what you are looking for."],
    },
    "order": {
        "es": ["Tu pedido {number}: {status}."],
        "pt": ["Seu pedido {number}: {status}."],
        "en": ["Your order {number}: {status}."],
    },
    "helped": {
        "es": ["¿Era lo que buscabas?", "¿Te sirve así?", "¿Con eso queda resuelto?", "¿Te aclara?"],
        "pt": [
            "Era isso que você procurava?",
            "Assim ajuda?",
            "Com isso fica resolvido?",
            "Isso tira a dúvida?",
        ],
        "en": [
            "Was that what you needed?",
            "Does that help?",
            "Is that settled, then?",
            "Is it clearer now?",
        ],
    },
    "glad": {
        "es": ["Me alegra. Si necesitas algo más, escríbeme.", "Perfecto, quedo al pendiente.", "Qué bueno."],
        "pt": [
            "Que bom. Se precisar de mais alguma coisa, escreva.",
            "Perfeito, fico à disposição.",
            "Ótimo.",
        ],
        "en": ["Glad to hear it. Write if you need anything else.", "Perfect, I am around.", "Good."],
    },
    "unsure": {
        "es": ["No estoy seguro de haber entendido. ¿Me lo dices con otras palabras?"],
        "pt": ["Não tenho certeza se entendi. Pode dizer com outras palavras?"],
        "en": ["I am not sure I understood. Could you say it in other words?"],
    },
    "choices": {
        "es": ["¿Es sobre algo de esto?", "¿Cuál de estas te sirve?"],
        "pt": ["É sobre alguma destas coisas?", "Qual destas ajuda?"],
        "en": ["Is it about one of these?", "Which of these helps?"],
    },
    "media": {
        "es": ["Solo puedo leer texto. ¿Me lo escribes en pocas palabras?"],
        "pt": ["Só consigo ler texto. Pode escrever em poucas palavras?"],
        "en": ["I can only read text. Could you write it in a few words?"],
    },
    "hesitate": {
        "es": [
            "Tómate tu tiempo. Si quieres, una persona del equipo te ayuda a decidir, sin compromiso.",
            "Sin prisa. Una persona del equipo puede resolverte cualquier duda.",
        ],
        "pt": [
            "Sem pressa. Se quiser, uma pessoa da equipe ajuda você a decidir, sem compromisso.",
            "Fique à vontade. Uma pessoa da equipe pode tirar qualquer dúvida.",
        ],
        "en": [
            "Take your time. If you like, someone from the team helps you decide, no strings attached.",
            "No rush. Someone from the team can answer anything.",
        ],
    },
    "identity": {
        "es": ["Para decirte eso tengo que saber que eres tú. ¿Cuál es tu número de pedido?"],
        "pt": ["Para dizer isso preciso saber que é você. Qual é o número do seu pedido?"],
        "en": ["To tell you that I have to know it is you. What is your order number?"],
    },
    "identity_appointment": {
        "es": [
            "Para decirte eso tengo que saber que eres tú. ¿Cuál es el folio de tu cita? "
            "Si no lo tienes, dímelo y una persona la busca."
        ],
        "pt": [
            "Para dizer isso preciso saber que é você. Qual é o código do seu agendamento? "
            "Se não tiver, me diga e uma pessoa procura."
        ],
        "en": [
            "To tell you that I have to know it is you. What is the number of your booking? "
            "If you have none, tell me and a person looks it up."
        ],
    },
    "identity_payment": {
        "es": [
            "Para decirte eso tengo que saber que eres tú. ¿Cuál es tu número de pedido o el folio del pago? "
            "Si no lo tienes, dímelo y una persona lo busca."
        ],
        "pt": [
            "Para dizer isso preciso saber que é você. Qual é o número do pedido, ou o código do pagamento? "
            "Se não tiver, me diga e uma pessoa procura."
        ],
        "en": [
            "To tell you that I have to know it is you. What is your order number, or that of the payment? "
            "If you have none, tell me and a person looks it up."
        ],
    },
    "identity_owner": {
        "es": [
            "¿Y los últimos cuatro dígitos del teléfono que nos diste, o el correo?",
            "Me falta algo para saber que es tuyo: los últimos cuatro dígitos del teléfono o el correo.",
        ],
        "pt": [
            "E os últimos quatro dígitos do telefone que você nos deu, ou o e-mail?",
            "Falta algo para saber que é seu: os últimos quatro dígitos do telefone ou o e-mail.",
        ],
        "en": [
            "And the last four digits of the phone you gave us, or the e-mail address?",
            "One more thing to know it is yours: the last four digits of the phone, or the e-mail address.",
        ],
    },
    "identity_one": {
        "es": ["Dame un solo dato, por favor: los últimos cuatro dígitos del teléfono, o el correo."],
        "pt": ["Me passe um dado só, por favor: os últimos quatro dígitos do telefone, ou o e-mail."],
        "en": ["Just one of them, please: the last four digits of the phone, or the e-mail address."],
    },
    "identity_wrong": {
        "es": ["No encuentro nada con esos datos. ¿Me das otra vez el número?"],
        "pt": ["Não encontro nada com esses dados. Pode me passar o número de novo?"],
        "en": ["I find nothing with those details. Could you give me the number again?"],
    },
    "identity_person": {
        "es": ["Eso lo busca una persona, porque yo no puedo estar seguro de que eres tú."],
        "pt": ["Uma pessoa procura isso, porque eu não consigo ter certeza de que é você."],
        "en": ["A person looks that up, since I cannot be sure that it is you."],
    },
    "sorry": {
        "es": ["Lamento lo que pasó."],
        "pt": ["Sinto muito pelo que aconteceu."],
        "en": ["I am sorry about that."],
    },
    "hand_over": {
        "es": ["Te paso con una persona del equipo."],
        "pt": ["Vou passar você para uma pessoa da equipe."],
        "en": ["I am passing you to someone from the team."],
    },
    "hand_over_to": {
        "es": ["Te paso con {who}, del equipo."],
        "pt": ["Vou passar você para {who}, da equipe."],
        "en": ["I am passing you to {who}, from the team."],
    },
    "hand_soon": {
        "es": ["Te responde por aquí en unos {minutes} minutos."],
        "pt": ["A resposta chega por aqui em uns {minutes} minutos."],
        "en": ["You get an answer here in about {minutes} minutes."],
    },
    "hand_by": {
        "es": ["Te responde por aquí a más tardar {when}."],
        "pt": ["A resposta chega por aqui até {when}."],
        "en": ["You get an answer here by {when} at the latest."],
    },
    "hand_later": {
        "es": ["Ahora no hay nadie de turno: te responde por aquí a más tardar {when}."],
        "pt": ["Agora não há ninguém de plantão: você terá resposta por aqui até {when}."],
        "en": ["Nobody is on duty now: you get an answer here by {when} at the latest."],
    },
    "hand_read": {
        "es": ["Ya tiene lo que me contaste; no hace falta que lo repitas."],
        "pt": ["Já está com o que você me contou; não precisa repetir."],
        "en": ["They already have what you told me; no need to repeat it."],
    },
    "ask_name": {
        "es": ["Mientras tanto, ¿con quién tengo el gusto?"],
        "pt": ["Enquanto isso, com quem eu falo?"],
        "en": ["Meanwhile, may I have your name?"],
    },
    "person_hint": {
        "es": ["Para hablar con una persona, escribe PERSONA."],
        "pt": ["Para falar com uma pessoa, escreva PESSOA."],
        "en": ["To talk to a person, write PERSON."],
    },
    "person_button": {
        "es": ["Hablar con persona"],
        "pt": ["Falar com pessoa"],
        "en": ["Talk to a person"],
    },
    "yes_button": {"es": ["Sí, gracias"], "pt": ["Sim, obrigado"], "en": ["Yes, thanks"]},
}


def language_of(code: str) -> str:
    """The language of ours that is nearest: es, pt or en."""
    short = code.partition("-")[0].lower()
    return short if short in LANGUAGES else "es"


def wordings(key: str, language: str, own: Mapping[str, Any] | None = None) -> list[str]:
    """All wordings of a text, the business's own before ours."""
    spoken = language_of(language)
    written = ((own or {}).get(spoken) or {}).get(key)
    kept = [written] if isinstance(written, str) and written.strip() else list(written or [])
    return [*kept, *TEXTS[key][spoken]] if key not in REPEATABLE or not kept else kept


def say(
    key: str,
    language: str,
    said: Iterable[str] = (),
    own: Mapping[str, Any] | None = None,
    **values: object,
) -> str:
    """A wording that was not said yet, filled in; empty where all were said. Names in braces stay unknown."""
    before = set(said)
    for wording in wordings(key, language, own):
        text = wording
        for name in FIELDS.get(key, ()):
            text = text.replace("{" + name + "}", str(values.get(name, "")))
        if key in REPEATABLE or text not in before:
            return text
    return ""
