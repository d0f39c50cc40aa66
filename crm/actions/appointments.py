"""Appointments as a booking system tells them, or a colleague writes them down."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions.records import Recorded, Reports, Whose
from crm.models import Appointment, Customer, TimelineEntry
from tenants.actors import Actor
from tenants.refusals import Refused


class InvalidAppointment(Refused):
    """An appointment that does not say what for or when, or ends before it begins."""


@transaction.atomic
def record_appointment(
    *,
    external_id: str,
    by: Actor,
    source: str = "api",
    customer: Customer | None = None,
    identity: tuple[str, str] | None = None,
    customer_name: str = "",
    service: str | None = None,
    place: str | None = None,
    staff: str | None = None,
    status: str | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    note: str | None = None,
    changed_at: datetime | None = None,
    cleared: Collection[str] = (),
) -> Recorded[Appointment]:
    """Take a report about an appointment (crm/actions/records.py).

    Each new status, and each time it is moved, is a line of the history. Whose it is: `customer`, or
    `identity` (kind and text), which finds or makes him; `cleared` names what it no longer
    has. Raises `InvalidAppointment`, `CustomerMissing`, `OfAnotherCustomer`, `InvalidIdentity`.
    """
    given = {
        "service": service,
        "place": place,
        "staff": staff,
        "status": status,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "note": note,
    }
    whose = Whose(customer, identity, customer_name)
    return REPORTS.take(source, external_id, whose, given, changed_at, by, cleared)


def _complete(_external_id: str, given: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    if not given.get("service"):
        raise InvalidAppointment(_("Say what the appointment is for."), "service")
    if "starts_at" not in given:
        raise InvalidAppointment(_("Say when the appointment begins."), "starts_at")
    return {}


def _check(appointment: Appointment) -> None:
    if appointment.ends_at and appointment.ends_at < appointment.starts_at:
        raise InvalidAppointment(_("It ends before it begins: give both moments."), "ends_at")


def _shown(appointment: Appointment) -> Mapping[str, Any]:
    return {
        "service": appointment.service,
        "status": appointment.status,
        "starts_at": appointment.starts_at.isoformat(),
        "place": appointment.place,
        "staff": appointment.staff,
    }


REPORTS = Reports(
    model=Appointment,
    kind=TimelineEntry.Kind.APPOINTMENT,
    told=("status", "starts_at"),
    shown=_shown,
    complete=_complete,
    check=_check,
)
