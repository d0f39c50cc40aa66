"""Plays a rehearsal: every message of some days is put to the bot as it is, and as it would be.

Some conversations in each transaction: what the run's row says is the truth, so a worker that is killed goes
on where it was, and two of them do the work once.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from django.utils import timezone

from conversations import brains, knowledge
from conversations.actions import hearing, thinking
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.rehearsal import stamp_of
from conversations.actions.turns import CHATS
from conversations.bot import language as languages
from conversations.bot.dialogue import Action, Dialogue, Step
from conversations.brains import Brain
from conversations.circumstances import setting_of
from conversations.models import (
    ArticleVersion,
    Bot,
    Conversation,
    Decision,
    Episode,
    Message,
    RehearsalExample,
    RehearsalRun,
)
from tenants.actors import Actor
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.bot")
MOST = 2_000  # conversations that are played; of more, a sample
MOST_MESSAGES = 30  # of one of them
AT_ONCE = 10  # conversations of one transaction
EXAMPLES = 20  # kept of each change
PATIENCE = 45  # seconds of one task
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
LONGEST = 600  # letters of an answer that is shown
PERSON = "person"
"""What a message comes to that follows a hand-off: a person has it."""
State, Change = RehearsalRun.State, RehearsalExample.Change
CHANGES: dict[tuple[str, str], str] = {
    (Action.ASK, Action.ANSWER): Change.ANSWERED,
    (Action.HAND_OFF, Action.ANSWER): Change.ANSWERED,
    (PERSON, Action.ANSWER): Change.ANSWERED,
    (Action.ANSWER, Action.HAND_OFF): Change.ESCALATED,
    (Action.ASK, Action.HAND_OFF): Change.ESCALATED,
    (Action.ANSWER, Action.ASK): Change.SILENCED,
    (Action.HAND_OFF, Action.ASK): Change.ASKED,
    (PERSON, Action.ASK): Change.ASKED,
}
"""By what the bot does with a message as it is, and as it would be."""


def work(tenant_id: UUID | str, run_id: UUID | str) -> bool:
    """A worker's turn; whether there is more to do. Harmless twice and when killed."""
    with tenant_scope(tenant_id):
        if not _claim(run_id):
            return False
    end, then = time.monotonic() + PATIENCE, Side()
    try:
        while time.monotonic() < end:
            with tenant_scope(tenant_id):
                if not _advance(run_id, then):
                    return False
    except Exception as error:  # noqa: BLE001 -- the sweeper tries again; the page says so in the end
        log.error("not rehearsed", run=str(run_id), error=in_short(error), at=whereabouts(error))
        return False
    with tenant_scope(tenant_id):
        RehearsalRun.objects.filter(pk=run_id, state=State.RUNNING).update(due_at=timezone.now())
    return True


def _claim(run_id: UUID | str) -> bool:
    """Count the attempt before it is made; False where there is nothing to do, or somebody does it."""
    run = _lock(run_id)
    if run is None or run.due_at is None or run.due_at > timezone.now():
        return False
    run.attempts += 1
    run.due_at = timezone.now() + LEASE
    if run.attempts > MOST_ATTEMPTS:
        run.state, run.due_at, run.finished_at = State.FAILED, None, timezone.now()
    run.save(update_fields=["attempts", "due_at", "state", "finished_at"])
    return bool(run.state != State.FAILED)


def _lock(run_id: UUID | str) -> RehearsalRun | None:
    rows = RehearsalRun.objects.select_for_update(of=("self",), skip_locked=True)
    found: RehearsalRun | None = rows.filter(pk=run_id, state__in=[State.WAITING, State.RUNNING]).first()
    return found


def _advance(run_id: UUID | str, then: "Side") -> bool:
    """The next few conversations; whether there are more. `then` keeps what it knows between calls."""
    run = _lock(run_id)
    if run is None:
        return False
    if run.state == State.WAITING:
        _choose(run)
    versions = list(ArticleVersion.objects.filter(pk__in=run.version_ids).order_by("pk"))
    ids = run.episode_ids[run.place : run.place + AT_ONCE]
    if ids and stamp_of(versions) == run.stamp:
        then.versions = tuple(versions)
        _play(run, ids, then)
        run.place += len(ids)
    elif ids:  # changed or discarded meanwhile: there is nothing left to rehearse
        run.state = State.FAILED
    done = run.state == State.FAILED or run.place >= run.total
    if done:
        run.due_at, run.finished_at = None, timezone.now()
        run.state = State.FAILED if run.state == State.FAILED else State.DONE
    else:
        run.due_at, run.attempts = timezone.now() + LEASE, 0
    run.save()
    return not done


