"""Escalation words are found through what fingers do to them, and told apart from harmless uses."""

import time

import pytest

from conversations.bot.lexicon import Lexicon, forms, lexicon
from conversations.bot.rules import delicate_words
from quality import report


@pytest.mark.parametrize(
    "text",
    [
        "quiero poner un reclamo",
        "QUIERO MI REEEMBOLSOOO",
        "voy a ir a la profecco",
        "esto es una estafá!!",
        "quiero un r3embolso",
        "exijo el libro d reclamasiones",
        "me van a d e v o l v e r el anticipo?",
        "kiero d volver esta cosa",
        "hago un rec lamo formal",
        "voces vao ver no procom",
        "quero estorno ja",
        "abro no consumidor.gov hoje",
        "i want my money back",
        "who do I send the broken one back to, I want a refnd",
        "no me devuelven mi dinero",
        "los espero con mi 👮",
        "voy al SERNAC",
        "iré a Indecopí",
    ],
)
def test_finds_what_is_meant(text: str) -> None:
    hits = lexicon().find(text)
    assert hits
    assert not all(hit.harmless for hit in hits)
    assert all(hit.typed in text for hit in hits)


@pytest.mark.parametrize(
    "text",
    [
        "no quiero devolver nada",
        "¿cuál es la política de devoluciones?",
        "no es queja, solo una duda",
        "cuánto cobran por sacar una muela del juicio",
        "tienen seguro contra robo?",
        "todo perfecto sin ningún reclamo",
        "nenhuma reclamação, adorei",
        "dá pra devolver se não servir?",
        "no complaints, lovely stay",
        "can I return it if it does not fit?",
        "mi seguro es por reembolso, me dan factura?",
    ],
)
def test_tells_harmless_uses_apart(text: str) -> None:
    hits = lexicon().find(text)
    assert hits
    assert all(hit.harmless for hit in hits)


@pytest.mark.parametrize(
    "text", ["¿queda lugar?", "la reja está vieja", "hola", "", "\0", "😀" * 300, "x" * 5_000]
)
def test_leaves_everyday_words_alone(text: str) -> None:
    assert lexicon().find(text) == []


def test_takes_a_business_words() -> None:
    assert lexicon(None, ("patín chino",)).find("otra vez el patin chino")
    assert lexicon(None, ("chafísima",)).find("está chafisma")


def test_delicate_is_what_is_named_so_and_no_escalation_word() -> None:
    for text in ("¿cuál es la política de devoluciones?", "can I send it back?", "no tengo quejas 👮"):
        assert lexicon().find(text), text
        assert delicate_words(text) == "", text
    assert delicate_words("tengo alerjia al látex y fue un fraude") == "alerjia, fraude"
    assert delicate_words("se rompió el tanque", ("tanque",)) == "tanque"


def test_looks_only_for_the_countries_named() -> None:
    assert Lexicon(["CL"]).find("voy con carabineros")
    assert not Lexicon(["MX"]).find("voy con carabineros")


def test_writes_endings_out() -> None:
    assert forms("devolv(er,io) mi_plata sic!") == ["devolver", "devolvio", "mi plata", "sic!"]


def test_finds_every_word_with_one_typo() -> None:
    figures = report.lexicon_figures(("open",))
    assert [figure.name for figure in figures if not figure.met] == []
    assert figures[0].of > 2_000


def test_is_quick_for_the_longest_message() -> None:
    held = lexicon()
    texts = ["no quiero devolver la queja del reclamo? " * 20, "quejja reclmo " * 60, "a b c d " * 150]
    start = time.process_time()
    for text in texts * 5:
        held.find(text)
    assert (time.process_time() - start) / 15 < 0.05
