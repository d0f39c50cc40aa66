"""Practising: a member answers a customer who does not exist, and is told how it went.

Its rows are its own. No conversation, message, episode or figure is touched, so nothing has to leave it out.
"""

from dataclasses import asdict
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import knowledge
from conversations.actions import practising
from conversations.models import ArticleVersion, Mood, PracticeRun, PracticeTurn
from conversations.practice import customers, judging, records
from conversations.practice.customers import Feelings, Question
from conversations.practice.feedback import Feedback, Reply, feedback
from conversations.practice.lines import LANGUAGES, NAMES, WITH_ORDER
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.kit.text import clean
from tenants.models import TeamMember
from tenants.permissions import Permission, Sees
from tenants.refusals import Conflicting, Refused

QUESTIONS = 3
LONGEST = 2_000
MOST_OPEN = 1
PAGE = 30
ORDER = ("-started_at", "-id")


class NothingToPractise(Refused):
    """The business publishes no answer in that language: there is nothing to be asked."""


class RunEnded(Conflicting):
    """The customer has gone."""


def languages() -> list[str]:
    """In which languages there is something to practise."""
    spoken = {version.language.partition("-")[0] for version in knowledge.published()}
    return [language for language in LANGUAGES if language in spoken]


@transaction.atomic
def begin(*, language: str, mood: str, by: Actor, chance: Random | None = None) -> PracticeRun:
    """Let a customer come; without a mood in one that the business's customers have had lately.

    A run that was left open ends where it is. Raises `NothingToPractise`.
    """
    chance = chance or Random()  # noqa: S311 -- no secret
    mood = mood or practising.usual_mood(chance)
    if mood not in Mood.values or language not in LANGUAGES:
        raise Refused(_("Choose from the list."), "mood" if mood not in Mood.values else "language")
    questions = _questions(language, chance)
    if not questions:
        raise NothingToPractise(_("Publish an answer in this language first: customers ask for those."))
    for left in PracticeRun.objects.filter(membership=by.membership, ended_at=None):
        _end(left)
    name, order = chance.choice(NAMES[language]), str(chance.randrange(2_000, 9_000))
    run: PracticeRun = PracticeRun.objects.create(
        membership=by.membership,
        language=language,
        mood=mood,
        customer=name,
        scenario={
            "questions": [asdict(one) for one in questions],
            "known": {"name": name, **({"order": order} if mood in WITH_ORDER else {})},
            "record": records.made_up(
                name=name, order=order, mood=mood, goods=practising.goods(), chance=chance
            ),
        },
        state=Feelings(patience=customers.PATIENCE[mood]).kept(),
    )
    first = customers.opener(questions[0], mood=mood, name=name, order=order, language=language)
    _say(run, 1, PracticeTurn.Speaker.CUSTOMER, first)
    return run


def _questions(language: str, chance: Random) -> list[Question]:
    """What a customer of this business asks: what it has published answers to, in its customers' wordings."""
    versions = [one for one in knowledge.published() if one.language.partition("-")[0] == language]
    chosen = chance.sample(versions, min(QUESTIONS, len(versions)))
    return [_question(version, chance) for version in chosen]


def _question(version: ArticleVersion, chance: Random) -> Question:
    wordings = [*version.phrasings, version.question]
    chance.shuffle(wordings)
    asked = tuple(one if one.endswith(("?", "!", ".")) else f"{one}?" for one in wordings[:4])
    return Question(asked, version.question, version.answer, str(version.article_id))


@transaction.atomic
def answer(*, run: PracticeRun, text: str, by: Actor, client_id: str = "") -> PracticeRun:
    """Say something to the customer; he reacts, and at the end there is feedback. Raises `RunEnded`.

    What comes again under the same `client_id` was said already.
    """
    text = clean(text, LONGEST).strip()
    if not text:
        raise Refused(_("Write an answer."), "text")
    run = PracticeRun.objects.select_for_update().get(pk=run.pk)
    if client_id and run.turns.filter(notes__client_id=client_id).exists():
        return run
    if run.ended_at is not None:
        raise RunEnded(_("The customer has gone. Begin again to go on practising."))
    turns = list(run.turns.order_by("number"))
    feelings = Feelings(**run.state)
    questions = questions_of(run)
    now = questions[feelings.at]
    seen = judging.judge(
        text,
        question=now.title,
        answer=now.answer,
        language=run.language,
        known=run.scenario["known"],
        record={
            key: fact.value
            for key, fact in practising.known_of(run).items()
            if key in records.ASKED_FOR and not fact.was_said
        },
        said=[version.answer for version in knowledge.published()],
    )
    waited = (timezone.now() - turns[-1].created_at).total_seconds()
    notes = {**seen.kept(), "question": feelings.at, "seconds": round(waited, 1)}
    if client_id:
        notes["client_id"] = client_id
    _say(run, len(turns) + 1, PracticeTurn.Speaker.AGENT, text, notes)
    said, is_over = customers.react(seen, questions, feelings, mood=run.mood, language=run.language)
    _say(run, len(turns) + 2, PracticeTurn.Speaker.CUSTOMER, said)
    run.state = feelings.kept()
    run.save(update_fields=["state"])
    if is_over:
        _end(run)
    return run


def questions_of(run: PracticeRun) -> tuple[Question, ...]:
    """What the customer of a run wants to know."""
    return tuple(Question.of(one) for one in run.scenario["questions"])


@transaction.atomic
def stop(*, run: PracticeRun, by: Actor) -> PracticeRun:
    """End a run early; what was said so far is judged."""
    run = PracticeRun.objects.select_for_update().get(pk=run.pk)
    if run.ended_at is None:
        _end(run)
    return run


def _end(run: PracticeRun) -> None:
    replies = [
        Reply(turn.text, judging.Seen.of(turn.notes), turn.notes["question"], turn.notes["seconds"])
        for turn in run.turns.filter(speaker=PracticeTurn.Speaker.AGENT).order_by("number")
    ]
    made: Feedback = feedback(
        replies,
        questions_of(run),
        Feelings(**run.state),
        mood=run.mood,
        name=run.customer,
        language=run.language,
    )
    run.feedback, run.score, run.ended_at = asdict(made), made.score if replies else None, timezone.now()
    run.save(update_fields=["feedback", "score", "ended_at"])


def _say(run: PracticeRun, number: int, speaker: str, text: str, notes: dict[str, Any] | None = None) -> None:
    PracticeTurn.objects.create(run=run, number=number, speaker=speaker, text=text, notes=notes or {})


def visible_to(actor: Actor) -> QuerySet[PracticeRun]:
    """One's own runs; of those whom one supervises as well. A key sees what its scopes let it see."""
    runs: QuerySet[PracticeRun] = PracticeRun.objects.all()
    own = Q(membership_id=actor.membership_id) if actor.membership_id else Q(pk=None)
    if not actor.can(Permission.SUPERVISION_READ) or actor.sees == Sees.OWN:
        return runs.filter(own)
    if actor.sees == Sees.TEAMS:
        mates = TeamMember.objects.filter(team_id__any=actor.team_ids).values("membership_id")
        return runs.filter(own | Q(membership_id__in=mates))
    return runs


def page(actor: Actor, cursor: str = "") -> cursors.Page:
    """Runs, the latest first. Raises `BadCursor`."""
    found = visible_to(actor).select_related("membership__user")
    return cursors.page(found, ordering=ORDER, limit=PAGE, cursor=cursor)
