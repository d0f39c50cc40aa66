"""How customers really put a question, proposed as wordings of an answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from conversations import review
from conversations.actions.article_content import question_key
from conversations.bot import normalise
from conversations.bot.personal import GAP
from conversations.bot.words import STOP_WORDS
from conversations.models import Article, Decision, Message
from tenants.actors import Actor
from tenants.permissions import Permission

SHOWN = 8
LOOKED_AT = 2_000
"""Decisions of the bot, the newest, of which some were about an answer."""
COMPARED = 400
"""Messages without an answer, the newest, that are compared with a question."""
FEWEST_WORDS, LONGEST = 2, 140
STEM = 4  # letters
ALIKE = 0.5
"""The part of the words that matter two questions share: of the shorter one's."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wording, without what is only one customer's, and the message it is from."""

    text: str
    message: Message


def proposals(
    actor: Actor,
    *,
    article: Article | None = None,
    question: str = "",
    language: str = "",
    known: Iterable[str] = (),
) -> list[Proposal]:
    """What an actor may see of messages the bot decided on for an answer, the newest first, at most SHOWN.

    Without an `article` it is what was not answered and sounds like `question`, the likest first. What is
    `known`, as question or wording, is not proposed. Two queries.
    """
    if not actor.can(Permission.CONVERSATIONS_READ) or not (article or question.strip()):
        return []
    decided = _of_article(actor, article) if article else _like(actor, question, language.partition("-")[0])
    names, found = review.team_names(), {}
    taken = {question_key(one) for one in (question, *known)}
    for message in decided:
        text = review.bare_wording(message, [message.conversation.customer.name, *names])
        is_whole = GAP not in text and len(text) <= LONGEST and len(text.split()) >= FEWEST_WORDS
        if is_whole and (key := question_key(text)) not in taken:
            taken.add(key)
            found[key] = Proposal(text, message)
        if len(found) == SHOWN:
            break
    return list(found.values())


def _latest(actor: Actor) -> QuerySet[Decision]:
    newest = review.seen_by(actor).order_by("-created_at", "-id").values("pk")[:LOOKED_AT]
    found: QuerySet[Decision] = Decision.objects.filter(pk__in=newest).exclude(message__text="")
    return found.select_related("message__conversation__customer").order_by("-created_at", "-id")


def _of_article(actor: Actor, article: Article) -> Iterable[Message]:
    rows = _latest(actor).filter(version__article=article).exclude(review=Decision.Review.WRONG)
    return [one.message for one in rows.exclude(helped=False)[:COMPARED]]


def _like(actor: Actor, question: str, language: str) -> Iterable[Message]:
    wanted = _matter(question, language)
    rows = _latest(actor).exclude(action=Decision.Action.ANSWER)[:COMPARED]
    liked = [
        (_alike(wanted, _matter(one.message.text, one.language or language)), one.message) for one in rows
    ]
    return [message for alike, message in sorted(liked, key=lambda one: -one[0]) if alike >= ALIKE]


def _matter(text: str, language: str) -> frozenset[str]:
    """The beginnings of the words that say what a text is about."""
    words = normalise.normalised(text, language).split()
    return frozenset(word[:STEM] for word in words if word not in STOP_WORDS)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0
