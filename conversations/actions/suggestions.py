"""Replies proposed to whoever answers: shown, and remembered what became of them.

They are made by a worker (actions/suggesting.py); this module is light enough for web processes.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from conversations.actions import wanted
from conversations.bot import normalise
from conversations.models import Conversation, Message, Suggestion
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.refusals import Refused

Outcome = Suggestion.Outcome
MOST = 3
ALIKE = 60
"""Of 100: how alike what was sent is to a proposal that counts as edited."""
SAME = 97


class InvalidOutcome(Refused):
    """No outcome of a suggestion."""


def ask_later(message: Message) -> None:
    """Let a worker propose replies to a message that a person will answer."""
    if not message.conversation.with_bot and len(normalise.tokens(message.text)) > 1:
        wanted.want(message.conversation_id)


@prepared(Suggestion)
def _open(*, conversation: UUID) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(conversation_id=conversation, outcome="").order_by("rank")[:MOST]


def proposed(conversation: Conversation) -> list[Suggestion]:
    """What is proposed now, the best first; nothing while the bot speaks or nobody waits for an answer.

    Whoever looks and finds nothing lets a worker look: its event says when there is something.
    """
    if conversation.with_bot or conversation.is_closed:
        return []
    found: list[Suggestion] = _open(conversation=conversation.pk)
    if not found:
        wanted.want(conversation.pk)
    return found


def settle(conversation: Conversation, sent: Message, by: Actor) -> None:
    """Note which proposal a reply follows, by comparing them; the others were not used."""
    for one in _open(conversation=conversation.pk):
        _settle(one, outcome_of(one.text, sent.text), by)


def outcome_of(proposal: str, sent: str) -> Outcome:
    """What became of a proposal, seen from what was sent."""
    one, other = normalise.bare(proposal), normalise.bare(sent)
    if fuzz.ratio(one, other) >= SAME:
        return Outcome.ACCEPTED
    is_like = bool(one) and max(fuzz.token_set_ratio(one, other) * _cover(one, other), fuzz.ratio(one, other))
    return Outcome.EDITED if is_like >= ALIKE else Outcome.REJECTED


def _cover(proposal: str, sent: str) -> float:
    """How much of the proposal's words were sent: a short reply is no edited long one."""
    words = set(normalise.tokens(proposal))
    return len(words & set(normalise.tokens(sent))) / max(len(words), 1)


def decide(*, conversation: Conversation, suggestion_id: UUID, outcome: str, by: Actor) -> Suggestion | None:
    """Note what became of a proposal by hand: dismissed, or used elsewhere. None where there is no such."""
    found: Suggestion | None = Suggestion.objects.filter(conversation=conversation, pk=suggestion_id).first()
    if found and outcome not in {Outcome.ACCEPTED, Outcome.EDITED, Outcome.REJECTED}:
        raise InvalidOutcome(_("Say accepted, edited or rejected."), "outcome")
    if found and not found.outcome:
        _settle(found, Outcome(outcome), by)
    return found


def _settle(one: Suggestion, outcome: Outcome, by: Actor) -> None:
    one.outcome, one.settled_at, one.settled_by, one.text = outcome, timezone.now(), by.membership, ""
    one.save(update_fields=["outcome", "settled_at", "settled_by", "text"])
