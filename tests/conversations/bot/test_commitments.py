"""Promises in what colleagues write: found with their moment, and nothing else taken for one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.bot.commitments import commitment_in

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=ZoneInfo("America/Mexico_City"))  # a Monday


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Te llamo mañana a las 10", "24 10:00"),
        ("Hola Ana. Le marco hoy a las 5 de la tarde, saludos", "23 17:00"),
        ("te llamo a las 5", "23 17:00"),
        ("Te confirmo el precio mañana por la mañana.", "24 12:00"),
        ("Le aviso el miércoles", "25 18:00"),
        ("te escribo en media hora", "23 11:30"),
        ("Te mando la cotización en unos 20 minutos!", "23 11:20"),
        ("Te voy a llamar el lunes a las 9:30", "30 09:30"),
        ("te aviso esta tarde", "23 18:00"),
        ("Te tengo la bici pasado mañana a la 1", "25 13:00"),
        ("mañana a primera hora no puedo, pero te llamo a las 4 p.m.", "24 16:00"),
        ("Vou te ligar amanhã às 10h", "24 10:00"),
        ("Te respondo em uma hora", "23 12:00"),
        ("Ligo para você na sexta às 15h30", "27 15:30"),
        ("Te aviso hoje à tarde", "23 18:00"),
        ("Vou enviar o orçamento amanhã de manhã", "24 12:00"),
        ("I'll call you tomorrow at 10", "24 10:00"),
        ("We will get back to you by 5 pm", "23 17:00"),
        ("I’ll let you know on Friday.", "27 18:00"),
        ("I will send it in two hours", "23 13:00"),
    ],
)
def test_promise_is_found_with_its_moment(text: str, due: str) -> None:
    found = commitment_in(text, NOW)
    assert found is not None
    assert found.due_at.strftime("%d %H:%M") == due


@pytest.mark.parametrize(
    "text",
    [
        "¿Te llamo mañana a las 10?",
        "Te parece si te llamo mañana?",
        "No te llamo mañana, mejor escríbeme",
        "Mañana abrimos a las 10",
        "Te llamo luego",
        "te aviso",
        "El pedido llega mañana a las 10",
        "Llámame mañana a las 10",
        "Ya te llamé ayer a las 10",
        "te llamo a las 9",  # it is eleven: which nine?
        "Te llamo hoy a las 25",
        "Amanhã abrimos às 9h",
        "Posso te ligar amanhã?",
        "Não vou te ligar amanhã",
        "Call me tomorrow at 5",
        "Can I call you tomorrow?",
        "I won't call you tomorrow",
        "We open tomorrow at 9",
        "Buenos días por la mañana",
        "",
    ],
)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert commitment_in(text, NOW) is None


def test_call_is_told_from_the_rest_and_long_text_is_read_in_part() -> None:
    call, mail = commitment_in("Te llamo en 1 hora", NOW), commitment_in("Te escribo en 1 hora", NOW)
    assert (call and call.is_call, mail and mail.is_call) == (True, False)
    assert call is not None
    assert call.text == "Te llamo en 1 hora"
    assert commitment_in("a" * 100_000 + " te llamo mañana", NOW) is None
