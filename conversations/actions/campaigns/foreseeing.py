"""What would become of everybody if a campaign began now: the freezing's own judgement, with nothing written.

Of very many people only a share is asked, and the numbers are said to be about so many.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast, Right

from conversations.actions.campaigns import freezing
from conversations.actions.campaigns.due_times import NO_DUES
from conversations.actions.campaigns.freezing_sql import JUDGED
from conversations.left_out import sentence
from conversations.models import Campaign, Channel
from crm.models import Customer
from crm.segments.compile import CHANCE, SHARE, TooLate, roomy
from tenants.kit.cursors import Page, decode, encode
from tenants.models import Tenant

PATIENCE = 2_500  # milliseconds
COUNTED = "\nSELECT why, channel_id, count(*) FROM told GROUP BY 1, 2 ORDER BY 3 DESC, 1"
PEOPLE = """
SELECT id, channel_id, language FROM told
WHERE why = %(why)s AND (%(after)s::uuid IS NULL OR id < %(after)s) ORDER BY id DESC LIMIT %(most)s"""


class Reason(NamedTuple):
    """How many would be left out for one reason."""

    reason: str
    people: int

    @property
    def why(self) -> str:
        return sentence(self.reason)


class Foreseen(NamedTuple):
    """Who would get it and who not; `about` where it was told by a share of all."""

    audience: int
    reached: int
    held_out: int
    by_channel: list[tuple[Channel, int]]
    reasons: list[Reason]
    about: bool

    @property
    def left_out(self) -> int:
        return sum(one.people for one in self.reasons)

    @property
    def getting(self) -> int:
        """How many would get it: those reached but for whom is held back."""
        return self.reached - self.held_out


class Meant(NamedTuple):
    """Somebody who would get it, on which channel and in which language."""

    customer: UUID
    channel: UUID | None
    language: str


def foreseen(campaign: Campaign, *, at: datetime) -> Foreseen | None:
    """The counts; None where even a share could not be asked in time. Raises `CannotFreeze`.

    The campaign need not be saved.
    """
    channels = freezing.channels_of(campaign)
    try:
        with roomy(PATIENCE):
            rows = _ask(campaign, freezing.audience_of(campaign), channels, COUNTED, {}, at)
        return _summed(campaign, channels, rows, 1)
    except TooLate:
        pass
    try:
        with roomy(2 * PATIENCE):
            last = Right(Cast("pk", TextField()), 2)
            share = Customer.objects.alias(last=last).filter(last=CHANCE).values_list("pk", flat=True)
            audience = freezing.audience_of(campaign, among=list(share))
            rows = _ask(campaign, audience, channels, COUNTED, {}, at)
        return _summed(campaign, channels, rows, SHARE)
    except TooLate:
        return None


def people(
    campaign: Campaign, why: str, *, at: datetime, limit: int, cursor: str = "", among: Sequence[UUID] = ()
) -> Page:
    """Whom a reason would leave out ("" for who would get it), the newest first, as `Meant`.

    Raises `CannotFreeze`, `TooLate`, `BadCursor`.
    """
    after = decode(cursor, Customer, ["-id"])[0] if cursor else None
    wanted = {"why": why, "after": after, "most": limit + 1}
    audience = freezing.audience_of(campaign, among=list(among) or None)
    with roomy(4 * PATIENCE):
        rows = _ask(campaign, audience, freezing.channels_of(campaign), PEOPLE, wanted, at)
    found = [Meant(*row) for row in rows]
    more = len(found) > limit
    return Page(found[:limit], encode([found[limit - 1].customer]) if more else "")


def _ask(
    campaign: Campaign,
    audience: freezing.Audience,
    channels: Sequence[Channel],
    question: str,
    wanted: dict[str, Any],
    at: datetime,
) -> list[Any]:
    statement, parameters = freezing.written(
        JUDGED + question, campaign, audience, channels, [], Tenant.objects.get(), NO_DUES, at
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | wanted)
        return cursor.fetchall()


def _summed(campaign: Campaign, channels: Sequence[Channel], rows: list[Any], times: int) -> Foreseen:
    reached = {channel: times * count for why, channel, count in rows if not why}
    reasons: dict[str, int] = {}
    for why, _channel, count in rows:
        if why:
            reasons[why] = reasons.get(why, 0) + times * count
    going = sum(reached.values())
    return Foreseen(
        audience=going + sum(reasons.values()),
        reached=going,
        held_out=going * campaign.hold_out_percent // 100,
        by_channel=[(one, reached[one.pk]) for one in channels if one.pk in reached],
        reasons=[
            Reason(*row) for row in sorted(reasons.items(), key=lambda row: (row[1], row[0]), reverse=True)
        ],
        about=times > 1,
    )
