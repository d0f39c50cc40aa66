"""The help centre that everybody reads: what it shows, what it keeps to itself, and its switch."""

from typing import Any

import pytest
from django.test import Client

from conversations import help_centre
from conversations.actions.articles import archive_article, write_article
from conversations.models import Article
from tenants.kit.colours import LEAST, SURFACES, contrast, palette
from tenants.scoping import tenant_scope
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

PAY: dict[str, Any] = {
    "question": "¿Cómo puedo pagar?",
    "phrasings": ["aceptan tarjeta"],
    "category": "sales",
    "answer": "Con tarjeta o efectivo.\nMira https://mirasol.example/pagos",
}


def opened(business: Business, **profile: Any) -> Business:
    with tenant_scope(business.tenant.id):
        for name, value in {"has_help_centre": True, **profile}.items():
            setattr(business.tenant, name, value)
        business.tenant.save()
    return business


@pytest.fixture
def articles(business: Business) -> tuple[Article, Article]:
    with tenant_scope(business.tenant.id):
        return make_article(business), make_article(business, **PAY)


def url(business: Business, tail: str = "") -> str:
    return f"/h/{business.tenant.slug}/{tail}"


def test_everybody_reads_published_answers_by_what_they_are_about(
    business: Business, articles: tuple[Article, Article], client: Client
) -> None:
    assert client.get(url(business)).status_code == 404
    opened(business, address="Av. Vallarta 100, Guadalajara")
    page = client.get(url(business))
    assert page.status_code == 200
    for said in (
        "¿Cómo puedo pagar?",
        "Antes de comprar",
        "Av. Vallarta 100",
        "google.com/maps",
        "¿En qué te ayudamos?",
    ):
        assert said in page.text
    path = f"{url(business)}{articles[1].pk}/"
    assert client.get(path)["Location"] == f"{path}como-puedo-pagar/"
    answer = client.get(f"{path}como-puedo-pagar/").text
    assert 'itemtype="https://schema.org/FAQPage"' in answer
    assert '<a href="https://mirasol.example/pagos" rel="nofollow">' in answer
    assert f'{path}como-puedo-pagar/"' in answer
    assert path in client.get(url(business, "sitemap.xml")).text
    assert "Disallow: /b/" in client.get("/robots.txt").text


def test_what_is_kept_out_is_nowhere(
    business: Business, articles: tuple[Article, Article], client: Client
) -> None:
    opened(business)
    with tenant_scope(business.tenant.id):
        by = business.actor()
        draft = make_article(business, publish=False, question="Secreto borrador")
        hidden = make_article(business, question="Secreto escondido", is_public=False)
        elsewhere = make_article(business, question="Secreto de correo", channel_kinds=["email"])
        gone = make_article(business, question="Secreto archivado")
        past = make_article(business, question="Secreto vencido", valid_until="2020-01-01")
        archive_article(article=gone, by=by)
        write_article(article=articles[1], by=by, answer="Secreto en borrador.")
    for tail in ("", "?q=secreto", "sitemap.xml", f"{articles[1].pk}/como-puedo-pagar/"):
        assert "ecreto" not in client.get(url(business, tail)).text.replace("“secreto”", "").replace(
            '"secreto"', ""
        )
    for one in (draft, hidden, elsewhere, gone, past):
        assert client.get(url(business, f"{one.pk}/")).status_code == 404


def test_answer_of_another_business_is_not_found(
    business: Business, other: Business, articles: tuple[Article, Article], client: Client
) -> None:
    opened(business)
    opened(other)
    assert client.get(url(other, f"{articles[0].pk}/")).status_code == 404
    assert client.get("/h/nobody/").status_code == 404


@pytest.mark.parametrize("q", ["pagar con tarjeta", "TARGETA", "pago", "¿como pago?"])
def test_search_forgives_accents_and_typos(
    business: Business, articles: tuple[Article, Article], client: Client, q: str
) -> None:
    page = client.get(url(opened(business)), {"q": q})
    assert [version.question for version, _path in page.context["found"]] == ["¿Cómo puedo pagar?"]
    assert 'content="noindex"' in page.text


def test_page_is_kept_named_and_costs_the_same(
    business: Business, articles: tuple[Article, Article], client: Client, django_assert_num_queries: Any
) -> None:
    opened(business)
    first = client.get(url(business))
    assert (first["Cache-Control"], first.cookies) == ("public, max-age=300", {})
    assert "Cookie" not in first.get("Vary", "")
    assert client.get(url(business), headers={"If-None-Match": first["ETag"]}).status_code == 304
    with django_assert_num_queries(10) as few:
        client.get(url(business))
    with tenant_scope(business.tenant.id):
        for number in range(5):
            make_article(business, question=f"¿Pregunta {number}?")
    with django_assert_num_queries(len(few)):
        client.get(url(business))


def test_language_of_the_address_is_spoken(
    business: Business, articles: tuple[Article, Article], client: Client
) -> None:
    with tenant_scope(business.tenant.id):
        make_article(business, question="When do you open?", language="en", phrasings=[])
    page = client.get(url(opened(business)), {"lang": "en"}).text
    assert "How can we help you?" in page
    assert "¿Cómo puedo pagar?" not in page
    assert "¿Cómo puedo pagar?" in client.get(url(business), {"lang": "xx"}).text


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#b4540a", "#ffe600", "#0f766e", "#808080"])
def test_colours_of_a_business_can_be_read(colour: str) -> None:
    made = palette(colour)
    assert contrast(made.ink, colour) >= LEAST
    assert min(contrast(made.light_text, paper) for paper in SURFACES["light"]) >= LEAST
    assert min(contrast(made.dark_text, paper) for paper in SURFACES["dark"]) >= LEAST


def test_colour_is_a_style_sheet_of_its_own(business: Business, client: Client) -> None:
    sheet = client.get(url(opened(business, accent="#ffe600"), "colours.css"))
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "--help: #ffe600;" in sheet.text


def test_owner_opens_and_closes_it_and_agent_only_looks(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client, client: Client
) -> None:
    at = f"{business.base}settings/knowledge/help-centre/"
    assert "Abrirlo a todos" in owner_client.get(at).text
    assert teammate_client.get(at).status_code == 200
    assert teammate_client.post(f"{at}switch/", {"on": "1"}).status_code == 403
    assert stranger_client.post(f"{at}switch/", {"on": "1"}).status_code == 404
    assert client.get(url(business)).status_code == 404
    owner_client.post(f"{at}switch/", {"on": "1"})
    assert client.get(url(business)).status_code == 200
    owner_client.post(f"{at}switch/", {"on": ""})
    assert client.get(url(business)).status_code == 404


def test_search_of_nothing_is_nothing() -> None:
    assert help_centre.search([], "hola") == []
