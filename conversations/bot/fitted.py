"""Numbers that quality/train fitted, as they lie in artefacts/."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ARTEFACTS = Path(__file__).parent / "artefacts"
RANKING = ARTEFACTS / "ranking.json"
CALIBRATOR = ARTEFACTS / "calibrator.json"
HEADS = ARTEFACTS / "heads.npz"
TOPICS = ARTEFACTS / "topics.npz"
TURN = ARTEFACTS / "turn.npz"
ANSWERS = ARTEFACTS / "answers.npz"

type Numbers = np.ndarray[Any, Any]


@cache
def ranking(*, meaning: bool) -> Numbers:
    """Weights of retrieve.FEATURES, with the encoder or without."""
    return np.array(_read(RANKING)["meaning" if meaning else "letters"])


@cache
def calibrator(*, meaning: bool) -> tuple[Numbers, float]:
    """Weights of calibrate.FEATURES and the bias."""
    held = _read(CALIBRATOR)["meaning" if meaning else "letters"]
    return np.array(held["weights"]), float(held["bias"])


@cache
def heads() -> dict[str, Numbers]:
    """Weights and bias of each head of heads.py, and how rare each bucket of letters is."""
    return _arrays(HEADS)


@cache
def topics() -> dict[str, Numbers]:
    """Weights of topics.py with the encoder and without, and how rare each bucket of letters is."""
    return _arrays(TOPICS)


@cache
def turn() -> dict[str, Numbers]:
    """How retrieve.py turns the encoder's space: its mean, its chief directions, and the turn among them."""
    return _arrays(TURN)


@cache
def answers() -> dict[str, Numbers]:
    """Weights of confirmations/answer_model.py with the encoder and without, and the buckets' rarity."""
    return _arrays(ANSWERS)


def _arrays(path: Path) -> dict[str, Numbers]:
    with np.load(path, allow_pickle=False) as held:
        return {name: held[name].astype(np.float32) for name in held.files}


def _read(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return held


def forget() -> None:
    """Read the artefacts anew, as their training does."""
    for read in (ranking, calibrator, heads, topics, turn, answers):
        read.cache_clear()
