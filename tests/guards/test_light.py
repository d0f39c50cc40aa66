"""What every process carries: libraries that few need come when they are needed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

HEAVY = ("boto3", "numpy", "openpyxl", "pypdf")  # about 10, 16, 8 and 6 MB, in each of five processes
LOAD = """
import sys
import config.wsgi, config.urls
print("web", *[name for name in sys.argv[1:] if name in sys.modules])
import config.celery
config.celery.app.loader.import_default_modules()
print("worker", *[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_heavy_libraries_are_not_loaded_at_the_start() -> None:
    command = [sys.executable, "-c", LOAD, *HEAVY]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert loaded.stdout.splitlines() == ["web", "worker"]


WITH_NUMPY = {
    f"conversations.{name}"
    for name in (
        "brains", "bot.encoder", "bot.retrieve", "bot.understand", "bot.grouping", "bot.dialogue",
        "bot.reask_meaning",
        "actions.trying", "actions.thinking", "actions.suggesting", "rehearsing",
    )
}  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
WEB = re.compile(r"/views/|/api/|/workspace/|/urls|/wsgi|/forms|/middleware")


def carriers(text: str) -> set[str]:
    """What a module takes in, at its start or later, that brings numpy and the encoder."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{one.name}" for one in node.names)}
    return names & WITH_NUMPY


def test_web_never_asks_the_encoder_itself() -> None:
    """Only workers carry it: pages and the API ask them (`conversations/trials.py`)."""
    modules = [
        path
        for app in ("config", "tenants", "crm", "conversations", "feedback")
        for path in (ROOT / app).rglob("*.py")
        if WEB.search(path.as_posix())
    ]
    assert len(modules) > 100
    assert {str(path): found for path in modules if (found := carriers(path.read_text()))} == {}


def test_carrier_is_told() -> None:
    late = "def page():\n    from conversations.actions import (\n        bots,\n        trying,\n    )\n"
    assert carriers(late) == {"conversations.actions.trying"}
    assert carriers("import conversations.bot.encoder") == {"conversations.bot.encoder"}
    assert carriers("from conversations.brains import brain") == {"conversations.brains"}
    assert carriers("from conversations import trials") == set()
