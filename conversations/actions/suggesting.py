"""A worker's part of suggestions: what to propose, found by meaning and weighed by what became of it before.

Brings numpy: only tasks import it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from conversations import brains, live_facts
from conversations.actions import wanted
from conversations.actions.hearing import look_up
from conversations.actions.messages import lock
from conversations.actions.suggestions import MOST, Outcome
from conversations.bot import encoder, normalise
from conversations.bot import language as languages
from conversations.bot.retrieve import Entry, Index
from conversations.bot.understand import understand
from conversations.models import Bot, Conversation, Episode, Message, PastReply, Suggestion
from crm.models import Case
from tenants.kit import events
from tenants.kit.text import MAIL_ADDRESS
from tenants.queries import own
from tenants.scoping import current_tenant_id, tenant_scope

LEAST = 0.4
"""How likely a proposal must answer the question to be shown."""
LEAST_LIKE = 0.7
"""How alike the question of a past reply must be."""
KEPT = 1_000
"""Past replies of a business."""
TRIED, GOOD = 3, 2
"""A source nobody has judged counts as if it had been taken twice of three times."""
WORTH = {Outcome.ACCEPTED: 1.0, Outcome.EDITED: 0.8, Outcome.REJECTED: 0.0}
LATEST = 4  # messages of a customer that are read as one question
SHORT = 3

_MAIL = re.compile(rf"{MAIL_ADDRESS}|https?://\S+")
_OPENED = re.compile(r"([¡¿])[\s,.]+")
_LEFT_OVER = re.compile(r"¡!|¿\?|^\s*[,.!]+")
"""What stays of "¡Ana!" and "¡Ana, qué gusto!" without the name."""
_LONG_NUMBER = re.compile(r"(?<!\$)\b[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\b|\+\d[\d ()-]{6,}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reply that may fit, where it is from, and how likely it fits."""

    source: str
    text: str
    likeness: float
    version_id: UUID | None = None
    past_id: UUID | None = None
    fact: str = ""


def suggest_wanted(tenant_id: str) -> bool:
    """Propose replies in a round of the conversations that wait for it; returns whether more wait."""
    round_, more = wanted.take(tenant_id)
    for conversation_id in round_:
        with tenant_scope(tenant_id):
            suggest(conversation_id)
    return more


def suggest(conversation_id: UUID | str) -> int:
    """Propose replies to the last word of a customer, if a person is to answer it; returns how many.

    Harmless when run twice: a message is looked at once.
    """
    asked = _asked(conversation_id)
    if asked is None:
        return 0
    conversation, messages = asked
    made = ranked(proposals(conversation, "\n".join(message.text for message in messages)))
    # The row is locked only now: what was looked up took its time, and much may have happened.
    conversation = lock(conversation.pk)
    latest = _waiting(conversation)
    if conversation.with_bot or not latest or latest[-1].pk != messages[-1].pk:
        return 0
    Suggestion.objects.filter(conversation=conversation, outcome="").delete()
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                conversation=conversation,
                message=messages[-1],
                rank=rank,
                source=one.source,
                version_id=one.version_id,
                past_id=one.past_id,
                fact=one.fact,
                text=one.text,
                likeness=round(one.likeness, 3),
            )
            for rank, one in enumerate(made, 1)
        ]
    )
    if made:
        events.publish(
            "suggestions",
            {"conversation": str(conversation.pk)},
            team_id=conversation.team_id,
            assignee_id=conversation.assignee_id,
        )
    return len(made)


def _asked(conversation_id: UUID | str) -> tuple[Conversation, list[Message]] | None:
    found = Conversation.objects.select_related("channel", "customer", "identity").filter(pk=conversation_id)
    conversation = found.first()
    if conversation is None or conversation.with_bot or conversation.is_closed:
        return None
    messages = _waiting(conversation)
    if not messages or len(normalise.tokens("\n".join(message.text for message in messages))) < SHORT:
        return None
    if Suggestion.objects.filter(message=messages[-1]).exists():
        return None
    return conversation, messages


def _waiting(conversation: Conversation) -> list[Message]:
    """The customer's last messages that nobody has answered, in order."""
    said = Message.objects.seen_by_customer().filter(conversation=conversation).order_by("-id")[:LATEST]
    waiting: list[Message] = []
    for message in said:
        if message.kind != Message.Kind.INBOUND:
            break
        waiting.append(message)
    return waiting[::-1]


def proposals(conversation: Conversation, text: str) -> list[Proposal]:
    """Everything that may answer a text: published answers, live facts, and what colleagues wrote before."""
    brain, context = look_up(text, conversation, Bot.objects.first(), own())
    understood = understand(text, brain.index, context)
    asked = live_facts.Asked(
        text=text,
        language=understood.language.code,
        customer=conversation.customer,
        is_sure=bool(conversation.identity and conversation.identity.is_verified),
        at=timezone.now(),
    )
    found = []
    for one in understood.candidates:
        version = brain.versions.get(one.entry.id)
        kind = brain.twins.get(one.entry.id) or live_facts.kind_of_entry(one.entry.id)
        written = version.answer if version else ""
        words = live_facts.answer(kind, asked, written) or "" if kind else written
        if words and one.probability >= LEAST:
            source = Suggestion.Source.FACT if kind else Suggestion.Source.ANSWER
            version_id = version.pk if version else None
            found.append(Proposal(source, words, one.probability, version_id, fact=kind))
    return [*found, *past_replies(text, understood.language.code)]


