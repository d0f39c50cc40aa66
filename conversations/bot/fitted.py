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
    """Weights and bias of each head of heads.py."""
    with np.load(HEADS, allow_pickle=False) as held:
        return {name: held[name].astype(np.float32) for name in held.files}


def _read(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return held


def forget() -> None:
    """Read the artefacts anew, as their training does."""
    for read in (ranking, calibrator, heads):
        read.cache_clear()
