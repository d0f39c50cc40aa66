"""What simulated customers say, by mood and language, and the words by which replies are judged."""

from typing import Final

LANGUAGES = ("es", "pt", "en")

NAMES: Final = {
    "es": ("Lucía Herrera", "Mateo Quiroga", "Paola Ríos", "Iván Castaño", "Fernanda Salas", "Tomás Vega"),
    "pt": ("Larissa Nunes", "Caio Teixeira", "Bruna Prado", "Otávio Lemos", "Renata Dias", "Davi Moura"),
    "en": ("Grace Miller", "Owen Carter", "Nora Bailey", "Felix Shaw", "Ivy Turner", "Leo Grant"),
}

OPENERS: Final = {
    "calm": {
        "es": "Hola, buen día. Soy {name}. {question}",
        "pt": "Oi, bom dia. Sou {name}. {question}",
        "en": "Hi there, this is {name}. {question}",
    },
    "confused": {
        "es": "Hola, soy {name}. Perdón, es que no entiendo bien su página. {question}",
        "pt": "Oi, sou {name}. Desculpa, não estou entendendo o site de vocês. {question}",
        "en": "Hi, {name} here. Sorry, I am lost on your site. {question}",
    },
    "hurried": {
        "es": "soy {name}, pedido {order}, rápido por favor que voy saliendo: {question}",
        "pt": "sou {name}, pedido {order}, rápido por favor que estou saindo: {question}",
        "en": "{name} here, order {order}, quick please, I am about to leave: {question}",
    },
    "angry": {
        "es": "Soy {name}, del pedido {order}. Ya les escribí dos veces y nadie me contesta!! {question}",
        "pt": "Sou {name}, do pedido {order}. Já escrevi duas vezes e ninguém me responde!! {question}",
        "en": "This is {name}, order {order}. I wrote to you twice and nobody answers!! {question}",
    },
}

WITH_ORDER = frozenset({"hurried", "angry"})
"""Moods in which he says at once which order he writes about."""

REACTIONS: Final = {
    "reasked": {
        "es": "Eso ya te lo dije: {fact}.",
        "pt": "Isso eu já falei: {fact}.",
        "en": "I told you that already: {fact}.",
    },
    "on_record": {
        "es": "¿Eso no lo tienen ya ahí? Es {fact}.",
        "pt": "Isso vocês já não têm aí? É {fact}.",
        "en": "Don't you have that there already? It is {fact}.",
    },
    "no_empathy": {
        "es": "¿Y ni una disculpa? Llevo días esperando. {question}",
        "pt": "E nem um pedido de desculpas? Estou esperando há dias. {question}",
        "en": "Not even an apology? I have been waiting for days. {question}",
    },
    "too_long": {
        "es": "Es mucho texto, dime lo importante: {question}",
        "pt": "É muito texto, me diz o principal: {question}",
        "en": "That is a lot of text, just the point please: {question}",
    },
    "not_understood": {
        "es": "Perdón, no te entendí. ¿Me lo explicas más sencillo? {question}",
        "pt": "Desculpa, não entendi. Explica de um jeito mais simples? {question}",
        "en": "Sorry, I did not get that. Can you put it more simply? {question}",
    },
    "not_answered": {
        "es": "Pero eso no es lo que pregunté. {question}",
        "pt": "Mas não foi isso que eu perguntei. {question}",
        "en": "But that is not what I asked. {question}",
    },
    "next": {
        "es": "Ok, gracias. Y otra cosa: {question}",
        "pt": "Ok, obrigado. E outra coisa: {question}",
        "en": "Ok, thanks. One more thing: {question}",
    },
    "sure": {
        "es": "¿Seguro? ¿Eso es así para cualquiera?",
        "pt": "Tem certeza? Isso vale para qualquer pessoa?",
        "en": "Are you sure? Is that the same for everybody?",
    },
    "thanks": {
        "es": "Perfecto, con eso me queda claro. Muchas gracias.",
        "pt": "Perfeito, ficou claro. Muito obrigado.",
        "en": "Perfect, that is clear now. Thank you very much.",
    },
    "leaves": {
        "es": "Mejor lo dejo así. Gracias por nada.",
        "pt": "Melhor deixar pra lá. Obrigado por nada.",
        "en": "Never mind, I will leave it. Thanks for nothing.",
    },
}

EMPATHY: Final = {
    "es": (
        "disculp", "perdon", "lament", "siento mucho", "lo siento", "entiendo", "comprendo", "imagino",
        "tienes razon", "tiene razon", "que pena", "gracias por tu paciencia", "gracias por avisar",
        "me apena",
        "gracias por la paciencia", "gracias por esperar",
    ),
    "pt": (
        "desculp", "perdao", "lament", "sinto muito", "entendo", "compreendo", "imagino", "tem razao",
        "voce tem razao", "obrigado pela paciencia", "obrigada pela paciencia", "obrigado por avisar",
    ),
    "en": (
        "sorry", "apolog", "understand", "i can imagine", "i see how", "you are right", "you're right",
        "thank you for your patience", "thanks for your patience", "thanks for waiting", "that must",
    ),
}  # fmt: skip
"""Stems without accents that acknowledge how somebody feels."""

GREETINGS: Final = {
    "es": ("hola", "buen dia", "buenos dias", "buenas", "que tal", "con gusto", "claro"),
    "pt": ("oi", "ola", "bom dia", "boa tarde", "boa noite", "com prazer", "claro"),
    "en": ("hi", "hello", "good morning", "good afternoon", "good evening", "hey", "of course", "sure"),
}

SORRY: Final = {
    "es": "Lamento la espera, {name}, entiendo la molestia.",
    "pt": "Sinto muito pela demora, {name}, entendo o incômodo.",
    "en": "I am sorry about the wait, {name}, I understand how annoying that is.",
}
FRIENDLY: Final = {"es": "Con gusto, {name}.", "pt": "Com prazer, {name}.", "en": "Happy to help, {name}."}

SURE_WORDS: Final = {
    "es": ("si", "asi es", "claro", "exacto", "correcto", "para todos", "cualquier", "confirmo"),
    "pt": ("sim", "isso", "claro", "exato", "correto", "para todos", "qualquer", "confirmo"),
    "en": ("yes", "that is right", "that's right", "correct", "exactly", "everybody", "everyone", "confirm"),
}
