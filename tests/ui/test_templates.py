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


APPS = ("tenants", "crm", "conversations", "feedback", "config")
NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def named_in_templates() -> set[tuple[str, str]]:
    """Each icon that a template names, with the template."""
    return {
        (str(path.relative_to(settings.BASE_DIR)), name)
        for path in TEMPLATES
        for name in re.findall(rf"""\bicon(?:=| )["']({NAME})["']""", path.read_text())
    }


def words_of_code() -> set[str]:
    """Every quoted word of the modules and scripts that speak of icons, and every default of a template."""
    modules = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    scripts = [*(settings.BASE_DIR / "static" / "js").rglob("*.js")]
    sources = [path.read_text() for path in modules + scripts]
    quoted = {
        word
        for source in sources
        if "icon" in source.lower()
        for word in re.findall(rf"[\"']({NAME})[\"']", source)
    }
    return quoted | {
        word
        for path in TEMPLATES
        for word in re.findall(rf"""icon\|default:["']({NAME})["']""", path.read_text())
    }


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    assert sorted(pair for pair in named_in_templates() if pair[1] not in icon_names()) == []


def test_every_icon_of_the_sprite_is_used() -> None:
    used = {name for _path, name in named_in_templates()} | words_of_code()
    assert sorted(icon_names() - used) == []


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
