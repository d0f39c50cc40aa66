"""Every act that is written down has a name on the audit page."""

import re
from pathlib import Path

import pytest

from tenants import audit_words

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(r"audit\.record\(\s*(\"[^)]*?),\s*target=", re.DOTALL)
ACTION = re.compile(r"\"([a-z_]+\.[a-z_]+)\"")


def recorded() -> set[str]:
    """The acts named in calls of audit.record anywhere in the product."""
    sources = [
        path for app in ("tenants", "crm", "conversations", "feedback") for path in (ROOT / app).rglob("*.py")
    ]
    calls = [call for path in sources for call in CALL.findall(path.read_text(encoding="utf-8"))]
    return {action for call in calls for action in ACTION.findall(call)}


def test_acts_are_found() -> None:
    assert {"business.created", "canned_reply.updated", "channel.created"} <= recorded()


@pytest.mark.parametrize("action", sorted(recorded()))
def test_act_has_a_name(action: str) -> None:
    assert audit_words.word(action) != action
