"""The documentation says what is so."""

from pathlib import Path

from tests.conversations.channels.email.census import table


def test_documented_census_is_what_the_command_prints() -> None:
    document = Path(__file__).parents[4] / "docs" / "mail-census.md"
    assert table() in document.read_text()
