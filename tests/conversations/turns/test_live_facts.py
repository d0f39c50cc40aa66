"""What the bot tells of itself: the day that is asked for, the place, what is sold, what is a customer's."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import saying
from conversations.actions.article_content import InvalidArticle
from conversations.actions.article_files import add_file
from conversations.bot.dialogue import Dialogue
from conversations.channels.base import Capabilities, File
from conversations.models import Attachment, Bot, Decision, Handoff
from crm.actions.appointments import record_appointment
from crm.actions.payments import record_payment
from crm.actions.products import write_product
from crm.models import Customer as Person
from crm.models import Identity
from tenants.actors import Actor
from tests.conversations.turns.conftest import Customer
from tests.factories.crm import make_customer, make_order
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

Action = Decision.Action
SATURDAY_NOON = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture
def known(ana: Customer) -> Person:
    """Ana, who is surely herself."""
    ana.sends("hola")
    assert ana.conversation is not None
    Identity.objects.update(is_verified=True)
    return ana.conversation.customer


def asks(ana: Customer, text: str) -> str:
    decision = ana.writes(text)
    assert decision is not None
    assert decision.action == Action.ANSWER, (decision.action, ana.reads[-1])
    return ana.reads[-1]


@time_machine.travel(SATURDAY_NOON)
def test_own_words_answer_in_general_and_the_fact_answers_of_a_day(ana: Customer) -> None:
    assert "De martes a sábado, de 10 a 19 h." in asks(ana, "a q hora abren?")
    assert "El viernes 25 de diciembre (Navidad) está cerrado." in asks(ana, "y en navidad abren?")
    said = asks(ana, "mañana abren?")
    assert "Mañana domingo 22 de noviembre está cerrado. Abrimos de nuevo el lunes 23 de noviembre" in said


def test_place_is_told_with_a_map_beside_the_own_words(ana: Customer, business: Business) -> None:
    business.tenant.address = "Av. Vallarta 100, Guadalajara"
    business.tenant.save()
    make_article(
        business, question="¿Dónde están?", phrasings=["donde quedan"], answer="A dos cuadras del mercado."
    )
    said = asks(ana, "me pasas la ubicacion?")
    assert (
        "A dos cuadras del mercado.\nEstamos en Av. Vallarta 100, Guadalajara.\nMapa: https://www.google.com/maps"
        in said
    )


def test_price_and_stock_of_what_is_named(ana: Customer, business: Business) -> None:
    by = business.actor()
    write_product(by=by, name="Casco Sierra", price="1150", stock=2, url="https://mirasol.example/sierra")
    write_product(by=by, name="Casco Catarina", price="590", stock=0)
    assert "Casco Sierra: $1,150. Quedan 2.\nhttps://mirasol.example/sierra" in asks(
        ana, "q precio tiene el casco siera?"
    )
    assert "¿Cuál de estos?\n• Casco Sierra: $1,150\n• Casco Catarina: $590" in asks(
        ana, "cuánto cuesta el casco?"
    )
    assert "Casco Catarina: $590. Por ahora está agotado." in asks(ana, "tienen el casco catarina?")


def test_what_is_not_sold_is_never_made_up(ana: Customer, business: Business) -> None:
    write_product(by=business.actor(), name="Casco Sierra", price="1150")
    decision = ana.writes("cuánto cuesta un ferrari testarossa?")
    assert decision is not None
    assert decision.action != Action.ANSWER
    assert "1,150" not in ana.reads[-1]


def test_records_of_who_is_surely_himself(ana: Customer, known: Person) -> None:
    now = timezone.now()
    make_order(known, "A-1", status="shipped", placed_at=now - timedelta(days=2))
    make_order(known, "A-2", status="ready", placed_at=now - timedelta(days=1))
    record_appointment(external_id="c1", by=Actor.system(), customer=known, service="servicio básico",
                       starts_at=now + timedelta(days=2))  # fmt: skip
    record_payment(external_id="p1", by=Actor.system(), customer=known, status="due", amount=Decimal(350))
    said = asks(ana, "donde esta mi pedido?")
    assert "Tu pedido A-2: listo para recoger" in said
    assert "Tienes 2 pedidos en curso" in said
    assert "Tu pedido A-1: enviado" in asks(ana, "cuando llega mi pedido A-1?")
    assert "Tu cita para servicio básico" in asks(ana, "a que hora es mi cita?")
    assert "pago pendiente de $350" in asks(ana, "cuanto debo?")


def test_visitor_is_asked_who_he_is_and_gets_the_status_alone(ana: Customer, business: Business) -> None:
    owner = make_customer("Luis Vega", phone="+523312345678", email="luis@example.com")
    make_order(owner, "W-1043", status="shipped", total="9999.00")
    first = ana.writes("donde esta mi pedido?")
    assert first is not None
    assert first.action == Action.ASK
    assert "¿Cuál es tu número de pedido?" in ana.reads[-1]
    ana.writes("es el W-1043")
    assert "últimos cuatro dígitos" in ana.reads[-1]
    ana.writes("5678")
    assert "Pedido W-1043: enviado." in ana.reads[-1]
    assert not any(secret in " ".join(ana.reads) for secret in ("Luis", "9999", "9,999", "3312345678"))


def test_visitor_who_cannot_show_it_hears_nothing_and_gets_a_person(
    ana: Customer, business: Business
) -> None:
    owner = make_customer("Luis Vega", phone="+523312345678")
    make_order(owner, "W-1043", status="shipped")
    ana.writes("donde esta mi pedido?")
    ana.writes("W-1043")
    ana.writes("0000")
    assert not any("enviado" in text for text in ana.reads)
    card = Handoff.objects.get()
    assert (card.reason, card.facts["order"]) == ("identity", "W-1043")


@pytest.mark.parametrize("text", ["ya salio mi pedido?", "estado de mi orden", "donde esta mi pedido"])
def test_question_of_a_fact_alone_is_no_complaint(ana: Customer, known: Person, text: str) -> None:
    make_order(known, "A-1", status="shipped")
    assert "Tu pedido A-1: enviado" in asks(ana, text)


def test_complaint_about_an_order_is_for_a_person(ana: Customer, known: Person) -> None:
    make_order(known, "A-1", status="shipped")
    decision = ana.writes("mi pedido no ha llegado y ya estoy harta, esto es una queja")
    assert decision is not None
    assert decision.action == Action.HAND_OFF


@pytest.mark.parametrize(
    ("buttons", "titles"),
    [
        (3, ["¿A qué hora abren?", "Hablar con alguien", "Hablar con persona"]),
        (10, ["¿A qué hora abren?", "Hablar con alguien", "Sí, gracias", "Hablar con persona"]),
        (0, []),
    ],
)
def test_buttons_of_an_answer_stand_under_it_as_the_channel_shows_them(
    buttons: int, titles: list[str]
) -> None:
    speech = saying.Speech(Dialogue(), Bot(), "es").quote("Sí, a todo el país por $149.")
    can = Capabilities(text_limit=1_000, attachments=False, buttons=buttons, button_limit=20)
    _text, data = saying._with_ways(speech, [], can, ["¿A qué hora abren?", "Hablar con alguien"], asks=True)
    assert [one["title"] for one in data.get("buttons", [])] == titles


def contents(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as opened:
        return bytes(opened.read())


def test_files_of_an_answer_go_out_with_it(ana: Customer, business: Business) -> None:
    article = make_article(business, question="¿Tienen catálogo?", phrasings=["me mandan el catalogo"],
                           answer="Aquí va nuestro catálogo.")  # fmt: skip
    add_file(
        article=article, file=File("catalogo.pdf", "application/pdf", b"%PDF-1.7 lista"), by=business.actor(),
        publish=True,
    )  # fmt: skip
    decision = ana.writes("me mandan el catalogo?")
    assert decision is not None
    assert [(one.name, contents(one)) for one in decision.reply.attachments.all()] == [
        ("catalogo.pdf", b"%PDF-1.7 lista")
    ]
    for number in range(4):
        add_file(article=article, file=File(f"{number}.txt", "text/plain", b"x"), by=business.actor())
    with pytest.raises(InvalidArticle):
        add_file(article=article, file=File("6.txt", "text/plain", b"x"), by=business.actor())
