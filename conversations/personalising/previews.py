"""What one customer would get, with what is wrong with it: for previews and tests before anything is sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from conversations import upset
from conversations.models import MessageTemplateVersion
from conversations.personalising import sounding
from conversations.personalising.engine import Empty, NotWritten, Problem
from conversations.personalising.gathering import values_for
from conversations.personalising.names import EVENT_ONLY, NAMES
from conversations.personalising.pieces import Piece, Rendered, piece


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as one customer gets it; `why` says why he gets nothing."""

    piece: Piece
    rendered: Rendered | None
    why: str
    problems: list[Problem]


def rendered_for(
    version: MessageTemplateVersion, medium: str, language: str, customer: UUID | None
) -> Shown | None:
    """What a version says to a customer, to nobody in particular without one; None where it says nothing."""
    found = piece(version, medium, language)
    return shown(found, customer) if found else None


def shown(found: Piece, customer: UUID | None) -> Shown:
    """A piece for a customer, else filled in with examples."""
    values = _values(found, customer)
    is_upset = customer is not None and upset.customer(customer)
    problems = found.problems + sounding.sounds(found, "template", is_upset=is_upset)
    try:
        return Shown(found, found.render(values), "", problems)
    except NotWritten as reason:
        return Shown(found, None, _why(reason), problems)


def _values(found: Piece, customer: UUID | None) -> dict[str, Any]:
    if customer is None:
        return {name: NAMES[name].example for name in found.names}
    examples = {name: NAMES[name].example for name in found.names & EVENT_ONLY}
    return values_for([customer], found.names, extra={customer: examples})[customer]


def _why(reason: NotWritten) -> str:
    name = reason.name if isinstance(reason, Empty) else ""
    if name in NAMES:
        sentence = _(
            "He gets nothing: nothing is known of “%(name)s”, and there are no words to fall back on."
        )
        return sentence % {"name": NAMES[name].label}
    return _("There is nothing to say yet.")
