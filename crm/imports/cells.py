"""Cells of files that we write: what a spreadsheet would compute is kept from it (OWASP, CSV injection).

An apostrophe before `=`, `+`, `-`, `@`, a tab or a line end makes text of a formula. Phone numbers and plain
figures are no formulas and stay as they are. Reading a file takes the apostrophe off again (values.py).
"""

import re

ACTIVE = re.compile(r"'*[=+\-@\t\r]")
HARMLESS = re.compile(r"\+\d[\d ()-]*(?: ext\. \d+)?(?:; \+\d[\d ()-]*(?: ext\. \d+)?)*|[+-]?\d+(?:[.,]\d+)*")


def escaped(text: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{text}" if ACTIVE.match(text) and not HARMLESS.fullmatch(text) else text
