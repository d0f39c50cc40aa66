"""The examples of docs/guides/api.md, run in the order they stand there."""

import json
import re
from pathlib import Path
from typing import Any

from django.test import Client

from tests.api.conftest import key_for
from tests.factories.tenants import Business

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "api.md"
EXAMPLE = re.compile(r"```http\n(.*?)```\s+```json (\d+)\n(.*?)```", re.DOTALL)


def run(example: str, secret: str, known: dict[str, str]) -> Any:
    """Send one example, with the key and the identifiers of what earlier ones made."""
    head, _blank, body = _filled(example, known).partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split(" ", 1)
    headers = dict(line.split(": ", 1) for line in lines) | {"Authorization": f"Bearer {secret}"}
    media = headers.pop("Content-Type", "application/json")
    return Client().generic(method, path, body.strip(), content_type=media, headers=headers)


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _same(expected: Any, found: Any) -> bool:
    """Equal, where "…" stands for anything."""
    if expected == "…":
        return found is not None
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            _same(value, found[key]) for key, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_same, expected, found))
    return bool(expected == found)


def test_examples_of_the_guide_are_true(business: Business) -> None:
    secret, known = key_for(business), {}
    examples = EXAMPLE.findall(GUIDE.read_text())
    assert len(examples) == 16
    for request, status, answer in examples:
        response = run(request, secret, known)
        body = response.json()
        assert (response.status_code, request) == (int(status), request)
        if response.status_code == 201:
            name = re.match(r"POST /api/v1/([a-z-]+?)s?/", request).group(1)
            known[name] = body["id"]
        assert _same(json.loads(_filled(answer, known)), body), body


def test_guide_lists_every_kind_of_problem_and_every_scope_it_needs() -> None:
    from tenants.api.errors import TYPES
    from tenants.permissions import Permission

    text = GUIDE.read_text()
    assert [kind for kind in TYPES.values() if f"| `{kind}` |" not in text] == []
    named = set(re.findall(r"`([a-z]+:(?:read|write))`", text))
    assert named <= {permission.value for permission in Permission}
