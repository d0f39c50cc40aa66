"""A dry run of the rules: the bot's decisions of the last 30 days under others. Nothing is changed."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.bot.balance import Bought
from conversations.bot.redecide import Change, Kept, Set, compare
from conversations.bot.rules import Rules
from conversations.circumstances import LATELY, bought, day_of, worth_of
from conversations.models import Bot, Conversation, Decision
from crm.models import Appointment, CustomerLabel, Order
from tenants.actors import Actor
from tenants.permissions import Sees
from tenants.queries import own

BACK = timedelta(days=30)
MOST = 3_000  # decisions looked at, the newest
EXAMPLES = 10
PATIENCE = 30.0  # seconds of re-reading; the newest turns come first
MOODS = {"positive": 1, "negative": -1, "angry": -2}
SURE = 0.7  # calibrate.ANSWERS, which brings numpy


@dataclass(frozen=True)
class Example:
    """A conversation that would have gone another way."""

    decision_id: UUID
    conversation_id: UUID
    rule: str
    words: str
    at: datetime


@dataclass(frozen=True)
class DryRun:
    """How many would have gone to a person in addition, and how many would have stayed with the bot."""

    turns: int = 0
    """Times the bot had a conversation."""
    messages: int = 0
    more: int = 0
    fewer: int = 0
    more_examples: list[Example] = field(default_factory=list)
    fewer_examples: list[Example] = field(default_factory=list)
    is_whole: bool = True
    """False where there were more decisions than are looked at."""


def set_of(bot: Bot, country: str) -> Set:
    """All that says when a person comes first, as a bot has it."""
    harmless = bot.harmless == Bot.Harmless.HAND_OFF
    return Set(Rules.of(bot.rules), tuple(bot.words), harmless, (country,))


def dry_run(old: Set, new: Set, by: Actor) -> DryRun:
    """What other rules would have changed in the conversations that somebody sees: six queries at most."""
    since = timezone.now() - BACK
    newest = Decision.objects.filter(created_at__gte=since)
    if by.sees != Sees.ALL:
        newest = newest.filter(conversation__in=Conversation.objects.visible_to(by).values("pk"))
    names = ("message", "conversation")
    rows = list(newest.select_related(*names).order_by("-created_at", "-id")[: MOST + 1])
    is_whole = len(rows) <= MOST
    if not is_whole:  # the oldest turn has lost its beginning
        cut = rows[-1].turn_id
        rows = [row for row in rows if row.turn_id != cut]
    rows.sort(key=lambda row: row.pk)
    rows.sort(key=lambda row: row.turn_id, reverse=True)  # the newest turns first
    changes: list[tuple[Change, Decision]] = []
    turns, messages, until = 0, 0, time.monotonic() + PATIENCE
    by_id = {row.pk: row for row in rows}
    for _turn, decisions in groupby(_kept(rows, old.differs(new)), key=lambda one: by_id[one.id].turn_id):  # type: ignore[index]
        turn = list(decisions)
        turns, messages = turns + 1, messages + len(turn)
        if change := compare(turn, old, new):
            changes.append((change, by_id[change.at.id]))  # type: ignore[index]
        if time.monotonic() > until:
            is_whole = is_whole and messages == len(rows)
            break
    more = [_example(*one) for one in changes if one[0].is_more]
    fewer = [_example(*one) for one in changes if not one[0].is_more]
    return DryRun(
        turns=turns,
        messages=messages,
        more=len(more),
        fewer=len(fewer),
        more_examples=_newest(more),
        fewer_examples=_newest(fewer),
        is_whole=is_whole,
    )


def _example(change: Change, row: Decision) -> Example:
    return Example(row.pk, row.conversation_id, change.rule, change.words, row.created_at)


def _newest(examples: list[Example]) -> list[Example]:
    return sorted(examples, key=lambda one: one.at, reverse=True)[:EXAMPLES]


def _kept(rows: Sequence[Decision], changed: frozenset[str]) -> Iterable[Kept]:
    """Decisions with what the rules that changed ask about; messages read together are one."""
    customers = {row.conversation.customer_id for row in rows}
    labels = _labels(customers) if "vip" in changed else {}
    orders = _orders(customers) if "high_value" in changed else {}
    coming = _appointments(customers) if "appointment_today" in changed else {}
    currency = own().currency
    texts: dict[UUID, list[str]] = {}
    for row in rows:
        texts.setdefault(row.turn_id, []).append(row.message.text)
        if row.action == Decision.Action.JOINED:
            continue
        who = row.conversation.customer_id
        likely = row.candidates[0]["probability"] if row.candidates else 0.0
        is_unsure = row.doubt == Decision.Doubt.UNSURE
        is_over = row.action == Decision.Action.HAND_OFF
        start, end = day_of(row.created_at)
        yield Kept(
            id=row.pk,
            text="\n".join(text for text in texts.pop(row.turn_id) if text),
            action=row.action,
            fired=tuple((one["rule"], one["words"]) for one in row.rules),
            is_sure=likely >= SURE if is_over else not is_unsure,
            is_unsure=is_unsure,
            topic=str(row.version_id or row.fact or ""),
            mood=MOODS.get(row.mood, 0),
            language=row.language or "es",
            labels=labels.get(who, frozenset()),
            worth=worth_of(orders.get(who, ()), currency, row.created_at),
            has_appointment_today=any(start <= at < end for at in coming.get(who, ())),
        )


def _labels(customers: set[UUID]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = {}
    links = CustomerLabel.objects.filter(customer_id__in=customers)
    for customer_id, label_id in links.values_list("customer_id", "label_id"):
        found.setdefault(customer_id, set()).add(str(label_id))
    return {customer_id: frozenset(ids) for customer_id, ids in found.items()}


def _orders(customers: set[UUID]) -> dict[UUID, tuple[Bought, ...]]:
    since = timezone.now() - BACK - LATELY
    rows: QuerySet[Order] = Order.objects.filter(customer_id__in=customers, placed_at__gte=since)
    found: dict[UUID, tuple[Bought, ...]] = {}
    for customer_id, order in bought(rows.order_by()):
        found[customer_id] = (*found.get(customer_id, ()), order)
    return found


def _appointments(customers: set[UUID]) -> dict[UUID, list[datetime]]:
    since = timezone.now() - BACK - timedelta(days=1)
    missing = (Appointment.Status.CANCELLED,)
    rows = Appointment.objects.filter(customer_id__in=customers, starts_at__gte=since).exclude(
        status__in=missing
    )
    found: dict[UUID, list[datetime]] = {}
    for customer_id, at in rows.values_list("customer_id", "starts_at"):
        found.setdefault(customer_id, []).append(at)
    return found
