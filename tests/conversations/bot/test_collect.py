"""What is collected in passing."""

import pytest

from conversations.bot.collect import facts_in, name_told, own_name_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hola, me llamo Lucía Ramos y busco una bici", {"name": "Lucía Ramos"}),
        ("soy Ana de la Torre", {"name": "Ana de la Torre"}),
        ("soy de Puebla", {}),
        ("soy cliente desde hace años", {}),
        ("Meu nome é João, pedido 10452", {"name": "João", "order": "10452"}),
        ("Hi, this is Mary, order no. P-1042 please", {"name": "Mary", "order": "P-1042"}),
        ("mi pedido es el #88231, mi correo ana@example.com", {"order": "88231", "email": "ana@example.com"}),
        ("quiero 2 pedidos para 15 personas", {}),
        ("¿Habla Inglés?", {}),
    ],
)
def test_what_stands_in_a_message(text: str, found: dict[str, str]) -> None:
    assert facts_in(text) == found


TOLD = {
    "luis": "Luis", "LUIS PEREZ": "Luis Perez", "luis perez lopez": "Luis Perez Lopez", "Rosa": "Rosa",
    "Con Luis, gracias": "Luis", "Hola, soy Ana": "Ana", "soy Zyanya": "Zyanya", "com a Bia": "Bia",
    "It's Mary": "Mary", "Maria de la Luz": "Maria de la Luz", "João 🙂": "João",
    "Nayeli Uc Chan": "Nayeli Uc Chan",
}  # fmt: skip
NOT_TOLD = (
    "", "ok", "si", "👍", "Gracias", "Muchas gracias", "Buenas Tardes", "Hola Diego", "Gracias Diego",
    "Diego, mi pedido", "luis contesta", "urgente", "Urgente por favor", "grasias", "quiero mi dinero",
    "rosa", "con tarjeta", "soy de Puebla", "Soy Regiomontano", "Luis?", "es para Diego", "12345", "Bici",
    "Mi esposo", "Luis " * 40,
)  # fmt: skip


def test_an_answer_is_a_name_or_it_is_not() -> None:
    assert {text: name_told(text) for text in TOLD} == TOLD
    assert [text for text in NOT_TOLD if name_told(text)] == []


def test_who_introduces_himself_in_passing() -> None:
    said = {
        "me llamo lucia ramos y busco una bici": "Lucia Ramos", "me llamo Zyanya": "Zyanya",
        "soy Ana de la Torre": "Ana de la Torre", "my name is john smith and i need help": "John Smith",
        "me llamo la atención": "", "Soy Mexicano": "", "i am Very upset": "", "soy de Puebla": "",
    }  # fmt: skip
    assert {text: own_name_in(text) for text in said} == said