def ranked(found: Iterable[Proposal]) -> list[Proposal]:
    """The best of them: how likely each fits, times how often its source was taken."""
    found = list(found)
    versions = _rates("version_id", [one.version_id for one in found])
    pasts = _rates("past_id", [one.past_id for one in found])

    def weight(one: Proposal) -> float:
        source = pasts.get(one.past_id) if one.past_id else versions.get(one.version_id)
        return one.likeness * (source if source is not None else GOOD / TRIED)

    chosen: list[Proposal] = []
    for one in sorted(found, key=weight, reverse=True):
        if weight(one) >= LEAST * GOOD / TRIED / 2 and all(one.text != other.text for other in chosen):
            chosen.append(one)
    return chosen[:MOST]


def _rates(field: str, ids: Sequence[UUID | None]) -> dict[UUID | None, float]:
    """Of each source, how often it was taken, smoothed: few judgements move it little."""
    known = [one for one in ids if one]
    if not known:
        return {}
    rows = Suggestion.objects.filter(**{f"{field}__in": known}).exclude(outcome="").order_by()
    counts: dict[UUID, Counter[str]] = {}
    for source, outcome, count in rows.values_list(field, "outcome").annotate(count=Count("id")):
        counts.setdefault(source, Counter())[outcome] = count
    return {
        source: (GOOD + sum(WORTH[Outcome(name)] * count for name, count in judged.items()))
        / (TRIED + judged.total())
        for source, judged in counts.items()
    }


# --- what colleagues answered before ---

_indexes: dict[tuple[object, ...], Index] = {}


def past_replies(text: str, language: str) -> list[Proposal]:
    """What was answered to questions like this one."""
    rows = PastReply.objects.filter(language=language)
    stamp = rows.order_by().aggregate(count=Count("id"), latest=Max("created_at"))
    if not stamp["count"]:
        return []
    key = (current_tenant_id(), language, stamp["count"], stamp["latest"])
    index = _indexes.get(key)
    if index is None:
        index = _index(list(rows.order_by("-id")[:KEPT]))
        for old in [one for one in _indexes if one[:2] == key[:2]]:
            del _indexes[old]
        _indexes[key] = index
    query = index.query(text, language)
    vector = index.encoder.encode([query.text])[0] if index.encoder else None
    found = []
    for match in index.matches(query, vector):
        likeness = _likeness(match.features)
        if likeness >= LEAST_LIKE:
            found.append(
                Proposal(Suggestion.Source.PAST, match.entry.answer, likeness, past_id=UUID(match.entry.id))
            )
    return found


def _likeness(features: tuple[float, ...]) -> float:
    """How alike two questions are: by meaning where there is an encoder, else by the words they share."""
    meaning, covered = features[0], features[-1]
    return max(min(meaning if meaning else covered, 1.0), 0.0)


def _index(rows: Sequence[PastReply]) -> Index:
    made = [Entry(str(row.pk), (row.question,), row.reply, "", row.language) for row in rows]
    model = encoder.shared() if settings.BOT_ENCODER else None
    return Index(made, model, brains.vectors_of(made, model) if model else None)


def harvest(episode_id: UUID | str) -> int:
    """Keep what colleagues answered in a closed episode, unless it was a complaint; returns how many.

    Whatever tells who was meant is taken out; a reply that speaks of one customer's matter is not kept.
    """
    episode = Episode.objects.select_related("conversation__customer").filter(pk=episode_id).first()
    if episode is None or episode.closed_at is None or _was_complaint(episode):
        return 0
    fallback = (episode.conversation.customer.language or own().language).partition("-")[0]
    pairs = list(_pairs(episode))
    PastReply.objects.bulk_create(
        [
            PastReply(
                message=message,
                question=question[:400],
                reply=reply,
                language=languages.detect(question, fallback=fallback).code,
            )
            for message, question, reply in pairs
        ],
        ignore_conflicts=True,
    )
    beyond = PastReply.objects.order_by("-id").values_list("pk", flat=True)[KEPT : KEPT + 200]
    PastReply.objects.filter(pk__in=list(beyond)).delete()
    return len(pairs)


def _was_complaint(episode: Episode) -> bool:
    complaints = Case.objects.filter(kind=Case.Kind.COMPLAINT, context_id=episode.conversation_id)
    return bool(complaints.filter(opened_at__gte=episode.opened_at).exists())


def _pairs(episode: Episode) -> Iterable[tuple[Message, str, str]]:
    """What a customer asked, and what a colleague answered next."""
    name = episode.conversation.customer.name
    asked: list[str] = []
    for message in Message.objects.seen_by_customer().filter(episode=episode).order_by("id")[:200]:
        if message.kind == Message.Kind.INBOUND:
            asked = [*asked, message.text][-LATEST:]
            continue
        question, reply = nameless("\n".join(asked), name), nameless(message.text, name)
        is_ours = message.author_kind == Message.Author.MEMBER and not message.data.get("template")
        if is_ours and _is_worth(question, message.text):
            yield message, question, reply
        asked = []


def _is_worth(question: str, reply: str) -> bool:
    words, said = normalise.tokens(question), normalise.tokens(reply)
    if not (SHORT <= len(words) <= 60 and SHORT < len(said) <= 120):
        return False
    return not (_MAIL.search(reply) or _LONG_NUMBER.search(reply))


def nameless(text: str, name: str) -> str:
    """A text without addresses, long numbers of the question, and the words of a name."""
    text = _LONG_NUMBER.sub("…", _MAIL.sub("…", text)) if len(text) < normalise.LONGEST * 4 else ""
    for word in name.split():
        if len(word) >= SHORT:
            text = re.sub(rf"[ ,]*\b{re.escape(word)}\b", "", text, flags=re.IGNORECASE)
    text = _LEFT_OVER.sub("", _OPENED.sub(r"\1", text.replace("\0", " "))).strip(" ,")
    return text[:1].upper() + text[1:] if name and text[:1].islower() else text
