"""Questions that ask for a fact and nothing besides, and those that only look so."""

import pytest

from conversations.bot import normalise
from conversations.facts.asking import WAYS, kind_of

SAME = [
    ("es", "hours", ["a q hora abren?", "abren mañana?", "hola buenas, hasta que hora atienden hoy", "abren el feriado",
                     "estan abiertos ahora?", "horario", "que dias abren", "abren los domingos?", "cierran a las 7?"]),
    ("es", "place", ["donde estan?", "me pasas la ubicacion porfa", "cual es su direccion", "en donde quedan", "como llego a la tienda"]),
    ("es", "order", ["donde esta mi pedido?", "ya salio mi pedido", "cuando llega mi pedido W-1043", "estado de mi orden", "quiero rastrear mi paquete"]),
    ("es", "appointment", ["a que hora es mi cita?", "cuando es mi turno", "que dia tengo mi cita"]),
    ("es", "payment", ["ya les llego mi pago?", "cuanto debo", "tengo algun pago pendiente?"]),
    ("pt", "hours", ["vcs abrem amanha?", "que horas fecha?", "ta aberto hj?", "abre no feriado?"]),
    ("pt", "order", ["cade meu pedido", "meu pedido ja saiu?", "quando chega minha encomenda"]),
    ("pt", "place", ["onde vcs ficam?", "qual o endereço"]),
    ("en", "hours", ["are you open tomorrow?", "what time do you close", "opening hours"]),
    ("en", "order", ["where is my order?", "when will my package arrive"]),
]  # fmt: skip
OTHERS = [
    ("es", ["a que hora abre la cocina?", "mi pedido no ha llegado y estoy harta", "cuanto tarda el envio", "hacen envios?",
            "quiero una cita para mañana", "como puedo pagar?", "donde esta el reembolso", "quiero cambiar mi cita",
            "mi bici se abre del cuadro", "cuanto cuesta el servicio", "en que fecha llega mi pago de impuestos", "hola", "gracias"]),
    ("pt", ["quero agendar um horario", "meu pedido veio errado", "aceita pix?", "voces entregam no domingo?"]),
    ("en", ["i want to cancel my order", "do you open accounts for companies?", "can i pay by card"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "kind", "text"), [(la, ki, te) for la, ki, texts in SAME for te in texts]
)
def test_question_of_a_fact_is_known(language: str, kind: str, text: str) -> None:
    assert kind_of(normalise.expanded(normalise.tokens(text), language), language) == kind


@pytest.mark.parametrize(("language", "text"), [(la, te) for la, texts in OTHERS for te in texts])
def test_other_questions_are_none(language: str, text: str) -> None:
    assert kind_of(normalise.expanded(normalise.tokens(text), language), language) == ""


def test_no_way_of_asking_for_a_fact_is_taken_for_another() -> None:
    for kind, ways in WAYS.items():
        for language, texts in ways.items():
            for text in texts:
                read = kind_of(normalise.expanded(normalise.tokens(text), language), language)
                assert read in ("", kind), text
