"""A business whose bot has a lot to read: answers, words, rules, things to sell, and many orders."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from conversations.actions.inbound import receive
from conversations.bot.balance import PRESETS
from conversations.bot.retrieve import Entry
from conversations.channels.base import InboundMessage
from conversations.models import Article, ArticleVersion, Bot, Channel
from crm.actions.appointments import record_appointment
from crm.actions.orders import record_order
from crm.actions.payments import record_payment
from crm.actions.products import write_product
from crm.models import Customer, Identity
from tenants.actions.businesses import create_business
from tenants.actors import Actor
from tenants.models import Tenant, User
from tenants.scoping import tenant_scope

PRODUCTS, WORDS, ORDERS = 500, 100, 20
LANGUAGES = {"es": "es", "pt": "pt-br", "en": "en"}
KINDS = ("Casco", "Llanta", "Cadena", "Luz", "Candado", "Bomba", "Guantes", "Silla", "Pedal", "Mochila")


def make(known: dict[str, list[Entry]], answers: int) -> tuple[UUID, UUID]:
    """The business and a conversation with somebody who is surely himself, and has much under way.

    It has so many `answers` in each language, those `known` over and over.
    """
    owner = User.objects.create(email="bot@bench.example", name="Olga Dueña")
    tenant_id = create_business(name="Negocio del bot", country="MX", owner=owner).tenant_id
    with tenant_scope(tenant_id):
        week = {str(day): [["10:00", "14:00"], ["16:00", "19:00"]] for day in range(6)}
        Tenant.objects.update(hours=week | {"6": []}, address="Av. Vallarta 100, Guadalajara")
        Bot.objects.create(
            is_on=True, name="Tapi", words=[f"palabra propia {number}" for number in range(WORDS)],
            rules={"high_value": 90_000, "delicate_words": [f"asunto {number}" for number in range(WORDS)]},
            balance=PRESETS["shop"].kept(),
        )  # fmt: skip
        for language, code in LANGUAGES.items():
            _answer(known[language], code, answers)
        by = Actor.system()
        for number in range(PRODUCTS):
            name = f"{KINDS[number % len(KINDS)]} modelo {number}"
            write_product(by=by, name=name, sku=f"SKU-{number}", price=str(100 + number), stock=number % 5)
        message = receive(
            channel=Channel.objects.filter(kind="web").earliest("created_at"),
            item=InboundMessage(
                provider_id="bench", identity_kind=Identity.Kind.WEB, identity="bench-visitor",
                identity_verified=True, name="Ana Flores", text="hola",
            ),
        )  # fmt: skip
        _buys(message.conversation.customer, by)
    return tenant_id, message.conversation_id


def _answer(known: list[Entry], language: str, count: int) -> None:
    now = timezone.now()
    articles = Article.objects.bulk_create([Article() for _ in range(count)])
    said = [known[number % len(known)] for number in range(count)]
    ArticleVersion.objects.bulk_create(
        [
            ArticleVersion(
                article=article, number=1, state=ArticleVersion.State.PUBLISHED, question=one.phrasings[0],
                phrasings=list(one.phrasings[1:]), answer=one.answer, category=one.category,
                language=language, published_at=now,
            )
            for article, one in zip(articles, said, strict=True)
        ]
    )  # fmt: skip


def _buys(customer: Customer, by: Actor) -> None:
    now = timezone.now()
    for number in range(ORDERS):
        record_order(
            by=by, customer=customer, external_id=f"o{number}", number=f"W-{1_000 + number}",
            status="shipped" if number == 0 else "delivered", total=Decimal(500), currency="MXN",
            placed_at=now - timedelta(days=number + 1), items=[],
        )  # fmt: skip
    record_appointment(
        external_id="c1", by=by, customer=customer, service="servicio", starts_at=now + timedelta(days=2)
    )
    record_payment(external_id="p1", by=by, customer=customer, status="due", amount=Decimal(350))
