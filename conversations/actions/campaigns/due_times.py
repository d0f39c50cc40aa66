"""When it is whose turn in a campaign: at the wished hour where each lives, or the next that is allowed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from conversations import gate, right_time
from conversations.actions.campaigns.freezing_sql import PLACES
from conversations.models import Campaign, Variant
from crm import sending_rules
from crm.models import Purpose
from tenants.models import Tenant

PREFIX = 8  # characters of a phone number by which its zone is told
STILL = timedelta(hours=1)  # after an hour that is tested it still counts as that hour
DAYS = 15  # in which a day is looked for that allows an hour


class Dues(NamedTuple):
    """When it is the turn of those in a place who get a letter (0 for none)."""

    places: list[str]
    letters: list[int]
    moments: list[datetime]


NO_DUES = Dues([], [], [])


class Clocks(NamedTuple):
    """The clocks of a place: the one on which an hour is read, and the one its people live by."""

    read: ZoneInfo
    lived: ZoneInfo


def due_times(campaign: Campaign, variants: Sequence[Variant], tenant: Tenant, *, at: datetime) -> Dues:
    """The first allowed moment from the wished one on, for every place in which customers live.

    A letter with an hour of its own goes at that hour, on the first day that allows it. Raises
    `NeverAllowed`.
    """
    hours, is_offer = right_time.hours_of(gate.policy(), tenant), campaign.purpose != Purpose.SERVICE
    starts = (campaign.starts_at or at).astimezone(tenant.zone)
    dues = Dues([], [], [])
    for place, clocks in clocks_by_place(campaign, tenant):
        wished = right_time.instant(starts.date(), starts.time(), clocks.read)
        moment = max(wished if campaign.in_their_zone else starts, at)
        usual = right_time.next_allowed(moment, clocks.lived, hours, promotion=is_offer)
        first = max(at, right_time.instant(starts.date(), time(), clocks.read))
        for number, hour in enumerate([None, *(one.hour for one in variants)]):
            own = at_hour(hour, first, clocks, hours, promotion=is_offer) if hour else usual
            dues.places.append(place)
            dues.letters.append(number)
            dues.moments.append(own)
    return dues


def first_moment(campaign: Campaign, variants: Sequence[Variant], *, at: datetime) -> datetime:
    """When the audience is frozen: shortly before the first of them has his turn."""
    return min(due_times(campaign, variants, Tenant.objects.get(), at=at).moments) - timedelta(minutes=2)


def at_hour(
    hour: time, since: datetime, clocks: Clocks, hours: right_time.Hours, *, promotion: bool
) -> datetime:
    """The next moment from `since` on at which it is this hour and something may go out.

    Where no day allows the hour, the first that is allowed after it. Raises `NeverAllowed`.
    """
    day, allowed = (since - STILL).astimezone(clocks.read).date(), None
    for ahead in range(DAYS):
        wished = right_time.instant(day + timedelta(days=ahead), hour, clocks.read)
        if wished + STILL < since:
            continue
        moment = right_time.next_allowed(max(wished, since), clocks.lived, hours, promotion=promotion)
        if moment <= wished + STILL:
            return moment
        allowed = allowed or moment
    assert allowed is not None
    return allowed


def clocks_by_place(campaign: Campaign, tenant: Tenant) -> Iterator[tuple[str, Clocks]]:
    """Every place in which customers live, as the freezing knows it, with its clocks; "" for the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            PLACES, {"tenant": tenant.pk, "prefix": PREFIX, "numbers": list(sending_rules.NUMBERS)}
        )
        places = {"": None} | dict(cursor.fetchall())
    for place, phone in places.items():
        zone = right_time.zone_of("" if phone else place, phone or "", tenant)
        yield place, Clocks(zone if campaign.in_their_zone else tenant.zone, zone)
