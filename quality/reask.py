"""Figures of the re-ask guard on labelled drafts; of the kept half only sums leave this module."""

from conversations.bot import reask
from quality.train import sources

DRAFTS = sources.DATA / "drafts"
AIM = 0.95


def counts(half: str, language: str) -> tuple[int, int, int]:
    """Of the facts a half's drafts ask for again: rightly found, found, labelled."""
    right = found = labelled = 0
    for row in sources.read_jsonl(DRAFTS / half / f"{language}.jsonl"):
        said = {one.kind for one in reask.reasks(row["draft"], row["known"], language)}
        right += len(said & set(row["reasks"]))
        found += len(said)
        labelled += len(row["reasks"])
    return right, found, labelled