def _choose(run: RehearsalRun) -> None:
    """Which conversations are played: all of those days, or a sample that is the same for the same run."""
    bot = Bot.objects.first()
    found = Episode.objects.filter(
        conversation__last_message_at__gte=run.since, opened_at__gte=run.since
    ).order_by()
    found = (
        found.filter(conversation__channel__in=bot.channel_ids)
        if bot and bot.channel_ids
        else found.filter(conversation__channel__kind__in=CHATS)
    )
    if run.is_narrowed:
        seen = Conversation.objects.within(Actor.of_membership(run.membership)) if run.membership else []
        found = found.filter(conversation__in=seen)
    ids = sorted(found.values_list("pk", flat=True), key=lambda one: sha256(one.bytes).digest())
    run.found, run.episode_ids, run.state = len(ids), sorted(ids[:MOST]), State.RUNNING


# --- playing ---


@dataclass
class Side:
    """One of the two bots: what it knows, what it keeps in mind, whether a person has taken over."""

    versions: tuple[ArticleVersion, ...] = ()
    """What it answers with instead of what is published; none for the bot as it is."""
    made: dict[tuple[str, str], Brain] = field(default_factory=dict)
    dialogue: Dialogue = field(default_factory=Dialogue)
    is_over: bool = False

    def begin(self) -> None:
        self.dialogue, self.is_over = Dialogue(), False

    def brain(self, spoken: str, kind: str) -> Brain:
        if not self.versions:
            return brains.brain(spoken, kind)
        if (spoken, kind) not in self.made:
            day = knowledge.today()
            others = {one.article_id for one in self.versions}
            stay = [one for one in knowledge.published(channel_kind=kind) if one.article_id not in others]
            come = [
                one
                for one in self.versions
                if one.is_valid_on(day) and (not one.channel_kinds or kind in one.channel_kinds)
            ]
            self.made[spoken, kind] = brains.brain_of([*stay, *come], spoken)
        return self.made[spoken, kind]


@dataclass(frozen=True, slots=True)
class Played:
    """What a bot made of a message."""

    action: str
    article: str = ""
    """What it answered with: an article, or a live fact."""
    version: ArticleVersion | None = None
    text: str = ""
    reason: str = ""
    choices: tuple[str, ...] = ()
    is_looped: bool = False

    def shown(self) -> dict[str, Any]:
        """For the example's row. What is read from a customer's own data is not copied."""
        return {
            "action": self.action,
            "article": self.article,
            "question": self.version.question if self.version else "",
            "answer": self.text[:LONGEST] if self.version else "",
            "reason": self.reason,
            "choices": list(self.choices),
        }


def _play(run: RehearsalRun, ids: Sequence[UUID], then: Side) -> None:
    now, bot, tenant = Side(), Bot.objects.first() or Bot(), own()
    drafted = {one.pk for one in then.versions}
    kept: dict[str, int] = dict(run.counts.get("kept", {}))
    counts = {name: dict(run.counts.get(name, {})) for name in ("now", "draft", "changes")}
    numbers = {name: int(run.counts.get(name, 0)) for name in ("messages", "by_draft", "changed")}
    for bursts in _bursts(ids):
        now.begin()
        then.begin()
        for burst in bursts:
            ours, theirs = (_answer(side, burst, bot, tenant) for side in (now, then))
            numbers["messages"] += 1
            _count(counts["now"], ours)
            _count(counts["draft"], theirs)
            numbers["by_draft"] += bool(theirs.version and theirs.version.pk in drafted)
            change = change_of(ours, theirs)
            if change is None:
                continue
            numbers["changed"] += 1
            counts["changes"][change] = counts["changes"].get(change, 0) + 1
            if kept.get(change, 0) < EXAMPLES:
                kept[change] = kept.get(change, 0) + 1
                RehearsalExample.objects.create(
                    run=run, message=burst[-1], change=change, before=ours.shown(), after=theirs.shown()
                )
    run.counts = {**counts, **numbers, "kept": kept}


