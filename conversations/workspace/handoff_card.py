"""The card of a hand-off: what a colleague reads before the first key is pressed, in his language."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.bot.reasons import SENTENCES
from conversations.models import Conversation, Decision, Handoff, Message
from conversations.workspace.countdowns import Countdown, countdown
from conversations.workspace.facts import Shown
from tenants.db.prepared import prepared

SPOKEN = (Message.Author.MEMBER, Message.Author.KEY, Message.Author.PHONE)
MOODS = {
    "negative": (_("Upset"), "frown", "warning"),
    "angry": (_("Angry"), "angry", "danger"),
    "positive": (_("In a good mood"), "smile", "success"),
}
FACTS = {
    "name": _("Name"),
    "order": _("Order"),
    "appointment": _("Appointment"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "address": _("Address"),
    "date": _("Date"),
    "product": _("Product"),
    "city": _("City"),
    "reason": _("About"),
    "origin": _("Came from"),
}
MISSING = {"name": _("The customer's name"), "order": _("Which order it is about")}
HISTORY = frozenset({"open_complaint", "open_case", "appointment", "payment_overdue", "last_order"})


class Asked(NamedTuple):
    """What the customer asked, and what the bot did about it."""

    question: str
    answer: str
    did: str
    helped: bool | None


class Card(NamedTuple):
    """All that the card shows."""

    id: UUID
    is_open: bool  # nobody has answered yet
    reason: str
    words: str  # of the customer, in which it shows
    is_urgent: bool
    mood: tuple[Any, str, str] | None
    mood_words: str
    asked: tuple[Asked, ...]
    facts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    history: tuple[Shown, ...]
    promised: Countdown | None
    suggestion: str


@prepared(Handoff, extra=("answered", "number"))
def _latest(*, conversation: UUID) -> QuerySet[Handoff]:
    """The last hand-off, whether a person has answered since, and the number of its episode."""
    since = Message.objects.filter(
        conversation_id=OuterRef("conversation_id"),
        kind=Message.Kind.OUTBOUND,
        author_kind__in=SPOKEN,
        id__gt=OuterRef("id"),
    )
    rows = Handoff.objects.filter(conversation_id=conversation)
    return rows.annotate(answered=Exists(since), number=F("episode__number")).order_by("-id")[:1]


def latest(conversation: Conversation) -> Any:
    """The hand-off that holds now: of this episode, and not given back to the bot; None without one."""
    if conversation.with_bot or conversation.is_closed:
        return None
    found = next(iter(_latest(conversation=conversation.pk)), None)
    return found if found and found.number == conversation.episode_count else None  # type: ignore[attr-defined]


def card_of(conversation: Conversation, history: Iterable[tuple[str, Shown]]) -> Card | None:
    """The card of a conversation that the bot handed over. `history` are kinds of facts with their pills."""
    handoff = latest(conversation)
    if handoff is None:
        return None
    now = timezone.now()
    due = handoff.promised_at if not handoff.answered else None
    whole = handoff.words in handoff.mood_words  # the sentence says it all
    return Card(
        id=handoff.pk,
        is_open=not handoff.answered,
        reason=str(SENTENCES.get(handoff.reason, SENTENCES["broken"])),
        words=handoff.mood_words if whole else handoff.words,
        is_urgent=handoff.urgency == "high",
        mood=MOODS.get(handoff.mood),
        mood_words="" if whole else handoff.mood_words,
        asked=tuple(_asked(one) for one in handoff.asked),
        facts=facts_of(handoff, conversation),
        missing=tuple(
            str(MISSING.get(key, FACTS.get(key, key))) for key in missing_of(handoff, conversation)
        ),
        history=tuple(pill for kind, pill in history if kind in HISTORY),
        promised=countdown(due, None, now, str(_("Promised answer"))) if due else None,
        suggestion=handoff.suggestion,
    )


def _asked(one: dict[str, Any]) -> Asked:
    did = dict(Decision.Action.choices).get(str(one.get("did", "")), "")
    helped = one.get("helped")
    return Asked(
        str(one.get("question", "")),
        str(one.get("answer", "")),
        str(did),
        helped if isinstance(helped, bool) else None,
    )


def facts_of(handoff: Handoff, conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """What the customer told the bot, by name."""
    return tuple((str(FACTS.get(key, key)), str(value)) for key, value in handoff.facts.items() if value)


def missing_of(handoff: Handoff, conversation: Conversation) -> list[str]:
    """Keys of what is still to be asked: what has become known since is not."""
    known = {"name"} if conversation.customer.name else set()
    return [key for key in handoff.missing if key not in known and not handoff.facts.get(key)]
