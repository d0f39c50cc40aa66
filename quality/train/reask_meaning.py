"""Fits conversations/bot/artefacts/reask_meaning.npz: what a draft asks for, by the encoder's view of it.

The pieces of words are turned onto their chief directions to be learnt from quickly; the turn is written into the
weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conversations.bot import encoder
from conversations.bot import reask_meaning as model
from conversations.bot.reask_words import KEYS
from quality.train.fit import Descent, Numbers

DIRECTIONS = 256
HIDDEN = 128
NETS = 2
ROUNDS = 14
BATCH = 64
RATE = 2e-3
COST = 1e-2
LEFT_OUT, LEFT_OUT_OF_PIECES = 0.35, 0.1
"""Shares of what the networks see that is blanked out while they learn."""
UNKNOWN = 0.5
"""What a fact counts that is neither known nor asked for: labels say less of it."""
SCALE = np.float32(8.0)
"""Of sentence vectors, which are of length one."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of several drafts below each other."""

    table: Numbers
    starts: Numbers

    def of(self, chosen: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The rows of some drafts, how many each has, and where each begins."""
        counts = self.starts[chosen + 1] - self.starts[chosen]
        begins = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(self.starts[chosen] - begins, counts)
        return self.table[places], counts, begins


@dataclass(frozen=True, slots=True)
class Seen:
    """Drafts as the networks see them."""

    pieces: Rows
    parts: Rows
    turn: Numbers
    """From the encoder's pieces to `pieces`."""
    shift: Numbers


def seen(rows: Sequence[tuple[str, dict[str, Any]]]) -> Seen:
    """The encoder's view of drafts."""
    shared = encoder.shared()
    if shared is None:
        raise SystemExit("fits need the encoder: install it")
    pieces = [shared.pieces(row["draft"]).astype(np.float16) for _language, row in rows]
    parts = [model.parts(row["draft"][: model.LONGEST], language) for language, row in rows]
    vectors = shared.encode([part for several in parts for part in several]) * SCALE
    table = np.concatenate(pieces)
    sample = table[::2].astype(np.float32)
    middle, spread = sample.mean(axis=0), sample.std(axis=0) + 0.05
    sample = (sample - middle) / spread
    lengths, ways = np.linalg.eigh(sample.T @ sample / len(sample))
    turn = ways[:, -DIRECTIONS:] / lengths[-DIRECTIONS:] ** 0.25 / 2 / spread[:, None]
    shift = -middle @ turn
    turned = np.vstack([part.astype(np.float32) @ turn + shift for part in np.array_split(table, 50)])
    return Seen(_rows(turned, pieces), _rows(vectors, parts), turn, shift)


def _rows(table: Numbers, lists: Sequence[Any]) -> Rows:
    return Rows(table.astype(np.float32), np.cumsum([0, *map(len, lists)]))


NAMES = (
    "pieces", "pieces_bias", "draft", "piece_keys", "piece_start", "parts", "parts_bias", "part_keys", "part_start",
)  # fmt: skip


def fit(held: Seen, labels: Numbers, weights: Numbers, chosen: Numbers, seed: int) -> list[Numbers]:
    """One network's numbers, in the order of NAMES, from some of the drafts."""
    chance = np.random.default_rng(seed)

    def drawn(rows: int, columns: int, size: float = 1.0) -> Numbers:
        return chance.normal(0, size / np.sqrt(rows), (rows, columns)).astype(np.float32)

    net = [
        drawn(DIRECTIONS, HIDDEN), np.zeros(HIDDEN, np.float32), drawn(encoder.SIZE, HIDDEN, 0.5),
        drawn(HIDDEN, len(KEYS)), np.full(len(KEYS), -5, np.float32),
        drawn(encoder.SIZE, HIDDEN), np.zeros(HIDDEN, np.float32),
        drawn(HIDDEN, len(KEYS)), np.full(len(KEYS), -4, np.float32),
    ]  # fmt: skip
    descents = [Descent(part) for part in net]
    steps, step = ROUNDS * (len(chosen) // BATCH), 0
    for _ in range(ROUNDS):
        order = chance.permutation(chosen)
        for batch in np.split(order[: len(order) // BATCH * BATCH], len(order) // BATCH):
            step += 1
            rate = RATE * min(1.0, step / 100) * (1 - step / (steps + 1))
            slopes = _slopes(held, net, batch, labels[batch], weights[batch] / BATCH, chance)
            for descent, slope in zip(descents, slopes, strict=True):
                descent.step(slope, step, rate)
                if descent.numbers.ndim > 1:
                    descent.numbers -= rate * COST * descent.numbers
    return net


def _slopes(
    held: Seen,
    net: list[Numbers],
    batch: Numbers,
    labels: Numbers,
    weights: Numbers,
    chance: np.random.Generator,
) -> list[Numbers]:
    """Of the loss of some drafts, by each of a network's numbers; parts of what is seen are blanked out."""

    def kept(shape: tuple[int, ...], share: float) -> Numbers:
        result: Numbers = (chance.random(shape, dtype=np.float32) > share) / np.float32(1 - share)
        return result

    pieces, counts, begins = held.pieces.of(batch)
    parts, part_counts, part_begins = held.parts.of(batch)
    pieces = pieces * kept(pieces.shape, LEFT_OUT_OF_PIECES)
    drafts = parts[part_begins] * kept((len(batch), encoder.SIZE), LEFT_OUT_OF_PIECES)
    of, part_of = np.repeat(np.arange(len(batch)), counts), np.repeat(np.arange(len(batch)), part_counts)
    around = np.maximum(pieces @ net[0] + net[1] + (drafts @ net[2])[of], 0)
    whole = np.maximum(parts @ net[5] + net[6], 0)
    around_kept, whole_kept = kept(around.shape, LEFT_OUT), kept(whole.shape, LEFT_OUT)
    log_around = -np.logaddexp(0, (around * around_kept) @ net[3] + net[4])
    log_whole = -np.logaddexp(0, (whole * whole_kept) @ net[7] + net[8])
    none = np.exp(np.add.reduceat(log_around, begins) + np.add.reduceat(log_whole, part_begins))
    pull = np.where(labels > 0, -none / np.maximum(1 - none, 1e-6), 1.0) * weights
    errors = (pull[of] * (1 - np.exp(log_around))).astype(np.float32)
    part_errors = (pull[part_of] * (1 - np.exp(log_whole))).astype(np.float32)
    back = (errors @ net[3].T) * around_kept * (around > 0)
    part_back = (part_errors @ net[7].T) * whole_kept * (whole > 0)
    return [
        pieces.T @ back, back.sum(axis=0), drafts.T @ np.add.reduceat(back, begins),
        (around * around_kept).T @ errors, errors.sum(axis=0),
        parts.T @ part_back, part_back.sum(axis=0), (whole * whole_kept).T @ part_errors, part_errors.sum(axis=0),
    ]  # fmt: skip


def odds(held: Seen, nets: list[list[Numbers]], chosen: Numbers) -> Numbers:
    """For each of some drafts and each fact the log-odds that it is asked for, as reask_meaning.py has them."""
    found = []
    for batch in np.array_split(chosen, len(chosen) // 256 + 1):
        pieces, counts, begins = held.pieces.of(batch)
        parts, _counts, part_begins = held.parts.of(batch)
        each = []
        for net in nets:
            around = np.maximum(
                pieces @ net[0] + net[1] + np.repeat(parts[part_begins] @ net[2], counts, axis=0), 0
            )
            whole = np.maximum(parts @ net[5] + net[6], 0)
            none = np.add.reduceat(-np.logaddexp(0, around @ net[3] + net[4]), begins)
            none += np.add.reduceat(-np.logaddexp(0, whole @ net[7] + net[8]), part_begins)
            each.append(model.odds(none))
        found.append(np.mean(each, axis=0))
    return np.vstack(found)


def write(held: Seen, nets: list[list[Numbers]]) -> None:
    """The networks, as they look at what the encoder says."""
    table: dict[str, Numbers] = {}
    for number, net in enumerate(nets):
        values = dict(zip(NAMES, net, strict=True))
        values["pieces_bias"] = values["pieces_bias"] + held.shift @ values["pieces"]
        values["pieces"] = held.turn @ values["pieces"]
        values |= {"draft": values["draft"] * SCALE, "parts": values["parts"] * SCALE}
        table |= {f"{number}.{name}": value.astype(np.float16) for name, value in values.items()}
    np.savez_compressed(model.ARTEFACT, allow_pickle=False, **table)
    model.forget()
