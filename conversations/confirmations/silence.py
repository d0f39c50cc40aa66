"""Who does not answer before his appointment is called by a person."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.confirmations.catalogue import COMING
from conversations.models import Confirmation
from crm.actions.follow_ups import open_follow_up
from crm.models import Appointment, FollowUp
from tenants import formats
from tenants.actors import Actor
from tenants.queries import own
from tenants.scoping import tenant_scope


def call_due(tenant_id: UUID | str) -> int:
    """Open a follow-up for everybody who was asked and stayed silent; returns how many.

    Harmless when run twice: there is one follow-up for each appointment.
    """
    with tenant_scope(tenant_id):
        due = Confirmation.objects.filter(call_at__lte=timezone.now())
        found = list(due.order_by("call_at").values_list("pk", flat=True)[:100])
    called = 0
    for pk in found:
        with tenant_scope(tenant_id):
            called += _call(pk, timezone.now())
    return called


def _call(pk: UUID, now: datetime) -> bool:
    silent = Confirmation.objects.select_for_update(skip_locked=True, of=("self",)).select_related("customer")
    one = silent.filter(pk=pk, call_at__isnull=False).first()
    if one is None:
        return False
    Confirmation.objects.filter(thing_id=one.thing_id, stamp=one.stamp).update(call_at=None)
    thing = Appointment.objects.filter(pk=one.thing_id, status__in=COMING, starts_at__gt=now).first()
    answered = Confirmation.objects.filter(thing_id=one.thing_id, stamp=one.stamp).exclude(answer="")
    if thing is None or thing.status == Appointment.Status.CONFIRMED or answered.exists():
        return False
    tenant = own()
    with translation.override(tenant.language), formats.written_in(tenant.country):
        starts = thing.starts_at.astimezone(tenant.zone)
        title = _("Call: does %(name)s come on %(day)s at %(hour)s?") % {
            "name": one.customer.name, "day": formats.week_date(starts.date(), False),
            "hour": formats.clock(starts),
        }  # fmt: skip
    open_follow_up(
        customer=one.customer,
        title=title,
        due_at=now,
        by=Actor.system(),
        reason=FollowUp.Reason.OTHER,
        source_id=thing.pk,
        context_id=one.message.conversation_id if one.message else None,
    )
    return True
