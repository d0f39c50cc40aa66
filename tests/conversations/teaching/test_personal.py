"""What is one customer's is taken out of an answer for all."""

import pytest

from conversations.bot.personal import without_personal

NAMES = ("Ana Flores", "Diego Luna")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hola Ana, sí abrimos el lunes de 10 a 19 h.", "Hola, sí abrimos el lunes de 10 a 19 h."),
        ("hola ana! te espero. Diego", "hola! te espero."),
        ("Tu pedido 12345 ya salió, guía MX-99812.", "Tu pedido […] ya salió, guía […]."),
        ("Escríbeme a ana@x.mx o al +52 55 1234 5678", "Escríbeme a […] o al […]"),
        ("Seu pedido nº 4471 saiu; protocolo: A8812-2", "Seu pedido nº […] saiu; protocolo: […]"),
        ("Mira https://t.co/x?tok=1", "Mira […]"),
    ],
)
def test_personal_data_is_taken_out_and_said(text: str, left: str) -> None:
    cleaned = without_personal(text, NAMES)
    assert (cleaned.text, cleaned.took_out) == (left, True)


@pytest.mark.parametrize(
    "text",
    [
        "La afinación cuesta $1,250 y tarda 2 días.",
        "Abrimos de 10:00 a 19:30, de martes a sábado.",
        "Hay flores de temporada a 350 pesos.",
        "El mapa: https://mirasol.mx/mapa",
    ],
)
def test_what_holds_for_all_stays(text: str) -> None:
    assert without_personal(text, NAMES) == without_personal(text, ())
    assert (without_personal(text, NAMES).text, without_personal(text, NAMES).took_out) == (text, False)
