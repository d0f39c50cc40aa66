"""Cases: what a customer waits to see settled."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import timeline
from crm.actions.customers import tell
from crm.models import Case, Customer, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Refused


class InvalidCase(Refused):
    """A case without a subject, or of a kind there is not."""


@transaction.atomic
def open_case(
    *,
    customer: Customer,
    subject: str,
    by: Actor,
    kind: str = Case.Kind.COMPLAINT,
    context_id: UUID | None = None,
) -> Case:
    """Open a case. `context_id` is the conversation it came up in. Raises `InvalidCase`."""
    subject = one_line(subject, 200)
    if not subject:
        raise InvalidCase(_("Say in a few words what it is about."), "subject")
    if kind not in Case.Kind:
        raise InvalidCase(_("There is no such kind of case."), "kind")
    case = Case.objects.create(
        customer=customer,
        kind=kind,
        subject=subject,
        context_id=context_id,
        opened_by=by.membership,
        opened_at=timezone.now(),
    )
    audit.record("case.opened", target=case, by=by, kind=kind)
    _tell(case, by, event="opened")
    return case


@transaction.atomic
def resolve_case(*, case: Case, by: Actor, resolution: str = "") -> Case:
    """Settle a case; one that is settled already stays as it is."""
    case = Case.objects.select_for_update(of=("self",)).select_related("customer").get(pk=case.pk)
    if case.resolved_at:
        return case
    case.resolved_at = timezone.now()
    case.resolution = one_line(resolution, 500)
    case.save(update_fields=["resolved_at", "resolution"])
    audit.record("case.resolved", target=case, by=by)
    _tell(case, by, event="resolved", resolution=case.resolution)
    return case


def _tell(case: Case, by: Actor, **data: str) -> None:
    timeline.record(
        customer=case.customer,
        kind=TimelineEntry.Kind.CASE,
        happened_at=case.resolved_at or case.opened_at,
        object_id=case.id,
        context_id=case.context_id,
        actor_label=by.label,
        data={"kind": case.kind, "subject": case.subject, **data},
    )
    tell(case.customer_id)
