"""The draft for the colleague who takes over: of facts only."""

import pytest

from conversations.bot.first_reply import QUOTED, TEXTS, first_reply

LONG = "oigan ya es la tercera vez que pasa esto con la bici y ya no sé a quién decirle que la vea bien"


def test_it_greets_is_sorry_and_names_the_order() -> None:
    said = first_reply(
        "es", name="Ana Flores", question="¿y mi pedido?", order=("1043", "enviado"), upset=True
    )
    assert said == (
        "Hola, Ana. Lamento lo que pasó. Ya leí lo que escribiste: “¿y mi pedido?”. "
        "Tengo a la vista tu pedido 1043 (enviado). Lo reviso y te respondo por aquí."
    )


@pytest.mark.parametrize("language", ["es", "pt-br", "en", "xx", ""])
def test_what_is_not_known_is_not_said(language: str) -> None:
    said = first_reply(language, unclear=True)
    assert "{" not in said
    assert "“" not in said


def test_long_words_are_cut_at_a_word() -> None:
    said = first_reply("es", question=LONG)
    quoted = said.partition("“")[2].partition("”")[0]
    assert quoted.endswith("…")
    assert LONG.startswith(quoted[:-1])
    assert len(quoted) <= QUOTED + 1


def test_every_text_is_in_three_languages() -> None:
    assert {tuple(sorted(texts)) for texts in TEXTS.values()} == {("en", "es", "pt")}
