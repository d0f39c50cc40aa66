"""The documents on safety name tests that exist."""

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
