"""Whether what a piece says sounds like a person: beside its problems, none of them serious."""

from conversations import humane
from conversations.personalising.engine import Problem
from conversations.personalising.pieces import Piece
from crm.models import Medium
from tenants.queries import own

A_LINE = 60  # letters of a text that are quoted


def sounds(piece: Piece, kind: humane.Kind, *, is_upset: bool = False) -> list[Problem]:
    """What no person would say, with the words it is about and what to write instead.

    `is_upset` says that those who get it have reason to be (conversations/upset.py). A template of a vendor
    is left alone: its words are approved as they are.
    """
    if piece.template is not None:
        return []
    found = humane.check(
        _words(piece),
        language=piece.language,
        kind=kind,
        audience_upset=is_upset,
        formality=own().formality,
    )
    subject = len(str(piece.content.get("subject") or "")) if piece.medium == Medium.EMAIL else 0
    return [
        Problem(
            f"sound_{one.code}", _sentence(one), "subject" if one.end <= subject else "text", serious=False
        )
        for one in found
    ]


def _words(piece: Piece) -> str:
    """What was written, without what a mail adds by itself; links and buttons are ways to answer."""
    if piece.medium != Medium.EMAIL:
        return str(piece.content.get("text") or "")
    parts = [str(piece.content.get("subject") or "")]
    for block in piece.content.get("blocks") or []:
        parts += [str(block.get(name) or "") for name in ("title", "text", "label", "url")]
    return "\n".join(part for part in parts if part)


def _sentence(one: humane.Finding) -> str:
    words = f"“{one.words}”: " if 0 < len(one.words) <= A_LINE else ""
    return f"{words}{one.why} {one.better}".strip()
