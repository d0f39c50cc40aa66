"""The examples of docs/guides/web-chat-identity.md, run where their language is here."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conversations.channels.web.identity import vouched_for

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "guides" / "web-chat-identity.md"
CLAIMS = {"id": "c-7", "email": "ana@example.com", "name": "Ana Gómez"}


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.S)
    assert found
    return found[1]


def test_python_example_is_believed() -> None:
    names: dict[str, Any] = {}
    exec(example("python"), names)
    assert vouched_for(names["identity"]("wi_secret", **CLAIMS), "wi_secret") == CLAIMS


@pytest.mark.parametrize(
    ("language", "command", "call"),
    [
        ("js", ["node", "-e"], 'console.log(JSON.stringify(identity("wi_secret", %s)))'),
        ("php", ["php", "-r"], "echo json_encode(identity(\"wi_secret\", ...json_decode('%s', true)));"),
    ],
)
def test_other_examples_are_believed(language: str, command: list[str], call: str) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here")
    code = example(language) + call % json.dumps(CLAIMS)
    printed = subprocess.run([*command, code], capture_output=True, check=True, timeout=30).stdout
    assert vouched_for(json.loads(printed), "wi_secret") == CLAIMS
