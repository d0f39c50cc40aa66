"""The chat's script as it goes out: its source without what a visitor's browser need not load."""

import re
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent / "static" / "widget" / "widget.js"
COMMENTS = re.compile(
    r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$|(?<=[;{},)]) // .*$", re.MULTILINE
)  # on lines of their own, or behind a statement
BLANKS = re.compile(r"\n\s+")


def slim() -> bytes:
    """The script without comments, indentation and empty lines."""
    return BLANKS.sub("\n", COMMENTS.sub("", SCRIPT.read_text())).encode()
