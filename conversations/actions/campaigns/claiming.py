"""Whose turn it is: a batch of recipients made ours, after every question was asked once more."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from conversations import gate, right_time
from conversations.consent import medium_of
from conversations.left_out import ERASED, NO_ADDRESS, NO_TEMPLATE
from conversations.models import Campaign, Channel, Reach, Recipient, Variant
from conversations.personalising.gathering import zones_of
from crm import sending_rules
from crm.models import Identity, Purpose
from crm.sending_rules import KINDS, Reason
from tenants.models import Tenant
from tenants.scoping import uuid7

LEASE = timedelta(seconds=120)  # longer than a task may run
MAX_ATTEMPTS = 5
IN_LINE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
READ = ("tenant", "customer", "variant", "channel", "address", "language", "attempts")  # of a recipient
State = Recipient.State


class Batch(NamedTuple):
    """Recipients that are ours for a while, on one channel, with their addresses."""

    attempt: UUID
    channel: Channel
    recipients: list[Recipient]
    identities: dict[UUID, Identity]  # by recipient
    variants: dict[UUID, Variant]


def claim(
    campaign: Campaign, *, count: int, at: datetime, besides: Collection[UUID] = ()
) -> list[Batch] | None:
    """Some whose turn it is, made ours; who may not be written to any more is left out. None without any.

    `besides` are channels on which nobody is taken now; whoever is to get it on one that is switched off
    keeps waiting. In the transaction it is called in. Claims of offers stand in line within a business: each
    sees what the one before it took, so that two campaigns at once cannot exceed the cap together.
    """
    if campaign.purpose == Purpose.PROMOTION:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"offers {campaign.tenant_id}"]
            )
    rows = Recipient.objects.waiting().filter(campaign=campaign, due_at__lte=at, variant__isnull=False)
    if campaign.canary_passed_at is None:
        rows = rows.filter(is_canary=True)
    if besides:
        rows = rows.exclude(channel__in=besides)
    rows = rows.select_for_update(skip_locked=True, of=("self",)).only(*READ)
    mine = list(rows.order_by("due_at", "id")[:count])
    used = Channel.objects.select_related("tenant").in_bulk({one.channel_id for one in mine})
    off = {pk for pk, channel in used.items() if not channel.is_active}
    mine = [one for one in mine if one.channel_id not in off]
    if not mine:
        return None
    going, identities = _judged(campaign, mine, used, at)
    attempt, now = uuid7(), timezone.now()
    Recipient.objects.filter(pk__any=[one.pk for one in going]).update(
        state=State.SENDING, attempt_id=attempt, lease_until=now + LEASE, calling_at=None
    )
    return _batches(going, used, identities, attempt)


def _batches(
    going: list[Recipient], channels: dict[UUID, Channel], identities: dict[UUID, Identity], attempt: UUID
) -> list[Batch]:
    by_channel = defaultdict(list)
    for one in going:
        by_channel[one.channel_id].append(one)
    variants = Variant.objects.in_bulk({one.variant_id for one in going if one.variant_id})
    return [Batch(attempt, channels[pk], some, identities, variants) for pk, some in by_channel.items() if pk]


def _judged(
    campaign: Campaign, mine: list[Recipient], channels: dict[UUID, Channel], at: datetime
) -> tuple[list[Recipient], dict[UUID, Identity]]:
    """Those who may be written to now, with their addresses. The others are left out, or put off."""
    people = [one.customer_id for one in mine if one.customer_id]
    against = gate.judge(people, purpose=campaign.purpose, at=at, besides=campaign.pk)
    identities, refused = _addresses(campaign, mine, channels, at)
    gone: defaultdict[str, list[UUID]] = defaultdict(list)
    may = []
    for one in mine:
        if one.customer_id is None:
            gone[ERASED].append(one.pk)
        elif reason := against.get(one.customer_id) or refused.get(one.pk):
            gone[reason].append(one.pk)
        else:
            may.append(one)
    for reason, pks in gone.items():
        leave_out(pks, reason)
    later = _too_early(campaign, may, at)
    return [one for one in may if one.pk not in later], identities


def release(attempt: UUID) -> int:
    """Give back what an attempt took and did not mark."""
    mine = Recipient.objects.filter(attempt_id=attempt, state=State.SENDING, calling_at=None)
    return int(mine.update(state=State.WAITING, attempt_id=None, lease_until=None))


def leave_out(pks: list[UUID], reason: str, detail: str = "") -> None:
    """Some who do not get it after all. The caller has locked them, or they are his."""
    Recipient.objects.filter(pk__in=pks).update(
        state=State.LEFT_OUT,
        reason=reason,
        detail=detail[:300],
        due_at=None,
        attempt_id=None,
        lease_until=None,
    )


def _addresses(
    campaign: Campaign, mine: list[Recipient], channels: dict[UUID, Channel], at: datetime
) -> tuple[dict[UUID, Identity], dict[UUID, str]]:
    """By recipient: the address he was written down with if it still is his and may be used, or why not."""
    found: dict[UUID, Identity] = {}
    refused: dict[UUID, str] = {}
    for pk, channel in channels.items():
        some = [one for one in mine if one.channel_id == pk]
        if not some:
            continue
        medium = medium_of(channel)
        theirs = Identity.objects.filter(
            kind__in=KINDS[medium],
            is_claimed=False,
            customer__any=[one.customer_id for one in some],
            value__any=[one.address for one in some],
        )
        known = {(one.customer_id, one.value): one for one in theirs.select_related("customer")}
        against = sending_rules.refusals(list(known.values()), medium, campaign.purpose, at=at)
        closed = set(
            Reach.objects.filter(
                channel=channel, is_open=False, identity__any=[one.pk for one in known.values()]
            ).values_list("identity_id", flat=True)
        )
        for one in some:
            identity = known.get((one.customer_id, one.address or ""))
            if identity is None:
                refused[one.pk] = NO_ADDRESS
            elif reason := against.get(identity.pk) or (Reason.WITHDRAWN if identity.pk in closed else None):
                refused[one.pk] = str(reason)
            else:
                found[one.pk] = identity
    refused |= {one.pk: NO_TEMPLATE for one in mine if one.channel_id is None}
    return found, refused


def _too_early(campaign: Campaign, may: list[Recipient], at: datetime) -> set[UUID]:
    """Those where it is night or a holiday by now: their turn is put off."""
    tenant = Tenant.objects.get()
    hours = right_time.hours_of(gate.policy(), tenant)
    zones = zones_of([one.customer_id for one in may if one.customer_id], tenant)
    later: defaultdict[datetime, list[UUID]] = defaultdict(list)
    moments: dict[str, datetime] = {}
    for one in may:
        zone = zones[one.customer_id] if one.customer_id else tenant.zone
        if zone.key not in moments:
            is_offer = campaign.purpose != Purpose.SERVICE
            moments[zone.key] = right_time.next_allowed(at, zone, hours, promotion=is_offer)
        if moments[zone.key] > at:
            later[moments[zone.key]].append(one.pk)
    for moment, pks in later.items():
        Recipient.objects.filter(pk__in=pks).update(due_at=moment)
    return {pk for pks in later.values() for pk in pks}
