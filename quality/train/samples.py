"""Labelled messages beside the business's index they are asked of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from conversations.bot import encoder
from conversations.bot.retrieve import Entry, Index
from quality.train import sources


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled message."""

    row: dict[str, Any]
    language: str
    index: Index


def entries(trade: str, language: str) -> list[Entry]:
    """What a business knows, as the bot takes it."""
    return [
        Entry(row["id"], (row["question"], *row["phrasings"]), row["answer"], row["category"], language)
        for row in sources.knowledge(trade, language)
    ]


@cache
def index(trade: str, language: str, *, meaning: bool = True) -> Index:
    """The index of a business, with the encoder or without."""
    return Index(entries(trade, language), encoder.shared() if meaning else None)


def samples(rows: Sequence[dict[str, Any]], language: str, *, meaning: bool = True) -> list[Sample]:
    """Rows with the index that answers them: Brazil's own, and the Spanish one for English."""
    kept = "pt" if language == "pt" else "es"
    return [Sample(row, language, index(row["trade"], kept, meaning=meaning)) for row in rows]
