"""What every template keeps: known icons, no inline script or style."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tenants.templatetags.ui import icon_names

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
FORBIDDEN = {
    "a style attribute": r"<[^>{]*\sstyle\s*=",
    "an inline handler": r"<[a-z][^>]*\son[a-z]+\s*=",
    "an inline style sheet": r"<style[\s>]",
    "an inline script": r"<script(?![^>]*(\ssrc=|type=\"application/json\"))[^>]*>",
    "a javascript: address": r"javascript:",
}

EXEMPT = {
    "conversations/message_frame.html": "a received mail in its sandboxed frame, under a policy of its own",
}


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    named = {
        (str(path.relative_to(settings.BASE_DIR)), name)
        for path in TEMPLATES
        for name in re.findall(r"\{% icon \"([^\"]+)\"|\bicon=\"([^\"]+)\"", path.read_text())
        for name in name
        if name
    }
    assert sorted(pair for pair in named if pair[1] not in icon_names()) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_contains(what: str) -> None:
    sources = {str(path.relative_to(settings.BASE_DIR / "templates")): path.read_text() for path in TEMPLATES}
    found = [name for name, source in sources.items() if re.search(FORBIDDEN[what], source, re.IGNORECASE)]
    assert [name for name in found if name not in EXEMPT] == []


def test_every_exemption_is_still_needed() -> None:
    folder = Path(settings.BASE_DIR / "templates")
    sources = {name: (folder / name).read_text() for name in EXEMPT}
    assert [
        n for n, s in sources.items() if not any(re.search(p, s, re.IGNORECASE) for p in FORBIDDEN.values())
    ] == []


def test_the_pattern_for_inline_script_catches_one() -> None:
    pattern = FORBIDDEN["an inline script"]
    assert [
        bool(re.search(pattern, tag))
        for tag in (
            "<script>",
            '<script type="module">',
            '<script src="/x.js"></script>',
            '<script type="application/json">',
        )
    ] == [True, True, False, False]
