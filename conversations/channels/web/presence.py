"""Who answers, and when: the way to a person, always in sight."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import formats
from tenants.hours import Calendar, calendar_of, day_of, next_opening
from tenants.models import SpecialDay, Tenant


def presence(tenant: Tenant) -> dict[str, object]:
    """Whether somebody is there now, with a sentence for the visitor in the active language."""
    now = timezone.now()
    today = now.astimezone(tenant.zone).date()
    calendar = calendar_of(tenant, SpecialDay.objects.filter(date__gte=today - timedelta(days=1)))
    closing = _closing(calendar, today, now)
    if closing:
        text = _("A person answers you. Today until %(time)s.") % {"time": _clock(closing, tenant)}
        return {"online": True, "text": text}
    opening = next_opening(calendar, now)
    if opening is None:
        return {"online": False, "text": _("Leave a message: a person will answer you.")}
    return {"online": False, "text": _promise(opening, today, tenant)}


def _closing(calendar: Calendar, today: date, now: datetime) -> datetime | None:
    """When today's (or last night's) open interval ends; None while closed."""
    days = (day_of(calendar, today - timedelta(days=1)), day_of(calendar, today))
    return next((end for day in days for start, end in day.intervals if start <= now < end), None)


def _promise(opening: datetime, today: date, tenant: Tenant) -> str:
    local, time = opening.astimezone(tenant.zone), _clock(opening, tenant)
    if local.date() == today:
        return _("Leave a message: a person answers you today from %(time)s.") % {"time": time}
    if local.date() == today + timedelta(days=1):
        return _("Leave a message: a person answers you tomorrow from %(time)s.") % {"time": time}
    day = formats.weekday(local)
    return _("Leave a message: a person answers you on %(day)s from %(time)s.") % {"day": day, "time": time}


def _clock(moment: datetime, tenant: Tenant) -> str:
    return f"{moment.astimezone(tenant.zone):%H:%M}"
