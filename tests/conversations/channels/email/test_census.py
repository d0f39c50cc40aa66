"""The documentation says what is so."""

from pathlib import Path

from tests.conversations.channels.email.census import agreement, table


def test_documented_census_is_what_the_command_prints() -> None:
    document = Path(__file__).parents[4] / "docs" / "mail-census.md"
    text = document.read_text()
    assert table() in text
    assert agreement() in text
