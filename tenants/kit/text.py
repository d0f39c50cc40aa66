"""Text as people send it, made fit to keep."""

import unicodedata

MAIL_ADDRESS = r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"
"""An e-mail address inside a text, as a pattern that takes time in proportion to the text."""
INSIDE = r"(?:[^{}]|\{(?!\{)|\}(?!\}))*+"
"""What stands between {{ and }}."""
PLACE = r"\{\{" + INSIDE + r"\}\}|\{%(?:[^{%]|\{(?!%)|%(?!\}))*+%\}"
"""What is filled in by a name, {{ … }}, or decides, {% … %}: in time in proportion to the text, too."""


def clean(text: str, limit: int | None = None) -> str:
    """Unicode NFC, newlines as \\n, without NUL and lone surrogates, cut at `limit` characters."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return text if limit is None else text[:limit]


def one_line(text: str, limit: int) -> str:
    """The same on a single line, cut with an ellipsis."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def bare(text: str) -> str:
    """Without accents and capitals: what two people who mean the same both write."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in letters if not unicodedata.combining(char))


def folded(text: str) -> str:
    """The same with single spaces."""
    return " ".join(bare(text).split())


def bare_words(text: str) -> str:
    """The same with nothing but letters, digits and single spaces."""
    return " ".join("".join(char if char.isalnum() else " " for char in bare(text)).split())
