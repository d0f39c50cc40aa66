"""Where the training material lies and how it is read."""

import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PUENTE_TRAINING_DATA", HERE.parents[2] / "shared" / "nlp"))
DATA = HERE.parent / "data"


def lines(name: str) -> list[str]:
    """Lines of a shared text file."""
    return (SHARED / name).read_text("utf-8").splitlines()


def labelled(language: str) -> list[dict[str, Any]]:
    """The labelled messages that may be looked at."""
    return read_jsonl(DATA / "open" / f"{language}.jsonl")


def knowledge(trade: str, language: str) -> list[dict[str, Any]]:
    """What an invented business knows."""
    return read_jsonl(DATA / "knowledge" / f"{trade}.{language}.jsonl")


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """One object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def written(language: str) -> list[dict[str, Any]]:
    """Labelled messages written to fit on."""
    return read_jsonl(HERE / "data" / f"messages.{language}.jsonl")
