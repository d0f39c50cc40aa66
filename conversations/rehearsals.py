"""Reading rehearsals: how far they are, what would change, and by which examples one sees it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from conversations.actions.rehearsal import stamp_of
from conversations.bot.reasons import SENTENCES
from conversations.models import ArticleVersion, Conversation, RehearsalExample, RehearsalRun
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.permissions import Sees

ORDER = ("-id",)
PAGE = 20
Change = RehearsalExample.Change
OUTCOMES = (
    ("answer", _("Answered")),
    ("ask", _("Asked back")),
    ("hand_off", _("Passed to a person")),
    ("looped", _("In circles")),
)
"""What can become of a message; a circle is counted besides."""
TONES = {
    Change.ANSWERED: "success",
    Change.ASKED: "info",
    Change.OTHER: "info",
    Change.REWORDED: "grey",
    Change.ESCALATED: "warning",
    Change.SILENCED: "warning",
    Change.LOOPED: "danger",
}
ICONS = {
    Change.ANSWERED: "circle-check",
    Change.ASKED: "circle-question-mark",
    Change.OTHER: "refresh-cw",
    Change.REWORDED: "pencil",
    Change.ESCALATED: "hand",
    Change.SILENCED: "ban",
    Change.LOOPED: "rotate-ccw",
}
SAID = {
    "answer": _("It answers"),
    "ask": _("It asks back"),
    "hand_off": _("It passes to a person"),
    "person": _("A person has it"),
}


def seen_by(actor: Actor) -> QuerySet[RehearsalRun]:
    """Runs an actor may look at: who sees only some conversations, only his own. In no order."""
    found: QuerySet[RehearsalRun] = RehearsalRun.objects.all()
    return found if actor.sees == Sees.ALL else found.filter(membership=actor.membership, is_narrowed=True)


def page(actor: Actor, cursor: str = "") -> cursors.Page:
    """Runs, the newest first. Raises `BadCursor`."""
    return cursors.page(seen_by(actor).defer("episode_ids"), ordering=ORDER, limit=PAGE, cursor=cursor)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many messages come to something, now and with the other answers."""

    key: str
    label: Any
    now: int
    draft: int

    @property
    def difference(self) -> int:
        return self.draft - self.now


def counted(run: RehearsalRun) -> list[Counted]:
    """What becomes of the messages, side by side."""
    now, draft = run.counts.get("now", {}), run.counts.get("draft", {})
    return [Counted(key, label, now.get(key, 0), draft.get(key, 0)) for key, label in OUTCOMES]


@dataclass(frozen=True, slots=True)
class Changed:
    """One kind of change: how many messages, and some of them."""

    change: str
    label: Any
    tone: str
    icon: str
    count: int
    examples: list[RehearsalExample]


def changes(run: RehearsalRun, actor: Actor) -> list[Changed]:
    """What would change, the gravest last; examples only of conversations the actor may see."""
    found = run.examples.select_related("message", "message__conversation__customer").order_by("id")
    if actor.sees != Sees.ALL:
        found = found.filter(message__conversation__in=Conversation.objects.within(actor))
    by_change: dict[str, list[RehearsalExample]] = {}
    for example in found:
        for side in (example.before, example.after):
            side["said"] = SAID.get(side.get("action", ""), "")
            side["why"] = SENTENCES.get(side.get("reason", ""), "")
        by_change.setdefault(example.change, []).append(example)
    numbers = run.counts.get("changes", {})
    return [
        Changed(
            one.value, one.label, TONES[one], ICONS[one], numbers[one.value], by_change.get(one.value, [])
        )
        for one in TONES
        if numbers.get(one.value)
    ]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The answers that were rehearsed, as they stand now."""

    versions: list[ArticleVersion]
    is_current: bool
    """Whether they still say what was rehearsed."""
    is_published: bool
    has_drafts: bool


def rehearsed(run: RehearsalRun) -> Rehearsed:
    """What a run tried. One query."""
    found = ArticleVersion.objects.filter(pk__in=run.version_ids).select_related("article").order_by("pk")
    versions = list(found)
    return Rehearsed(
        versions,
        stamp_of(versions) == run.stamp,
        bool(versions)
        and all(
            one.state == ArticleVersion.State.PUBLISHED and one.article.archived_at is None
            for one in versions
        ),
        any(one.state == ArticleVersion.State.DRAFT for one in versions),
    )
