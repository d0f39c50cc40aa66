"""When something may go out by itself: where the recipient lives, and what the business allows there.

Plain functions, no queries. Rules:

- Quiet hours are read off the recipient's own clock and hold for everything; they may run over midnight.
  The same time twice means none. A service message minds nothing else.
- An offer also minds the weekdays the business allows and, where it keeps them, public holidays where the
  recipient lives: his zone names the country. In the business's own country those of its region count,
  elsewhere those of the whole country.
- A time the clock skips is the first moment after the gap; a time it shows twice is the first of them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from conversations.models import SendingPolicy
from tenants import zones
from tenants.hours import public_holidays
from tenants.localities import LOCALITIES
from tenants.models import Tenant
from tenants.refusals import Refused

LOOKAHEAD = 400  # days; whoever may not be written to within them is refused
DAY, MOMENT = timedelta(days=1), timedelta(seconds=1)


class NeverAllowed(Refused):
    """No moment is left on which this may go out. Its text says what to change."""


@dataclass(frozen=True, slots=True)
class Hours:
    """What a business allows, read off the recipient's clock; `weekdays` from 0, Monday."""

    quiet_from: time
    quiet_until: time
    weekdays: frozenset[int]
    keeps_holidays: bool
    country: str
    region: str

    def is_quiet(self, at: time) -> bool:
        """Whether nothing goes out at this time of day."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


def hours_of(policy: SendingPolicy | None, tenant: Tenant) -> Hours:
    """The hours of a business; without a policy of its own, the defaults."""
    policy = policy or SendingPolicy()
    return Hours(
        quiet_from=policy.quiet_from,
        quiet_until=policy.quiet_until,
        weekdays=frozenset(policy.weekdays),
        keeps_holidays=policy.keeps_holidays,
        country=tenant.country,
        region=tenant.region,
    )


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which a clock of the zone shows this time on this day, in UTC."""
    first, second = _readings(day, at, zone)
    return _end_of_gap(second, first, zone) if second < first else first


def next_allowed(at: datetime, zone: ZoneInfo, hours: Hours, *, promotion: bool) -> datetime:
    """`at` itself where it may go out then, else the first moment after it, in UTC.

    Raises `NeverAllowed` where nothing is allowed, or nothing within `LOOKAHEAD` days.
    """
    if promotion and not hours.weekdays:
        raise NeverAllowed(
            _("No weekday is allowed for offers: choose at least one in Settings, Sending."), "weekdays"
        )
    moment, last = at, at + LOOKAHEAD * DAY
    while moment <= last:
        local = moment.astimezone(zone)
        if promotion and not _is_offer_day(local.date(), zone, hours):
            moment = _after(moment, local.date() + DAY, time(), zone)
        elif hours.is_quiet(local.time()):
            moment = _end_of_quiet(moment, local, zone, hours)
        else:
            return moment
    raise NeverAllowed(
        _("There is no hour in the next year at which this may go out: look at Settings, Sending."),
        "weekdays",
    )


def zone_of(customer_timezone: str, phone: str, tenant: Tenant) -> ZoneInfo:
    """Where a customer's clock stands: his own zone where it is known, else that of his phone number.

    The number's area code names its zones (libphonenumber). Where that leaves several, as for Spanish
    mobiles, the business's own if it is one of them, else the one where most people of the country live.
    Without a number that says anything, the business's.
    """
    return _known(customer_timezone) or _known(_zone_of_phone(phone, tenant.timezone)) or tenant.zone


def _is_offer_day(day: date, zone: ZoneInfo, hours: Hours) -> bool:
    if day.weekday() not in hours.weekdays:
        return False
    if not hours.keeps_holidays:
        return True
    country = zones.country_of(zone.key) or hours.country
    region = hours.region if country == hours.country else ""
    return day not in public_holidays(country, region, day.year, "")


def _end_of_quiet(moment: datetime, local: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    is_evening = hours.quiet_from > hours.quiet_until and local.time() >= hours.quiet_from
    return _after(moment, local.date() + DAY * is_evening, hours.quiet_until, zone)


def _after(moment: datetime, day: date, at: time, zone: ZoneInfo) -> datetime:
    """The wall time as a moment later than `moment`: its second reading where the first is over."""
    first = instant(day, at, zone)
    return first if first > moment else max(_readings(day, at, zone)[1], moment.astimezone(UTC) + MOMENT)


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The time with the offset before a change of the clock and with the one after it."""
    folds: tuple[Literal[0], Literal[1]] = (0, 1)
    first, second = (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in folds)
    return first, second


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the offset changes, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > MOMENT:
        middle = before + timedelta(seconds=(after - before) // MOMENT // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=4_096)
def _zone_of_phone(phone: str, business: str) -> str:
    if not phone.startswith("+"):
        return ""
    import phonenumbers  # noqa: PLC0415 -- its tables of zones weigh some megabytes
    from phonenumbers import timezone as places  # noqa: PLC0415 -- likewise

    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    country = phonenumbers.region_code_for_number(number) or ""
    found = [zones.current_name(name) for name in places.time_zones_for_number(number) if _known(name)]
    if len(found) == 1:
        return found[0]
    if zones.current_name(business) in found or country == zones.country_of(business):
        return business
    main = LOCALITIES[country].timezone if country in LOCALITIES else ""
    return main or (found[0] if found else "")


@lru_cache(maxsize=512)
def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name and name != "Etc/Unknown" else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
