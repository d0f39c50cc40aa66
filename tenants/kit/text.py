"""Text as people send it, made fit to keep."""

import unicodedata


def clean(text: str, limit: int | None = None) -> str:
    """Unicode NFC, newlines as \\n, without NUL and lone surrogates, cut at `limit` characters."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return text if limit is None else text[:limit]


def one_line(text: str, limit: int) -> str:
    """The same on a single line, cut with an ellipsis."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
