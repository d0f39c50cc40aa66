"""What helps whoever practises, as on the workspace: what is known, what a draft asks again, proposals.

Nothing is written here, and nothing of a real customer is read.
"""

from random import Random
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import draft_meaning, humane, knowledge
from conversations.actions.draft_check import Finding, findings_of
from conversations.bot import language
from conversations.known import LATELY, Known
from conversations.models import ArticleVersion, Handoff, Mood, PracticeRun, PracticeTurn, Suggestion
from conversations.practice import records
from conversations.practice.judging import UPSET, stems
from conversations.practice.records import Goods
from crm.models import Appointment, Product
from tenants import formats
from tenants.queries import own

MOST = 3
LEAST = 0.6
"""How much of a wording must be in what the customer said."""
GOODS = 50
UNSURE = frozenset({"unsure", "not_helped", "repeated", "unreadable"})


class Proposed(NamedTuple):
    """A reply to choose from."""

    id: str
    source: str
    text: str


def goods() -> Goods:
    """What the business deals in, so that the made-up customer bought or booked that."""
    sold = Product.objects.sold().order_by("name", "id")[:GOODS]
    booked = Appointment.objects.order_by("-id").values_list("service", flat=True)[:GOODS]
    return Goods(
        products=[(one.name, str(one.price) if one.price is not None else "") for one in sold],
        services=sorted(set(booked) - {""}),
        currency=own().currency,
    )


def usual_mood(chance: Random) -> str:
    """A mood as customers of this business have had it lately: those that the bot handed over."""
    counted = dict.fromkeys(Mood.values, 1)
    lately = Handoff.objects.filter(created_at__gt=timezone.now() - LATELY)
    for row in lately.values("mood", "urgency", "reason").annotate(count=Count("id")).order_by():
        counted[_mood(row)] += row["count"]
    return chance.choices(list(counted), list(counted.values()))[0]


def _mood(row: dict[str, Any]) -> str:
    if row["mood"] in {"negative", "angry"}:
        return Mood.ANGRY
    if row["urgency"] == "high":
        return Mood.HURRIED
    return Mood.CONFUSED if row["reason"] in UNSURE else Mood.CALM


def known_of(run: PracticeRun) -> dict[str, Known]:
    """What is known of the customer: what he told, and what stands in his made-up record."""
    record = run.scenario.get("record", {})
    found = {key: Known(record[key]) for key in ("email", "phone") if record.get(key)}
    if order := record.get("order"):
        found["order"] = Known(order["number"])
        found |= {"product": Known(order["item"])} if order["item"] else {}
    if at := records.appointment_at(record, run.started_at.astimezone(own().zone)):
        told = {"day": formats.long_date(at.date()), "time": formats.clock(at)}
        found["appointment"] = Known(_("%(day)s at %(time)s") % told)
    return found | {key: Known(value, was_said=True) for key, value in run.scenario["known"].items()}


def draft_findings(*, run: PracticeRun, text: str) -> list[Finding]:
    """What a draft asks for again, found as on the workspace. The judging reads no meaning, only words."""
    if len(text.strip()) < 3:
        return []
    facts = {**known_of(run), "reason": Known(run.scenario["questions"][0]["wordings"][0], was_said=True)}
    spoken = language.detect(text, fallback=run.language).code
    return findings_of(text, facts, spoken, draft_meaning.meant(text, spoken))


def draft_sounds(*, run: PracticeRun, text: str) -> list[humane.Finding]:
    """What of a draft does not sound like a person, found as on the workspace."""
    if len(text.split()) < 3:
        return []
    return humane.check(
        text,
        language=language.detect(text, fallback=run.language).code,
        kind="reply",
        audience_upset=run.mood in UPSET
        and not run.turns.filter(speaker=PracticeTurn.Speaker.AGENT).exists(),
        formality=own().formality,
    )


def proposals(run: PracticeRun) -> list[Proposed]:
    """Up to three published answers that the words of the customer's last message find, the best first."""
    if run.ended_at is not None:
        return []
    said = run.turns.filter(speaker=PracticeTurn.Speaker.CUSTOMER).order_by("-number")[:2]
    versions = [one for one in knowledge.published() if one.language.partition("-")[0] == run.language]
    for turn in said:
        if found := _ranked(turn.text, versions):
            return found
    return []


def _ranked(text: str, versions: list[ArticleVersion]) -> list[Proposed]:
    words = stems(text)
    scored = [(_likeness(words, version), number) for number, version in enumerate(versions)]
    best = sorted((-score, number) for score, number in scored if score >= LEAST)[:MOST]
    source = str(Suggestion.Source.ANSWER.label)
    return [Proposed(str(versions[number].pk), source, versions[number].answer) for _score, number in best]


def _likeness(words: set[str], version: ArticleVersion) -> float:
    wordings = [found for one in (version.question, *version.phrasings) if (found := stems(one))]
    return max((len(one & words) / len(one) for one in wordings), default=0.0)
