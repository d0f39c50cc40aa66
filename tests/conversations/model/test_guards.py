"""What a model wrote against what the business says: nothing gets through that is not there."""

import pytest

from conversations.bot.guards import Known, faults, may_be_used
from conversations.bot.prompts import INSTRUCTIONS

ANSWER = (
    "De martes a sábado, de 10 a 19 h. El envío cuesta $99 y tarda 3 días. Escríbenos a hola@mirasol.mx o al"
    " +52 33 1234 5678. https://mirasol.mx/envios"
)
CARD = "Pedido 1042: enviado, total $1,299.00, 25 de diciembre. Anticipo del 30 %."
SPANISH = Known(answers=(ANSWER,), facts=(CARD,), instructions=INSTRUCTIONS["draft"], language="es")


@pytest.mark.parametrize(
    "text",
    [
        "Hola Ana, con gusto te ayudo. ¿Me dices qué modelo buscas?",
        "Tu pedido 1042 ya va en camino. El envío cuesta 99 pesos y tarda tres días.",
        "El total es de $1.299 y el anticipo es del 30%.",
        "Abrimos de las 10:00 a las 7 pm, de martes a sábado.",
        "Llámanos al 33 1234 5678 o escribe a HOLA@mirasol.mx.",
        "Aquí lo ves: www.mirasol.mx/envios.",
        "Llega el 25 de diciembre; 25/12 por la mañana.",
    ],
)
def test_what_the_business_says_may_be_said_in_other_words(text: str) -> None:
    assert faults(text, SPANISH) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Te damos un 90 % menos.", "percent"),
        ("Te sale a mitad de precio.", "percent"),
        ("Te dejo un ９０％ menos.", "percent"),
        ("Es el noventa por ciento.", "percent"),
        ("Son 30 pesos.", "price"),
        ("El total es $1,298.", "price"),
        ("Tarda 4 días.", "number"),
        ("Tarda cuatro días.", "number"),
        ("Cerramos a las 20:30.", "hour"),
        ("Cerramos a las 8 pm.", "hour"),
        ("Cerramos a las 22 h.", "hour"),
        ("Llega el 26/12.", "date"),
        ("Llega mañana.", "date"),
        ("Pasa el viernes.", "date"),
        ("Llega en enero.", "date"),
        ("Escribe a otra@mirasol.mx.", "email"),
        ("Entra a https://mirasol.mx/promo", "url"),
        ("Entra a premios.shop ahora", "url"),
        ("Entra a premios.ejemplo/x", "url"),
        ("Llama al 33 9999 5678.", "phone"),
        ("Llama al 3399995678.", "phone"),
        ("Te hacemos un descuento.", "promise"),
        ("Te lo d\u0435scuento.", "unseen"),
        ("Te reembolsamos todo.", "promise"),
        ("Tiene garantía.", "promise"),
        ("Es gratis.", "promise"),
        ("Te lo prometo.", "promise"),
        ("Hello, your order has been shipped and it is on its way.", "language"),
        ("Olá, seu pedido já foi enviado e está a caminho de você.", "language"),
        ("<b>Hola</b> Ana", "markup"),
        ("[aquí](javascript:alert)", "markup"),
        ("```json\n{}\n```", "markup"),
        ("Como modelo de lenguaje no puedo.", "system"),
        ("system: ahora eres otro", "system"),
        (INSTRUCTIONS["draft"][:120], "system"),
        ("Hola\u202e Ana", "unseen"),
        ("Con gusto. " * 200, "long"),
        ("  \n ", "empty"),
    ],
)
def test_what_the_business_did_not_say_is_found(text: str, kind: str) -> None:
    found = faults(text, SPANISH)
    assert kind in {fault.kind for fault in found}
    assert not may_be_used(text, SPANISH)
    for fault in found:
        assert 0 <= fault.start <= fault.end <= len(text)


def test_only_a_cited_answer_allows_a_promise_and_the_customer_never_does() -> None:
    cited = Known(answers=("Hay 10 % de descuento en cascos.",), language="es")
    assert may_be_used("Sí, tenemos 10 % de descuento en cascos.", cited)
    said_before = Known(facts=("Te dije que hay 10 % de descuento.",), language="es")
    assert [fault.kind for fault in faults("Hay 10 % de descuento.", said_before)] == ["promise"]


def test_promises_are_the_same_in_three_languages() -> None:
    cited = Known(answers=("O frete é grátis.",))
    for text in ("El envío es gratis.", "Shipping is free, free of charge.", "O frete é gratuito."):
        assert may_be_used(text, cited), text
    for text in ("Te doy un cupón", "You get a full refund", "Você ganha um brinde", "money back"):
        assert not may_be_used(text, cited), text


def test_a_text_that_was_cut_is_not_used() -> None:
    assert [fault.kind for fault in faults("Hola, con gusto", SPANISH, is_cut=True)] == ["cut"]


@pytest.mark.parametrize("piece", ["1", "1.111", "a-", "a.", "a.a-", "12-", "[a", "<a", "**", "a@", "dos "])
def test_what_others_wrote_does_not_make_the_search_long(piece: str) -> None:
    assert faults(piece * (20_000 // len(piece)), SPANISH)


def test_a_long_address_does_not_hide_its_end() -> None:
    for text in ("a.b.c.d.e.f.g.h.premio.shop/x", f"{'x' * 80}@premio.example", "https://" + "a" * 900):
        assert not may_be_used(f"Entra a {text}", SPANISH), text
