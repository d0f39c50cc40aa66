"""The text of a PDF from standard input, as JSON: a program of its own, since a hostile file can be slow.

Lines in larger or bold letters become headings of Markdown; lines that a page's width broke are joined.
"""

import contextlib
import io
import json
import resource
import sys
from collections import Counter
from typing import Any

from pypdf import PdfReader

MOST_PAGES = 100
LONGEST = 400_000  # characters
LONGEST_HEADING = 120  # characters
MEMORY = 768 * 1024 * 1024  # bytes of addresses
SECONDS = 15  # of the processor
LARGER = 1.15  # than most of the text, which makes a line a heading
FULL = 0.75  # of the longest line: the page's width broke it

Line = tuple[str, float, bool]
"""Its words, the size of its letters, and whether all of them are bold."""


def answer(content: bytes) -> dict[str, Any]:
    """What it says, or why nothing: `locked`, `broken`, `pages` or `empty`."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "locked"}
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            return {"problem": "pages", "pages": pages, "most": MOST_PAGES}
        lines: list[Line] = []
        for page in reader.pages:
            lines += [*lines_of(page), ("", 0.0, False)]
            if sum(len(text) for text, _size, _bold in lines) > LONGEST:
                break
    except Exception:  # noqa: BLE001 -- whatever a damaged file makes a reader raise
        return {"problem": "broken"}
    text = laid_out(lines)[:LONGEST]
    return {"text": text} if text.strip() else {"problem": "empty"}


def lines_of(page: Any) -> list[Line]:
    """The lines of a page with the letters they are set in."""
    found: list[Line] = []
    pieces: list[tuple[str, float, bool]] = []

    def end() -> None:
        words = " ".join("".join(text for text, _size, _bold in pieces).split())
        seen = [(len(text), size, bold) for text, size, bold in pieces if text.strip()]
        if seen:
            found.append((words, max(seen)[1], all(bold for _length, _size, bold in seen)))
        elif found and found[-1][0]:
            found.append(("", 0.0, False))
        pieces.clear()

    def see(text: str, _cm: Any, tm: Any, font: Any, size: Any) -> None:
        name = str((font or {}).get("/BaseFont", "")).lower()
        scale = abs(float(tm[3]) or float(tm[0]) or 1.0)
        is_bold = any(word in name for word in ("bold", "black", "heavy"))
        first, *rest = text.split("\n")
        pieces.append((first, float(size or 0) * scale, is_bold))
        for part in rest:
            end()
            pieces.append((part, float(size or 0) * scale, is_bold))

    page.extract_text(visitor_text=see)
    end()
    return found


def laid_out(lines: list[Line]) -> str:
    """Lines as text with headings; those of one sentence on one line again."""
    sizes: Counter[float] = Counter()
    for text, size, _bold in lines:
        sizes[round(size, 1)] += len(text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    widest = max((len(text) for text, size, _bold in lines if round(size, 1) <= usual), default=0)
    told: list[str] = []
    is_open = False
    for text, size, bold in lines:
        is_heading = len(text) <= LONGEST_HEADING and (
            size > usual * LARGER or (bold and text[-1:] not in ".;,")
        )
        if not text or is_heading:
            told += ["", f"# {text}", ""] if text else [""]
            is_open = False
            continue
        if is_open:
            told[-1] += f" {text}"
        else:
            told.append(text)
        is_open = len(text) >= widest * FULL and text[-1:] not in ".?!:"
    return "\n".join(told)


def main() -> None:
    """Read, bounded, and tell."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with contextlib.redirect_stderr(io.StringIO()):  # its warnings about sloppy files
        told = answer(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
