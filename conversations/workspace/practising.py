"""A practice run as the workspace shows conversations: bubbles, card, the made-up customer beside them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.bot.first_reply import first_reply
from conversations.bot.reasons import SENTENCES
from conversations.models import Decision, Mood, PracticeRun, PracticeTurn
from conversations.practice import records
from conversations.practice.judging import UPSET
from conversations.workspace.composing import Composing
from conversations.workspace.countdowns import countdown
from conversations.workspace.facts import Shown
from conversations.workspace.feed import GROUP, Bubble
from conversations.workspace.handoff_card import FACTS, MOODS, Asked, Card
from crm.models import Order
from tenants import formats
from tenants.queries import own
from tenants.templatetags.ui import timestamp

REASONS = {Mood.CALM: "unsure", Mood.CONFUSED: "not_helped", Mood.HURRIED: "asked", Mood.ANGRY: "complaint"}
PROMISED = timedelta(minutes=15)
PAST = {
    "answered": (gettext_lazy("Conversation answered"), "message-circle", "grey"),
    "unanswered": (gettext_lazy("Wrote and got no answer"), "circle-alert", "danger"),
    "rated": (gettext_lazy("Rating: %(score)s of 5"), "star", "success"),
    "order": (gettext_lazy("Order %(number)s"), "package", "accent"),
}
PLAIN = Composing(
    until="",
    left="",
    is_near=False,
    is_closed=False,
    is_mute=False,
    is_public=False,
    has_templates=False,
    counts_segments=False,
    files="",
    buttons=(),
    button_limit=0,
    rows=(),
    row_limit=0,
    row_text_limit=0,
    locations=False,
    emoji=(),
)
"""What the composer of a run offers beside text: nothing that would leave the house."""


class StandIn(NamedTuple):
    """What the panes need of a conversation."""

    id: UUID
    customer: str
    is_closed: bool


class Past(NamedTuple):
    """A line of the made-up history."""

    title: str
    icon: str
    tone: str
    at: datetime
    score: int | None


def thread(run: PracticeRun, turns: list[PracticeTurn], *, is_mine: bool) -> dict[str, Any]:
    """Everything the panes of a run show, without its feedback. Who only looks on is proposed no reply."""
    is_first = not any(turn.speaker == PracticeTurn.Speaker.AGENT for turn in turns)
    last = turns[-1].pk if turns else ""
    pills = _pills(run)
    shows_card = is_first and not run.ended_at
    shown_card = card(run, turns, is_open=shows_card, history=pills)
    return {
        "run": run,
        "conversation": StandIn(run.pk, run.customer, run.ended_at is not None),
        "items": feed(turns, run),
        "last_id": last,
        "seen": last,
        "card": shown_card._replace(suggestion="") if shown_card and not is_mine else shown_card,
        "facts": () if shows_card or run.ended_at else pills,
        "composing": PLAIN,
        "record": _record(run),
    }


def feed(turns: Iterable[PracticeTurn], run: PracticeRun) -> list[dict[str, Any]]:
    """What was said as conversations/feed.html shows it."""
    items: list[dict[str, Any]] = []
    before: PracticeTurn | None = None
    for turn in turns:
        day = timezone.localtime(turn.created_at).date()
        if before is None or timezone.localtime(before.created_at).date() != day:
            items.append({"kind": "day", "day": day})
        grouped = before is not None and before.speaker == turn.speaker
        items.append(
            {
                "kind": "message",
                "id": turn.pk,
                "bubble": _bubble(turn, run, grouped=grouped and _near(before, turn)),
            }
        )
        before = turn
    return items


def _near(before: PracticeTurn | None, turn: PracticeTurn) -> bool:
    return before is not None and turn.created_at - before.created_at < GROUP


def _bubble(turn: PracticeTurn, run: PracticeRun, *, grouped: bool) -> Bubble:
    is_agent = turn.speaker == PracticeTurn.Speaker.AGENT
    return Bubble(
        id=turn.pk,
        kind="outbound" if is_agent else "inbound",
        client_id=str(turn.notes.get("client_id", "")),
        stamp="",
        author=run.membership.name if is_agent else run.customer,
        time=timestamp(turn.created_at, "time"),
        text=turn.text,
        quoted="",
        subject="",
        state="",
        reason="",
        delivery_id=None,
        can_discard=False,
        asks=False,
        automatic=False,
        by_bot=False,
        mine=is_agent,
        grouped=grouped,
        has_html=False,
        opens_html=False,
        files=(),
        fate="",
        reactions="",
        mentions=(),
        unseeing=(),
        call=None,
        comment=None,
        extras=None,
        channel="",
        channel_icon="",
    )


def card(
    run: PracticeRun, turns: list[PracticeTurn], *, is_open: bool, history: tuple[Shown, ...]
) -> Card | None:
    """The card of a hand-over, as if the bot had passed this customer on; None once the run has ended."""
    if run.ended_at or not turns:
        return None
    question = run.scenario["questions"][0]["wordings"][0]
    order = run.scenario.get("record", {}).get("order")
    due = run.started_at + PROMISED
    return Card(
        id=run.pk,
        is_open=is_open,
        reason=str(SENTENCES[REASONS[Mood(run.mood)]]),
        words=turns[0].text if run.mood in UPSET else "",
        is_urgent=run.mood in records.UNHAPPY,
        mood=MOODS.get(run.mood),
        mood_words="",
        asked=(Asked(question, "", str(Decision.Action.HAND_OFF.label), None),),
        facts=tuple((str(FACTS[key]), value) for key, value in run.scenario["known"].items() if key in FACTS),
        missing=(),
        history=history,
        promised=countdown(due, None, timezone.now(), str(_("Promised answer"))) if is_open else None,
        suggestion=first_reply(
            run.language,
            name=run.customer,
            question=question,
            order=_order_in(run.language, order) if order and "order" in run.scenario["known"] else None,
            upset=run.mood == Mood.ANGRY,
        ),
    )


def _order_in(language: str, order: dict[str, Any]) -> tuple[str, str]:
    with translation.override({"pt": "pt-br"}.get(language, language)):
        return order["number"], _status(order).casefold()


def _status(order: dict[str, Any]) -> str:
    return str(Order.Status(order["status"]).label)


def _pills(run: PracticeRun) -> tuple[Shown, ...]:
    """What an agent should know before the first key is pressed."""
    record = run.scenario.get("record", {})
    pills = []
    if order := record.get("order"):
        text = _("Order %(number)s") % {"number": order["number"]}
        pills.append(Shown(f"{text}: {_status(order)}", "package", "grey"))
    if booked := _booked(run):
        pills.append(Shown(booked["text"], "calendar-clock", "info"))
    return tuple(pills)


def _booked(run: PracticeRun) -> dict[str, str] | None:
    record = run.scenario.get("record", {})
    at = records.appointment_at(record, run.started_at.astimezone(own().zone))
    if at is None:
        return None
    when = _("%(day)s at %(time)s") % {"day": formats.long_date(at.date()), "time": formats.clock(at)}
    service = record["appointment"]["service"]
    return {"service": service, "when": when, "text": f"{service}: {when}"}


def _record(run: PracticeRun) -> dict[str, Any]:
    """The made-up customer's pane."""
    record = run.scenario.get("record", {})
    order = record.get("order")
    return {
        "email": record.get("email", ""),
        "phone": record.get("phone", ""),
        "since": run.started_at - timedelta(days=record["since"]) if "since" in record else None,
        "orders": [_shown_order(run, order)] if order else [],
        "booked": _booked(run),
        "past": _past(run, record),
    }


def _shown_order(run: PracticeRun, order: dict[str, Any]) -> dict[str, Any]:
    """As crm/parts.html shows orders."""
    placed = formats.long_date(_ago(run, order).astimezone(own().zone).date())
    return {**order, "status_name": _status(order), "names": order["item"] or _("One item"), "placed": placed}


def _past(run: PracticeRun, record: dict[str, Any]) -> list[Past]:
    lines = list(record.get("past", ()))
    if order := record.get("order"):
        lines.append({"kind": "order", "days": order["days"], "number": order["number"]})
    made = []
    for one in sorted(lines, key=lambda line: line["days"]):
        title, icon, tone = PAST[one["kind"]]
        made.append(Past(str(title) % one, icon, tone, _ago(run, one), one.get("score")))
    return made


def _ago(run: PracticeRun, line: dict[str, Any]) -> datetime:
    return run.started_at - timedelta(days=line["days"])
