"""What a draft would change of what is published, word by word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.article_content import NAMES, Content
from conversations.models import Category
from conversations.workspace.work_forms import channel_choices

LABELS: dict[str, Any] = {
    "question": gettext_lazy("Question"),
    "phrasings": gettext_lazy("Other wordings"),
    "answer": gettext_lazy("Answer"),
    "language": gettext_lazy("Language"),
    "category": gettext_lazy("Category"),
    "channel_kinds": gettext_lazy("Channels"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until"),
    "buttons": gettext_lazy("Buttons"),
    "is_public": gettext_lazy("In the help centre"),
    "file_ids": gettext_lazy("Files"),
}
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is otherwise: its name, and the text as kept, taken away and added pieces."""

    label: str
    pieces: list[tuple[str, str]]


def difference(before: Content, after: Content, files: Mapping[UUID, str] | None = None) -> list[Change]:
    """The fields in which two contents differ. `files` are the names of those of the article."""
    return [
        Change(str(LABELS[name]), _pieces(plain(before, name, files), plain(after, name, files)))
        for name in (*NAMES, "file_ids")
        if getattr(before, name) != getattr(after, name)
    ]


def plain(content: Content, name: str, files: Mapping[UUID, str] | None = None) -> str:
    """A field as a person reads it."""
    value = getattr(content, name)
    if name == "file_ids":
        value = [(files or {}).get(one, "") for one in value]
    match name:
        case "phrasings" | "buttons" | "file_ids":
            return "\n".join(value)
        case "language" | "category":
            known: dict[str, Any] = dict(settings.LANGUAGES) if name == "language" else dict(Category.choices)
            return str(known.get(value, value))
        case "channel_kinds":
            kinds = dict(channel_choices())
            return ", ".join(kinds.get(kind, kind) for kind in value) or _("All channels")
        case "is_public":
            return _("Yes") if value else _("No")
        case "valid_from" | "valid_until":
            return date_format(value) if value else _("Always")
        case _:
            return str(value)


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        pieces += [("gone", "".join(old[a:b]))] if b > a else []
        pieces += [("new", "".join(new[c:d]))] if d > c else []
    return pieces
