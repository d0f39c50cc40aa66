"""Nobody is trapped: whom no answer helps reaches a person within three messages; nothing is invented."""

import re
from itertools import islice
from random import Random

import pytest

from conversations.actions import thinking
from conversations.bot.says import TEXTS
from conversations.models import ArticleVersion, Bot, Decision, Message
from tests.conversations.turns.people import KINDS, customer
from tests.factories.conversations import make_inbound
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

ANSWERS = [
    ("¿Hacen envíos?", "Enviamos a todo el país en 3 a 5 días.", ["mandan a domicilio", "cuánto tarda"]),
    ("¿Qué formas de pago aceptan?", "Efectivo, tarjeta y transferencia.", ["puedo pagar con tarjeta"]),
    ("¿Dónde están?", "Av. Juárez 120, Guadalajara.", ["dirección", "cómo llego a la tienda"]),
]  # fmt: skip
FIXED = [
    re.compile("^" + re.sub(r"\\\{\w+\\\}", ".+", re.escape(wording)) + "$")
    for spoken in TEXTS.values()
    for wordings in spoken.values()
    for wording in wordings
]


@pytest.fixture
def bot(scope: Business) -> Bot:
    make_article(scope)
    for question, answer, phrasings in ANSWERS:
        make_article(scope, question=question, answer=answer, phrasings=phrasings)
    return Bot.objects.create(is_on=True, name="Tapi")


def unknown_sentences(said: list[str]) -> list[str]:
    """What is neither an answer of the business nor one of the bot's own sentences."""
    answers = set(ArticleVersion.objects.values_list("answer", flat=True))
    found = []
    for text in said:
        for part in re.split(r"\n+", text):
            sentences = re.split(r"(?<=[.?!]) (?=[A-ZÁÉÍÓÚ¿¡])", part)
            whole = part in answers or any(pattern.match(part) for pattern in FIXED)
            pieces = sentences if not whole else []
            found += [piece for piece in pieces if not any(pattern.match(piece) for pattern in FIXED)]
    return found


def talk(business: Business, seed: int) -> tuple[str, list[str], list[str]]:
    """One dialogue: what kind, the bot's actions, and what it said."""
    random = Random(seed)
    kind = KINDS[seed % len(KINDS)]
    actions: list[str] = []
    said: list[str] = []
    for words in islice(customer(kind, random), 3):
        data = {"data": words.data} if words.data else {}
        message = make_inbound(words.text, kind="web", address=f"visitor-{seed}", name="Ana", **data)
        decision = thinking.think(business.tenant.id, message.conversation_id)
        assert decision is not None
        actions.append(decision.action)
        if decision.action == Decision.Action.HAND_OFF:
            break
    ours = Message.objects.filter(conversation=message.conversation, author_kind="bot").order_by("id")
    said += ours.values_list("text", flat=True)
    return kind, actions, said


def check(business: Business, seeds: range) -> None:
    trapped = []
    invented = []
    for seed in seeds:
        kind, actions, said = talk(business, seed)
        if actions[-1] != Decision.Action.HAND_OFF:
            trapped.append((seed, kind, actions))
        invented += unknown_sentences(said)
        assert len(said) == len(set(said)), said
    assert trapped == []
    assert invented == []


def test_a_few_reach_a_person(business: Business, bot: Bot) -> None:
    check(business, range(3 * len(KINDS)))


@pytest.mark.slow
def test_five_hundred_reach_a_person(business: Business, bot: Bot) -> None:
    check(business, range(500))
