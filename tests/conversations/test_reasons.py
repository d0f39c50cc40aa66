"""Stored reasons in the reader's language."""

import pytest
from django.utils import translation

from conversations import reasons
from conversations.actions.deliveries import UNKNOWN


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("", ""),
        (": 550", ": 550"),
        ("Whole.", "Entero."),
        ("Words of ours: 550 no such user: x", "Palabras: 550 no such user: x"),
        ("Both: one sentence", "Los dos: una frase"),
        ("KeyError: 'x'", "KeyError: 'x'"),
    ],
)
def test_our_words_are_translated_and_the_server_s_kept(
    monkeypatch: pytest.MonkeyPatch, stored: str, expected: str
) -> None:
    words = {
        "Whole.": "Entero.",
        "Words of ours": "Palabras",
        "Both: one sentence": "Los dos: una frase",
        "": "head",
    }
    monkeypatch.setattr(reasons, "_", lambda text: words.get(text, text))
    assert reasons.shown(stored) == expected


def test_in_english_it_is_as_stored() -> None:
    with translation.override("en"):
        assert reasons.shown(UNKNOWN) == UNKNOWN
