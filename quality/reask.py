"""Figures of the re-ask guard on labelled drafts; of the kept half only sums leave this module."""

from conversations.bot import reask, reask_meaning
from quality.report import LANGUAGES, Figure
from quality.train import sources

DRAFTS = sources.DATA / "drafts"
AIM = 0.95


def figures(half: str, *, meaning: bool = True) -> dict[str, tuple[Figure, Figure]]:
    """By language: of what was said to be asked again, what was; and of what was, what was said."""
    return {language: _figures(half, language, meaning=meaning) for language in LANGUAGES}


def _figures(half: str, language: str, *, meaning: bool) -> tuple[Figure, Figure]:
    right = found = labelled = 0
    for row in sources.read_jsonl(DRAFTS / half / f"{language}.jsonl"):
        meant = reask_meaning.meant(row["draft"], language) if meaning else None
        said = {one.kind for one in reask.reasks(row["draft"], row["known"], language, meant)}
        right += len(said & set(row["reasks"]))
        found += len(said)
        labelled += len(row["reasks"])
    return Figure("asked again, rightly said", right, found, AIM), Figure(
        "asked again, noticed", right, labelled, AIM
    )
