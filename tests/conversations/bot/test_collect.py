"""What is collected in passing."""

import pytest

from conversations.bot.collect import facts_in


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
