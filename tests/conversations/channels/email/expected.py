"""What a reader wrote down of every returned mail, and what the recogniser makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conversations.channels.email import addresses
from conversations.channels.email.classify import classify
from conversations.channels.email.mime import parse
from conversations.channels.email.verdict import Kind, Verdict
from tests.conversations.channels.email import corpus

TABLE = Path(__file__).parent / "expected_bounces.tsv"


@dataclass(frozen=True, slots=True)
class Row:
    """What a mail says, to a reader or to the recogniser."""

    kind: str
    addresses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def _read() -> Iterator[tuple[str, Row]]:
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    for line in lines[1:]:
        name, kind, *lists = line.split("\t")
        named, severities, categories = (tuple(cell.replace("-", "", cell == "-").split()) for cell in lists)
        yield name, Row(kind, tuple(map(addresses.normalise, named)), severities, categories)


def recognised(name: str) -> Row:
    """What the recogniser makes of one mail in fixtures/bounces."""
    verdict = classify(parse((corpus.FIXTURES / "bounces" / name).read_bytes()))
    return Row(
        kind=str(verdict.kind),
        addresses=_about(verdict),
        severities=tuple("hard" if failure.permanent else "soft" for failure in verdict.failures),
        categories=tuple(str(failure.category) for failure in verdict.failures),
    )


def _about(verdict: Verdict) -> tuple[str, ...]:
    match verdict.kind:
        case Kind.DELIVERY_FAILURE:
            return verdict.failed_addresses
        case Kind.DELAYED:
            return verdict.delayed_addresses
        case _:
            return verdict.complaining_addresses


EXPECTED = dict(_read())
