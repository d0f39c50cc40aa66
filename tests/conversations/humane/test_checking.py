"""What does not sound human, on labelled examples written for this."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from conversations.humane import check

LINES = (Path(__file__).parent / "examples.jsonl").read_text().splitlines()


@pytest.mark.parametrize("example", [json.loads(line) for line in LINES], ids=lambda one: one["text"][:40])
def test_examples(example: dict[str, Any]) -> None:
    found = check(
        example["text"],
        language=example["language"],
        kind=example["kind"],
        audience_upset=example.get("upset", False),
        formality=example.get("formality", ""),
    )
    assert sorted(one.code for one in found) == sorted(example["codes"])
    assert all(one.why and example["text"][one.start : one.end] == one.words for one in found)


def test_the_place_the_reason_and_a_better_wording() -> None:
    text = "Hola Ana. ¡MUY IMPORTANTE PARA TI! Favor de responder."
    with translation.override("en"):
        loud, stiff = check(text, language="es-MX", kind="reply")
    assert (loud.words, loud.better) == ("MUY IMPORTANTE PARA TI!", "Muy importante para ti!")
    assert (stiff.words, stiff.better) == ("Favor de responder", "responder, por favor")


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "🙂" * 500, "{{" * 30_000, "{%" * 30_000, "a." * 30_000, "_" * 60_000, "ÀÉ\n" * 300],
)
def test_odd_texts_do_no_harm(text: str) -> None:
    for language in ("es", "pt-br", "en", "fr", ""):
        check(text, language=language, kind="campaign")
