"""Rules over the templates: no inline code, no form another site could post, no word untranslated."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from tests.guards.rules import Violation

TRANSLATED = re.compile(r"{%\s*(blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}", re.S)
CLASSES = re.compile(r"{%\s*block\s+\w*class\s*%}.*?{%\s*endblock\b.*?%}", re.S)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.S)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "label", "content")
META_SPOKEN = ("description",)


class Template(NamedTuple):
    """One file: its path from the root of the project, and its text."""

    path: str
    text: str


def templates() -> list[Template]:
    """Every HTML template of the product."""
    root = Path(settings.BASE_DIR)
    return [
        Template(str(file.relative_to(root)), file.read_text())
        for folder in ("templates", "tenants", "crm", "conversations", "feedback", "config")
        for file in sorted((root / folder).rglob("*.html"))
    ]


class _Reader(HTMLParser):
    """Collects inline code, forms and visible words of a template without its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inline: list[str] = []
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.inline += [
            f"<{tag} {name}>" for name in given if name == "style" or re.match(r"on[a-z]|hx-on", name)
        ]
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.inline.append(f"<{tag}>")
        self.inline += [
            f"<{tag} {n}>" for n, v in given.items() if v.strip().lower().startswith("javascript:")
        ]
        for name in SPOKEN:
            if name == "content" and given.get("name") not in META_SPOKEN:
                continue
            self.words += WORD.findall(given.get(name, ""))
        if tag in ("script", "style", "code", "pre", "kbd", "samp"):
            self.silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code", "pre", "kbd", "samp"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words += WORD.findall(data)


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(TAG.sub("", CLASSES.sub("", TRANSLATED.sub("", COMMENT.sub("", text)))))
    reader.close()
    return reader


def inline_code(found: Iterable[Template]) -> list[Violation]:
    """Scripts, styles and handlers inside a page: the policy of every page forbids them."""
    return [Violation(t.path, f"has {what}") for t in found for what in _read(t.text).inline]


def forgeable_forms(found: Iterable[Template]) -> list[Violation]:
    """Forms that post without a token, and htmx posts outside of any form without the header."""
    wrong = []
    for template in found:
        text = COMMENT.sub("", template.text)
        for form in re.findall(r"<form\b.*?</form>", text, re.S | re.I):
            opening = form.split(">")[0]
            if re.search(r"method=[\"']?post", opening, re.I) and not re.search(
                r"{% csrf_token %}|csrfmiddlewaretoken", form
            ):
                wrong.append(Violation(template.path, "posts a form without csrf_token"))
    return wrong


def unescaped(found: Iterable[Template]) -> list[Violation]:
    """Templates that print something as it came."""
    return [
        Violation(t.path, f"says {match!r}")
        for t in found
        for match in re.findall(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off", COMMENT.sub("", t.text))
    ]


def untranslated(found: Iterable[Template], fine: frozenset[str]) -> list[Violation]:
    """Words a person reads that stand outside of every translation."""
    wrong = []
    for template in found:
        words = sorted({word for word in _read(template.text).words if word.lower() not in fine})
        if words:
            wrong.append(Violation(template.path, f"untranslated: {', '.join(words[:8])}"))
    return wrong
