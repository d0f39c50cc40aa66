"""One encoder and one small business for all tests of understanding."""

import pytest

from conversations.bot import encoder
from conversations.bot.retrieve import Entry, Index

ENTRIES = (
    Entry("hours", ("¿A qué hora abren?", "¿Cuál es el horario?", "¿Abren los domingos?"), "De lunes a sábado de 10 a 19 h.", "general"),
    Entry("place", ("¿Dónde están?", "¿Cuál es la dirección?", "¿Tienen estacionamiento?"), "Calle Sol 12, con cochera.", "general"),
    Entry("returns", ("¿Cómo devuelvo algo?", "¿Cuál es la política de devoluciones?"), "Tienes 30 días con tu ticket.", "general"),
    Entry("tuneup", ("¿Cuánto cuesta la afinación?", "Precio del servicio completo"), "La afinación cuesta 450 pesos.", "sales"),
    Entry("order", ("¿Dónde está mi pedido?", "¿Cómo rastreo mi compra?"), "Con la guía que te mandamos.", "support"),
)  # fmt: skip


@pytest.fixture(scope="session")
def shop() -> Index:
    """A bicycle shop's answers, with the encoder."""
    return Index(ENTRIES, encoder.shared())


@pytest.fixture(scope="session")
def wordy_shop() -> Index:
    """The same answers where no encoder can be loaded."""
    return Index(ENTRIES, None)
