"""An appointment as a file that every calendar takes (RFC 5545)."""

from datetime import UTC, timedelta

from django.utils import timezone

from crm.models import Appointment
from tenants.models import Tenant

USUAL = timedelta(hours=1)
NAME = "appointment.ics"
TYPE = "text/calendar"


def file_of(appointment: Appointment, tenant: Tenant) -> bytes:
    """The file. The same appointment has the same identifier, so that a later file moves it."""
    from icalendar import Calendar, Event, vText  # noqa: PLC0415 -- few need it

    starts = appointment.starts_at.astimezone(UTC)
    is_off = appointment.status == Appointment.Status.CANCELLED
    event = Event()
    event.add("uid", f"{appointment.pk}@puente")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("last-modified", appointment.updated_at.astimezone(UTC))
    event.add("sequence", max(0, int((appointment.updated_at - appointment.created_at).total_seconds())))
    event.add("dtstart", starts)
    event.add("dtend", (appointment.ends_at or appointment.starts_at + USUAL).astimezone(UTC))
    event.add("summary", f"{appointment.service} – {tenant.name}")
    if place := appointment.place or tenant.address:
        event.add("location", vText(place))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Puente//Puente//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
