"""Which of the things that are sold a message names."""

import pytest

from conversations.facts.wares import Shelf, Ware, asks_for

SOLD = [
    Ware("sierra", ("Casco Sierra",), "CS-01"),
    Ware("catarina", ("Casco infantil Catarina",)),
    Ware("29", ("Cámara 29",)),
    Ware("26", ("Cámara 26",)),
    Ware("colibri", ("Bici infantil Colibrí 20", "bicicleta para niños colibri")),
    Ware("basico", ("Servicio básico",)),
    Ware("completo", ("Servicio completo",)),
    Ware("silla", ("Silla para niño",)),
]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("cuánto cuesta el casco sierra?", ("sierra",)),
        ("q precio tiene el cs-01", ("sierra",)),
        ("precio de la bici colivri", ("colibri",)),
        ("tienen cámaras 29?", ("29",)),
        ("hola, hay sillas para niños?", ("silla",)),
        ("cuanto sale el servicio básico", ("basico",)),
        ("cuanto cuesta el casco", ("sierra", "catarina")),
        ("tienen camaras?", ("29", "26")),
    ],
)
def test_wares_are_named_with_typos_and_plurals(text: str, ids: tuple[str, ...]) -> None:
    named = asks_for(Shelf(SOLD, "es"), text, "es")
    assert named is not None
    assert (named.ids, named.is_sure) == (ids, True)


@pytest.mark.parametrize(
    "text",
    [
        "cuanto cuesta el envio",
        "tienen estacionamiento?",
        "cuanto cuesta un ferrari",
        "me gusta el casco sierra",
    ],
)
def test_what_is_not_sold_or_not_asked_for_is_none(text: str) -> None:
    assert asks_for(Shelf(SOLD, "es"), text, "es") is None


def test_words_that_belong_to_nothing_make_it_unsure() -> None:
    named = asks_for(Shelf(SOLD, "es"), "cuanto cuesta pintar el casco sierra de dorado", "es")
    assert named is not None
    assert not named.is_sure
