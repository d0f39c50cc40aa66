"""A business's colour on a page, so that what is written in it and on it can be read (WCAG 2.2, 1.4.3)."""

from dataclasses import dataclass

LEAST = 4.5
"""Contrast of text."""
STEP = 0.04
INK, PAPER = "#1f1c18", "#ffffff"
SURFACES = {"light": ("#faf9f7", "#ffffff"), "dark": ("#151412", "#1b1a18")}
"""What lies under text in either theme, as tokens.css has it."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Forms of one colour: as it is, what is written on it, and as text in either theme."""

    colour: str
    ink: str
    light_text: str
    dark_text: str


def palette(colour: str) -> Palette:
    """The forms of a colour as "#rrggbb"."""
    ink = max((PAPER, INK, "#000000"), key=lambda one: (contrast(one, colour) >= LEAST, one == PAPER,
                                                        contrast(one, colour)))  # fmt: skip
    return Palette(
        colour=colour,
        ink=ink,
        light_text=_readable(colour, "#000000", SURFACES["light"]),
        dark_text=_readable(colour, "#ffffff", SURFACES["dark"]),
    )


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, towards: str, papers: tuple[str, ...]) -> str:
    share = 0.0
    while share < 1:
        found = _mixed(colour, towards, share)
        if all(contrast(found, paper) >= LEAST for paper in papers):
            return found
        share += STEP
    return towards


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
