"""Free times: who takes appointments and when, and moving an appointment to one of them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.confirmations import slots
from conversations.confirmations.catalogue import COMING
from conversations.models import Agenda, SlotPolicy
from crm.actions.appointments import record_appointment
from crm.models import Appointment
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Conflicting, Refused

MOST = 50
POLICY = ("is_on", "minutes", "notice_hours", "ahead_days")
AGENDA = ("name", "capacity", "weekdays", "opens", "closes", "calendar_url")


class NoLonger(Conflicting):
    """The appointment began, was cancelled, or is no more."""


class SlotTaken(Conflicting):
    """The time is not free, or not any more."""


class InvalidAgenda(Refused):
    """Somebody who cannot take appointments so. `field` says where."""


@transaction.atomic
def move_to_slot(*, appointment: Appointment, starts_at: datetime, by: Actor) -> Appointment:
    """Move an appointment to a free time. Raises `SlotTaken`, `NoLonger`.

    The agendas are locked until the end of the transaction: of two who choose the same time at once, the
    second finds it taken.
    """
    held = Appointment.objects.select_for_update(of=("self",)).filter(pk=appointment.pk).first()
    list(Agenda.objects.select_for_update().order_by("pk").values_list("pk"))
    if held is None or held.status not in COMING or held.starts_at <= timezone.now():
        raise NoLonger(_("This appointment cannot be changed here any more. Write to us."))
    if held.starts_at == starts_at:
        return held  # type: ignore[no-any-return]
    found = slots.free(held, near=starts_at, most=None)
    slot = next((one for one in found if one.starts_at == starts_at), None)
    if slot is None:
        raise SlotTaken(_("Somebody else has just taken this time. Choose another one."))
    moved = record_appointment(
        external_id=held.external_id,
        source=held.source,
        starts_at=starts_at,
        ends_at=starts_at + (held.ends_at - held.starts_at) if held.ends_at else None,
        staff=slot.agenda.name if slot.agenda.name and not held.staff else None,
        by=by,
    )
    return moved.row


@transaction.atomic
def save_slot_policy(*, by: Actor, **changes: Any) -> SlotPolicy:
    """Change what is given, once a form has checked it. With the switch, somebody takes appointments."""
    kept: SlotPolicy = SlotPolicy.objects.select_for_update().first() or SlotPolicy.objects.get_or_create()[0]
    before = {name: getattr(kept, name) for name in changes}
    for name, value in changes.items():
        setattr(kept, name, value)
    kept.save(update_fields=[*changes, "updated_at"])
    if kept.is_on and not Agenda.objects.exists():
        Agenda.objects.create()
    changed = {name: [old, changes[name]] for name, old in before.items() if old != changes[name]}
    if changed:
        audit.record("slot_policy.changed", target=kept, by=by, changes=changed)
    return kept


@transaction.atomic
def save_agenda(*, by: Actor, agenda: Agenda | None = None, **given: Any) -> Agenda:
    """Somebody new who takes appointments, or what is given of one changed, once a form has checked it.

    `calendar_url` is read by a worker at once. Raises `InvalidAgenda`.
    """
    if agenda is None and Agenda.objects.count() >= MOST:
        raise InvalidAgenda(_("At most %(most)s can take appointments.") % {"most": MOST})
    kept = Agenda.objects.select_for_update().get(pk=agenda.pk) if agenda else Agenda()
    url = given.pop("calendar_url", None)
    for name, value in given.items():
        setattr(kept, name, value)
    is_new_calendar = url is not None and url != kept.calendar_url
    if is_new_calendar:
        kept.secrets = {"calendar": url} if url else {}
        kept.due_at, kept.read_at, kept.problem = timezone.now() if url else None, None, ""
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise InvalidAgenda(_("There is one with this name already."), "name") from None
    if is_new_calendar:
        kept.busy_times.all().delete()
        if url:
            bells.read_calendars()
    audit.record(f"agenda.{'changed' if agenda else 'created'}", target=kept, by=by, name=kept.name)
    return kept


@transaction.atomic
def delete_agenda(*, agenda: Agenda, by: Actor) -> None:
    """It takes no more appointments; those it has stay."""
    audit.record("agenda.deleted", target=agenda, by=by, name=agenda.name)
    agenda.delete()
