"""How likely a draft asks for each fact by what it means: small networks on what the sentence encoder sees.

One network looks at each piece of a word with what stands around it and the draft as a whole, the other at
the draft and each of its sentences. Each is a witness; a fact is asked for if any of them says so. Fitted by
quality/train/reask_meaning.py; only workers carry the encoder.
"""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from conversations.bot import encoder
from conversations.bot.reask_features import sentences
from conversations.bot.reask_words import KEYS

ARTEFACT = Path(__file__).parent / "artefacts" / "reask_meaning.npz"
LONGEST, STRIDE = encoder.LONGEST, encoder.LONGEST - 100
"""Letters that are looked at together, and how far on the next look begins."""
LEAST = 1e-5
"""Nobody is surer."""

type Numbers = np.ndarray[Any, Any]


def parts(draft: str, language: str) -> list[str]:
    """The draft, and where it is more than one sentence each of them, and each with the one behind it."""
    found = [
        draft[one.words[0].start : one.words[-1].end] + "?" * one.is_question
        for one in sentences(draft, language)
        if one.words
    ]
    if len(found) < 2:
        return [draft]
    pairs = [f"{one} {after}" for one, after in pairwise(found)] if len(found) > 2 else []
    return [draft, *found, *pairs]


def meant(draft: str, language: str) -> dict[str, float] | None:
    """For each fact the log-odds that it is asked for; None without the encoder."""
    shared = encoder.shared()
    if shared is None or not draft.strip():
        return None
    begins = range(0, max(1, len(draft) - LONGEST + STRIDE), STRIDE)
    looks = [_look(shared, draft[at : at + LONGEST], language) for at in begins]
    return dict(zip(KEYS, map(float, np.max(looks, axis=0)), strict=True))


def _look(shared: encoder.Encoder, text: str, language: str) -> Numbers:
    pieces, vectors = shared.pieces(text), shared.encode(parts(text, language))
    result: Numbers = np.mean([odds(_none(pieces, vectors, net)) for net in _nets()], axis=0)
    return result


def odds(none: Numbers) -> Numbers:
    """Log-odds of something, by the logarithm of how likely it is not."""
    result: Numbers = np.log(np.maximum(-np.expm1(none), LEAST)) - np.maximum(none, np.log(LEAST))
    return result


def _none(pieces: Numbers, vectors: Numbers, net: dict[str, Numbers]) -> Numbers:
    """For each fact the logarithm of how likely nothing asks for it."""
    around = np.maximum(pieces @ net["pieces"] + vectors[0] @ net["draft"] + net["pieces_bias"], 0)
    whole = np.maximum(vectors @ net["parts"] + net["parts_bias"], 0)
    scores = np.vstack(
        [around @ net["piece_keys"] + net["piece_start"], whole @ net["part_keys"] + net["part_start"]]
    )
    result: Numbers = -np.logaddexp(0, scores).sum(axis=0)
    return result


@cache
def _nets() -> list[dict[str, Numbers]]:
    with np.load(ARTEFACT, allow_pickle=False) as held:
        names = {name.partition(".")[2] for name in held.files}
        count = len(held.files) // len(names)
        return [
            {name: held[f"{number}.{name}"].astype(np.float32) for name in names} for number in range(count)
        ]


def forget() -> None:
    """Read the artefact anew, as its training does."""
    _nets.cache_clear()
