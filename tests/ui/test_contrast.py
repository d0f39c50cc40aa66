"""Every pair of colours the interface uses meets WCAG 2.2 AA, in both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = Path(settings.BASE_DIR / "static/css/tokens.css").read_text()
COLOURS: dict[str, tuple[str, str]] = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
}
PAPERS = ["canvas", "surface", "sunken", "raised", "hover", "selected"]
MOODS = ["success", "warning", "danger", "info", "violet", "pink", "orange", "grey", "accent"]
TEXT, OBJECT = 4.5, 3.0

PAIRS = [
    *[(ink, paper, TEXT) for ink in ("text", "text-muted", "text-subtle", "accent-text") for paper in PAPERS],
    *[(f"{mood}-text", f"{mood}-soft", TEXT) for mood in MOODS],
    *[(f"{mood}-text", paper, TEXT) for mood in MOODS for paper in ("canvas", "surface")],
    *[("text", f"{mood}-soft", TEXT) for mood in MOODS],
    ("text", "mark", TEXT),
    ("text", "accent-line", TEXT),
    ("note-text", "note-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-hover", TEXT),
    *[
        (line, paper, OBJECT)
        for line in ("control-line", "focus")
        for paper in ("canvas", "surface", "sunken")
    ],
    *[("star", paper, OBJECT) for paper in ("canvas", "surface")],
]


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2, definitions)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, definitions)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_can_be_read(theme: int) -> None:
    too_close = [
        f"{front} on {back}: {contrast(COLOURS[front][theme], COLOURS[back][theme]):.2f} < {least}"
        for front, back, least in PAIRS
        if contrast(COLOURS[front][theme], COLOURS[back][theme]) < least
    ]
    assert too_close == []
