"""Finding what was said: messages by words and filters, newest first, with what shows why they were found."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from conversations.models import Message
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line

PAGE = 30
BUDGET = "150 milliseconds"  # of one stretch more; then what was found so far is shown
MOST_WORDS = 6
BEFORE, AFTER = 60, 140  # characters shown around the first word found


class Narrow(NamedTuple):
    """What narrows a search. Everything in it has been checked."""

    channel: UUID | None = None
    agent: UUID | None = None
    label: UUID | None = None
    status: str = ""
    direction: str = ""
    files: bool = False
    since: datetime | None = None
    before: datetime | None = None

    def as_json(self) -> dict[str, str]:
        """As the function takes it: only what narrows."""
        given = {name: value for name, value in self._asdict().items() if value}
        return {
            name: value.isoformat() if isinstance(value, datetime) else str(value)
            for name, value in given.items()
        }


class Excerpt(NamedTuple):
    """A part of a text: what stands before the first word found, pieces with and without marks."""

    pieces: tuple[tuple[str, bool], ...]
    cut_before: bool
    cut_after: bool


class Said(NamedTuple):
    """A message with all that a line of the result shows."""

    id: UUID
    conversation_id: UUID
    kind: str
    author_label: str
    text: str
    has_attachments: bool
    created_at: datetime
    conversation__customer__name: str
    conversation__subject: str
    conversation__status: str
    conversation__channel__kind: str
    conversation__channel__name: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, and the part of it that shows why."""

    message: Said
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Found:
    """Some hits, newest first; where the next begin ("" after the last), and what was meant by the words."""

    hits: list[Hit]
    next_cursor: str
    instead: str
    unfinished: bool = False  # there was no time to read everything: the rest follows by the cursor


def words_of(q: str) -> list[str]:
    """What must all be in a message."""
    return one_line(q, 100).split()[:MOST_WORDS]


def find(q: str, actor: Actor, narrow: Narrow, *, cursor: str = "", limit: int = PAGE) -> Found:
    """The newest messages with these words that the actor may see. Raises `BadCursor`."""
    words = words_of(q)
    if not words:
        return Found([], "", "")
    given = narrow.as_json()
    if cursor:
        given["below"] = str(_place(cursor))
    rows = _ask(words, given, actor, limit + 1)
    reached = str(rows[0][2]) if rows and rows[0][2] else ""
    instead = rows[0][3] or "" if rows else ""
    ids = [message for message, *_rest in rows if message]
    more = len(ids) > limit
    ids = ids[:limit]
    sought = [*words, *instead.split()]
    known = {one.id: one for one in _said(ids=ids)} if ids else {}
    hits = [Hit(known[one], excerpt(known[one].text, sought)) for one in ids if one in known]
    following = str(ids[-1]) if more else reached
    return Found(hits, following, instead, unfinished=bool(reached) and not more)


def _ask(words: list[str], narrow: dict[str, str], actor: Actor, most: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id, conversation_id, reached, instead"
            " FROM conversations_find(%s, %s::jsonb, %s, %s, %s::uuid[], %s, %s)",
            [
                words,
                json.dumps(narrow),
                actor.sees,
                actor.membership_id,
                list(actor.team_ids),
                most,
                BUDGET,
            ],
        )
        return list(cursor.fetchall())


def _place(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise BadCursor from None


@prepared(Said)
def _said(*, ids: list[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(pk__any=ids)  # type: ignore[no-any-return]


# --- the part that shows why ---


def plain(text: str) -> str:
    """Text without accents and capitals, each character for one."""
    return "".join(_plain_char(char) for char in text)


def _plain_char(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base if len(base) == 1 else char


def excerpt(text: str, words: Iterable[str]) -> Excerpt:
    """The surroundings of the first word found, with every word marked."""
    text = " ".join(text.split())
    like = plain(text)
    marks = _marks(like, words)
    first = marks[0][0] if marks else 0
    start = _at_word(text, max(0, first - BEFORE))
    end = min(len(text), first + AFTER)
    if end < len(text):
        end = max(text.rfind(" ", first + 1, end), first + 20)
    pieces: list[tuple[str, bool]] = []
    at = start
    for begins, ends in marks:
        if begins < at or ends > end:
            continue
        pieces += [(text[at:begins], False), (text[begins:ends], True)]
        at = ends
    pieces.append((text[at:end], False))
    return Excerpt(tuple(piece for piece in pieces if piece[0]), start > 0, end < len(text))


def _at_word(text: str, place: int) -> int:
    """The beginning of a word at a place or behind it."""
    if place == 0:
        return 0
    found = text.find(" ", place)
    return found + 1 if 0 <= found < place + 20 else place


def _marks(like: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the words stand, those at the beginning of a word, without overlaps."""
    sought = sorted({plain(word) for word in words if word.strip()}, key=len, reverse=True)
    if not sought:
        return []
    any_of = "|".join(re.escape(word) for word in sought)
    pattern = re.compile(rf"(?<!\w)-?(?:{any_of})\w*" if any_of else "$^")
    return [match.span() for match in pattern.finditer(like)]
