"""What a PDF says, read in a process of its own that is stopped when it takes too long or too much."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tenants.refusals import Refused

LARGEST = 10 * 1024 * 1024  # bytes
WAIT = 25  # seconds
PROGRAM = Path(__file__).parent.parent / "pdf_child.py"


class Unreadable(Refused):
    """A page or a document that gives no drafts, with the reason in a sentence."""


def text_of(content: bytes) -> str:
    """Its text with headings of Markdown. Raises `Unreadable` with the reason in a sentence."""
    if len(content) > LARGEST:
        raise Unreadable(_("This file is too large: at most %(most)s MB.") % {"most": 10}, "file")
    told = _told(content)
    if "text" in told:
        return str(told["text"])
    raise Unreadable(_sentence(told), "file")


def _told(content: bytes) -> dict[str, Any]:
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=WAIT, check=True)  # noqa: S603 -- our own program
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        return {"problem": "long"}


def _sentence(told: dict[str, Any]) -> str:
    match told.get("problem"):
        case "locked":
            return _("This PDF is locked with a password. Save it without one.")
        case "pages":
            return _("This PDF has %(pages)s pages; at most %(most)s are read. Split it.") % {
                "pages": told.get("pages"),
                "most": told.get("most"),
            }
        case "empty":
            return _(
                "This PDF holds pictures of pages and no text. Have its text recognised (OCR), or paste it."
            )
        case "broken":
            return _("This PDF is damaged. Open it and save it again, or paste its text.")
    return _("This PDF takes too long to read. Split it, or paste its text.")
