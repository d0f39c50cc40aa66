"""The documents name what exists: tests, pages and folders; the index leaves none out."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NAMED = re.compile(r"`((?:[a-z_]+/)*(?:test_[a-z0-9_]+\.py|[a-z_]+/))`")


def missing(text: str, *folders: Path) -> list[str]:
    """The tests and folders a text names that lie in none of the folders."""
    return [name for name in NAMED.findall(text) if not any((folder / name).exists() for folder in folders)]


@pytest.mark.parametrize("document", ["security.md", "tenancy.md"])
def test_named_tests_exist(document: str) -> None:
    text = (ROOT / "docs" / document).read_text()
    email = ROOT / "tests/conversations/channels/email"
    assert missing(text, ROOT, ROOT / "tests", ROOT / "tests/guards", ROOT / "tests/canary", email) == []


def test_missing_test_is_told() -> None:
    assert missing("see `canary/test_gone.py` and `tests/canary/`", ROOT) == ["canary/test_gone.py"]


LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def links(page: Path) -> set[Path]:
    """What a page leads to inside the project."""
    return {(page.parent / target).resolve() for target in LINK.findall(page.read_text())}


def test_links_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = {str(page.relative_to(ROOT)): [to for to in links(page) if not to.exists()] for page in pages}
    assert {page: gone for page, gone in broken.items() if gone} == {}


def test_index_lists_every_document() -> None:
    index = ROOT / "docs/README.md"
    assert {page.resolve() for page in (ROOT / "docs").rglob("*.md")} - links(index) == {index.resolve()}
