"""The audience of a campaign, written down once and for all: who gets it, and why everybody else does not.

One statement makes a line for everybody in the segments, whatever becomes of him, so that those who got it
and those who were left out are always the audience. What it asks of each: an address on the channels in
their order, consent (crm/sending_rules.py), the shields and the cap (gate.py), chance for those held back,
for the letters of a test and for the first slice, and the right hour where he lives (right_time.py).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from conversations import gate
from conversations.actions.campaigns.braking import LEAST
from conversations.actions.campaigns.due_times import PREFIX, Dues, due_times
from conversations.actions.campaigns.freezing_sql import DOUBLED, FREEZE, SPARED
from conversations.consent import medium_of
from conversations.left_out import CAPPED, HELD_OUT, NO_ADDRESS, SAME_ADDRESS
from conversations.models import Campaign, Channel, Recipient, Variant
from crm import sending_rules
from crm.models import Customer, Purpose, Segment
from crm.segments import compile as compiling
from tenants.models import Tenant
from tenants.refusals import Refused

LEAST_FOR_CANARY = 200  # people; a smaller campaign has no first slice
LEAST_CANARY = LEAST + LEAST // 4  # of the first slice: some of it may fall away at their turn
State = Recipient.State
Braked = Campaign.Braked


class CannotFreeze(Refused):
    """The audience cannot be made; the sentence says why, `braked` how the campaign shows it."""

    def __init__(self, sentence: str, braked: str, field: str = "") -> None:
        super().__init__(sentence, field)
        self.braked = braked


class Frozen(NamedTuple):
    """How many are in the audience, how many of them wait for it, and how many are the first slice."""

    audience: int
    waiting: int
    canary: int


class Audience(NamedTuple):
    """Who a campaign is meant for."""

    condition: Q

    @property
    def customers(self) -> QuerySet[Customer]:
        return Customer.objects.filter(self.condition, merged_into=None)


# --- whom it is meant for ---


def audience_of(campaign: Campaign, among: Sequence[UUID] | None = None) -> Audience:
    """The customers in any of its segments and in none that it leaves out. Raises `CannotFreeze`.

    `among` are those of whom alone it is asked, where not all are wanted.
    """
    if not campaign.include:
        raise CannotFreeze(_("Choose whom it is for: at least one segment."), Braked.SEGMENT, "include")
    wanted = [*campaign.include, *campaign.exclude]
    known = {one.pk: one for one in Segment.objects.standing().filter(pk__in=wanted)}
    if any(pk not in known for pk in wanted):
        raise CannotFreeze(
            _("A segment of this campaign was removed. Choose another one."), Braked.SEGMENT, "include"
        )
    context = compiling.context_of(among=among)
    try:
        meant = [compiling.of_segment(known[pk], context) for pk in campaign.include]
        spared = [compiling.of_segment(known[pk], context) for pk in campaign.exclude]
    except compiling.Broken as error:
        raise CannotFreeze(
            _("A segment of this campaign names something that is gone. Repair it or choose another one."),
            Braked.SEGMENT,
            "include",
        ) from error
    condition = reduce(or_, meant)
    if spared:
        condition &= ~reduce(or_, spared)
    return Audience(condition if among is None else condition & Q(pk__in=list(among)))


def channels_of(campaign: Campaign) -> list[Channel]:
    """Its channels in their order, all of them alive. Raises `CannotFreeze`."""
    known = {one.pk: one for one in Channel.objects.filter(pk__in=campaign.channels)}
    found = [known[pk] for pk in campaign.channels if pk in known]
    if not found or len(found) < len(campaign.channels):
        raise CannotFreeze(
            _("A channel of this campaign is gone. Choose another one."), Braked.CHANNEL, "channels"
        )
    for channel in found:
        if not gate.reaches(channel):
            raise CannotFreeze(
                _("Nobody can be written to first on “%(name)s”. Choose another channel.")
                % {"name": channel.name},
                Braked.CHANNEL,
                "channels",
            )
        if not channel.is_active or (channel.problem and not channel.paused_until):
            raise CannotFreeze(
                _("The channel “%(name)s” is switched off or does not work.") % {"name": channel.name},
                Braked.CHANNEL,
                "channels",
            )
    return found


# --- writing it down ---


def freeze(campaign: Campaign, *, at: datetime) -> Frozen:
    """Make the line of everybody, in the transaction it is called in; the campaign's row is locked.

    Raises `CannotFreeze`, and `NeverAllowed` where the business allows no hour; nothing is written then.
    """
    audience, channels = audience_of(campaign), channels_of(campaign)
    variants = list(Variant.objects.filter(campaign=campaign).order_by("letter"))
    tenant = Tenant.objects.get()
    dues = due_times(campaign, variants, tenant, at=at)
    statement, parameters = written(FREEZE, campaign, audience, channels, variants, tenant, dues, at)
    # After an import nothing is known of the tables, and PostgreSQL would compare each row with every other.
    with compiling.roomy(enable_nestloop="off"), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        made = Frozen(*cursor.fetchone())
    if not made.audience:
        raise CannotFreeze(_("Nobody is in these segments now."), Braked.AUDIENCE, "include")
    return made._replace(canary=_whole_slice(campaign, made))


def _whole_slice(campaign: Campaign, made: Frozen) -> int:
    """How many are the first slice, filled up to as many as the brake needs to see anything."""
    slice_ = Recipient.objects.filter(campaign=campaign, is_canary=True)
    if made.audience < LEAST_FOR_CANARY:
        slice_.update(is_canary=False)
        return 0
    lacking = LEAST_CANARY - made.canary
    if lacking <= 0 or not gate.policy().canary_percent:
        return made.canary
    others = Recipient.objects.waiting().filter(campaign=campaign, variant__isnull=False, is_canary=False)
    chosen = list(others.order_by("?").values_list("pk", flat=True)[:lacking])
    Recipient.objects.filter(pk__any=chosen).update(is_canary=True)
    return made.canary + len(chosen)


def written(
    statement: str,
    campaign: Campaign,
    audience: Audience,
    channels: Sequence[Channel],
    variants: Sequence[Variant],
    tenant: Tenant,
    dues: Dues,
    at: datetime,
) -> tuple[str, dict[str, Any]]:
    """A statement of this module with Django's in it, and what stands in it."""
    policy, purpose = gate.policy(), campaign.purpose
    covers = list(sending_rules.COVERING[purpose])
    ways = [
        (channel.pk, rank, kind, sending_rules.space(medium), medium)
        for rank, channel in enumerate(channels)
        for medium in [medium_of(channel)]
        for kind in sending_rules.KINDS[medium]
    ]
    tested = campaign.test_percent / 100 if campaign.test and len(variants) > 1 else 1
    of_campaigns, alone = gate.offers_since(at, policy, campaign.pk)
    shields = gate.shields(at, policy, purpose)
    by_number = any(kind in sending_rules.NUMBERS for _c, _r, kind, _s, _m in ways)
    inner = _Inner()
    pieces = {
        "audience": inner.add(audience.customers.order_by().values("id", "language", "timezone")),
        "listed": inner.add(sending_rules.excluding(purpose).order_by().values("value")),
        "of_campaigns": inner.add(of_campaigns.order_by().values("customer_id")),
        "alone": inner.add(alone.order_by().values("message__conversation__customer_id")),
        "spared": "".join(
            SPARED.replace("{strength}", str(number)).replace("{rows}", inner.add(rows))
            for number, rows in enumerate(shields.values(), 1)
        ),
        "doubled": DOUBLED if by_number else "false",
    }
    for name, text in pieces.items():
        statement = statement.replace("{" + name + "}", text)
    parameters = {
        "tenant": tenant.pk,
        "campaign": campaign.pk,
        "at": at,
        "starts": max(at, campaign.starts_at or at),
        "purpose": purpose,
        "covers": covers,
        "reasons": [str(reason) for reason in sending_rules.Reason],
        "needed": sending_rules.needs_consent(purpose),
        "way_channels": [one[0] for one in ways],
        "way_ranks": [one[1] for one in ways],
        "way_kinds": [one[2] for one in ways],
        "way_spaces": [one[3] for one in ways],
        "way_media": [str(one[4]) for one in ways],
        "letters": len(variants),
        "letter_channels": [one.channel_id for one in variants],
        "variants": [one.pk for one in variants],
        "tested": tested,
        "shields": list(shields),
        "cap": policy.cap_count,
        "is_capped": purpose == Purpose.PROMOTION,
        "capped": CAPPED,
        "no_address": NO_ADDRESS,
        "same_address": SAME_ADDRESS,
        "held_out": HELD_OUT,
        "held": campaign.hold_out_percent / 100,
        "slice": policy.canary_percent / 100 / tested if tested else 0,  # of all, among the tested
        "language": tenant.language,
        "prefix": PREFIX,
        "numbers": list(sending_rules.NUMBERS),
        "places": dues.places,
        "place_letters": dues.letters,
        "dues": dues.moments,
        **inner.parameters,
    }
    return statement, parameters


class _Inner:
    """Django's statements as parts of ours: what stands in them gets names of its own."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}

    def add(self, rows: QuerySet[Any, Any]) -> str:
        """The statement of a queryset with named places."""
        statement, values = rows.query.sql_with_params()
        left: Iterable[Any] = iter(values)
        return PLACE.sub(lambda found: self._named(found.group(), left), statement)

    def _named(self, place: str, left: Any) -> str:
        if place == "%%":
            return place
        name = f"inner{len(self.parameters)}"
        self.parameters[name] = next(left)
        return f"%({name})s"


PLACE = re.compile(r"%%|%s")
