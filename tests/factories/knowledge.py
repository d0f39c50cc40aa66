"""Articles, made through their actions."""

from typing import Any

from conversations.actions.articles import write_article
from conversations.models import Article
from tests.factories.tenants import Business

HOURS: dict[str, Any] = {
    "question": "¿A qué hora abren?",
    "phrasings": ["horario", "a q hora abren", "están abiertos hoy?"],
    "answer": "De martes a sábado, de 10 a 19 h.",
    "language": "es",
}


def make_article(business: Business, *, publish: bool = True, **given: Any) -> Article:
    """An answer, in the business in scope."""
    return write_article(by=business.actor(), publish=publish, **{**HOURS, **given})