def _count(counts: dict[str, int], played: Played) -> None:
    for name in (played.action, *(["looped"] if played.is_looped else [])):
        counts[name] = counts.get(name, 0) + 1


def change_of(now: Played, then: Played) -> str | None:
    """What changes for a customer; None where nothing does, or only since a person came earlier."""
    if then.is_looped and not now.is_looped:
        return Change.LOOPED
    if now.action == then.action == Action.ANSWER:
        if now.article != then.article:
            return Change.OTHER
        return Change.REWORDED if then.version and now.text != then.text else None
    return CHANGES.get((now.action, then.action))


def _answer(side: Side, burst: list[Message], bot: Bot, tenant: Any) -> Played:
    """What one of the bots makes of a message, or of several that came together."""
    if side.is_over:
        return Played(PERSON)
    conversation, last = burst[-1].conversation, burst[-1]
    _brain, context = hearing.look_up(last.text, conversation, bot, tenant)
    spoken = languages.detect(last.text, fallback=context.language).code
    brain = side.brain(spoken, conversation.channel.kind)
    context = replace(context, language=side.dialogue.language or context.language)
    heard = hearing.heard_of(burst, brain, context)
    heard = replace(heard, pressed=_pressed(heard.pressed, side.dialogue, brain))
    given, was_unsure = list(side.dialogue.given), side.dialogue.unsure
    setting = setting_of(conversation, bot, heard.understood)
    step, text = thinking.decide(side.dialogue, heard, setting, conversation, brain, is_tried=True)
    side.dialogue.greeted = True
    side.is_over = step.action is Action.HAND_OFF
    return _played(step, text, brain, is_looped=bool(
        (step.action is Action.ANSWER and step.entry in given) or (step.unsure and was_unsure)
    ))  # fmt: skip


def _played(step: Step, text: str, brain: Brain, *, is_looped: bool) -> Played:
    version = brain.versions.get(step.entry)
    offered = tuple(
        brain.versions[one.entry.id].question if one.entry.id in brain.versions else one.entry.phrasings[0]
        for one in step.choices
    )
    return Played(
        action=step.action.value if step.action is not Action.CHOICES else Action.ASK.value,
        article=str(version.article_id) if version else step.entry,
        version=version,
        text=text,
        reason=step.reason,
        choices=offered,
        is_looped=is_looped,
    )


def _pressed(pressed: str, dialogue: Dialogue, brain: Brain) -> str:
    """A button by what it would be called here: an answer's other version has another identifier."""
    if not pressed or pressed in dialogue.choices:
        return pressed
    wanted = ArticleVersion.objects.filter(pk=found).first() if (found := _uuid(pressed)) else None
    if wanted is None:
        return pressed
    same = (key for key, version in brain.versions.items() if version.article_id == wanted.article_id)
    return next(same, pressed)


def _bursts(ids: Sequence[UUID]) -> Iterator[list[list[Message]]]:
    """Of each conversation what the bot read together; where there was no bot, what came before a person."""
    said = Message.objects.filter(
        episode__in=ids, kind__in=[Message.Kind.INBOUND, Message.Kind.OUTBOUND]
    ).select_related("conversation__channel", "conversation__customer")
    by_episode: dict[UUID, list[Message]] = {one: [] for one in ids}
    for message in said.order_by("id"):
        by_episode[message.episode_id].append(message)
    decided = dict(Decision.objects.filter(message__episode__in=ids).values_list("message_id", "action"))
    for messages in by_episode.values():
        theirs = list(_heard_by_bot(messages, decided))[:MOST_MESSAGES]
        if theirs:
            yield _together(theirs, decided)


def _heard_by_bot(messages: list[Message], decided: dict[UUID, str]) -> Iterator[Message]:
    was_there = any(message.pk in decided for message in messages)
    for message in messages:
        if message.kind == Message.Kind.OUTBOUND:
            if not was_there and message.author_kind in (Message.Author.MEMBER, Message.Author.PHONE):
                return
        elif not was_there or message.pk in decided:
            yield message


def _together(messages: list[Message], decided: dict[UUID, str]) -> list[list[Message]]:
    bursts: list[list[Message]] = [[]]
    for message in messages:
        bursts[-1].append(message)
        if decided.get(message.pk) != Decision.Action.JOINED:
            bursts.append([])
    return [burst for burst in bursts if burst]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
