"""Reading what people are to look at: the bot's doubtful decisions, a sample, and what was contradicted."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from conversations.bot.personal import without_personal
from conversations.bot.reasons import SENTENCES
from conversations.models import ArticleVersion, Conversation, Decision, Handoff, Message
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.kit.text import one_line
from tenants.models import Membership
from tenants.permissions import Sees

ORDER = ("-created_at", "-id")
PAGE = 50
BEFORE = 4  # messages shown above the one that is judged
MOST_COUNTED = 1_000
LONGEST_WORDING = 300
MOST_NAMES = 200


def seen_by(actor: Actor) -> QuerySet[Decision]:
    """Decisions in conversations an actor may see. In no order."""
    found = Decision.objects.exclude(action=Decision.Action.JOINED)
    if actor.sees == Sees.ALL:
        return found
    return found.filter(conversation__in=Conversation.objects.within(actor))


def due(actor: Actor) -> QuerySet[Decision]:
    """What waits to be reviewed, of what an actor may see. In no order."""
    return seen_by(actor).filter(review=Decision.Review.DUE)


def due_count(actor: Actor) -> int:
    """How many wait; no more than MOST_COUNTED are counted."""
    return due(actor).order_by()[:MOST_COUNTED].count()


def page(actor: Actor, cursor: str = "", doubt: str = "", limit: int = PAGE) -> cursors.Page:
    """Some of what waits, the newest first, with all that is shown of it. Raises `BadCursor`."""
    found = due(actor).filter(doubt=doubt) if doubt else due(actor)
    found = found.select_related("message", "reply", "version", "conversation__customer", "reviewed_by__user")
    return cursors.page(found, ordering=ORDER, limit=limit, cursor=cursor)


def place_of(decision: Decision) -> str:
    """The cursor behind a decision."""
    return cursors.encode([decision.created_at, decision.pk])


@dataclass(frozen=True, slots=True)
class Thought:
    """An answer the bot thought of, and how likely it found it."""

    probability: float
    version: ArticleVersion | None = None
    fact: str = ""
    archived: bool = False

    @property
    def percent(self) -> int:
        return round(self.probability * 100)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the bot decided as it did."""

    thoughts: list[Thought] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    """[{rule, words, sentence}]"""
    reason: Any = ""
    """Of a hand-off, as a sentence."""

    @property
    def best(self) -> Thought | None:
        return self.thoughts[0] if self.thoughts else None


def evidence(decisions: list[Decision]) -> dict[UUID, Evidence]:
    """What each decision rests on. Two queries for however many."""
    named = {one.get("id", "") for decision in decisions for one in decision.candidates}
    ids = [found for name in named if (found := _uuid(name))]
    ids += [decision.version_id for decision in decisions if decision.version_id]
    versions = {
        str(one.pk): one for one in ArticleVersion.objects.filter(pk__in=set(ids)).select_related("article")
    }
    over = [one.pk for one in decisions if one.action == Decision.Action.HAND_OFF]
    reasons = dict(Handoff.objects.filter(decision__in=over).values_list("decision_id", "reason"))
    return {one.pk: _evidence(one, versions, reasons.get(one.pk, "")) for one in decisions}


def _evidence(decision: Decision, versions: dict[str, ArticleVersion], reason: str) -> Evidence:
    thoughts = []
    for one in decision.candidates:
        name = str(one.get("id", ""))
        version = versions.get(name)
        is_fact = name.startswith("fact:")
        if version or is_fact:
            thoughts.append(
                Thought(
                    float(one.get("probability", 0.0)),
                    version,
                    name.removeprefix("fact:") if is_fact else "",
                    bool(version and version.article.archived_at),
                )
            )
    fired = [{**one, "sentence": SENTENCES.get(one.get("rule", ""), "")} for one in decision.rules]
    return Evidence(thoughts, fired, SENTENCES.get(reason, ""))


def before(decision: Decision) -> list[Message]:
    """What was said just before, the oldest first."""
    earlier = Message.objects.filter(conversation=decision.conversation_id, pk__lt=decision.message_id)
    shown = earlier.filter(kind__in=[Message.Kind.INBOUND, Message.Kind.OUTBOUND]).exclude(text="")
    return list(reversed(shown.order_by("-id")[:BEFORE]))


def wording_of(message: Message) -> str:
    """How a customer put it, fit to be a wording of an answer: on one line, without what is only his."""
    return bare_wording(message, names_around(message))


def bare_wording(message: Message, names: list[str]) -> str:
    """The same, where the names that may be said are known."""
    return one_line(without_personal(message.text, names).text, LONGEST_WORDING)


def names_around(message: Message) -> list[str]:
    """The names that may be said in a conversation: the customer's and the team's."""
    return [message.conversation.customer.name, *team_names()]


def team_names() -> list[str]:
    """The names of everybody who answers, or did."""
    return [member.name for member in Membership.objects.select_related("user")[:MOST_NAMES]]


def article_language(code: str, usual: str) -> str:
    """The language an answer is written in, for a message in es, pt or en."""
    return {"es": "es", "pt": "pt-br", "en": "en"}.get(code.partition("-")[0], usual)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
