"""Writes conversations/bot/artefacts/everyday.bin: words of everyday speech, which are no slips of others."""

import zlib
from collections import Counter

from conversations.bot import normalise, words
from quality.train import sources

OFTEN = 2
EXTRA = (
    "whatsapp",
    "wifi",
    "iphone",
    "instagram",
    "facebook",
    "google",
    "mercado",
    "yape",
    "nequi",
    "boleto",
)


def main() -> None:
    """Words of at least four letters that subtitles use OFTEN, and those of the invented businesses."""
    counts: Counter[str] = Counter()
    for code in ("es", "pt", "en"):
        found: Counter[str] = Counter()
        for line in sources.lines(f"lid_train_xed_{code}.txt"):
            found.update(set(normalise.tokens(line)))
        counts.update({word: number for word, number in found.items() if number >= OFTEN})
    kept = {word for word in counts if len(word) >= 4 and word.isalpha()} | set(EXTRA)
    for path in sorted((sources.DATA / "knowledge").glob("*.jsonl")):
        for entry in sources.read_jsonl(path):
            for text in (entry["question"], *entry["phrasings"], entry["answer"]):
                kept.update(word for word in normalise.tokens(text) if len(word) >= 4 and word.isalpha())
    words.ARTEFACT.write_bytes(zlib.compress("\n".join(sorted(kept)).encode(), 9))


if __name__ == "__main__":
    main()
